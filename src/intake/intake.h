/* intake: a file or bytes in memory → documents → threads → labelled → stored, for the command line
 * and the server alike.
 *
 * A file is one document or an archive of many; what a document is, is seen by its bytes and, in an
 * archive, by what the server said of it. A crawl holds images, style sheets and answers that are
 * no pages: these are passed over without a word. What should have been a page and cannot be read
 * is said, and the next one comes.
 *
 * A page is stored with its bytes, its split and its comments' labels, whole or not at all. A
 * thread that an export tells has no bytes to keep, but ids, and all the rest that it says as
 * meta: it is stored a comment at a time, as JSON lines are. */
#ifndef RETORT_INTAKE_H
#define RETORT_INTAKE_H

#include "archive/archive.h"
#include "base/base.h"
#include "model/model.h"
#include "platform/platform.h"
#include "store/store.h"
#include "thread/thread.h"

/* ---- reading ---- */

/* A document as it was read. All of it lives to the end of the visit. */
struct retort_intake_thread {
    struct retort_thread thread; /* always with its blocks */
    struct retort_span bytes;    /* what it was read from: the evidence */
    const char *source;          /* where it comes from: a URL where one is told, else the path */
    const char *splitter;        /* what cut it: the hash of the splitter's model */
    bool is_part;                /* of a file with others: what is said of it must tell which */
    bool is_told;                /* by an export: bytes and splitter are none */
    const int64_t *ids;          /* of the comments, where a person's split holds: see below */
};

/* What to do with what is read, and by whose splitter. Those that return bool return false (error
 * filled) to stop the run. */
struct retort_intake_host {
    bool (*thread)(void *context, const struct retort_intake_thread *thread,
                   struct retort_error *error);
    /* JSON lines as they come in, to their end. NULL: they are an export like others. */
    bool (*lines)(void *context, struct retort_archive *file, const char *path,
                  struct retort_error *error);
    /* The splitter, asked for when the first page is there; stays the host's. */
    bool (*cutter)(void *context, const struct retort_cutter **cutter, struct retort_error *error);
    /* What was passed over, and why. */
    void (*say)(void *context, const struct retort_error *error);
    void *context;
};

struct retort_intake {
    struct retort_intake_host host;
    size_t format;     /* an index into RETORT_INTAKE_FORMATS; 0: as the bytes tell */
    size_t most_bytes; /* of an unpacked document; 0: RETORT_DOCUMENT_MOST */
    bool keep_private; /* of exports: mail and IP addresses, too */
    bool progress;     /* of archives, where a terminal shows it */
    /* private */
    struct retort_progress shown;
};

/* "auto", "warc", "wet", "text", "html", "jsonl", …; NULL ends them. */
extern const char *const RETORT_INTAKE_FORMATS[];

/* Visits all that a file (or a corpus's directory; "-" is standard input) holds. What cannot be
 * read is said and passed over; false: something stops the run. */
bool retort_intake_file(struct retort_intake *intake, const char *path, struct retort_error *error);
/* The same from memory. The name tells where they come from, and its end may tell what they are. */
bool retort_intake_bytes(struct retort_intake *intake, const char *name, struct retort_span bytes,
                         struct retort_error *error);

/* ---- labelling ---- */

/* What a stance is toward when nobody says: the article's first sentence. */
struct retort_span retort_intake_headline(struct retort_span article);

/* Who labels. */
struct retort_judge {
    const struct retort_models *models;
    struct retort_labeller *labeller;
    struct retort_span target; /* given for all; data NULL: each thread has its own */
};

/* What a model is told of comment i: its parent's text, or the article's, which it then answers. */
struct retort_item retort_judge_told(const struct retort_judge *judge,
                                     const struct retort_thread *thread, size_t i);
/* The same of a stored comment, toward the target that somebody gave (empty: nobody): what it was
 * told when it was first labelled, as far as its parent and article are as they were. In the
 * arena, but for its own text. */
bool retort_intake_stored_item(struct retort_store *store,
                               const struct retort_stored_comment *comment,
                               struct retort_span given, struct retort_arena *arena,
                               struct retort_item *item, struct retort_error *error);
/* All models on one comment: verdicts[n_models], in the arena. */
struct retort_verdict *retort_judge_item(const struct retort_judge *judge,
                                         const struct retort_item *item,
                                         struct retort_arena *arena);
/* Of every comment of the thread, in order. `progress` is shown on a terminal. */
struct retort_verdict **retort_judge_thread(const struct retort_judge *judge,
                                            const struct retort_thread *thread, bool progress,
                                            struct retort_arena *arena);
/* What the comments talk of: a flat page's article has its title in it, an export's has not, and
 * often the title is all it has. The thread's own, or in the arena; to be put in its place before
 * its comments are labelled. */
struct retort_span retort_intake_article(const struct retort_intake_thread *found,
                                         struct retort_arena *arena);

/* ---- storing ---- */

/* All verdicts on one comment (between begin and commit). `of` tells the comment, the target where
 * somebody gave it, and what lies below. */
bool retort_intake_put_labels(struct retort_store *store, const struct retort_label_record *of,
                              const struct retort_judge *judge,
                              const struct retort_verdict *verdicts, struct retort_error *error);
/* The verdicts on all comments of a thread with these ids (between begin and commit). */
bool retort_intake_put_verdicts(struct retort_store *store, const struct retort_thread *thread,
                                const int64_t *ids, const struct retort_judge *judge,
                                struct retort_verdict *const *verdicts, struct retort_error *error);
/* Where a person has corrected the split of these very bytes, theirs takes the place of what the
 * splitter found; in the arena. To be asked before the comments are labelled. */
bool retort_intake_hold(struct retort_store *store, struct retort_intake_thread *found,
                        struct retort_arena *arena, struct retort_error *error);
/* A thread and the verdicts on its comments: a page in one transaction, what an export tells in
 * transactions of a thousand comments. */
bool retort_intake_store(struct retort_store *store, const struct retort_intake_thread *found,
                         const struct retort_judge *judge, struct retort_verdict *const *verdicts,
                         struct retort_error *error);

/* ---- JSON lines ---- */

/* A parent that only an id tells is looked up among so many lines before. What is kept of its text
 * are the first 8 KB. */
#define RETORT_LINES_WINDOW 8192

/* A comment as its line tells it. Spans borrow from the line, or from the arena of its block;
 * data NULL: the line doesn't say. */
struct retort_intake_line {
    struct retort_item item; /* parent_text: else that of an earlier line with the id parent_id */
    struct retort_span id, parent_id, author, time, target;
    struct retort_json_member *members; /* as they stand */
    size_t n_members;
    size_t number;     /* in the file, from 1 */
    const char *wrong; /* what is wrong with it; NULL: nothing, else all the rest is empty */
};

struct retort_intake_lines; /* opaque */
/* Reads a file that is one document; the archive stays the caller's. */
struct retort_intake_lines *retort_intake_lines_open(struct retort_archive *file);
/* Where lines are stored: parents before the window are found there, by lines that have an id. The
 * store is asked when lines are linked, or the next is asked for. */
void retort_intake_lines_ask(struct retort_intake_lines *lines, struct retort_store *store,
                             const char *source);
void retort_intake_lines_close(struct retort_intake_lines *lines);

/* Lines one after the other: each lives until the next. */
enum retort_lines_step {
    RETORT_LINES_END,
    RETORT_LINES_LINE,
    RETORT_LINES_BAD,    /* the error says what is wrong with the line; go on */
    RETORT_LINES_FAILED, /* the store cannot be asked */
};
enum retort_lines_step retort_intake_lines_next(struct retort_intake_lines *lines,
                                                struct retort_intake_line *line,
                                                struct retort_error *error);

/* Or many at once, for a pipeline: a block is filled by the caller's thread, read into lines by
 * any, linked to parents in order, labelled by any, and given back when it is written. Whatever the
 * blocks, the lines are the same. */
struct retort_line_block {
    struct retort_intake_line *lines; /* [n_lines] */
    size_t n_lines;
    struct retort_arena arena; /* of the lines, and what is made of them; cleared when filled */
    /* private */
    struct retort_buffer bytes;
    struct line_place *places;
    size_t n_before; /* lines of the file */
};
enum retort_reading retort_intake_lines_fill(struct retort_intake_lines *lines,
                                             struct retort_line_block *block, bool wait);
void retort_line_block_read(struct retort_line_block *block);
bool retort_intake_lines_link(struct retort_intake_lines *lines, struct retort_line_block *block,
                              struct retort_error *error);
void retort_intake_lines_done(struct retort_intake_lines *lines, struct retort_line_block *block);
void retort_line_block_release(struct retort_line_block *block);

/* Its members as they stand, a comma between them, but for those that are ours: labels, explain and
 * retort. */
void retort_intake_put_members(struct retort_buffer *out, const struct retort_intake_line *line);
/* All models on it, toward its own target, the one given for all, or its article's headline. */
struct retort_verdict *retort_judge_line(const struct retort_judge *judge,
                                         struct retort_intake_line *line,
                                         struct retort_arena *arena);

struct retort_line_keeping {
    struct retort_store *store;
    const struct retort_judge *judge;
    const char *source;
    bool keep_private; /* mail and IP addresses, too */
};
/* The comment alone (between begin and commit); what is there already is found again. */
bool retort_intake_put_comment(const struct retort_line_keeping *keeping,
                               const struct retort_intake_line *line, int64_t *id,
                               struct retort_error *error);
/* What is to be stored of a line, with all that takes no store: any thread may ask, keeping's is
 * not looked at. Borrows from the line and the arena. */
struct retort_line_record retort_intake_line_record(const struct retort_line_keeping *keeping,
                                                    const struct retort_intake_line *line,
                                                    struct retort_arena *arena);
/* The comment and its labels (between begin and commit). */
bool retort_intake_put_record(const struct retort_line_keeping *keeping,
                              const struct retort_line_record *record,
                              const struct retort_verdict *verdicts, struct retort_error *error);
/* Both at once. */
bool retort_intake_put_line(const struct retort_line_keeping *keeping,
                            const struct retort_intake_line *line,
                            const struct retort_verdict *verdicts, struct retort_error *error);

/* ---- lines that were labelled elsewhere ---- */

/* "retort":{…}, a member of the object being written: all that a store keeps of the verdicts, to
 * the last bit (scores.c has its form). */
void retort_intake_put_scores(struct retort_buffer *out, const struct retort_judge *judge,
                              const struct retort_intake_line *line,
                              const struct retort_verdict *verdicts);

/* What a line has brought along: verdicts, of each of these models at most one, without margins,
 * and the target where somebody gave it. In the arena, or borrowed from the line. */
struct retort_intake_said {
    struct retort_verdict *verdicts;
    size_t n_verdicts;
    struct retort_span target;
};
/* RETORT_INPUT: the line has none, or none that a model could have said. RETORT_REFUSED: they are
 * of other models. */
bool retort_intake_read_scores(const struct retort_intake_line *line,
                               const struct retort_models *models, struct retort_arena *arena,
                               struct retort_intake_said *said, struct retort_error *error);
/* The comment and what was said of it (between begin and commit). A label that the store has of the
 * same model stays as it is, and is taken out of `said`. Of `keeping` the judge is not asked. */
bool retort_intake_put_said(const struct retort_line_keeping *keeping,
                            const struct retort_intake_line *line, struct retort_intake_said *said,
                            struct retort_error *error);

/* ---- corrections ---- */

/* A split as a person mends it: operations (a JSON array of objects, see operations.c) one after
 * the other on the lines of `old`, whose numbers they mean throughout. Of `old` are wanted page,
 * title, and the bounds, writers, dates and parents of its comments. The new thread is whole and
 * borrows from the old; its lines are in one block each, a parent's index is below its child's. No
 * model is asked. RETORT_INPUT, naming the operation, when one cannot be done, when a comment would
 * be without text, or when all together change nothing. */
bool retort_intake_correct(const struct retort_thread *old, const struct retort_json *operations,
                           struct retort_arena *arena, struct retort_thread *thread,
                           struct retort_error *error);

/* What came of a correction; all but the first fill the error. */
enum retort_mended {
    RETORT_MENDED,
    RETORT_MEND_MISSING, /* there is no such page or correction */
    RETORT_MEND_STALE,   /* what was seen holds no more: look again */
    RETORT_MEND_FAILED,  /* RETORT_INPUT: the operations are wrong; else the machine or the store */
};

struct retort_mending {
    int64_t page, base; /* the split that was seen */
    const struct retort_json *operations;
    struct retort_span json; /* the same as text, to be kept */
    const char *reviewer;
    struct retort_span token; /* the client's name for this act; data NULL: none */
};

/* Mends a split, labels its comments and stores all of it in one transaction. A token that was sent
 * before: nothing more is done. Comments whose text, writer and date are as before are the same
 * comments, with their decisions; those that are no more wait for nobody. */
enum retort_mended retort_intake_mend(struct retort_store *store, const struct retort_judge *judge,
                                      const struct retort_mending *mending,
                                      struct retort_error *error);
/* Takes back the page's newest correction that stands: the split before it holds again. */
enum retort_mended retort_intake_unmend(struct retort_store *store,
                                        const struct retort_judge *judge, int64_t correction,
                                        const char *reviewer, int64_t *page,
                                        struct retort_error *error);

#endif
