/* run (private to relabel): what runs are made of. */
#ifndef RETORT_RELABEL_RUN_H
#define RETORT_RELABEL_RUN_H

#include "relabel/relabel.h"

/* ---- one at a time ---- */

/* A lock that the system takes back from whoever is killed: on a file beside the review file. */
struct run_lock {
    int file;   /* -1: not held */
    char *path; /* owned */
};
bool run_lock_take(struct run_lock *lock, const char *db, struct retort_error *error);
void run_lock_release(struct run_lock *lock);

/* ---- do the models fit? ---- */

bool run_fits(struct retort_store *store, const struct retort_models *models,
              struct retort_error *error);

/* ---- through all comments ---- */

struct run_walk {
    struct retort_store *store;
    const struct retort_relabel_request *request;
    struct retort_run_filter filter;
    int64_t behind; /* only comments with larger ids; moves on as they are read */
    int64_t taken;  /* all up to this id are */
    /* Takes comments in their order, in the caller's thread. */
    bool (*take)(struct run_walk *walk, const struct retort_run_record *record,
                 struct retort_error *error);
    bool (*reached)(struct run_walk *walk, struct retort_error *error); /* after some; or NULL */
    void *context;
    uint64_t n_comments; /* taken */
};
bool run_walk(struct run_walk *walk, struct retort_error *error);

#endif
