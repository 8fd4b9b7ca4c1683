/* The auth file: read strictly, for a line that was misread might let somebody in. */
#include "serve/auth.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static const struct {
    const char *name;
    enum role role;
} ROLES[] = {{"reader", ROLE_READER},
             {"reviewer", ROLE_REVIEWER},
             {"admin", ROLE_ADMIN},
             {"client", ROLE_NOBODY}};

enum { N_ROLES = sizeof ROLES / sizeof ROLES[0] };

static const char CLIENT_HASH[] = "sha256:";

const char *auth_role_name(enum role role)
{
    for (size_t i = 0; i < N_ROLES; i++)
        if (ROLES[i].role == role)
            return ROLES[i].name;
    return "";
}

static bool find_role(const char *name, enum role *role)
{
    for (size_t i = 0; i < N_ROLES; i++)
        if (strcmp(ROLES[i].name, name) == 0) {
            *role = ROLES[i].role;
            return true;
        }
    return false;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* Cuts the next word off the line; empty at its end. */
static struct retort_span next_word(struct retort_span *line)
{
    size_t begin = 0;
    while (begin < line->len && is_blank(line->data[begin]))
        begin++;
    size_t end = begin;
    while (end < line->len && !is_blank(line->data[end]))
        end++;
    struct retort_span word = retort_span_slice(*line, begin, end);
    *line = retort_span_slice(*line, end, line->len);
    return word;
}

static bool is_sha256(const char *digits)
{
    return strlen(digits) == 64 && strspn(digits, "0123456789abcdef") == 64;
}

bool auth_name_check(struct retort_span name, bool blanks)
{
    if (name.len == 0 || name.len >= AUTH_NAME || !retort_utf8_valid(name))
        return false;
    for (size_t at = 0; at < name.len;) {
        uint32_t code_point = retort_utf8_next(name, &at);
        if (code_point < ' ' || (code_point == ' ' && !blanks) ||
            (code_point >= 0x7F && code_point < 0xA0))
            return false;
    }
    return name.data[0] != '#';
}

/* Makes a user of the words of a line; what is wrong with it, or NULL. */
static const char *read_user(struct auth_users *users, struct retort_span line,
                             struct auth_user *user)
{
    struct retort_span name = next_word(&line);
    char *role = retort_arena_string(&users->arena, next_word(&line));
    char *hash = retort_arena_string(&users->arena, next_word(&line));
    user->name = retort_arena_string(&users->arena, name);
    user->hash = hash;
    if (!auth_name_check(name, false))
        return "a name has 1 to 64 bytes of UTF-8 without control characters";
    if (auth_users_find(users, user->name))
        return "this name stands above already";
    if (!find_role(role, &user->role))
        return "the second word is no role: reader, reviewer, admin or client";
    if (next_word(&line).len > 0)
        return "more than name, role and hash";
    if (user->role != ROLE_NOBODY)
        return retort_password_hash_check(hash)
                   ? NULL
                   : "the third word is no argon2id hash; `retort user add` writes one";
    user->hash = hash + sizeof CLIENT_HASH - 1;
    if (strncmp(hash, CLIENT_HASH, sizeof CLIENT_HASH - 1) != 0 || !is_sha256(user->hash))
        return "the third word is no sha256: and 64 digits; `retort user key` writes it";
    return NULL;
}

bool auth_users_parse(struct auth_users *users, struct retort_span bytes, const char *path,
                      struct retort_error *error)
{
    struct retort_span rest = bytes, line;
    *users = (struct auth_users){0};
    size_t n_lines = 0, room = 0;
    for (size_t i = 0; i < bytes.len; i++)
        room += bytes.data[i] == '\n' || bytes.data[i] == '\r';
    users->users = RETORT_NEW(&users->arena, struct auth_user, room + 1);
    while (retort_span_next_line(&rest, &line)) {
        struct auth_user *user = &users->users[users->n_users];
        n_lines++;
        if (retort_span_trim(line).len == 0 || line.data[0] == '#')
            continue;
        const char *wrong =
            memchr(line.data, 0, line.len) ? "it holds a NUL byte" : read_user(users, line, user);
        if (wrong)
            return retort_fail(error, RETORT_INPUT, "%s:%zu: %s", path, n_lines, wrong);
        users->n_users++;
        users->n_clients += user->role == ROLE_NOBODY;
    }
    return true;
}

bool auth_users_read(struct auth_users *users, const char *path, struct retort_error *error)
{
    struct retort_file file;
    struct stat status;
    *users = (struct auth_users){0};
    if (stat(path, &status) != 0)
        return retort_fail(error, RETORT_INPUT, "%s: %s; `retort user add NAME` makes it", path,
                           strerror(errno));
    if (!S_ISREG(status.st_mode))
        return retort_fail(error, RETORT_INPUT, "%s: is no regular file", path);
    if (status.st_mode & (S_IRWXO | S_IWGRP))
        return retort_fail(error, RETORT_REFUSED,
                           "%s: others may read or write it; say: chmod 600 %s", path, path);
    if (!retort_file_read(&file, path, error))
        return false;
    bool parsed = auth_users_parse(users, file.bytes, path, error);
    retort_secret_wipe((void *)(uintptr_t)file.bytes.data, file.bytes.len);
    retort_file_close(&file);
    return parsed;
}

void auth_users_release(struct auth_users *users)
{
    retort_arena_release(&users->arena);
    *users = (struct auth_users){0};
}

const struct auth_user *auth_users_find(const struct auth_users *users, const char *name)
{
    for (size_t i = 0; i < users->n_users; i++)
        if (strcmp(users->users[i].name, name) == 0)
            return &users->users[i];
    return NULL;
}
