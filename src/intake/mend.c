/* Corrections in the store: the split that a person saw is read again, mended, labelled and put,
 * with what was done to it, in one transaction; or nothing is.
 *
 * Labelling takes long, so it comes before the transaction; whether the split still holds is asked
 * again within it. A person's split holds for the bytes it was made of: the same page read again
 * gets new labels and no new split, while newer bytes are a new page, split by the model. */
#include "intake/intake.h"

static const char PERSON[] = "person"; /* in place of a splitter's hash */

static struct retort_span known(struct retort_span span)
{
    return span.len > 0 ? span : (struct retort_span){0};
}

/* ---- labels of what is stored ---- */

/* The claim that was given when the page was labelled: it stays the one that decisions are of. */
static bool find_target(struct retort_store *store, const struct retort_stored_split *split,
                        struct retort_arena *arena, struct retort_span *target,
                        struct retort_error *error)
{
    for (size_t i = 0; i < split->thread.n_comments && !target->data; i++) {
        struct retort_stored_label *labels;
        size_t n;
        if (!retort_store_labels(store, split->ids[i], arena, &labels, &n, error))
            return false;
        for (size_t l = 0; l < n; l++)
            if (labels[l].model && labels[l].target.len > 0)
                *target = labels[l].target;
    }
    return true;
}

/* ---- a correction ---- */

struct mend {
    struct retort_store *store;
    const struct retort_mending *mending;
    struct retort_judge judge;
    struct retort_stored_page page;
    struct retort_stored_split base;
    struct retort_thread thread;
    struct retort_verdict **verdicts;
    struct retort_arena arena;
    enum retort_mended outcome;
};

static bool stop(struct mend *mend, enum retort_mended outcome)
{
    mend->outcome = outcome;
    return false;
}

/* The same act sent again is done already. */
static bool find_again(struct mend *mend, const struct retort_stored_correction *sent,
                       struct retort_error *error)
{
    const struct retort_mending *mending = mend->mending;
    if (sent->page == mending->page && sent->base == mending->base &&
        retort_span_equal(sent->operations, mending->json))
        return stop(mend, RETORT_MENDED);
    return retort_fail(error, RETORT_INPUT,
                       "the token was used for another act; make a new one for each");
}

/* May it be mended as it was seen? */
static bool find_page(struct mend *mend, struct retort_error *error)
{
    const struct retort_mending *mending = mend->mending;
    struct retort_stored_correction sent = {.id = 0};
    if (mending->token.data &&
        !retort_store_correction_sent(mend->store, mending->token, &mend->arena, &sent, error))
        return false;
    if (sent.id)
        return find_again(mend, &sent, error);
    if (!retort_store_page(mend->store, mending->page, &mend->arena, &mend->page, error))
        return false;
    if (!mend->page.id) {
        retort_fail(error, RETORT_INPUT, "there is no page %lld", (long long)mending->page);
        return stop(mend, RETORT_MEND_MISSING);
    }
    if (mend->page.newest && mend->page.split == mending->base)
        return true;
    retort_fail(error, RETORT_INPUT,
                mend->page.newest ? "the page has been split anew meanwhile; look at it again"
                                  : "there is a newer scrape of this page; correct that one");
    return stop(mend, RETORT_MEND_STALE);
}

static bool make_thread(struct mend *mend, struct retort_error *error)
{
    if (!retort_store_split(mend->store, mend->mending->base, &mend->arena, &mend->base, error) ||
        !retort_intake_correct(&mend->base.thread, mend->mending->operations, &mend->arena,
                               &mend->thread, error) ||
        !find_target(mend->store, &mend->base, &mend->arena, &mend->judge.target, error))
        return false;
    mend->verdicts = retort_judge_thread(&mend->judge, &mend->thread, false, &mend->arena);
    return true;
}

static bool put_correction(struct mend *mend, struct retort_error *error)
{
    const struct retort_thread *thread = &mend->thread;
    const struct retort_page_record record = {
        .source = retort_arena_string(&mend->arena, mend->page.source),
        .bytes = mend->base.bytes,
        .splitter = PERSON,
        .article = known(thread->article),
        .comments = thread->comments,
        .n_comments = thread->n_comments,
        .page = &thread->page,
        .title = thread->title,
    };
    struct retort_correction_record correction = {
        .page = mend->page.id,
        .source_id = mend->page.source_id,
        .base = mend->mending->base,
        .operations = mend->mending->json,
        .reviewer = mend->mending->reviewer,
        .token = mend->mending->token,
    };
    int64_t id, *ids = RETORT_NEW(&mend->arena, int64_t, thread->n_comments + 1);
    return retort_store_put_split(mend->store, mend->page.id, &record, ids, &correction.split,
                                  error) &&
           retort_store_put_correction(mend->store, &correction, &id, error) &&
           retort_intake_put_verdicts(mend->store, thread, ids, &mend->judge, mend->verdicts,
                                      error);
}

static bool store_correction(struct mend *mend, struct retort_error *error)
{
    bool stored = retort_store_begin(mend->store, error) && find_page(mend, error) &&
                  put_correction(mend, error) && retort_store_commit(mend->store, error);
    if (!stored)
        retort_store_rollback(mend->store);
    return stored;
}

enum retort_mended retort_intake_mend(struct retort_store *store, const struct retort_judge *judge,
                                      const struct retort_mending *mending,
                                      struct retort_error *error)
{
    struct mend mend = {.store = store, .mending = mending, .judge = *judge};
    mend.outcome = RETORT_MEND_FAILED;
    if (find_page(&mend, error) && make_thread(&mend, error) && store_correction(&mend, error))
        mend.outcome = RETORT_MENDED;
    retort_arena_release(&mend.arena);
    return mend.outcome;
}

/* ---- taking one back ---- */

/* Keeps the last that stands. */
static bool take_standing(void *context, const struct retort_stored_correction *correction,
                          struct retort_error *error)
{
    int64_t *last = context;
    (void)error;
    if (!correction->undone)
        *last = correction->id;
    return true;
}

static bool may_undo(struct mend *mend, const struct retort_stored_correction *correction,
                     int64_t id, struct retort_error *error)
{
    int64_t last = 0;
    if (!correction->id || correction->undoes) {
        retort_fail(error, RETORT_INPUT, "there is no correction %lld", (long long)id);
        return stop(mend, RETORT_MEND_MISSING);
    }
    if (!retort_store_page(mend->store, correction->page, &mend->arena, &mend->page, error) ||
        !retort_store_each_correction(mend->store, correction->page, take_standing, &last, error))
        return false;
    if (last == id && mend->page.newest)
        return true;
    if (!mend->page.newest)
        retort_fail(error, RETORT_INPUT, "there is a newer scrape of this page");
    else if (correction->undone)
        retort_fail(error, RETORT_INPUT, "it is taken back already");
    else
        retort_fail(error, RETORT_INPUT, "correction %lld builds on it; take that back first",
                    (long long)last);
    return stop(mend, RETORT_MEND_STALE);
}

static bool put_undo(struct mend *mend, int64_t id, const char *reviewer,
                     struct retort_stored_correction *correction, struct retort_error *error)
{
    int64_t undo;
    if (!retort_store_correction(mend->store, id, &mend->arena, correction, error) ||
        !may_undo(mend, correction, id, error))
        return false;
    const struct retort_correction_record record = {
        .page = correction->page,
        .source_id = mend->page.source_id,
        .undoes = id,
        .reviewer = reviewer,
    };
    return retort_store_put_correction(mend->store, &record, &undo, error);
}

/* The split that holds again gets the labels of today's models; it has some already. */
static bool label_again(struct mend *mend, struct retort_error *error)
{
    struct retort_stored_split *split = &mend->base;
    if (!retort_store_page(mend->store, mend->page.id, &mend->arena, &mend->page, error) ||
        !retort_store_split(mend->store, mend->page.split, &mend->arena, split, error) ||
        !find_target(mend->store, split, &mend->arena, &mend->judge.target, error))
        return false;
    mend->verdicts = retort_judge_thread(&mend->judge, &split->thread, false, &mend->arena);
    bool stored = retort_store_begin(mend->store, error) &&
                  retort_intake_put_verdicts(mend->store, &split->thread, split->ids, &mend->judge,
                                             mend->verdicts, error) &&
                  retort_store_commit(mend->store, error);
    if (!stored)
        retort_store_rollback(mend->store);
    return stored;
}

enum retort_mended retort_intake_unmend(struct retort_store *store,
                                        const struct retort_judge *judge, int64_t correction,
                                        const char *reviewer, int64_t *page,
                                        struct retort_error *error)
{
    struct mend mend = {.store = store, .judge = *judge, .outcome = RETORT_MEND_FAILED};
    struct retort_stored_correction undone;
    bool stored = retort_store_begin(store, error) &&
                  put_undo(&mend, correction, reviewer, &undone, error) &&
                  retort_store_commit(store, error);
    if (!stored)
        retort_store_rollback(store);
    else if (label_again(&mend, error))
        mend.outcome = RETORT_MENDED;
    *page = stored ? undone.page : 0;
    retort_arena_release(&mend.arena);
    return mend.outcome;
}

/* ---- a page read again ---- */

bool retort_intake_hold(struct retort_store *store, struct retort_intake_thread *found,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct retort_stored_page page = {.id = 0};
    struct retort_stored_split split;
    int64_t id;
    if (found->is_told)
        return true;
    if (!retort_store_find_page(store, found->source, found->bytes, &id, error) ||
        (id && !retort_store_page(store, id, arena, &page, error)))
        return false;
    if (!page.corrected_by.data)
        return true;
    if (!retort_store_split(store, page.split, arena, &split, error))
        return false;
    struct retort_thread *thread = &split.thread;
    struct retort_thread cut;
    retort_thread_cut(&thread->page, arena, &cut);
    thread->blocks = cut.blocks;
    thread->n_blocks = cut.n_blocks;
    thread->date = found->thread.date;
    thread->url = found->thread.url;
    found->thread = *thread;
    found->splitter = PERSON;
    found->ids = split.ids;
    return true;
}
