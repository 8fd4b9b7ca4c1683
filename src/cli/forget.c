/* retort forget: a person's comments removed, and the log of it told. */
#include "cli/cli.h"
#include "relabel/relabel.h"

#include <stdlib.h>

struct forgetting {
    const struct cli_arguments *arguments;
    const char *db;
    struct retort_store *store;
    struct retort_arena arena;
};

/* ---- telling ---- */

static unsigned long long count_of(const struct retort_json *counts, const char *name)
{
    double n = 0;
    retort_json_number(retort_json_get(counts, name), &n);
    return (unsigned long long)n;
}

/* The sum of a member over an array of objects. */
static unsigned long long sum_of(const struct retort_json *counts, const char *list,
                                 const char *name)
{
    unsigned long long sum = 0;
    const struct retort_json *rows = retort_json_get(counts, list);
    for (size_t i = 0; i < retort_json_length(rows); i++)
        sum += count_of(retort_json_at(rows, i), name);
    return sum;
}

static void put_count(struct retort_buffer *out, unsigned long long n, const char *one,
                      const char *many)
{
    retort_buffer_format(out, "%s%llu %s", out->len ? ", " : "", n, n == 1 ? one : many);
}

/* "3 comments, 6 labels, …". */
static void put_counts(struct retort_buffer *out, const struct retort_json *counts)
{
    put_count(out, count_of(counts, "comments"), "comment", "comments");
    put_count(out, sum_of(counts, "labels", "comments"), "label", "labels");
    put_count(out, sum_of(counts, "decisions", "n"), "decision", "decisions");
    put_count(out, count_of(counts, "selections"), "drawn item", "drawn items");
    put_count(out, count_of(counts, "pages"), "page overwritten in part",
              "pages overwritten in part");
    if (count_of(counts, "earlier_readings"))
        put_count(out, count_of(counts, "earlier_readings"), "earlier reading of the same lines",
                  "earlier readings of the same lines");
}

static void tell_what_stays(const struct retort_json *counts)
{
    unsigned long long replies = count_of(counts, "replies_left");
    unsigned long long named = count_of(counts, "named_by_others");
    if (replies)
        printf("%llu repl%s of others stay%s, without what %s\n", replies,
               replies == 1 ? "y" : "ies", replies == 1 ? "s" : "",
               replies == 1 ? "it answers" : "they answer");
    if (named)
        printf("%llu comment%s of others name%s them, and stay%s as %s\n", named,
               named == 1 ? "" : "s", named == 1 ? "s" : "", named == 1 ? "s" : "",
               named == 1 ? "it is" : "they are");
}

static void put_json(struct retort_buffer *out, const struct retort_forgotten *forgotten)
{
    retort_buffer_format(out, "{\"forgotten\":%lld,\"made\":", (long long)forgotten->id);
    retort_json_put(out, forgotten->made);
    retort_buffer_text(out, ",\"asked_by\":");
    retort_json_put(out, forgotten->asked_by);
    retort_buffer_text(out, ",\"counts\":");
    retort_buffer_put(out, forgotten->counts);
    retort_buffer_text(out, forgotten->open ? ",\"open\":true}\n" : "}\n");
}

static bool tell(const struct forgetting *run, const struct retort_forgotten *forgotten,
                 const char *what, struct retort_error *error)
{
    struct retort_buffer out = {0};
    struct retort_json *counts = retort_json_parse(forgotten->counts, error);
    if (!counts)
        return retort_fail_within(error, "%s: the log is damaged", run->db);
    if (cli_flag(run->arguments, "json"))
        put_json(&out, forgotten);
    else
        put_counts(&out, counts);
    if (!cli_flag(run->arguments, "json"))
        printf("%s: ", what);
    fwrite(out.data, 1, out.len, stdout);
    if (!cli_flag(run->arguments, "json")) {
        printf("\n");
        tell_what_stays(counts);
    }
    retort_json_free(counts);
    retort_buffer_release(&out);
    return true;
}

static bool tell_row(void *context, const struct retort_forgotten *forgotten,
                     struct retort_error *error)
{
    struct retort_buffer what = {0};
    retort_buffer_put(&what, forgotten->made);
    retort_buffer_text(&what, " for ");
    cli_excerpt(&what, forgotten->asked_by, 40, false);
    retort_buffer_byte(&what, 0);
    bool told = tell(context, forgotten, (const char *)what.data, error);
    retort_buffer_release(&what);
    return told;
}

/* ---- doing ---- */

static bool erase(const struct forgetting *run, struct retort_error *error)
{
    return retort_store_erase(run->store, cli_flag(run->arguments, "quiet"), error);
}

static bool forget(struct forgetting *run, struct retort_error *error)
{
    struct retort_forgotten forgotten;
    const char *user = getenv("USER");
    bool dry = cli_flag(run->arguments, "dry-run"); /* nobody need have asked */
    const struct retort_forget_request request = {
        .author = retort_span_of(cli_value(run->arguments, "author")),
        .asked_by = cli_value_or(run->arguments, "asked-by",
                                 user && *user ? user
                                 : dry         ? "nobody"
                                               : ""),
        .no_marks = cli_flag(run->arguments, "no-marks"),
        .dry = dry,
    };
    if (!*request.asked_by)
        return retort_fail(error, RETORT_USAGE, "who wants it? name them by --asked-by");
    if (!retort_relabel_forget(run->store, run->db, &request, &run->arena, &forgotten, error))
        return false;
    forgotten.open = false; /* in a moment */
    return tell(run, &forgotten, request.dry ? "would be forgotten" : "forgotten", error) &&
           (request.dry || erase(run, error));
}

static bool readmit(const struct forgetting *run, struct retort_error *error)
{
    bool was;
    if (!retort_store_readmit(run->store, retort_span_of(cli_value(run->arguments, "author")), &was,
                              error))
        return false;
    if (!was)
        return retort_fail(error, RETORT_INPUT, "%s: nobody of this name is kept out", run->db);
    puts("the next import may bring them back");
    return true;
}

/* What was cut off is brought to its end, and the log told. */
static bool resume(struct forgetting *run, struct retort_error *error)
{
    return erase(run, error) && retort_store_each_forgotten(run->store, tell_row, run, error);
}

static bool check_options(const struct cli_arguments *arguments, struct retort_error *error)
{
    static const char *const WANT_AUTHOR[] = {"asked-by", "dry-run", "no-marks", "readmit"};
    const char *author = cli_value(arguments, "author");
    for (size_t i = 0; !author && i < sizeof WANT_AUTHOR / sizeof *WANT_AUTHOR; i++)
        if (cli_value(arguments, WANT_AUTHOR[i]))
            return retort_fail(error, RETORT_USAGE, "--%s wants an --author", WANT_AUTHOR[i]);
    return !author || *author ||
           retort_fail(error, RETORT_USAGE, "--author is empty; name a person");
}

int cli_forget(const struct cli_arguments *arguments)
{
    struct retort_error error;
    struct forgetting run = {.arguments = arguments,
                             .db = cli_value_or(arguments, "db", CLI_DEFAULT_DB)};
    bool done =
        check_options(arguments, &error) &&
        retort_store_open(&run.store, run.db, RETORT_STORE_EDIT, RETORT_STORE_BUSY_MS, &error) &&
        (cli_flag(arguments, "readmit")   ? readmit(&run, &error)
         : cli_value(arguments, "author") ? forget(&run, &error)
                                          : resume(&run, &error));
    retort_store_close(run.store);
    retort_arena_release(&run.arena);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
