/* Span scores: which part of a comment has the attribute.
 *
 * A margin is exactly the sum of its bias, of what each word adds and of what stands on no word
 * (model.h). So the score of a sentence is the probability that the label would have if its words
 * were the only ones that add: bias, what stands on no word, and this sentence's words. The
 * sentences' parts of the margin add up to the margin's; a comment of one sentence has one span,
 * and its score is the summary's.
 *
 * Spans are of sentences, as Perspective's are, in the order of the text, and count UTF-16 code
 * units. Of a comment that came as HTML only the whole is a span: offsets into what was left of it
 * would mean nothing to who sent it. */
#include "serve/perspective.h"

size_t perspective_utf16_units(struct retort_span text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) /* a unit a character, a second one beyond U+FFFF */
        n += (size_t)((text.data[i] & 0xC0) != 0x80) + (size_t)(text.data[i] >= 0xF0);
    return n;
}

static void put_count(struct retort_buffer *out, size_t count)
{
    uint8_t digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (uint8_t)('0' + count % 10);
    while ((count /= 10) > 0);
    retort_buffer_put(out, (struct retort_span){digits + at, sizeof digits - at});
}

static void put_span(struct retort_buffer *out, size_t begin, size_t end, double p)
{
    if (out->data[out->len - 1] == '}')
        retort_buffer_byte(out, ',');
    retort_buffer_put(out, RETORT_SPAN("{\"begin\":"));
    put_count(out, begin);
    retort_buffer_put(out, RETORT_SPAN(",\"end\":"));
    put_count(out, end);
    retort_buffer_put(out, RETORT_SPAN(",\"score\":"));
    perspective_put_score(out, p);
    retort_buffer_byte(out, '}');
}

/* ---- sentences ---- */

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Quotation marks and brackets that may close behind a full stop, and more full stops. */
static bool is_closing(uint8_t byte)
{
    return byte == '"' || byte == '\'' || byte == ')' || byte == ']' || byte == '.' ||
           byte == '!' || byte == '?';
}

/* A sentence ends behind . ! ? before white space, or at the end of a line. */
static size_t sentence_end(struct retort_span text, size_t at)
{
    for (; at < text.len; at++) {
        uint8_t byte = text.data[at];
        if (byte == '\n' || byte == '\r')
            return at;
        if (byte != '.' && byte != '!' && byte != '?')
            continue;
        while (at + 1 < text.len && is_closing(text.data[at + 1]))
            at++;
        if (at + 1 == text.len || is_space(text.data[at + 1]))
            return at + 1;
    }
    return text.len;
}

static bool next_sentence(struct retort_span text, size_t *begin, size_t *end)
{
    *begin = *end;
    while (*begin < text.len && is_space(text.data[*begin]))
        ++*begin;
    *end = sentence_end(text, *begin);
    while (*end > *begin && is_space(text.data[*end - 1]))
        --*end;
    return *begin < *end;
}

/* ---- scores ---- */

/* A walk over the sentences: of each label of the model, what stands on no word, and the next of
 * its words. Words and sentences both ascend, so each word is met once. */
struct walk {
    const struct retort_model *model;
    const struct retort_explanation *explanations;
    size_t n_labels;
    double *base;
    size_t *next;
    struct retort_score *scores;
};

static double no_words(const struct retort_explanation *explanation)
{
    double sum = explanation->bias + explanation->rounding;
    for (size_t i = explanation->n_words; i < explanation->n_causes; i++)
        sum += explanation->causes[i].contribution;
    return sum;
}

static struct walk begin_walk(struct perspective *call, const struct perspective_asked *asked,
                              const struct retort_explanation *explanations)
{
    const struct retort_model *model = call->models->models[asked->model];
    size_t n_labels = retort_model_n_labels(model);
    struct walk walk = {model,
                        explanations,
                        n_labels,
                        RETORT_NEW(call->arena, double, n_labels),
                        RETORT_NEW(call->arena, size_t, n_labels),
                        RETORT_NEW(call->arena, struct retort_score, n_labels)};
    for (size_t l = 0; l < n_labels; l++)
        walk.base[l] = no_words(&explanations[l]);
    return walk;
}

/* What the words up to `end` add to the margin of a label. */
static double next_words(struct walk *walk, size_t l, size_t end)
{
    const struct retort_explanation *explanation = &walk->explanations[l];
    double sum = 0;
    size_t i = walk->next[l];
    for (; i < explanation->n_words && explanation->causes[i].begin < end; i++)
        sum += explanation->causes[i].contribution;
    walk->next[l] = i;
    return sum;
}

/* The label's p with only the next words, those up to `end`. */
static double next_p(struct walk *walk, size_t label, size_t end)
{
    size_t chosen;
    for (size_t l = 0; l < walk->n_labels; l++)
        walk->scores[l].margin = walk->base[l] + next_words(walk, l, end);
    retort_decide(retort_model_label(walk->model, 0), walk->n_labels,
                  retort_model_choice(walk->model), walk->scores, &chosen);
    return walk->scores[label].p;
}

static void put_sentences(struct perspective *call, const struct perspective_request *request,
                          const struct perspective_asked *asked,
                          const struct retort_explanation *explanations)
{
    struct walk walk = begin_walk(call, asked, explanations);
    struct retort_span text = request->item.text;
    size_t counted = 0, units = 0;
    for (size_t begin, end = 0; next_sentence(text, &begin, &end);) {
        double p = next_p(&walk, asked->label, end);
        units += perspective_utf16_units(retort_span_slice(text, counted, begin));
        size_t length = perspective_utf16_units(retort_span_slice(text, begin, end));
        if (p >= asked->threshold)
            put_span(call->out, units, units + length, p);
        units += length;
        counted = end;
    }
}

void perspective_put_spans(struct perspective *call, const struct perspective_request *request,
                           const struct perspective_asked *asked, double p,
                           const struct retort_explanation *explanations)
{
    size_t begin = call->out->len, empty;
    retort_buffer_put(call->out, RETORT_SPAN("\"spanScores\":["));
    empty = call->out->len;
    if (explanations)
        put_sentences(call, request, asked, explanations);
    else if (p >= asked->threshold)
        put_span(call->out, 0, request->n_units, p);
    if (call->out->len == empty)
        call->out->len = begin;
    else
        retort_buffer_byte(call->out, ']');
}
