/* Lines with states → blocks and comments. A block begins where the role changes or a comment
 * begins; author lines open or close their comment's block. One walk over the lines. */
#include "thread/thread.h"

static bool opens_comment(const struct retort_page *page, size_t at)
{
    enum retort_state state = page->lines[at].state;
    enum retort_state before = at ? page->lines[at - 1].state : RETORT_STATE_BEFORE;
    return (state == RETORT_STATE_BEGIN && before != RETORT_STATE_HEAD) ||
           (state == RETORT_STATE_HEAD && before != RETORT_STATE_HEAD);
}

static enum retort_role block_role(enum retort_role role)
{
    return role == RETORT_SIGNATURE ? RETORT_COMMENT : role;
}

static bool opens_block(const struct retort_page *page, size_t at)
{
    return at == 0 || opens_comment(page, at) ||
           block_role(page->lines[at].role) != block_role(page->lines[at - 1].role);
}

static struct retort_span text_between(const struct retort_line *first,
                                       const struct retort_line *last)
{
    const uint8_t *end = last->text.data + last->text.len;
    return (struct retort_span){first->text.data, (size_t)(end - first->text.data)};
}

static void sign_comment(struct retort_comment *comment, struct retort_span line,
                         const struct lexicon *lexicon)
{
    struct retort_span author, time;
    retort_page_read_sign(line, lexicon, &author, &time);
    if (!comment->author.len)
        comment->author = author;
    if (!comment->time.len)
        comment->time = time;
}

/* The lines [first, last] of a comment's block. A block of author lines alone has no text. */
static void fill_comment(const struct retort_page *page, size_t first, size_t last,
                         const struct lexicon *lexicon, struct retort_comment *comment)
{
    const struct retort_line *begin = NULL, *end = NULL;
    *comment = (struct retort_comment){.first_line = page->lines[first].number, .parent = -1};
    comment->last_line = page->lines[last].number;
    comment->begin = page->lines[first].begin;
    comment->end = page->lines[last].end;
    comment->text = (struct retort_span){page->lines[first].text.data, 0};
    for (size_t at = first; at <= last; at++) {
        if (page->lines[at].role == RETORT_SIGNATURE) {
            sign_comment(comment, page->lines[at].text, lexicon);
            continue;
        }
        begin = begin ? begin : &page->lines[at];
        end = &page->lines[at];
    }
    if (begin)
        comment->text = text_between(begin, end);
}

static void fill_block(const struct retort_page *page, size_t first, size_t last,
                       struct retort_block *block)
{
    *block = (struct retort_block){.role = block_role(page->lines[first].role)};
    block->text = text_between(&page->lines[first], &page->lines[last]);
    block->first_line = page->lines[first].number;
    block->last_line = page->lines[last].number;
    block->begin = page->lines[first].begin;
    block->end = page->lines[last].end;
}

static void count_blocks(struct retort_thread *thread)
{
    const struct retort_page *page = &thread->page;
    for (size_t at = 0; at < page->n_lines; at++) {
        bool opens = opens_block(page, at);
        thread->n_blocks += opens;
        thread->n_comments += opens && block_role(page->lines[at].role) == RETORT_COMMENT;
    }
}

static struct retort_span find_article(const struct retort_page *page)
{
    const struct retort_line *first = NULL, *last = NULL;
    for (size_t at = 0; at < page->n_lines; at++) {
        if (page->lines[at].role != RETORT_ARTICLE)
            continue;
        first = first ? first : &page->lines[at];
        last = &page->lines[at];
    }
    return first ? text_between(first, last) : (struct retort_span){page->text.data, 0};
}

void retort_thread_cut(const struct retort_page *page, struct retort_arena *arena,
                       struct retort_thread *thread)
{
    struct retort_arena scratch = {0};
    const struct lexicon *lexicon = retort_page_lexicon(&scratch);
    *thread = (struct retort_thread){.page = *page, .article = find_article(page)};
    count_blocks(thread);
    thread->blocks = RETORT_NEW(arena, struct retort_block, thread->n_blocks + 1);
    thread->comments = RETORT_NEW(arena, struct retort_comment, thread->n_comments + 1);
    size_t n_blocks = 0, n_comments = 0;
    for (size_t first = 0, last; first < page->n_lines; first = last + 1) {
        for (last = first; last + 1 < page->n_lines && !opens_block(page, last + 1);)
            last++;
        struct retort_block *block = &thread->blocks[n_blocks++];
        fill_block(page, first, last, block);
        if (block->role != RETORT_COMMENT)
            continue;
        struct retort_comment *comment = &thread->comments[n_comments++];
        fill_comment(page, first, last, lexicon, comment);
        block->text = comment->text;
        block->comment = n_comments;
    }
    retort_arena_release(&scratch);
}
