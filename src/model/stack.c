/* Stacking (Wolpert 1992): the margins of a base model, trained on other sets with other labels, as
 * a few dense features beside the bag. What a text says of anger or contempt was learned where it
 * was labelled; a task with few examples has only to learn what that means for it.
 *
 * The base reads a text alone, without parent or target. Its margins are linear in the text's
 * n-grams, so what is stacked stays additive in words. */
#include "model/file.h"

struct retort_bag *retort_labeller_base(struct retort_labeller *labeller)
{
    if (!labeller->base_bag.extractor)
        retort_bag_init(&labeller->base_bag);
    return &labeller->base_bag;
}

/* The base's margins for a text, computed or kept. */
static const double *margins_of(struct retort_labeller *labeller, const struct retort_model *base,
                                struct retort_span text, struct retort_stacked *kept)
{
    const struct retort_item item = {.text = text};
    uint64_t hash = retort_hash(text, 0);
    if (kept->is_kept && kept->base == base->bundle.checksum && kept->text == hash)
        return kept->margins;
    retort_bag_read(retort_labeller_base(labeller), &item);
    retort_bag_make(&labeller->base_bag, &base->recipe, &base->dictionary);
    retort_model_margins(base, &labeller->base_bag, kept->margins);
    kept->is_kept = true;
    kept->base = base->bundle.checksum;
    kept->text = hash;
    return kept->margins;
}

static void add(struct retort_bag *bag, const char *kind, const char *label, double value)
{
    retort_bag_add_dense(bag, RETORT_FIELD_STACK, (const char *const[2]){kind, label}, value);
}

/* What is said beside the target's name, and what it would mean if it were said of it: a target
 * that is against its thing turns it over. */
static void add_toward(struct retort_bag *bag, const char *label, double margin)
{
    if (!bag->names_target)
        return;
    add(bag, "named ", label, margin);
    add(bag, "toward ", label, bag->target_against ? -margin : margin);
}

const struct retort_model *retort_model_lender(const struct retort_model *model)
{
    return model->base ? model->base : model;
}

static void add_margins(struct retort_labeller *labeller, const struct retort_recipe *recipe,
                        const struct retort_model *base, const struct retort_item *item,
                        const double *own)
{
    struct retort_bag *bag = &labeller->bag;
    const double *parent = NULL;
    if (!base || !(recipe->stack || recipe->stack_parent || recipe->stack_target))
        return;
    if (!own)
        own = margins_of(labeller, base, item->text, &labeller->own);
    if (recipe->stack_parent && item->parent_text.len > 0)
        parent = margins_of(labeller, base, item->parent_text, &labeller->parent);
    for (size_t l = 0; l < base->head.n_labels; l++) {
        const char *label = base->labels[l].name;
        add(bag, "", label, recipe->stack ? own[l] : 0);
        add(bag, "parent ", label, parent ? parent[l] : 0);
        add(bag, "both ", label, parent ? own[l] * parent[l] : 0);
        if (recipe->stack_target)
            add_toward(bag, label, own[l]);
    }
}

void retort_labeller_fill(struct retort_labeller *labeller, const struct retort_recipe *recipe,
                          const struct retort_model *base, const struct retort_item *item,
                          const double *own)
{
    labeller->bag.vectors = base ? retort_model_vectors(base) : NULL;
    retort_bag_fill(&labeller->bag, recipe, item);
    add_margins(labeller, recipe, base, item, own);
}

void retort_labeller_make(struct retort_labeller *labeller, const struct retort_model *model,
                          const struct retort_item *item)
{
    const struct retort_model *base = retort_model_lender(model);
    labeller->bag.vectors = retort_model_vectors(base);
    retort_bag_make(&labeller->bag, &model->recipe, &model->dictionary);
    add_margins(labeller, &model->recipe, base, item, NULL);
}
