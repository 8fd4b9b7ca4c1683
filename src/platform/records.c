/* Records gathered by thread and delivered, a thread at a time.
 *
 * A thread's comments may lie anywhere in the export (Disqus lists all threads, then all comments),
 * so records are sorted by their thread's key and then by place; threads come in the order in which
 * their first record stands. Nothing is hashed: the order is the file's, and no writer of a file
 * can make it slow. */
#include "platform/records.h"

#include <stdlib.h>

ptrdiff_t records_add(struct reader *reader, const struct record *record)
{
    if (reader->n_records == reader->capacity) {
        reader->capacity = reader->capacity ? 2 * reader->capacity : 64;
        reader->records = retort_grow(reader->records, reader->capacity, sizeof *reader->records);
    }
    reader->records[reader->n_records] = *record;
    return (ptrdiff_t)reader->n_records++;
}

static int compare_place(const struct record *a, const struct record *b)
{
    return a < b ? -1 : a > b;
}

static int compare_thread(const void *left, const void *right)
{
    const struct record *a = *(struct record *const *)left, *b = *(struct record *const *)right;
    int order = retort_span_compare(a->thread, b->thread);
    return order ? order : compare_place(a, b);
}

/* The records of one thread, a slice of all that are sorted. */
struct group {
    struct record **records;
    size_t n_records;
};

static int compare_group(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    return compare_place(a->records[0], b->records[0]);
}

static size_t find_groups(struct record **sorted, size_t n_records, struct group *groups)
{
    size_t n_groups = 0;
    for (size_t i = 0; i < n_records; i++) {
        if (i == 0 || !retort_span_equal(sorted[i]->thread, sorted[i - 1]->thread))
            groups[n_groups++] = (struct group){sorted + i, 0};
        groups[n_groups - 1].n_records++;
    }
    return n_groups;
}

static bool deliver_group(struct reader *reader, const struct group *group,
                          struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_thread thread;
    records_thread(reader, group->records, group->n_records, &arena, &thread);
    bool shown = thread.n_comments > 0 || thread.article.len > 0;
    bool done = !shown || reader->reading->visit(reader->reading->context, &thread, error);
    retort_arena_release(&arena);
    reader->stopped = !done;
    return done;
}

bool records_deliver(struct reader *reader, struct retort_error *error)
{
    size_t n = reader->n_records;
    bool done = true;
    struct record **sorted = retort_grow(NULL, n, sizeof *sorted);
    struct group *groups = retort_grow(NULL, n, sizeof *groups);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &reader->records[i];
    qsort(sorted, n, sizeof *sorted, compare_thread);
    size_t n_groups = find_groups(sorted, n, groups);
    qsort(groups, n_groups, sizeof *groups, compare_group);
    for (size_t i = 0; i < n_groups && done; i++)
        done = deliver_group(reader, &groups[i], error);
    free(sorted);
    free(groups);
    reader->n_records = 0;
    return done;
}

bool records_finish(struct reader *reader, bool read, struct retort_error *error)
{
    struct retort_error visitor;
    bool wanted = reader->stopped || records_deliver(reader, &visitor);
    if (!wanted)
        *error = visitor;
    free(reader->records);
    retort_arena_release(&reader->arena);
    return read && wanted;
}

const struct object_json *records_document(struct reader *reader, struct retort_span bytes,
                                           struct retort_error *error)
{
    if (!retort_json_check(bytes, error)) {
        retort_fail_within(error, "nothing was read, for a document that does not parse says "
                                  "nothing sure; save it again, whole");
        return NULL;
    }
    struct object_json *tree = RETORT_NEW(&reader->arena, struct object_json, 1);
    *tree = object_parse(bytes, &reader->arena);
    return tree;
}

/* ---- comments nested in comments ------------------------------------------------------------ */

struct level {
    size_t at, end; /* the element that comes next; behind the last */
    ptrdiff_t container;
};

static struct level open_level(const struct object_json *tree, size_t array, ptrdiff_t container)
{
    return (struct level){array + 1, tree->parts[array].next, container};
}

void records_nested(struct nesting *nesting, size_t array, ptrdiff_t container)
{
    const struct object_json *tree = nesting->tree;
    struct level levels[RETORT_JSON_DEPTH + 1];
    size_t depth = 0;
    if (object_is(tree, array, '['))
        levels[depth++] = open_level(tree, array, container);
    while (depth > 0) {
        struct level *level = &levels[depth - 1];
        size_t element = level->at, answers = 0;
        if (element == level->end) {
            depth--;
            continue;
        }
        level->at = tree->parts[element].next;
        ptrdiff_t record = nesting->add(nesting, element, level->container, &answers);
        if (answers > 0)
            levels[depth++] = open_level(tree, answers, record);
    }
}
