/* A split and a person's operations → another split.
 *
 * A split is its lines: each has a role, and a comment's first line begins it. Operations change
 * these two, one after the other; then the lines are cut into comments by the very function that
 * cuts what a splitter has read. So whatever the operations are, every line is in one block, and a
 * comment's text is that of its lines. No model is asked: a correction is the same, whatever
 * splitter is installed.
 *
 * A comment of the new split *is* one of the old when it has that one's first line that is still a
 * comment's: then it keeps its writer (unless the writer's line has gone to another comment) and
 * the one it answers. What is cut off answers what that one answers; who answered a comment that is
 * gone answers what it answered. Lines of writer and date alone are no comment: they are the head
 * of the comment that follows at once. */
#include "intake/operations.h"

#include <assert.h>

struct draft_line {
    enum retort_role role;
    bool begins;    /* a comment */
    size_t was;     /* its comment in the old split, from 1; 0: none */
    size_t comment; /* and in the new one, when the lines are settled */
};

struct draft_comment {
    size_t first, last; /* lines, by index */
    size_t was;         /* the old comment it is, from 1; 0: none */
    ptrdiff_t parent;   /* an index; −1: the article */
    bool told;          /* the parent, by an operation */
};

struct draft {
    const struct retort_thread *old;
    const struct retort_line *old_lines;
    size_t n_lines, n_comments, n_old;
    struct draft_line *lines;
    struct draft_comment *comments;
    size_t
        *now; /* [n_old + 1]: the new comment that has an old one's lines, from 1; 0: it is gone */
    struct retort_arena *arena;
};

static bool is_comment(const struct draft_line *line)
{
    return line->role == RETORT_COMMENT || line->role == RETORT_SIGNATURE;
}

static void begin_draft(struct draft *draft, const struct retort_thread *old,
                        struct retort_arena *arena)
{
    size_t n = old->page.n_lines;
    *draft = (struct draft){.old = old, .old_lines = old->page.lines, .n_lines = n, .arena = arena};
    draft->n_old = old->n_comments;
    draft->lines = RETORT_NEW(arena, struct draft_line, n + 1);
    for (size_t at = 0, c = 0; at < n; at++) {
        size_t number = draft->old_lines[at].number;
        while (c < draft->n_old && old->comments[c].last_line < number)
            c++;
        bool inside = c < draft->n_old && old->comments[c].first_line <= number;
        draft->lines[at] = (struct draft_line){.role = draft->old_lines[at].role};
        draft->lines[at].was = inside ? c + 1 : 0;
        draft->lines[at].begins = inside && old->comments[c].first_line == number;
    }
}

/* ---- lines -------------------------------------------------------------------------------------
 */

/* The first line of this number or behind it. */
static size_t line_from(const struct draft *draft, size_t number)
{
    size_t low = 0, high = draft->n_lines;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (draft->old_lines[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t last_number(const struct draft *draft)
{
    return draft->n_lines ? draft->old_lines[draft->n_lines - 1].number : 0;
}

static bool begins(const struct draft *draft, size_t at)
{
    const struct draft_line *line = &draft->lines[at];
    return is_comment(line) && (line->begins || at == 0 || !is_comment(line - 1));
}

/* A line of a comment, by its number. */
static bool find_line(const struct draft *draft, size_t number, size_t *at,
                      struct retort_error *error)
{
    *at = line_from(draft, number);
    if (number > last_number(draft))
        return retort_fail(error, RETORT_INPUT, "line %zu: the page has %zu", number,
                           last_number(draft));
    if (draft->old_lines[*at].number != number)
        return retort_fail(error, RETORT_INPUT, "line %zu is blank", number);
    if (!is_comment(&draft->lines[*at]))
        return retort_fail(error, RETORT_INPUT,
                           "line %zu is %s; give it the role of a comment first", number,
                           operation_role_name(draft->lines[*at].role));
    return true;
}

/* What is left of an old comment: its first line that still is a comment's. */
static bool find_comment(const struct draft *draft, size_t number, size_t *at,
                         struct retort_error *error)
{
    if (number > draft->n_old)
        return retort_fail(error, RETORT_INPUT, "comment %zu: the page has %zu", number,
                           draft->n_old);
    const struct retort_comment *comment = &draft->old->comments[number - 1];
    for (*at = line_from(draft, comment->first_line);
         *at < draft->n_lines && draft->old_lines[*at].number <= comment->last_line; (*at)++)
        if (is_comment(&draft->lines[*at]))
            return true;
    return retort_fail(error, RETORT_INPUT, "comment %zu has no line left", number);
}

static bool change_role(struct draft *draft, const struct operation *operation,
                        struct retort_error *error)
{
    if (operation->to > last_number(draft))
        return retort_fail(error, RETORT_INPUT, "line %zu: the page has %zu", operation->to,
                           last_number(draft));
    for (size_t at = line_from(draft, operation->from);
         at < draft->n_lines && draft->old_lines[at].number <= operation->to; at++) {
        struct draft_line *line = &draft->lines[at];
        if (operation->role == RETORT_COMMENT && is_comment(line))
            continue;
        line->role = operation->role;
        line->begins = false;
    }
    return true;
}

static bool cut(struct draft *draft, const struct operation *operation, struct retort_error *error)
{
    size_t at;
    if (!find_line(draft, operation->line, &at, error))
        return false;
    if (begins(draft, at))
        return retort_fail(error, RETORT_INPUT, "a comment begins at line %zu already",
                           operation->line);
    draft->lines[at].begins = true;
    return true;
}

/* A line of the comment that an operation names, by an old number or by a line. */
static bool find_named(const struct draft *draft, size_t number, size_t line, size_t *at,
                       struct retort_error *error)
{
    return line ? find_line(draft, line, at, error) : find_comment(draft, number, at, error);
}

static bool merge(struct draft *draft, const struct operation *operation,
                  struct retort_error *error)
{
    size_t at;
    if (!find_named(draft, operation->comment, operation->line, &at, error))
        return false;
    size_t number = draft->old_lines[at].number;
    if (!begins(draft, at))
        return retort_fail(error, RETORT_INPUT, "line %zu is one comment with the line before it",
                           number);
    if (at == 0 || !is_comment(&draft->lines[at - 1]))
        return retort_fail(error, RETORT_INPUT,
                           "right before the comment at line %zu stands no other; lines between "
                           "two comments want the role of a comment first",
                           number);
    draft->lines[at].begins = false;
    return true;
}

static bool keep(struct draft *draft, const struct operation *operation, struct retort_error *error)
{
    (void)draft, (void)operation, (void)error; /* parents are told when the lines are settled */
    return true;
}

static bool change_lines(struct draft *draft, const struct operation *operations, size_t n,
                         struct retort_error *error)
{
    static bool (*const CHANGES[])(struct draft *, const struct operation *,
                                   struct retort_error *) = {
        [OPERATION_ROLE] = change_role,
        [OPERATION_CUT] = cut,
        [OPERATION_MERGE] = merge,
        [OPERATION_PARENT] = keep,
    };
    for (size_t i = 0; i < n; i++)
        if (!CHANGES[operations[i].kind](draft, &operations[i], error))
            return retort_fail_within(error, "operation %zu", i + 1);
    return true;
}

/* ---- comments ----------------------------------------------------------------------------------
 */

static size_t end_of(const struct draft *draft, size_t first)
{
    size_t last = first;
    while (last + 1 < draft->n_lines && is_comment(&draft->lines[last + 1]) &&
           !draft->lines[last + 1].begins)
        last++;
    return last;
}

static bool has_text(const struct draft *draft, size_t first, size_t last)
{
    for (size_t at = first; at <= last; at++)
        if (draft->lines[at].role == RETORT_COMMENT)
            return true;
    return false;
}

/* Are these all the lines of an old comment, and each as it was? */
static bool is_untouched(const struct draft *draft, size_t first, size_t last)
{
    size_t was = draft->lines[first].was;
    if (!was || draft->old_lines[first].number != draft->old->comments[was - 1].first_line ||
        draft->old_lines[last].number != draft->old->comments[was - 1].last_line)
        return false;
    for (size_t at = first; at <= last; at++)
        if (draft->lines[at].role != draft->old_lines[at].role)
            return false;
    return true;
}

/* Lines of writer and date alone go to the comment that follows at once. */
static bool settle_head(struct draft *draft, size_t first, struct retort_error *error)
{
    for (;;) {
        size_t last = end_of(draft, first), next = last + 1;
        if (has_text(draft, first, last) || is_untouched(draft, first, last))
            return true;
        if (next == draft->n_lines || !is_comment(&draft->lines[next]))
            return retort_fail(error, RETORT_INPUT,
                               "the comment at line %zu would have no text, only lines of writer "
                               "and date",
                               draft->old_lines[first].number);
        draft->lines[next].begins = false;
    }
}

static bool settle_heads(struct draft *draft, struct retort_error *error)
{
    for (size_t at = 0; at < draft->n_lines; at++) {
        draft->lines[at].begins = begins(draft, at);
        if (draft->lines[at].begins && !settle_head(draft, at, error))
            return false;
    }
    return true;
}

/* Which comments there are now, and which of the old each of them is. */
static void count_comments(struct draft *draft)
{
    draft->comments = RETORT_NEW(draft->arena, struct draft_comment, draft->n_lines + 1);
    draft->now = RETORT_NEW(draft->arena, size_t, draft->n_old + 1);
    for (size_t at = 0; at < draft->n_lines; at++) {
        struct draft_line *line = &draft->lines[at];
        if (begins(draft, at))
            draft->comments[draft->n_comments++].first = at;
        if (!is_comment(line))
            continue;
        struct draft_comment *comment = &draft->comments[draft->n_comments - 1];
        comment->last = at;
        line->comment = draft->n_comments;
        if (!line->was || draft->now[line->was])
            continue;
        draft->now[line->was] = draft->n_comments;
        comment->was = comment->was ? comment->was : line->was;
    }
}

/* ---- whom they answer --------------------------------------------------------------------------
 */

/* Of an old comment: the new one that has what it answers, or what that answered, and so on. */
static ptrdiff_t old_parent(const struct draft *draft, size_t was, size_t self)
{
    for (ptrdiff_t up = draft->old->comments[was - 1].parent; up >= 0;
         up = draft->old->comments[up].parent) {
        size_t now = draft->now[up + 1];
        assert(now <= self); /* what is answered stands before */
        if (now)
            return (ptrdiff_t)now - 1;
    }
    return -1;
}

static void keep_parents(struct draft *draft)
{
    for (size_t i = 0; i < draft->n_comments; i++) {
        struct draft_comment *comment = &draft->comments[i];
        size_t was = comment->was ? comment->was : draft->lines[comment->first].was;
        comment->parent = was ? old_parent(draft, was, i) : -1;
    }
}

static bool find_new(const struct draft *draft, size_t number, size_t line, size_t *index,
                     struct retort_error *error)
{
    size_t at;
    bool found = find_named(draft, number, line, &at, error);
    *index = found ? draft->lines[at].comment - 1 : 0;
    return found;
}

static bool tell_parent(struct draft *draft, const struct operation *operation,
                        struct retort_error *error)
{
    size_t child, parent;
    if (!find_new(draft, operation->comment, operation->line, &child, error))
        return false;
    draft->comments[child].told = true;
    draft->comments[child].parent = -1;
    if (operation->parent == 0 && operation->parent_line == 0)
        return true;
    if (!find_new(draft, operation->parent, operation->parent_line, &parent, error))
        return false;
    draft->comments[child].parent = (ptrdiff_t)parent;
    return parent < child || retort_fail(error, RETORT_INPUT,
                                         "a comment answers one that stands before it: line %zu "
                                         "is not before line %zu",
                                         draft->old_lines[draft->comments[parent].first].number,
                                         draft->old_lines[draft->comments[child].first].number);
}

static bool tell_parents(struct draft *draft, const struct operation *operations, size_t n,
                         struct retort_error *error)
{
    for (size_t i = 0; i < n; i++)
        if (operations[i].kind == OPERATION_PARENT && !tell_parent(draft, &operations[i], error))
            return retort_fail_within(error, "operation %zu", i + 1);
    return true;
}

/* ---- the new split -----------------------------------------------------------------------------
 */

/* Writer and date above and below the text; within it they are text. */
static void state_comment(const struct draft *draft, const struct draft_comment *comment,
                          struct retort_line *lines)
{
    size_t begin = comment->first, end = comment->last;
    if (is_untouched(draft, begin, end))
        return;
    while (draft->lines[begin].role == RETORT_SIGNATURE)
        lines[begin++].state = RETORT_STATE_HEAD;
    while (draft->lines[end].role == RETORT_SIGNATURE)
        lines[end--].state = RETORT_STATE_TAIL;
    for (size_t at = begin; at <= end; at++)
        lines[at].state = at == begin ? RETORT_STATE_BEGIN : RETORT_STATE_GOES_ON;
}

static enum retort_state outer_state(enum retort_role role, bool article_above, bool comments_above)
{
    if (role == RETORT_ARTICLE)
        return RETORT_STATE_ARTICLE;
    return comments_above  ? RETORT_STATE_AFTER
           : article_above ? RETORT_STATE_AMID
                           : RETORT_STATE_BEFORE;
}

static void new_page(const struct draft *draft, struct retort_page *page)
{
    bool article = false, comments = false;
    *page = draft->old->page;
    page->lines = RETORT_NEW(draft->arena, struct retort_line, draft->n_lines + 1);
    if (draft->n_lines > 0)
        memcpy(page->lines, draft->old_lines, draft->n_lines * sizeof *page->lines);
    for (size_t i = 0; i < draft->n_comments; i++)
        state_comment(draft, &draft->comments[i], page->lines);
    for (size_t at = 0; at < draft->n_lines; at++) {
        const struct draft_line *line = &draft->lines[at];
        article |= line->role == RETORT_ARTICLE;
        comments |= is_comment(line);
        if (!is_comment(line))
            page->lines[at].state = outer_state(line->role, article, comments);
        page->lines[at].role = retort_page_role(page->lines[at].state);
    }
}

/* What the lines say of the writer goes with the lines; what the markup said stays. */
static void keep_sign(struct retort_span *sign, struct retort_span stored, struct retort_span read)
{
    if (!retort_span_equal(stored, read))
        *sign = stored;
}

static bool fill_thread(const struct draft *draft, struct retort_thread *thread,
                        struct retort_error *error)
{
    const struct retort_thread *old = draft->old;
    struct retort_page page;
    struct retort_thread read;
    new_page(draft, &page);
    retort_thread_cut(&page, draft->arena, thread);
    retort_thread_cut(&old->page, draft->arena, &read);
    if (thread->n_comments != draft->n_comments || read.n_comments != draft->n_old)
        return retort_fail(error, RETORT_INPUT, "the lines cannot be cut into these comments");
    thread->title = old->title;
    for (size_t i = 0; i < draft->n_comments; i++) {
        struct retort_comment *comment = &thread->comments[i];
        size_t was = draft->comments[i].was;
        comment->parent = draft->comments[i].parent;
        comment->parent_p = 1;
        if (!was)
            continue;
        keep_sign(&comment->author, old->comments[was - 1].author, read.comments[was - 1].author);
        keep_sign(&comment->time, old->comments[was - 1].time, read.comments[was - 1].time);
    }
    return true;
}

static bool changes(const struct draft *draft, const struct retort_thread *thread)
{
    if (draft->n_comments != draft->n_old)
        return true;
    for (size_t at = 0; at < draft->n_lines; at++)
        if (thread->page.lines[at].role != draft->old_lines[at].role)
            return true;
    for (size_t i = 0; i < draft->n_old; i++)
        if (thread->comments[i].first_line != draft->old->comments[i].first_line ||
            thread->comments[i].parent != draft->old->comments[i].parent)
            return true;
    return false;
}

bool retort_intake_correct(const struct retort_thread *old, const struct retort_json *json,
                           struct retort_arena *arena, struct retort_thread *thread,
                           struct retort_error *error)
{
    struct draft draft;
    struct operation *operations;
    size_t n;
    begin_draft(&draft, old, arena);
    if (!operations_read(json, arena, &operations, &n, error) ||
        !change_lines(&draft, operations, n, error) || !settle_heads(&draft, error))
        return false;
    count_comments(&draft);
    keep_parents(&draft);
    return tell_parents(&draft, operations, n, error) && fill_thread(&draft, thread, error) &&
           (changes(&draft, thread) ||
            retort_fail(
                error, RETORT_INPUT,
                "the operations change nothing (lines of writer and date alone are no comment)"));
}
