/* retort sample: comments drawn for people to decide, each with its chance; and with --enough, how
 * much more has to be decided. */
#include "cli/sample.h"

#include <math.h>
#include <stdlib.h>

static const char *const DESIGNS[] = {"uniform", "stratified", "uncertainty", NULL};
static const char *const STRATA[] = {"page", "label", NULL};
static const char *const ALLOCATIONS[] = {"proportional", "root", "equal", NULL};

/* ---- the request ---- */

static bool is_named_before(const struct retort_stored_model *models, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(models[i].task, models[at].task) == 0)
            return true;
    return false;
}

/* Names what there is to choose from, each task once though it has had several models. */
static bool fail_between(const struct retort_stored_model *models, size_t n,
                         struct retort_error *error)
{
    struct retort_buffer tasks = {0};
    for (size_t i = 0; i < n; i++)
        if (!is_named_before(models, i))
            retort_buffer_format(&tasks, "%s%s", tasks.len ? ", " : "", models[i].task);
    retort_fail(error, RETORT_USAGE, "for which task? there are %.*s; say so by --task",
                (int)tasks.len, (const char *)tasks.data);
    retort_buffer_release(&tasks);
    return false;
}

bool sample_task(const struct cli_arguments *arguments, struct retort_store *store,
                 const char **task, struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    *task = cli_value(arguments, "task");
    if (*task)
        return true;
    if (!retort_store_models(store, &models, &n_models, error))
        return false;
    for (size_t i = 0; i < n_models; i++)
        if (*task && strcmp(*task, models[i].task) != 0)
            return fail_between(models, n_models, error);
        else
            *task = models[i].task;
    return *task || retort_fail(error, RETORT_USAGE,
                                "no model has labelled here; begin with "
                                "retort label -d");
}

/* Unless it is said, the seed is the number that the draw will have. */
static bool find_seed(const struct cli_arguments *arguments, struct retort_store *store,
                      uint64_t *seed, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_stored_draw last;
    bool found = retort_store_sample(store, 0, NULL, &arena, &last, error);
    *seed = found ? (uint64_t)last.id + 1 : 0;
    retort_arena_release(&arena);
    return found && cli_count(arguments, "seed", seed, error);
}

/* What stands for nothing where the design has no strata is a slip of the pen. */
static bool check_strata(const struct cli_arguments *arguments,
                         const struct retort_sample_request *request, struct retort_error *error)
{
    bool said = cli_value(arguments, "by") || cli_value(arguments, "allocation");
    return !said || request->design == RETORT_STRATIFIED ||
           retort_fail(error, RETORT_USAGE, "--by and --allocation go with --design stratified");
}

static bool read_request(const struct cli_arguments *arguments, struct retort_store *store,
                         struct retort_sample_request *request, struct retort_error *error)
{
    const char *by = cli_value(arguments, "by");
    size_t design = by ? RETORT_STRATIFIED : RETORT_UNIFORM, strata = RETORT_STRATA_OF_LABELS;
    size_t allocation = RETORT_ROOT;
    const char *user = getenv("USER");
    *request = (struct retort_sample_request){
        .where = cli_value(arguments, "where"),
        .reviewer = cli_value_or(arguments, "reviewer", user ? user : ""),
        .dry = cli_flag(arguments, "dry-run"),
    };
    if (!cli_choice(arguments, "design", DESIGNS, &design, error) ||
        !cli_choice(arguments, "by", STRATA, &strata, error) ||
        !cli_choice(arguments, "allocation", ALLOCATIONS, &allocation, error) ||
        !cli_count(arguments, "n", &request->n, error) ||
        !sample_task(arguments, store, &request->task, error) ||
        !find_seed(arguments, store, &request->seed, error))
        return false;
    request->design = (enum retort_design)design;
    request->by = (enum retort_stratify)strata;
    request->allocation = (enum retort_allocation)allocation;
    return check_strata(arguments, request, error);
}

/* ---- as JSON ---- */

static void put_json(const struct retort_sample_request *request,
                     const struct retort_sample *sample, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    retort_json_key(out, "draw");
    if (sample->draw)
        retort_buffer_format(out, "%lld", (long long)sample->draw);
    else
        retort_buffer_text(out, "null");
    cli_json_text(out, "task", retort_span_of(request->task));
    cli_json_text(out, "design", retort_span_of(retort_design_name(request->design)));
    cli_json_count(out, "seed", request->seed);
    cli_json_count(out, "population", sample->population);
    cli_json_count(out, "n", sample->n);
    cli_json_number(out, "least_chance", sample->least);
    cli_json_number(out, "most_chance", sample->most);
    retort_json_key(out, "strata");
    for (size_t h = 0; h < sample->n_told && request->design == RETORT_STRATIFIED; h++) {
        retort_buffer_text(out, h ? ",{" : "[{");
        cli_json_text(out, "name", sample->strata[h].name);
        cli_json_count(out, "waiting", sample->strata[h].size);
        cli_json_count(out, "drawn", sample->strata[h].drawn);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_text(out, request->design == RETORT_STRATIFIED && sample->n_told ? "]" : "[]");
    retort_buffer_text(out, "}\n");
}

/* ---- for a person ---- */

enum { NAME_COLUMNS = 40 };

/* Labels as people list them: their JSON without brackets and quotes. */
static void put_name(struct retort_buffer *out, struct retort_span name, bool is_labels)
{
    struct retort_buffer said = {0};
    for (size_t i = 0; i < name.len; i++)
        if (!is_labels || !strchr("[]\"", name.data[i]))
            retort_buffer_format(&said, is_labels && name.data[i] == ',' ? "%c " : "%c",
                                 name.data[i]);
    cli_excerpt(out, said.len ? retort_buffer_span(&said) : RETORT_SPAN("(none)"), NAME_COLUMNS,
                true);
    retort_buffer_release(&said);
}

static void put_strata(const struct retort_sample *sample, bool by_label, struct retort_buffer *out)
{
    bool colour = cli_has_colour(stdout);
    uint64_t size = 0, drawn = 0;
    retort_buffer_format(out, "%s  ", cli_style(colour, CLI_BOLD));
    cli_excerpt(out, RETORT_SPAN("stratum"), NAME_COLUMNS, true);
    retort_buffer_format(out, "   waiting    drawn%s\n", cli_style(colour, CLI_PLAIN));
    for (size_t h = 0; h < sample->n_strata; h++) {
        const struct retort_sample_stratum *stratum = &sample->strata[h];
        if (h >= sample->n_told) {
            size += stratum->size;
            drawn += stratum->drawn;
            continue;
        }
        retort_buffer_text(out, "  ");
        put_name(out, stratum->name, by_label);
        retort_buffer_format(out, "%10llu%9llu\n", (unsigned long long)stratum->size,
                             (unsigned long long)stratum->drawn);
    }
    if (sample->n_strata > sample->n_told)
        retort_buffer_format(out, "  and %zu more%*s%10llu%9llu\n",
                             sample->n_strata - sample->n_told, NAME_COLUMNS - 24, "",
                             (unsigned long long)size, (unsigned long long)drawn);
    if (!sample->whole)
        retort_buffer_text(out, "There are too many strata to draw two of each: the small ones are "
                                "met by chance.\n");
}

static void put_weights(const struct retort_sample *sample, struct retort_buffer *out)
{
    retort_buffer_text(out, "Each stands for ");
    retort_buffer_fixed(out, 1 / sample->most, 1);
    if (sample->most > sample->least * 1.0001) {
        retort_buffer_text(out, " to ");
        retort_buffer_fixed(out, 1 / sample->least, 1);
    }
    retort_buffer_text(out, " comments.");
}

static void put_told(const struct cli_arguments *arguments,
                     const struct retort_sample_request *request,
                     const struct retort_sample *sample, struct retort_buffer *out)
{
    if (sample->n == 0) {
        retort_buffer_format(out, "Nothing %swaits for %s; nothing was drawn.\n",
                             request->where ? "that fits " : "", request->task);
        return;
    }
    if (request->dry)
        retort_buffer_text(out, "Would draw ");
    else
        retort_buffer_format(out, "Sample %lld: ", (long long)sample->draw);
    retort_buffer_format(out, "%llu of %llu that wait for %s, %s, seed %llu.\n",
                         (unsigned long long)sample->n, (unsigned long long)sample->population,
                         request->task, retort_design_name(request->design),
                         (unsigned long long)request->seed);
    if (request->design == RETORT_STRATIFIED)
        put_strata(sample, request->by == RETORT_STRATA_OF_LABELS, out);
    put_weights(sample, out);
    if (!request->dry)
        retort_buffer_format(out,
                             " `retort review -d %s --sample %lld` serves them; on the page of "
                             "retort serve, /queue?draw=%lld does.",
                             cli_value_or(arguments, "db", CLI_DEFAULT_DB), (long long)sample->draw,
                             (long long)sample->draw);
    retort_buffer_byte(out, '\n');
}

/* ---- the command ---- */

static bool draw(const struct cli_arguments *arguments, struct retort_store *store,
                 struct retort_buffer *out, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_sample_request request;
    struct retort_sample sample;
    bool drawn = read_request(arguments, store, &request, error) &&
                 retort_review_sample(store, &request, &arena, &sample, error);
    if (drawn && cli_flag(arguments, "json"))
        put_json(&request, &sample, out);
    else if (drawn)
        put_told(arguments, &request, &sample, out);
    retort_arena_release(&arena);
    return drawn;
}

/* What goes with drawing only, and what with --enough only. */
static bool check_options(const struct cli_arguments *arguments, struct retort_error *error)
{
    static const char *const DRAWING[] = {"n",       "design",   "by",    "allocation", "seed",
                                          "dry-run", "reviewer", "where", NULL};
    static const char *const STOPPING[] = {"width", "find", NULL};
    bool stops = cli_flag(arguments, "enough");
    const char *const *others = stops ? DRAWING : STOPPING;
    for (size_t i = 0; others[i]; i++)
        if (cli_value(arguments, others[i]))
            return retort_fail(error, RETORT_USAGE, "--%s %s --enough", others[i],
                               stops ? "does not go with" : "goes with");
    return stops || cli_value(arguments, "n") ||
           retort_fail(error, RETORT_USAGE, "how many? say so by --n N, or ask by --enough");
}

int cli_sample(const struct cli_arguments *arguments)
{
    struct retort_error error = {0};
    struct retort_store *store = NULL;
    struct retort_buffer out = {0};
    bool stops = cli_flag(arguments, "enough"), reads = stops || cli_flag(arguments, "dry-run");
    bool done = check_options(arguments, &error) &&
                retort_store_open(&store, cli_value_or(arguments, "db", CLI_DEFAULT_DB),
                                  reads ? RETORT_STORE_READ : RETORT_STORE_EDIT,
                                  RETORT_STORE_BUSY_MS, &error) &&
                (stops ? sample_enough(arguments, store, &out, &error)
                       : draw(arguments, store, &out, &error)) &&
                cli_flush(&out, stdout, &error);
    retort_store_close(store);
    retort_buffer_release(&out);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
