/* The token pattern, compiled with JIT when it is first asked: what a token is.
 *
 * Every branch is possessive, so a match never backtracks; and what may fail after it has run on,
 * as mail and numbers do, runs a bounded way only, so that the time is linear in the text. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "features/scan.h"

#include <assert.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

/* A group a kind, in the order of enum token_kind. */
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

struct pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    bool jit; /* else the interpreter: slower, the same */
};

static struct pattern *pattern_new(void)
{
    int why;
    PCRE2_SIZE where;
    struct pattern *pattern = retort_grow(NULL, 1, sizeof *pattern);
    pattern->code = pcre2_compile((PCRE2_SPTR)PATTERN, sizeof PATTERN - 1,
                                  PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE, &why, &where, NULL);
    assert(pattern->code);
    pattern->jit = pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
    pattern->match = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    if (!pattern->match)
        retort_out_of_memory();
    return pattern;
}

void retort_pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_match_data_free(pattern->match);
    pcre2_code_free(pattern->code);
    free(pattern);
}

static enum token_kind matched_kind(const PCRE2_SIZE *ovector)
{
    enum token_kind kind = TOKEN_LINK;
    while (kind < TOKEN_STOP && ovector[2 * kind] == PCRE2_UNSET)
        kind++;
    return kind;
}

bool retort_pattern_next(struct pattern **made, struct retort_span text, size_t at,
                         struct found *found)
{
    if (!*made)
        *made = pattern_new();
    const struct pattern *pattern = *made;
    int n_groups = pattern->jit ? pcre2_jit_match(pattern->code, text.data, text.len, at, 0,
                                                  pattern->match, NULL)
                                : pcre2_match(pattern->code, text.data, text.len, at,
                                              PCRE2_NO_UTF_CHECK, pattern->match, NULL);
    if (n_groups <= 0)
        return false;
    const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(pattern->match);
    *found = (struct found){matched_kind(ovector), (uint32_t)ovector[0], (uint32_t)ovector[1]};
    return true;
}

void retort_features_libraries(struct retort_buffer *out)
{
    char version[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, version); /* "10.42 2022-12-11": never over 24 bytes */
    retort_buffer_format(out, "PCRE2 %.*s", (int)strcspn(version, " "), version);
}
