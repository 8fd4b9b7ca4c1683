/* retort COMMAND …: finds the command's row, parses its options by it, runs it. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

static const struct cli_command *find_command(const char *name)
{
    for (const struct cli_command *command = CLI_COMMANDS; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

/* How many of the first letters two words share: enough to guess what was meant. */
static size_t shared_prefix(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    return n;
}

static int unknown_command(const char *name)
{
    const struct cli_command *nearest = NULL;
    size_t most = 1;
    for (const struct cli_command *command = CLI_COMMANDS; command->name; command++) {
        size_t shared = shared_prefix(command->name, name);
        if (shared > most) {
            most = shared;
            nearest = command;
        }
    }
    fprintf(stderr, "retort: unknown command \"%.60s\"%s%s%s; see `retort help`\n", name,
            nearest ? "; did you mean `retort " : "", nearest ? nearest->name : "",
            nearest ? "`?" : "");
    return RETORT_USAGE;
}

static int run_command(const struct cli_command *command, int argc, char **argv)
{
    struct cli_arguments arguments;
    struct retort_error error;
    int code = RETORT_DONE;
    if (!cli_parse(&arguments, command, argc, argv, &error))
        code = cli_fail(&arguments, &error);
    else if (cli_flag(&arguments, "help"))
        cli_print_help(command, stdout);
    else
        code = command->run(&arguments);
    free(arguments.files);
    if (fflush(stdout) != 0 && code == RETORT_DONE) {
        fprintf(stderr, "retort %s: cannot write the output\n", command->name);
        code = RETORT_RUNTIME;
    }
    return code;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (argc < 2) {
        cli_print_overview(stderr);
        return RETORT_USAGE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    const struct cli_command *command = find_command(name);
    return command ? run_command(command, argc - 2, argv + 2) : unknown_command(name);
}
