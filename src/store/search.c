/* Search: the words a person types, made a query that cannot be wrong; and the index of words, read
 * in chunks on demand.
 *
 * Each word and each phrase becomes a string in FTS5's quotes, so that none of its syntax can be
 * meant. Comments are never changed and their ids only grow: what was read is said by one number.
 * When all is read it is a quiet moment, in which the last slab is packed, too. */
#include "store/view.h"

#include <assert.h>
#include <string.h>

enum { WORDS_MOST = 64 };

static bool is_gap(uint8_t byte)
{
    return byte <= ' ' || byte == 0x7F;
}

/* The end of the word or phrase that begins at `at`; quotes are ends too. */
static size_t piece_end(struct retort_span words, size_t at, bool quoted)
{
    while (at < words.len && words.data[at] != '"' && (quoted || !is_gap(words.data[at])))
        at++;
    return at;
}

/* Something that makes a word: a letter, a digit, or any sign beyond ASCII. */
static bool has_word(struct retort_span piece)
{
    for (size_t at = 0; at < piece.len;) {
        uint32_t letter = retort_utf8_next(piece, &at);
        if (retort_is_letter(letter) || (letter >= '0' && letter <= '9') || letter > 0x7F)
            return true;
    }
    return false;
}

static void put_piece(struct retort_buffer *out, struct retort_span piece, bool quoted)
{
    bool begins = !quoted && piece.len > 1 && piece.data[piece.len - 1] == '*';
    retort_buffer_text(out, out->len ? " \"" : "\"");
    for (size_t i = 0; i < piece.len; i++)
        retort_buffer_byte(out, is_gap(piece.data[i]) ? ' ' : piece.data[i]);
    retort_buffer_text(out, begins ? "\" *" : "\"");
}

struct retort_span words_query(struct retort_span words, struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    size_t n_pieces = 0;
    for (size_t at = 0; at < words.len && n_pieces < WORDS_MOST;) {
        bool quoted = words.data[at] == '"';
        size_t begin = quoted ? at + 1 : at;
        size_t end = piece_end(words, begin, quoted);
        struct retort_span piece = retort_span_slice(words, begin, end);
        if (has_word(piece)) {
            put_piece(&out, piece, quoted);
            n_pieces++;
        }
        at = end + ((quoted && end < words.len) || end == begin ? 1 : 0);
    }
    struct retort_span query = out.len ? retort_arena_copy(arena, retort_buffer_span(&out))
                                       : (struct retort_span){NULL, 0};
    retort_buffer_release(&out);
    return query;
}

/* ---- the index --------------------------------------------------------------------------------
 */

static bool read_reach(struct retort_store *store, int64_t *up_to, int64_t *last,
                       struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, WORDS_REACH, error);
    if (!read || !store_step(store, read, &found, error))
        return false;
    *up_to = found ? sqlite3_column_int64(read, 0) : 0;
    *last = found ? sqlite3_column_int64(read, 1) : 0;
    sqlite3_reset(read);
    return true;
}

static double share_of(int64_t up_to, int64_t last)
{
    return up_to >= last ? 1 : (double)up_to / (double)last;
}

static bool read_chunk(struct retort_store *store, enum statement which, int64_t above,
                       int64_t up_to, struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, which, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, up_to);
    sqlite3_bind_int64(put, 2, above);
    return store_run(store, put, error);
}

static bool catch_up(struct retort_store *store, size_t most, int64_t *up_to, int64_t *last,
                     struct retort_error *error)
{
    if (!read_reach(store, up_to, last, error))
        return false;
    int64_t above = *up_to;
    *up_to = (uint64_t)(*last - above) > most ? above + (int64_t)most : *last;
    return *up_to <= above || (read_chunk(store, WORDS_READ, above, *up_to, error) &&
                               read_chunk(store, WORDS_MARK, above, *up_to, error) &&
                               (*up_to < *last || store_slabs_tidy(store, error)));
}

bool retort_store_index_words(struct retort_store *store, size_t most, double *share,
                              struct retort_error *error)
{
    int64_t up_to, last;
    assert(sqlite3_get_autocommit(store->db));
    bool read = read_reach(store, &up_to, &last, error);
    if (read && up_to < last)
        read = retort_store_begin(store, error) && catch_up(store, most, &up_to, &last, error) &&
               retort_store_commit(store, error);
    if (!read) {
        retort_store_rollback(store);
        return false;
    }
    *share = share_of(up_to, last);
    return true;
}

bool retort_store_words_share(struct retort_store *store, double *share, struct retort_error *error)
{
    int64_t up_to, last;
    if (!read_reach(store, &up_to, &last, error))
        return false;
    *share = share_of(up_to, last);
    return true;
}
