/* State: whether a label waits for a person, and the tallies of it, kept true by every writer.
 *
 * The labels of the comment at hand are held in memory: a load puts one for each task in a row, and
 * so asks the database once a comment. */
#include "store/rank.h"

#include <stdlib.h>
#include <string.h>

/* ---- the comment at hand ----------------------------------------------------------------------
 */

void store_settle_forget(struct retort_store *store)
{
    store->settled.comment = 0;
}

static struct settled_text keep(struct settled *settled, struct retort_span text)
{
    struct settled_text kept = {settled->texts.len, text.len};
    retort_buffer_put(&settled->texts, text);
    return kept;
}

static struct retort_span text_of(const struct settled *settled, struct settled_text kept)
{
    return kept.len ? (struct retort_span){settled->texts.data + kept.at, kept.len}
                    : RETORT_SPAN("");
}

static struct settled_row *add_row(struct settled *settled)
{
    if (settled->n_rows == settled->capacity) {
        settled->capacity = settled->capacity ? 2 * settled->capacity : 8;
        settled->rows = retort_grow(settled->rows, settled->capacity, sizeof *settled->rows);
    }
    return &settled->rows[settled->n_rows++];
}

static bool read_stands(struct retort_store *store, int64_t comment, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, COMMENT_STANDS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, comment);
    if (!store_step(store, read, &found, error))
        return false;
    store->settled.current = found && sqlite3_column_int(read, 0) != 0;
    store->settled.judged = found && sqlite3_column_int(read, 1) != 0;
    sqlite3_reset(read);
    return true;
}

static bool read_rows(struct retort_store *store, int64_t comment, struct retort_error *error)
{
    bool found = true, good = true;
    struct settled *settled = &store->settled;
    sqlite3_stmt *read = store_statement(store, SETTLED_ROWS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, comment);
    while ((good = store_step(store, read, &found, error)) && found) {
        struct settled_row *row = add_row(settled);
        row->model = sqlite3_column_int64(read, 0);
        row->state = sqlite3_column_int(read, 1);
        row->latest = sqlite3_column_int(read, 2) != 0;
        row->label = keep(settled, column_text(read, 3));
        row->task = keep(settled, column_text(read, 4));
        row->target = keep(settled, column_text(read, 5));
    }
    sqlite3_reset(read);
    return good;
}

/* A line's comment that was not there before stands, and nobody has said anything of it. */
void store_settle_new(struct retort_store *store, int64_t comment)
{
    struct settled *settled = &store->settled;
    settled->comment = comment;
    settled->current = true;
    settled->judged = false;
    settled->n_rows = 0;
    retort_buffer_clear(&settled->texts);
    store_fill_comment(store, comment);
}

static bool take_up(struct retort_store *store, int64_t comment, struct retort_error *error)
{
    struct settled *settled = &store->settled;
    if (settled->comment == comment)
        return true;
    settled->comment = 0;
    settled->n_rows = 0;
    retort_buffer_clear(&settled->texts);
    if (!read_stands(store, comment, error) || !read_rows(store, comment, error))
        return false;
    settled->comment = comment;
    return true;
}

/* ---- counting ---------------------------------------------------------------------------------
 */

static void tally_row(struct retort_store *store, const struct settled_row *row, int64_t n)
{
    const struct settled *settled = &store->settled;
    const struct tally_key key = {row->state, row->model, text_of(settled, row->label)};
    if (row->state != STATE_NONE)
        store_tally(store, &key, n);
}

/* Bit 0: it has a label that is in some list; 1: one that waits; 2: that is decided; 3: otherwise
 * than the model says. */
static unsigned presence(const struct settled *settled)
{
    static const unsigned BITS[N_STATES] = {0, 1 | 2, 1 | 4, 1 | 4 | 8};
    unsigned bits = 0;
    for (size_t i = 0; i < settled->n_rows; i++)
        bits |= BITS[settled->rows[i].state];
    return bits;
}

static void tally_comment(struct retort_store *store, unsigned before)
{
    unsigned after = presence(&store->settled);
    for (int state = 0; state < N_STATES; state++) {
        const struct tally_key key = {state, 0, RETORT_SPAN("")};
        int64_t change = (int64_t)(after >> state & 1) - (int64_t)(before >> state & 1);
        if (change)
            store_tally(store, &key, change);
    }
}

static void change_state(struct retort_store *store, struct settled_row *row, int state)
{
    if (state == STATE_WAITS || row->state == STATE_NONE)
        store_slab_open(store, store->settled.comment);
    else
        store_slab_stale(store, store->settled.comment);
    tally_row(store, row, -1);
    row->state = state;
    tally_row(store, row, 1);
}

/* ---- states -----------------------------------------------------------------------------------
 */

/* What a person decided for this task and target, against what the model says. */
static bool judged_state(struct retort_store *store, const struct settled_row *row, int *state,
                         struct retort_error *error)
{
    bool found;
    const struct settled *settled = &store->settled;
    sqlite3_stmt *read = store_statement(store, DECIDED_LABEL, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, settled->comment);
    bind_text(read, 2, text_of(settled, row->task));
    bind_text(read, 3, text_of(settled, row->target));
    if (!store_step(store, read, &found, error))
        return false;
    bool same = found && retort_span_equal(column_text(read, 0), text_of(settled, row->label));
    *state = !found ? STATE_WAITS : same ? STATE_ACCEPTED : STATE_CHANGED;
    sqlite3_reset(read);
    return true;
}

static bool state_of(struct retort_store *store, const struct settled_row *row, int *state,
                     struct retort_error *error)
{
    *state = row->latest && store->settled.current ? STATE_WAITS : STATE_NONE;
    return *state == STATE_NONE || !store->settled.judged || judged_state(store, row, state, error);
}

static bool write_state(struct retort_store *store, const struct settled_row *row,
                        struct retort_error *error)
{
    store_fill_spoil(store, store->settled.comment);
    sqlite3_stmt *put = store_statement(store, PUT_STATE, error);
    if (!put)
        return false;
    sqlite3_bind_int(put, 1, row->state);
    sqlite3_bind_int(put, 2, row->latest);
    sqlite3_bind_int64(put, 3, store->settled.comment);
    sqlite3_bind_int64(put, 4, row->model);
    return store_run(store, put, error);
}

bool store_settle_comment(struct retort_store *store, int64_t comment, struct retort_error *error)
{
    struct settled *settled = &store->settled;
    store_settle_forget(store);
    if (!take_up(store, comment, error))
        return false;
    unsigned before = presence(settled);
    for (size_t i = 0; i < settled->n_rows; i++) {
        int state;
        if (!state_of(store, &settled->rows[i], &state, error))
            return false;
        if (state == settled->rows[i].state)
            continue;
        change_state(store, &settled->rows[i], state);
        if (!write_state(store, &settled->rows[i], error))
            return false;
    }
    tally_comment(store, before);
    return true;
}

/* ---- a new label ------------------------------------------------------------------------------
 */

static bool age_others(struct retort_store *store, const struct known_model *model,
                       struct retort_error *error)
{
    struct settled *settled = &store->settled;
    struct retort_span task = retort_span_of(model->task);
    for (size_t i = 0; i < settled->n_rows; i++) {
        struct settled_row *row = &settled->rows[i];
        if (!row->latest || row->model == model->id ||
            !retort_span_equal(text_of(settled, row->task), task))
            continue;
        row->latest = false;
        if (row->state != STATE_NONE)
            change_state(store, row, STATE_NONE);
        if (!write_state(store, row, error))
            return false;
    }
    return true;
}

static struct settled_row *row_of(struct settled *settled, const struct known_model *model,
                                  bool *is_new)
{
    *is_new = false;
    for (size_t i = 0; i < settled->n_rows; i++)
        if (settled->rows[i].model == model->id)
            return &settled->rows[i];
    *is_new = true;
    struct settled_row *row = add_row(settled);
    *row = (struct settled_row){.model = model->id, .state = STATE_NONE};
    row->task = keep(settled, retort_span_of(model->task));
    return row;
}

bool store_settle_label(struct retort_store *store, struct label_row *put,
                        struct retort_error *error)
{
    struct settled *settled = &store->settled;
    if (!take_up(store, put->comment, error))
        return false;
    unsigned before = presence(settled);
    if (!put->model->alone && !age_others(store, put->model, error))
        return false;
    struct settled_row *row = row_of(settled, put->model, &put->is_new);
    tally_row(store, row, -1);
    row->latest = true;
    row->label = keep(settled, put->label);
    row->target = keep(settled, put->target);
    if (!state_of(store, row, &put->state, error))
        return false;
    row->state = put->state;
    tally_row(store, row, 1);
    tally_comment(store, before);
    store_slab_open(store, put->comment); /* its ranks are new */
    return true;
}

/* ---- an older label instead --------------------------------------------------------------------
 */

static bool set_latest(struct retort_store *store, struct settled_row *row, bool latest,
                       struct retort_error *error)
{
    int state;
    row->latest = latest;
    if (!state_of(store, row, &state, error))
        return false;
    if (state != row->state)
        change_state(store, row, state);
    return write_state(store, row, error);
}

static struct settled_row *find_row(struct settled *settled, int64_t model)
{
    for (size_t i = 0; i < settled->n_rows; i++)
        if (settled->rows[i].model == model)
            return &settled->rows[i];
    return NULL;
}

bool store_settle_move(struct retort_store *store, int64_t comment, int64_t from, int64_t to,
                       bool *was, struct retort_error *error)
{
    struct settled *settled = &store->settled;
    if (!take_up(store, comment, error))
        return false;
    unsigned before = presence(settled);
    struct settled_row *old = find_row(settled, from), *new = to ? find_row(settled, to) : NULL;
    *was = old && old->latest;
    if (*was &&
        (!set_latest(store, old, false, error) || (new && !set_latest(store, new, true, error))))
        return false;
    tally_comment(store, before);
    return true;
}

/* ---- many at once -----------------------------------------------------------------------------
 */

/* The ids a statement gives, gathered before any of them is written to. */
static bool settle_each(struct retort_store *store, sqlite3_stmt *read, struct retort_error *error)
{
    struct retort_buffer ids = {0};
    bool found = true, good = true;
    while ((good = store_step(store, read, &found, error)) && found) {
        int64_t id = sqlite3_column_int64(read, 0);
        retort_buffer_put(&ids, (struct retort_span){(const uint8_t *)&id, sizeof id});
    }
    sqlite3_reset(read);
    for (size_t at = 0; good && at < ids.len; at += sizeof(int64_t)) {
        int64_t id;
        memcpy(&id, ids.data + at, sizeof id);
        good = store_settle_comment(store, id, error);
    }
    retort_buffer_release(&ids);
    return good;
}

bool store_settle_source(struct retort_store *store, int64_t source, struct retort_error *error)
{
    sqlite3_stmt *read = store_statement(store, PAGED_COMMENTS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, source);
    return settle_each(store, read, error);
}
