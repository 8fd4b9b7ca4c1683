/* GET /api/dashboard: work done and left, and the models against people.
 *
 * What is left is counted in tallies and always true. The other figures need a pass over decisions
 * or labels, a second in a store of a million comments; they are kept for twenty times as long as
 * they took to make, so that however many dashboards are open, they cost a twentieth of a worker.
 */
#include "serve/dashboard.h"
#include "serve/handlers.h"
#include "serve/json.h"
#include "serve/params.h"

#include "review/review.h"

#include <stdlib.h>
#include <time.h>

enum { HOURS_SHOWN = 48, PAGES_SHOWN = 20, KEPT_FOR = 20, KEPT_MOST = 60 };

void dashboard_init(struct dashboard *dashboard)
{
    *dashboard = (struct dashboard){0};
    pthread_mutex_init(&dashboard->mutex, NULL);
}

void dashboard_release(struct dashboard *dashboard)
{
    pthread_mutex_destroy(&dashboard->mutex);
    retort_buffer_release(&dashboard->members);
}

static void begin_row(struct retort_buffer *out, size_t row)
{
    retort_buffer_text(out, row > 0 ? ",{" : "{");
}

/* ---- people's work ---- */

/* The hour with which the last HOURS_SHOWN begin, as decisions write theirs. */
static void first_hour(char hour[32])
{
    time_t then = time(NULL) - (HOURS_SHOWN - 1) * 3600;
    struct tm utc;
    gmtime_r(&then, &utc);
    strftime(hour, 32, "%Y-%m-%dT%H", &utc);
}

static bool put_hours(struct retort_buffer *out, struct exchange *exchange,
                      struct retort_error *error)
{
    char since[32];
    struct retort_hour_figure *hours;
    size_t n_hours;
    first_hour(since);
    if (!retort_store_hours(exchange->worker->store, since, &exchange->arena, &hours, &n_hours,
                            error))
        return false;
    retort_json_key(out, "hours");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n_hours; i++) {
        begin_row(out, i);
        json_put_text(out, "hour", hours[i].hour);
        json_put_text(out, "reviewer", hours[i].reviewer);
        json_put_count(out, "decisions", hours[i].n);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    return true;
}

static bool put_reviewers(struct retort_buffer *out, struct exchange *exchange,
                          struct retort_error *error)
{
    struct retort_reviewer_figure *reviewers;
    size_t n_reviewers;
    if (!retort_store_reviewers(exchange->worker->store, &exchange->arena, &reviewers, &n_reviewers,
                                error))
        return false;
    retort_json_key(out, "reviewers");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n_reviewers; i++) {
        begin_row(out, i);
        json_put_text(out, "reviewer", reviewers[i].reviewer);
        json_put_count(out, "decisions", reviewers[i].n);
        json_put_count(out, "accepted", reviewers[i].accepted);
        json_put_count(out, "corrected", reviewers[i].corrected);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    return true;
}

/* ---- sources ---- */

/* The sets of a source taken apart: how many comments have a label. */
struct label_count {
    const char *task;
    struct retort_span name;
    uint64_t n;
};
struct label_counts {
    struct label_count *all;
    size_t n_counts, capacity;
};

static void count_label(struct label_counts *counts, const char *task, struct retort_span name,
                        uint64_t n)
{
    for (size_t i = 0; i < counts->n_counts; i++)
        if (strcmp(counts->all[i].task, task) == 0 &&
            retort_span_equal(counts->all[i].name, name)) {
            counts->all[i].n += n;
            return;
        }
    if (counts->n_counts == counts->capacity) {
        counts->capacity = counts->capacity ? 2 * counts->capacity : 32;
        counts->all = retort_grow(counts->all, counts->capacity, sizeof *counts->all);
    }
    counts->all[counts->n_counts++] = (struct label_count){task, name, n};
}

static void count_set(struct label_counts *counts, const struct retort_set_figure *set,
                      struct retort_arena *arena)
{
    struct retort_error ignored;
    struct retort_span name;
    struct retort_json *names = retort_json_parse(set->label, &ignored);
    for (size_t i = 0; i < retort_json_length(names); i++)
        if (retort_json_text(retort_json_at(names, i), &name))
            count_label(counts, set->model->task, retort_arena_copy(arena, name), set->n);
    retort_json_free(names);
}

static void put_source(struct retort_buffer *out, const struct retort_source_figure *source,
                       struct retort_arena *arena)
{
    struct label_counts counts = {0};
    for (size_t i = 0; i < source->n_sets; i++)
        count_set(&counts, &source->sets[i], arena);
    json_put_page(out, source->id, source->source);
    json_put_count(out, "comments", source->comments);
    json_put_count(out, "waiting", source->waiting);
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < counts.n_counts; i++) {
        begin_row(out, i);
        json_put_text(out, "task", retort_span_of(counts.all[i].task));
        json_put_text(out, "name", counts.all[i].name);
        json_put_count(out, "comments", counts.all[i].n);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    free(counts.all);
}

static bool put_sources(struct retort_buffer *out, struct exchange *exchange,
                        struct retort_error *error)
{
    struct retort_source_figure *sources;
    size_t n_sources;
    if (!retort_store_sources(exchange->worker->store, PAGES_SHOWN, &exchange->arena, &sources,
                              &n_sources, error))
        return false;
    retort_json_key(out, "pages");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n_sources; i++) {
        begin_row(out, i);
        put_source(out, &sources[i], &exchange->arena);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    return true;
}

/* ---- the models against people ---- */

static void put_share(struct retort_buffer *out, const char *key, const struct retort_share *share)
{
    retort_json_key(out, key);
    if (!(share->value >= 0)) { /* NaN: there was nothing to divide by */
        retort_buffer_text(out, "null");
        return;
    }
    retort_buffer_byte(out, '{');
    json_put_number(out, "value", share->value);
    json_put_number(out, "low", share->low);
    json_put_number(out, "high", share->high);
    retort_buffer_byte(out, '}');
}

static void put_quality(struct retort_buffer *out, const struct retort_quality *quality)
{
    json_put_text(out, "task", quality->task);
    json_put_text(out, "label", quality->label);
    json_put_text(out, "sample", retort_span_of(quality->random ? "random" : "worked"));
    json_put_count(out, "judged", quality->judged);
    json_put_count(out, "model", quality->model);
    json_put_count(out, "human", quality->human);
    json_put_count(out, "both", quality->both);
    put_share(out, "precision", &quality->precision);
    put_share(out, "recall", &quality->recall);
}

static void put_agreement(struct retort_buffer *out, const struct retort_task_agreement *row)
{
    const struct retort_agreement *agreement = &row->agreement;
    json_put_text(out, "task", row->task);
    json_put_count(out, "items", agreement->n_items);
    retort_json_key(out, "kappa");
    if (agreement->n_pairs)
        retort_buffer_number(out, agreement->kappa);
    else
        retort_buffer_text(out, "null");
}

static bool put_statistics(struct retort_buffer *out, struct exchange *exchange,
                           struct retort_error *error)
{
    struct retort_statistics statistics = {0};
    if (!retort_review_statistics(exchange->worker->store, &exchange->arena, &statistics, error))
        return false;
    retort_json_key(out, "quality");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < statistics.n_quality; i++) {
        begin_row(out, i);
        put_quality(out, &statistics.quality[i]);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    retort_json_key(out, "agreement");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < statistics.n_tasks; i++) {
        begin_row(out, i);
        put_agreement(out, &statistics.agreement[i]);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    return true;
}

/* ---- kept for a while ---- */

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool make(struct exchange *exchange, struct retort_buffer *members,
                 struct retort_error *error)
{
    return put_hours(members, exchange, error) && put_reviewers(members, exchange, error) &&
           put_sources(members, exchange, error) && put_statistics(members, exchange, error);
}

/* Appends what is kept, if it is fresh, or if it is being made anew; else the caller makes it. */
static bool put_kept(struct dashboard *dashboard, struct retort_buffer *out)
{
    pthread_mutex_lock(&dashboard->mutex);
    double lasts = KEPT_FOR * dashboard->took;
    bool fresh = seconds() - dashboard->made < (lasts < KEPT_MOST ? lasts : KEPT_MOST);
    bool kept = dashboard->members.len && (fresh || dashboard->making);
    if (kept)
        retort_buffer_put(out, retort_buffer_span(&dashboard->members));
    else
        dashboard->making = true;
    pthread_mutex_unlock(&dashboard->mutex);
    return kept;
}

static void keep(struct dashboard *dashboard, const struct retort_buffer *members, double began,
                 bool made)
{
    pthread_mutex_lock(&dashboard->mutex);
    dashboard->making = false;
    if (made) {
        retort_buffer_clear(&dashboard->members);
        retort_buffer_put(&dashboard->members, retort_buffer_span(members));
        dashboard->made = seconds();
        dashboard->took = dashboard->made - began;
    }
    pthread_mutex_unlock(&dashboard->mutex);
}

static bool put_figures(struct exchange *exchange, struct retort_error *error)
{
    struct dashboard *dashboard = &exchange->server->dashboard;
    struct retort_buffer members = {0};
    retort_buffer_byte(&exchange->out, ',');
    if (put_kept(dashboard, &exchange->out))
        return true;
    double began = seconds();
    retort_buffer_byte(&members, '{'); /* what follows is the first member */
    bool made = make(exchange, &members, error);
    struct retort_buffer inner = {members.data + 1, members.len - 1, 0};
    keep(dashboard, &inner, began, made);
    if (made)
        retort_buffer_put(&exchange->out, retort_buffer_span(&inner));
    retort_buffer_release(&members);
    return made;
}

void handle_dashboard(struct exchange *exchange)
{
    static const char *const NONE[] = {NULL};
    struct retort_buffer *out = &exchange->out;
    struct retort_tallies tallies;
    struct retort_error error;
    if (!params_only(exchange, NONE))
        return;
    if (!retort_store_tallies(exchange->worker->store, &exchange->arena, &tallies, &error)) {
        exchange_fail_error(exchange, &error);
        return;
    }
    retort_buffer_byte(out, '{');
    json_put_count(out, "waiting", tallies.waiting);
    json_put_count(out, "decided", tallies.decided);
    json_put_count(out, "comments", tallies.comments);
    if (put_figures(exchange, &error))
        retort_buffer_text(out, "}\n");
    else
        exchange_fail_error(exchange, &error);
}
