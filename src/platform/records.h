/* records (private to platform): the objects of an export → its threads.
 *
 * A format walks its file and hands in records, each one JSON object: a comment, or what opens a
 * thread (post, article, topic). Which member of it is what, is a row of paths. The rest is the
 * same for all: records are gathered by thread, comments find the one they answer, what is not
 * understood becomes meta, and the visitor gets the thread. */
#ifndef RETORT_PLATFORM_RECORDS_H
#define RETORT_PLATFORM_RECORDS_H

#include "platform/object.h"
#include "platform/platform.h"

/* How a body is written. */
enum body {
    BODY_PLAIN,
    BODY_HTML,
    BODY_WORDPRESS, /* HTML in which line ends are breaks */
    BODY_REDDIT,    /* Markdown with & < > escaped */
};

/* Where an object has what: paths as object_take reads them; NULL: nowhere. */
struct fields {
    const char *id, *text, *author, *time, *title, *url;
    const char *link;   /* what others call it when they answer it; NULL: its id */
    const char *parent; /* what it calls the one it answers */
    const char *hoist;  /* of object_meta */
    enum body body;
};

enum record_kind {
    RECORD_COMMENT,
    RECORD_OPENING, /* a thread may have several: the first that says something is heard */
    RECORD_STUB,    /* comments that are only counted */
};

struct record {
    enum record_kind kind;
    const struct fields *fields;
    struct retort_span thread;      /* the key of its thread */
    struct retort_span json;        /* its object, checked, if it has not been parsed yet … */
    const struct object_json *tree; /* … else this tree … */
    size_t at;                      /* … and its place in it */
    size_t drop[4];                 /* members that are understood otherwise; 0: none */
    ptrdiff_t container;            /* the record of the comment that it is nested in; -1: none */
};

/* Keys that begin so are ours, not the export's: the thread has no id. */
#define RECORDS_NAMELESS RETORT_SPAN("\0")

struct reader {
    const struct retort_platform_reading *reading;
    struct retort_arena arena; /* of the whole export */
    struct record *records;
    size_t n_records, capacity;
    /* Adds to a comment's or thread's meta what the format keeps elsewhere; NULL: nothing. */
    struct retort_span (*enrich)(const struct reader *reader, const struct retort_thread *thread,
                                 const struct retort_comment *comment, struct retort_arena *arena);
    const void *beside; /* for enrich */
    bool stopped;       /* the visitor wants no more: its error stands */
};

/* Returns the record's index. */
ptrdiff_t records_add(struct reader *reader, const struct record *record);
/* Visits the threads of all records in the order in which they begin, and forgets the records. */
bool records_deliver(struct reader *reader, struct retort_error *error);
/* The same at the end of the export, of which all was read or not (with an error), and releases the
 * reader. The visitor's error stands before the other. */
bool records_finish(struct reader *reader, bool read, struct retort_error *error);

/* One thread out of its records (in their order), all memory the arena's. */
void records_thread(const struct reader *reader, struct record *const *records, size_t n_records,
                    struct retort_arena *arena, struct retort_thread *thread);

/* A body as text. */
struct retort_span body_text(struct retort_span body, enum body how, struct retort_arena *arena);
struct retort_span body_title(struct retort_span title, enum body how, struct retort_arena *arena);

/* A JSON document: checked, its tree in the reader's arena; NULL with an error that says so. */
const struct object_json *records_document(struct reader *reader, struct retort_span bytes,
                                           struct retort_error *error);

/* Comments nested in comments, depth first. */
struct nesting {
    struct reader *reader;
    const struct object_json *tree;
    struct retort_span thread; /* the format's own: where the records belong */
    /* Makes the element's record, if it is one (its index, else -1), and says where the array of
     * its answers is (0: nowhere). */
    ptrdiff_t (*add)(struct nesting *nesting, size_t element, ptrdiff_t container, size_t *answers);
};
void records_nested(struct nesting *nesting, size_t array, ptrdiff_t container);

#endif
