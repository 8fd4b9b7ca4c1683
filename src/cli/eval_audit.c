/* retort eval --audit: does a label alarm at whom a comment names? */
#include "cli/eval.h"

#include <math.h>

static void put_terms(struct retort_buffer *out, const struct retort_audit *audit)
{
    retort_buffer_format(out, "%-24s %10s %10s %10s\n", "term", "subgroup", "BPSN", "BNSP");
    for (size_t i = 0; i < audit->n_terms; i++) {
        const struct retort_audit_term *term = &audit->terms[i];
        cli_excerpt(out, retort_span_of(term->name), 24, true);
        retort_buffer_format(out, " %10.4f %10.4f %10.4f\n", term->subgroup, term->bpsn,
                             term->bnsp);
    }
    retort_buffer_format(out, "%-24s %10.4f %10.4f %10.4f\n", "all, power mean", audit->subgroup,
                         audit->bpsn, audit->bnsp);
}

static void put_worst(struct retort_buffer *out, const struct retort_audit *audit)
{
    retort_buffer_text(out, "\nThe worst is ");
    cli_excerpt(out, retort_span_of(audit->terms[0].name), 40, false);
    retort_buffer_format(out, ": its words add %s", audit->added < 0 ? "−" : "+");
    retort_buffer_fixed(out, fabs(audit->added), 2);
    retort_buffer_text(out, " to the margin of a fine sentence, on average. Their weights:\n");
    for (size_t i = 0; i < audit->n_weights; i++) {
        retort_buffer_text(out, i ? " · " : "");
        cli_put_feature(out, audit->weights[i].feature);
        retort_buffer_text(out, audit->weights[i].weight < 0 ? " −" : " +");
        retort_buffer_fixed(out, fabs(audit->weights[i].weight), 2);
    }
    retort_buffer_byte(out, '\n');
}

static void put_table(struct retort_buffer *out, const struct retort_audit *audit)
{
    retort_buffer_format(out, "%s: AUC %.4f on %zu sentences, %zu terms, the worst first\n\n",
                         audit->label, audit->auc, audit->n_texts, audit->n_terms);
    put_terms(out, audit);
    put_worst(out, audit);
    retort_buffer_text(
        out, "\nsubgroup: the term's toxic sentences above its fine ones. BPSN: others' toxic ones "
             "above its fine ones; low:\nthe term alone alarms. BNSP: its toxic ones above others' "
             "fine ones; low: the term reassures.\n");
}

static void put_number(struct retort_buffer *out, const char *key, double value)
{
    retort_json_key(out, key);
    retort_buffer_fixed(out, value, 4);
}

static void put_aucs(struct retort_buffer *out, double subgroup, double bpsn, double bnsp)
{
    put_number(out, "subgroup", subgroup);
    put_number(out, "bpsn", bpsn);
    put_number(out, "bnsp", bnsp);
}

static void put_json(struct retort_buffer *out, const struct retort_audit *audit)
{
    retort_buffer_byte(out, '{');
    retort_json_key(out, "label");
    retort_json_put(out, retort_span_of(audit->label));
    put_number(out, "auc", audit->auc);
    put_aucs(out, audit->subgroup, audit->bpsn, audit->bnsp);
    retort_json_key(out, "terms");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < audit->n_terms; i++) {
        retort_buffer_text(out, i ? ",{" : "{");
        retort_json_key(out, "term");
        retort_json_put(out, retort_span_of(audit->terms[i].name));
        put_aucs(out, audit->terms[i].subgroup, audit->terms[i].bpsn, audit->terms[i].bnsp);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    retort_json_key(out, "worst");
    retort_json_put(out, retort_span_of(audit->terms[0].name));
    put_number(out, "worst_adds", audit->added);
    retort_json_key(out, "weights");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < audit->n_weights; i++) {
        retort_buffer_text(out, i ? ",[" : "[");
        retort_json_put(out, audit->weights[i].feature);
        retort_buffer_byte(out, ',');
        retort_buffer_number(out, audit->weights[i].weight);
        retort_buffer_byte(out, ']');
    }
    retort_buffer_text(out, "]}\n");
}

int cli_eval_audit(const struct cli_arguments *arguments)
{
    const char *path = cli_value(arguments, "model");
    struct retort_model *model = NULL;
    struct retort_audit audit = {0};
    struct retort_buffer out = {0};
    struct retort_error error;
    bool done = (path && arguments->n_files == 0) ||
                retort_fail(&error, RETORT_USAGE, "--audit FILE wants --model MODEL and no data");
    done = done && retort_model_open(&model, path, &error) &&
           retort_audit_run(&audit, model, cli_value_or(arguments, "label", "toxic"),
                            cli_value(arguments, "audit"), &error);
    if (done && cli_flag(arguments, "json"))
        put_json(&out, &audit);
    else if (done)
        put_table(&out, &audit);
    done = done && cli_flush(&out, stdout, &error);
    retort_buffer_release(&out);
    retort_audit_release(&audit);
    retort_model_close(model);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
