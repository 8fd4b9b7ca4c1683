/* Arguments by the rows of a command's option table: --name VALUE, --name=VALUE, -n VALUE, -nVALUE,
 * -- to end options, files anywhere between. */
#include "cli/cli.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t find_long(const struct cli_option *options, const char *name, size_t len)
{
    size_t i = 0;
    while (options[i].name &&
           (strncmp(options[i].name, name, len) != 0 || options[i].name[len] != '\0'))
        i++;
    return i;
}

static size_t find_letter(const struct cli_option *options, char letter)
{
    size_t i = 0;
    while (options[i].name && options[i].letter != letter)
        i++;
    return i;
}

/* ---- what was meant ---- */

/* Levenshtein distance of two short words, one row of the table at a time. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 32 };
    size_t row[LONGEST + 1], n = strlen(b);
    if (n > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= n; j++) {
            size_t swap = diagonal + (a[i] != b[j - 1]), add = row[j] + 1, drop = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = swap < add ? swap : add;
            row[j] = row[j] < drop ? row[j] : drop;
        }
    }
    return row[n];
}

const char *cli_nearest(const char *const *words, const char *typed)
{
    const char *nearest = NULL;
    size_t least = 3;
    for (size_t i = 0; words[i]; i++) {
        size_t far = distance(typed, words[i]);
        if (far < least && far < strlen(words[i])) {
            least = far;
            nearest = words[i];
        }
    }
    return nearest;
}

static const char *nearest_option(const struct cli_option *options, const char *typed)
{
    const char *names[CLI_MOST_OPTIONS + 1] = {NULL};
    for (size_t i = 0; options[i].name; i++)
        names[i] = options[i].name;
    return cli_nearest(names, typed);
}

static bool usage(struct retort_error *error, const struct cli_command *command, const char *what,
                  const char *which)
{
    return retort_fail(error, RETORT_USAGE, "%s %s; see `retort %s --help`", what, which,
                       command->name);
}

/* One argument that begins with a dash; *at moves over a value that stands apart. */
static bool parse_option(struct cli_arguments *arguments, int argc, char **argv, int *at,
                         struct retort_error *error)
{
    const struct cli_option *options = arguments->command->options;
    const char *word = argv[*at], *value = NULL;
    bool is_long = word[1] == '-';
    const char *name = word + (is_long ? 2 : 1), *equals = strchr(name, '=');
    size_t i = is_long ? find_long(options, name, equals ? (size_t)(equals - name) : strlen(name))
                       : find_letter(options, *name);
    const struct cli_option *option = &options[i];
    const char *meant = option->name ? NULL : nearest_option(options, name);
    if (meant)
        return retort_fail(error, RETORT_USAGE, "unknown option %s; did you mean --%s?", word,
                           meant);
    if (!option->name)
        return usage(error, arguments->command, "unknown option", word);
    if (is_long && equals)
        value = equals + 1;
    else if (!is_long && name[1] != '\0')
        value = name + 1;
    if (!option->value && value)
        return usage(error, arguments->command, "no value goes with", word);
    if (option->value && !value) {
        if (*at + 1 >= argc)
            return usage(error, arguments->command, "a value is missing after", word);
        value = argv[++*at];
    }
    arguments->values[i] = value ? value : "";
    return true;
}

bool cli_parse(struct cli_arguments *arguments, const struct cli_command *command, int argc,
               char **argv, struct retort_error *error)
{
    bool only_files = false;
    *arguments = (struct cli_arguments){.command = command};
    arguments->files = retort_grow(NULL, (size_t)argc + 1, sizeof *arguments->files);
    for (int at = 0; at < argc; at++) {
        if (!only_files && strcmp(argv[at], "--") == 0)
            only_files = true;
        else if (only_files || argv[at][0] != '-' || argv[at][1] == '\0')
            arguments->files[arguments->n_files++] = argv[at];
        else if (!parse_option(arguments, argc, argv, &at, error))
            return false;
    }
    if (!command->files && arguments->n_files > 0 && !cli_flag(arguments, "help"))
        return usage(error, command, "takes no file, but was given", arguments->files[0]);
    return true;
}

const char *cli_value(const struct cli_arguments *arguments, const char *name)
{
    size_t i = find_long(arguments->command->options, name, strlen(name));
    assert(arguments->command->options[i].name);
    return arguments->values[i];
}

const char *cli_value_or(const struct cli_arguments *arguments, const char *name,
                         const char *otherwise)
{
    const char *value = cli_value(arguments, name);
    return value ? value : otherwise;
}

bool cli_flag(const struct cli_arguments *arguments, const char *name)
{
    return cli_value(arguments, name) != NULL;
}

bool cli_count(const struct cli_arguments *arguments, const char *name, uint64_t *count,
               struct retort_error *error)
{
    const char *value = cli_value(arguments, name);
    if (!value || retort_parse_count(value, count))
        return true;
    return retort_fail(error, RETORT_USAGE, "--%s wants a whole number, not \"%s\"", name, value);
}

bool cli_threads(const struct cli_arguments *arguments, size_t *n_threads,
                 struct retort_error *error)
{
    enum { MOST = 256 };
    uint64_t n = retort_processors();
    if (!cli_count(arguments, "threads", &n, error))
        return false;
    *n_threads = (size_t)n;
    return (n >= 1 && n <= MOST) ||
           retort_fail(error, RETORT_USAGE, "--threads wants 1 to %d", MOST);
}

bool cli_choice(const struct cli_arguments *arguments, const char *name, const char *const *words,
                size_t *index, struct retort_error *error)
{
    const char *value = cli_value(arguments, name);
    struct retort_buffer list = {0};
    for (size_t i = 0; value && words[i]; i++) {
        if (strcmp(words[i], value) == 0) {
            *index = i;
            value = NULL;
            break;
        }
        retort_buffer_format(&list, "%s%s", i ? ", " : "", words[i]);
    }
    if (value)
        retort_fail(error, RETORT_USAGE, "--%s wants one of %.*s, not \"%s\"", name, (int)list.len,
                    (const char *)list.data, value);
    retort_buffer_release(&list);
    return !value;
}

void cli_put_command(struct retort_buffer *out, const struct cli_arguments *arguments)
{
    retort_buffer_format(out, "retort %s", arguments->command->name);
    for (size_t i = 0; arguments->command->options[i].name; i++) {
        if (!arguments->values[i])
            continue;
        retort_buffer_format(out, " --%s", arguments->command->options[i].name);
        if (arguments->command->options[i].value)
            retort_buffer_format(out, " %s", cli_file_name(arguments->values[i]));
    }
    for (size_t i = 0; i < arguments->n_files; i++)
        retort_buffer_format(out, " %s", cli_file_name(arguments->files[i]));
    retort_buffer_byte(out, 0);
}
