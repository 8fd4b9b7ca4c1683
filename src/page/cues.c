/* Cues of a line: its own facts, the closed-class word it opens with, how it stands to the lines
 * beside it and to the page's habits. What stands further off is the network's to remember, so no
 * cue is a mean over many lines. Every cue has a name; together they are the only thing a
 * splitter's weights can refer to. */
#include "page/cues.h"

#include "page/markup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define EXTRAS(CUE)                                                                                \
    CUE(FIRST_LINE, "first line")                                                                  \
    CUE(EARLY, "among the first three lines")                                                      \
    CUE(LAST_LINE, "last line")                                                                    \
    CUE(LATE, "among the last three lines")                                                        \
    CUE(POSITION, "position on the page")                                                          \
    CUE(DEPTH, "log of lines above")                                                               \
    CUE(REST, "log of lines below")                                                                \
    CUE(GAP, "blank line before")                                                                  \
    CUE(GAP_MIXED, "blank line before, among lines with and without")                              \
    CUE(NO_GAP_MIXED, "no blank line before, among lines with and without")                        \
    CUE(WIDE_GAP, "several blank lines before")                                                    \
    CUE(GAP_AFTER_MIXED, "blank line after, among lines with and without")                         \
    CUE(INDENTED, "indented")                                                                      \
    CUE(DEEPER, "indented deeper")                                                                 \
    CUE(SHALLOWER, "indented less")                                                                \
    CUE(MARKS_AGAINST_PAGE, "quotation marks unlike the page's")                                   \
    CUE(MARKS_FLIP, "quotation marks unlike the last")                                             \
    CUE(MARKS_SAME, "quotation marks like the last")                                               \
    CUE(APOSTROPHE_AGAINST_PAGE, "apostrophes unlike the page's")                                  \
    CUE(APOSTROPHE_FLIP, "apostrophes unlike the last")                                            \
    CUE(APOSTROPHE_SAME, "apostrophes like the last")                                              \
    CUE(SAID_BEFORE, "the same line stands above")                                                 \
    CUE(SAID_LATER, "the same line stands below")                                                  \
    CUE(SAID_OFTEN, "the same line three times")                                                   \
    CUE(SHAPE_OFTEN, "shape of the line three times")                                              \
    CUE(SHAPE_OFTEN_SIGN, "shape three times, with a time or says")                                \
    CUE(SHAPE_OFTEN_BEFORE, "the line before has a frequent shape")                                \
    CUE(SHAPE_OFTEN_AFTER, "the line after has a frequent shape")                                  \
    CUE(QUOTES_EARLIER, "wholly a quotation of an earlier line")                                   \
    CUE(QUOTES_PART, "quotes an earlier line in part")                                             \
    CUE(QUOTES_OTHER, "wholly a quotation of nothing above")                                       \
    CUE(QUOTES_NEAR, "quotes one of the three lines before")                                       \
    CUE(QUOTES_HEAD, "quotes the page's first lines")                                              \
    CUE(REPEATS_BARE, "repeats an earlier line without marks")                                     \
    CUE(AFTER_QUOTE, "after a quotation of an earlier line")                                       \
    CUE(AFTER_OTHER_QUOTE, "after a quotation of nothing above")                                   \
    CUE(QUOTES_GO_ON, "quotation after quotation")                                                 \
    CUE(ANGLE_GOES_ON, "> after >")                                                                \
    CUE(ANGLE_ENDS, "no > after >")                                                                \
    CUE(OVERLAP_PREVIOUS, "words shared with the line before")                                     \
    CUE(OVERLAP_RECENT, "words shared with three lines before")                                    \
    CUE(OVERLAP_NEXT, "words shared with the line after")                                          \
    CUE(OVERLAP_HEAD, "words shared with the page's head")                                         \
    CUE(OVERLAP_SEEN, "words seen before")                                                         \
    CUE(COHESION, "words shared across the gap")                                                   \
    CUE(NEW_HERE, "no word shared with three lines before")                                        \
    CUE(HEADING_NEAR, "a heading of comments in the eight lines before")                           \
    CUE(HEADING_SEEN, "a heading of comments above")                                               \
    CUE(HEADING_TO_COME, "a heading of comments below")                                            \
    CUE(SIGNED_PAGE, "author lines on the page")                                                   \
    CUE(SIGNED_SHARE, "share of author lines")                                                     \
    CUE(AFTER_SIGN, "after an author line, on a page with them")                                   \
    CUE(NOT_AFTER_SIGN, "not after an author line, on a page with them")                           \
    CUE(BEFORE_SIGN, "before an author line, on a page with them")                                 \
    CUE(SIGN_TWO_UP, "author line two lines above")                                                \
    CUE(LONGER, "much longer than the line before")                                                \
    CUE(SHORTER, "much shorter than the line before")                                              \
    CUE(LIKE_LONG, "about as long as the line before")                                             \
    CUE(LIST_GOES_ON, "numbered or bulleted like the line before")                                 \
    CUE(AFTER_OPEN_QUOTE, "after a quotation left open")                                           \
    CUE(SMALL_PAGE, "page to eight lines")                                                         \
    CUE(LARGE_PAGE, "page over eighty lines")

enum extra {
#define CUE(id, name) EXTRA_##id,
    EXTRAS(CUE)
#undef CUE
        N_EXTRAS
};

enum {
    CUE_BIAS,
    CUE_FLAGS,
    CUE_AMOUNTS = CUE_FLAGS + N_FLAGS,
    CUE_EXTRAS = CUE_AMOUNTS + N_AMOUNTS,
    CUE_OPENERS = CUE_EXTRAS + N_EXTRAS,
    N_CUES = CUE_OPENERS + N_OPENERS
};

static const char *const FLAG_NAMES[] = {
#define FLAG(id, name) name,
    LINE_FLAGS(FLAG)
#undef FLAG
};
static const char *const AMOUNT_NAMES[] = {
#define AMOUNT(id, name) name,
    LINE_AMOUNTS(AMOUNT)
#undef AMOUNT
};
static const char *const EXTRA_NAMES[] = {
#define CUE(id, name) name,
    EXTRAS(CUE)
#undef CUE
};
/* ---- names ------------------------------------------------------------------------------- */

size_t retort_page_n_cues(void)
{
    return N_CUES;
}

void retort_page_cue_name(size_t id, char name[64])
{
    struct retort_span word;
    if (id >= CUE_OPENERS) {
        word = lexicon_opener_word((uint8_t)(id - CUE_OPENERS + 1));
        snprintf(name, 64, "first word: %.*s", (int)word.len, (const char *)word.data);
    } else if (id >= CUE_EXTRAS) {
        snprintf(name, 64, "%s", EXTRA_NAMES[id - CUE_EXTRAS]);
    } else if (id >= CUE_AMOUNTS) {
        snprintf(name, 64, "%s", AMOUNT_NAMES[id - CUE_AMOUNTS]);
    } else {
        snprintf(name, 64, "%s", id ? FLAG_NAMES[id - CUE_FLAGS] : "always");
    }
}

uint64_t retort_page_cues_hash(void)
{
    uint64_t hash = 0;
    char name[64];
    for (size_t id = 0; id < N_CUES; id++) {
        retort_page_cue_name(id, name);
        hash = retort_hash(retort_span_of(name), hash);
    }
    return hash;
}

/* ---- a vector of cues --------------------------------------------------------------------- */

/* A line has one opener; of everything else each cue at most once. */
_Static_assert(CUE_OPENERS + 1 + MARKUP_CUES_MOST <= RETORT_LINE_CUES_MOST, "all cues have room");

struct vector {
    struct retort_cue *cues;
    size_t n;
};

static void put(struct vector *vector, size_t id, float value)
{
    vector->cues[vector->n] = (struct retort_cue){(uint16_t)id, value};
    vector->n += value != 0;
}

static void put_if(struct vector *vector, enum extra extra, bool yes)
{
    put(vector, CUE_EXTRAS + (size_t)extra, yes ? 1 : 0);
}

static void put_value(struct vector *vector, enum extra extra, float value)
{
    put(vector, CUE_EXTRAS + (size_t)extra, value);
}

static void put_flags(struct vector *vector, const struct line_facts *facts)
{
    for (size_t half = 0; half < 2; half++)
        for (uint64_t rest = facts->flags[half]; rest; rest &= rest - 1)
            put(vector, CUE_FLAGS + half * 64 + (size_t)__builtin_ctzll(rest), 1);
}

/* ---- the cues of a line ------------------------------------------------------------------- */

enum { AMONG = 3, HEADING_REACH = 8, MIN_SIGNS = 2 };

static float small_log(size_t n)
{
    return logf(1.0F + (float)n) / 6.0F;
}

static void put_position(struct vector *vector, const struct retort_observed *page, size_t at)
{
    size_t n = page->n_lines;
    put_if(vector, EXTRA_FIRST_LINE, at == 0);
    put_if(vector, EXTRA_EARLY, at < AMONG);
    put_if(vector, EXTRA_LAST_LINE, at + 1 == n);
    put_if(vector, EXTRA_LATE, at + AMONG >= n);
    put_value(vector, EXTRA_POSITION, (float)at / (float)n);
    put_value(vector, EXTRA_DEPTH, small_log(at));
    put_value(vector, EXTRA_REST, small_log(n - at));
    put_if(vector, EXTRA_SMALL_PAGE, n <= 8);
    put_if(vector, EXTRA_LARGE_PAGE, n > 80);
}

/* Do some of the lines around have blank lines before them and others not? An article may be set
 * with blank lines and its comments without, so the page as a whole does not tell. */
static bool has_mixed_gaps(const struct retort_observed *page, size_t at)
{
    size_t begin = at > 4 ? at - 4 : 0, end = at + 16 < page->n_lines ? at + 16 : page->n_lines;
    size_t gaps = page->places[end].gaps_above - page->places[begin].gaps_above;
    return gaps > 0 && gaps * 10 < (end - begin) * 9;
}

static void put_layout(struct vector *vector, const struct retort_observed *page, size_t at)
{
    const struct line_place *place = &page->places[at];
    bool mixed = has_mixed_gaps(page, at);
    bool gap = place->blanks > 0;
    uint8_t indent = page->facts[at].indent, before = at ? page->facts[at - 1].indent : 0;
    put_if(vector, EXTRA_GAP, gap);
    put_if(vector, EXTRA_GAP_MIXED, gap && mixed);
    put_if(vector, EXTRA_NO_GAP_MIXED, !gap && mixed && at > 0);
    put_if(vector, EXTRA_WIDE_GAP, place->blanks > 1);
    put_if(vector, EXTRA_GAP_AFTER_MIXED,
           mixed && at + 1 < page->n_lines && page->places[at + 1].blanks > 0);
    put_if(vector, EXTRA_INDENTED, indent > 0);
    put_if(vector, EXTRA_DEEPER, indent > before);
    put_if(vector, EXTRA_SHALLOWER, indent < before);
}

static void put_marks(struct vector *vector, const struct retort_observed *page, size_t at)
{
    const struct line_place *place = &page->places[at];
    put_if(vector, EXTRA_MARKS_AGAINST_PAGE, place->marks * page->page_marks < 0);
    put_if(vector, EXTRA_MARKS_FLIP, place->marks * place->marks_before < 0);
    put_if(vector, EXTRA_MARKS_SAME, place->marks * place->marks_before > 0);
    put_if(vector, EXTRA_APOSTROPHE_AGAINST_PAGE, place->apostrophes * page->page_apostrophes < 0);
    put_if(vector, EXTRA_APOSTROPHE_FLIP, place->apostrophes * place->apostrophes_before < 0);
    put_if(vector, EXTRA_APOSTROPHE_SAME, place->apostrophes * place->apostrophes_before > 0);
}

static void put_repeats(struct vector *vector, const struct retort_observed *page, size_t at)
{
    const struct line_place *place = &page->places[at];
    put_if(vector, EXTRA_SAID_BEFORE, place->said_before);
    put_if(vector, EXTRA_SAID_LATER, !place->said_before && place->same > 1);
    put_if(vector, EXTRA_SAID_OFTEN, place->same >= 3);
    put_if(vector, EXTRA_SHAPE_OFTEN, place->shape >= 3);
    put_if(vector, EXTRA_SHAPE_OFTEN_SIGN, place->shape >= 3 && place->sign);
    put_if(vector, EXTRA_SHAPE_OFTEN_BEFORE, at && page->places[at - 1].shape >= 3);
    put_if(vector, EXTRA_SHAPE_OFTEN_AFTER,
           at + 1 < page->n_lines && page->places[at + 1].shape >= 3);
}

static bool quotes_earlier(const struct retort_observed *page, size_t at)
{
    const struct line_facts *facts = &page->facts[at];
    const struct line_echo *echo = &page->echoes[at];
    bool marked = facts_flag(facts, FACT_ALL_QUOTED) || facts_flag(facts, FACT_STARTS_ANGLE);
    return echo->echoed >= 0.6F && (marked || facts_flag(facts, FACT_STARTS_QUOTE));
}

static bool quotes_other(const struct retort_observed *page, size_t at)
{
    return facts_flag(&page->facts[at], FACT_ALL_QUOTED) && page->echoes[at].echoed < 0.3F;
}

static void put_quotes(struct vector *vector, const struct retort_observed *page, size_t at)
{
    const struct line_facts *facts = &page->facts[at];
    const struct line_echo *echo = &page->echoes[at];
    bool earlier = quotes_earlier(page, at), part = !earlier && echo->quoted >= 0.5F;
    size_t source = echo->source ? echo->source - 1 : 0;
    bool angle = facts_flag(facts, FACT_STARTS_ANGLE);
    bool angle_before = at && facts_flag(&page->facts[at - 1], FACT_STARTS_ANGLE);
    put_if(vector, EXTRA_QUOTES_EARLIER, earlier);
    put_if(vector, EXTRA_QUOTES_PART, part);
    put_if(vector, EXTRA_QUOTES_OTHER, quotes_other(page, at));
    put_if(vector, EXTRA_QUOTES_NEAR, (earlier || part) && source + 3 >= at);
    put_if(vector, EXTRA_QUOTES_HEAD, (earlier || part) && source < 8 && source + 3 < at);
    put_if(vector, EXTRA_REPEATS_BARE, !earlier && !part && echo->echoed >= 0.6F);
    put_if(vector, EXTRA_AFTER_QUOTE, at && quotes_earlier(page, at - 1));
    put_if(vector, EXTRA_AFTER_OTHER_QUOTE, at && quotes_other(page, at - 1));
    put_if(vector, EXTRA_QUOTES_GO_ON,
           at && facts_flag(facts, FACT_ALL_QUOTED) &&
               facts_flag(&page->facts[at - 1], FACT_ALL_QUOTED));
    put_if(vector, EXTRA_ANGLE_GOES_ON, angle && angle_before);
    put_if(vector, EXTRA_ANGLE_ENDS, !angle && angle_before);
    put_if(vector, EXTRA_AFTER_OPEN_QUOTE, at && facts_flag(&page->facts[at - 1], FACT_OPEN_QUOTE));
}

static void put_overlap(struct vector *vector, const struct retort_observed *page, size_t at)
{
    const struct line_echo *echo = &page->echoes[at];
    put_value(vector, EXTRA_OVERLAP_PREVIOUS, echo->previous);
    put_value(vector, EXTRA_OVERLAP_RECENT, echo->recent);
    put_value(vector, EXTRA_OVERLAP_NEXT, echo->next);
    put_value(vector, EXTRA_OVERLAP_HEAD, echo->head);
    put_value(vector, EXTRA_OVERLAP_SEEN, echo->seen);
    put_value(vector, EXTRA_COHESION, echo->cohesion);
    put_if(vector, EXTRA_NEW_HERE, echo->recent == 0);
}

static void put_signs(struct vector *vector, const struct retort_observed *page, size_t at)
{
    bool is_signed = page->n_signs >= MIN_SIGNS;
    bool before = at && page->places[at - 1].sign;
    bool two_up = at > 1 && page->places[at - 2].sign;
    const struct line_place *place = &page->places[at];
    put_if(vector, EXTRA_HEADING_NEAR, place->since_heading <= HEADING_REACH);
    put_if(vector, EXTRA_HEADING_SEEN, place->since_heading != UINT32_MAX);
    put_if(vector, EXTRA_HEADING_TO_COME, page->n_headings && at < page->last_heading);
    put_if(vector, EXTRA_SIGNED_PAGE, is_signed);
    put_value(vector, EXTRA_SIGNED_SHARE,
              is_signed ? (float)page->n_signs / (float)page->n_lines : 0);
    put_if(vector, EXTRA_AFTER_SIGN, is_signed && before);
    put_if(vector, EXTRA_NOT_AFTER_SIGN, is_signed && !before && !two_up);
    put_if(vector, EXTRA_BEFORE_SIGN,
           is_signed && at + 1 < page->n_lines && page->places[at + 1].sign);
    put_if(vector, EXTRA_SIGN_TWO_UP, is_signed && two_up);
}

static void put_contrast(struct vector *vector, const struct retort_observed *page, size_t at)
{
    if (!at)
        return;
    const struct line_facts *here = &page->facts[at], *before = &page->facts[at - 1];
    int change = (int)here->amounts[AMOUNT_LENGTH] - (int)before->amounts[AMOUNT_LENGTH];
    put_if(vector, EXTRA_LONGER, change > 45);
    put_if(vector, EXTRA_SHORTER, change < -45);
    put_if(vector, EXTRA_LIKE_LONG, change > -12 && change < 12);
    put_if(vector, EXTRA_LIST_GOES_ON,
           (facts_flag(here, FACT_STARTS_NUMBER_POINT) &&
            facts_flag(before, FACT_STARTS_NUMBER_POINT)) ||
               (facts_flag(here, FACT_STARTS_BULLET) && facts_flag(before, FACT_STARTS_BULLET)));
}

size_t retort_page_line_cues(const struct retort_observed *page, size_t at,
                             struct retort_cue cues[RETORT_LINE_CUES_MOST])
{
    struct vector vector = {cues, 0};
    const struct line_facts *facts = &page->facts[at];
    put(&vector, CUE_BIAS, 1);
    put_flags(&vector, facts);
    if (facts->opener)
        put(&vector, CUE_OPENERS + facts->opener - 1, 1);
    for (size_t i = 0; i < N_AMOUNTS; i++)
        put(&vector, CUE_AMOUNTS + i, (float)facts->amounts[i] / 255.0F);
    put_position(&vector, page, at);
    put_layout(&vector, page, at);
    put_marks(&vector, page, at);
    put_repeats(&vector, page, at);
    put_quotes(&vector, page, at);
    put_overlap(&vector, page, at);
    put_signs(&vector, page, at);
    put_contrast(&vector, page, at);
    if (page->markup)
        vector.n += markup_line_cues(page->markup, at, cues + vector.n);
    return vector.n;
}
