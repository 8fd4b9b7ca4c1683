/* gatherer (private to report's gather*.c): columns while they are filled. */
#ifndef RETORT_REPORT_GATHERER_H
#define RETORT_REPORT_GATHERER_H

#include "report/gather.h"
#include "report/keys.h"

struct gatherer {
    struct retort_store *store;
    const struct retort_report_request *request;
    struct retort_arena *arena, *names; /* names: of groups, which the report shows */
    struct report_data *data;
    size_t capacity;    /* rows that the columns have room for */
    int64_t *parent_id; /* [n] comment ids, until parents are rows; freed then */
    uint32_t *page;     /* [n] from 1, where a thread is a page or an article; 0: by its root */
    uint32_t *source;   /* [n] what it came from */
    struct report_keys authors, pages, sources;
    struct retort_progress progress;
};

/* Visits comments by id, in chunks; a filter's times of writing are seen to. */
bool gather_each(struct retort_store *store, const struct retort_run_filter *filter,
                 bool (*visit)(void *context, const struct retort_stored_comment *comment,
                               struct retort_error *error),
                 void *context, struct retort_error *error);
/* Parents become rows, circles are cut; threads, depths and places. */
void gather_threads(struct gatherer *gatherer);
bool gather_labels(struct gatherer *gatherer, struct retort_error *error);
bool gather_groups(struct gatherer *gatherer, struct retort_error *error);

#endif
