/* Statistics: the words are read once, and counted for each task. */
#include "review/words.h"

/* The tasks that words are of, by name; how many. */
static size_t find_tasks(const struct words *words, uint32_t *tasks)
{
    size_t n = 0;
    for (size_t i = 0; i < words->n_words; i++) {
        uint32_t task = words->all[i].task;
        size_t at = 0;
        while (at < n && retort_span_compare(words->texts[tasks[at]], words->texts[task]) < 0)
            at++;
        if (at < n && tasks[at] == task)
            continue;
        memmove(tasks + at + 1, tasks + at, (n - at) * sizeof *tasks);
        tasks[at] = task;
        n++;
    }
    return n;
}

struct judging {
    struct retort_store *store;
    struct words *words;
    struct retort_arena *arena; /* of the statistics */
    struct retort_statistics *statistics;
};

static bool judge_task(struct judging *judging, uint32_t task, struct retort_error *error)
{
    struct retort_arena own = {0};
    struct retort_weights weights;
    const struct retort_weights_wanted wanted = {
        .task = retort_arena_string(&own, judging->words->texts[task]), .no_threads = true};
    bool weighed = retort_review_weights_of(judging->store, &wanted, &own, &weights, error);
    if (weighed)
        words_judge(judging->words, task, &weights, judging->arena, judging->statistics);
    retort_arena_release(&own);
    return weighed;
}

bool retort_review_statistics(struct retort_store *store, struct retort_arena *arena,
                              struct retort_statistics *statistics, struct retort_error *error)
{
    struct words words;
    struct judging judging = {store, &words, arena, statistics};
    *statistics = (struct retort_statistics){0};
    bool read = words_read(&words, store, error);
    if (read) {
        uint32_t *tasks = RETORT_NEW(&words.arena, uint32_t, words.n_texts + 1);
        statistics->n_tasks = find_tasks(&words, tasks);
        statistics->agreement =
            RETORT_NEW(arena, struct retort_task_agreement, statistics->n_tasks);
        for (size_t i = 0; read && i < statistics->n_tasks; i++) {
            statistics->agreement[i].task = retort_arena_copy(arena, words.texts[tasks[i]]);
            words_agree(&words, tasks[i], &statistics->agreement[i].agreement);
            read = judge_task(&judging, tasks[i], error);
        }
    }
    words_release(&words);
    return read;
}
