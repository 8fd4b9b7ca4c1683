/* retort COMMAND …: finds the command's row, parses its options by it, runs it. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

static int run_command(const struct cli_command *command, const char *program, int argc,
                       char **argv)
{
    struct cli_arguments arguments;
    struct retort_error error;
    int code = RETORT_DONE;
    bool parsed = cli_parse(&arguments, command, argc, argv, &error);
    arguments.program = program;
    if (!parsed)
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
    const struct cli_command *command = cli_find_command(name);
    return command ? run_command(command, argv[0], argc - 2, argv + 2) : cli_unknown_command(name);
}
