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

bool retort_review_statistics(struct retort_store *store, struct retort_arena *arena,
                              struct retort_statistics *statistics, struct retort_error *error)
{
    struct words words;
    *statistics = (struct retort_statistics){0};
    bool read = words_read(&words, store, error);
    if (read) {
        uint32_t *tasks = RETORT_NEW(&words.arena, uint32_t, words.n_texts + 1);
        statistics->n_tasks = find_tasks(&words, tasks);
        statistics->agreement =
            RETORT_NEW(arena, struct retort_task_agreement, statistics->n_tasks);
        for (size_t i = 0; i < statistics->n_tasks; i++) {
            statistics->agreement[i].task = retort_arena_copy(arena, words.texts[tasks[i]]);
            words_agree(&words, tasks[i], &statistics->agreement[i].agreement);
            words_judge(&words, tasks[i], arena, statistics);
        }
    }
    words_release(&words);
    return read;
}
