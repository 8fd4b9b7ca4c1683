/* page: bytes → the lines of a page, each with its role: article, comment, furniture, signature.
 *
 * Flat text has no markup to go by, so roles are decided by a model: every line that is not blank
 * is described by named cues (no word of anybody's page is one), each state of a small grammar
 * scores the cues linearly, and the best path through the grammar is the page. Nothing here fails
 * once a splitter is open: an empty page is a page without lines. */
#ifndef RETORT_PAGE_H
#define RETORT_PAGE_H

#include "base/base.h"

enum retort_role {
    RETORT_FURNITURE, /* menus, prompts, other stories, biographies */
    RETORT_ARTICLE,
    RETORT_COMMENT,   /* what a reader wrote */
    RETORT_SIGNATURE, /* author, date and buttons of a comment; its own, but not its text */
};

/* The grammar's states. Furniture and signatures are told apart by where they stand. */
enum retort_state {
    RETORT_STATE_BEFORE, /* furniture before the article */
    RETORT_STATE_ARTICLE,
    RETORT_STATE_AMID,  /* furniture inside and after the article */
    RETORT_STATE_HEAD,  /* author or date line of the comment that follows */
    RETORT_STATE_BEGIN, /* a comment's first line */
    RETORT_STATE_GOES_ON,
    RETORT_STATE_TAIL,  /* author or date line of the comment above */
    RETORT_STATE_AFTER, /* furniture between and after comments */
    RETORT_N_STATES
};

enum retort_role retort_page_role(enum retort_state state);

/* A line that is not blank. */
struct retort_line {
    struct retort_span text; /* trimmed; borrows from the page's text */
    size_t number;           /* 1-based, blank lines counted */
    size_t begin, end;       /* of the trimmed text, in bytes of the input, end exclusive */
    enum retort_state state;
    enum retort_role role;
};

struct retort_markup;

struct retort_page {
    struct retort_span text; /* UTF-8: the input itself, or its mended copy in the arena */
    enum retort_encoding encoding;
    size_t n_lines;
    struct retort_line *lines;
    const struct retort_markup *markup; /* of an HTML page, in the arena; NULL for flat text */
};

/* The model of the lines; opaque, never written to after opening, so threads may share it. */
struct retort_splitter;

bool retort_splitter_open(struct retort_splitter **splitter, const char *path,
                          struct retort_error *error);
void retort_splitter_close(struct retort_splitter *splitter); /* NULL is fine */
/* SHA-256 of the model file, hex: the version of a split. */
const char *retort_splitter_hash(const struct retort_splitter *splitter);
/* Another room's part of the same file, such as the model of parents; empty when absent. */
struct retort_span retort_splitter_section(const struct retort_splitter *splitter,
                                           const char *name);

/* Reads flat text of any encoding. All memory is the arena's. */
void retort_page_read(const struct retort_splitter *splitter, struct retort_span bytes,
                      struct retort_arena *arena, struct retort_page *page);

/* ---- HTML ------------------------------------------------------------------------------------ */

/* A comment that the markup tells: its lines have their states from it. */
struct retort_told {
    size_t first_line;               /* of page->lines, 0-based */
    struct retort_span author, time; /* empty where nothing tells; a time in markup is preferred */
    struct retort_span id;           /* as the page names it */
    ptrdiff_t parent;                /* index below its own, −1 the article */
};

/* What the markup says beside the text; told comments are in the order of their lines. */
struct retort_markup {
    struct retort_span title, headline, date, url; /* of <title>; of the article */
    size_t n_told;
    const struct retort_told *told;
    bool threaded; /* the page tells who answers whom */
};

/* The text of a fragment of HTML, such as a comment's body: lines by '\n', one for each block or
 * break; the arena's. */
struct retort_span retort_page_html_text(struct retort_span html, struct retort_arena *arena);
/* Does it begin like HTML? */
bool retort_page_is_html(struct retort_span bytes);
/* Reads HTML: its text becomes the page's lines (line numbers are those of the rendered text,
 * bytes those of the input). `charset` is what HTTP declares; empty for nothing. Comments that a
 * page has as JSON-LD only are lines behind its last. */
void retort_page_read_html(const struct retort_splitter *splitter, struct retort_span bytes,
                           struct retort_span charset, struct retort_arena *arena,
                           struct retort_page *page);

/* ---- for the comments that are made of lines ----------------------------------------------------
 */

/* A word as comments compare it. */
struct retort_word {
    uint32_t hash;
    bool content, quoted; /* not of a closed class; inside quotation marks */
};

/* What a comment as a whole says of itself, in closed-class words and marks only: facts of lines
 * (names as in the list of those), the comment taken as one. */
#define RETORT_VOICE_FACTS(FACT)                                                                   \
    FACT(OPENS_ANSWER, "opens with an answer")                                                     \
    FACT(OPENS_CONNECT, "opens with a connective")                                                 \
    FACT(OPENS_POINT, "opens with this or it")                                                     \
    FACT(OPENS_YOU, "opens with you")                                                              \
    FACT(OPENS_I, "opens with I")                                                                  \
    FACT(OPENS_ASK, "opens with a question word")                                                  \
    FACT(OPENS_THANKS, "opens with thanks")                                                        \
    FACT(OPENS_NOT, "opens with a negation")                                                       \
    FACT(OPENS_THEY, "opens with they")                                                            \
    FACT(OPENS_PRAISE, "opens with praise")                                                        \
    FACT(OPENS_NAME, "opens with a name and a comma")                                              \
    FACT(OPENS_GRAMMAR, "opens with a function word")                                              \
    FACT(OPENS_SLANG, "opens with slang")                                                          \
    FACT(STARTS_QUOTE, "starts with a quotation mark")                                             \
    FACT(STARTS_ANGLE, "starts with >")                                                            \
    FACT(STARTS_AT, "starts with @")                                                               \
    FACT(STARTS_LOWER, "starts in lower case")                                                     \
    FACT(HAS_YOU, "you")                                                                           \
    FACT(OWN_YOU, "you outside quotation marks")                                                   \
    FACT(HAS_I, "I")                                                                               \
    FACT(MANY_I, "I three times")                                                                  \
    FACT(HAS_WE, "we")                                                                             \
    FACT(HAS_THEY, "they")                                                                         \
    FACT(HAS_THANKS, "thanks")                                                                     \
    FACT(HAS_OPINION, "think")                                                                     \
    FACT(HAS_RUDE, "rude")                                                                         \
    FACT(HAS_SLANG, "lol")                                                                         \
    FACT(HAS_NOT, "not")                                                                           \
    FACT(HAS_ASK, "what")                                                                          \
    FACT(HAS_PRAISE, "praise")                                                                     \
    FACT(HAS_POST, "post or article")                                                              \
    FACT(YOUR_POST, "your post, great article")                                                    \
    FACT(HAS_SAID, "said")                                                                         \
    FACT(HAS_AT, "@name")                                                                          \
    FACT(HAS_LINK, "link")                                                                         \
    FACT(QUESTION_INSIDE, "question inside")                                                       \
    FACT(ENDS_QUESTION, "ends with ?")                                                             \
    FACT(ENDS_EXCLAIM, "ends with !")                                                              \
    FACT(STRAIGHT, "straight quotation marks")                                                     \
    FACT(CURLY, "curly quotation marks")                                                           \
    FACT(STRAIGHT_APOSTROPHE, "straight apostrophe")                                               \
    FACT(CURLY_APOSTROPHE, "curly apostrophe")                                                     \
    FACT(DOUBLE_SPACE, "two spaces after a sentence")                                              \
    FACT(SMALL_I, "i in lower case")                                                               \
    FACT(SLOPPY, "a sentence in lower case")                                                       \
    FACT(NO_SPACE, "no space after a sentence")                                                    \
    FACT(DOTS, "dots inside")                                                                      \
    FACT(SMILEY, "smiley")                                                                         \
    FACT(LONG_DASH, "long dash")                                                                   \
    FACT(SHORT_DASH, "hyphen as a dash")                                                           \
    FACT(LOUD, "!! or ??")                                                                         \
    FACT(SHOUTS, "a word in capitals")                                                             \
    FACT(ENDS_LETTER, "ends with a letter")                                                        \
    FACT(OWN_CONTRACTION, "contraction outside quotation marks")

enum retort_voice_fact {
#define FACT(id, name) RETORT_VOICE_##id,
    RETORT_VOICE_FACTS(FACT)
#undef FACT
        RETORT_N_VOICE_FACTS
};

struct retort_voice {
    const struct retort_word *words;
    size_t n_words, n_characters;
    uint64_t facts; /* a bit each */
};

static inline bool retort_voice_has(const struct retort_voice *voice, enum retort_voice_fact fact)
{
    return voice->facts >> fact & 1;
}

/* The closed-class words, ready for look-up. */
struct lexicon;
const struct lexicon *retort_page_lexicon(struct retort_arena *arena);
void retort_page_voice(struct retort_span text, const struct lexicon *lexicon,
                       struct retort_arena *arena, struct retort_voice *voice);
/* The writer's name and the time in an author line; empty spans for what is not there. */
void retort_page_read_sign(struct retort_span line, const struct lexicon *lexicon,
                           struct retort_span *author, struct retort_span *time);

/* ---- for training: the very functions that predict ------------------------------------------- */

/* One cue of a line that is not zero. */
struct retort_cue {
    uint16_t id;
    float value;
};

enum { RETORT_LINE_CUES_MOST = 448 };

/* Names of cues by id; the list is closed and its hash is kept in the model. */
size_t retort_page_n_cues(void);
void retort_page_cue_name(size_t id, char name[64]);
uint64_t retort_page_cues_hash(void);

/* What the cues of a page are computed from; opaque, in the arena. */
struct retort_observed;
/* Decodes and cuts the page and observes its lines; roles are not yet set. */
const struct retort_observed *
retort_page_observe(struct retort_span bytes, struct retort_arena *arena, struct retort_page *page);
/* The same of HTML; its lines have cues of markup behind those of text. */
const struct retort_observed *retort_page_observe_html(struct retort_span bytes,
                                                       struct retort_span charset,
                                                       struct retort_arena *arena,
                                                       struct retort_page *page);
/* A bit for each state that the markup leaves to the line. */
uint8_t retort_page_allowed(const struct retort_observed *observed, size_t at);
/* All cues that lines of HTML have: those of text, then those of markup. */
size_t retort_page_n_html_cues(void);
void retort_page_html_cue_name(size_t id, char name[64]);
uint64_t retort_page_html_cues_hash(void);
/* Cues of line `at` (0-based), in the order of their ids; returns their number. */
size_t retort_page_line_cues(const struct retort_observed *observed, size_t at,
                             struct retort_cue cues[RETORT_LINE_CUES_MOST]);

/* ---- the network -------------------------------------------------------------------------------
 *
 * A line's cues make a hidden vector (rectified); a gated recurrent unit (Cho et al. 2014) walks
 * over these vectors downward, another upward; what both remember at a line, and its cues
 * directly, give the line's scores. All weights are floats of this struct, as the file has them. */

enum {
    RETORT_N_HIDDEN = 48,
    RETORT_N_GATES = 3,                  /* reset, update, candidate */
    RETORT_N_ROWS = RETORT_N_STATES + 1, /* one a state and the entry into the comments */
    RETORT_N_SCORES = 16,                /* rows, rounded up; the rest stay 0 */
};

struct retort_walk {
    float in[RETORT_N_GATES][RETORT_N_HIDDEN][RETORT_N_HIDDEN];   /* [gate][from][to] */
    float back[RETORT_N_GATES][RETORT_N_HIDDEN][RETORT_N_HIDDEN]; /* from the line before */
    float bias[RETORT_N_GATES][RETORT_N_HIDDEN];
    float out[RETORT_N_HIDDEN][RETORT_N_SCORES];
};

struct retort_cue_weights {
    float hidden[RETORT_N_HIDDEN], scores[RETORT_N_SCORES];
};

struct retort_network {
    struct retort_walk walks[2];                   /* downward, upward */
    float steps[RETORT_N_STATES][RETORT_N_STATES]; /* [from][to] */
    float starts[RETORT_N_STATES], stops[RETORT_N_STATES];
    struct retort_cue_weights cues[]; /* [n_cues] */
};
size_t retort_network_n_weights(size_t n_cues);

/* What training needs of the way forward, for the lines [n_lines] of one page. */
struct retort_trace {
    float (*gates[2])[RETORT_N_GATES][RETORT_N_HIDDEN];  /* [walk][line]: after the squashing */
    float (*slopes[2])[RETORT_N_GATES][RETORT_N_HIDDEN]; /* its derivatives */
    float (*carries[2])[RETORT_N_HIDDEN]; /* of the candidate, from the line before, unreset */
    float (*states[2])[RETORT_N_HIDDEN];  /* remembered after the line */
    /* Factors of inverted dropout (Srivastava et al. 2014), on the hidden and on what is
     * remembered. */
    const float (*keep_hidden)[RETORT_N_HIDDEN];
    const float (*keep_states[2])[RETORT_N_HIDDEN];
};

/* The sum of a line's cues: `hidden` before rectifying, `scores` directly. */
void retort_network_add_cues(const struct retort_network *network, const struct retort_cue *cues,
                             size_t n_cues, float hidden[RETORT_N_HIDDEN],
                             float scores[RETORT_N_SCORES]);
/* Rectifies hidden[n_lines] in place and adds what the walks say to scores[n_lines]. */
void retort_network_walk(const struct retort_network *network, size_t n_lines,
                         float (*hidden)[RETORT_N_HIDDEN], float (*scores)[RETORT_N_SCORES],
                         const struct retort_trace *trace);

/* ---- the grammar ----------------------------------------------------------------------------- */

/* Scores of a page: for each line, one per state and then the entry. */
struct retort_lattice {
    size_t n_lines;
    const float (*scores)[RETORT_N_SCORES];
    const float (*steps)[RETORT_N_STATES]; /* [from][to] */
    const float *starts, *stops;           /* [state] */
};
/* Is the step allowed by the grammar? From RETORT_N_STATES: at the page's start. */
bool retort_page_may_follow(size_t from, size_t to);
bool retort_page_may_stop(size_t state);
/* Is it the step into the comments, which the entry's score belongs to? */
bool retort_page_enters(size_t from, size_t to);
/* The best path; returns its score (0 for no lines). */
double retort_page_decode(const struct retort_lattice *lattice, struct retort_arena *arena,
                          uint8_t *states);

#endif
