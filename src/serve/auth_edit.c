/* Changes of the auth file, for `retort user`: one line is written anew, all others stay as they
 * stand, comments included, and the file is replaced whole. */
#include "serve/auth.h"
#include "serve/serve.h"

#include <errno.h>
#include <unistd.h>

enum { SHORTEST_PASSWORD = 8, LONGEST_PASSWORD = 1024 };

/* The file as it is read for a change; empty where there is none yet. */
static bool read_before(const char *path, struct auth_users *users, struct retort_file *file,
                        struct retort_error *error)
{
    *file = (struct retort_file){0};
    *users = (struct auth_users){0};
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    return auth_users_read(users, path, error) && retort_file_read(file, path, error);
}

static bool is_line_of(struct retort_span line, const char *name)
{
    struct retort_span word = retort_span_trim(line), begin = retort_span_of(name);
    return retort_span_starts(word, begin) && word.len > begin.len &&
           (word.data[begin.len] == ' ' || word.data[begin.len] == '\t');
}

/* All lines but the name's, then the new one (NULL: none). */
static bool rewrite(const char *path, struct retort_span before, const char *name,
                    const char *added, struct retort_error *error)
{
    struct retort_buffer after = {0};
    struct retort_span line;
    while (retort_span_next_line(&before, &line)) {
        if (is_line_of(line, name))
            continue;
        retort_buffer_put(&after, line);
        retort_buffer_byte(&after, '\n');
    }
    if (added)
        retort_buffer_format(&after, "%s\n", added);
    bool done = retort_file_replace_secret(path, retort_buffer_span(&after), error);
    retort_secret_wipe(after.data, after.len);
    retort_buffer_release(&after);
    return done;
}

/* Is the name free, or does it belong to one of the same kind? */
static bool may_take(const struct auth_users *users, const char *name, bool client,
                     struct retort_error *error)
{
    const struct auth_user *user = auth_users_find(users, name);
    if (!auth_name_check(retort_span_of(name), false))
        return retort_fail(error, RETORT_USAGE,
                           "a name has 1 to 64 bytes of UTF-8, no blanks and no # in front");
    if (user && (user->role == ROLE_NOBODY) != client)
        return retort_fail(error, RETORT_USAGE, "%s is a %s already; take another name", name,
                           user->role == ROLE_NOBODY ? "client" : "user");
    return true;
}

static bool may_be_role(const char *role, struct retort_error *error)
{
    for (enum role known = ROLE_READER; known <= ROLE_ADMIN; known++)
        if (strcmp(role, auth_role_name(known)) == 0)
            return true;
    return retort_fail(error, RETORT_USAGE, "--role wants reader, reviewer or admin, not %.80s",
                       role);
}

bool retort_users_add(const char *path, const char *name, const char *role,
                      struct retort_span password, struct retort_error *error)
{
    struct auth_users users = {0};
    struct retort_file file = {0};
    char hash[RETORT_PASSWORD_HASH], line[AUTH_NAME + RETORT_PASSWORD_HASH + 16];
    bool good = may_be_role(role, error) && read_before(path, &users, &file, error) &&
                may_take(&users, name, false, error);
    if (good && (password.len < SHORTEST_PASSWORD || password.len > LONGEST_PASSWORD))
        good = retort_fail(error, RETORT_USAGE, "a password has %d to %d bytes", SHORTEST_PASSWORD,
                           LONGEST_PASSWORD);
    good = good && retort_password_hash(password, hash, error);
    if (good) {
        snprintf(line, sizeof line, "%s %s %s", name, role, hash);
        good = rewrite(path, file.bytes, name, line, error);
    }
    auth_users_release(&users);
    retort_file_close(&file);
    return good;
}

bool retort_users_key(const char *path, const char *name, char key[RETORT_SECRET_HEX],
                      struct retort_error *error)
{
    struct auth_users users = {0};
    struct retort_file file = {0};
    uint8_t secret[RETORT_SECRET];
    char digits[RETORT_SHA256_HEX], line[AUTH_NAME + RETORT_SHA256_HEX + 16];
    bool good = read_before(path, &users, &file, error) && may_take(&users, name, true, error);
    if (good) {
        retort_secret_make(secret);
        retort_secret_hex(secret, key);
        retort_sha256(retort_span_of(key), digits);
        snprintf(line, sizeof line, "%s client sha256:%s", name, digits);
        good = rewrite(path, file.bytes, name, line, error);
    }
    auth_users_release(&users);
    retort_file_close(&file);
    return good;
}

bool retort_users_remove(const char *path, const char *name, struct retort_error *error)
{
    struct auth_users users = {0};
    struct retort_file file = {0};
    bool good = auth_users_read(&users, path, error) && retort_file_read(&file, path, error);
    if (good && !auth_users_find(&users, name))
        good = retort_fail(error, RETORT_USAGE,
                           "%s: has no user %.80s; `retort user list` names them", path, name);
    good = good && rewrite(path, file.bytes, name, NULL, error);
    auth_users_release(&users);
    retort_file_close(&file);
    return good;
}

bool retort_users_list(const char *path, struct retort_buffer *out, struct retort_error *error)
{
    struct auth_users users = {0};
    bool good = auth_users_read(&users, path, error);
    for (size_t i = 0; good && i < users.n_users; i++)
        retort_buffer_format(out, "%-10s %s\n", auth_role_name(users.users[i].role),
                             users.users[i].name);
    auth_users_release(&users);
    return good;
}
