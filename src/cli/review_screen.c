/* The screen of a review: the thread above and below, the comment with the words that decided
 * marked, the labels with their probabilities, and the words with their weights.
 *
 * A word is underlined where it speaks for the label that is explained and dim where it speaks
 * against; without colours the list below the labels says the same. */
#include "cli/review.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LINES = 30, INDENT = 2 };

struct screen {
    struct retort_buffer *out;
    bool colour;
    size_t width;
};

static const char *style(const struct screen *screen, enum cli_style which)
{
    return cli_style(screen->colour, which);
}

/* ---- text in lines ----------------------------------------------------------------------------
 */

/* For each byte of a text: 0, or +1, −1 for a word that speaks for or against. */
struct marked {
    struct retort_span text;
    const signed char *marks; /* NULL: none */
};

static void put_mark(const struct screen *screen, signed char mark)
{
    if (!screen->colour)
        return;
    retort_buffer_text(screen->out, mark > 0   ? "\033[0;1;4;33m"
                                    : mark < 0 ? "\033[0;4;36m"
                                               : "\033[0m");
}

/* The columns of the word at `at`, up to a space or the end. */
static size_t word_columns(struct retort_span text, size_t at, size_t most)
{
    size_t columns = 0;
    while (at < text.len && columns <= most && text.data[at] != ' ' && text.data[at] != '\n')
        columns += retort_columns(retort_utf8_next(text, &at));
    return columns;
}

static void new_line(const struct screen *screen, size_t *column, size_t *n_lines)
{
    retort_buffer_text(screen->out, "\n  ");
    *column = 0;
    ++*n_lines;
}

/* Wrapped at spaces, controls dropped; ends with a newline. Blank lines stay where there is room.
 */
static void put_text(const struct screen *screen, struct marked marked, size_t most_lines)
{
    size_t room = screen->width > 24 ? screen->width - 2 * INDENT : 20, column = 0, n_lines = 1;
    struct retort_span text = retort_span_trim(marked.text);
    const signed char *marks = marked.marks ? marked.marks + (text.data - marked.text.data) : NULL;
    signed char mark = 0;
    retort_buffer_text(screen->out, "  ");
    for (size_t at = 0; at < text.len && n_lines <= most_lines;) {
        size_t begin = at;
        uint32_t code_point = retort_utf8_next(text, &at);
        while (code_point == '\n' && most_lines < MOST_LINES && at < text.len &&
               text.data[at] == '\n')
            at++;
        size_t columns =
            code_point == ' ' ? 1 + word_columns(text, at, room) : retort_columns(code_point);
        if (code_point == '\n' || column + (columns > room ? 1 : columns) > room) {
            new_line(screen, &column, &n_lines);
            if (code_point == '\n' || code_point == ' ')
                continue;
        }
        if (marks && marks[begin] != mark)
            put_mark(screen, mark = marks[begin]);
        if (code_point == ' ')
            retort_buffer_byte(screen->out, ' ');
        else
            cli_excerpt(screen->out, retort_span_slice(text, begin, at), 2, false);
        column += code_point == ' ' ? 1 : columns;
    }
    if (mark)
        put_mark(screen, 0);
    if (n_lines > most_lines)
        retort_buffer_text(screen->out, "…");
    retort_buffer_byte(screen->out, '\n');
}

static void put_dim(const struct screen *screen, struct retort_span text, size_t most_lines)
{
    retort_buffer_text(screen->out, style(screen, CLI_DIM));
    put_text(screen, (struct marked){.text = text}, most_lines);
    retort_buffer_text(screen->out, style(screen, CLI_PLAIN));
}

static void put_title(const struct screen *screen, const char *title, struct retort_span name)
{
    retort_buffer_format(screen->out, "%s%s", style(screen, CLI_BLUE), title);
    if (name.len) {
        retort_buffer_byte(screen->out, ' ');
        cli_excerpt(screen->out, name, 40, false);
    }
    retort_buffer_format(screen->out, "%s\n", style(screen, CLI_PLAIN));
}

/* ---- words ------------------------------------------------------------------------------------
 */

static const struct retort_model *open_model(const struct sitting *sitting,
                                             const struct retort_stored_label *label)
{
    for (size_t i = 0; label && label->model && i < sitting->models.n_models; i++)
        if (strcmp(retort_model_hash(sitting->models.models[i]), label->model->hash) == 0)
            return sitting->models.models[i];
    return NULL;
}

/* Of the explained label; NULL when its model is not here. */
static const struct retort_explanation *explain(struct sitting *sitting)
{
    const struct retort_model *model = open_model(sitting, sitting_label(sitting));
    if (!model)
        return NULL;
    struct retort_explanation *explanations =
        RETORT_NEW(&sitting->arena, struct retort_explanation, retort_model_n_labels(model));
    retort_explain(&sitting->labeller, model, &sitting->item, &sitting->arena, explanations);
    return &explanations[sitting->explained];
}

/* What a word must weigh to be marked: as much as the lightest of those that are listed. */
static double least_marked(const struct retort_explanation *explanation)
{
    double least = INFINITY;
    for (size_t i = 0; i < explanation->n_deciders; i++) {
        const struct retort_decider *decider = &explanation->deciders[i];
        if (decider->n_places > 0)
            least = fmin(least, fabs(decider->contribution) / (double)decider->n_places);
    }
    return least * (1 - 1e-9); /* the places of a word need not be alike to the last bit */
}

static const signed char *mark_words(struct sitting *sitting,
                                     const struct retort_explanation *explanation)
{
    size_t len = sitting->item.text.len;
    signed char *marks = RETORT_NEW(&sitting->arena, signed char, len + 1);
    for (size_t i = 0; explanation && i < explanation->n_words; i++) {
        const struct retort_cause *cause = &explanation->causes[i];
        if (fabs(cause->contribution) < least_marked(explanation))
            continue;
        for (size_t at = cause->begin; at < cause->end && at < len; at++)
            marks[at] = cause->contribution > 0 ? 1 : -1;
    }
    return marks;
}

static void put_reasons(const struct screen *screen, const struct sitting *sitting,
                        const struct retort_explanation *explanation)
{
    const struct retort_stored_label *label = sitting_label(sitting);
    if (!label || !label->model)
        return;
    retort_buffer_format(screen->out, "  %s%s because of:%s ", style(screen, CLI_BOLD),
                         label->model->labels[sitting->explained], style(screen, CLI_PLAIN));
    if (explanation)
        cli_put_deciders(screen->out, explanation, screen->colour, 2 * screen->width);
    else
        retort_buffer_text(screen->out, "(the model of these labels is not here: --models DIR)\n");
}

/* ---- labels -----------------------------------------------------------------------------------
 */

static void put_bar(const struct screen *screen, double p)
{
    static const char *const EIGHTHS[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t steps = (size_t)(p * 80 + 0.5), columns = 0;
    for (; steps >= 8; steps -= 8, columns++)
        retort_buffer_text(screen->out, "█");
    retort_buffer_text(screen->out, EIGHTHS[steps]);
    for (columns += steps > 0; columns < 10; columns++)
        retort_buffer_byte(screen->out, ' ');
}

static void put_choice(const struct screen *screen, const struct sitting *sitting, size_t i)
{
    const struct retort_stored_label *label = sitting_label(sitting);
    const struct retort_stored_score *score = &label->scores[i];
    bool one = label->model->choice == RETORT_ONE_OF;
    bool on = sitting->chosen[i];
    retort_buffer_format(screen->out, "  %s%c%s ", style(screen, CLI_BOLD),
                         i < 9 ? (char)('1' + i) : ' ', style(screen, CLI_PLAIN));
    retort_buffer_text(screen->out, one ? (on ? "(•) " : "( ) ") : (on ? "[x] " : "[ ] "));
    retort_buffer_text(screen->out, style(screen, on ? CLI_BOLD : CLI_PLAIN));
    cli_excerpt(screen->out, retort_span_of(label->model->labels[i]), 18, true);
    retort_buffer_format(screen->out, "%s %3.0f%% ", style(screen, CLI_PLAIN), 100 * score->p);
    put_bar(screen, score->p);
    retort_buffer_format(screen->out, "%s\n", score->unsure ? " unsure" : "");
}

static void put_names(const struct screen *screen, const struct retort_stored_label *label)
{
    struct retort_arena arena = {0};
    const char **names;
    size_t n_names = retort_stored_label_names(label, &arena, &names);
    for (size_t i = 0; i < n_names; i++) {
        retort_buffer_text(screen->out, i ? ", " : "");
        cli_excerpt(screen->out, retort_span_of(names[i]), 30, false);
    }
    if (n_names == 0)
        retort_buffer_text(screen->out, "none of them");
    retort_arena_release(&arena);
}

static void put_decision(const struct screen *screen, const struct retort_stored_label *label)
{
    if (!label->decision)
        return;
    retort_buffer_format(screen->out, "  %s✓ ", style(screen, CLI_GREEN));
    put_names(screen, label);
    retort_buffer_text(screen->out, ", says ");
    cli_excerpt(screen->out, label->reviewer, 30, false);
    retort_buffer_format(screen->out, "%s\n", style(screen, CLI_PLAIN));
}

/* The task at hand with its choices, the other tasks in a line each. */
static void put_labels(const struct screen *screen, const struct sitting *sitting)
{
    for (size_t i = 0; i < sitting->stored.n_labels; i++) {
        const struct retort_stored_label *label = &sitting->stored.labels[i];
        bool here = i == sitting->task;
        retort_buffer_text(screen->out, style(screen, here ? CLI_BOLD : CLI_DIM));
        cli_excerpt(screen->out, label->task, 20, false);
        if (label->target.len) {
            retort_buffer_text(screen->out, " toward ");
            cli_excerpt(screen->out, label->target, 60, false);
        }
        if (label->doubt == RETORT_DOUBT_LANGUAGE || label->doubt == RETORT_DOUBT_EVIDENCE)
            retort_buffer_format(screen->out, " (unsure: %s)", retort_doubt_name(label->doubt));
        if (!here) {
            retort_buffer_text(screen->out, ": ");
            put_names(screen, label);
        }
        retort_buffer_format(screen->out, "%s\n", style(screen, CLI_PLAIN));
        for (size_t l = 0; here && label->model && l < label->model->n_labels; l++)
            put_choice(screen, sitting, l);
        if (here)
            put_decision(screen, label);
    }
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static const char *const HELP[] = {
    "1-9      one label: decide it; several: tick it on or off",
    "space ↵  what is ticked is right: next",
    "j ↓ k ↑  next, previous",
    "t        another task of this comment",
    "w        the words behind another label",
    "s        skip: not for me",
    "e        escalate: somebody else should look",
    "n        write a note",
    "u ^Z     take back my last decision",
    "q ^C     quit; all decisions are kept",
};

static void put_keys(const struct screen *screen, bool help)
{
    for (size_t i = 0; help && i < sizeof HELP / sizeof *HELP; i++)
        retort_buffer_format(screen->out, "  %s\n", HELP[i]);
    if (!help)
        retort_buffer_format(
            screen->out,
            "%s1-9 label  space accept  j/k next/previous  t task  w words  s skip "
            " e escalate  n note  u undo  ? help  q quit%s\n",
            style(screen, CLI_DIM), style(screen, CLI_PLAIN));
}

static void put_head(const struct screen *screen, const struct sitting *sitting)
{
    const struct retort_stored_comment *comment = &sitting->stored.comment;
    retort_buffer_format(screen->out, "%s%zu of %zu%s  ", style(screen, CLI_BOLD), sitting->at + 1,
                         sitting->queue.n_items, style(screen, CLI_PLAIN));
    cli_excerpt(screen->out, comment->source, 50, false);
    if (comment->paged)
        retort_buffer_format(screen->out, "  comment %zu", comment->number);
    if (comment->time.len) {
        retort_buffer_text(screen->out, "  ");
        cli_excerpt(screen->out, comment->time, 30, false);
    }
    retort_buffer_format(screen->out, "  %s%zu decided%s\n", style(screen, CLI_DIM),
                         sitting->n_decided, style(screen, CLI_PLAIN));
}

static bool put_above(const struct screen *screen, struct sitting *sitting,
                      struct retort_error *error)
{
    struct retort_stored_comment parent = {0};
    const struct retort_item *item = &sitting->item;
    if (sitting->stored.comment.parent &&
        !retort_store_comment(sitting->store, sitting->stored.comment.parent, &sitting->arena,
                              &parent, error))
        return false;
    if (item->article_text.len) {
        put_title(screen, "article", RETORT_SPAN(""));
        put_dim(screen, item->article_text, 3);
    }
    bool to_article = item->parent_text.data && item->article_text.data &&
                      retort_span_equal(item->parent_text, item->article_text);
    if (item->parent_text.data && !to_article) {
        put_title(screen, "answers", parent.author);
        put_dim(screen, item->parent_text, 5);
    }
    if (sitting->stored.comment.orphan)
        put_title(screen, "answers", RETORT_SPAN("somebody who was forgotten"));
    return true;
}

static bool put_below(const struct screen *screen, struct sitting *sitting,
                      struct retort_error *error)
{
    struct retort_stored_comment next;
    int64_t id;
    if (!retort_store_following(sitting->store, &sitting->stored.comment, &id, error))
        return false;
    if (!id)
        return true;
    if (!retort_store_comment(sitting->store, id, &sitting->arena, &next, error))
        return false;
    put_title(screen, "then", next.author);
    put_dim(screen, next.text, 2);
    return true;
}

static bool put_item(const struct screen *screen, struct sitting *sitting,
                     struct retort_error *error)
{
    const struct retort_explanation *explanation = explain(sitting);
    const struct marked marked = {sitting->item.text, mark_words(sitting, explanation)};
    put_head(screen, sitting);
    if (!put_above(screen, sitting, error))
        return false;
    put_title(screen, "comment", sitting->stored.comment.author);
    put_text(screen, marked, MOST_LINES);
    if (!put_below(screen, sitting, error))
        return false;
    retort_buffer_byte(screen->out, '\n');
    put_labels(screen, sitting);
    put_reasons(screen, sitting, explanation);
    return true;
}

bool sitting_draw(struct sitting *sitting, struct retort_error *error)
{
    const char *terminal = getenv("TERM");
    bool clear = isatty(STDOUT_FILENO) && !(terminal && strcmp(terminal, "dumb") == 0);
    const struct screen screen = {&sitting->out, cli_has_colour(stdout), cli_width(stdout)};
    retort_buffer_text(screen.out, clear ? "\033[2J\033[H" : "");
    if (sitting->at < sitting->queue.n_items) {
        if (!put_item(&screen, sitting, error))
            return false;
    } else {
        retort_buffer_format(screen.out,
                             "That was all of this draw: %zu decided. k goes back, u "
                             "undoes, q quits.\n",
                             sitting->n_decided);
    }
    if (sitting->message.len) {
        retort_buffer_text(screen.out, style(&screen, CLI_YELLOW));
        cli_excerpt(screen.out, retort_buffer_span(&sitting->message), 200, false);
        retort_buffer_format(screen.out, "%s\n", style(&screen, CLI_PLAIN));
        retort_buffer_clear(&sitting->message);
    }
    put_keys(&screen, sitting->help);
    sitting->help = false;
    retort_buffer_text(screen.out, clear ? "" : "\n");
    return cli_flush(&sitting->out, stdout, error) && fflush(stdout) == 0;
}
