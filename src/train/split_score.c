/* Scoring a page. First truth and output are laid side by side: line by line where the lines' roles
 * are known, comment by comment else; then each family of figures takes its counts.
 *
 * Output lines: a line is article or furniture as the block it stands in; in a comment's block it
 * is comment where the comment's text has it, else signature. */
#include "train/split_score.h"

#include "train/split_segments.h"
#include "train/split_tokens.h"

#include <stdlib.h>

enum { NO_MATCH = -1 };

/* Truth and output side by side. */
struct sides {
    const struct split_truth *truth;
    const struct retort_thread *output;
    struct retort_arena *arena;
    const struct retort_line *lines; /* of the output */
    size_t n_lines;
    uint8_t *expected;  /* [n_lines] letters of the truth; NULL: roles are not known */
    uint8_t *given;     /* [n_lines] enum retort_role */
    uint32_t *blocks;   /* [n_lines] number of the block each line stands in */
    ptrdiff_t *matches; /* [output->n_comments] the true comment that begins there, or NO_MATCH */
};

static enum retort_role role_of_letter(uint8_t letter)
{
    switch (letter) {
    case 'A':
        return RETORT_ARTICLE;
    case 'B':
    case 'I':
        return RETORT_COMMENT;
    case 'H':
    case 'T':
        return RETORT_SIGNATURE;
    default:
        return RETORT_FURNITURE;
    }
}

static bool is_text_of_comment(uint8_t letter)
{
    return letter == 'B' || letter == 'I';
}

/* ---- laying side by side -------------------------------------------------------------------- */

static bool lies_within(struct retort_span inner, struct retort_span outer)
{
    return inner.data >= outer.data && inner.data + inner.len <= outer.data + outer.len;
}

static void take_blocks(struct sides *sides)
{
    const struct retort_thread *output = sides->output;
    sides->given = RETORT_NEW(sides->arena, uint8_t, sides->n_lines + 1);
    sides->blocks = RETORT_NEW(sides->arena, uint32_t, sides->n_lines + 1);
    for (size_t at = 0, b = 0; at < sides->n_lines && b < output->n_blocks; at++) {
        while (b + 1 < output->n_blocks && output->blocks[b].last_line < sides->lines[at].number)
            b++;
        const struct retort_block *block = &output->blocks[b];
        bool signs = block->comment && !lies_within(sides->lines[at].text, block->text);
        sides->given[at] = (uint8_t)(signs ? RETORT_SIGNATURE : block->role);
        sides->blocks[at] = (uint32_t)b;
    }
}

/* Matches by line: the comment's first line of text is a line where a true comment begins. */
static void match_lines(struct sides *sides)
{
    size_t at = 0, n_begun = 0;
    for (size_t i = 0; i < sides->output->n_comments; i++) {
        struct retort_span text = sides->output->comments[i].text;
        while (at < sides->n_lines && sides->lines[at].text.data < text.data)
            n_begun += sides->expected[at++] == 'B';
        bool begins = text.len && at < sides->n_lines && sides->expected[at] == 'B' &&
                      sides->lines[at].text.data == text.data;
        sides->matches[i] = begins ? (ptrdiff_t)n_begun : NO_MATCH;
    }
}

enum { OPENING_TOKENS = 5 };

/* A comment by what it is matched by. */
struct keyed {
    uint64_t key;
    size_t comment;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->comment > y->comment) - (x->comment < y->comment);
}

static struct keyed *openings_of(const struct retort_comment *comments, size_t n,
                                 struct retort_arena *arena)
{
    struct keyed *openings = RETORT_NEW(arena, struct keyed, n + 1);
    for (size_t i = 0; i < n; i++) {
        uint64_t hashes[OPENING_TOKENS] = {0};
        split_tokens_first(comments[i].text, hashes, OPENING_TOKENS);
        struct retort_span bytes = {(const uint8_t *)hashes, sizeof hashes};
        openings[i] = (struct keyed){retort_hash(bytes, 0), i};
    }
    qsort(openings, n, sizeof *openings, by_key);
    return openings;
}

/* Matches by opening words, where the lines of two readers of HTML need not be the same: of the
 * comments that open alike, the first with the first, the second with the second. */
static void match_openings(struct sides *sides)
{
    size_t n = sides->truth->n_comments, m = sides->output->n_comments;
    const struct keyed *expected = openings_of(sides->truth->list, n, sides->arena);
    const struct keyed *given = openings_of(sides->output->comments, m, sides->arena);
    for (size_t j = 0; j < m; j++)
        sides->matches[j] = NO_MATCH;
    for (size_t i = 0, j = 0; i < n && j < m;) {
        uint64_t a = expected[i].key, b = given[j].key;
        if (a == b)
            sides->matches[given[j].comment] = (ptrdiff_t)expected[i].comment;
        i += a <= b;
        j += b <= a;
    }
}

/* Matches by place in the input: the first line that ends behind the place where the true text
 * begins is the first line of the comment's text. Tags and white space before it cost nothing. */
static void match_begins(struct sides *sides)
{
    size_t n = sides->truth->n_comments, at = 0, i = 0;
    struct keyed *expected = RETORT_NEW(sides->arena, struct keyed, n + 1);
    for (size_t c = 0; c < n; c++)
        expected[c] = (struct keyed){sides->truth->list[c].begin, c};
    qsort(expected, n, sizeof *expected, by_key);
    for (size_t j = 0; j < sides->output->n_comments; j++) {
        struct retort_span text = sides->output->comments[j].text;
        while (at < sides->n_lines && sides->lines[at].text.data < text.data)
            at++;
        while (i < n && at && expected[i].key < sides->lines[at - 1].end)
            i++;
        bool begins = text.len && at < sides->n_lines && i < n &&
                      sides->lines[at].text.data == text.data &&
                      expected[i].key < sides->lines[at].end;
        sides->matches[j] = begins ? (ptrdiff_t)expected[i].comment : NO_MATCH;
    }
}

static bool lay_out(struct sides *sides, struct retort_error *error)
{
    sides->lines = sides->output->page.lines;
    sides->n_lines = sides->output->page.n_lines;
    sides->matches = RETORT_NEW(sides->arena, ptrdiff_t, sides->output->n_comments + 1);
    take_blocks(sides);
    if (sides->truth->roles.data) {
        sides->expected = RETORT_NEW(sides->arena, uint8_t, sides->n_lines + 1);
        if (!split_truth_letters(sides->truth, &sides->output->page, sides->expected, error))
            return false;
        match_lines(sides);
    } else if (sides->truth->has_begins) {
        match_begins(sides);
    } else if (sides->truth->list) {
        match_openings(sides);
    }
    return true;
}

/* ---- tokens --------------------------------------------------------------------------------- */

struct texts {
    struct retort_span *spans;
    size_t n;
};

static void add_text(struct texts *texts, struct retort_span text)
{
    if (text.len)
        texts->spans[texts->n++] = text;
}

/* Is the role part of the reading? */
static bool reads(enum split_reading reading, enum retort_role role)
{
    static const bool READS[N_READINGS][N_ROLES] = {
        [READING_ARTICLE] = {[RETORT_ARTICLE] = true},
        [READING_COMMENTS] = {[RETORT_COMMENT] = true},
        [READING_SIGNED_COMMENTS] = {[RETORT_COMMENT] = true, [RETORT_SIGNATURE] = true},
        [READING_BOTH] = {[RETORT_ARTICLE] = true, [RETORT_COMMENT] = true},
        [READING_SIGNED_BOTH] =
            {[RETORT_ARTICLE] = true, [RETORT_COMMENT] = true, [RETORT_SIGNATURE] = true},
    };
    return READS[reading][role];
}

static void expect_texts(const struct sides *sides, enum split_reading reading, struct texts *texts)
{
    const struct split_truth *truth = sides->truth;
    for (size_t at = 0; sides->expected && at < sides->n_lines; at++)
        if (reads(reading, role_of_letter(sides->expected[at])))
            add_text(texts, sides->lines[at].text);
    if (reads(reading, RETORT_ARTICLE))
        add_text(texts, truth->article);
    if (reads(reading, RETORT_COMMENT))
        add_text(texts, truth->comments);
    for (size_t i = 0; truth->list && i < truth->n_comments; i++) {
        if (reads(reading, RETORT_COMMENT))
            add_text(texts, truth->list[i].text);
        if (reads(reading, RETORT_SIGNATURE))
            add_text(texts, truth->list[i].author);
    }
}

/* Signatures are the comment's lines that are not its text, or author and time without lines. */
static void give_texts(const struct sides *sides, enum split_reading reading, struct texts *texts)
{
    const struct retort_thread *output = sides->output;
    for (size_t b = 0; b < output->n_blocks; b++)
        if (reads(reading, output->blocks[b].role))
            add_text(texts, output->blocks[b].text);
    if (!reads(reading, RETORT_SIGNATURE))
        return;
    for (size_t at = 0; at < sides->n_lines; at++)
        if (sides->given[at] == RETORT_SIGNATURE)
            add_text(texts, sides->lines[at].text);
    for (size_t i = 0; !sides->n_lines && i < output->n_comments; i++) {
        add_text(texts, output->comments[i].author);
        add_text(texts, output->comments[i].time);
    }
}

static bool knows(const struct split_truth *truth, enum split_reading reading)
{
    return truth->roles.data || ((truth->has_article || !reads(reading, RETORT_ARTICLE)) &&
                                 (truth->has_comments || !reads(reading, RETORT_COMMENT)));
}

static void score_tokens(const struct sides *sides, double *sums)
{
    const struct retort_thread *output = sides->output;
    size_t most = sides->n_lines + 2 + 2 * sides->truth->n_comments;
    struct texts expected = {RETORT_NEW(sides->arena, struct retort_span, most), 0};
    most = sides->n_lines + output->n_blocks + 2 * output->n_comments + 1;
    struct texts given = {RETORT_NEW(sides->arena, struct retort_span, most), 0};
    for (enum split_reading reading = 0; reading < N_READINGS; reading++) {
        if (!knows(sides->truth, reading))
            continue;
        expected.n = given.n = 0;
        expect_texts(sides, reading, &expected);
        give_texts(sides, reading, &given);
        struct split_overlap overlap =
            split_tokens_overlap(expected.spans, expected.n, given.spans, given.n);
        if (!overlap.truth)
            continue;
        double *into = sums + SUM_TOKENS + 4 * reading;
        into[0] += split_share(overlap.matched, overlap.given);
        into[1] += split_share(overlap.matched, overlap.truth);
        into[2] += split_f1(overlap.matched, overlap.truth, overlap.given);
        into[3]++;
    }
}

/* ---- lines ---------------------------------------------------------------------------------- */

static void score_roles(const struct sides *sides, double *sums)
{
    size_t counts[N_ROLES][3] = {{0}}, right = 0, n_roles = 0;
    double macro = 0;
    for (size_t at = 0; at < sides->n_lines; at++) {
        enum retort_role expected = role_of_letter(sides->expected[at]), given = sides->given[at];
        counts[expected][0] += expected == given;
        counts[expected][1]++;
        counts[given][2]++;
        right += expected == given;
    }
    for (size_t role = 0; role < N_ROLES; role++) {
        for (size_t i = 0; i < 3; i++)
            sums[SUM_ROLES + 3 * role + i] += (double)counts[role][i];
        macro += counts[role][1] ? split_f1(counts[role][0], counts[role][1], counts[role][2]) : 0;
        n_roles += counts[role][1] > 0;
    }
    if (!n_roles)
        return;
    sums[SUM_LINE_PAGES]++;
    sums[SUM_LINES_RIGHT] += split_share(right, sides->n_lines);
    sums[SUM_MACRO_F1] += macro / (double)n_roles;
}

/* Cuts between the true comments' lines of text, which stand in blocks of the output. */
static void score_segments(const struct sides *sides, double *sums)
{
    uint32_t *expected = RETORT_NEW(sides->arena, uint32_t, sides->n_lines + 1);
    uint32_t *given = RETORT_NEW(sides->arena, uint32_t, sides->n_lines + 1);
    size_t n = 0;
    uint32_t comment = 0;
    for (size_t at = 0; at < sides->n_lines; at++) {
        comment += sides->expected[at] == 'B';
        if (!is_text_of_comment(sides->expected[at]))
            continue;
        expected[n] = comment;
        given[n++] = sides->blocks[at];
    }
    size_t window = split_segments_window(expected, n);
    sums[SUM_TEXT_LINES] += (double)n;
    if (n <= window)
        return;
    sums[SUM_SEGMENT_PAGES]++;
    sums[SUM_PK] += split_segments_pk(expected, given, n, window);
    sums[SUM_WINDOWDIFF] += split_segments_windowdiff(expected, given, n, window);
}

/* ---- comments ------------------------------------------------------------------------------- */

static void score_begins(const struct sides *sides, double *sums)
{
    size_t matched = 0, truth = sides->truth->n_comments, given = sides->output->n_comments;
    for (size_t i = 0; i < given; i++)
        matched += sides->matches[i] != NO_MATCH;
    sums[SUM_BEGINS] += (double)matched;
    sums[SUM_BEGINS + 1] += (double)truth;
    sums[SUM_BEGINS + 2] += (double)given;
    sums[SUM_BEGIN_PAGES] += truth > 0;
    sums[SUM_BEGIN_F1] += truth ? split_f1(matched, truth, given) : 0;
}

/* Pages without comments that were given one, pages with comments that were given none. */
static void score_presence(const struct sides *sides, double *sums)
{
    const struct split_truth *truth = sides->truth;
    if (!truth->roles.data && !truth->has_comments)
        return;
    bool has = truth->n_comments || truth->comments.len, given = sides->output->n_comments;
    sums[SUM_WITH] += has;
    sums[SUM_LOST] += has && !given;
    sums[SUM_WITHOUT] += !has;
    sums[SUM_INVENTED] += !has && given;
}

/* Links with the bounds of the output: right when both ends begin rightly and the truth has it. A
 * comment whose true parent nobody knows has none that could be wrong. */
static void score_links(const struct sides *sides, double *sums)
{
    const struct split_truth *truth = sides->truth;
    double *all = sums + SUM_ENDS, *answers = sums + SUM_ANSWERS;
    for (size_t i = 0; i < truth->n_comments; i++) {
        all[1] += truth->parents[i] >= -1;
        answers[1] += truth->parents[i] >= 0;
    }
    for (size_t j = 0; j < sides->output->n_comments; j++) {
        ptrdiff_t parent = sides->output->comments[j].parent, match = sides->matches[j];
        ptrdiff_t expected = match == NO_MATCH ? NO_MATCH - 1 : truth->parents[match];
        if (match != NO_MATCH && expected == SPLIT_PARENT_UNKNOWN)
            continue;
        bool right = match != NO_MATCH && (parent < 0 ? expected == -1
                                                      : sides->matches[parent] != NO_MATCH &&
                                                            sides->matches[parent] == expected);
        all[0] += right;
        all[2]++;
        answers[0] += right && parent >= 0;
        answers[2] += parent >= 0;
    }
}

static bool knows_a_parent(const struct split_truth *truth)
{
    for (size_t i = 0; truth->parents && i < truth->n_comments; i++)
        if (truth->parents[i] != SPLIT_PARENT_UNKNOWN)
            return true;
    return false;
}

bool split_score_page(const struct split_truth *truth, const struct retort_thread *output,
                      double sums[N_SUMS], struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct sides sides = {.truth = truth, .output = output, .arena = &arena};
    bool fine = lay_out(&sides, error);
    if (fine) {
        score_tokens(&sides, sums);
        score_presence(&sides, sums);
    }
    if (fine && truth->roles.data) {
        score_roles(&sides, sums);
        score_segments(&sides, sums);
    }
    if (fine && (truth->roles.data || truth->list))
        score_begins(&sides, sums);
    if (fine && knows_a_parent(truth))
        score_links(&sides, sums);
    retort_arena_release(&arena);
    return fine;
}

/* ---- parents, the bounds given -------------------------------------------------------------- */

static enum retort_state state_of_letter(uint8_t letter)
{
    switch (letter) {
    case 'A':
        return RETORT_STATE_ARTICLE;
    case 'H':
        return RETORT_STATE_HEAD;
    case 'B':
        return RETORT_STATE_BEGIN;
    case 'I':
        return RETORT_STATE_GOES_ON;
    case 'T':
        return RETORT_STATE_TAIL;
    default:
        return RETORT_STATE_AMID;
    }
}

/* The output's lines with their true states. */
static struct retort_page true_page(const struct split_truth *truth,
                                    const struct retort_thread *output, struct retort_arena *arena)
{
    struct retort_page page = output->page;
    page.lines = RETORT_NEW(arena, struct retort_line, page.n_lines + 1);
    for (size_t at = 0; at < page.n_lines; at++) {
        struct retort_line *line = &page.lines[at];
        *line = output->page.lines[at];
        line->state = state_of_letter(truth->roles.data[line->number - 1]);
        line->role = retort_page_role(line->state);
    }
    return page;
}

/* An author line that furniture parts from its comment is cut as a comment without text. */
static size_t keep_texts(struct retort_comment *comments, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (comments[i].text.len)
            comments[kept++] = comments[i];
    return kept;
}

struct retort_comment *split_score_bounds(const struct split_truth *truth,
                                          const struct retort_thread *output,
                                          struct retort_arena *arena, struct retort_span *article)
{
    struct retort_thread thread;
    *article = truth->article;
    if (!truth->roles.data)
        return truth->list;
    struct retort_page page = true_page(truth, output, arena);
    retort_thread_cut(&page, arena, &thread);
    *article = thread.article;
    return keep_texts(thread.comments, thread.n_comments) == truth->n_comments ? thread.comments
                                                                               : NULL;
}

void split_score_parents(const struct split_truth *truth, const struct retort_comment *comments,
                         double sums[N_SUMS])
{
    size_t known = 0, right = 0;
    for (size_t i = 0; i < truth->n_comments; i++) {
        if (truth->parents[i] == SPLIT_PARENT_UNKNOWN)
            continue;
        known++;
        right += comments[i].parent == truth->parents[i];
        sums[SUM_PREVIOUS] += truth->parents[i] == (int32_t)i - 1;
        sums[SUM_LINKS_ARTICLE] += truth->parents[i] == -1;
    }
    sums[SUM_LINKS] += (double)known;
    sums[SUM_LINKS_RIGHT] += (double)right;
    sums[SUM_THREADS] += known > 0;
    sums[SUM_LINK_SHARE] += split_share(right, known);
}
