/* retort train --neutralise: two models of the same data, with the terms' weights and without, and
 * what the difference is worth: the price in figures out of fold, the gain in the audit. */
#include "cli/train.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* A model as it was measured. */
struct measured {
    struct retort_model *model;
    struct retort_json *card;
    struct retort_audit audit; /* n_terms 0: there is none */
};

static bool train(struct measured *measured, const struct retort_train_options *options,
                  const struct cli_arguments *arguments, struct retort_error *error)
{
    const char *audit = cli_value(arguments, "audit");
    return retort_train(options, error) &&
           retort_model_open(&measured->model, options->output, error) &&
           (measured->card = retort_json_parse(retort_model_card(measured->model), error)) &&
           (!audit || retort_audit_run(&measured->audit, measured->model,
                                       cli_value_or(arguments, "label", "toxic"), audit, error));
}

/* Better now than when both are trained. */
static bool is_there(const char *path, struct retort_error *error)
{
    struct retort_file file;
    if (!path)
        return true;
    if (!retort_file_read(&file, path, error))
        return false;
    retort_file_close(&file);
    return true;
}

static void release(struct measured *measured)
{
    retort_audit_release(&measured->audit);
    retort_json_free(measured->card);
    retort_model_close(measured->model);
}

static double figure(const struct measured *measured, const char *object, const char *key)
{
    double value = NAN;
    const struct retort_json *figures =
        object ? retort_json_get(measured->card, object) : measured->card;
    const struct retort_json *member = figures ? retort_json_get(figures, key) : NULL;
    return member && retort_json_number(member, &value) ? value : NAN;
}

/* Both audits have the same terms, each in an order of its own. */
static const struct retort_audit_term *term_of(const struct retort_audit *audit, const char *name)
{
    size_t i = 0;
    while (strcmp(audit->terms[i].name, name) != 0)
        i++;
    return &audit->terms[i];
}

static void put_change(const char *name, double before, double after)
{
    printf("%-36.36s %9.4f %9.4f   %+.4f\n", name, before, after, after - before);
}

/* The terms that were worst before. */
static void put_terms(const struct retort_audit *before, const struct retort_audit *after)
{
    enum { SHOWN = 5 };
    for (size_t i = 0; i < before->n_terms && i < SHOWN; i++) {
        const struct retort_audit_term *was = &before->terms[i], *is = term_of(after, was->name);
        char name[80];
        bool alarms = was->bpsn < was->bnsp;
        snprintf(name, sizeof name, "  %s, %s", was->name, alarms ? "BPSN" : "BNSP");
        put_change(name, alarms ? was->bpsn : was->bnsp, alarms ? is->bpsn : is->bnsp);
    }
}

static void put_changes(const struct measured *before, const struct measured *after,
                        const char *terms)
{
    printf("\nneutral: %s; %.0f features hold them and weigh nothing\n\n", terms,
           figure(after, NULL, "features_held_at_zero"));
    printf("%-36s %9s %9s   %s\n", "", "before", "after", "change");
    put_change("macro-F1, out of fold", figure(before, "cross_validated", "macro_f1"),
               figure(after, "cross_validated", "macro_f1"));
    put_change("mean AUC, out of fold", figure(before, "cross_validated", "mean_auc"),
               figure(after, "cross_validated", "mean_auc"));
    if (retort_model_base(after->model))
        printf("the base's margins still know the terms: neutralise it as well\n");
    if (!after->audit.n_terms)
        return;
    put_change("audit: AUC", before->audit.auc, after->audit.auc);
    put_change("audit: subgroup, power mean", before->audit.subgroup, after->audit.subgroup);
    put_change("audit: BPSN, power mean", before->audit.bpsn, after->audit.bpsn);
    put_change("audit: BNSP, power mean", before->audit.bnsp, after->audit.bnsp);
    put_terms(&before->audit, &after->audit);
    printf("the worst was %s and is %s\n", before->audit.terms[0].name, after->audit.terms[0].name);
}

bool train_neutral(const struct cli_arguments *arguments,
                   const struct retort_train_options *options, struct retort_error *error)
{
    struct measured before = {0}, after = {0};
    struct retort_buffer path = {0};
    struct retort_train_options plain = *options;
    retort_buffer_format(&path, "%s.before", options->output);
    retort_buffer_byte(&path, 0);
    plain.output = (const char *)path.data;
    plain.neutralise = plain.out_of_fold = NULL;
    bool done = is_there(cli_value(arguments, "audit"), error) &&
                train(&after, options, arguments, error) &&
                train(&before, &plain, arguments, error);
    if (done)
        put_changes(&before, &after, options->neutralise);
    unlink(plain.output);
    release(&before);
    release(&after);
    retort_buffer_release(&path);
    return done;
}
