/* Leases: one person at a time, and for five minutes. The clock is handed in. */
#include "serve/lease.h"

#include <check.h>
#include <stdlib.h>

Suite *lease_suite(void);

static struct leases leases;

static void begin(void)
{
    leases_init(&leases);
}

static void end(void)
{
    leases_release(&leases);
}

static bool is_holder(int64_t comment, int64_t now, const char *name)
{
    char holder[LEASE_NAME];
    bool held = lease_holder(&leases, comment, now, holder);
    return name ? held && strcmp(holder, name) == 0 : !held;
}

START_TEST(test_one_at_a_time)
{
    ck_assert(lease_take(&leases, 1, "ann", 0));
    ck_assert(!lease_take(&leases, 1, "bob", 10));
    ck_assert(lease_take(&leases, 2, "bob", 10));
    ck_assert(is_holder(1, 10, "ann") && is_holder(2, 10, "bob") && is_holder(3, 10, NULL));
    ck_assert(lease_is_others(&leases, 1, "bob", 10) && !lease_is_others(&leases, 1, "ann", 10));
    lease_give_back(&leases, 1, "bob"); /* not his */
    ck_assert(is_holder(1, 10, "ann"));
    lease_give_back(&leases, 1, "ann");
    ck_assert(is_holder(1, 10, NULL) && lease_take(&leases, 1, "bob", 10));
}
END_TEST

START_TEST(test_expiry_and_renewal)
{
    ck_assert(lease_take(&leases, 1, "ann", 0));
    ck_assert(is_holder(1, LEASE_SECONDS - 1, "ann"));
    ck_assert(lease_take(&leases, 1, "ann", LEASE_SECONDS - 1)); /* renewed */
    ck_assert(!lease_take(&leases, 1, "bob", LEASE_SECONDS + 1));
    ck_assert(is_holder(1, 2 * LEASE_SECONDS - 1, NULL));
    ck_assert(lease_take(&leases, 1, "bob", 2 * LEASE_SECONDS - 1));
    ck_assert(!lease_take(&leases, 1, "ann", 2 * LEASE_SECONDS));
}
END_TEST

START_TEST(test_few_a_person)
{
    for (int64_t i = 0; i <= LEASES_A_PERSON; i++)
        ck_assert(lease_take(&leases, 10 + i, "ann", i));
    ck_assert(is_holder(10, LEASES_A_PERSON, NULL)); /* her oldest went */
    ck_assert(is_holder(11, LEASES_A_PERSON, "ann"));
    lease_give_back_all(&leases, "ann", (const int64_t[]){12}, 1);
    ck_assert(is_holder(11, LEASES_A_PERSON, NULL) && is_holder(12, LEASES_A_PERSON, "ann"));
}
END_TEST

START_TEST(test_bounds)
{
    char name[2 * LEASE_NAME];
    memset(name, 'a', sizeof name);
    name[LEASE_NAME] = 0;
    ck_assert(!lease_take(&leases, 1, name, 0));
    name[LEASE_NAME - 1] = 0;
    ck_assert(lease_take(&leases, 1, name, 0) && is_holder(1, 0, name));
    for (int64_t i = 2; i <= MOST_LEASES; i++) {
        snprintf(name, sizeof name, "person %d", (int)i);
        ck_assert(lease_take(&leases, i, name, 0));
    }
    ck_assert(!lease_take(&leases, MOST_LEASES + 1, "late", 0));
    ck_assert(lease_take(&leases, MOST_LEASES + 1, "late", LEASE_SECONDS)); /* all have expired */
    ck_assert_uint_eq(leases.n, 1);
}
END_TEST

START_TEST(test_how_it_was_drawn)
{
    ck_assert(lease_take(&leases, 1, "ann", 0));
    lease_remember(&leases, 1, "ann", "tone", 77);
    ck_assert_int_eq(lease_selection(&leases, 1, "ann", "tone"), 77);
    ck_assert_int_eq(lease_selection(&leases, 1, "ann", "stance"), 0); /* drawn for another task */
    ck_assert_int_eq(lease_selection(&leases, 1, "bob", "tone"), 0);
    ck_assert_int_eq(lease_selection(&leases, 2, "ann", "tone"), 0);
}
END_TEST

/* ---- many at once ---- */

enum { THREADS = 4, ROUNDS = 5000, COMMENTS = 7 };
static int holders[COMMENTS]; /* how many believe that they hold it; changed atomically */

static void *grab(void *context)
{
    const char *name = context;
    size_t *seen = retort_grow(NULL, 1, sizeof *seen);
    *seen = 0;
    for (int i = 0; i < ROUNDS; i++) {
        int comment = i % COMMENTS;
        if (!lease_take(&leases, comment + 1, name, 0))
            continue;
        *seen += __atomic_add_fetch(&holders[comment], 1, __ATOMIC_SEQ_CST) != 1;
        __atomic_sub_fetch(&holders[comment], 1, __ATOMIC_SEQ_CST);
        lease_give_back(&leases, comment + 1, name);
    }
    return seen;
}

START_TEST(test_many_at_once)
{
    static char names[THREADS][2] = {"a", "b", "c", "d"};
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, grab, names[i]), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *together;
        pthread_join(threads[i], &together);
        ck_assert_uint_eq(*(size_t *)together, 0);
        free(together);
    }
    ck_assert_uint_eq(leases.n, 0);
}
END_TEST

Suite *lease_suite(void)
{
    Suite *suite = suite_create("lease");
    TCase *all = tcase_create("leases");
    tcase_add_checked_fixture(all, begin, end);
    tcase_add_test(all, test_one_at_a_time);
    tcase_add_test(all, test_expiry_and_renewal);
    tcase_add_test(all, test_few_a_person);
    tcase_add_test(all, test_bounds);
    tcase_add_test(all, test_how_it_was_drawn);
    tcase_add_test(all, test_many_at_once);
    suite_add_tcase(suite, all);
    return suite;
}
