/* retort queue: what a person should look at next, as a table or as JSON lines. It only reads. */
#include "cli/queue.h"
#include "cli/cli.h"
#include "exchange/exchange.h"

#include <string.h>

enum { DEFAULT_LIMIT = 20, TASK_COLUMNS = 7, ANSWER_COLUMNS = 28, SOURCE_COLUMNS = 14 };

static const char *const ORDERS[] = {"worth", "severe", "unsure", "newest", "random", NULL};
static const char *const STATES[] = {"waiting", "decided", "changed", "escalated",
                                     "skipped", "all",     NULL};

struct queue_run {
    struct retort_store *store;
    struct retort_view view;
    struct retort_queue queue;
    uint64_t population;
    struct retort_arena arena;
    struct retort_buffer out;
    bool json;
};

/* ---- JSON -------------------------------------------------------------------------------------
 */

static bool put_json(struct queue_run *run, const struct retort_queue_item *item,
                     const struct retort_stored *stored, struct retort_arena *arena,
                     struct retort_error *error)
{
    struct retort_buffer *out = &run->out;
    struct retort_span parent;
    if (!retort_stored_parent_id(run->store, &stored->comment, arena, &parent, error))
        return false;
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", retort_stored_id(&stored->comment));
    retort_stored_put_text(out, "parent_id", parent);
    retort_stored_put_place(out, &stored->comment);
    retort_stored_put_text(out, "author", stored->comment.author);
    retort_stored_put_text(out, "time", stored->comment.time);
    retort_stored_put_text(out, "text", stored->comment.text);
    retort_stored_put_text(out, "task", retort_span_of(item->model->task));
    retort_json_key(out, "score");
    retort_buffer_number(out, item->score);
    retort_stored_put_labels(out, stored, arena);
    retort_buffer_text(out, "}\n");
    return true;
}

/* ---- table ------------------------------------------------------------------------------------
 */

/* The most probable label below `below` that is on; SIZE_MAX: none. */
static size_t next_on(const struct retort_stored_label *label, double below)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < label->model->n_labels; i++)
        if (label->scores[i].on && label->scores[i].p < below &&
            (best == SIZE_MAX || label->scores[i].p > label->scores[best].p))
            best = i;
    return best;
}

/* The unsure label that is nearest to being on: it may be why the comment is here. */
static size_t nearest_off(const struct retort_stored_label *label)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < label->model->n_labels; i++)
        if (label->scores[i].unsure &&
            (best == SIZE_MAX || label->scores[i].p > label->scores[best].p))
            best = i;
    return best;
}

static void put_name(struct retort_buffer *out, const struct retort_stored_label *label, size_t i)
{
    retort_buffer_format(out, "%s%s%s %.0f%%", out->len ? ", " : "", label->model->labels[i],
                         label->scores[i].unsure ? "?" : "", 100 * label->scores[i].p);
}

/* The item's answer: "favor? 45%", "threat 81%, insult 74%", the most probable first. */
static void put_answer(struct retort_buffer *out, const struct retort_stored_label *label)
{
    for (size_t i = next_on(label, 2); i != SIZE_MAX; i = next_on(label, label->scores[i].p))
        put_name(out, label, i);
    size_t nearest = out->len ? SIZE_MAX : nearest_off(label);
    if (nearest != SIZE_MAX)
        put_name(out, label, nearest);
    else if (out->len == 0)
        retort_buffer_text(out, "·");
}

static double severity_of(const struct retort_stored_label *label)
{
    double most = 0;
    for (size_t i = 0; label->model->choice == RETORT_ANY_OF && i < label->model->n_labels; i++) {
        double severity = label->model->severities[i] * label->scores[i].p;
        most = severity > most ? severity : most;
    }
    return most;
}

/* Five steps of harm to be expected. */
static void put_bar(struct retort_buffer *out, bool colour, double severity)
{
    static const char *const BARS[] = {"▁    ", "▁▃   ", "▁▃▅  ", "▁▃▅▆ ", "▁▃▅▆█"};
    size_t step = severity < 0.12   ? 0
                  : severity < 0.25 ? 1
                  : severity < 0.4  ? 2
                  : severity < 0.55 ? 3
                                    : 4;
    enum cli_style style = step >= 3 ? CLI_RED : step == 2 ? CLI_YELLOW : CLI_DIM;
    retort_buffer_format(out, "%s%s%s  ", cli_style(colour, style), BARS[step],
                         cli_style(colour, CLI_PLAIN));
}

static const struct retort_stored_label *item_label(const struct retort_queue_item *item,
                                                    const struct retort_stored *stored)
{
    for (size_t i = 0; i < stored->n_labels; i++)
        if (stored->labels[i].model == item->model)
            return &stored->labels[i];
    return NULL;
}

static void put_where(struct retort_buffer *out, const struct retort_stored_comment *comment)
{
    struct retort_buffer cell = {0};
    struct retort_span name = comment->source;
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] == '/' && i + 1 < name.len) {
            name = retort_span_slice(name, i + 1, name.len);
            i = 0;
        }
    retort_buffer_put(&cell, name);
    cli_excerpt(out, retort_buffer_span(&cell), SOURCE_COLUMNS, true);
    retort_buffer_clear(&cell);
    if (comment->paged)
        retort_buffer_format(&cell, "%zu", comment->number);
    else
        retort_buffer_put(&cell, retort_stored_id(comment));
    retort_buffer_byte(out, ' ');
    cli_excerpt(out, retort_buffer_span(&cell), 6, true);
    retort_buffer_text(out, "  ");
    retort_buffer_release(&cell);
}

static void put_row(struct queue_run *run, size_t rank, const struct retort_queue_item *item,
                    const struct retort_stored *stored)
{
    bool colour = cli_has_colour(stdout);
    struct retort_buffer *out = &run->out, answer = {0};
    size_t used = 5 + 7 + SOURCE_COLUMNS + 9 + TASK_COLUMNS + 2 + ANSWER_COLUMNS + 2;
    size_t width = cli_width(stdout), rest = width > used + 24 ? width - used : 24;
    const struct retort_stored_label *label = item_label(item, stored);
    retort_buffer_format(out, "%s%3zu%s  ", cli_style(colour, CLI_DIM), rank,
                         cli_style(colour, CLI_PLAIN));
    put_bar(out, colour, label ? severity_of(label) : 0);
    put_where(out, &stored->comment);
    cli_excerpt(out, retort_span_of(item->model->task), TASK_COLUMNS, true);
    retort_buffer_text(out, "  ");
    if (label)
        put_answer(&answer, label);
    retort_buffer_text(out, cli_style(colour, label && label->unsure ? CLI_YELLOW : CLI_BOLD));
    cli_excerpt(out, retort_buffer_span(&answer), ANSWER_COLUMNS, true);
    retort_buffer_format(out, "%s  ", cli_style(colour, CLI_PLAIN));
    cli_excerpt(out, stored->comment.text, rest, false);
    retort_buffer_byte(out, '\n');
    retort_buffer_release(&answer);
}

static void put_head(struct queue_run *run)
{
    bool colour = cli_has_colour(stdout);
    struct retort_buffer *out = &run->out;
    retort_buffer_format(out, "%s  #  harm   ", cli_style(colour, CLI_BOLD));
    cli_excerpt(out, RETORT_SPAN("where"), SOURCE_COLUMNS + 9, true);
    cli_excerpt(out, RETORT_SPAN("task"), TASK_COLUMNS + 2, true);
    cli_excerpt(out, RETORT_SPAN("says (? unsure)"), ANSWER_COLUMNS + 2, true);
    retort_buffer_format(out, "comment%s\n", cli_style(colour, CLI_PLAIN));
}

static void put_foot(struct queue_run *run, const char *db)
{
    bool colour = cli_has_colour(stdout);
    bool waits = run->view.filter.state == RETORT_WAITING;
    if (run->queue.n_items == 0)
        retort_buffer_text(&run->out,
                           waits ? "Nothing waits for review.\n" : "There is nothing like it.\n");
    else
        retort_buffer_format(&run->out,
                             "%s%zu of %llu that %s, %s first. `retort review -d %s` takes them "
                             "one by one.%s\n",
                             cli_style(colour, CLI_DIM), run->queue.n_items,
                             (unsigned long long)run->population, waits ? "wait" : "fit",
                             retort_order_name(run->view.order), db, cli_style(colour, CLI_PLAIN));
}

/* ---- the command ------------------------------------------------------------------------------
 */

static bool put_item(struct queue_run *run, size_t rank, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_stored stored;
    const struct retort_queue_item *item = &run->queue.items[rank];
    bool read = retort_store_comment(run->store, item->comment, &arena, &stored.comment, error) &&
                retort_stored_read(run->store, &stored.comment, &arena, &stored, error);
    if (read && run->json)
        read = put_json(run, item, &stored, &arena, error);
    else if (read)
        put_row(run, rank + 1, item, &stored);
    retort_arena_release(&arena);
    return read && (run->out.len < 1 << 16 || cli_flush(&run->out, stdout, error));
}

static bool print_queue(struct queue_run *run, const char *db, struct retort_error *error)
{
    if (!run->json && run->queue.n_items)
        put_head(run);
    for (size_t i = 0; i < run->queue.n_items; i++)
        if (!put_item(run, i, error))
            return false;
    if (!run->json)
        put_foot(run, db);
    return cli_flush(&run->out, stdout, error);
}

static struct retort_span text_value(const struct cli_arguments *arguments, const char *name)
{
    const char *value = cli_value(arguments, name);
    return value ? retort_span_of(value) : (struct retort_span){NULL, 0};
}

bool queue_view(const struct cli_arguments *arguments, struct retort_view *view,
                struct retort_error *error)
{
    size_t order = RETORT_WORTH, state = RETORT_WAITING;
    uint64_t limit = view->limit;
    if (!cli_count(arguments, "limit", &limit, error) ||
        !cli_choice(arguments, "order", ORDERS, &order, error) ||
        !cli_choice(arguments, "state", STATES, &state, error) ||
        !cli_count(arguments, "seed", &view->seed, error))
        return false;
    view->order = (enum retort_order)order;
    view->limit = (size_t)limit;
    view->filter = (struct retort_filter){.state = (enum retort_wanted)state,
                                          .task = cli_value(arguments, "task"),
                                          .label = cli_value(arguments, "label"),
                                          .author = text_value(arguments, "author"),
                                          .words = text_value(arguments, "search"),
                                          .reviewer = view->filter.reviewer};
    return true;
}

static bool find_page(const struct cli_arguments *arguments, struct retort_store *store,
                      struct retort_view *view, struct retort_error *error)
{
    const char *name = cli_value(arguments, "page");
    if (!name)
        return true;
    if (!retort_store_find_source(store, name, &view->filter.source, error))
        return false;
    return view->filter.source != 0 ||
           retort_fail(
               error, RETORT_USAGE,
               "--page %s: nothing was stored of it; name it as `retort label` was given it", name);
}

bool queue_prepare(const struct cli_arguments *arguments, struct retort_store *store,
                   struct retort_view *view, struct retort_error *error)
{
    enum { CHUNK = 20000 };
    double share = view->filter.words.data ? 0 : 1;
    while (share < 1)
        if (!retort_store_index_words(store, CHUNK, &share, error))
            return false;
    return find_page(arguments, store, view, error);
}

static bool make_queue(const struct cli_arguments *arguments, struct queue_run *run,
                       struct retort_error *error)
{
    bool exact;
    return queue_prepare(arguments, run->store, &run->view, error) &&
           retort_review_queue(run->store, &run->view, &run->arena, &run->queue, error) &&
           retort_store_count(run->store, &run->view.filter, 0, &run->population, &exact, error);
}

int cli_queue(const struct cli_arguments *arguments)
{
    struct retort_error error = {0};
    struct queue_run run = {.json = cli_flag(arguments, "json"),
                            .view = {.limit = DEFAULT_LIMIT, .seed = 1}};
    const char *db = cli_value_or(arguments, "db", CLI_DEFAULT_DB);
    /* A search writes down which words it has read. */
    bool searches = cli_value(arguments, "search") != NULL;
    bool done = queue_view(arguments, &run.view, &error) &&
                retort_store_open(&run.store, db, searches ? RETORT_STORE_EDIT : RETORT_STORE_READ,
                                  RETORT_STORE_BUSY_MS, &error) &&
                make_queue(arguments, &run, &error) && print_queue(&run, db, &error);
    retort_store_close(run.store);
    retort_arena_release(&run.arena);
    retort_buffer_release(&run.out);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
