/* intake (private to cli): what commands that read pages have in common: FILE… and the options that
 * say how to read them. */
#ifndef RETORT_CLI_INTAKE_H
#define RETORT_CLI_INTAKE_H

#include "cli/cli.h"
#include "intake/intake.h"

/* "source":"https://…" as a JSON member, of what is part of a file; exports tell their threads. */
void intake_put_source(struct retort_buffer *out, const struct retort_intake_thread *found);

/* Which of a file's documents it is, for a person: "export.xml: The ferry" or the source. */
void intake_put_title(struct retort_buffer *out, const struct retort_intake_thread *found);

struct intake {
    const struct cli_arguments *arguments;
    /* As in struct retort_intake_host; lines may be NULL. */
    bool (*thread)(void *context, const struct retort_intake_thread *thread,
                   struct retort_error *error);
    bool (*lines)(void *context, struct retort_archive *file, const char *path,
                  struct retort_error *error);
    void *context;
    int code; /* of what was said and passed over: RETORT_DONE or RETORT_INPUT */
    /* private */
    struct retort_intake reading;
    struct retort_cutter *cutter;
};

/* Reads --format, --max-size and --keep-private; a mistake is one of usage. */
bool intake_begin(struct intake *intake, struct retort_error *error);
/* Visits all that the files hold. What cannot be read is said and passed over; false: something
 * stops the run. */
bool intake_run(struct intake *intake, struct retort_error *error);

/* "format", "max-size" and "keep-private": rows for a command's options. */
#define INTAKE_FORMATS                                                                             \
    "auto, text, html, jsonl, disqus, wxr, reddit, hn, discourse, guardian, convokit, warc or "    \
    "wet "                                                                                         \
    "(default auto)"
#define INTAKE_OPTION_KEEP_PRIVATE                                                                 \
    {                                                                                              \
        "keep-private", 0, NULL, "of exports, and in the review file: keep mail and IP addresses"  \
    }
#define INTAKE_OPTION_MAX_SIZE                                                                     \
    {                                                                                              \
        "max-size", 0, "SIZE", "the largest document to unpack, such as 500M or 2G (default 64M)"  \
    }

#endif
