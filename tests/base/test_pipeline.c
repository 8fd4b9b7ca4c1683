/* base: the pipeline keeps its order, uses its hands and stops where it must, for any number of
 * threads. */
#include "base/base.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

enum { N_BLOCKS = 8, N_INPUT = 500, NOWHERE = -1 };

struct block {
    int number;
    uint64_t worked;
};

/* Numbers go in; each stage writes down what it saw. */
struct course {
    int n_read, n_sent;
    int read_fails, work_fails, write_fails; /* at this number */
    int ordered[N_INPUT], n_ordered, written[N_INPUT], n_written;
    bool later; /* the reader has nothing yet, now and then */
    int n_later;
    size_t most_workers;
    bool wants_help; /* the caller does no work of others before one of them has come */
    bool elsewhere;  /* a stage of the caller's was in another thread */
    pthread_t caller;
    pthread_mutex_t lock;
    uint64_t seed;
};

static enum retort_reading read_number(void *context, void *block, bool wait,
                                       struct retort_error *error)
{
    struct course *course = context;
    course->elsewhere |= !pthread_equal(course->caller, pthread_self());
    if (!wait && course->later && retort_random(&course->seed) % 3 == 0) {
        course->n_later++;
        return RETORT_READING_LATER;
    }
    if (course->n_read == course->read_fails) {
        retort_fail(error, RETORT_INPUT, "read %d", course->n_read);
        return RETORT_READING_FAILED;
    }
    if (course->n_read == course->n_sent)
        return RETORT_READING_END;
    *(struct block *)block = (struct block){.number = course->n_read++};
    return RETORT_READING_BLOCK;
}

/* Half a minute at most: a busy machine may let a thread wait. */
static void wait_for_help(struct course *course)
{
    size_t most = 0;
    for (size_t i = 0; i < 30000 && most == 0; i++) {
        pthread_mutex_lock(&course->lock);
        most = course->most_workers;
        pthread_mutex_unlock(&course->lock);
        usleep(1000);
    }
    course->wants_help = false;
}

/* Some blocks take much longer than others. */
static bool work(void *context, void *block, size_t worker, struct retort_error *error)
{
    struct course *course = context;
    struct block *own = block;
    uint64_t state = (uint64_t)own->number;
    uint64_t n = retort_random(&state) % 8 == 0 ? 20000 : 20;
    for (uint64_t i = 0; i < n; i++)
        own->worked += retort_random(&state);
    pthread_mutex_lock(&course->lock);
    course->most_workers = worker > course->most_workers ? worker : course->most_workers;
    pthread_mutex_unlock(&course->lock);
    if (worker == 0 && course->wants_help)
        wait_for_help(course);
    if (own->number >= course->work_fails && course->work_fails != NOWHERE)
        return retort_fail(error, RETORT_INPUT, "work %d", own->number);
    return true;
}

/* In order, so it needs no lock. */
static bool note(void *context, void *block, size_t worker, struct retort_error *error)
{
    struct course *course = context;
    (void)worker, (void)error;
    course->ordered[course->n_ordered++] = ((struct block *)block)->number;
    return true;
}

static bool write_number(void *context, void *block, size_t worker, struct retort_error *error)
{
    struct course *course = context;
    struct block *own = block;
    course->elsewhere |= worker != 0 || !pthread_equal(course->caller, pthread_self());
    if (own->number == course->write_fails)
        return retort_fail(error, RETORT_RUNTIME, "write %d", own->number);
    course->written[course->n_written++] = own->number;
    return true;
}

static struct course course_of(int n_sent)
{
    return (struct course){.n_sent = n_sent,
                           .read_fails = NOWHERE,
                           .work_fails = NOWHERE,
                           .write_fails = NOWHERE,
                           .caller = pthread_self(),
                           .lock = PTHREAD_MUTEX_INITIALIZER};
}

static bool run(struct course *course, size_t n_threads, struct retort_error *error)
{
    static const struct retort_stage STAGES[] = {{work, RETORT_STAGE_ANY},
                                                 {note, RETORT_STAGE_ORDERED},
                                                 {work, RETORT_STAGE_ANY},
                                                 {write_number, RETORT_STAGE_CALLER}};
    static struct block memory[N_BLOCKS];
    void *blocks[N_BLOCKS];
    for (size_t i = 0; i < N_BLOCKS; i++)
        blocks[i] = &memory[i];
    const struct retort_pipeline pipeline = {.read = read_number,
                                             .stages = STAGES,
                                             .n_stages = 4,
                                             .blocks = blocks,
                                             .n_blocks = N_BLOCKS,
                                             .n_threads = n_threads,
                                             .context = course};
    return retort_pipeline_run(&pipeline, error);
}

static void ck_counts(const int *numbers, int n)
{
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(numbers[i], i);
}

START_TEST(blocks_leave_in_the_order_in_which_they_came)
{
    struct retort_error error;
    for (size_t n_threads = 0; n_threads <= 9; n_threads++) {
        struct course course = course_of(N_INPUT);
        course.later = n_threads % 2;
        ck_assert(run(&course, n_threads, &error));
        ck_assert_int_eq(course.n_written, N_INPUT);
        ck_assert_int_eq(course.n_ordered, N_INPUT);
        ck_counts(course.written, N_INPUT);
        ck_counts(course.ordered, N_INPUT);
        ck_assert(!course.elsewhere);
        ck_assert(course.most_workers < n_threads || course.most_workers == 0);
        ck_assert(!course.later || n_threads < 2 || course.n_later > 0);
    }
}
END_TEST

START_TEST(others_help_and_a_short_input_calls_nobody)
{
    struct retort_error error;
    struct course course = course_of(N_INPUT), alone = course_of(1), none = course_of(0);
    course.wants_help = true;
    ck_assert(run(&course, 4, &error));
    ck_assert_uint_gt(course.most_workers, 0);
    ck_assert(run(&alone, 4, &error));
    ck_assert_int_eq(alone.n_written, 1);
    ck_assert_uint_eq(alone.most_workers, 0);
    ck_assert(run(&none, 4, &error));
    ck_assert_int_eq(none.n_written, 0);
}
END_TEST

/* What was done and what is told are the same for any number of threads. */
START_TEST(a_failure_lets_pass_what_was_before_and_nothing_behind)
{
    static const struct {
        int read, work, write, n_written;
        const char *message;
    } CASES[] = {
        {0, NOWHERE, NOWHERE, 0, "read 0"},     {300, NOWHERE, NOWHERE, 300, "read 300"},
        {NOWHERE, 0, NOWHERE, 0, "work 0"},     {NOWHERE, 217, NOWHERE, 217, "work 217"},
        {NOWHERE, NOWHERE, 40, 40, "write 40"}, {100, 90, 80, 80, "write 80"},
        {100, 90, NOWHERE, 90, "work 90"},      {90, 100, NOWHERE, 90, "read 90"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (size_t n_threads = 1; n_threads <= 5; n_threads++) {
            struct retort_error error = {0};
            struct course course = course_of(N_INPUT);
            course.read_fails = CASES[i].read;
            course.work_fails = CASES[i].work;
            course.write_fails = CASES[i].write;
            ck_assert(!run(&course, n_threads, &error));
            ck_assert_str_eq(error.message, CASES[i].message);
            ck_assert_int_eq(course.n_written, CASES[i].n_written);
            ck_counts(course.written, course.n_written);
        }
}
END_TEST

START_TEST(there_is_a_processor)
{
    ck_assert_uint_ge(retort_processors(), 1);
    ck_assert_uint_le(retort_processors(), 256);
}
END_TEST

Suite *pipeline_suite(void);
Suite *pipeline_suite(void)
{
    Suite *suite = suite_create("pipeline");
    TCase *tcase = tcase_create("pipeline");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, blocks_leave_in_the_order_in_which_they_came);
    tcase_add_test(tcase, others_help_and_a_short_input_calls_nobody);
    tcase_add_test(tcase, a_failure_lets_pass_what_was_before_and_nothing_behind);
    tcase_add_test(tcase, there_is_a_processor);
    suite_add_tcase(suite, tcase);
    return suite;
}
