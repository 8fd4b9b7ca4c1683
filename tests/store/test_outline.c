/* Outlines: the lines of a split, written and read again, and what is refused of damaged ones. */
#include "store/fixture.h"
#include "store/outline.h"

#include <string.h>

static const char TEXT[] = "The mill\n\n  Yes. \nNo.\n";

static struct retort_page two_lines(struct retort_line lines[2])
{
    struct retort_span text = retort_span_of(TEXT);
    lines[0] = (struct retort_line){retort_span_slice(text, 0, 8), 1, 0, 8, RETORT_STATE_AMID, 0};
    lines[1] =
        (struct retort_line){retort_span_slice(text, 12, 16), 3, 12, 16, RETORT_STATE_HEAD, 0};
    return (struct retort_page){.text = text, .n_lines = 2, .lines = lines};
}

START_TEST(lines_are_read_as_they_were_written)
{
    struct retort_arena arena = {0};
    struct retort_buffer out = {0};
    struct retort_line lines[2];
    struct retort_page page = two_lines(lines), read;
    const struct retort_page_record record = {.bytes = page.text, .page = &page};
    outline_write(&record, &out);
    ck_assert(
        retort_span_equal(retort_buffer_span(&out), RETORT_SPAN("1 0 8 0 8 F\n3 12 16 12 4 H\n")));
    ck_assert(outline_read(retort_buffer_span(&out), page.text, &arena, &read));
    ck_assert_uint_eq(read.n_lines, 2);
    ck_assert_uint_eq(read.lines[1].number, 3);
    ck_assert(retort_span_equal(read.lines[1].text, RETORT_SPAN("Yes.")));
    ck_assert_int_eq(read.lines[0].role, RETORT_FURNITURE);
    ck_assert_int_eq(read.lines[1].role, RETORT_SIGNATURE);
    retort_buffer_release(&out);
    retort_arena_release(&arena);
}
END_TEST

static const char *const DAMAGED[] = {
    "1 0 8 0 8 X\n",                       /* no such letter */
    "1 0 8 0 8 \n",                        /* none */
    "1 0 8 0 8 FF\n",                      /* two */
    "1 0 8 0 8\n",                         /* a number is missing */
    "1 0 8 0 23 F\n",                      /* longer than the text */
    "1 0 8 24 0 F\n",                      /* behind it */
    "1 0 8 18446744073709551615 2 F\n",    /* wraps */
    "1 0 8 99999999999999999999999 1 F\n", /* too long for a number */
    "0 0 8 0 8 F\n",                       /* lines are counted from 1 */
    "2 0 8 0 8 F\n2 12 16 12 4 B\n",       /* and ascend */
    "1 0 8 0 8 F\n\n",                     /* an empty line */
    "-1 0 8 0 8 F\n",
    "1  0 8 0 8 F\n",
    "1 0 8 0 8 F",
    "\xff\n",
};

START_TEST(damaged_outlines_are_refused)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    ck_assert_msg(!outline_read(retort_span_of(DAMAGED[_i]), retort_span_of(TEXT), &arena, &page),
                  "%s", DAMAGED[_i]);
    retort_arena_release(&arena);
}
END_TEST

TCase *store_outlines(void)
{
    TCase *cases = tcase_create("outlines");
    tcase_add_test(cases, lines_are_read_as_they_were_written);
    tcase_add_loop_test(cases, damaged_outlines_are_refused, 0, sizeof DAMAGED / sizeof *DAMAGED);
    return cases;
}
