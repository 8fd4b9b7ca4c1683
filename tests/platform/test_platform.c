/* platform: exports as they are, as they should not be, and as nobody may make them. */
#include "platform/dump.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct fixture {
    const char *name; /* in tests/platform; its threads stand in NAME.threads.jsonl */
    enum retort_platform platform;
    size_t n_threads, n_comments;
    const char *unit; /* the end of a comment in it, for counting; NULL: a document */
    size_t n_private; /* addresses in what is delivered when they are kept */
} FIXTURES[] = {
    {"plain.jsonl", RETORT_PLATFORM_JSONL, 3, 9, "}\n", 4},
    {"disqus.xml", RETORT_PLATFORM_DISQUS, 2, 4, "</post>", 4},
    {"wxr.xml", RETORT_PLATFORM_WXR, 2, 3, "</wp:comment>", 4},
    {"reddit.json", RETORT_PLATFORM_REDDIT, 1, 3, NULL, 1},
    {"reddit-plain.json", RETORT_PLATFORM_REDDIT, 2, 3, NULL, 0},
    {"hn.json", RETORT_PLATFORM_HN, 1, 4, NULL, 0},
    {"hn-hits.json", RETORT_PLATFORM_HN, 1, 2, NULL, 0},
    {"discourse.json", RETORT_PLATFORM_DISCOURSE, 1, 4, NULL, 1},
    {"guardian.json", RETORT_PLATFORM_GUARDIAN, 1, 5, NULL, 1},
    {"guardian-alone.json", RETORT_PLATFORM_GUARDIAN, 1, 2, NULL, 0},
    {"convokit/utterances.jsonl", RETORT_PLATFORM_CONVOKIT, 2, 3, NULL, 1},
};

enum { N_FIXTURES = sizeof FIXTURES / sizeof *FIXTURES };

static const char *path_of(const char *name, const char *end)
{
    static char path[256];
    snprintf(path, sizeof path, "tests/platform/%s%s", name, end);
    return path;
}

static void open_file(struct retort_file *file, const char *path)
{
    struct retort_error error;
    bool read = retort_file_read(file, path, &error);
    ck_assert_msg(read, "%s", read ? "" : error.message);
}

/* Reads and dumps; the caller releases the dump. */
static bool read_as(enum retort_platform platform, struct retort_span bytes, bool keep_private,
                    struct dump *dump, struct retort_error *error)
{
    *dump = (struct dump){0};
    const struct retort_platform_reading reading = {keep_private, dump_thread, dump};
    bool read = retort_platform_read(platform, bytes, &reading, error);
    ck_assert_msg(!dump->broken, "%s", dump->broken ? dump->broken : "");
    return read;
}

static void release(struct dump *dump)
{
    retort_buffer_release(&dump->lines);
}

static void expect(const struct dump *dump, struct retort_span want)
{
    struct retort_span got = retort_buffer_span(&dump->lines), line, wanted;
    while (retort_span_next_line(&got, &line)) {
        if (!retort_span_next_line(&want, &wanted))
            wanted = RETORT_SPAN("nothing");
        ck_assert_msg(retort_span_equal(line, wanted), "got  %.*s\nwant %.*s", (int)line.len,
                      (const char *)line.data, (int)wanted.len, (const char *)wanted.data);
    }
    ck_assert_msg(want.len == 0, "a thread or comment is missing: %.*s", (int)want.len,
                  want.len ? (const char *)want.data : "");
}

static size_t count(struct retort_span text, const char *wanted)
{
    struct retort_span needle = retort_span_of(wanted);
    size_t n = 0;
    for (size_t at = 0; at + needle.len <= text.len; at++)
        n += memcmp(text.data + at, needle.data, needle.len) == 0;
    return n;
}

/* ---- exports as they are -------------------------------------------------------------------- */

START_TEST(an_export_is_recognised_and_says_all)
{
    const struct fixture *fixture = &FIXTURES[_i];
    struct retort_file file, threads;
    struct retort_error error;
    struct dump dump;
    open_file(&file, path_of(fixture->name, ""));
    open_file(&threads, path_of(fixture->name, ".threads.jsonl"));
    ck_assert_int_eq(retort_platform_detect(file.bytes), fixture->platform);
    ck_assert(read_as(fixture->platform, file.bytes, false, &dump, &error));
    expect(&dump, threads.bytes);
    ck_assert_uint_eq(dump.n_threads, fixture->n_threads);
    ck_assert_uint_eq(dump.n_comments, fixture->n_comments);
    release(&dump);
    retort_file_close(&file);
    retort_file_close(&threads);
}
END_TEST

START_TEST(what_is_delivered_comes_back_as_lines)
{
    struct retort_file threads;
    struct retort_error error;
    struct dump dump;
    open_file(&threads, path_of(FIXTURES[_i].name, ".threads.jsonl"));
    ck_assert_int_eq(retort_platform_detect(threads.bytes), RETORT_PLATFORM_JSONL);
    ck_assert(read_as(RETORT_PLATFORM_JSONL, threads.bytes, false, &dump, &error));
    expect(&dump, threads.bytes);
    release(&dump);
    retort_file_close(&threads);
}
END_TEST

START_TEST(addresses_are_dropped_unless_kept)
{
    const struct fixture *fixture = &FIXTURES[_i];
    for (int keep = 0; keep < 2; keep++) {
        struct retort_file file;
        struct retort_error error;
        struct dump dump;
        open_file(&file, path_of(fixture->name, ""));
        ck_assert(read_as(fixture->platform, file.bytes, keep, &dump, &error));
        struct retort_span lines = retort_buffer_span(&dump.lines);
        size_t n = count(lines, "@mail.example") + count(lines, "\"10.");
        ck_assert_uint_eq(n, keep ? fixture->n_private : 0);
        release(&dump);
        retort_file_close(&file);
    }
}
END_TEST

START_TEST(a_corpus_knows_its_speakers)
{
    struct dump dump = {0};
    struct retort_file threads;
    struct retort_error error;
    const struct retort_platform_reading reading = {false, dump_thread, &dump};
    ck_assert(retort_platform_is_corpus("tests/platform/convokit"));
    ck_assert(!retort_platform_is_corpus("tests/platform"));
    ck_assert(!retort_platform_is_corpus("tests/platform/convokit/utterances.jsonl"));
    ck_assert(retort_platform_read_corpus("tests/platform/convokit", &reading, &error));
    open_file(&threads, path_of("convokit", ".threads.jsonl"));
    expect(&dump, threads.bytes);
    release(&dump);
    retort_file_close(&threads);
    ck_assert(!retort_platform_read_corpus("tests/platform", &reading, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "utterances.jsonl"));
}
END_TEST

static const struct {
    const char *text;
    enum retort_platform platform;
} BEGINNINGS[] = {
    {"", RETORT_PLATFORM_NONE},
    {"Menu\nThe article.", RETORT_PLATFORM_NONE},
    {"<!DOCTYPE html><html><disqus>", RETORT_PLATFORM_NONE},
    {"<rss version='2.0'><channel>", RETORT_PLATFORM_NONE},
    {"[1, 2]", RETORT_PLATFORM_NONE},
    {"[{\"text\":\"an array\"}]", RETORT_PLATFORM_NONE},
    {"{\"text\":\"a\"}", RETORT_PLATFORM_JSONL},
    {"{\"x\":{\"post_stream\":{\"posts\":[]}}}", RETORT_PLATFORM_JSONL},
    {"{", RETORT_PLATFORM_JSONL},
    {"\xEF\xBB\xBF  {\"post_stream\":{\"posts\":[", RETORT_PLATFORM_DISCOURSE},
    {"\xFF\xFE<\0d\0i\0s\0q\0u\0s\0>\0", RETORT_PLATFORM_DISQUS},
    {"<?xml version='1.0'?><!-- <rss> --><!DOCTYPE disqus><disqus>", RETORT_PLATFORM_DISQUS},
    {"Warning: deprecated\n<?xml?><rss xmlns:wp='w'>", RETORT_PLATFORM_WXR},
    {"{\"data\":{\"after\":null,\"children\":[", RETORT_PLATFORM_REDDIT},
    {"[{\"data\":{\"children\":[{\"data\":{\"body\":\"x\"},\"kind\":\"t1\"}]},\"kind\":\"Listing\"",
     RETORT_PLATFORM_REDDIT},
    {"{\"id\":1,\"type\":\"story\",\"created_at_i\":1,\"title\":\"a\"}", RETORT_PLATFORM_HN},
    {"{\"id\":1,\"type\":\"comment\",\"created_at_i\":1,\"text\":\"a\"}\n{\"id\":2}",
     RETORT_PLATFORM_JSONL},
    {"{\"discussion\":{\"key\":\"/p/1\",\"webUrl\":\"h", RETORT_PLATFORM_GUARDIAN},
};

START_TEST(a_beginning_is_enough)
{
    static const char UTF16[] = "\xFF\xFE<\0d\0i\0s\0q\0u\0s\0>";
    const char *text = BEGINNINGS[_i].text;
    struct retort_span bytes = retort_span_of(text);
    if (bytes.len > 1 && bytes.data[0] == 0xFF)
        bytes = (struct retort_span){(const uint8_t *)UTF16, sizeof UTF16};
    ck_assert_msg(retort_platform_detect(bytes) == BEGINNINGS[_i].platform, "%s is \"%s\"", text,
                  retort_platform_name(retort_platform_detect(bytes)));
}
END_TEST

START_TEST(platforms_have_names)
{
    for (size_t i = 0; i < RETORT_N_PLATFORMS; i++) {
        enum retort_platform platform = (enum retort_platform)i;
        ck_assert_int_eq(retort_platform_named(retort_platform_name(platform)), platform);
    }
    ck_assert_int_eq(retort_platform_named("usenet"), RETORT_PLATFORM_NONE);
}
END_TEST

static const struct {
    const char *line, *dumped;
} LINES[] = {
    {"{\"text\":\"t\",\"author\":null,\"name\":\"t1_x\"}",
     "\"meta\":{\"name\":\"t1_x\"},\"text\":\"t\"}"},
    {"{\"text\":\"t\",\"author\":\"\",\"user\":\"u\"}", "\"author\":\"u\",\"text\":\"t\"}"},
    {"{\"text\":\"t\",\"author\":{\"name\":\"n\"}}",
     "\"meta\":{\"author\":{\"name\":\"n\"}},\"text\":\"t\"}"},
    {"{\"text\":\"t\",\"time\":\"0000-00-00 00:00\",\"date\":5}", "\"time\":\"5\",\"text\":\"t\"}"},
    {"{\"body\":\"t\",\"id\":-1.50e3}", "\"id\":\"-1.50e3\",\"text\":\"t\"}"},
    {"{\"text\":\"t\",\"parent_id\":0}", "\"parent\":0,\"text\":\"t\"}"},
    {"{\"text\":\"t\",\"a\":{\"email\":\"x\"},\"b\":[{\"ip\":\"x\"}],\"c\":{},\"d\":[]}",
     "\"meta\":{\"b\":[{}],\"c\":{},\"d\":[]},\"text\":\"t\"}"},
    {"{\"text\":\"t\",\"meta\":{\"a\":1,\"meta\":{\"b\":2}}}",
     "\"meta\":{\"a\":1,\"meta\":{\"b\":2}},\"text\":\"t\"}"},
    {"{\"text\":\"t\",\"meta\":{},\"role\":\"moderator\"}",
     "\"meta\":{\"role\":\"moderator\"},\"text\":\"t\"}"},
    {"{\"text\":\"t\",\"\\u0061\":\"\\u00e9\",\"s\" : [ 1 , 2 ]}",
     "\"meta\":{\"\\u0061\":\"\\u00e9\",\"s\":[1,2]},\"text\":\"t\"}"},
};

START_TEST(a_line_says_what_it_says)
{
    struct dump dump;
    struct retort_error error;
    struct retort_span line = retort_span_of(LINES[_i].line);
    ck_assert(read_as(RETORT_PLATFORM_JSONL, line, false, &dump, &error));
    struct retort_span lines = retort_buffer_span(&dump.lines);
    ck_assert_msg(count(lines, LINES[_i].dumped) == 1, "%.*s", (int)lines.len,
                  (const char *)lines.data);
    release(&dump);
}
END_TEST

/* ---- what is private ------------------------------------------------------------------------ */

static const struct {
    const char *member;
    bool kept;
} MEMBERS[] = {
    {"\"email\":\"x\"", false},
    {"\"E-Mail\":\"x\"", false},
    {"\"e\\u006dail\":\"x\"", false},
    {"\"comment_author_IP\":\"x\"", false},
    {"\"authorIPAddress\":\"x\"", false},
    {"\"ipAddr\":[\"x\"]", false},
    {"\"ip\":3232235777", false},
    {"\"userEmail\":{\"is\":\"x\"}", false},
    {"\"useremail\":\"x\"", false},
    {"\"REMOTE_ADDR\":\"x\"", false},
    {"\"X-Forwarded-For\":\"x\"", false},
    {"\"last_ip_v4\":\"x\"", false},
    {"\"ipv6\":\"x\"", false},
    {"\"deep\":{\"er\":[[{\"mail\":\"x\",\"y\":1}]]}", true},
    {"\"zip\":\"x\"", true},
    {"\"membership\":\"x\"", true},
    {"\"shipped\":\"x\"", true},
    {"\"mailing_list_mode\":\"x\"", true},
    {"\"email_verified\":true", true},
    {"\"email\":null", true},
    {"\"email\":\"\"", true},
    {"\"forwarded\":\"x\"", true},
    {"\"data\":\"{\\\"user_ip\\\":\\\"x\\\"}\"", false},
    {"\"data\":\"a:1:{s:5:\\\"email\\\";s:1:\\\"x\\\";}\"", false},
    {"\"data\":\"{\\\"zip\\\":\\\"x\\\"}\"", true},
    {"\"data\":\"see \\\"email\\\"\"", true},
};

START_TEST(a_name_says_what_is_private)
{
    char line[256];
    struct dump dump;
    struct retort_error error;
    snprintf(line, sizeof line, "{\"text\":\"t\",%s}", MEMBERS[_i].member);
    ck_assert(read_as(RETORT_PLATFORM_JSONL, retort_span_of(line), false, &dump, &error));
    struct retort_span lines = retort_buffer_span(&dump.lines);
    ck_assert_msg((count(lines, "\"meta\"") == 1) == MEMBERS[_i].kept, "%s", MEMBERS[_i].member);
    ck_assert_uint_eq(count(lines, "\"mail\""), 0);
    release(&dump);
    ck_assert(read_as(RETORT_PLATFORM_JSONL, retort_span_of(line), true, &dump, &error));
    ck_assert_uint_eq(count(retort_buffer_span(&dump.lines), MEMBERS[_i].member), 1);
    release(&dump);
}
END_TEST

/* ---- exports as they should not be ---------------------------------------------------------- */

START_TEST(a_cut_export_delivers_what_is_whole)
{
    const struct fixture *fixture = &FIXTURES[_i];
    struct retort_file file;
    struct retort_error error;
    struct dump dump;
    open_file(&file, path_of(fixture->name, ""));
    size_t end = retort_span_trim(file.bytes).len + (file.bytes.data[0] == '\n');
    for (size_t len = 0; len < end; len++) {
        struct retort_span cut = retort_span_slice(file.bytes, 0, len);
        bool read = read_as(fixture->platform, cut, false, &dump, &error);
        if (fixture->unit)
            ck_assert_uint_ge(dump.n_comments,
                              count(cut, fixture->unit) - (_i == 0 ? count(cut, "\n\n") : 0));
        else if (fixture->platform != RETORT_PLATFORM_CONVOKIT)
            ck_assert_uint_eq(dump.n_comments, 0);
        if (!read)
            ck_assert_int_eq(error.failure, RETORT_INPUT);
        else
            ck_assert(_i == 0 || fixture->platform == RETORT_PLATFORM_CONVOKIT);
        release(&dump);
    }
    retort_file_close(&file);
}
END_TEST

/* The fixture with one of its values replaced. */
static void replace(struct retort_buffer *out, struct retort_span text, struct retort_span value,
                    const char *by)
{
    size_t begin = (size_t)(value.data - text.data);
    retort_buffer_clear(out);
    retort_buffer_put(out, retort_span_slice(text, 0, begin));
    retort_buffer_text(out, by);
    retort_buffer_put(out, retort_span_slice(text, begin + value.len, text.len));
}

START_TEST(any_value_may_be_anything)
{
    static const char *const VALUES[] = {"null", "7", "\"\"", "\"t1\"", "[]", "{}", "[[{}]]"};
    const struct fixture *fixture = &FIXTURES[_i];
    struct retort_file file;
    struct retort_error error;
    struct retort_buffer changed = {0};
    struct retort_arena arena = {0};
    struct retort_json_part *parts;
    struct dump dump;
    open_file(&file, path_of(fixture->name, ""));
    bool document = !fixture->unit && fixture->platform != RETORT_PLATFORM_CONVOKIT;
    size_t n_parts = document ? retort_json_parts(file.bytes, &arena, &parts) : 0;
    for (size_t i = 0; i < n_parts; i++)
        for (size_t v = 0; v < sizeof VALUES / sizeof *VALUES; v++) {
            replace(&changed, file.bytes, parts[i].bytes, VALUES[v]);
            read_as(fixture->platform, retort_buffer_span(&changed), false, &dump, &error);
            release(&dump);
        }
    retort_buffer_release(&changed);
    retort_arena_release(&arena);
    retort_file_close(&file);
}
END_TEST

START_TEST(any_file_may_be_called_anything)
{
    struct retort_file file;
    struct retort_error error;
    struct dump dump;
    open_file(&file, path_of(FIXTURES[_i].name, ""));
    for (size_t p = RETORT_PLATFORM_NONE + 1; p < RETORT_N_PLATFORMS; p++) {
        if (!read_as((enum retort_platform)p, file.bytes, false, &dump, &error))
            ck_assert_int_eq(error.failure, RETORT_INPUT);
        release(&dump);
    }
    retort_file_close(&file);
}
END_TEST

START_TEST(the_visitor_may_stop)
{
    const struct fixture *fixture = &FIXTURES[_i];
    struct retort_file file;
    struct retort_error error;
    struct dump dump = {.stop_after = 1};
    const struct retort_platform_reading reading = {false, dump_thread, &dump};
    open_file(&file, path_of(fixture->name, ""));
    ck_assert(!retort_platform_read(fixture->platform, file.bytes, &reading, &error));
    ck_assert_int_eq(error.failure, RETORT_RUNTIME);
    ck_assert_str_eq(error.message, "that is enough");
    ck_assert_uint_eq(dump.n_threads, 1);
    release(&dump);
    retort_file_close(&file);
}
END_TEST

static const struct {
    const char *text;
    enum retort_platform platform;
    size_t n_comments;
    const char *message; /* a part of it; NULL: it can be read */
} BROKEN[] = {
    {"{\"text\":\"a\"}\nnot JSON\n{\"text\":\"b\"}\n[1]\n", RETORT_PLATFORM_JSONL, 2, "line 2: "},
    {"{\"text\":\"a\"}\n{\"x\":1}", RETORT_PLATFORM_JSONL, 1, "line 2: has no \"text\""},
    {"{\"text\":\"a\"}\n{\"text\":5}", RETORT_PLATFORM_JSONL, 1, "1 of 2 lines"},
    {"", RETORT_PLATFORM_JSONL, 0, NULL},
    {"{\"id\":null,\"objectID\":null,\"text\":null,\"body\":null,\"content\":null,"
     "\"message\":null,\"comment_text\":null,\"author\":null,\"speaker\":null,\"user\":null,"
     "\"username\":null,\"name\":null,\"time\":null,\"timestamp\":null,\"created_utc\":null,"
     "\"created_at\":null,\"date\":null,\"parent_id\":null,\"reply_to\":null,"
     "\"reply-to\":null,\"parent\":null,\"vectors\":[],\"thread\":\"t\",\"meta\":{}}",
     RETORT_PLATFORM_JSONL, 1, NULL},
    {"{\"role\":\"furniture\",\"text\":\"Menu\"}", RETORT_PLATFORM_JSONL, 0, NULL},
    {"", RETORT_PLATFORM_REDDIT, 0, "nothing was read"},
    {"[]", RETORT_PLATFORM_REDDIT, 0, "check --format"},
    {"{\"hits\":[]}", RETORT_PLATFORM_HN, 0, NULL},
    {"{\"a\":1}", RETORT_PLATFORM_HN, 0, "check --format"},
    {"{\"a\":1}", RETORT_PLATFORM_DISCOURSE, 0, "check --format"},
    {"{\"a\":1}", RETORT_PLATFORM_GUARDIAN, 0, "check --format"},
    {"", RETORT_PLATFORM_WXR, 0, "line 1"},
    {"no tag", RETORT_PLATFORM_DISQUS, 0, "line 1"},
    {"<disqus>\n<post><message>a</message></post>\n<post><message>b</message></wrong>",
     RETORT_PLATFORM_DISQUS, 1, "line 3: mismatched tag; what stands before was read"},
    {"<disqus><post><message>a &nbsp; b</message></post></disqus>", RETORT_PLATFORM_DISQUS, 0,
     "undefined entity"},
    {"<!DOCTYPE disqus SYSTEM \"file:///etc/passwd\"><disqus><post><message>a &nbsp; b"
     "</message></post></disqus>",
     RETORT_PLATFORM_DISQUS, 1, NULL},
    {"<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><disqus><post><message>&x;"
     "</message></post></disqus>",
     RETORT_PLATFORM_DISQUS, 0, "declares entities"},
    {"<!DOCTYPE d [<!ENTITY % x SYSTEM \"file:///etc/passwd\"> %x;]><disqus><post/></disqus>",
     RETORT_PLATFORM_DISQUS, 0, "declares entities"},
    {"<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
     "<disqus><post><message>&b;&b;&b;</message></post></disqus>",
     RETORT_PLATFORM_DISQUS, 0, "declares entities"},
    {"<disqus><post><message>bell \x07 here \xEF\xBF\xBE</message></post></disqus>\n`",
     RETORT_PLATFORM_DISQUS, 1, NULL},
    {"<disqus><post><message>a</message></post></disqus><disqus>", RETORT_PLATFORM_DISQUS, 1,
     "junk after document element"},
};

START_TEST(what_is_broken_is_said)
{
    struct retort_error error;
    struct dump dump;
    struct retort_span text = retort_span_of(BROKEN[_i].text);
    bool read = read_as(BROKEN[_i].platform, text, false, &dump, &error);
    ck_assert_msg(read == !BROKEN[_i].message, "%s: %s", BROKEN[_i].text,
                  read ? "" : error.message);
    if (!read) {
        ck_assert_int_eq(error.failure, RETORT_INPUT);
        ck_assert_msg(strstr(error.message, BROKEN[_i].message), "%s", error.message);
    }
    ck_assert_uint_eq(dump.n_comments, BROKEN[_i].n_comments);
    release(&dump);
}
END_TEST

START_TEST(a_cut_item_keeps_what_it_has)
{
    static const char CUT[] = "<rss><channel><item><title>Ferry</title><wp:comment>"
                              "<wp:comment_content>Gone?</wp:comment_content></wp:comment>"
                              "<wp:comment><wp:comment_content>Yes, g";
    struct retort_error error;
    struct dump dump;
    ck_assert(!read_as(RETORT_PLATFORM_WXR, retort_span_of(CUT), false, &dump, &error));
    expect(&dump,
           RETORT_SPAN("{\"role\":\"article\",\"title\":\"Ferry\",\"text\":\"\"}\n"
                       "{\"role\":\"comment\",\"comment\":1,\"parent\":0,\"text\":\"Gone?\"}\n"));
    release(&dump);
}
END_TEST

/* ---- exports as nobody may make them -------------------------------------------------------- */

static void repeat(struct retort_buffer *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        retort_buffer_text(out, text);
}

START_TEST(elements_nest_no_deeper_than_they_may)
{
    struct retort_buffer text = {0};
    struct retort_error error;
    struct dump dump;
    retort_buffer_text(&text, "<disqus><post><message>a</message></post><post>");
    repeat(&text, "<x>", 100000);
    ck_assert(!read_as(RETORT_PLATFORM_DISQUS, retort_buffer_span(&text), false, &dump, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "deeper than 256"));
    ck_assert_uint_eq(dump.n_comments, 1);
    release(&dump);
    retort_buffer_clear(&text);
    repeat(&text, "{\"id\":1,\"children\":[", 100000);
    ck_assert(!read_as(RETORT_PLATFORM_HN, retort_buffer_span(&text), false, &dump, &error));
    release(&dump);
    retort_buffer_release(&text);
}
END_TEST

START_TEST(answers_nest_as_deep_as_json_may)
{
    enum { DEPTH = 1000 };
    struct retort_buffer text = {0};
    struct retort_error error;
    struct dump dump;
    repeat(&text, "{\"id\":1,\"type\":\"comment\",\"meta\":{\"a\":[1]},\"children\":[", DEPTH);
    repeat(&text, "]}", DEPTH);
    ck_assert(read_as(RETORT_PLATFORM_HN, retort_buffer_span(&text), false, &dump, &error));
    ck_assert_uint_eq(dump.n_comments, DEPTH);
    release(&dump);
    retort_buffer_release(&text);
}
END_TEST

/* Lines whose ids and parents are made by a rule: i of n answers rule(i). */
static void put_chain(struct retort_buffer *out, size_t n, size_t step, size_t id_every)
{
    for (size_t i = 0; i < n; i++)
        retort_buffer_format(out, "{\"id\":%zu,\"parent_id\":%zu,\"text\":\"t\"}\n",
                             i / id_every + 1, (i + step) % n + 1);
}

START_TEST(no_order_of_comments_is_slow)
{
    static const struct {
        size_t step, id_every;
    } CHAINS[] = {{1, 1}, {199999, 1}, {0, 1}, {1, 200000}, {7, 1}, {1, 2}};
    enum { N = 200000 };
    struct retort_buffer text = {0};
    struct retort_error error;
    struct dump dump;
    put_chain(&text, N, CHAINS[_i].step, CHAINS[_i].id_every);
    ck_assert(read_as(RETORT_PLATFORM_JSONL, retort_buffer_span(&text), false, &dump, &error));
    ck_assert_uint_eq(dump.n_comments, N);
    release(&dump);
    retort_buffer_release(&text);
}
END_TEST

START_TEST(no_names_of_elements_are_slow)
{
    struct retort_buffer text = {0};
    struct retort_error error;
    struct dump dump;
    retort_buffer_text(&text, "<disqus><post><message>a</message>");
    for (size_t i = 0; i < 100000; i++)
        retort_buffer_format(&text, "<n%zu/>x<same/>", i);
    retort_buffer_text(&text, "</post></disqus>");
    ck_assert(read_as(RETORT_PLATFORM_DISQUS, retort_buffer_span(&text), false, &dump, &error));
    ck_assert_uint_eq(dump.n_comments, 1);
    release(&dump);
    retort_buffer_release(&text);
}
END_TEST

/* A made export: what was written is what is read, whatever the order of the lines. */
START_TEST(lines_in_any_order_are_the_same_thread)
{
    enum { N = 60 };
    uint64_t state = (uint64_t)_i + 1;
    size_t parents[N], order[N], index[N];
    struct retort_buffer text = {0};
    struct retort_error error;
    struct dump dump;
    for (size_t i = 0; i < N; i++) {
        parents[i] = i > 0 ? retort_random(&state) % (i + 1) : 0; /* 0: none, else i below it */
        order[i] = i;
    }
    for (size_t i = N - 1; i > 0; i--) {
        size_t other = retort_random(&state) % (i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    for (size_t i = 0; i < N; i++)
        retort_buffer_format(&text,
                             "{\"x%zu\":1,\"text\":\"comment %zu\",\"parent_id\":\"c%zu\","
                             "\"id\":\"c%zu\"}\n",
                             order[i], order[i] + 1, parents[order[i]], order[i] + 1);
    ck_assert(read_as(RETORT_PLATFORM_JSONL, retort_buffer_span(&text), false, &dump, &error));
    ck_assert_uint_eq(dump.n_comments, N);
    struct retort_span lines = retort_buffer_span(&dump.lines), line;
    for (size_t at = 1; retort_span_next_line(&lines, &line); at++) {
        size_t number, parent, id;
        char copy[400];
        snprintf(copy, sizeof copy, "%.*s", (int)line.len, (const char *)line.data);
        ck_assert_int_eq(
            sscanf(copy, "{\"role\":\"comment\",\"comment\":%zu,\"parent\":%zu,\"id\":\"c%zu\"",
                   &number, &parent, &id),
            3);
        ck_assert_uint_eq(number, at);
        index[id - 1] = at;
        ck_assert_uint_eq(parent, parents[id - 1] ? index[parents[id - 1] - 1] : 0);
        snprintf(copy, sizeof copy, "{\"x%zu\":1%s}", id - 1,
                 parents[id - 1] ? "" : ",\"parent_id\":\"c0\"");
        ck_assert_uint_eq(count(line, copy), 1);
    }
    release(&dump);
    retort_buffer_release(&text);
}
END_TEST

Suite *platform_suite(void);

Suite *platform_suite(void)
{
    Suite *suite = suite_create("platform");
    TCase *exports = tcase_create("exports");
    tcase_set_timeout(exports, 120);
    tcase_add_loop_test(exports, an_export_is_recognised_and_says_all, 0, N_FIXTURES);
    tcase_add_loop_test(exports, what_is_delivered_comes_back_as_lines, 0, N_FIXTURES);
    tcase_add_loop_test(exports, addresses_are_dropped_unless_kept, 0, N_FIXTURES);
    tcase_add_test(exports, a_corpus_knows_its_speakers);
    tcase_add_loop_test(exports, a_beginning_is_enough, 0, sizeof BEGINNINGS / sizeof *BEGINNINGS);
    tcase_add_test(exports, platforms_have_names);
    tcase_add_loop_test(exports, a_line_says_what_it_says, 0, sizeof LINES / sizeof *LINES);
    tcase_add_loop_test(exports, a_name_says_what_is_private, 0, sizeof MEMBERS / sizeof *MEMBERS);
    tcase_add_loop_test(exports, lines_in_any_order_are_the_same_thread, 0, 20);
    suite_add_tcase(suite, exports);
    TCase *broken = tcase_create("broken");
    tcase_set_timeout(broken, 120);
    tcase_add_loop_test(broken, a_cut_export_delivers_what_is_whole, 0, N_FIXTURES);
    tcase_add_loop_test(broken, any_value_may_be_anything, 0, N_FIXTURES);
    tcase_add_loop_test(broken, any_file_may_be_called_anything, 0, N_FIXTURES);
    tcase_add_loop_test(broken, the_visitor_may_stop, 0, N_FIXTURES);
    tcase_add_loop_test(broken, what_is_broken_is_said, 0, sizeof BROKEN / sizeof *BROKEN);
    tcase_add_test(broken, a_cut_item_keeps_what_it_has);
    tcase_add_test(broken, elements_nest_no_deeper_than_they_may);
    tcase_add_test(broken, answers_nest_as_deep_as_json_may);
    tcase_add_loop_test(broken, no_order_of_comments_is_slow, 0, 6);
    tcase_add_test(broken, no_names_of_elements_are_slow);
    suite_add_tcase(suite, broken);
    return suite;
}
