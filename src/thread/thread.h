/* thread: the comments of a page, each with its bounds, its writer and whom it answers.
 *
 * Lines with roles become blocks (article, furniture, comments) that cover the page, and comments
 * get the parent that a trained model finds most likely. The tree is an array: a parent's index is
 * below its child's. Nothing here fails once a cutter is open. */
#ifndef RETORT_THREAD_H
#define RETORT_THREAD_H

#include "base/base.h"
#include "page/page.h"

/* One reader comment. Spans borrow from the page's text (or from the JSON line it came from). */
struct retort_comment {
    struct retort_span text;      /* without author and date lines */
    struct retort_span author;    /* empty where the page names none */
    struct retort_span time;      /* as written; empty where the page has none */
    size_t first_line, last_line; /* 1-based, inclusive, author lines included */
    size_t begin, end;            /* bytes of the input, end exclusive */
    ptrdiff_t parent;      /* index of the comment it answers, below its own; -1: the article */
    double parent_p;       /* the model's probability of that parent; 1 where the source tells it */
    struct retort_span id; /* as the source names it; empty where it doesn't */
    struct retort_span meta; /* a JSON object of what an export says beside; empty for none */
};

/* A run of lines of one role; one comment is one block. Every byte of the input that is not white
 * space is in exactly one block. */
struct retort_block {
    enum retort_role role;        /* article, comment or furniture */
    struct retort_span text;      /* of a comment: without author and date lines */
    size_t first_line, last_line; /* 1-based, inclusive */
    size_t begin, end;            /* bytes of the input, end exclusive */
    size_t comment;               /* 1-based number of the comment, else 0 */
};

struct retort_thread {
    struct retort_page page;             /* no lines where an export told the comments */
    struct retort_span article;          /* from the article's first line to its last */
    struct retort_span title, date, url; /* where markup or an export tells them; else empty */
    struct retort_span id, meta;         /* of an export's thread, as of a comment */
    size_t n_comments, n_blocks;
    struct retort_comment *comments;
    struct retort_block *blocks; /* in the order of the page */
};

/* The splitter and the model of parents, from one file; opaque, shareable by threads. */
struct retort_cutter;
bool retort_cutter_open(struct retort_cutter **cutter, const char *path,
                        struct retort_error *error);
void retort_cutter_close(struct retort_cutter *cutter);             /* NULL is fine */
const char *retort_cutter_hash(const struct retort_cutter *cutter); /* SHA-256 of the file, hex */

/* Flat text of any encoding → its thread. All memory is the arena's. */
void retort_thread_split(const struct retort_cutter *cutter, struct retort_span bytes,
                         struct retort_arena *arena, struct retort_thread *thread);

/* HTML → its thread, with what the markup tells of comments, title, date and address. `charset` is
 * what HTTP declares; empty for nothing. */
void retort_thread_split_html(const struct retort_cutter *cutter, struct retort_span bytes,
                              struct retort_span charset, struct retort_arena *arena,
                              struct retort_thread *thread);

/* Fills parent and parent_p of comments whose text (and author, where known) is given, in page
 * order; the article may be empty. */
void retort_thread_parents(const struct retort_cutter *cutter, struct retort_span article,
                           struct retort_comment *comments, size_t n_comments,
                           struct retort_arena *arena);

/* ---- for training: the very functions that predict ------------------------------------------- */

/* Lines that have their states → blocks and comments, parents not set. */
void retort_thread_cut(const struct retort_page *page, struct retort_arena *arena,
                       struct retort_thread *thread);

/* What a thread's candidate links are described from; opaque, in the arena. */
struct retort_heard;
struct retort_heard *retort_thread_hear(struct retort_span article,
                                        const struct retort_comment *comments, size_t n_comments,
                                        struct retort_arena *arena);

enum { RETORT_CANDIDATES_MOST = 24, RETORT_LINK_CUES_MOST = 256 };
size_t retort_thread_n_cues(void);
void retort_thread_cue_name(size_t id, char name[128]);
uint64_t retort_thread_cues_hash(void);
/* Possible parents of comment `at`: indices, −1 the article, which is always the first. Parents of
 * the comments before it must have been told. */
size_t retort_thread_candidates(struct retort_heard *heard, size_t at,
                                ptrdiff_t candidates[RETORT_CANDIDATES_MOST]);
size_t retort_thread_link_cues(struct retort_heard *heard, size_t at, ptrdiff_t candidate,
                               struct retort_cue cues[RETORT_LINK_CUES_MOST]);
/* Forgets what was told. */
void retort_thread_forget(struct retort_heard *heard);
void retort_thread_tell(struct retort_heard *heard, size_t at, ptrdiff_t parent);

#endif
