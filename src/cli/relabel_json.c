/* A diff for a program: one object with all that relabel.h tells of it. */
#include "cli/relabel_report.h"

static const char *const STANDS[] = {"unasked", "off", "on"};

static void put_fixed(struct retort_buffer *out, const char *key, double value, int decimals)
{
    retort_json_key(out, key);
    retort_buffer_fixed(out, value, decimals); /* what is no number is null */
}

static void put_hashes(struct retort_buffer *out, const char *key, const char *const *hashes,
                       size_t n)
{
    retort_json_key(out, key);
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        retort_buffer_text(out, i ? "," : "");
        retort_json_put(out, retort_span_of(hashes[i]));
    }
    retort_buffer_byte(out, ']');
}

/* ---- people ---- */

static void put_side(struct retort_buffer *out, const char *key, uint64_t right,
                     const struct retort_share *share)
{
    retort_json_key(out, key);
    retort_buffer_byte(out, '{');
    cli_json_count(out, "right", right);
    put_fixed(out, "share", share->value, 4);
    put_fixed(out, "low", share->low, 4);
    put_fixed(out, "high", share->high, 4);
    retort_buffer_byte(out, '}');
}

static void put_concord(struct retort_buffer *out, const struct retort_concord *concord)
{
    cli_json_count(out, "n", concord->n);
    put_side(out, "before", concord->before_right, &concord->before);
    put_side(out, "after", concord->after_right, &concord->after);
    cli_json_count(out, "only_before", concord->only_before);
    cli_json_count(out, "only_after", concord->only_after);
    cli_json_count(out, "threads", concord->n_threads);
    retort_json_key(out, "lead");
    retort_buffer_byte(out, '{');
    put_fixed(out, "value", concord->lead.value, 4);
    put_fixed(out, "low", concord->lead.low, 4);
    put_fixed(out, "high", concord->lead.high, 4);
    retort_buffer_byte(out, '}');
    put_fixed(out, "p", concord->p, 6);
}

static void put_people(struct retort_buffer *out, const struct retort_diff_task *task)
{
    retort_json_key(out, "people");
    retort_buffer_byte(out, '{');
    cli_json_count(out, "decided", task->n_decided);
    cli_json_count(out, "learned", task->n_learned);
    cli_json_count(out, "kept", task->n_kept);
    cli_json_flag(out, "random", task->random);
    put_concord(out, &task->concord);
    retort_buffer_byte(out, '}');
}

/* ---- flow ---- */

/* "off":{"unasked":0,"off":12,"on":3}, and so on. */
static void put_label(struct retort_buffer *out, const struct retort_diff_label *label)
{
    retort_json_key(out, label->name);
    retort_buffer_byte(out, '{');
    for (size_t before = 0; before < RETORT_N_STANDS; before++) {
        retort_json_key(out, STANDS[before]);
        retort_buffer_byte(out, '{');
        for (size_t after = 0; after < RETORT_N_STANDS; after++)
            cli_json_count(out, STANDS[after], label->flow[before][after]);
        retort_buffer_byte(out, '}');
    }
    retort_json_key(out, "people");
    retort_buffer_byte(out, '{');
    put_concord(out, &label->concord);
    retort_buffer_byte(out, '}');
    cli_json_text(out, "verdict", retort_span_of(retort_better_name(label->verdict)));
    retort_buffer_byte(out, '}');
}

/* From and to are null where there was no label. */
static void put_moves(struct retort_buffer *out, const struct retort_diff_task *task)
{
    size_t n = task->n_labels;
    bool first = true;
    retort_json_key(out, "moves");
    retort_buffer_byte(out, '[');
    for (size_t cell = 0; cell < (n + 1) * (n + 1); cell++) {
        const size_t ends[] = {cell / (n + 1), cell % (n + 1)};
        if (task->moves[cell] == 0)
            continue;
        retort_buffer_text(out, first ? "{" : ",{");
        for (size_t i = 0; i < 2; i++) {
            retort_json_key(out, i ? "to" : "from");
            if (ends[i] < n)
                retort_json_put(out, retort_span_of(task->labels[ends[i]].name));
            else
                retort_buffer_text(out, "null");
        }
        cli_json_count(out, "n", task->moves[cell]);
        retort_buffer_byte(out, '}');
        first = false;
    }
    retort_buffer_byte(out, ']');
}

static void put_flow(struct retort_buffer *out, const struct retort_diff_task *task)
{
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < task->n_labels; i++)
        put_label(out, &task->labels[i]);
    retort_buffer_byte(out, '}');
    if (task->moves)
        put_moves(out, task);
}

/* ---- flips ---- */

static void put_cause(struct retort_buffer *out, const struct retort_diff_cause *cause)
{
    retort_buffer_byte(out, '{');
    cli_json_text(out, "name", cause->name);
    cli_json_count(out, "places", cause->n_places);
    put_fixed(out, "before", cause->before, 4);
    put_fixed(out, "after", cause->after, 4);
    cli_json_flag(out, "decisive", cause->decisive);
    retort_buffer_byte(out, '}');
}

static void put_flip(struct retort_buffer *out, const struct retort_diff_task *task,
                     const struct retort_diff_flip *flip)
{
    retort_buffer_byte(out, '{');
    cli_json_count(out, "comment", (uint64_t)flip->comment);
    put_fixed(out, "margin", flip->margin, 4);
    cli_json_text(out, "was", retort_span_of(task->labels[flip->was].name));
    cli_json_text(out, "label", retort_span_of(task->labels[flip->label].name));
    cli_json_flag(out, "on", flip->on);
    put_fixed(out, "p_before", flip->p_before, 4);
    put_fixed(out, "p_after", flip->p_after, 4);
    if (flip->target.len)
        cli_json_text(out, "target", flip->target);
    cli_json_text(out, "text", flip->text);
    if (flip->human.data) {
        retort_json_key(out, "people");
        retort_buffer_put(out, flip->human);
    }
    cli_json_flag(out, "old_model", flip->has_before);
    cli_json_flag(out, "new_model", flip->has_after);
    retort_json_key(out, "words");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < flip->n_causes; i++) {
        retort_buffer_text(out, i ? "," : "");
        put_cause(out, &flip->causes[i]);
    }
    retort_buffer_byte(out, ']');
    put_fixed(out, "rest", flip->rest, 4);
    retort_buffer_byte(out, '}');
}

static void put_flips(struct retort_buffer *out, const struct retort_diff_task *task)
{
    cli_json_count(out, "turned", task->n_turned);
    retort_json_key(out, "flips");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < task->n_flips; i++) {
        retort_buffer_text(out, i ? "," : "");
        put_flip(out, task, &task->flips[i]);
    }
    retort_buffer_byte(out, ']');
}

/* ---- drifts ---- */

static void put_drift(struct retort_buffer *out, const struct retort_diff_task *task,
                      const struct retort_diff_drift *drift)
{
    retort_buffer_byte(out, '{');
    cli_json_text(out, "was", retort_span_of(task->labels[drift->was].name));
    cli_json_text(out, "label", retort_span_of(task->labels[drift->label].name));
    cli_json_flag(out, "on", drift->on);
    cli_json_count(out, "n", drift->n);
    cli_json_count(out, "drawn", drift->n_drawn);
    retort_json_key(out, "words");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < drift->n_words; i++) {
        retort_buffer_text(out, i ? ",{" : "{");
        cli_json_text(out, "name", drift->words[i].name);
        cli_json_flag(out, "word", drift->words[i].is_word);
        cli_json_count(out, "flips", drift->words[i].n_flips);
        put_fixed(out, "moved", drift->words[i].moved, 4);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_text(out, "]}");
}

static void put_drifts(struct retort_buffer *out, const struct retort_diff_task *task)
{
    retort_json_key(out, "drifts");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < task->n_drifts; i++) {
        retort_buffer_text(out, i ? "," : "");
        put_drift(out, task, &task->drifts[i]);
    }
    retort_buffer_byte(out, ']');
}

/* ---- a task ---- */

static void put_task(struct retort_buffer *out, const struct retort_diff_task *task)
{
    retort_buffer_byte(out, '{');
    cli_json_text(out, "task", retort_span_of(task->task));
    cli_json_text(out, "choice",
                  retort_span_of(task->choice == RETORT_ONE_OF ? "one-of" : "any-of"));
    put_hashes(out, "before", task->before, task->n_before);
    put_hashes(out, "after", task->after, task->n_after);
    cli_json_count(out, "comments", task->n);
    cli_json_count(out, "first_time", task->n_new);
    cli_json_count(out, "changed", task->n_changed);
    cli_json_count(out, "unsure_before", task->unsure_before);
    cli_json_count(out, "unsure_after", task->unsure_after);
    cli_json_text(out, "verdict", retort_span_of(retort_better_name(task->verdict)));
    cli_json_text(out, "reason", task->reason);
    put_people(out, task);
    put_flow(out, task);
    put_drifts(out, task);
    put_flips(out, task);
    retort_buffer_byte(out, '}');
}

void relabel_put_json(struct retort_buffer *out, int64_t run,
                      const struct retort_diff_report *report)
{
    retort_buffer_text(out, "{\"run\":");
    if (run)
        retort_buffer_format(out, "%lld", (long long)run);
    retort_buffer_text(out, run ? ",\"tasks\":[" : "null,\"tasks\":[");
    for (size_t i = 0; i < report->n_tasks; i++) {
        retort_buffer_text(out, i ? "," : "");
        put_task(out, &report->tasks[i]);
    }
    retort_buffer_text(out, "]}\n");
}
