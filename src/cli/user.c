/* retort user: who may use a server. Passwords come from the terminal without echo, or from
 * standard input; never from the command line, where others can read them. */
#include "cli/cli.h"
#include "serve/serve.h"

#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

enum { LONGEST_LINE = 2048 };

static bool read_line(char line[LONGEST_LINE], struct retort_error *error)
{
    if (!fgets(line, LONGEST_LINE, stdin))
        return retort_fail(error, RETORT_USAGE, "there is no password on standard input");
    size_t len = strcspn(line, "\r\n");
    if (line[len] == 0 && len + 1 >= LONGEST_LINE)
        return retort_fail(error, RETORT_USAGE, "the password is too long");
    line[len] = 0;
    return true;
}

/* Asks without showing what is typed. */
static bool ask(const char *what, char line[LONGEST_LINE], struct retort_error *error)
{
    struct termios before, silent;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    fputs(what, stderr);
    bool done = read_line(line, error);
    if (terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return done;
}

/* On a terminal it is asked for twice. */
static bool read_password(char password[LONGEST_LINE], struct retort_error *error)
{
    char again[LONGEST_LINE];
    if (!isatty(STDIN_FILENO))
        return read_line(password, error);
    bool same = ask("Password: ", password, error) && ask("Once more: ", again, error) &&
                (strcmp(password, again) == 0 ||
                 retort_fail(error, RETORT_USAGE, "the two are not the same; nothing was changed"));
    retort_secret_wipe(again, sizeof again);
    return same;
}

static const char *auth_path(const struct cli_arguments *arguments)
{
    return cli_value_or(arguments, "auth-file", RETORT_DEFAULT_AUTH);
}

static bool add(const struct cli_arguments *arguments, struct retort_error *error)
{
    static const char *const ROLES[] = {"reader", "reviewer", "admin", NULL};
    char password[LONGEST_LINE];
    const char *name = arguments->files[1];
    size_t role = 1;
    if (!cli_choice(arguments, "role", ROLES, &role, error))
        return false;
    bool done =
        read_password(password, error) &&
        retort_users_add(auth_path(arguments), name, ROLES[role], retort_span_of(password), error);
    retort_secret_wipe(password, sizeof password);
    if (done)
        printf("%s may come in as %s.\n", name, ROLES[role]);
    return done;
}

static bool take_away(const struct cli_arguments *arguments, struct retort_error *error)
{
    if (!retort_users_remove(auth_path(arguments), arguments->files[1], error))
        return false;
    printf("%s may not come in any more.\n", arguments->files[1]);
    return true;
}

static bool list(const struct cli_arguments *arguments, struct retort_error *error)
{
    struct retort_buffer out = {0};
    bool done =
        retort_users_list(auth_path(arguments), &out, error) && cli_flush(&out, stdout, error);
    retort_buffer_release(&out);
    return done;
}

static bool make_key(const struct cli_arguments *arguments, struct retort_error *error)
{
    char key[RETORT_SECRET_HEX];
    if (!retort_users_key(auth_path(arguments), arguments->files[1], key, error))
        return false;
    fprintf(stderr, "The key of %s, shown this once; only its hash is kept:\n",
            arguments->files[1]);
    puts(key);
    retort_secret_wipe(key, sizeof key);
    return true;
}

static const struct {
    const char *name;
    size_t n_words; /* itself included */
    bool (*act)(const struct cli_arguments *arguments, struct retort_error *error);
} ACTS[] = {{"add", 2, add}, {"remove", 2, take_away}, {"key", 2, make_key}, {"list", 1, list}};

int cli_user(const struct cli_arguments *arguments)
{
    const char *what = arguments->n_files > 0 ? arguments->files[0] : "";
    struct retort_error error;
    for (size_t i = 0; i < sizeof ACTS / sizeof *ACTS; i++) {
        if (strcmp(what, ACTS[i].name) != 0)
            continue;
        if (arguments->n_files == ACTS[i].n_words)
            return ACTS[i].act(arguments, &error) ? RETORT_DONE : cli_fail(arguments, &error);
        retort_fail(&error, RETORT_USAGE, "%s takes %s behind it", what,
                    ACTS[i].n_words > 1 ? "one name" : "nothing");
        return cli_fail(arguments, &error);
    }
    retort_fail(&error, RETORT_USAGE,
                "wants `add NAME`, `remove NAME`, `key NAME` or `list`%s%.80s",
                what[0] ? ", not " : "", what);
    return cli_fail(arguments, &error);
}
