/* Help and man page, printed from the rows of the command table. */
#include "cli/cli.h"

#include <string.h>

static const char EXIT_CODES[] =
    "0 done, 1 runtime error, 2 usage, 3 bad input, 4 store or model refused";

/* "-d, --db DB" */
static void put_option(struct retort_buffer *out, const struct cli_option *option)
{
    if (option->letter)
        retort_buffer_format(out, "-%c, ", option->letter);
    retort_buffer_format(out, "--%s%s%s", option->name, option->value ? " " : "",
                         option->value ? option->value : "");
}

/* Words wrapped at 80 columns; the text stands at `column` already and goes on at `indent`. */
static void print_wrapped(FILE *stream, const char *text, size_t column, size_t indent)
{
    enum { WIDTH = 80 };
    for (size_t len; *text; text += len) {
        len = strcspn(text, " \n");
        if (len == 0) {
            bool paragraph = *text == '\n';
            fputs(paragraph ? "\n" : "", stream);
            column = paragraph ? 0 : column;
            len = 1;
            continue;
        }
        bool first = column <= indent;
        if (!first && column + 1 + len > WIDTH) {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        fprintf(stream, "%s%.*s", first ? "" : " ", (int)len, text);
        column += len + !first;
    }
    fputc('\n', stream);
}

void cli_print_help(const struct cli_command *command, FILE *stream)
{
    struct retort_buffer left = {0};
    fprintf(stream, "retort %s [options]%s%s\n\n%s.\n\n", command->name, command->files ? " " : "",
            command->files ? command->files : "", command->summary);
    print_wrapped(stream, command->description, 0, 0);
    fputs("\nOptions:\n", stream);
    for (const struct cli_option *option = command->options; option->name; option++) {
        retort_buffer_clear(&left);
        put_option(&left, option);
        fprintf(stream, "  %-24.*s", (int)left.len, (const char *)left.data);
        print_wrapped(stream, option->help, 26, 26);
    }
    fprintf(stream, "\nExit codes: %s.\n", EXIT_CODES);
    retort_buffer_release(&left);
}

void cli_print_overview(FILE *stream)
{
    fputs("retort — article, comments and furniture of a scraped page; stance and tone of each "
          "comment; a review file.\n\nUsage: retort COMMAND [options] [FILE...|-]\n\n",
          stream);
    for (const struct cli_command *command = CLI_COMMANDS; command->name; command++)
        fprintf(stream, "  %-9s %s\n", command->name, command->summary);
    fprintf(stream, "\nTry `retort label PAGE.txt`, or `retort COMMAND --help`.\nExit codes: %s.\n",
            EXIT_CODES);
}

/* roff reads a leading dot or quote and every backslash and dash as its own. */
static void put_roff(FILE *stream, const char *text)
{
    for (bool begins = true; *text; begins = *text == '\n', text++) {
        if (begins && (*text == '.' || *text == '\''))
            fputs("\\&", stream);
        if (*text == '\\')
            fputs("\\e", stream);
        else if (*text == '-')
            fputs("\\-", stream);
        else
            fputc(*text, stream);
    }
}

static void print_man_command(const struct cli_command *command, FILE *stream)
{
    struct retort_buffer left = {0};
    fprintf(stream, ".SS retort %s\n", command->name);
    put_roff(stream, command->summary);
    fputs(".\n.PP\n", stream);
    put_roff(stream, command->description);
    fputc('\n', stream);
    for (const struct cli_option *option = command->options; option->name; option++) {
        retort_buffer_clear(&left);
        put_option(&left, option);
        retort_buffer_byte(&left, 0);
        fputs(".TP\n.B ", stream);
        put_roff(stream, (const char *)left.data);
        fputc('\n', stream);
        put_roff(stream, option->help);
        fputc('\n', stream);
    }
    retort_buffer_release(&left);
}

void cli_print_man(FILE *stream)
{
    fputs(".TH RETORT 1 \"\" \"retort " RETORT_VERSION "\"\n.SH NAME\nretort \\- splits, labels "
          "and stores the comment threads under news\n.SH SYNOPSIS\n.B retort\n.I COMMAND\n"
          "[options] [FILE...|\\-]\n.SH COMMANDS\n",
          stream);
    for (const struct cli_command *command = CLI_COMMANDS; command->name; command++)
        print_man_command(command, stream);
    fprintf(stream,
            ".SH EXIT STATUS\n%s.\n.SH ENVIRONMENT\n.TP\n.B RETORT_MODELS\nThe directory of "
            "models.\n.TP\n.B NO_COLOR\nNo colours on a terminal.\n",
            EXIT_CODES);
}

const struct cli_command *cli_find_command(const char *name)
{
    for (const struct cli_command *command = CLI_COMMANDS; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

int cli_unknown_command(const char *name)
{
    enum { MOST_COMMANDS = 32 };
    const char *names[MOST_COMMANDS + 1] = {NULL};
    for (size_t i = 0; i < MOST_COMMANDS && CLI_COMMANDS[i].name; i++)
        names[i] = CLI_COMMANDS[i].name;
    const char *meant = cli_nearest(names, name);
    struct retort_error error; /* for its one safe line */
    retort_fail(&error, RETORT_USAGE, "unknown command \"%.60s\"; %s%s%s", name,
                meant ? "did you mean `retort " : "see `retort help", meant ? meant : "",
                meant ? "`?" : "`");
    fprintf(stderr, "retort: %s\n", error.message);
    return RETORT_USAGE;
}

int cli_help(const struct cli_arguments *arguments)
{
    const struct cli_command *command =
        arguments->n_files > 0 ? cli_find_command(arguments->files[0]) : NULL;
    if (cli_flag(arguments, "man"))
        cli_print_man(stdout);
    else if (command)
        cli_print_help(command, stdout);
    else if (arguments->n_files > 0)
        return cli_unknown_command(arguments->files[0]);
    else
        cli_print_overview(stdout);
    return RETORT_DONE;
}

int cli_version(const struct cli_arguments *arguments)
{
    (void)arguments;
    puts("retort " RETORT_VERSION);
    return RETORT_DONE;
}
