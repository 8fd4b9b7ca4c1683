/* A model file from a stranger, whose checksums are right whatever the rest is: it is refused, or
 * it labels and explains comments as any other, the same whatever was labelled before. */
#define _GNU_SOURCE
#include "fuzz/fuzz.h"
#include "model/model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Where the header says how long the file is, and where what follows it begins; bundle.c. */
enum { AT_VERSION = 8, AT_SECTIONS = 12, AT_SIZE = 16, AT_CHECKSUM = 24, HEADER = 32 };
enum { SECTION = 40, AT_BEGIN = 24, AT_LENGTH = 32, MOST_SECTIONS = 64 };

static uint64_t number_at(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    memcpy(&number, bytes, size);
    return number;
}

/* The header of a container, made to fit. */
static void seal(uint8_t *bytes, size_t len)
{
    uint64_t size = len;
    if (len < HEADER)
        return;
    memcpy(bytes, "retort\x1A\n", 8);
    memcpy(bytes + AT_SIZE, &size, sizeof size);
    uint64_t seed = number_at(bytes + AT_VERSION, 4) << 32 | number_at(bytes + AT_SECTIONS, 4);
    uint64_t checksum = retort_hash((struct retort_span){bytes + HEADER, len - HEADER}, seed);
    memcpy(bytes + AT_CHECKSUM, &checksum, sizeof checksum);
}

/* The same of a container within, then of the whole. */
static void seal_all(uint8_t *bytes, size_t len)
{
    size_t n = len >= HEADER ? (size_t)number_at(bytes + AT_SECTIONS, 4) : 0;
    for (size_t i = 0; i < n && i < MOST_SECTIONS && HEADER + (i + 1) * SECTION <= len; i++) {
        const uint8_t *section = bytes + HEADER + i * SECTION;
        uint64_t begin = number_at(section + AT_BEGIN, 8);
        uint64_t length = number_at(section + AT_LENGTH, 8);
        if (memcmp(section, "base", 5) == 0 && begin >= HEADER + n * SECTION && begin <= len &&
            length <= len - begin)
            seal(bytes + begin, (size_t)length);
    }
    seal(bytes, len);
}

static bool open_bytes(const uint8_t *bytes, size_t len, struct retort_model **model)
{
    char path[64];
    struct retort_error error;
    int file = memfd_create("model", 0);
    if (file < 0 || write(file, bytes, len) != (ssize_t)len)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    bool opened = retort_model_open(model, path, &error);
    assert(opened || (error.failure == RETORT_REFUSED && !strchr(error.message, '\n')));
    close(file);
    return opened;
}

static const struct retort_item ITEMS[] = {
    {.text = {(const uint8_t *)"The dam was never full, it's dry :( SOOO dry!", 46}},
    {.text = {(const uint8_t *)"No you are wrong. \"the dam\" is the dam", 38},
     .parent_text = {(const uint8_t *)"was the dam full?", 17},
     .target = {(const uint8_t *)"ban the dam", 11}},
    {.text = {NULL, 0}, .target = {(const uint8_t *)"dam", 3}},
};
enum { N_ITEMS = sizeof ITEMS / sizeof ITEMS[0] };

static bool is_same(double a, double b)
{
    return a == b || (a != a && b != b);
}

static void label(const struct retort_model *model)
{
    struct retort_arena arena = {0};
    struct retort_labeller used, fresh;
    struct retort_verdict first, again;
    struct retort_explanation *explanations =
        RETORT_NEW(&arena, struct retort_explanation, retort_model_n_labels(model));
    retort_labeller_init(&used);
    for (size_t i = 0; i < N_ITEMS; i++) {
        retort_label_item(&used, model, &ITEMS[i], &arena, &first);
        retort_explain(&used, model, &ITEMS[i], &arena, explanations);
        retort_labeller_init(&fresh);
        retort_label_item(&fresh, model, &ITEMS[i], &arena, &again);
        retort_labeller_release(&fresh);
        assert(first.label < retort_model_n_labels(model) && first.label == again.label);
        for (size_t l = 0; l < retort_model_n_labels(model); l++) {
            assert(is_same(first.scores[l].margin, again.scores[l].margin));
            assert(first.scores[l].p >= 0 && first.scores[l].p <= 1);
            for (size_t c = 0; c < explanations[l].n_causes; c++)
                assert(retort_utf8_valid(explanations[l].causes[c].name));
        }
    }
    retort_labeller_release(&used);
    retort_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_model *model;
    uint8_t *bytes = malloc(size + 1);
    if (!bytes)
        abort();
    if (size > 0)
        memcpy(bytes, data, size);
    seal_all(bytes, size);
    if (open_bytes(bytes, size, &model)) {
        assert(retort_utf8_valid(retort_span_of(retort_model_task(model))));
        label(model);
        retort_model_close(model);
    }
    free(bytes);
    return 0;
}
