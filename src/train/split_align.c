/* Somebody pasted article and comments out of a browser; which lines of ours are they?
 *
 * A line of three words or more belongs to the gold text that holds most of its runs of three
 * words, if it holds most of them; a shorter line must be a whole line of the gold text. What is
 * short is found everywhere ("Share", a name), so it counts only near the long lines of its side.
 * A comment's own lines are parted into text and signature by the words of author lines: a comment
 * begins behind a signature, or where the comments do. */
#include "train/split_align.h"

#include "train/split_tokens.h"

#include <stdlib.h>

enum { RUN = 3, SHORT = 8, REACH_ABOVE = 8, REACH_BELOW = 4, LINE_MOST = 4096 };
static const double LEAST_SHARE = 0.7;

struct gold {
    uint64_t *runs, *lines; /* hashes, ascending */
    size_t n_runs, n_lines;
};

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool holds(const uint64_t *hashes, size_t n, uint64_t hash)
{
    return n && bsearch(&hash, hashes, n, sizeof *hashes, by_value);
}

static uint64_t hash_tokens(const uint64_t *tokens, size_t n)
{
    return retort_hash((struct retort_span){(const uint8_t *)tokens, n * sizeof *tokens}, 0);
}

static struct gold read_gold(struct retort_span text, struct retort_arena *arena)
{
    size_t most = text.len / 2 + 1, n = 0;
    uint64_t *tokens = RETORT_NEW(arena, uint64_t, most + 1);
    struct gold gold = {RETORT_NEW(arena, uint64_t, most + 1),
                        RETORT_NEW(arena, uint64_t, most + 1), 0, 0};
    struct retort_span rest = text, line;
    while (retort_span_next_line(&rest, &line)) {
        size_t here = split_tokens_first(line, tokens + n, most - n);
        if (here)
            gold.lines[gold.n_lines++] = hash_tokens(tokens + n, here);
        n += here;
    }
    for (size_t at = 0; at + RUN <= n; at++)
        gold.runs[gold.n_runs++] = hash_tokens(tokens + at, RUN);
    qsort(gold.runs, gold.n_runs, sizeof *gold.runs, by_value);
    qsort(gold.lines, gold.n_lines, sizeof *gold.lines, by_value);
    return gold;
}

/* How much of a line the gold text holds. */
static double share_of(const struct gold *gold, const uint64_t *tokens, size_t n)
{
    if (n < RUN)
        return n && holds(gold->lines, gold->n_lines, hash_tokens(tokens, n)) ? 1 : 0;
    size_t held = 0;
    for (size_t at = 0; at + RUN <= n; at++)
        held += holds(gold->runs, gold->n_runs, hash_tokens(tokens + at, RUN));
    return (double)held / (double)(n - RUN + 1);
}

struct sides {
    const struct retort_page *page;
    uint8_t *letters;
    size_t *n_tokens;
    bool *both; /* a short line that both sides hold */
};

static void look_up(struct sides *sides, const struct gold *article, const struct gold *comments,
                    struct retort_arena *arena)
{
    uint64_t *tokens = RETORT_NEW(arena, uint64_t, LINE_MOST);
    for (size_t at = 0; at < sides->page->n_lines; at++) {
        size_t n = split_tokens_first(sides->page->lines[at].text, tokens, LINE_MOST);
        double in_article = share_of(article, tokens, n),
               in_comments = share_of(comments, tokens, n);
        bool held = in_article >= LEAST_SHARE || in_comments >= LEAST_SHARE;
        sides->n_tokens[at] = n;
        sides->both[at] = n < RUN && in_article > 0 && in_comments > 0;
        sides->letters[at] = (uint8_t)(!held ? 'F' : in_article >= in_comments ? 'A' : 'I');
    }
}

/* Short lines far from the side's long ones are somebody else's. */
static void drop_far(struct sides *sides, uint8_t letter)
{
    size_t n = sides->page->n_lines, first = n, last = 0;
    for (size_t at = 0; at < n; at++) {
        if (sides->letters[at] != letter || sides->n_tokens[at] < SHORT)
            continue;
        first = first < n ? first : at;
        last = at;
    }
    for (size_t at = 0; first < n && at < n; at++)
        if (sides->letters[at] == letter && sides->n_tokens[at] < SHORT &&
            (at + REACH_ABOVE < first || at > last + REACH_BELOW))
            sides->letters[at] = 'F';
}

static void decide_both(struct sides *sides)
{
    uint8_t above = 'A';
    for (size_t at = 0; at < sides->page->n_lines; at++) {
        if (sides->both[at] && sides->letters[at] != 'F')
            sides->letters[at] = above;
        else if (sides->letters[at] != 'F')
            above = sides->letters[at];
    }
}

static bool is_signature(struct retort_span line, const struct lexicon *lexicon)
{
    struct retort_span author, time;
    if (line.len > 120)
        return false;
    retort_page_read_sign(line, lexicon, &author, &time);
    return time.len > 0 || (author.len > 0 && line.data[line.len - 1] == ':');
}

/* 'I' of all lines of comments becomes H, B, I and T. A signature belongs to what is below it when
 * the comments begin with one, else to what is above. */
static void part_comments(struct sides *sides, struct retort_arena *arena)
{
    const struct lexicon *lexicon = retort_page_lexicon(arena);
    const struct retort_page *page = sides->page;
    bool begun = false, signs_first = false, open = false;
    for (size_t at = 0; at < page->n_lines; at++) {
        if (sides->letters[at] != 'I')
            continue;
        bool sign = is_signature(page->lines[at].text, lexicon);
        signs_first = begun ? signs_first : sign;
        sides->letters[at] = (uint8_t)(!sign ? (open ? 'I' : 'B') : signs_first ? 'H' : 'T');
        open = !sign;
        begun = true;
    }
    for (size_t at = page->n_lines; at-- > 0;) { /* a head must have its comment */
        uint8_t below = at + 1 < page->n_lines ? sides->letters[at + 1] : 'F';
        if (sides->letters[at] == 'H' && below != 'H' && below != 'B')
            sides->letters[at] = 'F';
    }
    for (size_t at = 1; at < page->n_lines; at++) /* and what goes on must have begun */
        if (sides->letters[at] == 'I' && sides->letters[at - 1] != 'B' &&
            sides->letters[at - 1] != 'I')
            sides->letters[at] = 'B';
}

static struct retort_span gold_comments(const struct split_truth *truth, struct retort_arena *arena)
{
    size_t len = 0;
    if (!truth->list)
        return truth->comments;
    for (size_t i = 0; i < truth->n_comments; i++)
        len += truth->list[i].text.len + 1;
    uint8_t *all = RETORT_NEW(arena, uint8_t, len + 1);
    struct retort_span joined = {all, 0};
    for (size_t i = 0; i < truth->n_comments; i++) {
        struct retort_span text = truth->list[i].text;
        for (size_t at = 0; at < text.len; at++)
            all[joined.len++] = text.data[at];
        all[joined.len++] = '\n';
    }
    return joined;
}

void split_align(const struct split_truth *truth, const struct retort_page *page, uint8_t *letters)
{
    struct retort_arena arena = {0};
    struct gold article = read_gold(truth->article, &arena);
    struct gold comments = read_gold(gold_comments(truth, &arena), &arena);
    struct sides sides = {page, letters, RETORT_NEW(&arena, size_t, page->n_lines + 1),
                          RETORT_NEW(&arena, bool, page->n_lines + 1)};
    look_up(&sides, &article, &comments, &arena);
    drop_far(&sides, 'A');
    drop_far(&sides, 'I');
    decide_both(&sides);
    part_comments(&sides, &arena);
    retort_arena_release(&arena);
}
