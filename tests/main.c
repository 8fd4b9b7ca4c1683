/* Runs the Check suite of every room and counts. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

Suite *base_suite(void);
Suite *archive_suite(void);
Suite *page_suite(void);
Suite *html_suite(void);
Suite *known_suite(void);
Suite *align_suite(void);
Suite *thread_suite(void);
Suite *platform_suite(void);
Suite *features_suite(void);
Suite *features_reply_suite(void);
Suite *model_suite(void);
Suite *train_suite(void);
Suite *calibrate_suite(void);
Suite *ways_suite(void);
Suite *gradient_suite(void);
Suite *vectors_suite(void);
Suite *split_suite(void);
Suite *store_suite(void);
Suite *correct_suite(void);
Suite *mend_suite(void);
Suite *review_suite(void);
Suite *perspective_suite(void);
Suite *decisions_suite(void);
Suite *statistics_suite(void);
Suite *auth_suite(void);
Suite *connections_suite(void);
Suite *serve_json_suite(void);
Suite *lease_suite(void);

int main(void)
{
    SRunner *runner = srunner_create(base_suite());
    srunner_add_suite(runner, archive_suite());
    srunner_add_suite(runner, page_suite());
    srunner_add_suite(runner, html_suite());
    srunner_add_suite(runner, known_suite());
    srunner_add_suite(runner, align_suite());
    srunner_add_suite(runner, thread_suite());
    srunner_add_suite(runner, platform_suite());
    srunner_add_suite(runner, features_suite());
    srunner_add_suite(runner, features_reply_suite());
    srunner_add_suite(runner, model_suite());
    srunner_add_suite(runner, train_suite());
    srunner_add_suite(runner, calibrate_suite());
    srunner_add_suite(runner, ways_suite());
    srunner_add_suite(runner, gradient_suite());
    srunner_add_suite(runner, vectors_suite());
    srunner_add_suite(runner, split_suite());
    srunner_add_suite(runner, store_suite());
    srunner_add_suite(runner, correct_suite());
    srunner_add_suite(runner, mend_suite());
    srunner_add_suite(runner, review_suite());
    srunner_add_suite(runner, perspective_suite());
    srunner_add_suite(runner, decisions_suite());
    srunner_add_suite(runner, statistics_suite());
    srunner_add_suite(runner, auth_suite());
    srunner_add_suite(runner, connections_suite());
    srunner_add_suite(runner, serve_json_suite());
    srunner_add_suite(runner, lease_suite());
    srunner_run_all(runner, CK_NORMAL);
    int n_failed = srunner_ntests_failed(runner), n_run = srunner_ntests_run(runner);
    srunner_free(runner);
    printf("%d passed, %d failed\n", n_run - n_failed, n_failed);
    return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
