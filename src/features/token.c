/* Text → tokens by one PCRE2 pattern, compiled with JIT; every branch is possessive, so a match
 * never backtracks; and what may fail after it has run on, as mail and numbers do, runs a bounded
 * way only, so that the time is linear in the text.
 *
 * Folding: lower case, curly apostrophe to straight, digits inside words to 0, a letter three
 * times or more in a row to two ("sooo" and "soooo" are one word). Links, mail addresses, names
 * with @ and digit strings become classes, so that no person's name or number reaches a model. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "features/token.h"

#include "features/phrases.h"
#include "features/words.h"

#include <assert.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const char PATTERN[] =
    "((?:https?+://|www\\.)[^\\s<>\"]++)"
    "|([\\w.+-]{1,400}+@[\\w-]++(?:\\.[\\w-]++)++)"
    "|((?:@|\\b/?u/)\\w[\\w-]*+)"
    "|(\\d++(?:[.,:/%]\\d++){0,400}+%?+(?!\\p{L}))"
    "|([\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}]*+(?:(?:['\xE2\x80\x99]|\\*++)[\\p{L}\\p{M}\\p{N}]++)*+)"
    "|([:;=8]['o-]?+[)\\]DPp](?!\\w)|<3)"
    "|([:;=]['o-]?+[(\\[/|](?!\\w))"
    "|([\\x{1F300}-\\x{1FAFF}\\x{2600}-\\x{27BF}])"
    "|(!*+\\?[!?]*+)"
    "|(!++)"
    "|(\\.\\.++|\xE2\x80\xA6)"
    "|([\"\xE2\x80\x9C\xE2\x80\x9D]|^[ \\t]*+>)"
    "|([.:;\xE2\x80\x94])";
/* clang-format on */

enum { LONGEST_WORD = 40 }; /* code points; what is longer is cut, not dropped */

struct retort_extractor {
    pcre2_code *code;
    pcre2_match_data *match;
    bool jit; /* else the interpreter: slower, the same */
    struct token_list lists[N_LISTS];
    struct word_table words;
    struct phrase_table phrases;
};

struct retort_extractor *retort_extractor_new(void)
{
    int why;
    PCRE2_SIZE where;
    struct retort_extractor *extractor = retort_grow(NULL, 1, sizeof *extractor);
    *extractor = (struct retort_extractor){0};
    extractor->code = pcre2_compile((PCRE2_SPTR)PATTERN, sizeof PATTERN - 1,
                                    PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE, &why, &where, NULL);
    assert(extractor->code);
    extractor->jit = pcre2_jit_compile(extractor->code, PCRE2_JIT_COMPLETE) == 0;
    retort_word_table_init(&extractor->words);
    retort_phrase_table_init(&extractor->phrases);
    extractor->match = pcre2_match_data_create_from_pattern(extractor->code, NULL);
    if (!extractor->match)
        retort_out_of_memory();
    return extractor;
}

void retort_extractor_free(struct retort_extractor *extractor)
{
    if (!extractor)
        return;
    for (size_t i = 0; i < N_LISTS; i++)
        free(extractor->lists[i].items);
    pcre2_match_data_free(extractor->match);
    pcre2_code_free(extractor->code);
    free(extractor);
}

struct token_list *retort_extractor_lists(struct retort_extractor *extractor)
{
    return extractor->lists;
}

const struct phrase_table *retort_extractor_phrases(const struct retort_extractor *extractor)
{
    return &extractor->phrases;
}

/* ---- folding ---- */

static const char *class_name(enum token_kind kind)
{
    static const char *const NAMES[] = {
        [TOKEN_LINK] = "<link>",     [TOKEN_MAIL] = "<mail>",   [TOKEN_USER] = "<user>",
        [TOKEN_NUMBER] = "<number>", [TOKEN_SMILE] = "<smile>", [TOKEN_FROWN] = "<frown>",
        [TOKEN_QUESTION] = "?",      [TOKEN_EXCLAIM] = "!",     [TOKEN_DOTS] = "...",
        [TOKEN_QUOTE] = "<quote>",
    };
    return kind < sizeof NAMES / sizeof NAMES[0] ? NAMES[kind] : NULL;
}

static uint32_t fold_letter(uint32_t code_point)
{
    if (code_point == 0x2019)
        return '\'';
    return code_point >= '0' && code_point <= '9' ? '0' : retort_fold(code_point);
}

static bool is_latin(uint32_t code_point)
{
    return code_point < 0x250 || (code_point >= 0x1E00 && code_point < 0x1F00);
}

/* Appends the folded word and notes what the folding loses: capitals, repeats, the script. */
static void fold_word(struct retort_span word, struct token *token, struct retort_buffer *folded)
{
    size_t n_letters = 0, n_upper = 0, n_latin = 0, repeats = 0, n_folded = 0, len = 0;
    uint32_t last = 0;
    uint8_t bytes[4 * LONGEST_WORD];
    for (size_t at = 0; at < word.len && n_folded < LONGEST_WORD;) {
        uint32_t raw = retort_utf8_next(word, &at), letter = fold_letter(raw);
        token->capital |= n_letters == 0 && retort_is_upper(raw);
        n_letters += retort_is_letter(raw);
        n_upper += retort_is_upper(raw);
        n_latin += is_latin(raw);
        token->accented |= raw > 0x7F && is_latin(raw) && retort_is_letter(raw);
        repeats = letter == last ? repeats + 1 : 0;
        last = letter;
        if (repeats < 2) {
            len += retort_utf8_put(bytes + len, letter);
            n_folded++;
        }
        token->elongated |= repeats >= 2 && retort_is_letter(raw);
    }
    retort_buffer_put(folded, (struct retort_span){bytes, len});
    token->upper = n_upper >= 2 && n_upper == n_letters;
    token->foreign = n_letters > 0 && n_latin == 0;
    token->n_letters = (uint32_t)n_letters;
}

static void fold_token(const struct word_table *words, struct retort_span text, struct token *token,
                       struct retort_buffer *folded)
{
    struct retort_span raw = retort_span_slice(text, token->begin, token->end);
    token->fold_begin = (uint32_t)folded->len;
    if (token->kind == TOKEN_WORD)
        fold_word(raw, token, folded);
    else if (token->kind == TOKEN_EMOJI)
        retort_buffer_put(folded, raw);
    else if (token->kind != TOKEN_STOP)
        retort_buffer_text(folded, class_name(token->kind));
    token->fold_end = (uint32_t)folded->len;
    if (token->fold_end > token->fold_begin)
        retort_buffer_byte(folded, ' ');
    if (token->kind == TOKEN_WORD) {
        struct retort_span word =
            retort_span_slice(retort_buffer_span(folded), token->fold_begin, token->fold_end);
        token->classes = retort_word_classes(words, word);
        token->foreign |= (token->classes & WORD_FOREIGN) != 0;
    }
}

/* ---- matching ---- */

static enum token_kind matched_kind(const pcre2_match_data *match)
{
    const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer((pcre2_match_data *)(uintptr_t)match);
    enum token_kind kind = TOKEN_LINK;
    while (kind < TOKEN_STOP && ovector[2 * kind] == PCRE2_UNSET)
        kind++;
    return kind;
}

static struct token *add_token(struct token_list *list)
{
    if (list->n == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 256;
        list->items = retort_grow(list->items, list->capacity, sizeof *list->items);
    }
    list->items[list->n] = (struct token){0};
    return &list->items[list->n++];
}

static bool match_next(const struct retort_extractor *extractor, struct retort_span text,
                       PCRE2_SIZE at)
{
    int n_groups = extractor->jit ? pcre2_jit_match(extractor->code, text.data, text.len, at, 0,
                                                    extractor->match, NULL)
                                  : pcre2_match(extractor->code, text.data, text.len, at,
                                                PCRE2_NO_UTF_CHECK, extractor->match, NULL);
    return n_groups > 0;
}

void retort_tokenize(struct retort_extractor *extractor, struct retort_span text,
                     struct token_list *list, struct retort_buffer *folded)
{
    const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(extractor->match);
    PCRE2_SIZE at = 0;
    list->n = 0;
    retort_buffer_byte(folded, ' ');
    while (at < text.len && match_next(extractor, text, at)) {
        struct token *token = add_token(list);
        token->kind = matched_kind(extractor->match);
        token->begin = (uint32_t)ovector[0];
        token->end = (uint32_t)ovector[1];
        fold_token(&extractor->words, text, token, folded);
        at = ovector[1];
    }
}

void retort_features_libraries(struct retort_buffer *out)
{
    char version[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, version); /* "10.42 2022-12-11": never over 24 bytes */
    retort_buffer_format(out, "PCRE2 %.*s", (int)strcspn(version, " "), version);
}
