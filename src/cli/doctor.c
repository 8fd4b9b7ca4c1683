/* retort doctor: what is installed, which models are found and whether they are whole, and how a
 * review file is. Every finding is a line; the exit code is that of the worst one. */
#include "archive/archive.h"
#include "cli/cli.h"
#include "platform/platform.h"
#include "review/review.h"
#include "serve/serve.h"
#include "thread/thread.h"
#include "train/train.h"

#include <string.h>
#include <unistd.h>

struct check_up {
    const struct cli_arguments *arguments;
    struct retort_buffer out;
    bool colour;
    int code;
};

/* "ok   name   text" or, in red, "BAD  name   text". */
static void put_finding(struct check_up *doctor, bool good, const char *name, const char *text)
{
    struct retort_buffer *out = &doctor->out;
    retort_buffer_format(out, "%s%s%s  ", cli_style(doctor->colour, good ? CLI_GREEN : CLI_RED),
                         good ? "ok " : "BAD", cli_style(doctor->colour, CLI_PLAIN));
    cli_excerpt(out, retort_span_of(name), 12, true);
    retort_buffer_byte(out, ' ');
    cli_excerpt(out, retort_span_of(text), 4000, false);
    retort_buffer_byte(out, '\n');
}

static void put_error(struct check_up *doctor, const char *name, const struct retort_error *error)
{
    put_finding(doctor, false, name, error->message);
    doctor->code = (int)error->failure;
}

static void put_format(struct check_up *doctor, bool good, const char *name, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

static void put_format(struct check_up *doctor, bool good, const char *name, const char *format,
                       ...)
{
    char text[1024];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    put_finding(doctor, good, name, text);
}

/* ---- models -----------------------------------------------------------------------------------
 */

static void check_model(struct check_up *doctor, const struct retort_model *model)
{
    const char *hash = retort_model_hash(model);
    struct retort_buffer labels = {0};
    for (size_t i = 0; i < retort_model_n_labels(model); i++)
        retort_buffer_format(&labels, "%s%s", i ? " " : "", retort_model_label(model, i)->name);
    put_format(doctor, true, retort_model_task(model), "%.12s…  %u features  %.*s", hash,
               retort_model_dictionary(model)->n_features, (int)labels.len,
               (const char *)labels.data);
    retort_buffer_release(&labels);
}

static void check_models(struct check_up *doctor)
{
    struct retort_error error = {0};
    struct retort_buffer path = {0};
    struct retort_models models = {0};
    struct retort_cutter *cutter = NULL;
    if (!cli_models_directory(doctor->arguments, &path, &error)) {
        put_error(doctor, "models", &error);
        retort_buffer_release(&path);
        return;
    }
    put_finding(doctor, true, "models", (const char *)path.data);
    if (retort_models_open(&models, (const char *)path.data, &error)) {
        for (size_t i = 0; i < models.n_models; i++)
            check_model(doctor, models.models[i]);
    } else {
        put_error(doctor, "models", &error);
    }
    if (cli_open_cutter(doctor->arguments, &cutter, &error))
        put_format(doctor, true, "splitter", "%.12s…", retort_cutter_hash(cutter));
    else
        put_error(doctor, "splitter", &error);
    retort_cutter_close(cutter);
    retort_models_close(&models);
    retort_buffer_release(&path);
}

/* ---- the review file --------------------------------------------------------------------------
 */

static void put_agreement(struct check_up *doctor, struct retort_store *store)
{
    struct retort_error error = {0};
    const struct retort_stored_model *models;
    size_t n_models;
    if (!retort_store_models(store, &models, &n_models, &error))
        return;
    for (size_t i = 0; i < n_models; i++) {
        struct retort_agreement agreement;
        bool repeated = false;
        for (size_t j = 0; j < i; j++)
            repeated |= strcmp(models[j].task, models[i].task) == 0;
        if (!repeated && retort_review_agreement(store, models[i].task, &agreement, &error) &&
            agreement.n_items)
            put_format(doctor, true, "agreement", "%s: kappa %.2f (%.0f%% the same) over %zu items",
                       models[i].task, agreement.kappa, 100 * agreement.observed,
                       agreement.n_items);
    }
}

static void put_health(struct check_up *doctor, const char *db,
                       const struct retort_store_health *health)
{
    bool sound = strcmp(health->integrity, "ok") == 0;
    put_format(doctor, true, "database", "%s: schema %d, %.1f MB, %s%s", db, health->schema,
               (double)health->n_bytes / 1e6, health->wal ? "write-ahead log" : "rollback journal",
               health->immutable ? ", read as a snapshot" : "");
    put_finding(doctor, sound, "integrity", health->integrity);
    put_format(doctor, health->n_broken_links == 0, "links", "%llu broken",
               (unsigned long long)health->n_broken_links);
    put_format(doctor, true, "holds",
               "%llu pages, %llu comments (%llu current), %llu labels by %llu models, "
               "%llu decisions, %llu undone",
               (unsigned long long)health->n_pages, (unsigned long long)health->n_comments,
               (unsigned long long)health->n_current, (unsigned long long)health->n_labels,
               (unsigned long long)health->n_models, (unsigned long long)health->n_decisions,
               (unsigned long long)health->n_undone);
    if (!sound || health->n_broken_links)
        doctor->code = RETORT_REFUSED;
}

struct forgotten_count {
    unsigned long long n, open;
};

static bool count_forgotten(void *context, const struct retort_forgotten *forgotten,
                            struct retort_error *error)
{
    struct forgotten_count *count = context;
    (void)error;
    count->n++;
    count->open += forgotten->open;
    return true;
}

/* What was to be forgotten may still stand in the file's bytes. */
static void put_forgotten(struct check_up *doctor, struct retort_store *store, const char *db)
{
    struct forgotten_count count = {0};
    struct retort_error error = {0};
    if (!retort_store_each_forgotten(store, count_forgotten, &count, &error)) {
        put_error(doctor, "forgotten", &error);
        return;
    }
    if (count.open)
        put_format(doctor, false, "forgotten",
                   "%llu of %llu not overwritten yet; run `retort forget -d %s`", count.open,
                   count.n, db);
    else if (count.n)
        put_format(doctor, true, "forgotten", "%llu times, nothing of it is left", count.n);
    if (count.open)
        doctor->code = RETORT_REFUSED;
}

static void check_database(struct check_up *doctor, const char *db)
{
    struct retort_error error = {0};
    struct retort_store *store;
    struct retort_store_health health;
    if (!retort_store_open(&store, db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS, &error)) {
        put_error(doctor, "database", &error);
        return;
    }
    if (retort_store_check(store, &health, &error)) {
        put_health(doctor, db, &health);
        put_agreement(doctor, store);
        put_forgotten(doctor, store, db);
    } else {
        put_error(doctor, "database", &error);
    }
    retort_store_close(store);
}

/* The libraries that texts go through, asked for their versions. */
static void put_libraries(struct check_up *doctor)
{
    struct retort_buffer names = {0};
    retort_features_libraries(&names);
    retort_buffer_text(&names, ", ");
    retort_base_libraries(&names);
    retort_buffer_text(&names, ", ");
    retort_archive_libraries(&names);
    retort_buffer_text(&names, ", ");
    retort_platform_libraries(&names);
    retort_buffer_text(&names, ", ");
    retort_serve_libraries(&names);
    retort_buffer_byte(&names, 0);
    put_finding(doctor, true, "libraries", (const char *)names.data);
    retort_buffer_release(&names);
}

int cli_doctor(const struct cli_arguments *arguments)
{
    struct retort_error error = {0};
    struct check_up doctor = {.arguments = arguments, .colour = cli_has_colour(stdout)};
    const char *db = cli_value(arguments, "db");
    put_finding(&doctor, true, "retort", RETORT_VERSION);
    put_finding(&doctor, true, "solvers", retort_solver_versions());
    put_finding(&doctor, true, "SQLite", retort_store_library());
    put_libraries(&doctor);
    check_models(&doctor);
    if (db || access(CLI_DEFAULT_DB, F_OK) == 0)
        check_database(&doctor, db ? db : CLI_DEFAULT_DB);
    bool put = cli_flush(&doctor.out, stdout, &error);
    retort_buffer_release(&doctor.out);
    return put ? doctor.code : cli_fail(arguments, &error);
}
