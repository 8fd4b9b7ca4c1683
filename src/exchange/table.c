/* Tables, read: rows of cells with commas, semicolons or tabs between them, as RFC 4180 has it: a
 * cell in quotes may hold anything, a quote twice is one. A row is in memory at a time, whatever
 * the size of the file.
 *
 * An empty cell in quotes is an empty text, one without is none. Cells are UTF-8, or Windows-1252
 * as spreadsheets write it. */
#include "exchange/columns.h"

#include <stdlib.h>
#include <string.h>

enum { MORE = 1 << 16, LONGEST_ROW = 16 << 20, MOST_COLUMNS = 4096 };

struct table {
    struct retort_archive *file;
    struct retort_buffer bytes; /* what is read and not taken yet begins at `at` */
    size_t at, row_end, next;   /* row_end, next: of the row at hand, and where the next begins */
    bool ended;
    uint8_t between;
    size_t number; /* of the row's first line, from 1 */
    size_t lines;  /* that the row at hand is long */
    struct retort_span *cells;
    size_t n_cells, capacity;
};

/* ---- a row's bytes ---- */

static void read_more(struct table *table)
{
    if (table->at > 0) {
        memmove(table->bytes.data, table->bytes.data + table->at, table->bytes.len - table->at);
        table->bytes.len -= table->at;
        table->at = 0;
    }
    size_t got = retort_archive_read(table->file, retort_buffer_room(&table->bytes, MORE), MORE);
    table->bytes.len += got;
    table->ended = got == 0;
}

enum where { AT_BEGIN, IN_CELL, IN_QUOTES, BEHIND_QUOTE };

static enum where step(enum where where, uint8_t c, uint8_t between)
{
    if (where == IN_QUOTES)
        return c == '"' ? BEHIND_QUOTE : IN_QUOTES;
    if (c == between)
        return AT_BEGIN;
    if (c == '"' && where != IN_CELL)
        return IN_QUOTES;
    return IN_CELL;
}

/* Finds the end of the row that begins at table->at, reading on as far as it takes; false: there is
 * none, or it is too long. */
static bool find_row(struct table *table)
{
    enum where where = AT_BEGIN;
    table->lines = 1;
    for (size_t i = table->at;; i++) {
        while (i == table->bytes.len && !table->ended) {
            i -= table->at;
            read_more(table);
        }
        if (i - table->at > LONGEST_ROW)
            return false;
        bool end = i == table->bytes.len;
        uint8_t c = end ? '\n' : table->bytes.data[i];
        if (c == '\n' && (where != IN_QUOTES || end)) {
            table->row_end = i > table->at && table->bytes.data[i - 1] == '\r' ? i - 1 : i;
            table->next = end ? i : i + 1;
            return !end || i > table->at;
        }
        table->lines += c == '\n';
        where = step(where, c, table->between);
    }
}

/* ---- its cells ---- */

static void add_cell(struct table *table, struct retort_span cell)
{
    if (table->n_cells == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 32;
        table->cells = retort_grow(table->cells, table->capacity, sizeof *table->cells);
    }
    table->cells[table->n_cells++] = cell;
}

static struct retort_span decode(struct retort_span cell, struct retort_arena *arena)
{
    enum retort_encoding encoding;
    return retort_utf8_valid(cell) ? cell : retort_text_decode(cell, arena, &encoding);
}

/* The cell that begins at *at of the row; *at moves to what is behind its end. */
static struct retort_span next_cell(struct retort_span row, size_t *at, uint8_t between,
                                    struct retort_arena *arena)
{
    enum where where = AT_BEGIN;
    bool quoted = *at < row.len && row.data[*at] == '"';
    size_t begin = *at, end = begin, len = 0;
    while (end < row.len && (where == IN_QUOTES || row.data[end] != between))
        where = step(where, row.data[end++], between);
    *at = end + 1;
    if (!quoted)
        return decode(retort_span_slice(row, begin, end), arena);
    uint8_t *out = retort_arena_room(arena, end - begin + 1, 1);
    where = AT_BEGIN;
    for (size_t i = begin; i < end; i++) {
        enum where now = step(where, row.data[i], between);
        bool is_mark = now == BEHIND_QUOTE || (now == IN_QUOTES && where == AT_BEGIN);
        if (!is_mark)
            out[len++] = row.data[i];
        where = now;
    }
    return decode((struct retort_span){out, len}, arena);
}

static void cut_cells(struct table *table, struct retort_arena *arena)
{
    struct retort_span row =
        retort_span_slice(retort_buffer_span(&table->bytes), table->at, table->row_end);
    table->n_cells = 0;
    for (size_t at = 0; at <= row.len && table->n_cells < MOST_COLUMNS;) {
        size_t begin = at;
        struct retort_span cell = next_cell(row, &at, table->between, arena);
        if (cell.len == 0 && !(begin < row.len && row.data[begin] == '"'))
            cell.data = NULL; /* nothing, where "" would be an empty text */
        add_cell(table, cell);
    }
}

/* ---- the head ---- */

static struct retort_span without_mark(struct retort_span head)
{
    return retort_span_starts(head, RETORT_SPAN("\xEF\xBB\xBF"))
               ? retort_span_slice(head, 3, head.len)
               : head;
}

/* What stands most often between names in the first line. */
static uint8_t separator_of(struct retort_span head)
{
    static const uint8_t SEPARATORS[] = {'\t', ',', ';'};
    size_t counts[sizeof SEPARATORS] = {0}, best = 1;
    bool quoted = false;
    for (size_t i = 0; i < head.len && (quoted || head.data[i] != '\n'); i++) {
        quoted ^= head.data[i] == '"';
        for (size_t s = 0; s < sizeof SEPARATORS; s++)
            counts[s] += !quoted && head.data[i] == SEPARATORS[s];
    }
    for (size_t s = 0; s < sizeof SEPARATORS; s++)
        best = counts[s] > counts[best] ? s : best;
    return SEPARATORS[best];
}

/* A table is not told by separators, which any text has, but by a head that names a text. */
bool import_is_table(struct retort_span head)
{
    struct retort_arena arena = {0};
    struct retort_span names[64], line = {0};
    size_t n = 0;
    head = without_mark(head);
    if (head.len == 0 || head.data[0] == '{' || head.data[0] == '[')
        return false;
    uint8_t between = separator_of(head);
    retort_span_next_line(&head, &line);
    for (size_t at = 0; at <= line.len && n < sizeof names / sizeof *names;)
        names[n++] = next_cell(line, &at, between, &arena);
    bool known = columns_are_known(names, n);
    retort_arena_release(&arena);
    return known;
}

static struct retort_span *keep_names(struct table *table, struct retort_arena *arena)
{
    struct retort_span *names = RETORT_NEW(arena, struct retort_span, table->n_cells);
    for (size_t i = 0; i < table->n_cells; i++)
        names[i] = retort_arena_copy(arena, retort_span_trim(table->cells[i]));
    if (table->n_cells > 0)
        names[0] = without_mark(names[0]);
    return names;
}

static bool read_head(struct table *table, const struct import_run *run, struct retort_arena *arena,
                      struct columns_of *columns, struct retort_error *error)
{
    if (!find_row(table))
        return retort_fail(error, RETORT_INPUT, "%s: has no line of names", run->path);
    if (table->bytes.len > 1 && (table->bytes.data[0] & table->bytes.data[1]) >= 0xFE)
        return retort_fail(error, RETORT_INPUT, "%s: is UTF-16; save it as UTF-8", run->path);
    cut_cells(table, arena);
    if (!columns_find(columns, keep_names(table, arena), table->n_cells, run->request->map, error))
        return retort_fail_within(error, "%s", run->path);
    if (columns->guessed)
        columns_say(columns, run);
    table->at = table->next;
    table->number += table->lines;
    return true;
}

/* ---- all rows ---- */

static void show(const struct import_run *run, struct retort_archive *file)
{
    size_t done, total;
    retort_archive_position(file, &done, &total);
    run->request->show(run->request->context, done);
}

static bool take_row(struct table *table, const struct columns_of *columns, struct import_run *run,
                     struct retort_arena *arena, struct retort_error *error)
{
    cut_cells(table, arena);
    const struct row row = {table->cells, NULL, table->n_cells};
    if (table->n_cells > columns->n)
        return retort_fail(error, RETORT_INPUT, "has %zu cells, and there are %zu columns",
                           table->n_cells, columns->n);
    return columns_take(columns, &row, run, arena, error);
}

static bool is_empty_row(const struct table *table)
{
    return table->row_end == table->at;
}

static bool read_rows(struct table *table, const struct columns_of *columns, struct import_run *run,
                      struct retort_error *error)
{
    struct retort_arena arena = {0};
    bool good = true;
    while (good && find_row(table)) {
        retort_arena_clear(&arena);
        good = is_empty_row(table) || take_row(table, columns, run, &arena, error) ||
               import_note(run, table->number, error) ||
               retort_fail_within(error, "%s:%zu", run->path, table->number);
        table->at = table->next;
        table->number += table->lines;
        show(run, table->file);
        if (good && !retort_archive_is_ready(table->file, 1))
            good = import_pause(run, error);
    }
    if (good && table->at < table->bytes.len) {
        retort_fail(error, RETORT_INPUT, "is a row of more than %d bytes; the rest is not read",
                    LONGEST_ROW);
        import_note(run, table->number, error);
    }
    retort_arena_release(&arena);
    return good;
}

static bool read_table(struct import_run *run, struct retort_archive *file, uint8_t between,
                       struct retort_error *error)
{
    struct table table = {.file = file, .between = between, .number = 1};
    struct retort_arena arena = {0};
    struct columns_of columns;
    bool good =
        read_head(&table, run, &arena, &columns, error) && read_rows(&table, &columns, run, error);
    retort_buffer_release(&table.bytes);
    free(table.cells);
    retort_arena_release(&arena);
    return good;
}

bool import_csv_read(struct import_run *run, struct retort_archive *file,
                     struct retort_error *error)
{
    return read_table(run, file, separator_of(without_mark(import_peek_head(file))), error);
}

bool import_tsv_read(struct import_run *run, struct retort_archive *file,
                     struct retort_error *error)
{
    return read_table(run, file, '\t', error);
}
