/* Handwriting: habits of typing, by which two comments of one writer may be known. */
#include "thread/heard.h"

#define BIT(fact) (UINT64_C(1) << RETORT_VOICE_##fact)

static const uint64_t HAND =
    BIT(STRAIGHT) | BIT(CURLY) | BIT(STRAIGHT_APOSTROPHE) | BIT(CURLY_APOSTROPHE) |
    BIT(DOUBLE_SPACE) | BIT(SMALL_I) | BIT(SLOPPY) | BIT(NO_SPACE) | BIT(DOTS) | BIT(SMILEY) |
    BIT(LONG_DASH) | BIT(SHORT_DASH) | BIT(LOUD) | BIT(SHOUTS) | BIT(ENDS_LETTER) |
    BIT(STARTS_LOWER) | BIT(ENDS_EXCLAIM) | BIT(OWN_CONTRACTION);

float thread_hands_both(const struct retort_heard *heard, size_t a, size_t b)
{
    uint64_t both = heard->speakers[a].voice.facts & heard->speakers[b].voice.facts & HAND;
    return (float)__builtin_popcountll(both);
}

float thread_hands_apart(const struct retort_heard *heard, size_t a, size_t b)
{
    uint64_t apart = (heard->speakers[a].voice.facts ^ heard->speakers[b].voice.facts) & HAND;
    return (float)__builtin_popcountll(apart);
}
