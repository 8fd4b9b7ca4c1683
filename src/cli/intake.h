/* intake (private to cli): FILE… or standard input → documents → threads, for the commands that
 * read pages. */
#ifndef RETORT_CLI_INTAKE_H
#define RETORT_CLI_INTAKE_H

#include "archive/archive.h"
#include "cli/cli.h"
#include "platform/platform.h"
#include "thread/thread.h"

/* What a command sees of a document. All of it lives to the end of the visit. */
struct intake_thread {
    struct retort_thread thread; /* always with its blocks */
    struct retort_span bytes;    /* what it was read from: the evidence */
    const char *source;          /* where it comes from: a URL where one is told, else the path */
    const char *splitter;        /* what cut it: the hash of the splitter's model */
    bool is_part;                /* of a file with others: the output must say which */
    bool is_told;                /* by an export: bytes and splitter are none */
};

/* "source":"https://…" as a JSON member, of what is part of a file; exports tell their threads. */
void intake_put_source(struct retort_buffer *out, const struct intake_thread *found);

/* Which of a file's documents it is, for a person: "export.xml: The ferry" or the source. */
void intake_put_title(struct retort_buffer *out, const struct intake_thread *found);

struct intake {
    const struct cli_arguments *arguments;
    /* Returns false (error filled) to stop. */
    bool (*thread)(void *context, const struct intake_thread *thread, struct retort_error *error);
    /* JSON lines as they come in, to their end. NULL: they are an export like others. */
    bool (*lines)(void *context, struct retort_archive *file, const char *path,
                  struct retort_error *error);
    void *context;
    int code; /* of what was said and passed over: RETORT_DONE or RETORT_INPUT */
    /* private */
    size_t format;
    bool keep_private;
    struct retort_archive_options options;
    struct retort_cutter *cutter;
    struct retort_progress progress;
};

/* Reads --format, --max-size and --keep-private; a mistake is one of usage. */
bool intake_begin(struct intake *intake, struct retort_error *error);
/* Visits all that the files hold. What cannot be read is said and passed over; false: something
 * stops the run. */
bool intake_run(struct intake *intake, struct retort_error *error);

/* Visits an export's threads; `name` is the file's. For intake.c. */
bool intake_export(struct intake *intake, enum retort_platform platform, struct retort_span bytes,
                   const char *name, struct retort_error *error);
/* The same for a directory that is a corpus. */
bool intake_corpus(struct intake *intake, const char *path, struct retort_error *error);

/* "format", "max-size" and "keep-private": rows for a command's options. */
#define INTAKE_FORMATS                                                                             \
    "auto, text, html, jsonl, disqus, wxr, reddit, hn, discourse, guardian, convokit, warc or wet "      \
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
