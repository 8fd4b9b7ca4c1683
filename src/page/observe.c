/* Observing a page: the facts of every line, how often it stands there, the quotation marks above
 * it, headings and author lines. Each table is filled in one pass; what only the passes need is
 * released with the scratch arena. */
#include "page/cues.h"

static int8_t style(const struct line_facts *facts, enum line_flag straight, enum line_flag curly)
{
    return (int8_t)(facts_flag(facts, straight) - facts_flag(facts, curly));
}

static bool looks_like_sign(const struct line_facts *facts)
{
    return facts_flag(facts, FACT_SHORT_TIME) || facts_flag(facts, FACT_ENDS_WRITES) ||
           facts_flag(facts, FACT_SHORT_WRITES);
}

static bool looks_like_heading(const struct line_facts *facts)
{
    return facts_flag(facts, FACT_ONLY_DISCUSS) || facts_flag(facts, FACT_COUNT_DISCUSS);
}

static void place_line(struct retort_observed *page, struct line_place *places, size_t at)
{
    struct line_place *place = &places[at];
    const struct line_facts *facts = &page->facts[at];
    place->marks = style(facts, FACT_STRAIGHT, FACT_CURLY);
    place->apostrophes = style(facts, FACT_STRAIGHT_APOSTROPHE, FACT_CURLY_APOSTROPHE);
    place->sign = looks_like_sign(facts);
    place->heading = looks_like_heading(facts);
    place->since_heading = UINT32_MAX;
    page->n_signs += place->sign;
    places[at + 1].gaps_above = place->gaps_above + (place->blanks > 0);
    page->page_marks += place->marks;
    page->page_apostrophes += place->apostrophes;
    if (place->heading) {
        page->n_headings++;
        page->last_heading = at;
    }
    if (!at)
        return;
    const struct line_place *last = place - 1;
    place->marks_before = last->marks ? last->marks : last->marks_before;
    place->apostrophes_before = last->apostrophes ? last->apostrophes : last->apostrophes_before;
    if (last->heading)
        place->since_heading = 1;
    else if (last->since_heading != UINT32_MAX)
        place->since_heading = last->since_heading + 1;
}

enum { PROBES_MOST = 1024 };

/* Open addressing over 64-bit hashes; a count saturates. Lines made to stand in each other's way
 * share a count in the end. */
struct tally {
    uint64_t *keys;
    uint8_t *counts;
    size_t mask;
};

static struct tally tally_make(struct retort_arena *arena, size_t n)
{
    size_t size = 64;
    while (size < n * 2 + 2)
        size *= 2;
    return (struct tally){RETORT_NEW(arena, uint64_t, size), RETORT_NEW(arena, uint8_t, size),
                          size - 1};
}

static uint8_t *tally_count(struct tally *tally, uint64_t key)
{
    key += key == 0;
    size_t at = (key ^ key >> 32) & tally->mask;
    for (size_t n = 0; tally->keys[at] && tally->keys[at] != key && n < PROBES_MOST; n++)
        at = (at + 1) & tally->mask;
    if (!tally->keys[at])
        tally->keys[at] = key;
    return &tally->counts[at];
}

static void count_repeats(const struct retort_observed *page, struct line_place *places,
                          struct retort_arena *arena)
{
    struct tally same = tally_make(arena, page->n_lines), shapes = tally_make(arena, page->n_lines);
    for (size_t at = 0; at < page->n_lines; at++) {
        uint8_t *count = tally_count(&same, page->facts[at].hash);
        places[at].said_before = *count > 0;
        *count = (uint8_t)(*count + (*count < 255));
        uint8_t *shape = tally_count(&shapes, page->facts[at].shape);
        *shape = (uint8_t)(*shape + (*shape < 255));
    }
    for (size_t at = 0; at < page->n_lines; at++) {
        places[at].same = *tally_count(&same, page->facts[at].hash);
        places[at].shape = page->facts[at].shape ? *tally_count(&shapes, page->facts[at].shape) : 0;
    }
}

enum { WORDS_MOST = 1 << 21 };

static uint8_t indent_of(struct retort_span text, const struct retort_line *line)
{
    const uint8_t *at = line->text.data;
    size_t n = 0;
    while (at > text.data && n < 40 && (at[-1] == ' ' || at[-1] == '\t')) {
        at--;
        n++;
    }
    return (uint8_t)(n > 1 ? n : 0);
}

struct retort_observed *observe_lines(const struct retort_page *page, struct retort_arena *arena)
{
    size_t n = page->n_lines;
    struct retort_observed *observed = RETORT_NEW(arena, struct retort_observed, 1);
    struct line_facts *facts = RETORT_NEW(arena, struct line_facts, n + 1);
    struct line_echo *echoes = RETORT_NEW(arena, struct line_echo, n + 1);
    struct line_place *places = RETORT_NEW(arena, struct line_place, n + 1);
    size_t most = page->text.len / 2 + 1;
    struct retort_arena scratch = {0};
    struct word_list words = {.capacity = most < WORDS_MOST ? most : WORDS_MOST};
    words.items = retort_arena_room(&scratch, words.capacity, sizeof *words.items);
    const struct lexicon *lexicon = lexicon_get();
    *observed =
        (struct retort_observed){.n_lines = n, .facts = facts, .echoes = echoes, .places = places};
    for (size_t at = 0; at < n; at++) {
        facts_of_line(page->lines[at].text, lexicon, &words, &facts[at]);
        facts[at].indent = indent_of(page->text, &page->lines[at]);
        size_t above = at ? page->lines[at - 1].number : 0;
        places[at].blanks = (uint32_t)(page->lines[at].number - above - 1);
        place_line(observed, places, at);
    }
    echo_observe(facts, n, &words, &scratch, echoes);
    count_repeats(observed, places, &scratch);
    retort_arena_release(&scratch);
    return observed;
}
