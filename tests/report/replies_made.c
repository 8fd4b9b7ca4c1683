#include "report/replies_made.h"

#include <check.h>
#include <math.h>

static const char *const TONES[] = {"toxic"};
static const char *const REPLIES[] = {"agree", "disagree", "none"};

void made_replies_begin(struct made_replies *made, uint32_t n_threads, uint32_t size, bool one_of)
{
    size_t n = (size_t)n_threads * size;
    memset(made, 0, sizeof *made);
    made_shares_begin(&made->made, n, one_of ? 3 : 1, one_of);
    struct retort_arena *arena = &made->made.arena;
    struct report_data *data = &made->made.data;
    made->state = 12;
    made->truth = RETORT_NEW(arena, uint8_t, n);
    made->model = (struct retort_stored_model){.task = one_of ? "reply" : "tone",
                                               .n_labels = one_of ? 3 : 1,
                                               .labels = (const char **)(one_of ? REPLIES : TONES)};
    made->made.task.model = &made->model;
    made->made.report.n_resamples = 300;
    made->made.request.quiet = true;
    data->n_threads = n_threads;
    data->author = RETORT_NEW(arena, uint32_t, n);
    data->parent = RETORT_NEW(arena, uint32_t, n);
    data->place = RETORT_NEW(arena, uint32_t, n);
    data->depth = RETORT_NEW(arena, uint16_t, n);
    for (uint32_t row = 0; row < n; row++) {
        data->thread[row] = row / size;
        data->place[row] = row % size;
    }
}

void made_replies_end(struct made_replies *made)
{
    made_shares_end(&made->made);
}

double made_replies_chance(struct made_replies *made)
{
    return (double)(retort_random(&made->state) >> 11) * 0x1p-53;
}

static void answer(struct report_data *data, uint32_t row, uint32_t back)
{
    if (back == 0)
        return;
    data->parent[row] = row - back + 1;
    data->depth[row] = (uint16_t)(data->depth[row - back] + 1);
}

void made_replies_chain(struct made_replies *made)
{
    for (uint32_t row = 0; row < made->made.data.n; row++)
        answer(&made->made.data, row, made->made.data.place[row] > 0);
}

void made_replies_scatter(struct made_replies *made)
{
    struct report_data *data = &made->made.data;
    for (uint32_t row = 0; row < data->n; row++)
        answer(data, row,
               data->place[row]
                   ? 1 + (uint32_t)(made_replies_chance(made) * (double)data->place[row])
                   : 0);
}

void made_replies_strangers(struct made_replies *made)
{
    struct report_data *data = &made->made.data;
    data->n_authors = (uint32_t)data->n;
    for (uint32_t row = 0; row < data->n; row++)
        data->author[row] = row + 1;
}

void made_replies_circle(struct made_replies *made, uint32_t n_people)
{
    struct report_data *data = &made->made.data;
    data->n_authors = data->n_threads * n_people;
    for (uint32_t row = 0; row < data->n; row++)
        data->author[row] =
            data->thread[row] * n_people + 1 + (uint32_t)(made_replies_chance(made) * n_people);
}

void made_replies_say(struct made_replies *made, double tpr, double fpr)
{
    for (size_t row = 0; row < made->made.data.n; row++) {
        bool on = made_replies_chance(made) < (made->truth[row] ? tpr : fpr);
        made_shares_say(&made->made, row, 0, on ? 1 : 0);
    }
    made_shares_card(&made->made, 40, tpr, fpr, .01);
}

void made_replies_say_one_of(struct made_replies *made, const double *rates)
{
    for (size_t row = 0; row < made->made.data.n; row++) {
        double chance = made_replies_chance(made);
        size_t says = 0;
        for (const double *rate = rates + 3 * made->truth[row]; says < 2 && chance >= rate[says];)
            chance -= rate[says++];
        made_shares_say(&made->made, row, says, 1);
    }
    made_shares_card_one_of(&made->made, rates);
}

const struct report_table *made_table(const struct made_replies *made, const char *id)
{
    for (size_t i = 0; i < made->section.n_tables; i++)
        if (strcmp(made->section.tables[i].id, id) == 0)
            return &made->section.tables[i];
    return NULL;
}

const struct report_cell *made_cell(const struct report_table *table, size_t row,
                                    const char *column)
{
    ck_assert_ptr_nonnull(table);
    ck_assert_uint_lt(row, table->n_rows);
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->columns[i].name, column) == 0)
            return &table->cells[row * table->n_columns + i];
    ck_abort_msg("no column %s", column);
}

bool made_finds(const struct made_replies *made, const char *beginning)
{
    for (size_t i = 0; i < made->section.n_findings; i++)
        if (retort_span_starts(made->section.findings[i], retort_span_of(beginning)))
            return true;
    return false;
}

void made_replies_check(const struct made_replies *made)
{
    for (size_t i = 0; i < made->section.n_tables; i++) {
        const struct report_table *table = &made->section.tables[i];
        for (size_t j = 0; j < table->n_rows * table->n_columns; j++) {
            const struct report_cell *cell = &table->cells[j];
            if (cell->kind == REPORT_NOTHING || cell->kind == REPORT_TEXT)
                continue;
            ck_assert(isfinite(cell->value));
            ck_assert(isnan(cell->low) == isnan(cell->high));
            ck_assert(isnan(cell->low) || (cell->low <= cell->value && cell->value <= cell->high));
        }
    }
}
