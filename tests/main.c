/* Runs the Check suite of every room and counts. Each has a runner of its own: what Check keeps of
 * the tests that ran is gone before the next begins, for every test is a fork of it all. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

Suite *base_suite(void);
Suite *pipeline_suite(void);
Suite *share_suite(void);
Suite *archive_suite(void);
Suite *page_suite(void);
Suite *html_suite(void);
Suite *known_suite(void);
Suite *align_suite(void);
Suite *thread_suite(void);
Suite *platform_suite(void);
Suite *features_suite(void);
Suite *fast_suite(void);
Suite *features_reply_suite(void);
Suite *model_suite(void);
Suite *train_suite(void);
Suite *calibrate_suite(void);
Suite *paired_suite(void);
Suite *descent_suite(void);
Suite *ways_suite(void);
Suite *gradient_suite(void);
Suite *vectors_suite(void);
Suite *split_suite(void);
Suite *store_suite(void);
Suite *lines_suite(void);
Suite *correct_suite(void);
Suite *mend_suite(void);
Suite *scores_suite(void);
Suite *review_suite(void);
Suite *perspective_suite(void);
Suite *decisions_suite(void);
Suite *statistics_suite(void);
Suite *lessons_suite(void);
Suite *relabel_suite(void);
Suite *diff_suite(void);
Suite *auth_suite(void);
Suite *connections_suite(void);
Suite *serve_json_suite(void);
Suite *lease_suite(void);
Suite *formats_suite(void);
Suite *sampling_suite(void);
Suite *sample_suite(void);
Suite *network_suite(void);
Suite *threads_suite(void);
Suite *polarity_suite(void);
Suite *told_suite(void);
Suite *prevalence_suite(void);
Suite *errors_suite(void);
Suite *shares_suite(void);
Suite *prevalence_told_suite(void);
Suite *corrections_suite(void);
Suite *agreement_suite(void);
Suite *gather_suite(void);
Suite *values_suite(void);
Suite *pseudonyms_suite(void);

static Suite *(*const SUITES[])(void) = {
    values_suite,         pseudonyms_suite,
    agreement_suite,      gather_suite,
    base_suite,           pipeline_suite,
    share_suite,          archive_suite,
    page_suite,           html_suite,
    known_suite,          align_suite,
    thread_suite,         platform_suite,
    features_suite,       fast_suite,
    features_reply_suite, model_suite,
    train_suite,          calibrate_suite,
    paired_suite,         descent_suite,
    ways_suite,           gradient_suite,
    vectors_suite,        split_suite,
    store_suite,          lines_suite,
    correct_suite,        mend_suite,
    scores_suite,         review_suite,
    perspective_suite,    decisions_suite,
    lessons_suite,        statistics_suite,
    relabel_suite,        diff_suite,
    auth_suite,           formats_suite,
    connections_suite,    serve_json_suite,
    lease_suite,          polarity_suite,
    told_suite,           network_suite,
    errors_suite,         prevalence_suite,
    shares_suite,         prevalence_told_suite,
    corrections_suite,    sampling_suite,
    sample_suite,         threads_suite,
};

int main(void)
{
    int n_failed = 0, n_run = 0;
    for (size_t i = 0; i < sizeof SUITES / sizeof *SUITES; i++) {
        SRunner *runner = srunner_create(SUITES[i]());
        srunner_run_all(runner, CK_NORMAL);
        n_failed += srunner_ntests_failed(runner);
        n_run += srunner_ntests_run(runner);
        srunner_free(runner);
    }
    printf("%d passed, %d failed\n", n_run - n_failed, n_failed);
    return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
