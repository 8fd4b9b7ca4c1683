/* How weights are learned: the keys of a recipe that begin with "train.", one row each. */
#include "train/parts.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset, most_values; /* a list of up to so many numbers, divided by commas */
    double most;
} KEYS[] = {
    {"min_df", offsetof(struct retort_method, min_df), 1, 1e6},
    {"chi2", offsetof(struct retort_method, chi2), 1, 1},
    {"nb", offsetof(struct retort_method, nb), 1, 100},
    {"plain", offsetof(struct retort_method, plain), 1, 1000},
    {"standard", offsetof(struct retort_method, standard), 1, 1},
    {"squared", offsetof(struct retort_method, squared), 1, 1},
    {"one_vs_one", offsetof(struct retort_method, one_vs_one), 1, 1},
    {"kernels", offsetof(struct retort_method, kernels), 1, 1},
    {"by_accuracy", offsetof(struct retort_method, by_accuracy), 1, 1},
    {"sure_by_source", offsetof(struct retort_method, sure_by_source), 1, 1},
    {"vectors", offsetof(struct retort_method, vectors), 1, RETORT_MOST_DIMENSIONS},
    {"by_f1", offsetof(struct retort_method, by_f1), 1, 1},
    {"costs", offsetof(struct retort_method, costs), RETORT_MOST_TRIED, 1e6},
    {"balances", offsetof(struct retort_method, balances), RETORT_MOST_TRIED, 1},
};

/* Features kept of each field unless the recipe says otherwise: a model stays under 8 MB. */
static const double MOST_FEATURES[RETORT_N_FIELDS] = {
    [RETORT_FIELD_WORD] = 50000,  [RETORT_FIELD_CHAR] = 40000,  [RETORT_FIELD_PARENT] = 5000,
    [RETORT_FIELD_PAIR] = 40000,  [RETORT_FIELD_SIDE] = 30000,  [RETORT_FIELD_OPENING] = 5000,
    [RETORT_FIELD_EARLY] = 10000, [RETORT_FIELD_QUOTED] = 5000, [RETORT_FIELD_CUE] = 1000,
    [RETORT_FIELD_STACK] = 1000,  [RETORT_FIELD_KIN] = 1000,    [RETORT_FIELD_TOWARD] = 300000,
};

static void set_defaults(struct retort_method *method, enum retort_choice choice)
{
    *method = (struct retort_method){.min_df = 5, .costs = {0.03, 0.1, 0.3, 1, RETORT_NOT_TRIED}};
    method->balances[0] = choice == RETORT_ONE_OF;
    method->balances[1] = RETORT_NOT_TRIED;
    memcpy(method->most, MOST_FEATURES, sizeof method->most);
}

/* Numbers divided by commas; the rest of the list is RETORT_NOT_TRIED. */
static bool read_list(struct retort_span text, double most, size_t n, double *values)
{
    for (size_t i = 0; i < n; i++) {
        size_t comma = 0;
        while (comma < text.len && text.data[comma] != ',')
            comma++;
        bool more = i == 0 || text.len > 0;
        values[i] = RETORT_NOT_TRIED;
        if (more && !retort_setting_number(retort_span_slice(text, 0, comma), most, &values[i]))
            return false;
        text = retort_span_slice(text, comma + 1 < text.len ? comma + 1 : text.len, text.len);
    }
    return text.len == 0;
}

static bool read_most(struct retort_method *method, struct retort_span field,
                      struct retort_span text)
{
    for (int i = 0; i < RETORT_N_FIELDS; i++)
        if (retort_span_equal(field, retort_span_of(retort_field_name((enum retort_field)i))))
            return read_list(text, 1e7, 1, &method->most[i]);
    return false;
}

static bool read_setting(struct retort_method *method, struct retort_span key,
                         struct retort_span text)
{
    const struct retort_span most = RETORT_SPAN("most.");
    if (retort_span_equal(key, RETORT_SPAN("prevalence"))) {
        method->prevalence = text;
        return text.len > 0;
    }
    if (retort_span_starts(key, most))
        return read_most(method, retort_span_slice(key, most.len, key.len), text);
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        if (retort_span_equal(key, retort_span_of(KEYS[i].name)))
            return read_list(text, KEYS[i].most, KEYS[i].most_values,
                             (double *)(void *)((char *)method + KEYS[i].offset));
    return false;
}

bool retort_method_read(struct retort_method *method, struct retort_span recipe,
                        enum retort_choice choice, struct retort_error *error)
{
    const struct retort_span prefix = RETORT_SPAN("train.");
    struct retort_setting setting;
    set_defaults(method, choice);
    while (retort_recipe_next(&recipe, &setting)) {
        struct retort_span key = retort_span_slice(setting.key, prefix.len, setting.key.len);
        if (retort_span_starts(setting.key, prefix) && !read_setting(method, key, setting.value))
            return retort_fail(error, RETORT_USAGE,
                               "recipe: \"%.*s\" is no way of training that this retort knows, or "
                               "its value is out of range",
                               (int)(setting.key.len < 60 ? setting.key.len : 60),
                               (const char *)setting.key.data);
    }
    if (method->vectors != floor(method->vectors))
        return retort_fail(error, RETORT_USAGE, "recipe: train.vectors wants a whole number");
    return method->costs[0] > 0 ||
           retort_fail(error, RETORT_USAGE, "recipe: train.costs wants numbers above 0");
}
