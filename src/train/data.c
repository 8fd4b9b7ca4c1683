/* Labelled JSON lines → examples. Two passes over the lines: the first reads what is written, the
 * second, when all labels are known, fills the truth tables. */
#include "train/given.h"
#include "train/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A line as read, before the list of labels is known. */
struct raw_example {
    const char *path;
    size_t number;
    struct retort_example example;
    struct retort_span *labels, *asked; /* n_asked SIZE_MAX: all labels were asked for */
    size_t n_labels, n_asked;
    bool is_list;
};

struct reader {
    struct retort_dataset *dataset;
    const char *by; /* the member that tells an example's part; NULL: none */
    struct raw_example *raw;
    size_t n, capacity;
};

/* Absent and null are the same; anything else must be a string. */
static bool optional_text(struct retort_arena *arena, const struct retort_json *line,
                          const char *key, struct retort_span *text, struct retort_error *error)
{
    const struct retort_json *value = retort_json_get(line, key);
    *text = (struct retort_span){0};
    if (!value || retort_json_is_null(value))
        return true;
    if (!retort_json_text(value, text))
        return retort_fail(error, RETORT_INPUT, "\"%s\" must be a string", key);
    *text = retort_arena_copy(arena, *text);
    return true;
}

/* A member's value as it stands in the line: an id may be a number of any length. */
static struct retort_span raw_member(struct retort_arena *arena, struct retort_span line,
                                     const char *key)
{
    struct retort_json_member *members;
    size_t n = retort_json_members(line, arena, &members);
    for (size_t i = 0; i < n; i++)
        if (retort_span_equal(members[i].key, retort_span_of(key)))
            return retort_arena_copy(arena, members[i].value);
    return (struct retort_span){0};
}

/* A list of strings; false when it is none. */
static bool text_list(struct retort_arena *arena, const struct retort_json *value,
                      struct retort_span **list, size_t *n)
{
    if (!retort_json_is_array(value))
        return false;
    *n = retort_json_length(value);
    *list = RETORT_NEW(arena, struct retort_span, *n);
    for (size_t i = 0; i < *n; i++) {
        if (!retort_json_text(retort_json_at(value, i), &(*list)[i]))
            return false;
        (*list)[i] = retort_arena_copy(arena, (*list)[i]);
    }
    return true;
}

static bool read_labels(struct raw_example *raw, struct retort_arena *arena,
                        const struct retort_json *line, struct retort_error *error)
{
    const struct retort_json *label = retort_json_get(line, "label");
    const struct retort_json *asked = retort_json_get(line, "asked");
    struct retort_span single;
    raw->n_asked = SIZE_MAX;
    if (label && retort_json_text(label, &single)) {
        raw->labels = RETORT_NEW(arena, struct retort_span, 1);
        raw->labels[0] = retort_arena_copy(arena, single);
        raw->n_labels = 1;
        return true;
    }
    raw->is_list = true;
    if (!label || !text_list(arena, label, &raw->labels, &raw->n_labels) ||
        (asked && !text_list(arena, asked, &raw->asked, &raw->n_asked)))
        return retort_fail(error, RETORT_INPUT,
                           "\"label\" must be a string, or a list of strings (and \"asked\" too)");
    return true;
}

/* A weight: absent and null leave it as it is. */
static bool read_weight(const struct retort_json *line, const char *key, double *weight,
                        struct retort_error *error)
{
    const struct retort_json *value = retort_json_get(line, key);
    return !value || retort_json_is_null(value) ||
           (retort_json_number(value, weight) && *weight >= 0 && *weight <= 1e9) ||
           retort_fail(error, RETORT_INPUT, "\"%s\" must be a number from 0 to 1e9", key);
}

static bool read_weights(struct retort_example *example, const struct retort_json *line,
                         struct retort_error *error)
{
    double copies = 1;
    example->counts = 1;
    if (!read_weight(line, "copies", &copies, error) ||
        !read_weight(line, "counts", &example->counts, error) ||
        !read_weight(line, "judges", &example->judges, error))
        return false;
    if (!(copies >= 1 && copies <= RETORT_MOST_COPIES) || copies != floor(copies))
        return retort_fail(error, RETORT_INPUT, "\"copies\" must be a whole number from 1 to %d",
                           RETORT_MOST_COPIES);
    example->copies = (uint32_t)copies;
    return true;
}

static bool read_members(struct reader *reader, const struct retort_json *json,
                         struct retort_span line, struct retort_error *error)
{
    struct raw_example *raw = &reader->raw[reader->n];
    struct retort_arena *arena = &reader->dataset->arena;
    struct retort_example *example = &raw->example;
    struct retort_item *item = &example->item;
    const struct retort_json *id = retort_json_get(json, "id");
    if (!optional_text(arena, json, "text", &item->text, error) ||
        !optional_text(arena, json, "parent_text", &item->parent_text, error) ||
        !optional_text(arena, json, "article_text", &item->article_text, error) ||
        !optional_text(arena, json, "target", &item->target, error) ||
        !read_labels(raw, arena, json, error) || !read_weights(example, json, error))
        return false;
    if (!item->text.data)
        return retort_fail(error, RETORT_INPUT, "has no string \"text\"");
    if (id && retort_json_text(id, &example->id))
        example->id = retort_arena_copy(arena, example->id);
    example->id_json = raw_member(arena, line, "id");
    example->group = raw_member(arena, line, "group"); /* as it stands: a number will do */
    if (reader->by)
        example->part = raw_member(arena, line, reader->by);
    return true;
}

static bool read_line(struct reader *reader, struct retort_span line, struct retort_error *error)
{
    struct retort_json *json = retort_json_parse(line, error);
    if (!json)
        return false;
    bool sound = retort_json_is_object(json)
                     ? read_members(reader, json, line, error)
                     : retort_fail(error, RETORT_INPUT, "is no JSON object");
    retort_json_free(json);
    reader->n += sound;
    return sound;
}

/* All lines of a source; its name stands before what is wrong with one. */
static bool read_lines(struct reader *reader, const char *name, struct retort_span rest,
                       struct retort_error *error)
{
    struct retort_span line;
    size_t number = 0;
    while (retort_span_next_line(&rest, &line)) {
        number++;
        if (retort_span_trim(line).len == 0)
            continue;
        if (reader->n == reader->capacity) {
            reader->capacity = reader->capacity ? reader->capacity * 2 : 1024;
            reader->raw = retort_grow(reader->raw, reader->capacity, sizeof *reader->raw);
        }
        reader->raw[reader->n] = (struct raw_example){.path = name, .number = number};
        if (!read_line(reader, line, error))
            return retort_fail_within(error, "%s:%zu", name, number);
    }
    return true;
}

static bool read_source(struct reader *reader, const char *name, struct retort_span lines,
                        struct retort_error *error)
{
    struct retort_dataset *dataset = reader->dataset;
    struct retort_source *source = &dataset->sources[dataset->n_sources++];
    const char *slash = strrchr(name, '/');
    size_t before = reader->n;
    source->name = retort_arena_string(&dataset->arena, retort_span_of(slash ? slash + 1 : name));
    retort_sha256(lines, source->sha256);
    bool sound = read_lines(reader, name, lines, error);
    source->n_examples = reader->n - before;
    return sound;
}

static bool read_file(struct reader *reader, const char *path, struct retort_error *error)
{
    struct retort_file file;
    if (!retort_file_read(&file, path, error))
        return false;
    bool sound = read_source(reader, path, file.bytes, error);
    retort_file_close(&file);
    return sound;
}

/* ---- labels ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t find_label(const struct retort_dataset *dataset, struct retort_span name)
{
    size_t i = 0;
    while (i < dataset->n_labels && !retort_span_equal(retort_span_of(dataset->labels[i]), name))
        i++;
    return i;
}

static bool add_label(struct retort_dataset *dataset, struct retort_span name,
                      struct retort_error *error)
{
    if (find_label(dataset, name) < dataset->n_labels)
        return true;
    if (name.len == 0 || name.len > RETORT_LABEL_NAME || memchr(name.data, 0, name.len) ||
        dataset->n_labels == RETORT_MOST_LABELS)
        return retort_fail(
            error, RETORT_INPUT,
            "label \"%.*s\": a label is 1 to %d bytes without NUL, and a task has at "
            "most %d",
            name.len < 20 ? (int)name.len : 20, (const char *)name.data, RETORT_LABEL_NAME,
            RETORT_MOST_LABELS);
    dataset->labels = retort_grow(dataset->labels, dataset->n_labels + 1, sizeof *dataset->labels);
    dataset->labels[dataset->n_labels++] = retort_arena_string(&dataset->arena, name);
    return true;
}

static bool collect_example(struct retort_dataset *dataset, const struct raw_example *raw,
                            bool lists, struct retort_error *error)
{
    bool sound = raw->is_list == lists ||
                 retort_fail(error, RETORT_INPUT,
                             "\"label\" is a %s here and was a %s before; a task has one kind",
                             raw->is_list ? "list" : "string", lists ? "list" : "string");
    for (size_t j = 0; sound && j < raw->n_labels; j++)
        sound = add_label(dataset, raw->labels[j], error);
    for (size_t j = 0; sound && raw->n_asked != SIZE_MAX && j < raw->n_asked; j++)
        sound = add_label(dataset, raw->asked[j], error);
    return sound || retort_fail_within(error, "%s:%zu", raw->path, raw->number);
}

static bool collect_labels(struct reader *reader, struct retort_error *error)
{
    struct retort_dataset *dataset = reader->dataset;
    bool sound = true, lists = reader->raw[0].is_list;
    dataset->choice = lists ? RETORT_ANY_OF : RETORT_ONE_OF;
    for (size_t i = 0; sound && i < reader->n; i++)
        sound = collect_example(dataset, &reader->raw[i], lists, error);
    if (sound && dataset->n_labels == 0)
        return retort_fail(error, RETORT_INPUT, "no line has a label, nor asks for one");
    if (sound)
        qsort(dataset->labels, dataset->n_labels, sizeof *dataset->labels, by_text);
    return sound;
}

/* ---- the labels of a model ---- */

/* The names that the given labels have in the model; none of them is kept when `only`. */
static size_t rename_all(const struct retort_measured *measured, struct retort_arena *arena,
                         struct retort_span **labels, size_t n_labels, bool only)
{
    size_t n = 0;
    struct retort_span *renamed =
        RETORT_NEW(arena, struct retort_span, n_labels * (measured->n_renamings + 1));
    for (size_t i = 0; i < n_labels; i++) {
        size_t before = n;
        for (size_t r = 0; r < measured->n_renamings; r++)
            if (retort_span_equal(measured->renamings[r].from, (*labels)[i]))
                renamed[n++] = measured->renamings[r].to;
        if (n == before && !only)
            renamed[n++] = (*labels)[i];
    }
    *labels = renamed;
    return n;
}

static void rename_labels(const struct retort_measured *measured, struct retort_arena *arena,
                          struct raw_example *raw, bool only)
{
    raw->n_labels = rename_all(measured, arena, &raw->labels, raw->n_labels, only);
    if (raw->n_asked != SIZE_MAX) {
        raw->n_asked = rename_all(measured, arena, &raw->asked, raw->n_asked, only);
        return;
    }
    if (!only)
        return;
    raw->n_asked = measured->n_renamings;
    raw->asked = RETORT_NEW(arena, struct retort_span, raw->n_asked);
    for (size_t r = 0; r < raw->n_asked; r++)
        raw->asked[r] = measured->renamings[r].to;
}

/* A label that stands alone must be the model's; one of a list is passed over and counted, because
 * sets ask for more than a model may know. */
static bool check_labels(struct retort_dataset *dataset, const struct raw_example *raw,
                         struct retort_error *error)
{
    for (size_t j = 0; j < raw->n_labels; j++) {
        if (find_label(dataset, raw->labels[j]) < dataset->n_labels)
            continue;
        if (!raw->is_list || dataset->choice == RETORT_ONE_OF)
            return retort_fail(error, RETORT_INPUT,
                               "%s:%zu: label \"%.*s\" is none of the model's; --map says what it "
                               "is called there",
                               raw->path, raw->number,
                               raw->labels[j].len < 40 ? (int)raw->labels[j].len : 40,
                               (const char *)raw->labels[j].data);
        if (dataset->n_passed_over++ == 0)
            dataset->passed_over = raw->labels[j];
        break;
    }
    return true;
}

static bool check_renamings(const struct retort_dataset *dataset,
                            const struct retort_measured *measured, struct retort_error *error)
{
    for (size_t r = 0; r < measured->n_renamings; r++) {
        struct retort_span to = measured->renamings[r].to;
        if (find_label(dataset, to) == dataset->n_labels)
            return retort_fail(error, RETORT_USAGE, "--map: \"%.*s\" is none of the model's labels",
                               to.len < 40 ? (int)to.len : 40, (const char *)to.data);
    }
    return true;
}

static bool take_labels(struct reader *reader, const struct retort_measured *measured,
                        struct retort_error *error)
{
    struct retort_dataset *dataset = reader->dataset;
    const struct retort_model *model = measured->model;
    dataset->choice = retort_model_choice(model);
    dataset->n_labels = retort_model_n_labels(model);
    dataset->labels = retort_grow(NULL, dataset->n_labels, sizeof *dataset->labels);
    for (size_t i = 0; i < dataset->n_labels; i++)
        dataset->labels[i] = retort_arena_string(
            &dataset->arena, retort_span_of(retort_model_label(model, i)->name));
    bool sound = check_renamings(dataset, measured, error);
    for (size_t i = 0; sound && i < reader->n; i++) {
        if (measured->n_renamings > 0)
            rename_labels(measured, &dataset->arena, &reader->raw[i],
                          dataset->choice == RETORT_ANY_OF);
        sound = check_labels(dataset, &reader->raw[i], error);
    }
    return sound;
}

static void fill_truth(struct retort_dataset *dataset, const struct raw_example *raw,
                       struct retort_example *example)
{
    bool all = raw->n_asked == SIZE_MAX;
    example->truth = RETORT_NEW(&dataset->arena, int8_t, dataset->n_labels);
    for (size_t l = 0; l < dataset->n_labels; l++)
        example->truth[l] = all ? RETORT_NO : RETORT_UNKNOWN;
    for (size_t j = 0; !all && j < raw->n_asked; j++) {
        size_t l = find_label(dataset, raw->asked[j]);
        if (l < dataset->n_labels)
            example->truth[l] = RETORT_NO;
    }
    for (size_t j = 0; j < raw->n_labels; j++) {
        size_t l = find_label(dataset, raw->labels[j]);
        if (l < dataset->n_labels)
            example->truth[l] = RETORT_YES;
    }
}

static void finish(struct reader *reader)
{
    struct retort_dataset *dataset = reader->dataset;
    dataset->n_examples = reader->n;
    dataset->examples = RETORT_NEW(&dataset->arena, struct retort_example, reader->n);
    for (size_t i = 0; i < reader->n; i++) {
        struct retort_example *example = &dataset->examples[i];
        *example = reader->raw[i].example;
        fill_truth(dataset, &reader->raw[i], example);
        if (!example->group.data)
            example->group = example->id;
        if (!example->group.data) {
            struct retort_buffer number = {0};
            retort_buffer_format(&number, "line %zu", i);
            example->group = retort_arena_copy(&dataset->arena, retort_buffer_span(&number));
            retort_buffer_release(&number);
        }
    }
}

static bool read_all(struct reader *reader, const struct retort_given *given,
                     const char *const *paths, size_t n_paths, struct retort_error *error)
{
    struct retort_dataset *dataset = reader->dataset;
    *dataset = (struct retort_dataset){0};
    dataset->sources = RETORT_NEW(&dataset->arena, struct retort_source, n_paths + 1);
    bool sound = !given->lines.data || read_source(reader, given->name, given->lines, error);
    for (size_t i = 0; i < reader->n; i++)
        reader->raw[i].example.is_given = true;
    for (size_t i = 0; sound && i < n_paths; i++)
        sound = read_file(reader, paths[i], error);
    if (sound && reader->n == 0)
        return retort_fail(error, RETORT_INPUT, "%s: holds no labelled line",
                           n_paths ? paths[0] : given->name);
    return sound;
}

static bool read_dataset(struct reader *reader, bool read, const struct retort_measured *measured,
                         struct retort_error *error)
{
    bool sound =
        read && (measured ? take_labels(reader, measured, error) : collect_labels(reader, error));
    if (sound)
        finish(reader);
    free(reader->raw);
    if (!sound)
        retort_dataset_release(reader->dataset);
    return sound;
}

bool retort_dataset_read(struct retort_dataset *dataset, const char *const *paths, size_t n_paths,
                         const struct retort_measured *measured, struct retort_error *error)
{
    const struct retort_given none = {0};
    struct reader reader = {.dataset = dataset, .by = measured ? measured->by : "source"};
    return read_dataset(&reader, read_all(&reader, &none, paths, n_paths, error), measured, error);
}

bool retort_dataset_take(struct retort_dataset *dataset, const struct retort_given *given,
                         const char *const *paths, size_t n_paths, struct retort_error *error)
{
    struct reader reader = {.dataset = dataset, .by = "source"};
    if (!read_dataset(&reader, read_all(&reader, given, paths, n_paths, error), NULL, error))
        return false;
    retort_given_join(dataset);
    if (given->alone_from > 0)
        retort_given_alone(dataset, given->alone_from);
    return true;
}

void retort_dataset_release(struct retort_dataset *dataset)
{
    free(dataset->labels);
    retort_arena_release(&dataset->arena);
    *dataset = (struct retort_dataset){0};
}
