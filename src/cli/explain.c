/* Explanations for a person: the words that decided, each with what it adds to the margin and what
 * the probability would be without it, and all the rest as one number, so that a line is the margin
 * that it explains. */
#include "cli/cli.h"

#include <math.h>

enum { MOST_NAME = 28 };

/* How cues begin that do not speak for themselves, and what is said in their place. */
static const struct {
    const char *begins, *said;
} SAID[] = {
    {"target_none", "target not named"},  {"target_plain", "target"},
    {"target_against", "target against"}, {"top", "answers nobody"},
    {"first", "answers article"},         {"deeper", "answers comment"},
};

/* Cuts off what is said in other words; "top" begins "top_asks" and not "topic". */
static const char *said_for(struct retort_span *cue)
{
    for (size_t i = 0; i < sizeof SAID / sizeof SAID[0]; i++) {
        struct retort_span begins = retort_span_of(SAID[i].begins);
        bool ends =
            cue->len == begins.len || (cue->len > begins.len && cue->data[begins.len] == '_');
        if (!ends || !retort_span_starts(*cue, begins))
            continue;
        *cue = retort_span_slice(*cue, begins.len, cue->len);
        return SAID[i].said;
    }
    return "";
}

/* "cue:first_asks" → "answers article asks", "char: tup" → "char:_tup"; "parent:yes" stays. */
static void put_plain(struct retort_buffer *out, struct retort_span name)
{
    struct retort_span cue = RETORT_SPAN("cue:");
    bool is_cue = retort_span_starts(name, cue);
    bool is_char = retort_span_starts(name, RETORT_SPAN("char:"));
    struct retort_buffer plain = {0};
    if (is_cue) {
        name = retort_span_slice(name, cue.len, name.len);
        retort_buffer_text(&plain, said_for(&name));
    }
    for (size_t at = 0; at < name.len; at++) {
        uint8_t byte = name.data[at];
        byte = is_cue && byte == '_' ? ' ' : is_char && byte == ' ' ? '_' : byte;
        retort_buffer_byte(&plain, byte);
    }
    cli_excerpt(out, retort_buffer_span(&plain), MOST_NAME, false);
    retort_buffer_release(&plain);
}

static void put_signed(struct retort_buffer *out, double value)
{
    retort_buffer_text(out, value < 0 ? " −" : " +");
    retort_buffer_fixed(out, fabs(value), 2);
}

/* “idiots” +1.82 → 41%, or (second) +0.20 */
static void put_decider(struct retort_buffer *out, const struct retort_decider *decider,
                        bool colour)
{
    bool is_words = decider->n_places > 0;
    retort_buffer_text(out, cli_style(colour, decider->contribution > 0 ? CLI_YELLOW : CLI_CYAN));
    retort_buffer_text(out, is_words ? "“" : "(");
    if (is_words)
        cli_excerpt(out, decider->name, MOST_NAME, false);
    else
        put_plain(out, decider->name);
    retort_buffer_text(out, is_words ? "”" : ")");
    put_signed(out, decider->contribution);
    retort_buffer_text(out, cli_style(colour, CLI_PLAIN));
    if (is_words)
        retort_buffer_format(out, " → %.0f%%", 100 * decider->p_without);
}

void cli_put_feature(struct retort_buffer *out, struct retort_span name)
{
    struct retort_span word = RETORT_SPAN("word:");
    bool is_word = retort_span_starts(name, word);
    retort_buffer_text(out, is_word ? "“" : "(");
    if (is_word)
        cli_excerpt(out, retort_span_slice(name, word.len, name.len), MOST_NAME, false);
    else
        put_plain(out, name);
    retort_buffer_text(out, is_word ? "”" : ")");
}

static size_t columns_of(struct retort_span text)
{
    size_t n = 0;
    for (size_t at = 0; at < text.len;)
        n += retort_columns(retort_utf8_next(text, &at));
    return n;
}

void cli_put_deciders(struct retort_buffer *out, const struct retort_explanation *explanation,
                      bool colour, size_t columns)
{
    enum { REST = 14 }; /* " · rest −12.34" */
    struct retort_buffer plain = {0};
    double rest = explanation->margin;
    size_t used = 0;
    for (size_t i = 0; i < explanation->n_deciders; i++) {
        const struct retort_decider *decider = &explanation->deciders[i];
        retort_buffer_clear(&plain);
        put_decider(&plain, decider, false);
        size_t width = columns_of(retort_buffer_span(&plain)) + 3;
        if (i > 0 && used + width + REST > columns)
            break;
        used += width;
        rest -= decider->contribution;
        retort_buffer_text(out, i > 0 ? " · " : "");
        put_decider(out, decider, colour);
    }
    retort_buffer_release(&plain);
    retort_buffer_text(out, cli_style(colour, CLI_DIM));
    retort_buffer_text(out, explanation->n_deciders ? " · rest" : "no word the model knows");
    if (explanation->n_deciders)
        put_signed(out, rest);
    retort_buffer_format(out, "%s\n", cli_style(colour, CLI_PLAIN));
}

void cli_put_deciders_legend(struct retort_buffer *out)
{
    retort_buffer_text(
        out,
        "\n“word” +1.2 → 40%: the word speaks for the label (−: against it), and without it the "
        "label's probability\nwould be 40 %. What stands in ( ) is no word of the comment. rest: "
        "all that is not shown, and what the model\nassumes of any comment. The numbers of a "
        "line add up to the margin, from which the probability is made.\n");
}
