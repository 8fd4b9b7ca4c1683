/* What models have said of a line, in the line itself: written where it is labelled, read where it
 * is stored, which may be another machine.
 *
 * "labels" is for people and programs: p has four digits, and of one-of labels there is one. A
 * store keeps every p as it was computed, so it comes along as its bits:
 *
 *     "retort":{"target":"…","scores":{"stance":"S","reply":"S","tone":"S"}}
 *
 * S is text of a fixed length: 16 digits of the model's hash, the doubt, and for each label in the
 * model's order 16 digits of p (IEEE 754 binary64, the sign first) and its flags. Digits are
 * hexadecimal: a decimal number that holds every double is as long, and ten times the work.
 * `target` stands there where it was given for all lines. What is read may come from anybody and is
 * checked: it can be false, but it cannot be what no model says. */
#include "intake/intake.h"

#include <string.h>

enum {
    HASH_DIGITS = 16,
    P_DIGITS = 16,
    LABEL_DIGITS = P_DIGITS + 1,
    HEAD_DIGITS = HASH_DIGITS + 1,
    FLAG_ON = 1,
    FLAG_UNSURE = 2,
};

/* ---- writing ---- */

static void put_digits(struct retort_buffer *out, uint64_t value, size_t n)
{
    static const char DIGITS[] = "0123456789abcdef";
    uint8_t text[P_DIGITS];
    for (size_t i = n; i-- > 0; value >>= 4)
        text[i] = (uint8_t)DIGITS[value & 15];
    retort_buffer_put(out, (struct retort_span){text, n});
}

static void put_verdict(struct retort_buffer *out, const struct retort_verdict *verdict)
{
    bool one = retort_model_choice(verdict->model) == RETORT_ONE_OF;
    const char *hash = retort_model_hash(verdict->model);
    retort_buffer_byte(out, '"');
    retort_buffer_put(out, (struct retort_span){(const uint8_t *)hash, HASH_DIGITS});
    put_digits(out, verdict->doubt, 1);
    for (size_t l = 0; l < retort_model_n_labels(verdict->model); l++) {
        const struct retort_score *score = &verdict->scores[l];
        bool on = one ? l == verdict->label : score->on;
        uint64_t bits;
        memcpy(&bits, &score->p, sizeof bits);
        put_digits(out, bits, P_DIGITS);
        put_digits(out, (on ? FLAG_ON : 0) | (score->unsure ? FLAG_UNSURE : 0), 1);
    }
    retort_buffer_byte(out, '"');
}

void retort_intake_put_scores(struct retort_buffer *out, const struct retort_judge *judge,
                              const struct retort_intake_line *line,
                              const struct retort_verdict *verdicts)
{
    retort_json_key(out, "retort");
    retort_buffer_byte(out, '{');
    if (judge->target.data && !line->target.data) {
        retort_json_key(out, "target");
        retort_json_put(out, judge->target);
    }
    retort_json_key(out, "scores");
    retort_buffer_byte(out, '{');
    for (size_t m = 0; m < judge->models->n_models; m++) {
        retort_json_key(out, retort_model_task(verdicts[m].model));
        put_verdict(out, &verdicts[m]);
    }
    retort_buffer_text(out, "}}");
}

/* ---- reading ---- */

static bool no_scores(struct retort_error *error)
{
    return retort_fail(
        error, RETORT_INPUT,
        "was not labelled by `retort label --json --for-import`; label it so, or store "
        "it by `retort label -d`");
}

static bool take_digits(struct retort_span *text, size_t n, uint64_t *value)
{
    *value = 0;
    if (text->len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = text->data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        *value = *value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *text = retort_span_slice(*text, n, text->len);
    return true;
}

static bool take_score(struct retort_span *text, struct retort_score *score)
{
    uint64_t bits, flags;
    if (!take_digits(text, P_DIGITS, &bits) || !take_digits(text, 1, &flags) || flags > 3)
        return false;
    memcpy(&score->p, &bits, sizeof bits);
    score->on = flags & FLAG_ON;
    score->unsure = flags & FLAG_UNSURE;
    return score->p >= 0 && score->p <= 1; /* and no NaN */
}

/* Of one-of labels one is on. */
static bool find_label(struct retort_verdict *verdict, size_t n_on)
{
    bool one = retort_model_choice(verdict->model) == RETORT_ONE_OF;
    while (one && n_on == 1 && !verdict->scores[verdict->label].on)
        verdict->label++;
    return !one || n_on == 1;
}

static bool take_scores(struct retort_span text, struct retort_arena *arena,
                        struct retort_verdict *verdict)
{
    size_t n_labels = retort_model_n_labels(verdict->model), n_on = 0;
    uint64_t doubt;
    if (text.len != 1 + n_labels * LABEL_DIGITS || !take_digits(&text, 1, &doubt) ||
        doubt > RETORT_DOUBT_EVIDENCE)
        return false;
    verdict->doubt = (enum retort_doubt)doubt;
    verdict->scores = RETORT_NEW(arena, struct retort_score, n_labels);
    for (size_t l = 0; l < n_labels; l++) {
        verdict->scores[l] = (struct retort_score){0};
        if (!take_score(&text, &verdict->scores[l]))
            return false;
        n_on += verdict->scores[l].on;
    }
    return find_label(verdict, n_on);
}

static const struct retort_model *find_model(const struct retort_models *models,
                                             struct retort_span task)
{
    for (size_t m = 0; m < models->n_models; m++)
        if (retort_span_equal(task, retort_span_of(retort_model_task(models->models[m]))))
            return models->models[m];
    return NULL;
}

/* Another model's answers are not this one's, whatever they say. */
static bool other_model(struct retort_span task, struct retort_span hash,
                        const struct retort_model *ours, struct retort_error *error)
{
    if (!ours)
        return retort_fail(
            error, RETORT_REFUSED,
            "%.*s was labelled, for which there is no model here; --models wants the "
            "directory of the models that labelled it",
            (int)task.len, (const char *)task.data);
    return retort_fail(error, RETORT_REFUSED,
                       "%.*s was labelled by model %.*s…, and here is %.16s…; --models wants the "
                       "directory of the models that labelled it",
                       (int)task.len, (const char *)task.data, (int)hash.len,
                       (const char *)hash.data, retort_model_hash(ours));
}

static bool read_task(struct retort_span task, struct retort_span text,
                      const struct retort_models *models, struct retort_arena *arena,
                      struct retort_verdict *verdict, struct retort_error *error)
{
    struct retort_span hash = retort_span_slice(text, 0, HASH_DIGITS), digits = hash;
    const struct retort_model *model = find_model(models, task);
    uint64_t ignored;
    *verdict = (struct retort_verdict){.model = model};
    if (task.len > RETORT_LABEL_NAME || !take_digits(&digits, HASH_DIGITS, &ignored))
        return no_scores(error);
    if (!model || memcmp(hash.data, retort_model_hash(model), HASH_DIGITS) != 0)
        return other_model(task, hash, model, error);
    return take_scores(retort_span_slice(text, HASH_DIGITS, text.len), arena, verdict) ||
           no_scores(error);
}

/* ---- the member ---- */

static bool is_string(struct retort_span value)
{
    return value.data[0] == '"';
}

/* A member's key has its quotes around it, where it stands. */
static struct retort_span key_of(const struct retort_json_member *member,
                                 struct retort_arena *arena)
{
    return retort_json_unquote((struct retort_span){member->key.data - 1, member->key.len + 2},
                               arena);
}

static bool read_members(struct retort_span value, struct retort_arena *arena,
                         struct retort_json_object *object, struct retort_error *error)
{
    return value.data[0] == '{' && retort_json_scan(value, arena, object, error);
}

/* An object of tasks. */
static bool read_tasks(struct retort_span value, const struct retort_models *models,
                       struct retort_arena *arena, struct retort_intake_said *said,
                       struct retort_error *error)
{
    struct retort_json_object tasks;
    if (!read_members(value, arena, &tasks, error))
        return no_scores(error);
    said->verdicts = RETORT_NEW(arena, struct retort_verdict, tasks.n_members);
    for (; said->n_verdicts < tasks.n_members; said->n_verdicts++) {
        const struct retort_json_member *task = &tasks.members[said->n_verdicts];
        if (!is_string(task->value))
            return no_scores(error);
        if (!read_task(key_of(task, arena), retort_json_unquote(task->value, arena), models, arena,
                       &said->verdicts[said->n_verdicts], error))
            return false;
    }
    return true;
}

/* An object of "target" and "scores". */
static bool read_said(struct retort_span value, const struct retort_models *models,
                      struct retort_arena *arena, struct retort_intake_said *said,
                      struct retort_error *error)
{
    struct retort_json_object members;
    struct retort_span scores = {0};
    if (!read_members(value, arena, &members, error))
        return no_scores(error);
    for (size_t i = 0; i < members.n_members; i++) {
        const struct retort_json_member *member = &members.members[i];
        if (retort_span_equal(member->key, RETORT_SPAN("scores")))
            scores = member->value;
        else if (retort_span_equal(member->key, RETORT_SPAN("target")) && is_string(member->value))
            said->target = retort_json_unquote(member->value, arena);
        else
            return no_scores(error);
    }
    return scores.data ? read_tasks(scores, models, arena, said, error) : no_scores(error);
}

bool retort_intake_read_scores(const struct retort_intake_line *line,
                               const struct retort_models *models, struct retort_arena *arena,
                               struct retort_intake_said *said, struct retort_error *error)
{
    size_t i = 0;
    *said = (struct retort_intake_said){0};
    while (i < line->n_members && !retort_span_equal(line->members[i].key, RETORT_SPAN("retort")))
        i++;
    if (i == line->n_members)
        return no_scores(error);
    if (!read_said(line->members[i].value, models, arena, said, error))
        return false;
    if (line->target.data)
        said->target = line->target;
    return true;
}
