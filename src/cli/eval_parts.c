/* retort eval --by: how often a model is right on each part of the lines, for tests of behaviour
 * whose parts are what is tested (Röttger et al. 2021, HateCheck). */
#include "cli/eval.h"

#include <math.h>

/* The value for a person: a string without its quotes. */
static struct retort_span shown(struct retort_span value, struct retort_arena *arena)
{
    if (value.len == 0)
        return RETORT_SPAN("(missing)");
    return value.data[0] == '"' ? retort_json_unquote(value, arena) : value;
}

/* Labels that hold and were asked for: of a part that is to be found it is all, of one that is to
 * be left alone nothing. */
static size_t count_yes(const struct retort_figures *figures, size_t n_labels)
{
    size_t n = 0;
    for (size_t l = 0; l < n_labels; l++)
        n += figures->labels[l].n_yes;
    return n;
}

static double mean_right(const struct retort_subset *parts, size_t n_parts)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < n_parts; i++) {
        if (isnan(parts[i].figures.right_share))
            continue;
        sum += parts[i].figures.right_share;
        n++;
    }
    return n ? sum / (double)n : (double)NAN;
}

static void put_cell(struct retort_buffer *out, double share)
{
    if (isnan(share))
        retort_buffer_text(out, "         –");
    else
        retort_buffer_format(out, " %8.1f%%", 100 * share);
}

void eval_put_parts(struct retort_buffer *out, const char *by, const struct retort_subset *parts,
                    size_t n_parts, size_t n_labels)
{
    struct retort_arena arena = {0};
    retort_buffer_byte(out, '\n');
    cli_excerpt(out, retort_span_of(by), 30, true);
    retort_buffer_text(out, "   asked     yes     right      sure  of these wrong\n");
    for (size_t i = 0; i < n_parts; i++) {
        const struct retort_figures *figures = &parts[i].figures;
        cli_excerpt(out, shown(parts[i].value, &arena), 30, true);
        retort_buffer_format(out, " %7zu %7zu", figures->n_decisions, count_yes(figures, n_labels));
        put_cell(out, figures->right_share);
        put_cell(out, figures->sure_share);
        retort_buffer_text(out, "      ");
        put_cell(out, figures->sure_error);
        retort_buffer_byte(out, '\n');
    }
    retort_buffer_format(out, "%-30s                 ", "mean of the parts");
    put_cell(out, mean_right(parts, n_parts));
    retort_buffer_byte(out, '\n');
    retort_arena_release(&arena);
}

static void put_share(struct retort_buffer *out, const char *key, double share)
{
    retort_json_key(out, key);
    retort_buffer_fixed(out, share, 4);
}

void eval_put_parts_json(struct retort_buffer *out, const char *by,
                         const struct retort_subset *parts, size_t n_parts, size_t n_labels)
{
    retort_json_key(out, "by");
    retort_json_put(out, retort_span_of(by));
    put_share(out, "mean_right", mean_right(parts, n_parts));
    retort_json_key(out, "parts");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n_parts; i++) {
        const struct retort_figures *figures = &parts[i].figures;
        retort_buffer_text(out, i ? ",{" : "{");
        retort_json_key(out, "value");
        if (parts[i].value.len)
            retort_buffer_put(out, parts[i].value);
        else
            retort_buffer_text(out, "null");
        retort_json_key(out, "asked");
        retort_buffer_format(out, "%zu", figures->n_decisions);
        retort_json_key(out, "yes");
        retort_buffer_format(out, "%zu", count_yes(figures, n_labels));
        put_share(out, "right", figures->right_share);
        put_share(out, "sure_share", figures->sure_share);
        put_share(out, "sure_error", figures->sure_error);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}
