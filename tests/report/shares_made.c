#include "report/shares_made.h"

#include <check.h>

void made_shares_begin(struct made_shares *made, size_t n, size_t n_labels, bool one_of)
{
    memset(made, 0, sizeof *made);
    struct retort_arena *arena = &made->arena;
    made->report.seed = 1;
    made->report.n_resamples = 400;
    made->data = (struct report_data){.n = n,
                                      .thread = RETORT_NEW(arena, uint32_t, n),
                                      .group = RETORT_NEW(arena, uint32_t, n),
                                      .n_threads = 1,
                                      .n_groups = 1,
                                      .tasks = &made->task,
                                      .n_tasks = 1};
    made->task = (struct report_task){.one_of = one_of,
                                      .n_labels = n_labels,
                                      .p = RETORT_NEW(arena, float, n *n_labels),
                                      .said = RETORT_NEW(arena, uint32_t, n),
                                      .unsure = RETORT_NEW(arena, uint8_t, n),
                                      .n_labelled = n};
    made->work =
        (struct report_work){NULL, &made->request, &made->report, &made->data, &made->arena};
}

void made_shares_end(struct made_shares *made)
{
    retort_buffer_release(&made->card);
    retort_arena_release(&made->report.arena);
    retort_arena_release(&made->arena);
}

void made_shares_say(struct made_shares *made, size_t row, size_t label, float p)
{
    size_t n_labels = made->task.n_labels;
    float *own = made->task.p + row * n_labels;
    for (size_t l = 0; made->task.one_of && l < n_labels; l++)
        own[l] = (1 - p) / (float)(n_labels - 1);
    own[label] = p;
    if (made->task.one_of || p >= .5f)
        made->task.said[row] |= UINT32_C(1) << label;
}

static void put_spread(struct retort_buffer *out, size_t n_batches, const double *spread)
{
    retort_buffer_text(out, ",\"scores\":[");
    for (size_t i = 0; i < n_batches * 2 * RETORT_ERRORS_BINS; i++) {
        size_t at = i % (2 * RETORT_ERRORS_BINS);
        retort_buffer_format(out, "%s%g%s",
                             at  ? ","
                             : i ? ",["
                                 : "[",
                             50 * spread[at], at == 2 * RETORT_ERRORS_BINS - 1 ? "]" : "");
    }
    retort_buffer_byte(out, ']');
}

static void put_problem(struct retort_buffer *out, size_t n_batches, const double rates[2],
                        double jitter)
{
    retort_buffer_text(out, "{\"prior\":[0.5,0.5],\"cases\":[2000,2000],\"batches\":[");
    for (size_t b = 0; b < n_batches; b++) {
        double by = (b % 2 ? jitter : -jitter);
        retort_buffer_format(out, "%s[50,%g,%g,50,%g,%g]", b ? "," : "", 50 * (rates[0] + by),
                             50 * (rates[0] + by), 50 * (rates[1] + by), 50 * (rates[1] + by));
    }
    retort_buffer_byte(out, ']');
}

void made_shares_card(struct made_shares *made, size_t n_batches, double tpr, double fpr,
                      double jitter)
{
    retort_buffer_clear(&made->card);
    retort_buffer_text(&made->card, "{\"errors\":{\"problems\":[");
    for (size_t l = 0; l < made->task.n_labels; l++) {
        retort_buffer_text(&made->card, l ? "," : "");
        put_problem(&made->card, n_batches, (const double[]){fpr, tpr}, jitter);
        if (made->spread)
            put_spread(&made->card, n_batches, made->spread);
        retort_buffer_byte(&made->card, '}');
    }
    retort_buffer_text(&made->card, "]}}");
    made->task.card = retort_buffer_span(&made->card);
}

void made_shares_card_one_of(struct made_shares *made, const double *errors)
{
    size_t k = made->task.n_labels;
    struct retort_buffer *out = &made->card;
    retort_buffer_clear(out);
    retort_buffer_text(out, "{\"errors\":{\"problems\":[{\"prior\":[");
    for (size_t i = 0; i < k; i++)
        retort_buffer_format(out, "%s%.6f", i ? "," : "", 1 / (double)k);
    retort_buffer_text(out, "],\"cases\":[");
    for (size_t i = 0; i < k; i++)
        retort_buffer_text(out, i ? ",2000" : "2000");
    retort_buffer_text(out, "],\"batches\":[");
    for (size_t b = 0; b < 40; b++) {
        retort_buffer_text(out, b ? ",[" : "[");
        for (size_t i = 0; i < k; i++) {
            retort_buffer_text(out, i ? ",50" : "50");
            for (size_t twice = 0; twice < 2; twice++)
                for (size_t j = 1; j < k; j++)
                    retort_buffer_format(out, ",%g", 50 * errors[i * k + j]);
        }
        retort_buffer_byte(out, ']');
    }
    retort_buffer_text(out, "]}]}}");
    made->task.card = retort_buffer_span(out);
}
