/* serve: how long a connection may take, and who makes room. */
#include "serve/connections.h"

#include <check.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECONDS INT64_C(1000000000)

static struct connections connections;

/* A connection of ours; *other receives its other end. */
static struct connection *connect_one(int *other)
{
    int ends[2];
    ck_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    *other = ends[1];
    return connections_add(&connections, ends[0]);
}

static bool is_shut(int other)
{
    char byte;
    return recv(other, &byte, 1, MSG_DONTWAIT) == 0;
}

static void drop(struct connection *connection, int other)
{
    int fd = connection->fd;
    connections_remove(&connections, connection);
    close(fd);
    close(other);
}

static const struct {
    enum phase phase;
    int64_t fine, late; /* seconds */
} PHASES[] = {
    {PHASE_IDLE, 59, 61},     {PHASE_HEADERS, 14, 16},    {PHASE_BODY, 59, 61},
    {PHASE_ANSWER, 119, 121}, {PHASE_RUNNING, 100000, 0},
};

START_TEST(each_phase_has_its_time)
{
    int other;
    connections_init(&connections);
    struct connection *connection = connect_one(&other);
    int64_t begun = 1000 * SECONDS;
    connection_enter(connection, PHASES[_i].phase, begun);
    ck_assert_uint_eq(connections_sweep(&connections, begun + PHASES[_i].fine * SECONDS), 0);
    ck_assert(!is_shut(other));
    if (PHASES[_i].late) {
        ck_assert_uint_eq(connections_sweep(&connections, begun + PHASES[_i].late * SECONDS), 1);
        ck_assert(is_shut(other));
        ck_assert_uint_eq(connections_sweep(&connections, begun + 9999 * SECONDS), 0); /* once */
    }
    drop(connection, other);
    ck_assert_ptr_null(connections.first);
    connections_release(&connections);
}
END_TEST

START_TEST(in_a_crowd_the_slowest_makes_room)
{
    static struct connection *crowd[CROWDED_CONNECTIONS];
    int slow, late;
    enum { SLOWEST = 300, AT_WORK = 200, NO_FILE = -1 };
    connections_init(&connections);
    for (int i = 0; i < CROWDED_CONNECTIONS; i++) {
        crowd[i] = i == SLOWEST ? connect_one(&slow) : connections_add(&connections, NO_FILE);
        connection_enter(crowd[i], i % 2 ? PHASE_IDLE : PHASE_BODY, (1000 + i) * SECONDS);
    }
    connection_enter(crowd[SLOWEST], PHASE_HEADERS, 10 * SECONDS);
    connection_enter(crowd[AT_WORK], PHASE_RUNNING, 1 * SECONDS);
    ck_assert(!is_shut(slow));
    struct connection *newest = connect_one(&late);
    ck_assert(is_shut(slow) && !is_shut(late));
    drop(newest, late);
    drop(crowd[SLOWEST], slow);
    for (int i = 0; i < CROWDED_CONNECTIONS; i++) {
        if (i == SLOWEST)
            continue;
        ck_assert_int_ne(crowd[i]->since, 0); /* the others are as they were */
        connections_remove(&connections, crowd[i]);
    }
    ck_assert_uint_eq(connections.n, 0);
    connections_release(&connections);
}
END_TEST

Suite *connections_suite(void);

Suite *connections_suite(void)
{
    Suite *suite = suite_create("connections");
    TCase *cases = tcase_create("connections");
    tcase_add_loop_test(cases, each_phase_has_its_time, 0, sizeof PHASES / sizeof *PHASES);
    tcase_add_test(cases, in_a_crowd_the_slowest_makes_room);
    suite_add_tcase(suite, cases);
    return suite;
}
