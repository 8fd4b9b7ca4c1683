/* A diff for a person: task by task the verdict, what flows from label to label, and the labels
 * that turned over, the farthest first, with the words that turned them. */
#include "cli/relabel_report.h"

#include <math.h>
#include <string.h>

enum { INDENT = 2, BELOW = 9, MOST_MATRIX = 7, HASH_DIGITS = 12, MOST_NAME = 60 };

struct sheet {
    struct retort_buffer *out;
    size_t columns;
    bool colour;
};

/* ---- pieces ---- */

static size_t columns_of(struct retort_span text)
{
    size_t n = 0;
    for (size_t at = 0; at < text.len;)
        n += retort_columns(retort_utf8_next(text, &at));
    return n;
}

/* Words, wrapped, each line indented. */
static void put_wrapped(const struct sheet *sheet, struct retort_span text)
{
    size_t used = 0;
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        for (end = at; end < text.len && text.data[end] != ' '; end++)
            ;
        struct retort_span word = retort_span_slice(text, at, end);
        size_t width = columns_of(word);
        bool first = used == 0, fits = used + 1 + width <= sheet->columns;
        if (first || !fits)
            retort_buffer_format(sheet->out, "%s%*s", first ? "" : "\n", INDENT, "");
        else
            retort_buffer_byte(sheet->out, ' ');
        cli_excerpt(sheet->out, word, SIZE_MAX, false);
        used = first || !fits ? INDENT + width : used + 1 + width;
    }
    retort_buffer_byte(sheet->out, '\n');
}

/* "1,234,567", right-aligned. */
static void put_count(struct retort_buffer *out, uint64_t n, const char *sign, int columns)
{
    char digits[32], grouped[48];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            grouped[at++] = ',';
        grouped[at++] = digits[i];
    }
    grouped[at] = 0;
    sign = n > 0 ? sign : "";
    int wide = (int)columns_of(retort_span_of(sign)) + at;
    retort_buffer_format(out, "%*s%s%s", columns > wide ? columns - wide : 0, "", sign, grouped);
}

static void put_name(struct retort_buffer *out, const char *name, size_t columns)
{
    cli_excerpt(out, retort_span_of(name), columns, true);
}

static void put_styled(const struct sheet *sheet, enum cli_style style, const char *text)
{
    retort_buffer_format(sheet->out, "%s%s%s", cli_style(sheet->colour, style), text,
                         cli_style(sheet->colour, CLI_PLAIN));
}

static enum cli_style style_of(enum retort_better verdict)
{
    static const enum cli_style STYLES[] = {CLI_YELLOW, CLI_GREEN, CLI_RED};
    return STYLES[verdict];
}

/* ---- heading and verdict ---- */

static void put_hashes(struct retort_buffer *out, const char *const *hashes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        retort_buffer_format(out, "%s%.*s", i ? ", " : "", HASH_DIGITS, hashes[i]);
    retort_buffer_text(out, n ? "" : "none");
}

static void put_heading(const struct sheet *sheet, const struct retort_diff_task *task)
{
    struct retort_buffer *out = sheet->out;
    put_styled(sheet, CLI_BOLD, task->task);
    retort_buffer_text(out, ": model ");
    put_hashes(out, task->before, task->n_before);
    retort_buffer_text(out, " → ");
    put_hashes(out, task->after, task->n_after);
    retort_buffer_text(out, "\n  ");
    put_count(out, task->n, "", 0);
    retort_buffer_format(out, " comment%s, ", task->n == 1 ? "" : "s");
    put_count(out, task->n_changed, "", 0);
    retort_buffer_text(out, " with other labels");
    if (task->n_new > 0) {
        retort_buffer_text(out, ", ");
        put_count(out, task->n_new, "", 0);
        retort_buffer_text(out, " labelled for the first time");
    }
    retort_buffer_text(out, "; unsure ");
    put_count(out, task->unsure_before, "", 0);
    retort_buffer_text(out, " → ");
    put_count(out, task->unsure_after, "", 0);
    retort_buffer_byte(out, '\n');
}

static void put_verdict(const struct sheet *sheet, const struct retort_diff_task *task)
{
    retort_buffer_text(sheet->out, "\n  verdict: ");
    put_styled(sheet, style_of(task->verdict), retort_better_name(task->verdict));
    retort_buffer_byte(sheet->out, '\n');
    put_wrapped(sheet, task->reason);
}

/* ---- flow ---- */

static uint64_t stood(const struct retort_diff_label *label, enum retort_stand before)
{
    uint64_t n = 0;
    for (size_t after = 0; after < RETORT_N_STANDS; after++)
        n += label->flow[before][after];
    return n;
}

static uint64_t stands(const struct retort_diff_label *label, enum retort_stand after)
{
    uint64_t n = 0;
    for (size_t before = 0; before < RETORT_N_STANDS; before++)
        n += label->flow[before][after];
    return n;
}

static void put_share(struct retort_buffer *out, double share, int columns)
{
    if (isnan(share))
        retort_buffer_format(out, "%*s", columns + 2, "–"); /* the dash is three bytes */
    else
        retort_buffer_format(out, "%*.1f %%", columns - 2, 100 * share);
}

static bool people_judge(const struct retort_diff_task *task)
{
    return task->concord.n > 0;
}

/* Columns that say nothing are left away: so it fits into 80. */
static void put_label(const struct sheet *sheet, const struct retort_diff_task *task,
                      const struct retort_diff_label *label)
{
    struct retort_buffer *out = sheet->out;
    retort_buffer_format(out, "%*s", INDENT, "");
    put_name(out, label->name, 16);
    put_count(out, stood(label, RETORT_ON), "", 10);
    put_count(out, label->flow[RETORT_OFF][RETORT_ON], "+", 10);
    put_count(out, label->flow[RETORT_ON][RETORT_OFF], "−", 10);
    if (task->n_new > 0)
        put_count(out, label->flow[RETORT_UNASKED][RETORT_ON], "+", 10);
    put_count(out, stands(label, RETORT_ON), "", 10);
    if (people_judge(task)) {
        put_share(out, label->concord.before.value, 12);
        put_share(out, label->concord.after.value, 9);
    }
    if (label->verdict != RETORT_CANNOT_TELL) {
        retort_buffer_text(out, "  ");
        put_styled(sheet, style_of(label->verdict), retort_better_name(label->verdict));
    }
    retort_buffer_byte(out, '\n');
}

static void put_flow(const struct sheet *sheet, const struct retort_diff_task *task)
{
    retort_buffer_format(sheet->out, "\n%*s%-16s%10s%10s%10s", INDENT, "", "label", "before",
                         "gained", "lost");
    if (task->n_new > 0)
        retort_buffer_format(sheet->out, "%10s", "first");
    retort_buffer_format(sheet->out, "%10s", "after");
    if (people_judge(task))
        retort_buffer_format(sheet->out, "%12s%9s", "people: old", "new");
    retort_buffer_byte(sheet->out, '\n');
    for (size_t i = 0; i < task->n_labels; i++)
        put_label(sheet, task, &task->labels[i]);
}

/* ---- moves of one-of tasks ---- */

static const char *move_name(const struct retort_diff_task *task, size_t at)
{
    return at < task->n_labels ? task->labels[at].name : "(no label)";
}

static uint64_t move(const struct retort_diff_task *task, size_t from, size_t to)
{
    return task->moves[from * (task->n_labels + 1) + to];
}

static void put_matrix(const struct sheet *sheet, const struct retort_diff_task *task)
{
    size_t n_from = task->n_labels + (task->n_new > 0);
    retort_buffer_format(sheet->out, "\n%*s", INDENT, "");
    put_name(sheet->out, "from ↓   to →", 18);
    for (size_t to = 0; to < task->n_labels; to++) {
        struct retort_buffer name = {0};
        cli_excerpt(&name, retort_span_of(task->labels[to].name), 10, false);
        size_t width = columns_of(retort_buffer_span(&name));
        retort_buffer_format(sheet->out, "%*s", (int)(11 - width), "");
        retort_buffer_put(sheet->out, retort_buffer_span(&name));
        retort_buffer_release(&name);
    }
    for (size_t from = 0; from < n_from; from++) {
        retort_buffer_format(sheet->out, "\n%*s", INDENT, "");
        put_name(sheet->out, move_name(task, from), 18);
        for (size_t to = 0; to < task->n_labels; to++)
            put_count(sheet->out, move(task, from, to), "", 11);
    }
    retort_buffer_byte(sheet->out, '\n');
}

/* ---- drifts ---- */

/* "toxic on", "none → against". */
static void put_kind(struct retort_buffer *out, const struct retort_diff_task *task,
                     const struct retort_diff_drift *drift)
{
    struct retort_buffer kind = {0};
    const char *was = task->labels[drift->was].name, *label = task->labels[drift->label].name;
    if (task->choice == RETORT_ONE_OF)
        retort_buffer_format(&kind, "%s → %s", was, label);
    else
        retort_buffer_format(&kind, "%s %s", label, drift->on ? "on" : "off");
    cli_excerpt(out, retort_buffer_span(&kind), 26, true);
    retort_buffer_release(&kind);
}

static void put_moving_word(struct retort_buffer *out, const struct retort_diff_word *word)
{
    retort_buffer_text(out, word->is_word ? "“" : "");
    if (word->is_word)
        cli_excerpt(out, word->name, 20, false);
    else
        cli_put_feature(out, word->name);
    retort_buffer_format(out, word->is_word ? "” %zu×" : " %zu×", word->n_flips);
}

/* One behind the other with dots between, in as many lines as they need; *used: columns so far. */
static void put_piece(const struct sheet *sheet, struct retort_span piece, enum cli_style style,
                      size_t *used)
{
    size_t width = columns_of(piece);
    bool begins = *used == 0, fits = *used + 5 + width <= sheet->columns;
    if (begins || !fits)
        retort_buffer_format(sheet->out, "%s%*s", begins ? "" : " ·\n", BELOW, "");
    else
        retort_buffer_text(sheet->out, " · ");
    retort_buffer_text(sheet->out, style == CLI_PLAIN ? "" : cli_style(sheet->colour, style));
    retort_buffer_put(sheet->out, piece);
    retort_buffer_text(sheet->out, style == CLI_PLAIN ? "" : cli_style(sheet->colour, CLI_PLAIN));
    *used = begins || !fits ? BELOW + width : *used + 3 + width;
}

static void put_drift(const struct sheet *sheet, const struct retort_diff_task *task,
                      const struct retort_diff_drift *drift)
{
    struct retort_buffer word = {0};
    size_t used = 0;
    retort_buffer_format(sheet->out, "%*s", INDENT, "");
    put_kind(sheet->out, task, drift);
    put_count(sheet->out, drift->n, "", 10);
    if (drift->n_drawn < drift->n)
        retort_buffer_format(sheet->out, ", of which %zu were looked at", drift->n_drawn);
    retort_buffer_byte(sheet->out, '\n');
    for (size_t w = 0; w < drift->n_words; w++) {
        word.len = 0;
        put_moving_word(&word, &drift->words[w]);
        put_piece(sheet, retort_buffer_span(&word), CLI_PLAIN, &used);
    }
    retort_buffer_byte(sheet->out, '\n');
    retort_buffer_release(&word);
}

static void put_drifts(const struct sheet *sheet, const struct retort_diff_task *task)
{
    bool told = false;
    for (size_t i = 0; i < task->n_drifts; i++) {
        if (task->drifts[i].n_words == 0)
            continue;
        retort_buffer_text(sheet->out, told ? "" : "\n  What moved them, and in how many:\n");
        put_drift(sheet, task, &task->drifts[i]);
        told = true;
    }
}

/* ---- flips ---- */

/* "none 62% → against 71%", "toxic 12% → 93%, on", and what a person says. */
static void put_turn(const struct sheet *sheet, const struct retort_diff_task *task,
                     const struct retort_diff_flip *flip)
{
    struct retort_buffer *out = sheet->out;
    bool one = task->choice == RETORT_ONE_OF;
    cli_excerpt(out, retort_span_of(task->labels[flip->was].name), MOST_NAME, false);
    retort_buffer_format(out, " %.0f%% → ", 100 * flip->p_before);
    if (one) {
        cli_excerpt(out, retort_span_of(task->labels[flip->label].name), MOST_NAME, false);
        retort_buffer_byte(out, ' ');
    }
    retort_buffer_format(out, "%.0f%%", 100 * flip->p_after);
    if (!one)
        put_styled(sheet, flip->on ? CLI_RED : CLI_GREEN, flip->on ? " on" : " off");
    if (!flip->human.data)
        return;
    retort_buffer_text(out, ", people: ");
    cli_excerpt(out, flip->human, 40, false);
}

/* “cheer” +2.10, with a ! where both models would say the same without it. */
static void put_cause(struct retort_buffer *out, const struct retort_diff_cause *cause)
{
    retort_buffer_text(out, cause->n_places ? "“" : "");
    if (cause->n_places)
        cli_excerpt(out, cause->name, 28, false);
    else
        cli_put_feature(out, cause->name);
    retort_buffer_text(out, cause->n_places ? "” +" : " +");
    retort_buffer_fixed(out, cause->after - cause->before, 2);
    retort_buffer_text(out, cause->decisive ? "!" : "");
}

static void put_causes(const struct sheet *sheet, const struct retort_diff_flip *flip)
{
    struct retort_buffer piece = {0};
    size_t used = 0;
    for (size_t i = 0; i < flip->n_causes; i++) {
        piece.len = 0;
        put_cause(&piece, &flip->causes[i]);
        put_piece(sheet, retort_buffer_span(&piece),
                  flip->causes[i].decisive ? CLI_BOLD : CLI_PLAIN, &used);
    }
    piece.len = 0;
    retort_buffer_text(&piece, flip->rest < 0 ? "rest −" : "rest +");
    retort_buffer_fixed(&piece, fabs(flip->rest), 2);
    put_piece(sheet, retort_buffer_span(&piece), CLI_DIM, &used);
    retort_buffer_byte(sheet->out, '\n');
    retort_buffer_release(&piece);
}

static void put_flip(const struct sheet *sheet, const struct retort_diff_task *task,
                     const struct retort_diff_flip *flip)
{
    retort_buffer_format(sheet->out, "%*s%s", INDENT, "", flip->margin < 0 ? "−" : "+");
    retort_buffer_fixed(sheet->out, fabs(flip->margin), 2);
    retort_buffer_format(sheet->out, "  #%lld  ", (long long)flip->comment);
    put_turn(sheet, task, flip);
    retort_buffer_text(sheet->out, "\n         ");
    cli_excerpt(sheet->out, flip->text, sheet->columns > 20 ? sheet->columns - 10 : 10, false);
    retort_buffer_byte(sheet->out, '\n');
    if (flip->has_before || flip->has_after)
        put_causes(sheet, flip);
}

static bool lacks(const struct retort_diff_task *task, bool before)
{
    for (size_t i = 0; i < task->n_flips; i++)
        if (before ? !task->flips[i].has_before : !task->flips[i].has_after)
            return true;
    return false;
}

static void put_flips(const struct sheet *sheet, const struct retort_diff_task *task)
{
    if (task->n_flips == 0)
        return;
    retort_buffer_text(sheet->out, "\n  Turned over: ");
    put_count(sheet->out, task->n_turned, "", 0);
    retort_buffer_text(sheet->out, task->n_turned == 1 ? " label" : " labels");
    if (task->n_flips < task->n_turned)
        retort_buffer_format(sheet->out, "; the %zu that moved farthest", task->n_flips);
    retort_buffer_text(sheet->out, ", by the log odds they moved\n");
    for (size_t i = 0; i < task->n_flips; i++)
        put_flip(sheet, task, &task->flips[i]);
    if (lacks(task, false))
        put_wrapped(sheet, RETORT_SPAN("The new model's file is not among those here, so its words "
                                       "are not told; --against FILE names it."));
    else if (lacks(task, true))
        put_wrapped(sheet, RETORT_SPAN("The old model's file is not among those here, so words are "
                                       "the new one's alone; --against FILE names it."));
}

static void put_legend(const struct sheet *sheet, bool people)
{
    retort_buffer_byte(sheet->out, '\n');
    if (people)
        put_wrapped(sheet, RETORT_SPAN("people: how many of the comments that people have decided "
                                       "each model calls as they do, label by label."));
    put_wrapped(sheet, RETORT_SPAN("“word” +1.20: what the word, in the new model against the old, "
                                   "moved the log odds toward the new label; with a ! both models "
                                   "would say the same without it. What stands in ( ) is no word "
                                   "of the comment. rest: all that is not shown, and how much "
                                   "likelier the new model takes the label to be in any "
                                   "comment."));
}

/* The model that has labelled all of these anyway: there is nothing to judge. */
static bool is_same(const struct retort_diff_task *task)
{
    return task->n_changed == 0 && task->n_new == 0 && task->n_before == 1 && task->n_after == 1 &&
           strcmp(task->before[0], task->after[0]) == 0;
}

static void put_task(const struct sheet *sheet, const struct retort_diff_task *task)
{
    put_heading(sheet, task);
    if (is_same(task)) {
        put_wrapped(sheet, RETORT_SPAN("The same model: all are labelled so already."));
        return;
    }
    put_verdict(sheet, task);
    put_flow(sheet, task);
    if (task->moves && task->n_labels <= MOST_MATRIX && task->n_changed > 0)
        put_matrix(sheet, task);
    put_drifts(sheet, task);
    put_flips(sheet, task);
}

void relabel_put_text(struct retort_buffer *out, const struct retort_diff_report *report)
{
    size_t columns = cli_width(stdout);
    bool flips = false, people = false;
    const struct sheet sheet = {out, columns < 110 ? columns : 110, cli_has_colour(stdout)};
    if (report->n_tasks == 0)
        retort_buffer_text(out, "No comment has other labels.\n");
    for (size_t i = 0; i < report->n_tasks; i++) {
        retort_buffer_text(out, i ? "\n" : "");
        put_task(&sheet, &report->tasks[i]);
        flips |= report->tasks[i].n_flips > 0;
        people |= people_judge(&report->tasks[i]);
    }
    if (flips)
        put_legend(&sheet, people);
}
