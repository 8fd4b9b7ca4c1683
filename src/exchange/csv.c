/* CSV after RFC 4180: CRLF, quotes where they are needed, UTF-8, a head line. TSV is the same with
 * tabs, and quotes where they are needed, too, as spreadsheets read and write it.
 *
 * Cells are the text as it is: one that begins with = is not defused, for that would change what
 * people wrote. (Spreadsheets: import as text.) A task's columns are its labels joined by `;`, who
 * said so, whether the model was unsure, and p of every label of the models that labelled here. The
 * last column, retort, is ours: with it the file comes back as it was. A text that is empty, and
 * not unknown, is "". */
#include "exchange/export.h"

#include <stdlib.h>
#include <string.h>

/* A column of p: task and label. Models of one task may differ in their labels. */
struct column {
    const char *task, *label; /* label NULL: the first column of a task */
};

struct columns {
    char between; /* cells */
    struct column *all;
    size_t n_columns;
};

static bool has_column(const struct columns *columns, const char *task, const char *label)
{
    for (size_t i = 0; i < columns->n_columns; i++) {
        const struct column *column = &columns->all[i];
        bool same_label = !label == !column->label && (!label || !strcmp(column->label, label));
        if (same_label && strcmp(column->task, task) == 0)
            return true;
    }
    return false;
}

static void add_column(struct columns *columns, const char *task, const char *label)
{
    if (has_column(columns, task, label))
        return;
    columns->all = retort_grow(columns->all, columns->n_columns + 1, sizeof *columns->all);
    columns->all[columns->n_columns++] = (struct column){task, label};
}

/* ---- cells ---- */

/* A row that is being written. */
struct cells {
    struct retort_buffer *out;
    char between;
    bool any;
};

static bool wants_quotes(struct retort_span text)
{
    bool quote =
        text.data && (text.len == 0 || text.data[0] == ' ' || text.data[text.len - 1] == ' ');
    for (size_t i = 0; i < text.len && !quote; i++)
        quote = text.data[i] == ',' || text.data[i] == '"' || text.data[i] == '\r' ||
                text.data[i] == '\n' || text.data[i] == '\t';
    return quote;
}

static void put_cell(struct cells *cells, struct retort_span text)
{
    struct retort_buffer *out = cells->out;
    if (cells->any)
        retort_buffer_byte(out, (uint8_t)cells->between);
    cells->any = true;
    if (!wants_quotes(text)) {
        retort_buffer_put(out, text);
        return;
    }
    retort_buffer_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"')
            retort_buffer_byte(out, '"');
        retort_buffer_byte(out, text.data[i]);
    }
    retort_buffer_byte(out, '"');
}

static void put_nothing(struct cells *cells)
{
    put_cell(cells, (struct retort_span){0});
}

static void put_count(struct cells *cells, size_t count)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", count);
    put_cell(cells, retort_span_of(digits));
}

/* ---- the head ---- */

static void put_name(struct cells *cells, const char *task, const char *between, const char *what)
{
    struct retort_buffer name = {0};
    retort_buffer_format(&name, "%s%s%s", task, between, what);
    put_cell(cells, retort_buffer_span(&name));
    retort_buffer_release(&name);
}

static void put_head(struct retort_buffer *out, const struct columns *columns)
{
    static const char *const NAMES[] = {"id",          "parent_id",    "source",     "comment",
                                        "first_line",  "last_line",    "byte_begin", "byte_end",
                                        "author",      "time",         "text",       "target",
                                        "parent_text", "article_text", "meta"};
    struct cells cells = {out, columns->between, false};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        put_cell(&cells, retort_span_of(NAMES[i]));
    for (size_t i = 0; i < columns->n_columns; i++) {
        const struct column *column = &columns->all[i];
        if (column->label) {
            put_name(&cells, column->task, "_p_", column->label);
            continue;
        }
        put_name(&cells, column->task, "", "");
        put_name(&cells, column->task, "_", "by");
        put_name(&cells, column->task, "_", "unsure");
    }
    put_cell(&cells, RETORT_SPAN("retort"));
    retort_buffer_text(out, "\r\n");
}

static int compare_models(const void *left, const void *right)
{
    const struct retort_stored_model *a = *(const struct retort_stored_model *const *)left,
                                     *b = *(const struct retort_stored_model *const *)right;
    int by_task = strcmp(a->task, b->task);
    return by_task ? by_task : strcmp(a->hash, b->hash);
}

/* By task, whatever the order in which the models came. */
static const struct retort_stored_model **sort_models(const struct retort_stored_model *models,
                                                      size_t n)
{
    const struct retort_stored_model **sorted = retort_grow(NULL, n + 1, sizeof(void *));
    for (size_t i = 0; i < n; i++)
        sorted[i] = &models[i];
    qsort(sorted, n, sizeof *sorted, compare_models);
    return sorted;
}

static bool begin(struct export_run *run, char between, struct retort_error *error)
{
    const struct retort_stored_model *models, **sorted;
    size_t n_models;
    struct columns *columns = retort_grow(NULL, 1, sizeof *columns);
    *columns = (struct columns){.between = between};
    run->state = columns;
    if (!retort_store_models(run->store, &models, &n_models, error))
        return false;
    sorted = sort_models(models, n_models);
    for (size_t i = 0; i < n_models; i++) {
        if (run->task && strcmp(run->task, sorted[i]->task) != 0)
            continue;
        add_column(columns, sorted[i]->task, NULL);
        for (size_t l = 0; l < sorted[i]->n_labels; l++)
            add_column(columns, sorted[i]->task, sorted[i]->labels[l]);
    }
    free(sorted);
    put_head(&run->file.out, columns);
    return true;
}

bool export_csv_begin(struct export_run *run, struct retort_error *error)
{
    return begin(run, ',', error);
}

bool export_tsv_begin(struct export_run *run, struct retort_error *error)
{
    return begin(run, '\t', error);
}

/* ---- a row ---- */

static const struct retort_stored_label *label_of(const struct retort_stored *stored,
                                                  const char *task)
{
    for (size_t i = 0; i < stored->n_labels; i++)
        if (retort_span_equal(stored->labels[i].task, retort_span_of(task)))
            return &stored->labels[i];
    return NULL;
}

static void put_names(struct cells *cells, const struct retort_stored_label *label,
                      struct retort_arena *arena)
{
    struct retort_buffer joined = {0};
    const char **names;
    size_t n_names = retort_stored_label_names(label, arena, &names);
    for (size_t i = 0; i < n_names; i++)
        retort_buffer_format(&joined, "%s%s", i ? ";" : "", names[i]);
    put_cell(cells, retort_buffer_span(&joined));
    retort_buffer_release(&joined);
}

static void put_p(struct cells *cells, const struct retort_stored_label *label, const char *name)
{
    struct retort_buffer number = {0};
    for (size_t i = 0; label && label->model && i < label->model->n_labels; i++)
        if (strcmp(label->model->labels[i], name) == 0)
            retort_buffer_number(&number, label->scores[i].p);
    put_cell(cells, retort_buffer_span(&number));
    retort_buffer_release(&number);
}

static void put_label(struct cells *cells, const struct column *column,
                      const struct retort_stored *stored, struct retort_arena *arena)
{
    const struct retort_stored_label *label = label_of(stored, column->task);
    if (column->label) {
        put_p(cells, label, column->label);
    } else if (!label) {
        for (int i = 0; i < 3; i++)
            put_nothing(cells);
    } else {
        put_names(cells, label, arena);
        put_cell(cells, label->decision ? label->reviewer : RETORT_SPAN("model"));
        put_count(cells, label->unsure && !label->decision);
    }
}

static void put_place(struct cells *cells, const struct retort_stored_comment *comment)
{
    const size_t places[] = {comment->number, comment->first_line, comment->last_line,
                             comment->begin, comment->end};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (comment->paged)
            put_count(cells, places[i]);
        else
            put_nothing(cells);
}

static bool put_context(struct cells *cells, struct export_run *run,
                        const struct retort_stored_comment *comment, struct retort_arena *arena,
                        struct retort_error *error)
{
    struct retort_item item;
    if (!export_context(run, comment, arena, &item, error))
        return false;
    put_cell(cells, comment->target);
    put_cell(cells, item.parent_text);
    put_cell(cells, item.article_text);
    put_cell(cells, comment->meta);
    return true;
}

static bool put_ours(struct cells *cells, struct export_run *run,
                     const struct retort_stored *stored, struct retort_error *error)
{
    struct retort_buffer ours = {0};
    bool put = export_put_ours(run, stored, &ours, error);
    put_cell(cells, retort_buffer_span(&ours));
    retort_buffer_release(&ours);
    return put;
}

bool export_csv_put(struct export_run *run, const struct retort_stored *stored,
                    struct retort_arena *arena, struct retort_error *error)
{
    const struct columns *columns = run->state;
    const struct retort_stored_comment *comment = &stored->comment;
    struct cells cells = {&run->file.out, columns->between, false};
    struct retort_span parent;
    if (!retort_stored_parent_id(run->store, comment, arena, &parent, error))
        return false;
    put_cell(&cells, retort_stored_id(comment));
    put_cell(&cells, parent);
    put_cell(&cells, comment->source);
    put_place(&cells, comment);
    put_cell(&cells, comment->author);
    put_cell(&cells, comment->time);
    put_cell(&cells, comment->text);
    if (!put_context(&cells, run, comment, arena, error))
        return false;
    for (size_t i = 0; i < columns->n_columns; i++)
        put_label(&cells, &columns->all[i], stored, arena);
    bool put = put_ours(&cells, run, stored, error);
    retort_buffer_text(&run->file.out, "\r\n");
    return put;
}

void export_csv_release(struct export_run *run)
{
    struct columns *columns = run->state;
    free(columns->all);
    free(columns);
}
