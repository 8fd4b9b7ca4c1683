/* cli: one file a command, one table of commands. The only room with arguments, standard output
 * and exit codes; help, man page and parsing all read the same rows.
 *
 * Exit codes: 0 done, 1 runtime error, 2 usage, 3 bad input, 4 store or model refused. */
#ifndef RETORT_CLI_H
#define RETORT_CLI_H

#include "base/base.h"
#include "model/model.h"
#include "thread/thread.h"

#define CLI_DEFAULT_DB "retort.db"

struct cli_option {
    const char *name;  /* without the dashes; NULL ends a table */
    char letter;       /* 0: has none */
    const char *value; /* what the help calls its value; NULL: a flag */
    const char *help;
};

struct cli_arguments;

struct cli_command {
    const char *name;
    const char *files; /* how the synopsis shows what is left: "FILE...|-"; NULL: takes none */
    const char *summary;
    const char *description; /* for --help and the man page; paragraphs by blank lines */
    const struct cli_option *options;
    int (*run)(const struct cli_arguments *arguments); /* the exit code */
};

enum { CLI_MOST_OPTIONS = 32 };

struct cli_arguments {
    const char *program; /* as it was called, for commands that a person may copy */
    const struct cli_command *command;
    const char *values[CLI_MOST_OPTIONS]; /* by the option's row; "" for a flag; NULL: not given */
    const char **files;
    size_t n_files;
};

extern const struct cli_command CLI_COMMANDS[]; /* ended by a NULL name */

int cli_queue(const struct cli_arguments *arguments);
int cli_review(const struct cli_arguments *arguments);
int cli_serve(const struct cli_arguments *arguments);
int cli_user(const struct cli_arguments *arguments);
int cli_relabel(const struct cli_arguments *arguments);
int cli_sample(const struct cli_arguments *arguments);
int cli_prune(const struct cli_arguments *arguments);
int cli_forget(const struct cli_arguments *arguments);
int cli_report(const struct cli_arguments *arguments);
int cli_export(const struct cli_arguments *arguments);
int cli_doctor(const struct cli_arguments *arguments);
int cli_split(const struct cli_arguments *arguments);
int cli_thread(const struct cli_arguments *arguments);
int cli_label(const struct cli_arguments *arguments);
int cli_import(const struct cli_arguments *arguments);
int cli_train(const struct cli_arguments *arguments);
int cli_eval(const struct cli_arguments *arguments);
int cli_eval_split(const struct cli_arguments *arguments); /* `eval split`, called by cli_eval */
int cli_model(const struct cli_arguments *arguments);
int cli_help(const struct cli_arguments *arguments);
int cli_version(const struct cli_arguments *arguments);

/* ---- arguments ---- */

/* Parses what follows the command's name. On a mistake: false and a RETORT_USAGE error. */
bool cli_parse(struct cli_arguments *arguments, const struct cli_command *command, int argc,
               char **argv, struct retort_error *error);
/* An option's value by its name, which must stand in the command's table. */
const char *cli_value(const struct cli_arguments *arguments, const char *name);
const char *cli_value_or(const struct cli_arguments *arguments, const char *name,
                         const char *otherwise);
bool cli_flag(const struct cli_arguments *arguments, const char *name);
/* A whole number from an option; unchanged when the option is not given. */
bool cli_count(const struct cli_arguments *arguments, const char *name, uint64_t *count,
               struct retort_error *error);
/* --threads: 1 to 256, or one a processor. */
bool cli_threads(const struct cli_arguments *arguments, size_t *n_threads,
                 struct retort_error *error);
/* The index of an option's value in a NULL-ended list of words; unchanged when not given. */
bool cli_choice(const struct cli_arguments *arguments, const char *name, const char *const *words,
                size_t *index, struct retort_error *error);
/* The command as it would be typed, NUL-terminated, paths without their directories: for files that
 * tell what made them. */
void cli_put_command(struct retort_buffer *out, const struct cli_arguments *arguments);

/* The word of a NULL-ended list that `typed` was most likely meant to be; NULL: none is near. */
const char *cli_nearest(const char *const *words, const char *typed);
const struct cli_command *cli_find_command(const char *name); /* NULL: there is none */
/* "unknown command …" on stderr with the nearest one; the exit code. */
int cli_unknown_command(const char *name);

/* ---- help ---- */

void cli_print_help(const struct cli_command *command, FILE *stream);
void cli_print_overview(FILE *stream);
void cli_print_man(FILE *stream);

/* ---- where things are, and how they are said ---- */

/* "retort COMMAND: message" on stderr; the exit code. */
int cli_fail(const struct cli_arguments *arguments, const struct retort_error *error);
/* The directory of models: --models, else $RETORT_MODELS, else beside the executable. */
bool cli_models_directory(const struct cli_arguments *arguments, struct retort_buffer *path,
                          struct retort_error *error);
bool cli_open_models(const struct cli_arguments *arguments, struct retort_models *models,
                     struct retort_error *error);

/* The splitter's model in that directory, NUL-terminated. */
bool cli_splitter_path(const struct cli_arguments *arguments, struct retort_buffer *path,
                       struct retort_error *error);
bool cli_open_cutter(const struct cli_arguments *arguments, struct retort_cutter **cutter,
                     struct retort_error *error);

/* While a file is filled people may work in it: whoever waits for an answer goes first. */
void cli_step_back(void);

/* A path without its directories. */
const char *cli_file_name(const char *path);
/* Is the output none of what has to stay as it is, such as "the database"? Either may be NULL. */
bool cli_spares(const char *output, const char *kept, const char *what, struct retort_error *error);

/* A block as JSON members: role, comment, parent, id, author, time, lines, bytes, text; of the
 * article's first also the thread's id, title, url and date; meta where an export says more. */
void cli_put_place(struct retort_buffer *out, const struct retort_thread *thread,
                   const struct retort_block *block);

/* A model's card for a person. */
void cli_print_card(const struct retort_model *model, FILE *stream);

/* The words that decided on one line of about so many columns, and what the line means. */
void cli_put_deciders(struct retort_buffer *out, const struct retort_explanation *explanation,
                      bool colour, size_t columns);
void cli_put_deciders_legend(struct retort_buffer *out);
/* A model's feature for a person: “idiot”, (answers article asks), (char:tup). */
void cli_put_feature(struct retort_buffer *out, struct retort_span name);

/* Colours are on for a terminal without NO_COLOR; else every style is "". */
enum cli_style { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_RED, CLI_GREEN, CLI_YELLOW, CLI_BLUE, CLI_CYAN };
bool cli_has_colour(FILE *stream);
const char *cli_style(bool colour, enum cli_style style);
/* Columns of the terminal; $COLUMNS where there is none; 100 without either. */
size_t cli_width(FILE *stream);
/* Text on one line for a person: control characters and runs of white space become one space, cut
 * at `columns` with an ellipsis, padded to it when `pad`. Terminal escapes cannot pass. */
void cli_excerpt(struct retort_buffer *out, struct retort_span text, size_t columns, bool pad);

/* Members of a JSON object: text with NULL data and numbers that are none are null. */
void cli_json_text(struct retort_buffer *out, const char *key, struct retort_span text);
void cli_json_number(struct retort_buffer *out, const char *key, double number);
void cli_json_count(struct retort_buffer *out, const char *key, uint64_t n);
void cli_json_flag(struct retort_buffer *out, const char *key, bool flag);

/* Writes and empties the buffer; a full disk or closed pipe is an error once, at the end. */
bool cli_flush(struct retort_buffer *buffer, FILE *stream, struct retort_error *error);
/* The same, and out of the program: what is read next may take long. */
bool cli_deliver(struct retort_buffer *buffer, FILE *stream, struct retort_error *error);

#endif
