/* intake (private to cli): FILE… or standard input → documents → threads, for the commands that
 * read pages. */
#ifndef RETORT_CLI_INTAKE_H
#define RETORT_CLI_INTAKE_H

#include "archive/archive.h"
#include "cli/cli.h"
#include "thread/thread.h"

/* What a command sees of a document. All of it lives to the end of the visit. */
struct intake_thread {
    struct retort_thread thread; /* always with its blocks */
    struct retort_span bytes;    /* what it was read from: the evidence */
    const char *source;          /* where it comes from: a URL where one is told, else the path */
    const char *splitter;        /* what cut it: the hash of the splitter's model */
    bool is_part;                /* of a file with others: the output must say which */
};

/* "source":"https://…" as a JSON member, of what is part of a file. */
void intake_put_source(struct retort_buffer *out, const struct intake_thread *found);

struct intake {
    const struct cli_arguments *arguments;
    /* Returns false (error filled) to stop. */
    bool (*thread)(void *context, const struct intake_thread *thread, struct retort_error *error);
    /* JSON lines as they come in, to their end. NULL: the command does not take them. */
    bool (*lines)(void *context, struct retort_archive *file, const char *path,
                  struct retort_error *error);
    void *context;
    int code; /* of what was said and passed over: RETORT_DONE or RETORT_INPUT */
    /* private */
    size_t format;
    struct retort_archive_options options;
    struct retort_cutter *cutter;
    struct retort_progress progress;
};

/* Reads --format and --max-size; a mistake is one of usage. */
bool intake_begin(struct intake *intake, struct retort_error *error);
/* Visits all that the files hold. What cannot be read is said and passed over; false: something
 * stops the run. */
bool intake_run(struct intake *intake, struct retort_error *error);

/* "format" and "max-size": rows for a command's options. */
#define INTAKE_FORMATS "auto, text, jsonl, warc or wet (default auto)"
#define INTAKE_OPTION_MAX_SIZE                                                                     \
    {                                                                                              \
        "max-size", 0, "SIZE", "the largest document to unpack, such as 500M or 2G (default 64M)"  \
    }

#endif
