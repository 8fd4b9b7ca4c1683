/* Cues of a line: its own facts, some facts of the lines beside it, means over what stands above
 * and below, what it shares with the page's habits, and — for the place where comments may begin —
 * how all that follows differs from all that came before. Every cue has a name; together they are
 * the only thing a splitter's weights can refer to. Means come from prefix sums, so a cue costs the
 * same on a page of ten lines and of a million. */
#include "page/cues.h"

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

/* Cues of the place where the comments begin, beside the statistics. */
#define ENTRIES(CUE)                                                                               \
    CUE(BIAS, "always")                                                                            \
    CUE(FIRST_LINE, "at the first line")                                                           \
    CUE(LINES_ABOVE, "log of lines above")                                                         \
    CUE(LINES_BELOW, "log of lines below")                                                         \
    CUE(ONE_BELOW, "nothing below")                                                                \
    CUE(HEADING_NEAR, "a heading of comments in the eight lines before")                           \
    CUE(HEADING_NONE, "headings of comments, but none above")                                      \
    CUE(SIGN, "at an author line")                                                                 \
    CUE(SIGNS_BELOW, "author lines below")                                                         \
    CUE(MARKS_CHANGE, "quotation marks change")                                                    \
    CUE(COHESION, "words shared across the gap")                                                   \
    CUE(OVERLAP_HEAD, "words shared with the page's head")                                         \
    CUE(GAP, "blank line before")

enum entry {
#define CUE(id, name) ENTRY_##id,
    ENTRIES(CUE)
#undef CUE
        N_ENTRIES
};

#define FLAG(id, name, near) +near
enum { N_NEAR = 0 LINE_FLAGS(FLAG) };
#undef FLAG

enum {
    CUE_BIAS,
    CUE_FLAGS,
    CUE_BEFORE = CUE_FLAGS + N_FLAGS,
    CUE_AFTER = CUE_BEFORE + N_NEAR,
    CUE_AMOUNTS = CUE_AFTER + N_NEAR,
    CUE_EXTRAS = CUE_AMOUNTS + N_AMOUNTS,
    CUE_ABOVE = CUE_EXTRAS + N_EXTRAS,
    CUE_BELOW = CUE_ABOVE + N_STATISTICS,
    CUE_PAGE = CUE_BELOW + N_STATISTICS,
    CUE_UNLIKE = CUE_PAGE + N_STATISTICS,
    CUE_ENTRY = CUE_UNLIKE + N_STATISTICS,
    CUE_ENTRY_ABOVE = CUE_ENTRY + N_ENTRIES,
    CUE_ENTRY_BELOW = CUE_ENTRY_ABOVE + N_STATISTICS,
    CUE_ENTRY_CHANGE = CUE_ENTRY_BELOW + N_STATISTICS,
    CUE_ENTRY_NEAR = CUE_ENTRY_CHANGE + N_STATISTICS,
    CUE_ENTRY_UNLIKE = CUE_ENTRY_NEAR + N_STATISTICS,
    N_CUES = CUE_ENTRY_UNLIKE + N_STATISTICS
};
_Static_assert(N_CUES <= RETORT_LINE_CUES_MOST * 2, "ids are few enough");

static const char *const FLAG_NAMES[] = {
#define FLAG(id, name, near) name,
    LINE_FLAGS(FLAG)
#undef FLAG
};
static const uint8_t FLAG_NEAR[] = {
#define FLAG(id, name, near) near,
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
static const char *const ENTRY_NAMES[] = {
#define CUE(id, name) name,
    ENTRIES(CUE)
#undef CUE
};

/* The flags among the statistics. */
static const uint8_t STATISTIC_FLAGS[N_STATISTICS - N_AMOUNTS] = {
    FACT_SHORT_TIME,
    FACT_HAS_SAID,
    FACT_HAS_I,
    FACT_OWN_I,
    FACT_OWN_YOU,
    FACT_OWN_CONTRACTION,
    FACT_OWN_QUESTION,
    FACT_HAS_YOU,
    FACT_CURLY,
    FACT_STRAIGHT,
    FACT_ENDS_POINT,
    FACT_HAS_SLANG,
    FACT_HAS_OPINION,
    FACT_SENTENCES_0,
    FACT_SLOPPY,
    FACT_SMALL_I,
    FACT_LOUD,
    FACT_OPENS_ANSWER,
    FACT_OPENS_I,
    FACT_HAS_THANKS,
    FACT_HAS_NOT,
    FACT_QUESTION_INSIDE,
    FACT_STARTS_LOWER,
    FACT_CURLY_APOSTROPHE,
    FACT_STRAIGHT_APOSTROPHE,
    FACT_NAME_LIKE,
    FACT_DOTS,
    FACT_YOUR_POST,
    FACT_OPENS_PRAISE,
    FACT_NO_SPACE,
};

/* ---- statistics ---------------------------------------------------------------------------- */

float cue_statistic(const struct line_facts *facts, size_t at)
{
    if (at < N_AMOUNTS)
        return (float)facts->amounts[at] / 255.0F;
    return facts_flag(facts, (enum line_flag)STATISTIC_FLAGS[at - N_AMOUNTS]) ? 1 : 0;
}

/* ---- names ------------------------------------------------------------------------------- */

static const char *statistic_name(size_t at)
{
    return at < N_AMOUNTS ? AMOUNT_NAMES[at] : FLAG_NAMES[STATISTIC_FLAGS[at - N_AMOUNTS]];
}

static const char *near_name(size_t at)
{
    size_t flag = 0;
    for (;; flag++)
        if (FLAG_NEAR[flag] && at-- == 0)
            return FLAG_NAMES[flag];
}

size_t retort_page_n_cues(void)
{
    return N_CUES;
}

void retort_page_cue_name(size_t id, char name[64])
{
    static const struct {
        size_t begin;
        const char *prefix;
    } groups[] = {{CUE_ENTRY_UNLIKE, "entry, difference: "},
                  {CUE_ENTRY_NEAR, "entry, six below: "},
                  {CUE_ENTRY_CHANGE, "entry, change: "},
                  {CUE_ENTRY_BELOW, "entry, below: "},
                  {CUE_ENTRY_ABOVE, "entry, above: "},
                  {CUE_UNLIKE, "unlike the head: "},
                  {CUE_PAGE, "page: "},
                  {CUE_BELOW, "below: "},
                  {CUE_ABOVE, "above: "}};
    if (id >= CUE_ENTRY && id < CUE_ENTRY_ABOVE) {
        snprintf(name, 64, "entry: %s", ENTRY_NAMES[id - CUE_ENTRY]);
        return;
    }
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (id >= groups[i].begin) {
            snprintf(name, 64, "%s%s", groups[i].prefix, statistic_name(id - groups[i].begin));
            return;
        }
    }
    if (id >= CUE_EXTRAS)
        snprintf(name, 64, "%s", EXTRA_NAMES[id - CUE_EXTRAS]);
    else if (id >= CUE_AMOUNTS)
        snprintf(name, 64, "%s", AMOUNT_NAMES[id - CUE_AMOUNTS]);
    else if (id >= CUE_AFTER)
        snprintf(name, 64, "after: %s", near_name(id - CUE_AFTER));
    else if (id >= CUE_BEFORE)
        snprintf(name, 64, "before: %s", near_name(id - CUE_BEFORE));
    else
        snprintf(name, 64, "%s", id ? FLAG_NAMES[id - CUE_FLAGS] : "always");
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

struct vector {
    struct retort_cue *cues;
    size_t n;
};

static void put(struct vector *vector, size_t id, float value)
{
    if (value != 0 && vector->n < RETORT_LINE_CUES_MOST)
        vector->cues[vector->n++] = (struct retort_cue){(uint16_t)id, value};
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

static void put_near(struct vector *vector, size_t base, const struct line_facts *facts)
{
    size_t at = 0;
    for (size_t flag = 0; flag < N_FLAGS; flag++) {
        if (!FLAG_NEAR[flag])
            continue;
        put(vector, base + at, facts_flag(facts, (enum line_flag)flag) ? 1 : 0);
        at++;
    }
}

/* Means over lines [begin, end) that lie on the page. */
static void put_means(struct vector *vector, size_t base, const struct retort_observed *page,
                      size_t begin, size_t end)
{
    if (begin >= end)
        return;
    for (size_t i = 0; i < N_STATISTICS; i++)
        put(vector, base + i, (page->sums[end][i] - page->sums[begin][i]) / (float)(end - begin));
}

/* How far the lines around `at` are from the page's first lines of some length. */
static void put_unlike(struct vector *vector, const struct retort_observed *page, size_t at)
{
    size_t begin = at ? at - 1 : 0, end = at + 4 < page->n_lines ? at + 4 : page->n_lines;
    for (size_t i = 0; i < N_STATISTICS; i++) {
        float here = (page->sums[end][i] - page->sums[begin][i]) / (float)(end - begin);
        put(vector, CUE_UNLIKE + i, fabsf(here - page->head[i]));
    }
}

/* ---- the cues of a line ------------------------------------------------------------------- */

enum { NEAR_LINES = 4, AMONG = 3, HEADING_REACH = 8, MIN_SIGNS = 2 };

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
    if (at)
        put_near(&vector, CUE_BEFORE, facts - 1);
    if (at + 1 < page->n_lines)
        put_near(&vector, CUE_AFTER, facts + 1);
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
    size_t below = at + 1 + NEAR_LINES < page->n_lines ? at + 1 + NEAR_LINES : page->n_lines;
    put_means(&vector, CUE_ABOVE, page, at > NEAR_LINES ? at - NEAR_LINES : 0, at);
    put_means(&vector, CUE_BELOW, page, at + 1, below);
    put_means(&vector, CUE_PAGE, page, 0, page->n_lines);
    put_unlike(&vector, page, at);
    return vector.n;
}

/* ---- the cues of the comments' beginning --------------------------------------------------- */

static void put_entry(struct vector *vector, enum entry entry, float value)
{
    put(vector, CUE_ENTRY + (size_t)entry, value);
}

static void put_change(struct vector *vector, const struct retort_observed *page, size_t at)
{
    const float *all = page->sums[page->n_lines], *above = page->sums[at];
    float n_above = (float)at, n_below = (float)(page->n_lines - at);
    for (size_t i = 0; at && i < N_STATISTICS; i++) {
        float change = (all[i] - above[i]) / n_below - above[i] / n_above;
        put(vector, CUE_ENTRY_CHANGE + i, change);
        put(vector, CUE_ENTRY_UNLIKE + i, fabsf(change));
    }
}

size_t retort_page_entry_cues(const struct retort_observed *page, size_t at,
                              struct retort_cue cues[RETORT_LINE_CUES_MOST])
{
    struct vector vector = {cues, 0};
    const struct line_place *place = &page->places[at];
    size_t near = at + 6 < page->n_lines ? at + 6 : page->n_lines;
    size_t time = N_AMOUNTS; /* short lines with a time: the first of the flags */
    put_entry(&vector, ENTRY_BIAS, 1);
    put_entry(&vector, ENTRY_FIRST_LINE, at == 0);
    put_entry(&vector, ENTRY_LINES_ABOVE, small_log(at));
    put_entry(&vector, ENTRY_LINES_BELOW, small_log(page->n_lines - at));
    put_entry(&vector, ENTRY_ONE_BELOW, at + 1 == page->n_lines);
    put_entry(&vector, ENTRY_HEADING_NEAR, place->since_heading <= HEADING_REACH);
    put_entry(&vector, ENTRY_HEADING_NONE, page->n_headings && place->since_heading == UINT32_MAX);
    put_entry(&vector, ENTRY_SIGN, place->sign);
    put_entry(&vector, ENTRY_SIGNS_BELOW,
              page->sums[page->n_lines][time] > page->sums[at][time] + 1);
    put_entry(&vector, ENTRY_MARKS_CHANGE, place->marks * place->marks_before < 0);
    put_entry(&vector, ENTRY_COHESION, page->echoes[at].cohesion);
    put_entry(&vector, ENTRY_OVERLAP_HEAD, page->echoes[at].head);
    put_entry(&vector, ENTRY_GAP, place->blanks > 0);
    put_means(&vector, CUE_ENTRY_ABOVE, page, 0, at);
    put_means(&vector, CUE_ENTRY_BELOW, page, at, page->n_lines);
    put_means(&vector, CUE_ENTRY_NEAR, page, at, near);
    put_change(&vector, page, at);
    return vector.n;
}
