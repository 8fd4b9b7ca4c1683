/* Attributes: the closed table between Perspective's names and our tasks and labels.
 *
 * Perspective's own come first. What our models know beyond them has names of ours, in the same
 * form. An attribute of Perspective's that no label of ours means (SPAM, FLIRTATION …) is not in
 * the table and answered as unknown: a number for it would be made up. */
#include "serve/perspective.h"

static const struct perspective_attribute ATTRIBUTES[] = {
    {"TOXICITY", "tone", "toxic", false},
    {"TOXICITY_FAST", "tone", "toxic", false},
    {"SEVERE_TOXICITY", "tone", "severe_toxic", false},
    {"INSULT", "tone", "insult", false},
    {"THREAT", "tone", "threat", false},
    {"IDENTITY_ATTACK", "tone", "identity_attack", false},
    {"PROFANITY", "tone", "obscene", false},
    {"OBSCENE", "tone", "obscene", false},
    {"ANGRY", "tone", "angry", false},
    {"POLITE", "tone", "polite", false},
    {"SARCASTIC", "tone", "sarcastic", false},
    {"REPLY_AGREE", "reply", "agree", true},
    {"REPLY_DISAGREE", "reply", "disagree", true},
    {"REPLY_QUERY", "reply", "query", true},
    {"REPLY_NONE", "reply", "none", true},
    {"STANCE_FAVOR", "stance", "favor", true},
    {"STANCE_AGAINST", "stance", "against", true},
    {"STANCE_NONE", "stance", "none", true},
};
enum { N_ATTRIBUTES = sizeof ATTRIBUTES / sizeof ATTRIBUTES[0] };

/* "NAME@6" asks for a version; there is one only. */
static struct retort_span without_version(struct retort_span name)
{
    size_t end = name.len;
    while (end > 0 && name.data[end - 1] >= '0' && name.data[end - 1] <= '9')
        end--;
    bool versioned = end > 0 && end < name.len && name.data[end - 1] == '@';
    return versioned ? retort_span_slice(name, 0, end - 1) : name;
}

static struct retort_span without_experimental(struct retort_span name)
{
    static const struct retort_span END = {(const uint8_t *)"_EXPERIMENTAL", 13};
    if (name.len <= END.len)
        return name;
    struct retort_span end = retort_span_slice(name, name.len - END.len, name.len);
    return retort_span_equal(end, END) ? retort_span_slice(name, 0, name.len - END.len) : name;
}

const struct perspective_attribute *perspective_attribute(struct retort_span name)
{
    name = without_experimental(without_version(name));
    for (size_t i = 0; i < N_ATTRIBUTES; i++)
        if (retort_span_equal(name, retort_span_of(ATTRIBUTES[i].name)))
            return &ATTRIBUTES[i];
    return NULL;
}
