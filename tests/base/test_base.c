/* base: spans, memory, numbers, encodings, JSON, bundles, files: a few cases each, no fixture, so
 * they stand together; what has a suite of its own (pipeline, shares) has a file of its own. */
#include "base/base.h"

#include <check.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ck_span_eq(span, text)                                                                     \
    do {                                                                                           \
        struct retort_span got_ = (span), want_ = retort_span_of(text);                            \
        ck_assert_msg(retort_span_equal(got_, want_), "got \"%.*s\", want \"%s\"", (int)got_.len,  \
                      (const char *)got_.data, text);                                              \
    } while (0)

/* ---- spans ---- */

START_TEST(lines_end_at_lf_crlf_and_cr)
{
    struct retort_span rest = RETORT_SPAN("a\nb\r\nc\rd\n\ne"), line;
    const char *const want[] = {"a", "b", "c", "d", "", "e"};
    size_t n = 0;
    while (retort_span_next_line(&rest, &line)) {
        ck_assert_uint_lt(n, 6);
        ck_span_eq(line, want[n++]);
    }
    ck_assert_uint_eq(n, 6);
}
END_TEST

/* Text is read by eights: what is looked for may stand anywhere in one, beside its neighbours in
 * code. */
START_TEST(eights_miss_no_end_and_no_stray_byte)
{
    uint8_t bytes[32];
    for (size_t at = 0; at < sizeof bytes; at++) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)(i == at ? "\n\r"[at % 2] : "\v\fx"[at % 4 < 2 ? 2 : i % 3]);
        struct retort_span rest = {bytes, sizeof bytes}, line;
        ck_assert(retort_span_next_line(&rest, &line));
        ck_assert_uint_eq(line.len, at);
        ck_assert_uint_eq(rest.len, sizeof bytes - at - 1);
        ck_assert(retort_utf8_valid((struct retort_span){bytes, sizeof bytes}));
        bytes[at] = 0x80;
        ck_assert(!retort_utf8_valid((struct retort_span){bytes, sizeof bytes}));
    }
}
END_TEST

START_TEST(trim_takes_all_white_space)
{
    ck_span_eq(retort_span_trim(RETORT_SPAN(" \t\xC2\xA0x y\xEF\xBB\xBF\r\n")), "x y");
    ck_span_eq(retort_span_trim(RETORT_SPAN(" \n ")), "");
    ck_span_eq(retort_span_trim(RETORT_SPAN("\xC2")), "\xC2");
}
END_TEST

START_TEST(slices_stay_inside)
{
    struct retort_span span = RETORT_SPAN("abc");
    ck_span_eq(retort_span_slice(span, 1, 99), "bc");
    ck_span_eq(retort_span_slice(span, 7, 9), "");
    ck_span_eq(retort_span_slice(span, 2, 1), "");
    ck_assert_int_lt(retort_span_compare(RETORT_SPAN("ab"), span), 0);
    ck_assert_int_eq(retort_span_compare(span, span), 0);
}
END_TEST

/* ---- memory and numbers ---- */

START_TEST(arena_hands_out_zeroed_aligned_bytes)
{
    struct retort_arena arena = {0};
    for (size_t i = 1; i < 3000; i += 7) {
        uint8_t *bytes = retort_arena_alloc(&arena, i, 1);
        ck_assert_uint_eq((uintptr_t)bytes % 16, 0);
        for (size_t j = 0; j < i; j++)
            ck_assert_uint_eq(bytes[j], 0);
        memset(bytes, 0xFF, i);
    }
    ck_span_eq(retort_arena_copy(&arena, RETORT_SPAN("word")), "word");
    retort_arena_release(&arena);
    ck_assert_ptr_null(arena.blocks);
}
END_TEST

START_TEST(numbers_read_back_and_know_no_locale)
{
    const double values[] = {0, 1, -1, 0.1, 1.0 / 3, 1e-300, 123456789.125, 1e22, -2.5e-7};
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct retort_buffer buffer = {0};
        retort_buffer_number(&buffer, values[i]);
        retort_buffer_byte(&buffer, 0);
        ck_assert_ptr_null(strchr((char *)buffer.data, ','));
        setlocale(LC_ALL, "C");
        ck_assert_double_eq(strtod((char *)buffer.data, NULL), values[i]);
        retort_buffer_release(&buffer);
    }
}
END_TEST

/* The plain way to the shortest form, to compare with. */
static void put_shortest(double value, char text[64])
{
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(text, 64, "%.*g", precision, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

/* Any bits; any bits of a subnormal; few digits before or after the point. */
static double any_double(uint64_t *state)
{
    uint64_t bits = retort_random(state), kind = retort_random(state) % 4;
    double value;
    if (kind == 0)
        return (double)(bits % 100000) / (double)(1 + bits / 100000 % 1000);
    if (kind == 1)
        return (double)(bits % 1000000007) * ((bits >> 40) % 2 ? 1e5 : 1e-7);
    if (kind == 2)
        bits &= 0x800FFFFFFFFFFFFFu >> (bits % 2 ? 0 : 12);
    memcpy(&value, &bits, sizeof value);
    return isfinite(value) ? value : 0.5;
}

START_TEST(numbers_are_as_short_as_can_be)
{
    struct retort_buffer buffer = {0};
    uint64_t state = 17;
    char plain[64];
    for (size_t i = 0; i < 30000; i++) {
        double value = i ? any_double(&state) : DBL_MAX;
        put_shortest(value, plain);
        retort_buffer_clear(&buffer);
        retort_buffer_number(&buffer, value);
        retort_buffer_byte(&buffer, 0);
        ck_assert_str_eq((char *)buffer.data, plain);
    }
    retort_buffer_release(&buffer);
}
END_TEST

START_TEST(what_is_no_number_is_null_and_minus_nought_is_nought)
{
    struct retort_buffer buffer = {0};
    retort_buffer_number(&buffer, NAN);
    retort_buffer_byte(&buffer, ' ');
    retort_buffer_fixed(&buffer, INFINITY, 2);
    retort_buffer_byte(&buffer, ' ');
    retort_buffer_fixed(&buffer, -0.001, 2);
    ck_span_eq(retort_buffer_span(&buffer), "null null 0.00");
    retort_buffer_release(&buffer);
}
END_TEST

START_TEST(counts_are_whole)
{
    uint64_t count;
    ck_assert(retort_parse_count("0", &count) && count == 0);
    ck_assert(retort_parse_count("18446744073709551615", &count) && count == UINT64_MAX);
    const char *const bad[] = {"", "-1", "+1", " 1", "1x", "18446744073709551616", "1.0"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert(!retort_parse_count(bad[i], &count));
}
END_TEST

/* ---- encodings ---- */

static const struct {
    const char *bytes;
    size_t len;
    const char *text;
    enum retort_encoding encoding;
} ENCODED[] = {
#define CASE(bytes, text, encoding)                                                                \
    {                                                                                              \
        bytes, sizeof bytes - 1, text, encoding                                                    \
    }
    CASE("plain", "plain", RETORT_UTF8),
    CASE("caf\xC3\xA9 \xE2\x80\x9Cq\xE2\x80\x9D", "café “q”", RETORT_UTF8),
    CASE("\xEF\xBB\xBFmarked", "marked", RETORT_UTF8),
    CASE("\x93quoted\x94 caf\xE9 it\x92s", "“quoted” café it’s", RETORT_WINDOWS_1252),
    CASE("caf\xC3\xA9 and \xFF", "café and \xEF\xBF\xBD", RETORT_UTF8_MENDED),
    CASE("stray \xFF\xFE here", "stray \xEF\xBF\xBD\xEF\xBF\xBD here", RETORT_UTF8_MENDED),
    CASE("\xFF\xFEh\0i\0", "hi", RETORT_UTF16_LE),
    CASE("\xFE\xFF\0h\0i", "hi", RETORT_UTF16_BE),
    CASE("\xFF\xFE\x3D\xD8\x00\xDE", "\xF0\x9F\x98\x80", RETORT_UTF16_LE),
    CASE("\xFF\xFE\x3D\xD8h\0", "\xEF\xBF\xBDh", RETORT_UTF16_LE),
    CASE("\xFF\xFEh\0i", "h\xEF\xBF\xBD", RETORT_UTF16_LE),
    CASE("\xC0\xAF overlong \xC3\xA9", "\xEF\xBF\xBD\xEF\xBF\xBD overlong é", RETORT_UTF8_MENDED),
    CASE("", "", RETORT_UTF8),
#undef CASE
};

START_TEST(encodings_become_utf8)
{
    struct retort_arena arena = {0};
    enum retort_encoding encoding;
    struct retort_span bytes = {(const uint8_t *)ENCODED[_i].bytes, ENCODED[_i].len};
    struct retort_span text = retort_text_decode(bytes, &arena, &encoding);
    ck_span_eq(text, ENCODED[_i].text);
    ck_assert_int_eq(encoding, ENCODED[_i].encoding);
    ck_assert(retort_utf8_valid(text));
    retort_arena_release(&arena);
}
END_TEST

/* Every offset into the text leads to bytes that decode to the same rest. */
START_TEST(offsets_lead_back_to_the_input)
{
    struct retort_span bytes = {(const uint8_t *)ENCODED[_i].bytes, ENCODED[_i].len};
    struct retort_arena arena = {0};
    enum retort_encoding encoding;
    struct retort_span text = retort_text_decode(bytes, &arena, &encoding);
    size_t offsets[3] = {0, text.len, text.len}, first = 0;
    if (text.len > 0)
        retort_utf8_next(text, &first);
    offsets[1] = first;
    retort_text_source_offsets(bytes, encoding, offsets, 3);
    ck_assert_uint_le(offsets[0], offsets[1]);
    ck_assert_uint_le(offsets[1], offsets[2]);
    ck_assert_uint_eq(offsets[2], bytes.len);
    if (encoding == RETORT_UTF16_LE && text.len == 2)
        ck_assert_uint_eq(offsets[1], 4);
    if (encoding == RETORT_WINDOWS_1252)
        ck_assert_uint_eq(offsets[1], 1);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(binary_is_refused)
{
    struct retort_error error;
    ck_assert(retort_text_check(RETORT_SPAN("text\tand\nlines\f"), &error));
    ck_assert(retort_text_check(RETORT_SPAN(""), &error));
    ck_assert(retort_text_check(RETORT_SPAN("\xFF\xFEh\0i\0"), &error));
    ck_assert(!retort_text_check(RETORT_SPAN("a\0b"), &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert(!retort_text_check(RETORT_SPAN("\x01\x02\x03\x04 text"), &error));
}
END_TEST

START_TEST(any_bytes_decode_to_valid_text)
{
    uint64_t state = 7;
    for (int round = 0; round < 2000; round++) {
        uint8_t bytes[64];
        size_t len = retort_random(&state) % sizeof bytes;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)(retort_random(&state) >> (round % 3 ? 0 : 57));
        struct retort_arena arena = {0};
        enum retort_encoding encoding;
        struct retort_span input = {bytes, len};
        struct retort_span text = retort_text_decode(input, &arena, &encoding);
        size_t end = text.len;
        ck_assert(retort_utf8_valid(text));
        retort_text_source_offsets(input, encoding, &end, 1);
        ck_assert_uint_eq(end, len);
        retort_arena_release(&arena);
    }
}
END_TEST

START_TEST(letters_fold)
{
    ck_assert_uint_eq(retort_fold('Q'), 'q');
    ck_assert_uint_eq(retort_fold(0xC9), 0xE9);
    ck_assert(retort_is_letter(0x416) && retort_is_upper(0x416) && !retort_is_letter('1'));
    ck_assert_uint_eq(retort_columns(0x4E2D), 2);
    ck_assert_uint_eq(retort_columns(0x301), 0);
}
END_TEST

/* ---- JSON ---- */

/* Every part as "text>next", with a space behind. */
static void put_parts(const char *json, struct retort_buffer *out)
{
    struct retort_arena arena = {0};
    struct retort_json_part *parts;
    struct retort_error error;
    ck_assert(retort_json_check(retort_span_of(json), &error));
    size_t n = retort_json_parts(retort_span_of(json), &arena, &parts);
    for (size_t i = 0; i < n; i++) {
        retort_buffer_put(out, parts[i].bytes);
        retort_buffer_format(out, ">%zu ", parts[i].next);
    }
    retort_arena_release(&arena);
}

START_TEST(json_is_taken_to_parts_as_it_stands)
{
    static const struct {
        const char *json, *parts;
    } CASES[] = {
        {"[]", "[]>1 "},
        {" { } ", "{ }>1 "},
        {"[1.10,-2e+5, true]", "[1.10,-2e+5, true]>4 1.10>2 -2e+5>3 true>4 "},
        {"{\"a\":{\"b\":[]},\"c\":null}",
         "{\"a\":{\"b\":[]},\"c\":null}>7 \"a\">2 {\"b\":[]}>5 \"b\">4 []>5 \"c\">6 null>7 "},
        {"[\"a,]\\\"}\",[[\"\"]]]",
         "[\"a,]\\\"}\",[[\"\"]]]>5 \"a,]\\\"}\">2 [[\"\"]]>5 [\"\"]>5 \"\">5 "},
        {"{\"\\\\\":\"\\\\\"}", "{\"\\\\\":\"\\\\\"}>3 \"\\\\\">2 \"\\\\\">3 "},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct retort_buffer out = {0};
        put_parts(CASES[i].json, &out);
        ck_span_eq(retort_buffer_span(&out), CASES[i].parts);
        retort_buffer_release(&out);
    }
}
END_TEST

/* What our scanner says of a string is what jansson says of it. */
START_TEST(quoted_strings_mean_what_jansson_says)
{
    static const char *const STRINGS[] = {
        "\"\"",
        "\"plain\"",
        "\"\\n\\t\\r\\b\\f\\/\\\\\\\"\"",
        "\"\\u0041\\u00e9\\u6f22\"",
        "\"\\ud83d\\ude80 \\uD83D\\uDE80\"",
        "\"a\\u0000b\"",
        "\"\\u2028\xC3\xA9\\\\u0041\"",
    };
    for (size_t i = 0; i < sizeof STRINGS / sizeof *STRINGS; i++) {
        struct retort_arena arena = {0};
        struct retort_error error;
        struct retort_span want;
        char json[100];
        snprintf(json, sizeof json, "[%s]", STRINGS[i]);
        struct retort_json *root = retort_json_parse(retort_span_of(json), &error);
        ck_assert(retort_json_text(retort_json_at(root, 0), &want));
        struct retort_span got = retort_json_unquote(retort_span_of(STRINGS[i]), &arena);
        ck_assert_msg(retort_span_equal(got, want), "%s", STRINGS[i]);
        retort_json_free(root);
        retort_arena_release(&arena);
    }
}
END_TEST

START_TEST(broken_json_is_refused)
{
    const char *const bad[] = {"",
                               "{\"a\":",
                               "{\"a\":1}x",
                               "{\"a\":\"\\ud800\"}",
                               "{\"a\":\"\xFF\"}",
                               "{\"a\":01}",
                               "{\"a\":1,\"a\":2}",
                               "\"text\"",
                               "{'a':1}",
                               "{\"a\":NaN}",
                               "nothing"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct retort_error error;
        ck_assert_ptr_null(retort_json_parse(retort_span_of(bad[i]), &error));
        ck_assert_int_eq(error.failure, RETORT_INPUT);
    }
}
END_TEST

/* What is found to be JSON without a tree is what makes one: every text of one byte more, less or
 * other than these. */
START_TEST(json_is_checked_as_it_is_parsed)
{
    static const char *const TEXTS[] = {
        "{\"a\":{\"b\":[1,-0.5,true,null,\"x\"]},\"c\":[]} ",
        "[\"plain text of many bytes \\u00e9\\n\xC3\xA9\\\"\",{},[[0,10.01]],{\"k\":false}]",
        "{\"\\u0061\":1e3,\"b\":\"\\ud83d\\udc36\",\"\":-1}",
        "[\"\\ud7ff \\uD7FF \\/\",-0]",
    };
    static const uint8_t BYTES[] = "\"\\{}[],:.-+eE0189dDnt /\n\x01\x7F\xC3\xA9\xFF"; /* and NUL */
    for (size_t t = 0; t < sizeof TEXTS / sizeof TEXTS[0]; t++)
        for (size_t at = 0; at <= strlen(TEXTS[t]); at++)
            for (size_t b = 0; b < 3 * sizeof BYTES; b++) {
                struct retort_buffer text = {0};
                struct retort_error error;
                size_t kind = b % 3, rest = at + (kind > 0); /* more, less, other */
                struct retort_span whole = retort_span_of(TEXTS[t]);
                retort_buffer_put(&text, retort_span_slice(whole, 0, at));
                if (kind != 1)
                    retort_buffer_byte(&text, BYTES[b / 3]);
                if (rest < whole.len)
                    retort_buffer_put(&text, retort_span_slice(whole, rest, whole.len));
                struct retort_json *json = retort_json_parse(retort_buffer_span(&text), &error);
                ck_assert_msg(retort_json_check(retort_buffer_span(&text), &error) ==
                                  (json != NULL),
                              "%.*s", (int)text.len, (const char *)text.data);
                retort_json_free(json);
                retort_buffer_release(&text);
            }
}
END_TEST

START_TEST(deep_json_is_refused_not_followed)
{
    struct retort_buffer deep = {0};
    struct retort_error error;
    for (int i = 0; i < 100000; i++)
        retort_buffer_byte(&deep, '[');
    ck_assert_ptr_null(retort_json_parse(retort_buffer_span(&deep), &error));
    retort_buffer_release(&deep);
}
END_TEST

START_TEST(members_come_back_as_they_stand)
{
    struct retort_span line =
        RETORT_SPAN(" { \"a\" : 1.10 , \"b\\n\":[1, {\"x\":\"}\"}],\"c\":\"q\\\"\\\\\" , "
                    "\"big\":12345678901234567890123 }");
    const char *const keys[] = {"a", "b\\n", "c", "big"};
    const char *const values[] = {"1.10", "[1, {\"x\":\"}\"}]", "\"q\\\"\\\\\"",
                                  "12345678901234567890123"};
    struct retort_arena arena = {0};
    struct retort_error error;
    struct retort_json_member *members;
    struct retort_json *json = retort_json_parse(line, &error);
    ck_assert_ptr_nonnull(json);
    ck_assert_uint_eq(retort_json_members(line, &arena, &members), 4);
    for (size_t i = 0; i < 4; i++) {
        ck_span_eq(members[i].key, keys[i]);
        ck_span_eq(members[i].value, values[i]);
    }
    ck_assert_uint_eq(retort_json_members(RETORT_SPAN("{}"), &arena, &members), 0);
    retort_json_free(json);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(nul_and_everything_else_goes_through_a_string)
{
    struct retort_buffer out = {0};
    struct retort_error error;
    struct retort_span text, hostile = RETORT_SPAN("a\0b\"\\\x1b\n\x7F\xFF é</script>");
    retort_buffer_byte(&out, '{');
    retort_json_key(&out, "t");
    retort_json_put(&out, hostile);
    retort_json_key(&out, "c1");
    retort_json_put(&out, RETORT_SPAN("\xC2\x9B"));
    retort_buffer_byte(&out, '}');
    for (size_t i = 0; i < out.len; i++)
        ck_assert_msg(out.data[i] >= 0x20 && out.data[i] != 0x7F && out.data[i] != 0x9B,
                      "%02x drives a terminal", out.data[i]);
    struct retort_json *json = retort_json_parse(retort_buffer_span(&out), &error);
    ck_assert_ptr_nonnull(json);
    ck_assert(retort_json_text(retort_json_get(json, "t"), &text));
    ck_assert(retort_span_equal(text, RETORT_SPAN("a\0b\"\\\x1b\n\x7F\xEF\xBF\xBD é</script>")));
    retort_json_free(json);
    retort_buffer_release(&out);
}
END_TEST

/* ---- bundles and files ---- */

static char scratch[64];

static void make_scratch(void)
{
    strcpy(scratch, "/tmp/retort-base-XXXXXX");
    close(mkstemp(scratch));
}

static void drop_scratch(void)
{
    unlink(scratch);
}

static void write_bundle(void)
{
    struct retort_error error;
    const struct retort_bundle_part parts[] = {{"one", RETORT_SPAN("first")},
                                               {"two", RETORT_SPAN("")},
                                               {"three", RETORT_SPAN("third section")}};
    ck_assert(retort_bundle_write(scratch, parts, 3, &error));
}

START_TEST(a_bundle_reads_back)
{
    struct retort_bundle bundle;
    struct retort_error error;
    write_bundle();
    ck_assert(retort_bundle_open(&bundle, scratch, &error));
    ck_span_eq(retort_bundle_section(&bundle, "one"), "first");
    ck_span_eq(retort_bundle_section(&bundle, "two"), "");
    ck_span_eq(retort_bundle_section(&bundle, "three"), "third section");
    ck_assert_uint_eq((uintptr_t)retort_bundle_section(&bundle, "three").data % 64, 0);
    ck_assert_ptr_null(retort_bundle_section(&bundle, "four").data);
    retort_bundle_close(&bundle);
}
END_TEST

static void expect_refused(struct retort_span bytes)
{
    struct retort_bundle bundle;
    struct retort_error error = {0};
    ck_assert(retort_file_replace(scratch, bytes, &error));
    ck_assert(!retort_bundle_open(&bundle, scratch, &error));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.message, scratch));
    ck_assert_ptr_null(strchr(error.message, '\n'));
}

START_TEST(a_cut_or_flipped_bundle_is_refused)
{
    struct retort_file file;
    struct retort_error error;
    struct retort_arena arena = {0};
    write_bundle();
    ck_assert(retort_file_read(&file, scratch, &error));
    for (size_t len = 0; len < file.bytes.len; len++)
        expect_refused(retort_span_slice(file.bytes, 0, len));
    for (size_t bit = 0; bit < 8 * file.bytes.len; bit += 3) {
        struct retort_span copy = retort_arena_copy(&arena, file.bytes);
        ((uint8_t *)(uintptr_t)copy.data)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        expect_refused(copy);
    }
    retort_arena_release(&arena);
    retort_file_close(&file);
}
END_TEST

START_TEST(missing_files_and_directories_are_said)
{
    struct retort_file file;
    struct retort_error error;
    ck_assert(!retort_file_read(&file, "/nowhere/at\nall", &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_ptr_null(strchr(error.message, '\n'));
    ck_assert(!retort_file_read(&file, "/tmp", &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert(!retort_file_replace("/nowhere/file", RETORT_SPAN("x"), &error));
    ck_assert_int_eq(error.failure, RETORT_RUNTIME);
}
END_TEST

START_TEST(sha256_is_sha256)
{
    char hex[RETORT_SHA256_HEX];
    retort_sha256(RETORT_SPAN("abc"), hex);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(secrets_are_random_and_signatures_need_the_key)
{
    uint8_t one[RETORT_SECRET], other[RETORT_SECRET], signature[RETORT_SECRET],
        forged[RETORT_SECRET];
    char hex[RETORT_SECRET_HEX];
    retort_secret_make(one);
    retort_secret_make(other);
    struct retort_span first = {one, sizeof one}, second = {other, sizeof other};
    ck_assert(retort_secret_equal(first, first) && !retort_secret_equal(first, second));
    ck_assert(!retort_secret_equal(first, retort_span_slice(first, 0, 31)));
    retort_secret_hex(one, hex);
    ck_assert_uint_eq(strlen(hex), 64);
    retort_secret_sign(one, RETORT_SPAN("cookie"), signature);
    retort_secret_sign(other, RETORT_SPAN("cookie"), forged);
    ck_assert_mem_ne(signature, forged, RETORT_SECRET);
    retort_secret_sign(one, RETORT_SPAN("cookie"), forged);
    ck_assert_mem_eq(signature, forged, RETORT_SECRET);
    retort_secret_wipe(one, sizeof one);
    ck_assert_mem_eq(one, (uint8_t[RETORT_SECRET]){0}, RETORT_SECRET);
}
END_TEST

START_TEST(passwords_fit_their_own_hash_only)
{
    char hash[RETORT_PASSWORD_HASH], again[RETORT_PASSWORD_HASH];
    struct retort_error error;
    ck_assert(retort_password_hash(RETORT_SPAN("pass\0word"), hash, &error));
    ck_assert(retort_password_hash(RETORT_SPAN("pass\0word"), again, &error));
    ck_assert_str_ne(hash, again); /* salted */
    ck_assert(retort_password_hash_check(hash));
    ck_assert(retort_password_fits(RETORT_SPAN("pass\0word"), hash));
    ck_assert(!retort_password_fits(RETORT_SPAN("pass"), hash));
    ck_assert(!retort_password_fits(RETORT_SPAN(""), hash));
    static const char *const NONE[] = {"", "$argon2id$", "$argon2id$v=19$m=1,t=", "plain",
                                       "$2b$12$abcdefghijklmnopqrstuv"};
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        ck_assert_msg(!retort_password_hash_check(NONE[i]), "%s", NONE[i]);
}
END_TEST

START_TEST(errors_are_one_line_and_nest)
{
    struct retort_error error;
    retort_fail(&error, RETORT_INPUT,
                "\x1B[31m \xC2\x9B"
                "31m \x9B \xE2\x80\xAE \xE2\x80\xA8 é…");
    ck_assert_str_eq(error.message, "?[31m ?31m ? ? ? é…");
    ck_assert(!retort_fail(&error, RETORT_INPUT, "line\nbreak %d", 7));
    ck_assert(!retort_fail_within(&error, "%s:%d", "file", 3));
    ck_assert_str_eq(error.message, "file:3: line?break 7");
    for (int i = 0; i < 20; i++)
        retort_fail_within(&error, "%0100d", 1);
    ck_assert_uint_lt(strlen(error.message), sizeof error.message);
}
END_TEST

START_TEST(a_secret_file_is_for_its_owner_only)
{
    struct retort_error error;
    struct stat status;
    ck_assert(retort_file_replace(scratch, RETORT_SPAN("old"), &error));
    ck_assert(retort_file_replace_secret(scratch, RETORT_SPAN("new"), &error));
    ck_assert(stat(scratch, &status) == 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    ck_assert_int_eq(status.st_size, 3);
}
END_TEST

Suite *base_suite(void);

/* By whole numbers the same as by printf: at random, at ties and beside them. */
START_TEST(a_probability_is_written_as_printf_would)
{
    uint64_t state = 11;
    for (size_t i = 0; i < 200000; i++) {
        uint64_t random = retort_random(&state), bits;
        double p = i % 4 == 0   ? (double)(random >> 11) * 0x1p-53
                   : i % 4 == 1 ? (double)(random % 33) / 32
                                : (double)(random % 20001) / 20000;
        memcpy(&bits, &p, sizeof bits);
        bits += i % 4 == 3 && p > 0 && p < 1 ? random >> 62 : 0;
        memcpy(&p, &bits, sizeof bits);
        uint8_t digits[RETORT_P_SIZE];
        struct retort_buffer want = {0};
        retort_put_p(digits, p);
        retort_buffer_fixed(&want, p, 4);
        ck_assert_msg(want.len == sizeof digits && memcmp(want.data, digits, sizeof digits) == 0,
                      "%.17g is %.*s", p, (int)sizeof digits, (const char *)digits);
        retort_buffer_release(&want);
    }
}
END_TEST

START_TEST(a_cleared_arena_hands_out_what_it_kept)
{
    struct retort_arena arena = {0};
    retort_arena_clear(&arena);
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 1000; i++)
            memset(retort_arena_room(&arena, 300, 1), 0xAA, 300);
        retort_arena_clear(&arena);
        ck_assert_uint_eq(arena.n_bytes, 0);
        ck_assert_ptr_nonnull(arena.blocks);
        ck_assert_uint_eq(*RETORT_NEW(&arena, uint8_t, 300), 0);
    }
    retort_arena_room(&arena, 4 << 20, 1);
    retort_arena_clear(&arena);
    ck_assert_ptr_null(arena.blocks); /* what is that large is given back */
}
END_TEST

Suite *base_suite(void)
{
    Suite *suite = suite_create("base");
    TCase *text = tcase_create("text");
    tcase_set_timeout(text, 60);
    tcase_add_test(text, lines_end_at_lf_crlf_and_cr);
    tcase_add_test(text, eights_miss_no_end_and_no_stray_byte);
    tcase_add_test(text, trim_takes_all_white_space);
    tcase_add_test(text, slices_stay_inside);
    tcase_add_test(text, arena_hands_out_zeroed_aligned_bytes);
    tcase_add_test(text, numbers_read_back_and_know_no_locale);
    tcase_add_test(text, numbers_are_as_short_as_can_be);
    tcase_add_test(text, what_is_no_number_is_null_and_minus_nought_is_nought);
    tcase_add_test(text, counts_are_whole);
    tcase_add_loop_test(text, encodings_become_utf8, 0, sizeof ENCODED / sizeof ENCODED[0]);
    tcase_add_loop_test(text, offsets_lead_back_to_the_input, 0,
                        sizeof ENCODED / sizeof ENCODED[0]);
    tcase_add_test(text, binary_is_refused);
    tcase_add_test(text, any_bytes_decode_to_valid_text);
    tcase_add_test(text, letters_fold);
    tcase_add_test(text, broken_json_is_refused);
    tcase_add_test(text, json_is_checked_as_it_is_parsed);
    tcase_add_test(text, json_is_taken_to_parts_as_it_stands);
    tcase_add_test(text, quoted_strings_mean_what_jansson_says);
    tcase_add_test(text, deep_json_is_refused_not_followed);
    tcase_add_test(text, members_come_back_as_they_stand);
    tcase_add_test(text, nul_and_everything_else_goes_through_a_string);
    tcase_add_test(text, sha256_is_sha256);
    tcase_add_test(text, secrets_are_random_and_signatures_need_the_key);
    tcase_add_test(text, passwords_fit_their_own_hash_only);
    tcase_add_test(text, errors_are_one_line_and_nest);
    tcase_add_test(text, a_probability_is_written_as_printf_would);
    tcase_add_test(text, a_cleared_arena_hands_out_what_it_kept);
    suite_add_tcase(suite, text);
    TCase *files = tcase_create("files");
    tcase_add_checked_fixture(files, make_scratch, drop_scratch);
    tcase_set_timeout(files, 60);
    tcase_add_test(files, a_bundle_reads_back);
    tcase_add_test(files, a_cut_or_flipped_bundle_is_refused);
    tcase_add_test(files, missing_files_and_directories_are_said);
    tcase_add_test(files, a_secret_file_is_for_its_owner_only);
    suite_add_tcase(suite, files);
    return suite;
}
