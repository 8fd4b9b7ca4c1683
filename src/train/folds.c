/* Folds that never split a group: groups from the largest down, each into the smallest fold so
 * far; ties go by a seeded hash, so the order of the lines does not matter. */
#include "train/parts.h"

#include <stdlib.h>

struct group {
    struct retort_span name;
    size_t first, size; /* a run in the list of members */
    uint64_t hash;
};

struct member {
    struct retort_span group;
    size_t example;
};

static int by_name(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = retort_span_compare(x->group, y->group);
    return order ? order : (x->example > y->example) - (x->example < y->example);
}

static int by_size(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return retort_span_compare(x->name, y->name);
}

static size_t gather(const struct member *members, size_t n, uint64_t seed, struct group *groups)
{
    size_t n_groups = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !retort_span_equal(members[i].group, members[i - 1].group))
            groups[n_groups++] =
                (struct group){members[i].group, i, 0, retort_hash(members[i].group, seed)};
        groups[n_groups - 1].size++;
    }
    qsort(groups, n_groups, sizeof *groups, by_size);
    return n_groups;
}

static size_t smallest(const size_t *sizes, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (sizes[i] < sizes[best])
            best = i;
    return best;
}

size_t retort_folds_assign(const struct retort_span *names, size_t n, size_t n_folds, uint64_t seed,
                           uint8_t *fold)
{
    size_t sizes[UINT8_MAX + 1] = {0};
    struct retort_arena arena = {0};
    struct member *members = RETORT_NEW(&arena, struct member, n);
    struct group *groups = RETORT_NEW(&arena, struct group, n);
    for (size_t i = 0; i < n; i++)
        members[i] = (struct member){names[i], i};
    qsort(members, n, sizeof *members, by_name);
    size_t n_groups = gather(members, n, seed, groups);
    n_folds = n_groups < n_folds ? n_groups : n_folds;
    for (size_t g = 0; g < n_groups; g++) {
        size_t to = smallest(sizes, n_folds);
        sizes[to] += groups[g].size;
        for (size_t i = 0; i < groups[g].size; i++)
            fold[members[groups[g].first + i].example] = (uint8_t)to;
    }
    retort_arena_release(&arena);
    return n_folds;
}
