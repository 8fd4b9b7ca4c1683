/* The labelling interface of a Label Studio project that fits our tasks: the comment with what it
 * answers, and for each task of the store's models its labels. An any-of task has a choice more,
 * for none of them: so a person says that nothing is the case, and has not just said nothing. */
#include "exchange/envelope.h"

#include <string.h>

static void put_escaped(struct retort_buffer *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&':
            retort_buffer_text(out, "&amp;");
            break;
        case '<':
            retort_buffer_text(out, "&lt;");
            break;
        case '"':
            retort_buffer_text(out, "&quot;");
            break;
        default:
            retort_buffer_byte(out, (uint8_t)*text);
        }
}

static void put_choice(struct retort_buffer *out, const char *label)
{
    retort_buffer_text(out, "    <Choice value=\"");
    put_escaped(out, label);
    retort_buffer_text(out, "\"/>\n");
}

static bool has_label(const struct retort_stored_model *model, const char *label)
{
    for (size_t i = 0; i < model->n_labels; i++)
        if (strcmp(model->labels[i], label) == 0)
            return true;
    return false;
}

static bool is_same_task(const struct retort_stored_model *a, const struct retort_stored_model *b)
{
    return strcmp(a->task, b->task) == 0;
}

/* Labels that an earlier model of the task has told already are told. */
static bool is_told(const struct retort_stored_model *models, size_t i, const char *label)
{
    for (size_t before = 0; before < i; before++)
        if (is_same_task(&models[before], &models[i]) && has_label(&models[before], label))
            return true;
    return false;
}

static void put_labels(struct retort_buffer *out, const struct retort_stored_model *models,
                       size_t n_models, size_t first)
{
    for (size_t m = first; m < n_models; m++)
        for (size_t l = 0; is_same_task(&models[m], &models[first]) && l < models[m].n_labels; l++)
            if (!is_told(models, m, models[m].labels[l]))
                put_choice(out, models[m].labels[l]);
}

static void put_task(struct retort_buffer *out, const struct retort_stored_model *models,
                     size_t n_models, size_t first)
{
    bool one = models[first].choice == RETORT_ONE_OF;
    retort_buffer_text(out, "  <Header value=\"");
    put_escaped(out, models[first].task);
    retort_buffer_text(out, "\"/>\n  <Choices name=\"");
    put_escaped(out, models[first].task);
    retort_buffer_format(out,
                         "\" toName=\"text\" choice=\"%s\" required=\"true\" "
                         "showInline=\"true\">\n",
                         one ? "single" : "multiple");
    put_labels(out, models, n_models, first);
    if (!one)
        put_choice(out, ENVELOPE_NONE);
    retort_buffer_text(out, "  </Choices>\n");
}

static bool is_first_of_task(const struct retort_stored_model *models, size_t i)
{
    for (size_t before = 0; before < i; before++)
        if (is_same_task(&models[before], &models[i]))
            return false;
    return true;
}

bool export_studio_config(struct export_run *run, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    const struct retort_stored_model *models;
    size_t n_models;
    if (!retort_store_models(run->store, &models, &n_models, error))
        return false;
    retort_buffer_text(out, "<View>\n"
                            "  <Header value=\"$claim\"/>\n"
                            "  <Text name=\"answers\" value=\"$parent_text\"/>\n"
                            "  <Text name=\"text\" value=\"$text\"/>\n");
    for (size_t i = 0; i < n_models; i++)
        if (is_first_of_task(models, i) && (!run->task || strcmp(run->task, models[i].task) == 0))
            put_task(out, models, n_models, i);
    retort_buffer_text(out, "</View>\n");
    return true;
}
