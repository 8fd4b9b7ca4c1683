/* What nobody can be faster than, on the same bytes, and what the solvers' own programs read.
 *
 *     bench_floor memcpy FILE         read it and copy it once
 *     bench_floor parse FILE          read it and parse each line as JSON (jansson)
 *     bench_floor check FILE          read it and check each line as JSON (our scanner)
 *     bench_floor features FILE MODEL [LABEL]
 *         each line as the model's vector in libsvm's form, its label 1 where LABEL holds */
#include "base/base.h"
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

struct run {
    const char *label;
    struct retort_model *model;
    struct retort_labeller labeller;
    struct retort_arena arena;
    struct retort_buffer out;
};

static bool parse_line(struct run *run, struct retort_span line, struct retort_error *error)
{
    struct retort_json *root = retort_json_parse(line, error);
    (void)run;
    retort_json_free(root);
    return root != NULL;
}

static bool check_line(struct run *run, struct retort_span line, struct retort_error *error)
{
    (void)run;
    return retort_json_check(line, error);
}

static bool has_label(const struct retort_json *root, const char *label)
{
    const struct retort_json *labels = retort_json_get(root, "label");
    struct retort_span text;
    for (size_t i = 0; labels && i < retort_json_length(labels); i++)
        if (retort_json_text(retort_json_at(labels, i), &text) &&
            retort_span_equal(text, retort_span_of(label)))
            return true;
    return false;
}

static void put_vector(struct run *run, const struct retort_item *item)
{
    const struct retort_dictionary *dictionary = retort_model_dictionary(run->model);
    const struct retort_recipe *recipe = retort_model_recipe(run->model);
    struct retort_entry *entries;
    retort_labeller_fill(&run->labeller, recipe, retort_model_base(run->model), item, NULL);
    size_t n = retort_bag_counts(&run->labeller.bag, dictionary, &run->arena, &entries);
    retort_weigh(entries, n, recipe, dictionary);
    for (size_t i = 0; i < n; i++)
        retort_buffer_format(&run->out, " %u:%.6g", entries[i].feature + 1,
                             (double)entries[i].value);
    retort_buffer_byte(&run->out, '\n');
}

static bool put_features(struct run *run, struct retort_span line, struct retort_error *error)
{
    struct retort_json *root = retort_json_parse(line, error);
    struct retort_item item = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    const struct retort_json *text = root ? retort_json_get(root, "text") : NULL;
    if (!root || !text || !retort_json_text(text, &item.text)) {
        retort_json_free(root);
        return root && retort_fail(error, RETORT_INPUT, "no text");
    }
    retort_buffer_text(&run->out, run->label && has_label(root, run->label) ? "1" : "-1");
    put_vector(run, &item);
    retort_json_free(root);
    retort_arena_release(&run->arena);
    bool full = run->out.len > 1 << 20;
    if (full && fwrite(run->out.data, 1, run->out.len, stdout) != run->out.len)
        return retort_fail(error, RETORT_RUNTIME, "cannot write");
    if (full)
        retort_buffer_clear(&run->out);
    return true;
}

static bool copy(struct retort_span bytes)
{
    uint8_t *to = malloc(bytes.len + 1);
    if (!to)
        return false;
    memcpy(to, bytes.data, bytes.len);
    bool same = bytes.len == 0 || to[bytes.len / 2] == bytes.data[bytes.len / 2];
    free(to);
    return same;
}

static const struct {
    const char *name;
    bool (*visit)(struct run *run, struct retort_span line, struct retort_error *error);
} MODES[] = {
    {"memcpy", NULL}, {"parse", parse_line}, {"check", check_line}, {"features", put_features}};

static bool each_line(size_t mode, struct run *run, struct retort_span rest,
                      struct retort_error *error)
{
    struct retort_span line;
    if (!MODES[mode].visit)
        return copy(rest);
    while (retort_span_next_line(&rest, &line))
        if (!MODES[mode].visit(run, line, error))
            return false;
    return fwrite(run->out.data, 1, run->out.len, stdout) == run->out.len && fflush(stdout) == 0;
}

int main(int argc, char **argv)
{
    struct retort_error error = {RETORT_RUNTIME, "cannot"};
    struct run run = {0};
    struct retort_file file;
    size_t mode = 0;
    while (argc >= 3 && mode < sizeof MODES / sizeof MODES[0] &&
           strcmp(MODES[mode].name, argv[1]) != 0)
        mode++;
    if (argc < 3 || mode == sizeof MODES / sizeof MODES[0])
        return RETORT_USAGE;
    run.label = argc > 4 ? argv[4] : NULL;
    retort_labeller_init(&run.labeller);
    bool done = (argc < 4 || retort_model_open(&run.model, argv[3], &error)) &&
                retort_file_read(&file, argv[2], &error) &&
                each_line(mode, &run, file.bytes, &error);
    if (!done)
        fprintf(stderr, "bench_floor: %s\n", error.message);
    return done ? RETORT_DONE : (int)error.failure;
}
