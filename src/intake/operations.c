/* Operations of a correction as they come in, each an object of whole numbers:
 *
 *     {"op":"role","from":3,"to":5,"role":"furniture"}    these lines are of this role
 *     {"op":"cut","line":12}                              a comment begins at this line
 *     {"op":"merge","comment":4}                          it and the one before it are one
 *     {"op":"parent","comment":5,"parent":2}              whom it answers; 0: the article
 *
 * A comment that a correction makes has no number yet: "line" in place of "comment", "parent_line"
 * in place of "parent" name it by a line of its own. */
#include "intake/operations.h"

#include <math.h>

static const char *const ROLES[] = {
    [RETORT_FURNITURE] = "furniture", [RETORT_ARTICLE] = "article", [RETORT_COMMENT] = "comment"};
enum { N_ROLES = sizeof ROLES / sizeof *ROLES };

const char *operation_role_name(enum retort_role role)
{
    return ROLES[role == RETORT_SIGNATURE ? RETORT_COMMENT : role];
}

static bool has(const struct retort_json *json, const char *key)
{
    return retort_json_get(json, key) != NULL;
}

static bool read_number(const struct retort_json *json, const char *key, size_t least,
                        size_t *number, struct retort_error *error)
{
    double value;
    const struct retort_json *member = retort_json_get(json, key);
    if (!member)
        return retort_fail(error, RETORT_INPUT, "it wants \"%s\"", key);
    if (!retort_json_number(member, &value) || value != floor(value) || value < (double)least ||
        value > 1e15)
        return retort_fail(error, RETORT_INPUT, "\"%s\" wants a whole number from %zu on", key,
                           least);
    *number = (size_t)value;
    return true;
}

static bool read_role(const struct retort_json *json, struct operation *operation,
                      struct retort_error *error)
{
    struct retort_span name = {0};
    size_t role = 0;
    if (!read_number(json, "from", 1, &operation->from, error) ||
        !read_number(json, "to", 1, &operation->to, error))
        return false;
    retort_json_text(retort_json_get(json, "role"), &name);
    while (role < N_ROLES && !retort_span_equal(name, retort_span_of(ROLES[role])))
        role++;
    operation->role = (enum retort_role)role;
    if (role == N_ROLES)
        return retort_fail(error, RETORT_INPUT,
                           "\"role\" wants \"article\", \"comment\" or \"furniture\"");
    return operation->from <= operation->to ||
           retort_fail(error, RETORT_INPUT, "\"from\" is behind \"to\"");
}

static bool read_cut(const struct retort_json *json, struct operation *operation,
                     struct retort_error *error)
{
    return read_number(json, "line", 1, &operation->line, error);
}

/* The comment it is about: by its number, or by a line. */
static bool read_named(const struct retort_json *json, struct operation *operation,
                       struct retort_error *error)
{
    if (has(json, "comment") == has(json, "line"))
        return retort_fail(error, RETORT_INPUT, "it wants either \"comment\" or \"line\"");
    return has(json, "comment") ? read_number(json, "comment", 1, &operation->comment, error)
                                : read_number(json, "line", 1, &operation->line, error);
}

static bool read_merge(const struct retort_json *json, struct operation *operation,
                       struct retort_error *error)
{
    return read_named(json, operation, error);
}

static bool read_parent(const struct retort_json *json, struct operation *operation,
                        struct retort_error *error)
{
    if (has(json, "parent") == has(json, "parent_line"))
        return retort_fail(error, RETORT_INPUT, "it wants either \"parent\" or \"parent_line\"");
    return read_named(json, operation, error) &&
           (has(json, "parent")
                ? read_number(json, "parent", 0, &operation->parent, error)
                : read_number(json, "parent_line", 1, &operation->parent_line, error));
}

static const struct {
    const char *name;
    bool (*read)(const struct retort_json *json, struct operation *operation,
                 struct retort_error *error);
    const char *members[6];
} KINDS[] = {
    [OPERATION_ROLE] = {"role", read_role, {"op", "from", "to", "role"}},
    [OPERATION_CUT] = {"cut", read_cut, {"op", "line"}},
    [OPERATION_MERGE] = {"merge", read_merge, {"op", "comment", "line"}},
    [OPERATION_PARENT] = {"parent",
                          read_parent,
                          {"op", "comment", "line", "parent", "parent_line"}},
};
enum { N_KINDS = sizeof KINDS / sizeof *KINDS };

static bool read_operation(const struct retort_json *json, struct operation *operation,
                           struct retort_error *error)
{
    struct retort_span name = {0};
    size_t kind = 0;
    retort_json_text(retort_json_get(json, "op"), &name);
    while (kind < N_KINDS && !retort_span_equal(name, retort_span_of(KINDS[kind].name)))
        kind++;
    if (kind == N_KINDS)
        return retort_fail(error, RETORT_INPUT,
                           "\"op\" wants \"role\", \"cut\", \"merge\" or \"parent\"");
    *operation = (struct operation){.kind = (enum operation_kind)kind};
    size_t n_known = 0;
    for (const char *const *member = KINDS[kind].members; *member; member++)
        n_known += has(json, *member);
    if (n_known < retort_json_n_members(json))
        return retort_fail(error, RETORT_INPUT, "it has a member that \"%s\" does not know",
                           KINDS[kind].name);
    return KINDS[kind].read(json, operation, error);
}

bool operations_read(const struct retort_json *array, struct retort_arena *arena,
                     struct operation **operations, size_t *n_operations,
                     struct retort_error *error)
{
    size_t n = *n_operations = retort_json_length(array);
    if (!retort_json_is_array(array) || n == 0)
        return retort_fail(error, RETORT_INPUT, "\"operations\" wants an array of at least one");
    if (n > OPERATIONS_MOST)
        return retort_fail(error, RETORT_INPUT, "%zu operations are too many; %d may come at once",
                           n, OPERATIONS_MOST);
    *operations = RETORT_NEW(arena, struct operation, n);
    for (size_t i = 0; i < n; i++)
        if (!read_operation(retort_json_at(array, i), &(*operations)[i], error))
            return retort_fail_within(error, "operation %zu", i + 1);
    return true;
}
