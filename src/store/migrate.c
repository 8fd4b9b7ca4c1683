/* Migrating: ranks for labels that were written before there were any, as functions of SQL, so that
 * one statement of the schema fills a million rows. What lies below a comment was not kept then. */
#include "store/rank.h"

enum rank { WORTH, SEVERE, NEAR, N_RANKS };

struct offer {
    struct retort_store *store;
    enum rank rank;
};

static double value_of(const struct ranks *ranks, enum rank which)
{
    return which == WORTH ? ranks->worth : which == SEVERE ? ranks->severe : ranks->near;
}

/* A damaged row ranks last, and says so when it is read. */
static void answer_rank(sqlite3_context *context, int n_values, sqlite3_value **values)
{
    const struct offer *offer = sqlite3_user_data(context);
    struct retort_arena arena = {0};
    struct ranks ranks = {0};
    const struct retort_stored_score *scores;
    const struct retort_stored_model *model =
        store_model(offer->store, sqlite3_value_int64(values[0]));
    const uint8_t *bytes = sqlite3_value_blob(values[1]);
    struct retort_span blob = {bytes, (size_t)sqlite3_value_bytes(values[1])};
    (void)n_values;
    if (model && store_read_scores(model, blob, &arena, &scores)) {
        const struct rank_shape shape = {model->choice, model->n_labels, model->severities,
                                         model->thresholds};
        ranks = store_ranks(&shape, scores, sqlite3_value_int(values[2]) != 0, 0);
    }
    retort_arena_release(&arena);
    sqlite3_result_double(context, value_of(&ranks, offer->rank));
}

bool store_offer_ranks(struct retort_store *store, struct retort_error *error)
{
    static const char *const NAMES[N_RANKS] = {"rank_worth", "rank_severe", "rank_near"};
    for (int i = 0; i < N_RANKS; i++) {
        struct offer *offer = RETORT_NEW(&store->models_arena, struct offer, 1);
        *offer = (struct offer){store, (enum rank)i};
        if (sqlite3_create_function_v2(store->db, NAMES[i], 3,
                                       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                       offer, answer_rank, NULL, NULL, NULL) != SQLITE_OK)
            return store_fail(store, error);
    }
    return true;
}
