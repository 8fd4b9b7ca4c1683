/* Tokens become 64-bit hashes; two sorted lists of hashes are merged. */
#include "train/split_tokens.h"

#include <stdlib.h>

/* Cuts the next token off *rest; false when there is none. */
static bool next_token(struct retort_span *rest, struct retort_span *token)
{
    size_t begin = rest->len, at = 0;
    while (at < rest->len) {
        size_t here = at;
        bool inside = retort_is_alphanumeric(retort_utf8_next(*rest, &at));
        if (inside && begin == rest->len)
            begin = here;
        if (!inside && begin < rest->len) {
            at = here;
            break;
        }
    }
    *token = retort_span_slice(*rest, begin, at);
    *rest = retort_span_slice(*rest, at, rest->len);
    return token->len > 0;
}

size_t split_tokens_first(struct retort_span text, uint64_t *hashes, size_t most)
{
    struct retort_span token;
    size_t n = 0;
    while (n < most && next_token(&text, &token))
        hashes[n++] = retort_hash(token, 0);
    return n;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* All hashes of a text, ascending. A token takes a byte and a mark between two another. */
static uint64_t *sorted_tokens(const struct retort_span *spans, size_t n_spans,
                               struct retort_arena *arena, size_t *n)
{
    size_t most = 0;
    for (size_t i = 0; i < n_spans; i++)
        most += spans[i].len / 2 + 1;
    uint64_t *hashes = RETORT_NEW(arena, uint64_t, most + 1);
    *n = 0;
    for (size_t i = 0; i < n_spans; i++)
        *n += split_tokens_first(spans[i], hashes + *n, most - *n);
    qsort(hashes, *n, sizeof *hashes, by_value);
    return hashes;
}

struct split_overlap split_tokens_overlap(const struct retort_span *truth, size_t n_truth,
                                          const struct retort_span *given, size_t n_given)
{
    struct retort_arena arena = {0};
    struct split_overlap overlap = {0};
    const uint64_t *a = sorted_tokens(truth, n_truth, &arena, &overlap.truth);
    const uint64_t *b = sorted_tokens(given, n_given, &arena, &overlap.given);
    for (size_t i = 0, j = 0; i < overlap.truth && j < overlap.given;) {
        overlap.matched += a[i] == b[j];
        size_t next = i + (a[i] <= b[j]);
        j += b[j] <= a[i];
        i = next;
    }
    retort_arena_release(&arena);
    return overlap;
}

double split_share(size_t matched, size_t whole)
{
    return whole ? (double)matched / (double)whole : 0;
}

double split_f1(size_t matched, size_t truth, size_t given)
{
    return split_share(2 * matched, truth + given);
}
