/* model: a vector → margins → calibrated probabilities → a label or *unsure*, and the words behind.
 *
 * A model is linear: one bias and one weight a feature for each label, folded at the end of
 * training and mapped as it lies. Nothing here can fail once a model is open, and no library of
 * support vectors is called.
 *
 * margin[l] = bias[l] + Σ weight[feature][l] · value[feature], added up in single precision. The
 * margin becomes log odds, by a line (Platt 1999) or by a broken line (isotonic regression:
 * Zadrozny and Elkan 2002), both fitted on margins out of fold and never falling; p[l] =
 * 1/(1+exp(−log odds)). For one-of-many tasks the p are divided by their sum, or the lines' values
 * go through a softmax (vector scaling: Guo et al. 2017). Training takes what measures best. */
#ifndef RETORT_MODEL_H
#define RETORT_MODEL_H

#include "base/base.h"
#include "features/features.h"

enum retort_choice {
    RETORT_ONE_OF, /* exactly one label a comment */
    RETORT_ANY_OF, /* each label on or off by itself */
};

enum { RETORT_MOST_LABELS = 256, RETORT_LABEL_NAME = 55 }; /* labels a task, bytes a label */

/* How a margin becomes log odds. */
enum retort_link {
    RETORT_PLATT,    /* −(a·margin + b) */
    RETORT_ISOTONIC, /* a broken line, level beyond its ends */
    RETORT_SOFTMAX, /* one-of, all labels alike: −(a·margin + b), of all labels to exp and sum */
    RETORT_N_LINKS
};
const char *retort_link_name(enum retort_link link);

enum { RETORT_MOST_KNOTS = 64 };

/* Of an isotonic label: the line's corners, margins ascending strictly, log odds never falling. */
struct retort_curve {
    uint32_t n_knots;
    double margins[RETORT_MOST_KNOTS], log_odds[RETORT_MOST_KNOTS];
};

/* What a model knows of one of its labels. */
struct retort_label {
    const char *name;
    double bias;
    double platt_a, platt_b; /* a < 0: a larger margin is never less probable */
    double log_offset;       /* one-of: added to log p before the largest wins (macro-F1) */
    double threshold;        /* any-of: on from this p */
    double sure_above;       /* sure of the label from this p on (2: never) */
    double sure_below;       /* any-of: sure of its absence up to this p (−1: never) */
    enum retort_link link;
    struct retort_curve curve; /* isotonic only */
};

struct retort_model; /* opaque; may be shared by threads */

bool retort_model_open(struct retort_model **model, const char *path, struct retort_error *error);
void retort_model_close(struct retort_model *model); /* NULL is fine */

const char *retort_model_task(const struct retort_model *model);
/* SHA-256 of the file, hex: made when first asked for, as labelling alone needs none. */
const char *retort_model_hash(const struct retort_model *model);
enum retort_choice retort_model_choice(const struct retort_model *model);
size_t retort_model_n_labels(const struct retort_model *model);
const struct retort_label *retort_model_label(const struct retort_model *model, size_t index);
const struct retort_recipe *retort_model_recipe(const struct retort_model *model);
/* The recipe's text, with what it says of training. */
struct retort_span retort_model_recipe_text(const struct retort_model *model);
/* The model whose margins are among the features of this one, or NULL. */
const struct retort_model *retort_model_base(const struct retort_model *model);
/* The word vectors it brings to models that are stacked on it; NULL: none. */
const struct retort_vectors *retort_model_vectors(const struct retort_model *model);
/* The whole file, to be put into another as its base. */
struct retort_span retort_model_bytes(const struct retort_model *model);
const struct retort_dictionary *retort_model_dictionary(const struct retort_model *model);
/* The card: JSON text with data, seed, versions, measured figures. */
struct retort_span retort_model_card(const struct retort_model *model);
/* The name of a feature as stored in the model, and its weight for a label. */
struct retort_span retort_model_feature(const struct retort_model *model, uint32_t feature);
double retort_model_weight(const struct retort_model *model, uint32_t feature, size_t label);

/* ---- labelling ---- */

enum retort_doubt {
    RETORT_SURE = 0,
    RETORT_DOUBT_BAND,     /* p is in the band where the model errs too often */
    RETORT_DOUBT_LANGUAGE, /* the comment is in another language than the model's */
    RETORT_DOUBT_EVIDENCE, /* too few words that it knows; no target, or for or against one of which
                              no word is said */
};
const char *retort_doubt_name(enum retort_doubt doubt);

struct retort_score {
    double margin, p;
    bool on; /* one-of: this is the label; any-of: p reached the threshold */
    bool unsure;
};

/* One model's answer for one comment. scores has n_labels, in the model's order. */
struct retort_verdict {
    const struct retort_model *model;
    struct retort_score *scores;
    size_t label;            /* one-of: the index of the label, given even when unsure */
    enum retort_doubt doubt; /* one-of: of the label; any-of: of all labels together */
};

/* A text's margins by a base model, kept: models that share a base meet the same texts. */
struct retort_stacked {
    bool is_kept;
    uint64_t base; /* the checksum of its file */
    uint64_t text; /* its hash */
    double margins[RETORT_MOST_LABELS];
};

/* One per thread: the bag and what it needs. */
struct retort_labeller {
    struct retort_bag bag, base_bag;
    struct retort_stacked own, parent;
};
void retort_labeller_init(struct retort_labeller *labeller);
void retort_labeller_release(struct retort_labeller *labeller);

void retort_label_item(struct retort_labeller *labeller, const struct retort_model *model,
                       const struct retort_item *item, struct retort_arena *arena,
                       struct retort_verdict *verdict);
/* The same by every model: the item is read once for all. verdicts: [models->n_models]. */
struct retort_models;
void retort_label_by_all(struct retort_labeller *labeller, const struct retort_models *models,
                         const struct retort_item *item, struct retort_arena *arena,
                         struct retort_verdict *verdicts);
/* Fills labeller->bag with all features of the item, margins of the base (or NULL) included: the
 * one way to a bag for training and for labelling. own: the base's margins for the comment where
 * they are known (in training: out of fold), else NULL. */
void retort_labeller_fill(struct retort_labeller *labeller, const struct retort_recipe *recipe,
                          const struct retort_model *base, const struct retort_item *item,
                          const double *own);

/* The item as the model sees it: its features over the model's dictionary, weighed, ascending by
 * feature; in the arena. The bias and the sum of weight times value is a label's margin, but for
 * rounding. */
size_t retort_model_vector(const struct retort_model *model, struct retort_labeller *labeller,
                           const struct retort_item *item, struct retort_arena *arena,
                           struct retort_entry **entries);

/* Bins of posteriors in which a card tells how they are spread: of log odds, a unit wide, from
 * below −5 to above 3, for many labels are rare. */
enum { RETORT_ERRORS_BINS = 10 };
size_t retort_errors_bin(double p);

/* Margins → scores and label: shared with training, so that both decide alike. */
void retort_decide(const struct retort_label *labels, size_t n_labels, enum retort_choice choice,
                   struct retort_score *scores, size_t *label);

/* ---- explanation ---- */

/* What a margin is a sum of: words as they stand in the comment, or a feature that stands on none
 * of them ("cue:negation", "parent:yes"). */
struct retort_cause {
    struct retort_span
        name;            /* the words, borrowed from the comment; else borrowed from the model */
    uint32_t begin, end; /* bytes of the comment's text; begin == end: on none of its words */
    double contribution; /* to the margin; never 0 */
};

/* A word and all the places where it stands, in whatever case, or a feature that stands on none. */
struct retort_decider {
    struct retort_span name;
    double contribution; /* of all places together */
    size_t n_places;     /* 0: stands on no word */
    double p_without;    /* the label's p for the comment without these words; NaN: n_places is 0 */
};

/* bias, plus the causes' contributions one by one in their order, plus rounding, is the margin to
 * the last bit. The contribution of an n-gram, of words or of characters, is shared out evenly to
 * the words it stands on, so that each word has one number; two neighbours are one phrase when more
 * than half of what they add comes from n-grams that hold both. */
struct retort_explanation {
    double margin, bias;
    double rounding; /* the margin is added up in single precision, the causes in double */
    double p;
    struct retort_cause *causes; /* n_words in the order of the text, then the others */
    size_t n_causes, n_words;
    struct retort_decider *deciders; /* the largest first */
    size_t n_deciders;
};

enum { RETORT_MOST_DECIDERS = 5 }; /* a label */

/* Explains the margin of every label: explanations[n_labels], their arrays in the arena. Each word
 * among the deciders is taken out of the text and the rest labelled again: it costs as much. */
void retort_explain(struct retort_labeller *labeller, const struct retort_model *model,
                    const struct retort_item *item, struct retort_arena *arena,
                    struct retort_explanation *explanations);

/* ---- the set of models in a directory ---- */

/* stance, reply, tone, then any other *.model by name; the splitter's is not among them. */
struct retort_models {
    struct retort_model **models;
    size_t n_models;
};
bool retort_models_open(struct retort_models *models, const char *directory,
                        struct retort_error *error);
void retort_models_close(struct retort_models *models);

/* ---- writing (for training) ---- */

struct retort_model_parts {
    const char *task;
    enum retort_choice choice;
    struct retort_span recipe;            /* its text */
    const struct retort_model *base;      /* NULL: none */
    const struct retort_vectors *vectors; /* NULL: none */
    const struct retort_label *labels;
    size_t n_labels;
    const struct retort_dictionary *dictionary;
    const float *weights;            /* [n_features][n_labels] */
    const struct retort_span *names; /* [n_features] */
    struct retort_span card;         /* JSON text */
};
bool retort_model_write(const char *path, const struct retort_model_parts *parts,
                        struct retort_error *error);

#endif
