/* retort train --from-reviews: a candidate that has learned from what people decided, beside the
 * model that is in use, on the same decided items. It says what stood for what before it learns,
 * and at the end whether the candidate is better; nothing is stored and no model in use is touched.
 */
#include "cli/train.h"

#include "review/review.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_DB "retort.db"

/* All that one candidate is made with. */
struct candidate {
    const struct cli_arguments *arguments;
    struct retort_train_options options;
    struct retort_store *store;
    struct retort_model *current; /* NULL: the task has no model yet */
    struct retort_buffer current_path, members, name, out;
    struct retort_lessons lessons;
    struct retort_given given;
    struct retort_pairing pairing;
    struct retort_arena arena;
};

static const char *terminated(struct retort_buffer *buffer)
{
    retort_buffer_byte(buffer, 0);
    return (const char *)buffer->data;
}

/* ---- the model in use ---- */

static bool open_current(struct candidate *candidate, struct retort_error *error)
{
    const struct cli_arguments *arguments = candidate->arguments;
    const char *named = cli_value(arguments, "current");
    struct retort_buffer *path = &candidate->current_path;
    struct retort_error ignored;
    if (named) {
        retort_buffer_text(path, named);
    } else if (!cli_models_directory(arguments, path, &ignored)) {
        return !cli_value(arguments, "models") ||
               retort_fail(error, ignored.failure, "%s", ignored.message);
    } else {
        path->len--;
        retort_buffer_format(path, "/%s.model", candidate->options.task);
    }
    terminated(path);
    if (!named && access((const char *)path->data, F_OK) != 0)
        return true;
    if (!retort_model_open(&candidate->current, (const char *)path->data, error))
        return false;
    return strcmp(retort_model_task(candidate->current), candidate->options.task) == 0 ||
           retort_fail(error, RETORT_USAGE, "%s: is a model of %s, not of %s",
                       (const char *)path->data, retort_model_task(candidate->current),
                       candidate->options.task);
}

/* The newest decision that the model's card says it has learned from, if this store has it; else 0.
 */
static bool read_learned(struct candidate *candidate, int64_t *learned, struct retort_error *error)
{
    struct retort_json *card = retort_json_parse(retort_model_card(candidate->current), error);
    const struct retort_json *reviews = card ? retort_json_get(card, "reviews") : NULL;
    const struct retort_json *last = reviews ? retort_json_get(reviews, "last_decision") : NULL;
    struct retort_stored_decision decision = {0};
    struct retort_stored_comment comment = {0};
    struct retort_span identity;
    double id = 0;
    bool read = card != NULL, found = false;
    if (last && retort_json_number(retort_json_get(last, "id"), &id) &&
        retort_json_text(retort_json_get(last, "comment"), &identity))
        read = retort_store_decision(candidate->store, (int64_t)id, &candidate->arena, &decision,
                                     &found, error) &&
               (!found || retort_store_comment(candidate->store, decision.comment,
                                               &candidate->arena, &comment, error));
    if (read && found && retort_span_equal(identity, retort_span_of(comment.identity)))
        *learned = decision.id;
    retort_json_free(card);
    return read;
}

/* ---- what is learned from ---- */

static void put_chances(struct retort_buffer *out, const struct retort_lessons *lessons)
{
    if (!lessons->weighed) {
        retort_buffer_format(
            out,
            "bias: %zu were drawn at random from all that waited for the task, at least %d are "
            "wanted;\n  so all decisions count alike. People and the queue choose what a model "
            "doubts or fears: there the\n  current model looks worse than it is, and the "
            "candidate's probabilities and figures are for such\n  comments, not for all\n",
            lessons->n_drawn, RETORT_LESSONS_ENOUGH_DRAWN);
        return;
    }
    retort_buffer_format(
        out,
        "weights: %zu were drawn at random (%zu draw%s); each stands for as many comments as its "
        "chance says\n  (Horvitz and Thompson 1952), which tells as much as %.0f of equal weight\n",
        lessons->n_drawn, lessons->n_draws, lessons->n_draws == 1 ? "" : "s", lessons->effective);
    if (lessons->n > lessons->n_drawn)
        retort_buffer_format(out,
                             "  others were chosen, not drawn: %zu. They stand for themselves; of "
                             "them %zu, which a draw\n  could have drawn, are only learned from\n",
                             lessons->n - lessons->n_drawn, lessons->n - lessons->n_counted);
    retort_buffer_format(
        out, "  the machines learn from each as from 1 to %u comments (capped at %d: %zu)\n",
        lessons->most_copies, RETORT_LESSONS_MOST_COPIES, lessons->n_capped);
}

/* Labels that decisions are few of: there files help to calibrate and to measure. */
static size_t count_few(const struct retort_lessons *lessons)
{
    size_t n = 0;
    for (size_t l = 0; l < lessons->n_labels; l++)
        n += lessons->labels[l].n_counting < RETORT_LESSONS_LEAST_OF_A_LABEL;
    return n;
}

static void put_few(struct retort_buffer *out, const struct retort_lessons *lessons)
{
    size_t n = 0;
    for (size_t l = 0; l < lessons->n_labels; l++) {
        const struct retort_lesson_label *label = &lessons->labels[l];
        if (label->n_counting < RETORT_LESSONS_LEAST_OF_A_LABEL)
            retort_buffer_format(out, "%s%.*s", n++ ? ", " : "", (int)label->name.len,
                                 (const char *)label->name.data);
    }
}

static void put_files(struct candidate *candidate)
{
    const struct retort_lessons *lessons = &candidate->lessons;
    struct retort_buffer *out = &candidate->out;
    if (candidate->options.n_inputs == 0)
        return;
    retort_buffer_text(out, "files: only learned from; decisions alone count in calibration and "
                            "figures\n");
    if (count_few(lessons) == 0)
        return;
    retort_buffer_format(out, "  but of these, which fewer than %d decisions say, files count%s: ",
                         RETORT_LESSONS_LEAST_OF_A_LABEL,
                         lessons->choice == RETORT_ONE_OF ? " for all labels" : "");
    put_few(out, lessons);
    retort_buffer_byte(out, '\n');
}

static void put_lessons(struct candidate *candidate, int64_t learned)
{
    const struct retort_lessons *lessons = &candidate->lessons;
    struct retort_buffer *out = &candidate->out;
    retort_buffer_format(out, "%s: %zu decisions in force", candidate->options.task, lessons->n);
    for (size_t l = 0; l < lessons->n_labels; l++)
        retort_buffer_format(out, "%s%.*s %zu", l ? ", " : ": ", (int)lessons->labels[l].name.len,
                             (const char *)lessons->labels[l].name.data, lessons->labels[l].n);
    retort_buffer_byte(out, '\n');
    put_chances(out, lessons);
    if (lessons->n_partly)
        retort_buffer_format(out,
                             "chosen: %zu were drawn from a part (a label, a source), or for no "
                             "task in particular; they count as chosen\n",
                             lessons->n_partly);
    if (lessons->n_passed)
        retort_buffer_format(out,
                             "passed: %llu that were drawn were skipped or escalated; they are "
                             "taken to be like those that were decided\n",
                             (unsigned long long)lessons->n_passed);
    if (lessons->n_in_bulk)
        retort_buffer_format(out, "left out: %zu of bulks, which nobody has judged one by one\n",
                             lessons->n_in_bulk);
    put_files(candidate);
    if (learned)
        retort_buffer_format(out,
                             "the current model has learned from decisions itself: the %zu since "
                             "then compare the two\n",
                             lessons->n_judging);
    retort_buffer_byte(out, '\n');
}

/* What the card says of the decisions: also what `relabel` must not count for the candidate. */
static void note_lessons(struct candidate *candidate)
{
    const struct retort_lessons *lessons = &candidate->lessons;
    struct retort_buffer *out = &candidate->members;
    retort_buffer_format(out, "\"last_decision\":{\"id\":%lld,\"comment\":\"%s\"",
                         (long long)lessons->last.decision, lessons->last.comment);
    retort_json_key(out, "decided");
    retort_json_put(out, lessons->last.decided);
    retort_buffer_format(
        out, "},\"n\":%zu,\"drawn_at_random\":%zu,\"draws\":%zu,\"weighed\":%s,\"counted\":%zu",
        lessons->n, lessons->n_drawn, lessons->n_draws, lessons->weighed ? "true" : "false",
        lessons->n_counted);
    retort_json_key(out, "effective");
    retort_buffer_fixed(out, lessons->effective, 1);
    retort_buffer_format(out, ",\"most_copies\":%u,\"capped\":%zu", lessons->most_copies,
                         lessons->n_capped);
    candidate->options.reviews = retort_buffer_span(out);
}

static bool read_lessons(struct candidate *candidate, struct retort_error *error)
{
    struct retort_lessons_wanted wanted = {.task = candidate->options.task};
    struct retort_lessons *lessons = &candidate->lessons;
    const char *db = cli_value_or(candidate->arguments, "db", DEFAULT_DB);
    if (!retort_store_open(&candidate->store, db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS, error) ||
        (candidate->current && !read_learned(candidate, &wanted.learned_up_to, error)) ||
        !retort_review_lessons(candidate->store, &wanted, &candidate->arena, lessons, error))
        return false;
    if (!retort_review_lessons_suffice(lessons, &wanted, candidate->options.n_inputs == 0, error))
        return retort_fail_within(error, "%s", db);
    retort_buffer_format(&candidate->name, "decisions of %s", cli_file_name(db));
    candidate->given = (struct retort_given){terminated(&candidate->name), lessons->lines,
                                             RETORT_LESSONS_LEAST_OF_A_LABEL};
    put_lessons(candidate, wanted.learned_up_to);
    note_lessons(candidate);
    return true;
}

/* As the current model was made, unless the options say otherwise. What that states of prevalence
 * holds for labels that decisions are few of; of the others they tell it. */
static bool choose_recipe(struct candidate *candidate, struct retort_error *error)
{
    struct retort_train_options *options = &candidate->options;
    const struct retort_model *current = candidate->current;
    if (!options->prevalence && (options->n_inputs == 0 || count_few(&candidate->lessons) == 0))
        options->prevalence = "";
    if (options->recipe || !current)
        return true;
    options->recipe = retort_arena_string(&candidate->arena, retort_model_recipe_text(current));
    if (options->base)
        return true;
    if (retort_model_base(current))
        return retort_fail(error, RETORT_USAGE,
                           "the current model stands on another's margins; name that by --base "
                           "MODEL, or give a --recipe");
    if (retort_model_vectors(current))
        options->base = (const char *)candidate->current_path.data;
    return true;
}

/* ---- what came of it ---- */

static void put_share(struct retort_buffer *out, const char *name,
                      const struct retort_interval *share)
{
    retort_buffer_format(out, "  %-10s right %5.1f of 100  (95 %%: %.1f to %.1f)\n", name,
                         100 * share->value, 100 * share->low, 100 * share->high);
}

static void put_change(struct retort_buffer *out, const double values[RETORT_N_PAIRED])
{
    for (int m = 0; m < RETORT_N_PAIRED; m++) {
        retort_buffer_text(out, m ? " → " : "  ");
        if (isnan(values[m]))
            retort_buffer_text(out, "   ·");
        else
            retort_buffer_format(out, "%4.2f", values[m]);
    }
}

static void put_labels(struct retort_buffer *out, const struct retort_pairing *pairing)
{
    retort_buffer_format(out, "\n  %-16s %7s  %-11s  %-11s\n", "label", "people", "precision",
                         "recall");
    for (size_t l = 0; l < pairing->n_labels; l++) {
        retort_buffer_format(out, "  %-16.16s %7zu", pairing->labels[l].name,
                             pairing->labels[l].n_yes);
        put_change(out, pairing->labels[l].precision);
        put_change(out, pairing->labels[l].recall);
        retort_buffer_byte(out, '\n');
    }
}

static void put_pairing(struct candidate *candidate)
{
    const struct retort_pairing *pairing = &candidate->pairing;
    struct retort_buffer *out = &candidate->out;
    retort_buffer_format(out,
                         "\nBoth on the same %zu decided comments of %zu threads, the candidate "
                         "out of fold:\n",
                         pairing->n_items, pairing->n_groups);
    put_share(out, "current", &pairing->right[RETORT_CURRENT]);
    put_share(out, "candidate", &pairing->right[RETORT_CANDIDATE]);
    retort_buffer_format(out, "  the current alone is right on %zu, the candidate alone on %zu\n",
                         pairing->only[RETORT_CURRENT], pairing->only[RETORT_CANDIDATE]);
    put_labels(out, pairing);
    retort_buffer_byte(out, '\n');
    retort_pairing_verdict(pairing, out);
    retort_buffer_byte(out, '\n');
}

static void put_end(struct candidate *candidate)
{
    struct retort_buffer *out = &candidate->out;
    if (candidate->current)
        put_pairing(candidate);
    else
        retort_buffer_format(out, "\n%s has no model yet: there is nothing to compare with\n",
                             candidate->options.task);
    retort_buffer_format(
        out, "\nNext:\n  %s relabel -d %s --model %s --dry-run\n", candidate->arguments->program,
        cli_value_or(candidate->arguments, "db", DEFAULT_DB), candidate->options.output);
}

/* ---- the run ---- */

/* --with names one file, those behind it follow. */
static void list_inputs(struct candidate *candidate)
{
    struct retort_train_options *options = &candidate->options;
    const char *with = cli_value(candidate->arguments, "with");
    const char **inputs = RETORT_NEW(&candidate->arena, const char *, options->n_inputs + 1);
    size_t n = 0;
    if (with)
        inputs[n++] = with;
    for (size_t i = 0; i < options->n_inputs; i++)
        inputs[n++] = options->inputs[i];
    options->inputs = inputs;
    options->n_inputs = n;
}

static bool train(struct candidate *candidate, struct retort_error *error)
{
    struct retort_train_options *options = &candidate->options;
    options->given = &candidate->given;
    if (candidate->current) {
        options->current = candidate->current;
        options->pairing = &candidate->pairing;
    }
    return retort_train(options, error);
}

static bool show(struct candidate *candidate, struct retort_error *error)
{
    struct retort_model *model;
    if (!retort_model_open(&model, candidate->options.output, error))
        return false;
    cli_print_card(model, stdout);
    retort_model_close(model);
    put_end(candidate);
    return cli_flush(&candidate->out, stdout, error);
}

static void release(struct candidate *candidate)
{
    retort_pairing_release(&candidate->pairing);
    retort_buffer_release(&candidate->current_path);
    retort_buffer_release(&candidate->members);
    retort_buffer_release(&candidate->name);
    retort_buffer_release(&candidate->out);
    retort_model_close(candidate->current);
    retort_store_close(candidate->store);
    retort_arena_release(&candidate->arena);
}

bool train_reviews(const struct cli_arguments *arguments,
                   const struct retort_train_options *options, struct retort_error *error)
{
    struct candidate candidate = {.arguments = arguments, .options = *options};
    list_inputs(&candidate);
    bool done = open_current(&candidate, error) && read_lessons(&candidate, error) &&
                choose_recipe(&candidate, error) &&
                (options->quiet || cli_deliver(&candidate.out, stdout, error)) &&
                train(&candidate, error) && (options->quiet || show(&candidate, error));
    release(&candidate);
    return done;
}
