/* retort review: a sitting with one comment after another. Every decision is a transaction of its
 * own, made by src/review; this file turns keys into them. */
#include "cli/review.h"
#include "cli/label.h"
#include "cli/queue.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_LIMIT = 200, LONGEST_NOTE = 2000 };

static void say(struct sitting *sitting, const char *text)
{
    retort_buffer_clear(&sitting->message);
    retort_buffer_text(&sitting->message, text);
}

const struct retort_stored_label *sitting_label(const struct sitting *sitting)
{
    return sitting->task < sitting->stored.n_labels ? &sitting->stored.labels[sitting->task] : NULL;
}

/* ---- the comment at hand ----------------------------------------------------------------------
 */

/* Whose words to show first: the label that is on and counts most, else the most probable. */
static size_t most_telling(const struct retort_stored_label *label)
{
    size_t best = 0;
    double most = -1;
    for (size_t i = 0; i < label->model->n_labels; i++) {
        bool one = label->model->choice == RETORT_ONE_OF;
        double weight = one ? 1 : label->model->severities[i];
        double telling = label->scores[i].p * weight + (label->scores[i].on ? 1 : 0);
        if (telling > most) {
            most = telling;
            best = i;
        }
    }
    return best;
}

/* Ticks what holds now, by the person's word if there is one. */
static void begin_task(struct sitting *sitting, size_t task)
{
    sitting->task = task;
    sitting->explained = 0;
    sitting->chosen = NULL;
    const struct retort_stored_label *label = sitting_label(sitting);
    if (!label || !label->model)
        return;
    sitting->chosen = RETORT_NEW(&sitting->arena, bool, label->model->n_labels);
    for (size_t i = 0; i < label->model->n_labels; i++)
        sitting->chosen[i] = retort_stored_label_is_on(label, label->model->labels[i]);
    sitting->explained = most_telling(label);
    if (label->target.len)
        sitting->item.target = label->target;
}

static size_t task_of_item(const struct sitting *sitting)
{
    for (size_t i = 0; i < sitting->stored.n_labels; i++)
        if (sitting->stored.labels[i].model == sitting->queue.items[sitting->at].model)
            return i;
    return 0;
}

/* Reads the comment at `at` anew; the task stays the one shown when `same`. */
static bool load(struct sitting *sitting, bool same, struct retort_error *error)
{
    size_t task = sitting->task;
    if (sitting->at >= sitting->queue.n_items)
        return true;
    retort_arena_release(&sitting->arena);
    sitting->stored = (struct retort_stored){0};
    struct retort_stored_comment comment;
    if (!retort_store_comment(sitting->store, sitting->queue.items[sitting->at].comment,
                              &sitting->arena, &comment, error) ||
        !retort_stored_read(sitting->store, &comment, &sitting->arena, &sitting->stored, error) ||
        !retort_intake_stored_item(sitting->store, &comment, comment.target, &sitting->arena,
                                   &sitting->item, error))
        return false;
    begin_task(sitting, same && task < sitting->stored.n_labels ? task : task_of_item(sitting));
    return true;
}

static bool move(struct sitting *sitting, bool forward, struct retort_error *error)
{
    if (forward && sitting->at < sitting->queue.n_items)
        sitting->at++;
    else if (!forward && sitting->at > 0)
        sitting->at--;
    else
        say(sitting, forward ? "this is the end" : "this is the first");
    return load(sitting, false, error);
}

/* ---- decisions --------------------------------------------------------------------------------
 */

/* The draw chose the item for one task; a decision on another of its tasks was not drawn. */
static int64_t selection_of(const struct sitting *sitting, const struct retort_stored_label *label)
{
    const struct retort_queue_item *item = &sitting->queue.items[sitting->at];
    return label->model == item->model ? item->selection : 0;
}

static bool act(struct sitting *sitting, enum retort_act what, const char *const *names,
                size_t n_names, struct retort_span note, struct retort_error *error)
{
    const struct retort_stored_label *label = sitting_label(sitting);
    int64_t ignored;
    if (!label)
        return true;
    struct retort_choice_made choice = {
        .comment = sitting->stored.comment.id,
        .task = retort_arena_string(&sitting->arena, label->task),
        .act = what,
        .labels = names,
        .n_labels = n_names,
        .note = note,
        .reviewer = sitting->reviewer,
        .selection = selection_of(sitting, label),
    };
    if (!retort_review_decide(sitting->store, &choice, &ignored, error))
        return false;
    sitting->n_decided += what == RETORT_DECIDE;
    return what == RETORT_NOTE ? load(sitting, true, error) : move(sitting, true, error);
}

static bool act_plain(struct sitting *sitting, enum retort_act what, struct retort_error *error)
{
    return act(sitting, what, NULL, 0, (struct retort_span){NULL, 0}, error);
}

/* What is ticked is the decision. */
static bool decide(struct sitting *sitting, struct retort_error *error)
{
    const struct retort_stored_label *label = sitting_label(sitting);
    size_t n_names = 0;
    if (!label || !sitting->chosen)
        return true;
    const char **names = RETORT_NEW(&sitting->arena, const char *, label->model->n_labels);
    for (size_t i = 0; i < label->model->n_labels; i++)
        if (sitting->chosen[i])
            names[n_names++] = label->model->labels[i];
    return act(sitting, RETORT_DECIDE, names, n_names, (struct retort_span){NULL, 0}, error);
}

static bool press_label(struct sitting *sitting, size_t number, struct retort_error *error)
{
    const struct retort_stored_label *label = sitting_label(sitting);
    if (!label || !sitting->chosen || number >= label->model->n_labels) {
        say(sitting, "there is no such label");
        return true;
    }
    if (label->model->choice == RETORT_ANY_OF) {
        sitting->chosen[number] = !sitting->chosen[number];
        sitting->explained = number;
        return true;
    }
    for (size_t i = 0; i < label->model->n_labels; i++)
        sitting->chosen[i] = i == number;
    return decide(sitting, error);
}

/* Takes the last act back, a bulk made on the page whole; the sitting goes to where it was. */
static bool undo(struct sitting *sitting, struct retort_error *error)
{
    const struct retort_undoing undoing = {.reviewer = sitting->reviewer};
    struct retort_arena arena = {0};
    struct retort_undone undone;
    if (!retort_review_undo(sitting->store, &undoing, &arena, &undone, error))
        return false;
    int64_t comment = undone.n ? undone.comments[0] : 0;
    say(sitting, undone.n == 0   ? "there is nothing to take back"
                 : undone.n == 1 ? "taken back"
                                 : "the bulk was taken back");
    retort_arena_release(&arena);
    for (size_t i = 0; comment && i < sitting->queue.n_items; i++)
        if (sitting->queue.items[i].comment == comment)
            sitting->at = i;
    return load(sitting, false, error);
}

/* ---- notes ------------------------------------------------------------------------------------
 */

/* Takes the last character back, all of its bytes. */
static void erase_one(struct retort_buffer *note)
{
    while (note->len > 0 && (note->data[--note->len] & 0xC0) == 0x80)
        continue;
}

static void echo(const struct retort_buffer *note)
{
    struct retort_buffer line = {0};
    if (!keys_are_typed())
        return;
    retort_buffer_text(&line, "\r\033[Knote: ");
    cli_excerpt(&line, retort_buffer_span(note), 4000, false);
    fwrite(line.data, 1, line.len, stdout);
    fflush(stdout);
    retort_buffer_release(&line);
}

/* A line of text; false when it was given up. */
static bool read_note(struct retort_buffer *note)
{
    for (;;) {
        echo(note);
        int key = keys_next();
        if (key == KEY_END || key == 3)
            return false;
        if (key == '\r' || key == '\n')
            return note->len > 0;
        if (key == 127 || key == 8)
            erase_one(note);
        else if (key >= ' ' && key < 256 && note->len < LONGEST_NOTE)
            retort_buffer_byte(note, (uint8_t)key);
    }
}

static bool write_note(struct sitting *sitting, struct retort_error *error)
{
    struct retort_buffer note = {0};
    bool done = true;
    if (read_note(&note) && retort_utf8_valid(retort_buffer_span(&note))) {
        done = act(sitting, RETORT_NOTE, NULL, 0, retort_buffer_span(&note), error);
        say(sitting, "noted");
    } else {
        say(sitting, "no note");
    }
    retort_buffer_release(&note);
    return done;
}

/* ---- keys -------------------------------------------------------------------------------------
 */

static void next_task(struct sitting *sitting)
{
    if (sitting->stored.n_labels)
        begin_task(sitting, (sitting->task + 1) % sitting->stored.n_labels);
}

static void next_words(struct sitting *sitting)
{
    const struct retort_stored_label *label = sitting_label(sitting);
    if (label && label->model)
        sitting->explained = (sitting->explained + 1) % label->model->n_labels;
}

/* What makes sense past the end as well. */
static bool press_anywhere(struct sitting *sitting, int key, bool *known,
                           struct retort_error *error)
{
    *known = true;
    switch (key) {
    case 'j':
    case KEY_DOWN:
        return move(sitting, true, error);
    case 'k':
    case KEY_UP:
        return move(sitting, false, error);
    case 'u':
    case 26: /* Ctrl-Z */
        return undo(sitting, error);
    case '?':
        sitting->help = true;
        return true;
    default:
        *known = false;
        return true;
    }
}

static bool press(struct sitting *sitting, int key, struct retort_error *error)
{
    bool known, done = press_anywhere(sitting, key, &known, error);
    if (known || sitting->at >= sitting->queue.n_items)
        return done;
    if (key >= '1' && key <= '9')
        return press_label(sitting, (size_t)(key - '1'), error);
    switch (key) {
    case ' ':
    case '\r':
    case '\n':
        return decide(sitting, error);
    case 's':
        return act_plain(sitting, RETORT_SKIP, error);
    case 'e':
        return act_plain(sitting, RETORT_ESCALATE, error);
    case 'n':
        return write_note(sitting, error);
    case 't':
        next_task(sitting);
        return true;
    case 'w':
        next_words(sitting);
        return true;
    default:
        return true;
    }
}

static bool sit(struct sitting *sitting, struct retort_error *error)
{
    bool good = load(sitting, false, error);
    for (int key = KEY_NONE; good && key != KEY_END; key = keys_next()) {
        if (key == 'q' || key == 3 || key == 4)
            break;
        good = press(sitting, key, error) && sitting_draw(sitting, error);
    }
    return good;
}

/* ---- the command ------------------------------------------------------------------------------
 */

static bool find_reviewer(const struct cli_arguments *arguments, struct sitting *sitting,
                          struct retort_error *error)
{
    sitting->reviewer = cli_value_or(arguments, "reviewer", getenv("USER"));
    if (!sitting->reviewer || !*sitting->reviewer)
        return retort_fail(error, RETORT_USAGE, "who decides? name yourself by --reviewer NAME");
    return retort_utf8_valid(retort_span_of(sitting->reviewer)) ||
           retort_fail(error, RETORT_USAGE, "--reviewer wants UTF-8");
}

/* Words need the models; a review without them is better than none. */
static void find_models(const struct cli_arguments *arguments, struct sitting *sitting)
{
    struct retort_error error;
    if (!cli_open_models(arguments, &sitting->models, &error)) {
        sitting->models = (struct retort_models){0};
        say(sitting, error.message);
    }
}

/* All that is left of a sample, as it was drawn. */
static bool serve_sample(const struct cli_arguments *arguments, struct retort_store *store,
                         struct retort_view *view, struct retort_error *error)
{
    const char *name = cli_value(arguments, "sample");
    uint64_t draw = 0;
    if (!name)
        return true;
    if (strcmp(name, "last") != 0 && (!retort_parse_count(name, &draw) || draw < 1))
        return retort_fail(error, RETORT_USAGE, "--sample wants a sample's number, or last");
    if (cli_value(arguments, "order") || cli_value(arguments, "seed"))
        return retort_fail(error, RETORT_USAGE,
                           "a sample has its own order; leave --order and --seed away");
    if (!cli_value(arguments, "limit"))
        view->limit = 0;
    return retort_review_serve(store, (int64_t)draw, view, error);
}

static bool review(const struct cli_arguments *arguments, struct sitting *sitting,
                   struct retort_error *error)
{
    struct retort_view view = {.limit = DEFAULT_LIMIT, .seed = 1};
    struct retort_arena arena = {0};
    const char *db = cli_value_or(arguments, "db", CLI_DEFAULT_DB);
    bool good = find_reviewer(arguments, sitting, error) && queue_view(arguments, &view, error);
    view.filter.reviewer = sitting->reviewer;
    good = good &&
           retort_store_open(&sitting->store, db, RETORT_STORE_EDIT, RETORT_STORE_BUSY_MS, error) &&
           queue_prepare(arguments, sitting->store, &view, error) &&
           serve_sample(arguments, sitting->store, &view, error) &&
           retort_review_queue(sitting->store, &view, &arena, &sitting->queue, error) &&
           retort_review_draw(sitting->store, &view, &sitting->queue, error);
    if (good && sitting->queue.n_items == 0) {
        puts("Nothing waits for review.");
    } else if (good) {
        find_models(arguments, sitting);
        keys_begin();
        good = sit(sitting, error);
        keys_end();
        printf("%zu decided; all are kept in %s.\n", sitting->n_decided, db);
    }
    retort_arena_release(&arena);
    return good;
}

int cli_review(const struct cli_arguments *arguments)
{
    struct retort_error error = {0};
    struct sitting sitting = {0};
    retort_labeller_init(&sitting.labeller);
    bool done = review(arguments, &sitting, &error);
    retort_store_close(sitting.store);
    retort_labeller_release(&sitting.labeller);
    retort_models_close(&sitting.models);
    retort_arena_release(&sitting.arena);
    retort_buffer_release(&sitting.message);
    retort_buffer_release(&sitting.out);
    if (keys_signal()) {
        signal(keys_signal(), SIG_DFL);
        raise(keys_signal());
    }
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
