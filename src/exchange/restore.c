/* Ours, read: a comment with all that it tells goes into the store as it was.
 *
 * It may have been through other programs and other people's hands: every member is checked before
 * the store sees it, and where one is missing the rest still comes. */
#include "exchange/restore.h"

#include <string.h>

/* ---- the comment ---- */

static bool read_identity(struct retort_span hex, uint8_t *identity)
{
    static const char DIGITS[] = "0123456789abcdef";
    if (hex.len != 2 * RETORT_SHA256_BYTES)
        return false;
    for (size_t i = 0; i < hex.len; i++) {
        const char *digit = hex.data[i] ? strchr(DIGITS, hex.data[i]) : NULL;
        if (!digit)
            return false;
        identity[i / 2] = (uint8_t)(identity[i / 2] << 4 | (digit - DIGITS));
    }
    return true;
}

static struct retort_line_record line_of(const struct reading *reading,
                                         const struct import_comment *comment)
{
    struct retort_line_record line = import_line(comment, reading->source);
    if (retort_span_equal(comment->native_id, ours_text(reading, 0, "identity")))
        line.native_id = (struct retort_span){0};
    return line;
}

/* What was changed on its way is a comment like any other that comes. */
static bool put_changed(const struct reading *reading, const struct import_comment *comment,
                        struct restored *restored, struct retort_error *error)
{
    const struct retort_line_record line = line_of(reading, comment);
    reading->run->figures->n_changed++;
    restored->is_changed = restored->is_new = true;
    return retort_store_put_line(reading->run->store, &line, &restored->id, error);
}

static bool put_comment(const struct reading *reading, const struct import_comment *comment,
                        struct restored *restored, struct retort_error *error)
{
    uint8_t identity[RETORT_SHA256_BYTES] = {0};
    enum retort_told_as as;
    struct retort_told_comment told = {
        .line = line_of(reading, comment),
        .paged = parts_member(&reading->parts, 0, "comment") != 0,
        .ordinal = (uint64_t)ours_number(reading, 0, "ordinal"),
        .identity = identity,
        .stored = ours_text(reading, 0, "stored"),
    };
    if (!read_identity(ours_text(reading, 0, "identity"), identity) || !ours_is_time(told.stored))
        return put_changed(reading, comment, restored, error);
    if (!retort_store_restore_comment(reading->run->store, &told, &restored->id, &as, error))
        return false;
    restored->is_new = as == RETORT_TOLD_NEW;
    return as != RETORT_TOLD_CHANGED || put_changed(reading, comment, restored, error);
}

/* ---- its place ---- */

static bool read_pair(const struct reading *reading, size_t at, const char *key, int64_t *first,
                      int64_t *second)
{
    double value;
    const struct parts *parts = &reading->parts;
    size_t pair = parts_member(parts, at, key);
    size_t one = pair && parts_is(parts, pair, '[') ? parts_first(parts, pair) : 0;
    size_t two = one ? parts_next(parts, pair, one) : 0;
    if (!two || !parts_double(parts, one, &value) || value < 0 || value > 0x1p53)
        return false;
    *first = (int64_t)value;
    if (!parts_double(parts, two, &value) || value < 0 || value > 0x1p53)
        return false;
    *second = (int64_t)value;
    return true;
}

static bool read_place(const struct reading *reading, size_t at, struct retort_told_place *place,
                       struct retort_error *error)
{
    *place = (struct retort_told_place){
        .split = known_id(&reading->run->restoring->splits, ours_number(reading, at, "split")),
        .number = ours_number(reading, at, "comment"),
        .parent = ours_number(reading, at, "answers"),
    };
    return (place->number >= 1 && place->parent >= 0 && place->parent < place->number &&
            read_pair(reading, at, "lines", &place->first_line, &place->last_line) &&
            read_pair(reading, at, "bytes", &place->begin, &place->end)) ||
           retort_fail(error, RETORT_INPUT,
                       "stands on a page, but \"comment\", \"answers\", \"lines\" and \"bytes\" "
                       "in its \"retort\" are no place");
}

static bool put_other_place(const struct reading *reading, size_t at, void *context,
                            struct retort_error *error)
{
    const int64_t *comment = context;
    struct retort_told_place place;
    return read_place(reading, at, &place, error) &&
           (!place.split ||
            retort_store_restore_place(reading->run->store, *comment, &place, error));
}

static bool put_places(const struct reading *reading, int64_t comment, struct retort_error *error)
{
    struct retort_told_place place;
    if (!read_place(reading, 0, &place, error))
        return false;
    reading->run->figures->n_unplaced += place.split == 0;
    return (!place.split ||
            retort_store_restore_place(reading->run->store, comment, &place, error)) &&
           ours_each(reading, 0, "also", put_other_place, &comment, error);
}

/* ---- what models said ---- */

static bool is_among(const struct reading *reading, size_t list, const char *name)
{
    const struct parts *parts = &reading->parts;
    if (!list || !parts_is(parts, list, '['))
        return false;
    for (size_t at = parts_first(parts, list); at; at = parts_next(parts, list, at))
        if (retort_span_equal(parts_string(parts, at), retort_span_of(name)))
            return true;
    return false;
}

static bool read_scores(const struct reading *reading, size_t at, struct retort_answer *answer)
{
    const struct parts *parts = &reading->parts;
    const struct retort_stored_model *model = answer->model;
    struct retort_stored_score *scores =
        RETORT_NEW(reading->arena, struct retort_stored_score, model->n_labels);
    size_t p = parts_member(parts, at, "p"), label = parts_member(parts, at, "label"), n_on = 0,
           unsure = parts_member(parts, at, "unsure_labels");
    for (size_t i = 0; p && i < model->n_labels; i++) {
        size_t value = parts_member(parts, p, model->labels[i]);
        if (!value || !parts_double(parts, value, &scores[i].p) ||
            !(scores[i].p >= 0 && scores[i].p <= 1))
            return false;
        scores[i].on = is_among(reading, label, model->labels[i]);
        scores[i].unsure = is_among(reading, unsure, model->labels[i]);
        n_on += scores[i].on;
    }
    answer->scores = scores;
    return p && (n_on == 1 || model->choice != RETORT_ONE_OF);
}

static bool read_doubt(struct retort_span name, enum retort_doubt *doubt)
{
    for (int d = RETORT_SURE; d <= RETORT_DOUBT_EVIDENCE; d++)
        if (retort_span_equal(name, retort_span_of(retort_doubt_name((enum retort_doubt)d)))) {
            *doubt = (enum retort_doubt)d;
            return true;
        }
    return false;
}

static bool put_answer(const struct reading *reading, size_t at, bool latest,
                       struct restored *restored, struct retort_error *error)
{
    bool is_new;
    double worth = 0;
    struct retort_span target = ours_text(reading, at, "target");
    size_t told_worth = parts_member(&reading->parts, at, "worth");
    struct retort_answer answer = {.latest = latest,
                                   .target = target.data ? target : RETORT_SPAN("")};
    answer.model = known_model(reading->run->restoring, ours_text(reading, at, "model"));
    if (!answer.model)
        return retort_fail(error, RETORT_INPUT,
                           "has a label of a model that the file does not tell of; the line that "
                           "told of it is gone");
    if (!read_doubt(ours_text(reading, at, "doubt"), &answer.doubt) ||
        !read_scores(reading, at, &answer))
        return retort_fail(error, RETORT_INPUT,
                           "has a label for %s that its model cannot have said",
                           answer.model->task);
    if (told_worth && parts_double(&reading->parts, told_worth, &worth) && worth > 0 && worth < 1e6)
        answer.worth = worth;
    if (!retort_store_restore_answer(reading->run->store, restored->id, &answer, &is_new, error))
        return false;
    restored->n_answers++;
    restored->is_new |= is_new;
    return true;
}

static bool put_older(const struct reading *reading, size_t at, void *context,
                      struct retort_error *error)
{
    return put_answer(reading, at, false, context, error);
}

/* The older ones first: each label that comes ages those that are there. */
static bool put_answers(const struct reading *reading, struct restored *restored,
                        struct retort_error *error)
{
    const struct parts *parts = &reading->parts;
    size_t models = parts_member(parts, 0, "models");
    if (!ours_each(reading, 0, "older", put_older, restored, error))
        return false;
    if (!models || !parts_is(parts, models, '{'))
        return true;
    for (size_t key = parts_first(parts, models); key;) {
        size_t value = parts->all[key].next;
        if (!parts_is(parts, value, '{') || !put_answer(reading, value, true, restored, error))
            return parts_is(parts, value, '{')
                       ? false
                       : retort_fail(error, RETORT_INPUT,
                                     "\"models\" in its \"retort\" holds no "
                                     "objects");
        key = parts_next(parts, models, value);
    }
    return true;
}

/* ---- what was drawn, and what people said ---- */

/* A comment's selections, by their place, while its decisions are read. */
struct history {
    int64_t comment;
    int64_t *selections; /* in the arena */
    size_t n_selections;
};

static bool put_selection(const struct reading *reading, size_t at, void *context,
                          struct retort_error *error)
{
    struct history *history = context;
    size_t chance = parts_member(&reading->parts, at, "probability");
    struct retort_told_selection selection = {
        .draw = known_id(&reading->run->restoring->draws, ours_number(reading, at, "draw")),
        .task = ours_text(reading, at, "task"),
        .stratum = ours_text(reading, at, "stratum"),
    };
    int64_t *id = &history->selections[history->n_selections++];
    *id = 0;
    if (!selection.draw)
        return true; /* the line that told of the draw is gone */
    if (!chance || !parts_double(&reading->parts, chance, &selection.probability) ||
        !(selection.probability > 0 && selection.probability <= 1) || !selection.task.data)
        return retort_fail(error, RETORT_INPUT, "was drawn with no probability above 0 up to 1");
    return retort_store_restore_selection(reading->run->store, history->comment, &selection, id,
                                          error);
}

static const char *known_of(struct retort_span text, const char *const *words)
{
    while (*words && !retort_span_equal(text, retort_span_of(*words)))
        words++;
    return *words;
}

static bool is_list_of_names(const struct reading *reading, size_t at)
{
    const struct parts *parts = &reading->parts;
    if (!at || !parts_is(parts, at, '['))
        return false;
    for (size_t i = parts_first(parts, at); i; i = parts_next(parts, at, i))
        if (!parts_is(parts, i, '"'))
            return false;
    return true;
}

static bool check_decision(const struct reading *reading, size_t at,
                           const struct retort_told_decision *told, struct retort_error *error)
{
    const struct retort_decision_record *record = &told->record;
    bool is_word = record->kind &&
                   (strcmp(record->kind, "accept") == 0 || strcmp(record->kind, "correct") == 0);
    bool is_undo = record->kind && strcmp(record->kind, "undo") == 0;
    bool good = record->kind && told->told > 0 && told->told < INT64_C(1) << 53 &&
                record->reviewer[0] && ours_is_time(told->decided) &&
                is_word == (record->label.data != NULL) && is_undo == (record->undoes > 0) &&
                record->undoes < told->told && record->batch >= 0 && record->task.data;
    if (good && is_word)
        good = is_list_of_names(reading, parts_member(&reading->parts, at, "label"));
    return good || retort_fail(error, RETORT_INPUT,
                               "has a decision that is none: id, kind, reviewer, time and what was "
                               "said are wanted");
}

/* Where its id is held already, another export was put behind the first: what that one told comes
 * before. */
static bool hold_told(struct import_run *run, const struct retort_told_decision *told,
                      struct retort_error *error)
{
    enum { AT_ONCE = 1000 };
    bool held, finished = false, good = retort_store_hold_decision(run->store, told, &held, error);
    if (!good || held)
        return good;
    while (good && !finished)
        good = retort_store_restore_decisions(run->store, AT_ONCE, &run->figures->n_decisions,
                                              &finished, error);
    return good && retort_store_hold_decision(run->store, told, &held, error);
}

static bool hold_decision(const struct reading *reading, size_t at, void *context,
                          struct retort_error *error)
{
    static const char *const KINDS[] = {"accept", "correct", "skip", "escalate",
                                        "note",   "undo",    NULL};
    static const char *const VIAS[] = {"terminal", "page", "api", NULL};
    const struct history *history = context;
    int64_t selection = ours_number(reading, at, "selection");
    struct retort_span target = ours_text(reading, at, "target");
    const struct retort_told_decision told = {
        .record = {.comment = history->comment,
                   .task = ours_text(reading, at, "task"),
                   .target = target.data ? target : RETORT_SPAN(""),
                   .kind = known_of(ours_text(reading, at, "kind"), KINDS),
                   .label = parts_bytes(&reading->parts, at, "label"),
                   .note = ours_text(reading, at, "note"),
                   .reviewer =
                       retort_arena_string(reading->arena, ours_text(reading, at, "reviewer")),
                   .selection = selection > 0 && (size_t)selection <= history->n_selections
                                    ? history->selections[selection - 1]
                                    : 0,
                   .model = ours_text(reading, at, "model"),
                   .shown = parts_bytes(&reading->parts, at, "shown"),
                   .undoes = ours_number(reading, at, "undoes"),
                   .token = ours_text(reading, at, "token"),
                   .batch = ours_number(reading, at, "batch"),
                   .via = known_of(ours_text(reading, at, "via"), VIAS)},
        .told = ours_number(reading, at, "id"),
        .decided = ours_text(reading, at, "decided"),
    };
    return check_decision(reading, at, &told, error) && hold_told(reading->run, &told, error);
}

static bool put_history(const struct reading *reading, int64_t comment, struct retort_error *error)
{
    struct history history = {.comment = comment};
    history.selections = RETORT_NEW(reading->arena, int64_t, reading->parts.all[0].next);
    return ours_each(reading, 0, "selections", put_selection, &history, error) &&
           ours_each(reading, 0, "decisions", hold_decision, &history, error);
}

/* ---- all of it ---- */

static bool find_source(struct reading *reading, const struct import_comment *comment,
                        struct retort_error *error)
{
    struct retort_span source =
        comment->source.len ? comment->source : ours_text(reading, 0, "source");
    reading->source =
        source.len ? retort_arena_string(reading->arena, source) : reading->run->request->source;
    return source.len == 0 || !memchr(source.data, 0, source.len) ||
           retort_fail(error, RETORT_INPUT, "has a source with a NUL byte in its name");
}

static bool put_beside(const struct reading *reading, struct restored *restored,
                       struct retort_error *error)
{
    bool is_paged = parts_member(&reading->parts, 0, "comment") != 0 && !restored->is_changed;
    return (!is_paged || put_places(reading, restored->id, error)) &&
           put_answers(reading, restored, error) && put_history(reading, restored->id, error);
}

bool restore_comment(struct import_run *run, const struct import_comment *comment,
                     struct retort_arena *arena, struct restored *restored,
                     struct retort_error *error)
{
    struct reading reading = {.run = run, .arena = arena};
    *restored = (struct restored){0};
    if (!parts_read(comment->ours, arena, &reading.parts, error) ||
        !find_source(&reading, comment, error) || !restore_defines(&reading, error) ||
        !put_comment(&reading, comment, restored, error))
        return false;
    if (restored->id)
        return put_beside(&reading, restored, error);
    run->figures->n_forgotten++;
    return true;
}
