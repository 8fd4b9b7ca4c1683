/* What a load does many thousand times, in the quick way, against the plain way to say the same. */
#include "fixture.h"
#include "store/identity.h"
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

/* ---- white space is folded ---- */

static bool is_white(uint8_t byte)
{
    return byte == ' ' || (byte >= 9 && byte <= 13);
}

static size_t fold_plainly(struct retort_span text, uint8_t *out)
{
    size_t n = 0;
    text = retort_span_trim(text);
    for (size_t i = 0; i < text.len; i++)
        if (!is_white(text.data[i]))
            out[n++] = text.data[i];
        else if (!is_white(text.data[i - 1]))
            out[n++] = ' ';
    return n;
}

START_TEST(test_folding)
{
    static const uint8_t BYTES[] = {' ', ' ', ' ', '\t', '\r', '\n', 14,   8,   31,
                                    '!', 'a', 'b', 'c',  0xA0, 0x89, 0x8D, 0xC3};
    struct retort_buffer out = {0};
    uint64_t seed = 7;
    for (size_t round = 0; round < 20000; round++) {
        uint8_t bytes[40], folded[40];
        struct identity_fields fields = {.text = {bytes, retort_random(&seed) % sizeof bytes}};
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = BYTES[retort_random(&seed) % (round % 2 ? sizeof BYTES : 12)];
        size_t n = fold_plainly(fields.text, folded);
        identity_write(&fields, &out);
        /* A byte, six empty fields, and the text with its length behind it. */
        ck_assert_uint_eq(out.len, 1 + 6 * 8 + n + 8);
        ck_assert_mem_eq(out.data + 1 + 6 * 8, folded, n);
        ck_assert_uint_eq(out.data[1 + 6 * 8 + n], n);
    }
    retort_buffer_release(&out);
}
END_TEST

/* ---- a slab is sorted ---- */

/* Many are equal; some are of files that others have made. */
static double some_rank(uint64_t *seed)
{
    static const double RANKS[] = {0.0, -0.0, 1e-300, 0.25, 0.2500000001, 1, 2.5, 1e9, -1, -0.5};
    uint64_t draw = retort_random(seed);
    return draw % 3 ? RANKS[draw / 3 % (sizeof RANKS / sizeof *RANKS)]
                    : (double)(draw % 100000) / 50000;
}

START_TEST(test_sorting)
{
    static const size_t SIZES[] = {0, 1, 2, 300, 24000};
    struct pack_group group = {1, RETORT_SPAN("[\"a\"]")};
    size_t n = SIZES[_i];
    struct pack pack = {
        .rows = calloc(n + 1, sizeof *pack.rows), .groups = &group, .n_rows = n, .n_groups = 1};
    struct retort_buffer out = {0};
    uint64_t seed = 3;
    for (size_t i = 0; i < n; i++)
        pack.rows[i] =
            (struct pack_row){.ranks = {some_rank(&seed)}, .comment = (int64_t)i / 3, .state = 1};
    pack_write(&pack, PACK_WORTH, &out);
    struct pack_front front = pack_front(out.data);
    ck_assert_uint_eq(front.n_entries, n);
    ck_assert_uint_eq(out.len, front.head + n * PACK_ENTRY);
    for (size_t i = 1; i < n; i++) {
        struct pack_entry last = pack_entry(out.data + front.head + (i - 1) * PACK_ENTRY, 0);
        struct pack_entry here = pack_entry(out.data + front.head + i * PACK_ENTRY, 0);
        ck_assert(last.score > here.score ||
                  (last.score == here.score && last.comment <= here.comment));
    }
    retort_buffer_release(&out);
    free(pack.rows);
}
END_TEST

TCase *store_bulk(void)
{
    TCase *bulk = tcase_create("bulk");
    tcase_add_test(bulk, test_folding);
    tcase_add_loop_test(bulk, test_sorting, 0, 5);
    return bulk;
}
