/* retort sample --enough: how many decisions more until shares are known, or a label is found. */
#include "cli/sample.h"

#include <math.h>

/* ---- as JSON ---- */

static void put_search_json(const struct retort_enough *enough,
                            const struct retort_enough_label *label, struct retort_buffer *out)
{
    retort_json_key(out, "search");
    if (!enough->draw) {
        retort_buffer_text(out, "null");
        return;
    }
    retort_buffer_byte(out, '{');
    cli_json_count(out, "urn", enough->urn);
    cli_json_count(out, "drawn", enough->drawn);
    cli_json_count(out, "found_drawn", label->found_drawn);
    cli_json_number(out, "p", label->stop.p);
    cli_json_number(out, "p_always", label->stop.p_always);
    cli_json_flag(out, "enough", label->stop.enough);
    cli_json_count(out, "more", label->stop.more);
    retort_buffer_byte(out, '}');
}

static void put_label_json(const struct retort_enough *enough,
                           const struct retort_enough_label *label, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    retort_json_key(out, "label");
    retort_json_put(out, retort_span_of(label->label));
    cli_json_count(out, "found", label->found);
    cli_json_number(out, "share", label->share.value);
    cli_json_number(out, "low", label->share.low);
    cli_json_number(out, "high", label->share.high);
    if (enough->weighed)
        cli_json_count(out, "more", label->more);
    else
        cli_json_number(out, "more", (double)NAN);
    put_search_json(enough, label, out);
    retort_buffer_byte(out, '}');
}

static void put_json(const char *task, double width, const struct retort_enough *enough,
                     const char *find, struct retort_buffer *out)
{
    const char *between = "";
    retort_buffer_byte(out, '{');
    retort_json_key(out, "task");
    retort_json_put(out, retort_span_of(task));
    cli_json_number(out, "width", width);
    cli_json_count(out, "decided", enough->n_decided);
    cli_json_count(out, "drawn", enough->n_drawn);
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '[');
    for (size_t l = 0; l < enough->n_labels; l++) {
        if (find && strcmp(find, enough->labels[l].label) != 0)
            continue;
        retort_buffer_text(out, between);
        put_label_json(enough, &enough->labels[l], out);
        between = ",";
    }
    retort_buffer_text(out, "]}\n");
}

/* ---- for a person ---- */

enum { LABEL_COLUMNS = 18 };

static void put_percent(struct retort_buffer *out, double share)
{
    struct retort_buffer cell = {0};
    retort_buffer_fixed(&cell, 100 * share, 1);
    retort_buffer_format(out, "%7.*s %%", (int)cell.len, (const char *)cell.data);
    retort_buffer_release(&cell);
}

static void put_share(const struct retort_enough_label *label, struct retort_buffer *out)
{
    retort_buffer_text(out, "  ");
    cli_excerpt(out, retort_span_of(label->label), LABEL_COLUMNS, true);
    put_percent(out, label->share.value);
    put_percent(out, label->share.low);
    put_percent(out, label->share.high);
    if (label->more)
        retort_buffer_format(out, "%10llu more\n", (unsigned long long)label->more);
    else
        retort_buffer_text(out, "         enough\n");
}

static void put_shares(const char *task, double width, const struct retort_enough *enough,
                       struct retort_buffer *out)
{
    bool colour = cli_has_colour(stdout);
    retort_buffer_format(out, "%s: %llu comments decided, %llu of them drawn at random.\n", task,
                         (unsigned long long)enough->n_decided,
                         (unsigned long long)enough->n_drawn);
    if (!enough->weighed) {
        retort_buffer_format(out,
                             "Shares want at least %d that were drawn at random: retort sample "
                             "--task %s --n 200, then retort review --sample last.\n",
                             RETORT_LESSONS_ENOUGH_DRAWN, task);
        return;
    }
    retort_buffer_format(out, "%s  ", cli_style(colour, CLI_BOLD));
    cli_excerpt(out, RETORT_SPAN("label"), LABEL_COLUMNS, true);
    retort_buffer_text(out, "    share     from       to   decisions until narrower than ");
    retort_buffer_fixed(out, 100 * width, 1);
    retort_buffer_format(out, " %%%s\n", cli_style(colour, CLI_PLAIN));
    for (size_t l = 0; l < enough->n_labels; l++)
        put_share(&enough->labels[l], out);
}

static void put_p(struct retort_buffer *out, double p)
{
    if (p < 0.001)
        retort_buffer_text(out, "p < 0.001");
    else {
        retort_buffer_text(out, "p = ");
        retort_buffer_fixed(out, p, 3);
    }
}

static void put_verdict(const struct retort_enough *enough, const struct retort_enough_label *label,
                        struct retort_buffer *out)
{
    const struct retort_search_stop *stop = &label->stop;
    if (stop->enough) {
        retort_buffer_format(out, "At least 95 %% of %s is found (", label->label);
        put_p(out, stop->p_always);
        retort_buffer_text(out, ", however often it is asked).\n");
        return;
    }
    retort_buffer_text(out, "That 95 % is found, is not said yet (");
    put_p(out, stop->p_always);
    retort_buffer_format(out,
                         "): %llu more have to be drawn without one that says it, or more "
                         "than that.\n",
                         (unsigned long long)stop->more);
    if (stop->more > enough->open)
        retort_buffer_format(out,
                             "Sample %lld has still to serve %llu; draw %llu more, uniformly.\n",
                             (long long)enough->draw, (unsigned long long)enough->open,
                             (unsigned long long)(stop->more - enough->open));
}

static void put_search(const char *task, const struct retort_enough *enough,
                       const struct retort_enough_label *label, struct retort_buffer *out)
{
    retort_buffer_format(out, "%s: found in %llu comments.\n", label->label,
                         (unsigned long long)label->found);
    if (!enough->draw) {
        retort_buffer_format(out,
                             "Whether that is all, a uniform sample of the rest tells: work off "
                             "what the model ranks first, then retort sample --task %s --n 200.\n",
                             task);
        return;
    }
    retort_buffer_format(out,
                         "Of %llu that nobody had looked at, %llu were drawn since; %llu of these "
                         "say it.\n",
                         (unsigned long long)enough->urn, (unsigned long long)enough->drawn,
                         (unsigned long long)label->found_drawn);
    put_verdict(enough, label, out);
}

/* ---- the command ---- */

static bool read_width(const struct cli_arguments *arguments, double *width,
                       struct retort_error *error)
{
    const char *text = cli_value(arguments, "width");
    *width = 0.1;
    return !text || (retort_parse_number(text, width) && *width > 0 && *width <= 1) ||
           retort_fail(error, RETORT_USAGE,
                       "--width wants a share above 0, such as 0.05, not "
                       "\"%s\"",
                       text);
}

static bool find_label(const struct retort_enough *enough, const char *task, const char *find,
                       const struct retort_enough_label **label, struct retort_error *error)
{
    for (size_t l = 0; l < enough->n_labels; l++)
        if (strcmp(enough->labels[l].label, find) == 0)
            *label = &enough->labels[l];
    if (*label)
        return true;
    struct retort_buffer known = {0};
    for (size_t l = 0; l < enough->n_labels; l++)
        retort_buffer_format(&known, "%s%s", l ? ", " : "", enough->labels[l].label);
    retort_fail(error, RETORT_USAGE, "--find: %s has no label \"%s\", but %.*s", task, find,
                (int)known.len, (const char *)known.data);
    retort_buffer_release(&known);
    return false;
}

bool sample_enough(const struct cli_arguments *arguments, struct retort_store *store,
                   struct retort_buffer *out, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_enough enough;
    const struct retort_enough_label *label = NULL;
    const char *task, *find = cli_value(arguments, "find");
    double width;
    bool asked = read_width(arguments, &width, error) &&
                 sample_task(arguments, store, &task, error) &&
                 retort_review_enough(store, task, width, &arena, &enough, error) &&
                 (!find || find_label(&enough, task, find, &label, error));
    if (asked && cli_flag(arguments, "json"))
        put_json(task, width, &enough, find, out);
    else if (asked && find)
        put_search(task, &enough, label, out);
    else if (asked)
        put_shares(task, width, &enough, out);
    retort_arena_release(&arena);
    return asked;
}
