/* thread: blocks that cover the page, comments' texts and writers, parents, refused models. */
#include "thread/thread.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ck_span_eq(span, text)                                                                     \
    do {                                                                                           \
        struct retort_span got_ = (span), want_ = retort_span_of(text);                            \
        ck_assert_msg(retort_span_equal(got_, want_), "got \"%.*s\", want \"%s\"", (int)got_.len,  \
                      got_.len ? (const char *)got_.data : "", text);                              \
    } while (0)

static struct retort_cutter *open_cutter(void)
{
    const char *models = getenv("RETORT_MODELS");
    char path[4096];
    struct retort_cutter *cutter;
    struct retort_error error;
    snprintf(path, sizeof path, "%s/splitter.model", models ? models : "models");
    bool opened = retort_cutter_open(&cutter, path, &error);
    ck_assert_msg(opened, "%s", opened ? "" : error.message);
    return cutter;
}

/* ---- cutting lines whose states are given --------------------------------------------------- */

static void label(struct retort_page *page, const char *states)
{
    static const char letters[] = "fAmHBITa"; /* in the order of enum retort_state */
    ck_assert_uint_eq(strlen(states), page->n_lines);
    for (size_t at = 0; at < page->n_lines; at++) {
        const char *letter = strchr(letters, states[at]);
        ck_assert_ptr_nonnull(letter);
        page->lines[at].state = (enum retort_state)(letter - letters);
        page->lines[at].role = retort_page_role(page->lines[at].state);
    }
}

static void cut(const char *text, const char *states, struct retort_arena *arena,
                struct retort_thread *thread)
{
    struct retort_page page;
    retort_page_observe(retort_span_of(text), arena, &page);
    label(&page, states);
    retort_thread_cut(&page, arena, thread);
}

START_TEST(a_comment_has_its_text_and_its_writer)
{
    struct retort_arena arena = {0};
    struct retort_thread thread;
    cut("Menu\nTitle\n\nThe article.\nJane says:\nMay 3, 2012 at 4:15 "
        "pm\nFirst.\n\nSecond.\nReply\n"
        "Bob says:\nThird.\nShare",
        "fAAHHBITHBa", &arena, &thread);
    ck_assert_uint_eq(thread.n_blocks, 5);
    ck_assert_uint_eq(thread.n_comments, 2);
    ck_span_eq(thread.article, "Title\n\nThe article.");
    const struct retort_comment *first = &thread.comments[0], *second = &thread.comments[1];
    ck_span_eq(first->text, "First.\n\nSecond.");
    ck_span_eq(first->author, "Jane");
    ck_span_eq(first->time, "May 3, 2012 at 4:15 pm");
    ck_assert_uint_eq(first->first_line, 5);
    ck_assert_uint_eq(first->last_line, 10);
    ck_span_eq(second->author, "Bob");
    ck_span_eq(second->text, "Third.");
    ck_assert_int_eq(thread.blocks[0].role, RETORT_FURNITURE);
    ck_assert_int_eq(thread.blocks[1].role, RETORT_ARTICLE);
    ck_assert_uint_eq(thread.blocks[2].comment, 1);
    ck_assert_uint_eq(thread.blocks[3].comment, 2);
    ck_assert_uint_eq(thread.blocks[4].comment, 0);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(each_beginning_is_a_comment)
{
    struct retort_arena arena = {0};
    struct retort_thread thread;
    cut("One.\nTwo.\nThree.\nFour.", "BIBB", &arena, &thread);
    ck_assert_uint_eq(thread.n_comments, 3);
    ck_assert_uint_eq(thread.comments[0].last_line, 2);
    ck_assert_uint_eq(thread.article.len, 0);
    retort_arena_release(&arena);
}
END_TEST

/* ---- every byte is in one block or is white space ------------------------------------------- */

static bool is_white(struct retort_span gap, enum retort_encoding encoding)
{
    if (encoding != RETORT_WINDOWS_1252)
        return retort_span_trim(gap).len == 0;
    for (size_t i = 0; i < gap.len; i++)
        if (gap.data[i] > ' ' && gap.data[i] != 0xA0)
            return false;
    return true;
}

static void check_cover(const struct retort_thread *thread, struct retort_span bytes)
{
    size_t at = 0;
    for (size_t i = 0; i < thread->n_blocks; i++) {
        const struct retort_block *block = &thread->blocks[i];
        ck_assert_uint_ge(block->begin, at);
        ck_assert_uint_gt(block->end, block->begin);
        ck_assert(is_white(retort_span_slice(bytes, at, block->begin), thread->page.encoding));
        ck_assert(!i || block->first_line > block[-1].last_line);
        at = block->end;
    }
    ck_assert_uint_le(at, bytes.len);
    ck_assert(is_white(retort_span_slice(bytes, at, bytes.len), thread->page.encoding));
    for (size_t i = 0; i < thread->n_comments; i++) {
        ck_assert(thread->comments[i].parent >= -1 && thread->comments[i].parent < (ptrdiff_t)i);
        ck_assert(thread->comments[i].parent_p > 0 && thread->comments[i].parent_p <= 1);
    }
}

/* Pages stitched of sentences, author lines, prompts and broken bytes. */
static struct retort_span stitch(uint64_t seed, struct retort_buffer *buffer)
{
    static const char *const pieces[] = {
        "I think you are wrong about the bridge.",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "\t\xC2\xA0",
        "The council said on Monday that it would close the bridge, according to a report.",
        "Jane says:\nMarch 3, 2012 at 4:15 pm\n",
        "\"I think you are wrong about the bridge.\"\n",
        "> close the bridge\n",
        "12 Comments\n",
        "Reply\n",
        "Share\n",
        "\xFF\xFE",
        "\xE2\x80\x9C",
        "\xF0\x9F\x98\x80",
        "@Jane no!!\n",
        "https://example.org/\n",
        "\xED\xA0\x80",
        "1. one\n2. two\n",
        "Yes.\n",
        "No, why?\n",
        "\x01",
        "lol\n"};
    retort_buffer_clear(buffer);
    size_t n = retort_random(&seed) % 120;
    for (size_t i = 0; i < n; i++)
        retort_buffer_text(buffer, pieces[retort_random(&seed) % (sizeof pieces / sizeof *pieces)]);
    return retort_buffer_span(buffer);
}

START_TEST(blocks_cover_the_page)
{
    struct retort_cutter *cutter = open_cutter();
    struct retort_buffer buffer = {0};
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct retort_arena arena = {0};
        struct retort_thread thread;
        struct retort_span bytes = stitch(seed * 1000 + (uint64_t)_i, &buffer);
        retort_thread_split(cutter, bytes, &arena, &thread);
        if (thread.page.encoding <= RETORT_WINDOWS_1252)
            check_cover(&thread, bytes);
        retort_arena_release(&arena);
    }
    retort_buffer_release(&buffer);
    retort_cutter_close(cutter);
}
END_TEST

START_TEST(random_bytes_are_covered)
{
    struct retort_cutter *cutter = open_cutter();
    uint64_t random = (uint64_t)_i + 7;
    for (size_t round = 0; round < 100; round++) {
        struct retort_arena arena = {0};
        struct retort_thread thread;
        uint8_t bytes[700];
        size_t n = retort_random(&random) % sizeof bytes;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)(retort_random(&random) >> (retort_random(&random) % 2));
        struct retort_span span = {bytes, n};
        retort_thread_split(cutter, span, &arena, &thread);
        if (thread.page.encoding <= RETORT_WINDOWS_1252)
            check_cover(&thread, span);
        retort_arena_release(&arena);
    }
    retort_cutter_close(cutter);
}
END_TEST

START_TEST(a_quarter_million_comments)
{
    struct retort_cutter *cutter = open_cutter();
    struct retort_arena arena = {0};
    struct retort_thread thread;
    struct retort_buffer buffer = {0};
    for (size_t i = 0; i < 250000; i++)
        retort_buffer_text(&buffer,
                           i % 2 ? "No, I think you are wrong.\n" : "Why do you say that?\n");
    retort_thread_split(cutter, retort_buffer_span(&buffer), &arena, &thread);
    check_cover(&thread, retort_buffer_span(&buffer));
    retort_buffer_release(&buffer);
    retort_arena_release(&arena);
    retort_cutter_close(cutter);
}
END_TEST

START_TEST(nothing_gives_nothing)
{
    struct retort_cutter *cutter = open_cutter();
    struct retort_arena arena = {0};
    struct retort_thread thread;
    retort_thread_split(cutter, RETORT_SPAN(""), &arena, &thread);
    ck_assert_uint_eq(thread.n_blocks + thread.n_comments, 0);
    retort_thread_split(cutter, RETORT_SPAN(" \n\n\t\n"), &arena, &thread);
    ck_assert_uint_eq(thread.n_blocks + thread.n_comments, 0);
    retort_arena_release(&arena);
    retort_cutter_close(cutter);
}
END_TEST

/* ---- parents -------------------------------------------------------------------------------- */

static struct retort_comment said(const char *text, const char *author)
{
    return (struct retort_comment){.text = retort_span_of(text), .author = retort_span_of(author)};
}

START_TEST(who_is_quoted_is_answered)
{
    struct retort_cutter *cutter = open_cutter();
    struct retort_arena arena = {0};
    struct retort_comment comments[] = {
        said("The old bridge should have been repaired ten years ago.", ""),
        said("My cat is called Bridget and she likes fish more than anything.", ""),
        said("Fish is expensive these days, and the market closes at noon.", ""),
        said("\"should have been repaired ten years ago\"\nExactly what I told them.", ""),
    };
    retort_thread_parents(cutter, RETORT_SPAN("The bridge is closed."), comments, 4, &arena);
    ck_assert_int_eq(comments[0].parent, -1);
    ck_assert_int_eq(comments[3].parent, 0);
    retort_arena_release(&arena);
    retort_cutter_close(cutter);
}
END_TEST

static bool link_has(struct retort_heard *heard, size_t at, ptrdiff_t candidate, const char *wanted)
{
    struct retort_cue cues[RETORT_LINK_CUES_MOST];
    char name[128];
    size_t n = retort_thread_link_cues(heard, at, candidate, cues);
    for (size_t i = 0; i < n; i++) {
        retort_thread_cue_name(cues[i].id, name);
        if (strcmp(name, wanted) == 0)
            return true;
    }
    return false;
}

/* The third comment quotes what the second had quoted: it was the first one's. */
START_TEST(a_quotation_belongs_to_who_said_it_first)
{
    struct retort_arena arena = {0};
    const struct retort_comment comments[] = {
        said("The old bridge should have been repaired ten years ago.", ""),
        said("\"The old bridge should have been repaired ten years ago.\" Who says so?", ""),
        said("\"The old bridge should have been repaired ten years ago.\" The report says so.", ""),
    };
    struct retort_heard *heard = retort_thread_hear(RETORT_SPAN("News."), comments, 3, &arena);
    for (size_t at = 0; at < 2; at++)
        retort_thread_tell(heard, at, (ptrdiff_t)at - 1);
    ck_assert(link_has(heard, 2, 0, "quotes it between marks"));
    ck_assert(!link_has(heard, 2, 1, "quotes it between marks"));
    ck_assert(link_has(heard, 2, 1, "quotes another"));
    retort_arena_release(&arena);
}
END_TEST

START_TEST(who_is_named_is_answered)
{
    struct retort_cutter *cutter = open_cutter();
    struct retort_arena arena = {0};
    struct retort_comment comments[] = {
        said("The old bridge should have been repaired ten years ago.", "Marlene"),
        said("My cat likes fish more than anything.", "Otto"),
        said("Fish is expensive these days, and the market closes at noon.", "Ines"),
        said("@Marlene ten years ago there was no money for it.", "Otto"),
    };
    retort_thread_parents(cutter, RETORT_SPAN("The bridge is closed."), comments, 4, &arena);
    ck_assert_int_eq(comments[3].parent, 0);
    retort_arena_release(&arena);
    retort_cutter_close(cutter);
}
END_TEST

START_TEST(candidates_are_few_and_before)
{
    struct retort_arena arena = {0};
    enum { N = 200 };
    struct retort_comment comments[N];
    for (size_t i = 0; i < N; i++)
        comments[i] = said(i % 3 ? "Yes, that is so." : "What is that about?", "");
    struct retort_heard *heard =
        retort_thread_hear(RETORT_SPAN("About that."), comments, N, &arena);
    for (size_t at = 0; at < N; at++) {
        ptrdiff_t candidates[RETORT_CANDIDATES_MOST];
        size_t n = retort_thread_candidates(heard, at, candidates);
        ck_assert_uint_le(n, RETORT_CANDIDATES_MOST);
        ck_assert_int_eq(candidates[0], -1);
        for (size_t i = 0; i < n; i++)
            ck_assert_int_lt(candidates[i], (ptrdiff_t)at);
        retort_thread_tell(heard, at, (ptrdiff_t)at - 1);
    }
    retort_arena_release(&arena);
}
END_TEST

/* ---- model files ---------------------------------------------------------------------------- */

static bool opens(const char *path)
{
    struct retort_cutter *cutter;
    struct retort_error error = {.failure = RETORT_DONE};
    bool opened = retort_cutter_open(&cutter, path, &error);
    if (opened)
        retort_cutter_close(cutter);
    else
        ck_assert(error.failure != RETORT_DONE && error.message[0]);
    return opened;
}

START_TEST(a_foreign_model_is_refused)
{
    char path[] = "/tmp/retort-cutter-XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
    struct retort_error error;
    static const uint8_t zeros[64];
    const struct retort_bundle_part wrong[] = {{"lines", {zeros, sizeof zeros}}};
    ck_assert(retort_bundle_write(path, wrong, 1, &error));
    ck_assert(!opens(path));
    const struct retort_bundle_part other[] = {{"weights", {zeros, sizeof zeros}}};
    ck_assert(retort_bundle_write(path, other, 1, &error));
    ck_assert(!opens(path));
    ck_assert(retort_file_replace(path, RETORT_SPAN("not a model"), &error));
    ck_assert(!opens(path));
    unlink(path);
    ck_assert(!opens(path));
}
END_TEST

/* ---- the sample page ------------------------------------------------------------------------ */

START_TEST(the_sample_is_split_well)
{
    struct retort_cutter *cutter = open_cutter();
    struct retort_arena arena = {0};
    struct retort_thread thread;
    struct retort_file file;
    struct retort_error error;
    ck_assert(retort_file_map(&file, "tests/golden/sample.txt", &error));
    retort_thread_split(cutter, file.bytes, &arena, &thread);
    check_cover(&thread, file.bytes);
    ck_assert_uint_ge(thread.n_comments, 12);
    ck_assert_uint_le(thread.n_comments, 40);
    retort_file_close(&file);
    retort_arena_release(&arena);
    retort_cutter_close(cutter);
}
END_TEST

Suite *thread_suite(void);

Suite *thread_suite(void)
{
    Suite *suite = suite_create("thread");
    TCase *threads = tcase_create("thread");
    tcase_set_timeout(threads, 120);
    tcase_add_test(threads, a_comment_has_its_text_and_its_writer);
    tcase_add_test(threads, each_beginning_is_a_comment);
    tcase_add_loop_test(threads, blocks_cover_the_page, 0, 4);
    tcase_add_loop_test(threads, random_bytes_are_covered, 0, 4);
    tcase_add_test(threads, a_quarter_million_comments);
    tcase_add_test(threads, nothing_gives_nothing);
    tcase_add_test(threads, who_is_quoted_is_answered);
    tcase_add_test(threads, a_quotation_belongs_to_who_said_it_first);
    tcase_add_test(threads, who_is_named_is_answered);
    tcase_add_test(threads, candidates_are_few_and_before);
    tcase_add_test(threads, a_foreign_model_is_refused);
    tcase_add_test(threads, the_sample_is_split_well);
    suite_add_tcase(suite, threads);
    return suite;
}
