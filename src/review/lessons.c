/* Lessons: what people have decided, as the labelled lines that training reads.
 *
 * An item is as a model is told of it: its parent, its article, and the target that was given, else
 * the article's first sentence. Folds must not split a thread: lines of one page are a group, those
 * that came with one article, else those below one comment. Of several labels those count as asked
 * that the model knew whose answer the person saw. A bulk is no judgement of each of its comments
 * and is left out. */
#include "review/lessons.h"

#include "intake/intake.h"

#include <stdlib.h>

enum { HIGHEST_THREAD = 1000 };

/* ---- reading what was decided ---- */

struct reading {
    struct retort_store *store;
    const struct retort_lessons_wanted *wanted;
    struct retort_arena *arena;
    struct retort_lessons *lessons;
    const struct retort_stored_model *models;
    size_t n_models;
    struct lessons_scope scope;
    struct lessons_samples samples;
    struct lesson *all;
    size_t n, capacity;
    size_t names_capacity;
    struct retort_buffer out;
};

static struct retort_span keep(struct retort_arena *arena, struct retort_span text)
{
    return text.data ? retort_arena_copy(arena, text) : text;
}

static void add(struct reading *reading, const struct retort_decided *decided)
{
    if (reading->n == reading->capacity) {
        reading->capacity = reading->capacity ? 2 * reading->capacity : 256;
        reading->all = retort_grow(reading->all, reading->capacity, sizeof *reading->all);
    }
    struct lesson *lesson = &reading->all[reading->n++];
    *lesson = (struct lesson){.decided = *decided};
    lesson->decided.target = keep(reading->arena, decided->target);
    lesson->decided.label = keep(reading->arena, decided->label);
    lesson->decided.model = keep(reading->arena, decided->model);
    bool sampled = retort_span_starts(decided->design, RETORT_SPAN("design="));
    lesson->is_drawn = lessons_is_drawn(decided, &reading->scope);
    lesson->decided.design = (struct retort_span){0};
    reading->lessons->n_partly += decided->draw && !lesson->is_drawn && !sampled;
}

/* What was decided while we read is of the next lesson. */
static bool visit(void *context, const struct retort_decided *decided, struct retort_error *error)
{
    struct reading *reading = context;
    (void)error;
    if (decided->decision > reading->lessons->last.decision)
        return true;
    if (decided->in_bulk)
        reading->lessons->n_in_bulk++;
    else
        add(reading, decided);
    return true;
}

static bool note_last(void *context, const struct retort_stored_decision *decision,
                      struct retort_error *error)
{
    struct reading *reading = context;
    struct retort_stored_comment comment;
    reading->lessons->last.decision = decision->id;
    reading->lessons->last.decided = retort_arena_copy(reading->arena, decision->decided);
    if (!retort_store_comment(reading->store, decision->comment, reading->arena, &comment, error))
        return false;
    memcpy(reading->lessons->last.comment, comment.identity, sizeof comment.identity);
    return true;
}

static bool read_models(struct reading *reading, struct retort_error *error)
{
    if (!retort_store_models(reading->store, &reading->models, &reading->n_models, error))
        return false;
    for (size_t m = 0; m < reading->n_models; m++)
        if (strcmp(reading->models[m].task, reading->wanted->task) == 0)
            reading->lessons->choice = reading->models[m].choice;
    return lessons_scope(reading->store, reading->wanted->task, NULL, reading->arena,
                         &reading->scope, error);
}

static bool read_decided(struct reading *reading, struct retort_error *error)
{
    const struct retort_history_request newest = {.limit = 1};
    return read_models(reading, error) &&
           retort_store_history(reading->store, &newest, note_last, reading, error) &&
           retort_store_each_decided(reading->store, reading->wanted->task, visit, reading,
                                     error) &&
           lessons_read_samples(reading->store, &reading->scope, &reading->samples, error) &&
           retort_store_drawn_passed(reading->store, reading->wanted->task,
                                     &reading->lessons->n_passed, error);
}

/* ---- an item ---- */

/* The comment at the head of a thread; of a thread too high to climb, one on the way. */
static bool find_root(struct retort_store *store, const struct retort_stored_comment *comment,
                      struct retort_arena *arena, int64_t *root, struct retort_error *error)
{
    struct retort_stored_comment above = *comment;
    *root = comment->id;
    for (int step = 0; above.parent && step < HIGHEST_THREAD; step++) {
        *root = above.parent;
        if (!retort_store_comment(store, *root, arena, &above, error))
            return false;
    }
    return true;
}

bool lessons_thread(struct retort_store *store, const struct retort_stored_comment *comment,
                    struct retort_arena *arena, struct retort_buffer *out,
                    struct retort_error *error)
{
    int64_t root = comment->source_id;
    const char *kind = "page";
    if (!comment->paged && comment->line_article) {
        root = comment->line_article;
        kind = "article";
    } else if (!comment->paged) {
        kind = "thread";
        if (!find_root(store, comment, arena, &root, error))
            return false;
    }
    retort_buffer_format(out, "%s %lld", kind, (long long)root);
    return true;
}

static bool put_group(struct reading *reading, const struct retort_stored_comment *comment,
                      struct retort_arena *arena, struct retort_error *error)
{
    retort_buffer_text(&reading->out, ",\"group\":\"");
    bool put = lessons_thread(reading->store, comment, arena, &reading->out, error);
    retort_buffer_byte(&reading->out, '"');
    return put;
}

static void put_text(struct retort_buffer *out, const char *key, struct retort_span text)
{
    if (!text.data)
        return;
    retort_json_key(out, key);
    retort_json_put(out, text);
}

/* As the person judged it: toward the target of the decision, else the one that was given. */
static bool read_item(struct reading *reading, const struct retort_decided *decided,
                      const struct retort_stored_comment *comment, struct retort_arena *arena,
                      struct retort_item *item, struct retort_error *error)
{
    struct retort_span given = decided->target;
    return (given.len > 0 || retort_store_given(reading->store, comment, arena, &given, error)) &&
           retort_intake_stored_item(reading->store, comment, given, arena, item, error);
}

static bool put_item(struct reading *reading, const struct retort_decided *decided,
                     struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &reading->out;
    struct retort_stored_comment comment;
    struct retort_item item;
    if (!retort_store_comment(reading->store, decided->comment, arena, &comment, error) ||
        !read_item(reading, decided, &comment, arena, &item, error))
        return false;
    retort_buffer_byte(out, '{');
    put_text(out, "id", retort_span_of(comment.identity));
    if (!put_group(reading, &comment, arena, error))
        return false;
    put_text(out, "text", item.text);
    put_text(out, "target", item.target);
    put_text(out, "parent_text", item.parent_text);
    put_text(out, "article_text", item.article_text);
    return true;
}

/* ---- its labels ---- */

/* said: by a decision, that counts so much; else it was only asked for. */
static void count_label(struct reading *reading, struct retort_span name, bool said, double counts)
{
    struct retort_lessons *lessons = reading->lessons;
    size_t i = 0;
    while (i < lessons->n_labels && !retort_span_equal(lessons->labels[i].name, name))
        i++;
    if (i == lessons->n_labels) {
        if (i == reading->names_capacity) {
            struct retort_lesson_label *old = lessons->labels;
            reading->names_capacity = i ? 2 * i : 16;
            lessons->labels =
                RETORT_NEW(reading->arena, struct retort_lesson_label, reading->names_capacity);
            if (i)
                memcpy(lessons->labels, old, i * sizeof *old);
        }
        lessons->labels[lessons->n_labels++].name = retort_arena_copy(reading->arena, name);
    }
    lessons->labels[i].n += said;
    lessons->labels[i].n_counting += said && counts > 0;
}

static const struct retort_stored_model *model_seen(const struct reading *reading,
                                                    struct retort_span hash)
{
    for (size_t m = 0; m < reading->n_models; m++)
        if (retort_span_equal(retort_span_of(reading->models[m].hash), hash))
            return &reading->models[m];
    return NULL;
}

static bool put_one_of(struct reading *reading, const struct retort_json *set, double counts,
                       struct retort_error *error)
{
    struct retort_span name;
    if (retort_json_length(set) != 1 || !retort_json_text(retort_json_at(set, 0), &name))
        return retort_fail(error, RETORT_REFUSED,
                           "a decision on %s is of several labels, and the task's are of one",
                           reading->wanted->task);
    put_text(&reading->out, "label", name);
    count_label(reading, name, true, counts);
    return true;
}

static void put_any_of(struct reading *reading, const struct retort_json *set,
                       const struct lesson *lesson)
{
    const struct retort_decided *decided = &lesson->decided;
    struct retort_buffer *out = &reading->out;
    const struct retort_stored_model *model = model_seen(reading, decided->model);
    struct retort_span name;
    retort_json_key(out, "label");
    retort_buffer_put(out, decided->label);
    for (size_t i = 0; i < retort_json_length(set); i++)
        if (retort_json_text(retort_json_at(set, i), &name))
            count_label(reading, name, true, lesson->counts);
    if (!model)
        return;
    retort_json_key(out, "asked");
    retort_buffer_byte(out, '[');
    for (size_t l = 0; l < model->n_labels; l++) {
        retort_buffer_text(out, l ? "," : "");
        retort_json_put(out, retort_span_of(model->labels[l]));
        count_label(reading, retort_span_of(model->labels[l]), false, 0);
    }
    retort_buffer_byte(out, ']');
}

static bool put_labels(struct reading *reading, const struct lesson *lesson,
                       struct retort_error *error)
{
    const struct retort_decided *decided = &lesson->decided;
    struct retort_json *set = retort_json_parse(decided->label, error);
    if (!set)
        return retort_fail_within(error, "decision %lld", (long long)decided->decision);
    bool sound = true;
    if (reading->lessons->choice == RETORT_ONE_OF)
        sound = put_one_of(reading, set, lesson->counts, error);
    else
        put_any_of(reading, set, lesson);
    retort_json_free(set);
    return sound;
}

/* ---- all of it ---- */

/* Of items that the current model has learned from nothing can be told; the others are weighed as
 * if these had never waited. */
static void weigh_judging(struct reading *reading)
{
    struct retort_lessons told = {0};
    struct lesson *judging = retort_grow(NULL, reading->n + 1, sizeof *judging);
    size_t n = 0;
    for (size_t i = 0; i < reading->n; i++)
        if (reading->all[i].decided.first > reading->wanted->learned_up_to)
            judging[n++] = reading->all[i];
    lessons_weigh(judging, n, &reading->samples, &told);
    n = 0;
    for (size_t i = 0; i < reading->n; i++) {
        if (reading->all[i].decided.first > reading->wanted->learned_up_to)
            reading->all[i].judges = judging[n++].counts;
        reading->lessons->n_judging += reading->all[i].judges > 0;
    }
    free(judging);
}

static bool put_lesson(struct reading *reading, const struct lesson *lesson,
                       struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_buffer *out = &reading->out;
    bool put =
        put_item(reading, &lesson->decided, &arena, error) && put_labels(reading, lesson, error);
    retort_arena_release(&arena);
    retort_buffer_format(out, ",\"copies\":%u", lesson->copies);
    retort_json_key(out, "counts");
    retort_buffer_number(out, lesson->counts);
    retort_json_key(out, "judges");
    retort_buffer_number(out, lesson->judges);
    retort_buffer_text(out, "}\n");
    return put;
}

static int by_name(const void *left, const void *right)
{
    const struct retort_lesson_label *a = left, *b = right;
    return retort_span_compare(a->name, b->name);
}

bool retort_review_lessons(struct retort_store *store, const struct retort_lessons_wanted *wanted,
                           struct retort_arena *arena, struct retort_lessons *lessons,
                           struct retort_error *error)
{
    struct reading reading = {.store = store, .wanted = wanted, .arena = arena, .lessons = lessons};
    *lessons = (struct retort_lessons){0};
    bool read = read_decided(&reading, error);
    if (read) {
        lessons->n_partly += reading.samples.n_partly;
        lessons_weigh(reading.all, reading.n, &reading.samples, lessons);
        weigh_judging(&reading);
    }
    for (size_t i = 0; read && i < reading.n; i++)
        read = put_lesson(&reading, &reading.all[i], error);
    lessons->n = reading.n;
    lessons->lines = retort_arena_copy(arena, retort_buffer_span(&reading.out));
    if (lessons->n_labels)
        qsort(lessons->labels, lessons->n_labels, sizeof *lessons->labels, by_name);
    retort_buffer_release(&reading.out);
    free(reading.all);
    free(reading.samples.all);
    return read;
}

/* ---- are they enough? ---- */

static bool refuse_label(const struct retort_lesson_label *label, const char *task,
                         struct retort_error *error)
{
    return retort_fail(
        error, RETORT_INPUT,
        "%s: %zu decisions say \"%.*s\", at least %d are wanted of each label; decide "
        "more, or add labelled lines by --with FILE",
        task, label->n, label->name.len < 60 ? (int)label->name.len : 60,
        (const char *)label->name.data, RETORT_LESSONS_LEAST_OF_A_LABEL);
}

bool retort_review_lessons_suffice(const struct retort_lessons *lessons,
                                   const struct retort_lessons_wanted *wanted, bool alone,
                                   struct retort_error *error)
{
    if (lessons->n < RETORT_LESSONS_LEAST)
        return retort_fail(
            error, RETORT_INPUT,
            "%zu decisions on %s are in force (of bulks, which do not count: %zu); at "
            "least %d are wanted: retort review --task %s --order random",
            lessons->n, wanted->task, lessons->n_in_bulk, RETORT_LESSONS_LEAST, wanted->task);
    for (size_t l = 0; alone && l < lessons->n_labels; l++)
        if (lessons->labels[l].n < RETORT_LESSONS_LEAST_OF_A_LABEL)
            return refuse_label(&lessons->labels[l], wanted->task, error);
    return true;
}
