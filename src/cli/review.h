/* review (private to cli): one sitting of `retort review`. */
#ifndef RETORT_CLI_REVIEW_H
#define RETORT_CLI_REVIEW_H

#include "cli/cli.h"
#include "exchange/exchange.h"
#include "review/review.h"

/* ---- keys ---- */

enum sitting_key {
    KEY_NONE = 0, /* redraw: the window changed, or a key without meaning */
    KEY_END = -1, /* end of input, or interrupted */
    KEY_UP = 256,
    KEY_DOWN,
};

/* Standard input as keys: raw on a terminal, byte by byte from a pipe. The terminal is given back
 * on every way out, signals included. */
void keys_begin(void);
void keys_end(void);
/* A byte (one of several in UTF-8) or an enum sitting_key. */
int keys_next(void);
bool keys_are_typed(void); /* from a terminal: what is typed has to be echoed */
/* The signal that ended the sitting, to be raised again; 0: none (Ctrl-C is a key here). */
int keys_signal(void);

/* ---- a sitting ---- */

struct sitting {
    struct retort_store *store;
    struct retort_models models; /* for the words; may be empty */
    struct retort_labeller labeller;
    struct retort_queue queue;
    const char *reviewer;
    size_t at;        /* of the queue; n_items: past the end */
    size_t task;      /* index into the comment's labels */
    size_t explained; /* which label's words are shown */
    bool *chosen;     /* any-of: the labels ticked, by the model's order; in the arena */
    bool help;
    size_t n_decided;
    struct retort_buffer message; /* one line for the reviewer, shown once */
    struct retort_buffer out;
    /* the comment at hand, dies with it */
    struct retort_arena arena;
    struct retort_stored stored;
    struct retort_item item;
};

/* The label row of the task shown; NULL when nothing was labelled. */
const struct retort_stored_label *sitting_label(const struct sitting *sitting);
bool sitting_draw(struct sitting *sitting, struct retort_error *error);

#endif
