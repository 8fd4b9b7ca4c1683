/* Reading rows of pages with truth. Everything is copied out of the parsed JSON into the row's
 * arena, so that a row owns nothing else. */
#include "train/split_truth.h"

static struct retort_span text_of(const struct retort_json *row, const char *key,
                                  struct retort_arena *arena)
{
    struct retort_span text = {NULL, 0};
    if (!retort_json_text(retort_json_get(row, key), &text))
        return text;
    return text.len ? retort_arena_copy(arena, text) : RETORT_SPAN("");
}

/* "parent": 0 the article, n an earlier comment; anything else is unknown. */
static int32_t parent_of(const struct retort_json *value, size_t at)
{
    double number;
    bool known = retort_json_number(value, &number) && number >= 0 && number <= (double)at;
    return known ? (int32_t)number - 1 : SPLIT_PARENT_UNKNOWN;
}

static void take_parents(const struct retort_json *parents, struct split_truth *truth,
                         struct retort_arena *arena)
{
    size_t n = retort_json_length(parents);
    if (!n || n != truth->n_comments)
        return;
    truth->parents = RETORT_NEW(arena, int32_t, n);
    for (size_t i = 0; i < n; i++)
        truth->parents[i] = parent_of(retort_json_at(parents, i), i);
}

static size_t count_begins(struct retort_span roles)
{
    size_t n = 0;
    for (size_t i = 0; i < roles.len; i++)
        n += roles.data[i] == 'B';
    return n;
}

static bool take_begin(const struct retort_json *value, size_t *begin)
{
    double number;
    if (!retort_json_number(value, &number) || number < 0 || number > 1e15)
        return false;
    *begin = (size_t)number;
    return true;
}

static bool take_list(const struct retort_json *list, struct split_truth *truth,
                      struct retort_arena *arena, struct retort_error *error)
{
    size_t n = truth->n_comments = retort_json_length(list);
    truth->has_begins = n > 0;
    truth->list = RETORT_NEW(arena, struct retort_comment, n + 1);
    truth->parents = RETORT_NEW(arena, int32_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct retort_json *comment = retort_json_at(list, i);
        truth->list[i].text = text_of(comment, "text", arena);
        truth->list[i].author = text_of(comment, "author", arena);
        truth->parents[i] = parent_of(retort_json_get(comment, "parent"), i);
        truth->has_begins &= take_begin(retort_json_get(comment, "begin"), &truth->list[i].begin);
        if (!truth->list[i].text.data)
            return retort_fail(error, RETORT_INPUT, "comment %zu has no \"text\"", i + 1);
    }
    return true;
}

static bool take_comments(const struct retort_json *row, struct split_truth *truth,
                          struct retort_arena *arena, struct retort_error *error)
{
    const struct retort_json *comments = retort_json_get(row, "comments");
    truth->comments = text_of(row, "comments", arena);
    truth->has_comments = truth->comments.data || retort_json_is_array(comments);
    return !retort_json_is_array(comments) || take_list(comments, truth, arena, error);
}

static bool take_row(const struct retort_json *row, struct split_truth *truth,
                     struct retort_arena *arena, struct retort_error *error)
{
    *truth = (struct split_truth){.id = text_of(row, "id", arena)};
    truth->source = text_of(row, "source", arena);
    truth->variant = text_of(row, "variant", arena);
    truth->group = text_of(row, "group", arena);
    truth->site = text_of(row, "site", arena);
    truth->site = truth->site.len ? truth->site : truth->group;
    truth->input = text_of(row, "text", arena);
    truth->html = !truth->input.data;
    truth->input = truth->html ? text_of(row, "html", arena) : truth->input;
    truth->article = text_of(row, "article", arena);
    truth->has_article = truth->article.data;
    truth->roles = text_of(row, "roles", arena);
    if (truth->roles.data && truth->input.data && !truth->html) {
        truth->n_comments = count_begins(truth->roles);
        take_parents(retort_json_get(row, "parents"), truth, arena);
        return true;
    }
    truth->roles = (struct retort_span){NULL, 0};
    if (!take_comments(row, truth, arena, error))
        return false;
    if (truth->list || (truth->input.data && (truth->has_article || truth->has_comments)))
        return true;
    return retort_fail(error, RETORT_INPUT,
                       "no page with truth: wants \"text\" with \"roles\", or \"text\" or "
                       "\"html\" with \"article\" and \"comments\"");
}

struct split_rows split_rows_of(const char *const *paths, size_t n_paths, struct split_data *data)
{
    return (struct split_rows){.paths = paths, .n_paths = n_paths, .data = data};
}

bool split_rows_blame(const struct split_rows *rows, struct retort_error *error)
{
    return retort_fail_within(error, "%s: line %zu", rows->paths[rows->at_path], rows->line);
}

static bool open_next(struct split_rows *rows, struct retort_error *error)
{
    const char *path = rows->paths[rows->at_path];
    if (!retort_file_read(&rows->file, path, error))
        return false;
    rows->opened = true;
    rows->rest = rows->file.bytes;
    rows->line = 0;
    if (rows->data) {
        rows->data[rows->at_path].path = path;
        retort_sha256(rows->file.bytes, rows->data[rows->at_path].sha256);
    }
    return true;
}

/* The next line, of the next file when this one has ended. */
static bool next_line(struct split_rows *rows, struct retort_span *line, bool *more,
                      struct retort_error *error)
{
    for (; rows->opened || rows->at_path < rows->n_paths; rows->at_path++) {
        *more = true;
        if (!rows->opened && !open_next(rows, error))
            return false;
        rows->line++;
        if (retort_span_next_line(&rows->rest, line))
            return true;
        split_rows_close(rows);
    }
    *more = false;
    return true;
}

bool split_rows_next(struct split_rows *rows, struct retort_arena *arena, struct split_truth *truth,
                     bool *more, struct retort_error *error)
{
    struct retort_span line;
    if (!next_line(rows, &line, more, error))
        return false;
    if (!*more)
        return true;
    struct retort_json *row = retort_json_parse(line, error);
    bool fine = row && take_row(row, truth, arena, error);
    retort_json_free(row);
    return fine || split_rows_blame(rows, error);
}

void split_rows_close(struct split_rows *rows)
{
    if (rows->opened)
        retort_file_close(&rows->file);
    rows->opened = false;
}

bool split_truth_letters(const struct split_truth *truth, const struct retort_page *page,
                         uint8_t *letters, struct retort_error *error)
{
    size_t n_comments = 0;
    for (size_t at = 0; at < page->n_lines; at++) {
        size_t number = page->lines[at].number;
        letters[at] = number <= truth->roles.len ? truth->roles.data[number - 1] : '-';
        if (letters[at] == '-')
            return retort_fail(error, RETORT_INPUT,
                               "\"roles\" has no role for line %zu of the text", number);
        n_comments += letters[at] == 'B';
    }
    return n_comments == truth->n_comments ||
           retort_fail(error, RETORT_INPUT, "\"roles\" has a comment begin on a blank line");
}
