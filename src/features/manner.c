/* Manner: cues of how a comment speaks to others, for tasks of tone. Whom it lumps together ("they
 * always"), whom it calls names ("you idiot" is nearer than "an idiot"), words it holds at arm's
 * length with quotation marks, marks that shout, what an emoji means, and swear words that hide
 * behind asterisks, digits or spaces. */
#include "features/bag.h"

#include <math.h>
#include <string.h>

static double saturate(size_t count, double full)
{
    return (double)count >= full ? 1 : (double)count / full;
}

/* ---- who is spoken of ---- */

enum { BESIDE = 3 }; /* tokens between "you" and what it is called */

/* The classes of the tokens beside one. */
static uint32_t classes_beside(const struct token_list *text, size_t at)
{
    size_t end = at + BESIDE < text->n ? at + BESIDE : text->n - 1;
    uint32_t classes = 0;
    for (size_t i = at > BESIDE ? at - BESIDE : 0; i <= end; i++)
        classes |= i != at ? text->items[i].classes : 0;
    return classes;
}

static const struct {
    const char *name;
    uint32_t who, what; /* a word of the one class beside a word of the other; 0: anywhere */
} ADDRESS_CUES[] = {
    {"all", WORD_ALL, 0},
    {"they", WORD_THEY, 0},
    {"interjection", WORD_INTERJECTION, 0},
    {"they_all", WORD_THEY, WORD_ALL},
    {"they_bad", WORD_THEY, WORD_BAD | WORD_SWEAR},
    {"you_bad", WORD_SECOND, WORD_BAD},
    {"you_swear", WORD_SECOND, WORD_SWEAR},
    {"you_good", WORD_SECOND, WORD_GOOD},
    {"you_must", WORD_SECOND, WORD_MUST},
    {"you_not", WORD_SECOND, WORD_NEGATION},
    {"i_bad", WORD_FIRST, WORD_BAD},
    {"i_good", WORD_FIRST, WORD_GOOD},
};

static void add_address_cues(const struct reading *reading)
{
    enum { N_CUES = sizeof ADDRESS_CUES / sizeof ADDRESS_CUES[0] };
    enum { WHO = WORD_ALL | WORD_THEY | WORD_INTERJECTION | WORD_SECOND | WORD_FIRST };
    const struct token_list *text = reading->text;
    size_t counts[N_CUES] = {0};
    for (size_t i = 0; i < text->n; i++) {
        uint32_t classes = text->items[i].classes, beside;
        if (!(classes & WHO))
            continue;
        beside = classes_beside(text, i);
        for (size_t c = 0; c < N_CUES; c++)
            counts[c] += (classes & ADDRESS_CUES[c].who) &&
                         (!ADDRESS_CUES[c].what || (beside & ADDRESS_CUES[c].what));
    }
    for (size_t c = 0; c < N_CUES; c++)
        retort_bag_cue(reading->bag, "manner_", ADDRESS_CUES[c].name, saturate(counts[c], 2));
}

/* ---- marks ---- */

/* A quotation mark, one to three words, a quotation mark. */
static bool opens_scare_quote(const struct token_list *text, size_t at)
{
    if (text->items[at].kind != TOKEN_QUOTE)
        return false;
    for (size_t i = at + 1; i < text->n && i <= at + 4; i++)
        if (text->items[i].kind != TOKEN_WORD)
            return text->items[i].kind == TOKEN_QUOTE && i > at + 1;
    return false;
}

static void add_mark_cues(const struct reading *reading)
{
    const struct token_list *text = reading->text;
    size_t n_loud = 0, n_scare = 0, n_marks = 0;
    for (size_t i = 0; i < text->n; i++) {
        const struct token *token = &text->items[i];
        bool mark = token->kind == TOKEN_EXCLAIM || token->kind == TOKEN_QUESTION;
        n_marks += mark;
        n_loud += mark && token->end - token->begin >= 2;
        if (opens_scare_quote(text, i))
            n_scare++;
    }
    retort_bag_cue(reading->bag, "manner_", "loud_marks", saturate(n_loud, 2));
    retort_bag_cue(reading->bag, "manner_", "many_marks", saturate(n_marks, 5));
    retort_bag_cue(reading->bag, "manner_", "scare_quotes", saturate(n_scare, 2));
}

/* ---- length and letters ---- */

static void add_length_cues(const struct reading *reading)
{
    static const struct {
        const char *name;
        size_t from;
    } LENGTHS[] = {{"words_10", 10}, {"words_20", 20}, {"words_40", 40}, {"words_80", 80}};
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++)
        retort_bag_cue(reading->bag, "manner_", LENGTHS[i].name,
                       reading->bag->n_words >= LENGTHS[i].from);
}

/* ---- emoji ---- */

static const struct {
    const char *name;
    const char *emoji;
} EMOJI[] = {
    {"emoji_laugh", "😂🤣😆😹😄😅"},
    {"emoji_love", "❤😍😘🥰💕💖💗💙💚💛💜🖤😻💞💓"},
    {"emoji_angry", "😡😠🤬👿🖕😤💢"},
    {"emoji_sad", "😢😭😔😞😟💔😿😥😩😫"},
    {"emoji_wry", "🙄😏😒🤔🙃😑😐🤨🤷🤦"},
    {"emoji_praise", "👏👍🙏💪🙌🎉🥳🤗😊🙂☺"},
    {"emoji_sick", "🤢🤮💩🐍🤡🗑"},
};

static bool holds(const char *list, struct retort_span emoji)
{
    size_t len = strlen(list);
    for (size_t at = 0; at + emoji.len <= len; at++)
        if (memcmp(list + at, emoji.data, emoji.len) == 0)
            return true;
    return false;
}

static void add_emoji_cues(const struct reading *reading)
{
    size_t counts[sizeof EMOJI / sizeof EMOJI[0]] = {0};
    for (size_t i = 0; i < reading->text->n; i++) {
        const struct token *token = &reading->text->items[i];
        if (token->kind != TOKEN_EMOJI)
            continue;
        for (size_t e = 0; e < sizeof EMOJI / sizeof EMOJI[0]; e++)
            counts[e] += holds(EMOJI[e].emoji, retort_token_folded(reading, token));
    }
    for (size_t e = 0; e < sizeof EMOJI / sizeof EMOJI[0]; e++)
        retort_bag_cue(reading->bag, "manner_", EMOJI[e].name, saturate(counts[e], 2));
}

/* ---- hidden words ---- */

static const char *const HIDDEN[] = {"fuck",  "fucking", "fucked",   "fucker", "shit",    "shitty",
                                     "bitch", "bitches", "cunt",     "cunts",  "asshole", "bastard",
                                     "dick",  "retard",  "faggot",   "nigger", "slut",    "whore",
                                     "idiot", "moron",   "bullshit", "pussy",  "stupid"};

/* The word is a listed one, where '*' and '0' (any digit, as words are folded) stand for a letter.
 */
static bool matches(struct retort_span word, const char *listed)
{
    size_t n_known = 0;
    if (word.len != strlen(listed) || word.data[0] != (uint8_t)listed[0])
        return false;
    for (size_t i = 0; i < word.len; i++) {
        bool veiled = word.data[i] == '*' || word.data[i] == '0';
        if (!veiled && word.data[i] != (uint8_t)listed[i])
            return false;
        n_known += !veiled;
    }
    return n_known >= 2;
}

static bool is_listed(struct retort_span word)
{
    for (size_t i = 0; word.len > 0 && i < sizeof HIDDEN / sizeof HIDDEN[0]; i++)
        if (matches(word, HIDDEN[i]))
            return true;
    return false;
}

enum { LONGEST_SPACED = 10 };

/* "i d i o t": the single letters from here on, together; returns how many there are. */
static size_t gather_letters(const struct reading *reading, size_t at, uint8_t *letters)
{
    size_t n = 0;
    for (; at < reading->text->n && n < LONGEST_SPACED; at++) {
        const struct token *token = &reading->text->items[at];
        if (token->kind != TOKEN_WORD || token->folded_len != 1)
            break;
        letters[n++] = retort_token_folded(reading, token).data[0];
    }
    return n;
}

static void add_hidden_cues(const struct reading *reading)
{
    const struct token_list *text = reading->text;
    size_t n_hidden = 0;
    for (size_t i = 0; i < text->n; i++) {
        uint8_t letters[LONGEST_SPACED];
        const struct token *token = &text->items[i];
        size_t n = token->folded_len == 1 ? gather_letters(reading, i, letters) : 0;
        n_hidden += token->veiled && is_listed(retort_token_folded(reading, token));
        n_hidden += n >= 4 && is_listed((struct retort_span){letters, n});
        i += n > 1 ? n - 1 : 0;
    }
    retort_bag_cue(reading->bag, "manner_", "hidden_swear", saturate(n_hidden, 1));
}

void retort_cues_manner(const struct reading *reading)
{
    if (reading->text->n == 0)
        return;
    add_address_cues(reading);
    add_mark_cues(reading);
    add_length_cues(reading);
    add_emoji_cues(reading);
    add_hidden_cues(reading);
}
