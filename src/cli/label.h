/* label (private to cli): one run of `retort label`, and the hands it is made of. */
#ifndef RETORT_CLI_LABEL_H
#define RETORT_CLI_LABEL_H

#include "cli/intake.h"
#include "store/store.h"

struct label_forms; /* what JSON says of labels, but for the numbers: opaque */

struct labelling {
    const struct cli_arguments *arguments;
    struct retort_models models;
    struct retort_labeller labeller;
    struct retort_store *store; /* NULL: nothing is stored */
    struct retort_judge judge;  /* with them, and --target */
    const char *source;         /* of what is being read: a file as given, or a record's URL */
    bool json, for_import, explain, quiet;
    size_t n_threads;
    struct label_forms *forms;
    bool saw_bad_line;        /* in any file: the exit code remembers */
    size_t n_unsure, n_parts; /* labels and documents of archives: said once, at the end */
    struct retort_buffer out; /* what goes to standard output next */
};

/* Who writes what, in one thread. */
struct label_pen {
    const struct labelling *run;
    struct retort_labeller *labeller;
    struct retort_buffer *out;
};
static inline struct label_pen label_main_pen(struct labelling *run)
{
    return (struct label_pen){run, &run->labeller, &run->out};
}

struct label_forms *label_forms_open(const struct retort_models *models);
void label_forms_close(struct label_forms *forms); /* NULL is fine */

/* "labels":{…} and, with --explain, "explain":{…}, as members of the object being written. */
void label_put_json(const struct label_pen *pen, const struct retort_item *item,
                    const struct retort_verdict *verdicts, struct retort_arena *arena);

/* One page or thread: labelled, stored, printed. */
bool label_page(struct labelling *run, const struct retort_intake_thread *page,
                struct retort_error *error);
/* What a person may do next, after the last of an archive's documents. */
bool label_page_end(struct labelling *run, struct retort_error *error);
/* JSON lines as a filter; the file is read to its end. */
bool label_lines(struct labelling *run, struct retort_archive *file, struct retort_error *error);

/* The triage table of a page's comments. */
struct label_row {
    size_t number, parent; /* 1-based; parent 0: the article */
    struct retort_item item;
    struct retort_span author;
    const struct retort_verdict *verdicts;
};
void label_put_table(const struct label_pen *pen, const struct label_row *rows, size_t n_rows);
/* The same, a row at a time: the first call (first) puts the head. With --explain, under each row a
 * line a label that it shows: the words that decided. */
void label_put_row(const struct label_pen *pen, const struct label_row *row, bool first);

#endif
