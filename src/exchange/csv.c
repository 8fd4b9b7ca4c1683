/* CSV after RFC 4180: CRLF, quotes where they are needed, UTF-8, a head line.
 *
 * Cells are the text as it is: one that begins with = is not defused, for that would change what
 * people wrote. (Spreadsheets: import as text.) A task's columns are its labels joined by `;`, who
 * said so, whether the model was unsure, and p of every label of the models that labelled here. */
#include "exchange/export.h"

#include <stdlib.h>
#include <string.h>

/* A column of p: task and label. Models of one task may differ in their labels. */
struct column {
    const char *task, *label; /* label NULL: the first column of a task */
};

struct columns {
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

static void put_cell(struct retort_buffer *out, struct retort_span text)
{
    bool quote = text.len > 0 && (text.data[0] == ' ' || text.data[text.len - 1] == ' ');
    for (size_t i = 0; i < text.len && !quote; i++)
        quote = text.data[i] == ',' || text.data[i] == '"' || text.data[i] == '\r' ||
                text.data[i] == '\n';
    if (!quote) {
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

static void put_next(struct retort_buffer *out, struct retort_span text)
{
    retort_buffer_byte(out, ',');
    put_cell(out, text);
}

static void put_head(struct retort_buffer *out, const struct columns *columns)
{
    retort_buffer_text(out, "id,parent_id,source,comment,first_line,last_line,byte_begin,byte_end,"
                            "author,time,text,target,meta");
    for (size_t i = 0; i < columns->n_columns; i++) {
        struct retort_buffer name = {0};
        const struct column *column = &columns->all[i];
        if (column->label)
            retort_buffer_format(&name, "%s_p_%s", column->task, column->label);
        else
            retort_buffer_text(&name, column->task);
        put_next(out, retort_buffer_span(&name));
        for (size_t j = 0; j < 2 && !column->label; j++) {
            retort_buffer_clear(&name);
            retort_buffer_format(&name, "%s_%s", column->task, j ? "unsure" : "by");
            put_next(out, retort_buffer_span(&name));
        }
        retort_buffer_release(&name);
    }
    retort_buffer_text(out, "\r\n");
}

/* Columns by task: the models are read anew for each, as there are few. */
bool export_csv_begin(struct export_run *run, struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    struct columns *columns = retort_grow(NULL, 1, sizeof *columns);
    *columns = (struct columns){0};
    run->state = columns;
    if (!retort_store_models(run->store, &models, &n_models, error))
        return false;
    for (size_t i = 0; i < n_models; i++) {
        if ((run->task && strcmp(run->task, models[i].task) != 0) ||
            has_column(columns, models[i].task, NULL))
            continue;
        add_column(columns, models[i].task, NULL);
        for (size_t j = i; j < n_models; j++)
            for (size_t l = 0; l < models[j].n_labels; l++)
                if (strcmp(models[j].task, models[i].task) == 0)
                    add_column(columns, models[i].task, models[j].labels[l]);
    }
    put_head(&run->file.out, columns);
    return true;
}

static const struct retort_stored_label *label_of(const struct retort_stored *stored,
                                                  const char *task)
{
    for (size_t i = 0; i < stored->n_labels; i++)
        if (retort_span_equal(stored->labels[i].task, retort_span_of(task)))
            return &stored->labels[i];
    return NULL;
}

static void put_names(struct retort_buffer *out, const struct retort_stored_label *label,
                      struct retort_arena *arena)
{
    struct retort_buffer joined = {0};
    const char **names;
    size_t n_names = retort_stored_label_names(label, arena, &names);
    for (size_t i = 0; i < n_names; i++)
        retort_buffer_format(&joined, "%s%s", i ? ";" : "", names[i]);
    put_next(out, retort_buffer_span(&joined));
    retort_buffer_release(&joined);
}

static void put_p(struct retort_buffer *out, const struct retort_stored_label *label,
                  const char *name)
{
    retort_buffer_byte(out, ',');
    for (size_t i = 0; label && label->model && i < label->model->n_labels; i++)
        if (strcmp(label->model->labels[i], name) == 0)
            retort_buffer_number(out, label->scores[i].p);
}

static void put_label(struct retort_buffer *out, const struct column *column,
                      const struct retort_stored *stored, struct retort_arena *arena)
{
    const struct retort_stored_label *label = label_of(stored, column->task);
    if (column->label) {
        put_p(out, label, column->label);
    } else if (!label) {
        retort_buffer_text(out, ",,,");
    } else {
        put_names(out, label, arena);
        put_next(out, label->decision ? label->reviewer : RETORT_SPAN("model"));
        retort_buffer_text(out, label->unsure && !label->decision ? ",1" : ",0");
    }
}

static void put_place(struct retort_buffer *out, const struct retort_stored_comment *comment)
{
    if (comment->paged)
        retort_buffer_format(out, ",%zu,%zu,%zu,%zu,%zu", comment->number, comment->first_line,
                             comment->last_line, comment->begin, comment->end);
    else
        retort_buffer_text(out, ",,,,,");
}

bool export_csv_put(struct export_run *run, const struct retort_stored *stored,
                    struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    const struct columns *columns = run->state;
    const struct retort_stored_comment *comment = &stored->comment;
    struct retort_span parent;
    if (!retort_stored_parent_id(run->store, comment, arena, &parent, error))
        return false;
    put_cell(out, retort_stored_id(comment));
    put_next(out, parent);
    put_next(out, comment->source);
    put_place(out, comment);
    put_next(out, comment->author);
    put_next(out, comment->time);
    put_next(out, comment->text);
    put_next(out, comment->target);
    put_next(out, comment->meta);
    for (size_t i = 0; i < columns->n_columns; i++)
        put_label(out, &columns->all[i], stored, arena);
    retort_buffer_text(out, "\r\n");
    return true;
}

void export_csv_release(struct export_run *run)
{
    struct columns *columns = run->state;
    free(columns->all);
    free(columns);
}
