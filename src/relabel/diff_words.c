/* Words: why a label turned over.
 *
 * Both models' margins are sums over the comment's words; what a word has moved is the difference
 * of the two. Margins of two machines have no common unit, so they are read as log odds: by the
 * slope of the line that makes probabilities of them, of a broken line by that from end to end. A
 * phrase of one model may be two words of the other: words that overlap count as one.
 *
 * A sum is not yet an effect, so the comment is labelled again without each word: where both models
 * then say the same, the word is decisive. */
#include "relabel/diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A word where it stands, or a feature that stands on none (begin = end). */
struct piece {
    struct retort_span name;
    uint32_t begin, end;
    uint64_t group;  /* of the same words in whatever case */
    double moved[2]; /* by the old model, by the new */
};

struct pieces {
    struct piece *all;
    size_t n, capacity;
    struct retort_arena *arena;
};

const struct retort_model *diff_open_model(const struct retort_models *models, const char *hash)
{
    for (size_t i = 0; i < models->n_models; i++)
        if (strcmp(retort_model_hash(models->models[i]), hash) == 0)
            return models->models[i];
    return NULL;
}

/* ---- what each model says of it ---- */

/* Log odds for a unit of margin. */
static double slope_of(const struct retort_label *label)
{
    const struct retort_curve *curve = &label->curve;
    size_t last = curve->n_knots ? curve->n_knots - 1 : 0;
    if (label->link != RETORT_ISOTONIC)
        return -label->platt_a;
    double wide = curve->margins[last] - curve->margins[0];
    return wide > 0 ? (curve->log_odds[last] - curve->log_odds[0]) / wide : 0;
}

static void add_piece(struct pieces *pieces, const struct retort_cause *cause, size_t side,
                      double moved)
{
    if (pieces->n == pieces->capacity) {
        pieces->capacity = pieces->capacity ? 2 * pieces->capacity : 64;
        pieces->all = retort_grow(pieces->all, pieces->capacity, sizeof *pieces->all);
    }
    struct piece *piece = &pieces->all[pieces->n++];
    *piece = (struct piece){.name = cause->name, .begin = cause->begin, .end = cause->end};
    piece->moved[side] = moved;
}

/* toward: 1 for the label that it turned to, −1 for the one that it turned from. */
static void add_label(struct pieces *pieces, const struct retort_model *model, const char *name,
                      const struct retort_explanation *explanations, double toward, size_t side)
{
    for (size_t l = 0; l < retort_model_n_labels(model); l++) {
        const struct retort_label *label = retort_model_label(model, l);
        if (strcmp(label->name, name) != 0)
            continue;
        for (size_t c = 0; c < explanations[l].n_causes; c++)
            add_piece(pieces, &explanations[l].causes[c], side,
                      toward * slope_of(label) * explanations[l].causes[c].contribution);
    }
}

static void add_model(const struct diff_explainer *explainer, const struct task *task,
                      const struct flip *flip, const struct retort_item *item,
                      struct pieces *pieces, size_t side)
{
    size_t met = side == 0 ? flip->before : flip->after;
    const struct retort_model *model = diff_open_model(explainer->models, task->met[met].hash);
    if (!model)
        return;
    struct retort_explanation *explanations =
        RETORT_NEW(pieces->arena, struct retort_explanation, retort_model_n_labels(model));
    retort_explain(explainer->labeller, model, item, pieces->arena, explanations);
    add_label(pieces, model, task->names[flip->label], explanations, flip->on ? 1 : -1, side);
    if (flip->was != flip->label)
        add_label(pieces, model, task->names[flip->was], explanations, -1, side);
}

/* ---- one number a word ---- */

static int by_place(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return (a->end < b->end) - (a->end > b->end);
}

uint64_t diff_fold(struct retort_span name, bool is_word)
{
    struct retort_buffer folded = {0};
    for (size_t at = 0; at < name.len;) {
        uint8_t bytes[4];
        uint32_t letter = retort_fold(retort_utf8_next(name, &at));
        retort_buffer_put(&folded, (struct retort_span){bytes, retort_utf8_put(bytes, letter)});
    }
    uint64_t hash = retort_hash(retort_buffer_span(&folded), is_word);
    retort_buffer_release(&folded);
    return hash;
}

/* Those that lie over each other become one; those that stand on no word stay as they are. */
static void merge_places(struct pieces *pieces, struct retort_span text)
{
    size_t n = 0;
    if (pieces->n)
        qsort(pieces->all, pieces->n, sizeof *pieces->all, by_place);
    for (size_t i = 0; i < pieces->n; i++) {
        struct piece piece = pieces->all[i], *last = n ? &pieces->all[n - 1] : NULL;
        if (!last || piece.begin == piece.end || last->begin == last->end ||
            piece.begin >= last->end) {
            pieces->all[n++] = piece;
            continue;
        }
        last->end = piece.end > last->end ? piece.end : last->end;
        last->moved[0] += piece.moved[0];
        last->moved[1] += piece.moved[1];
    }
    pieces->n = n;
    for (size_t i = 0; i < n; i++) {
        struct piece *piece = &pieces->all[i];
        if (piece->end > piece->begin)
            piece->name = retort_span_slice(text, piece->begin, piece->end);
        piece->group = diff_fold(piece->name, piece->end > piece->begin);
    }
}

static int by_group(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return by_place(a, b);
}

struct mover {
    struct retort_diff_cause cause;
    uint64_t group;
    uint32_t begin;
};

/* The largest first; of equals the one that stands first. */
static int by_size(const void *left, const void *right)
{
    const struct mover *a = left, *b = right;
    double x = a->cause.after - a->cause.before, y = b->cause.after - b->cause.before;
    if (x < y || x > y)
        return x > y ? -1 : 1;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

static struct mover *find_movers(struct pieces *pieces, size_t *n_movers)
{
    struct mover *movers = RETORT_NEW(pieces->arena, struct mover, pieces->n);
    size_t n = 0;
    if (pieces->n)
        qsort(pieces->all, pieces->n, sizeof *pieces->all, by_group);
    for (size_t i = 0; i < pieces->n; i++) {
        const struct piece *piece = &pieces->all[i];
        if (i == 0 || piece->group != pieces->all[i - 1].group)
            movers[n++] = (struct mover){{.name = piece->name}, piece->group, piece->begin};
        struct retort_diff_cause *cause = &movers[n - 1].cause;
        cause->n_places += piece->end > piece->begin;
        cause->before += piece->moved[0];
        cause->after += piece->moved[1];
    }
    if (n)
        qsort(movers, n, sizeof *movers, by_size);
    *n_movers = n;
    return movers;
}

/* ---- without it ---- */

static struct retort_span text_without(const struct pieces *pieces, uint64_t group,
                                       struct retort_span text)
{
    struct retort_buffer left = {0};
    size_t at = 0;
    for (size_t i = 0; i < pieces->n; i++) { /* of a group, in the order of the text */
        if (pieces->all[i].group != group)
            continue;
        retort_buffer_put(&left, retort_span_slice(text, at, pieces->all[i].begin));
        at = pieces->all[i].end;
    }
    retort_buffer_put(&left, retort_span_slice(text, at, text.len));
    text = retort_arena_copy(pieces->arena, retort_buffer_span(&left));
    retort_buffer_release(&left);
    return text;
}

/* What a model says: the label, as one of the task's; any-of: whether the flip's label is on. */
static size_t say(const struct diff_explainer *explainer, const struct task *task,
                  const struct flip *flip, size_t met, const struct retort_item *item)
{
    struct retort_arena arena = {0};
    struct retort_verdict verdict;
    const struct retort_model *model = diff_open_model(explainer->models, task->met[met].hash);
    const size_t *places = task->met[met].places;
    size_t said = 0;
    retort_label_item(explainer->labeller, model, item, &arena, &verdict);
    if (task->choice == RETORT_ONE_OF)
        said = places[verdict.label];
    for (size_t l = 0; task->choice == RETORT_ANY_OF && l < retort_model_n_labels(model); l++)
        if (places[l] == flip->label)
            said = verdict.scores[l].on;
    retort_arena_release(&arena);
    return said;
}

/* Do both say the same of it? An old model that is not here stays with what it said. */
static bool agree(const struct diff_explainer *explainer, const struct task *task,
                  const struct flip *flip, const struct retort_item *item, bool has_before)
{
    size_t before = task->choice == RETORT_ONE_OF ? flip->was : !flip->on;
    if (has_before)
        before = say(explainer, task, flip, flip->before, item);
    return before == say(explainer, task, flip, flip->after, item);
}

/* ---- a flip ---- */

static void tell_causes(const struct diff_explainer *explainer, const struct task *task,
                        const struct flip *flip, const struct retort_item *item, bool decisive,
                        struct retort_diff_flip *told)
{
    struct retort_arena arena = {0};
    struct pieces pieces = {.arena = &arena};
    size_t n;
    add_model(explainer, task, flip, item, &pieces, 0);
    add_model(explainer, task, flip, item, &pieces, 1);
    merge_places(&pieces, item->text);
    struct mover *movers = find_movers(&pieces, &n);
    told->causes = RETORT_NEW(explainer->arena, struct retort_diff_cause, RETORT_MOST_DECIDERS);
    told->rest = told->margin;
    for (size_t i = 0; i < n && told->n_causes < RETORT_MOST_DECIDERS; i++) {
        struct retort_diff_cause *cause = &told->causes[told->n_causes];
        if (!(movers[i].cause.after > movers[i].cause.before))
            break;
        *cause = movers[i].cause;
        told->rest -= cause->after - cause->before;
        cause->name = retort_arena_copy(explainer->arena, cause->name);
        if (decisive && cause->n_places > 0 && told->has_after) {
            struct retort_item without = *item;
            without.text = text_without(&pieces, movers[i].group, item->text);
            cause->decisive = agree(explainer, task, flip, &without, told->has_before);
        }
        told->n_causes++;
    }
    free(pieces.all);
    retort_arena_release(&arena);
}

bool diff_explain(const struct diff_explainer *explainer, const struct task *task,
                  const struct flip *flip, bool decisive, struct retort_diff_flip *told,
                  struct retort_error *error)
{
    struct retort_item item;
    struct retort_arena arena = {0};
    struct retort_span target = retort_buffer_span(&flip->target);
    bool read = retort_relabel_item(explainer->store, flip->comment, target, &arena, &item, error);
    *told = (struct retort_diff_flip){
        .comment = flip->comment,
        .was = flip->was,
        .label = flip->label,
        .on = flip->on,
        .p_before = flip->p_before,
        .p_after = flip->p_after,
        .margin = flip->margin,
        .target = retort_arena_copy(explainer->arena, target),
        .has_before = diff_open_model(explainer->models, task->met[flip->before].hash) != NULL,
        .has_after = diff_open_model(explainer->models, task->met[flip->after].hash) != NULL,
    };
    if (flip->judged)
        told->human = flip->judged->label;
    if (read) {
        told->text = retort_arena_copy(explainer->arena, item.text);
        tell_causes(explainer, task, flip, &item, decisive, told);
    }
    retort_arena_release(&arena);
    return read;
}
