/* Comments for the benchmark, the same for the same seed: JSON lines with ten labels that words
 * predict.
 *
 *     bench_corpus WORDS N SEED [labels|threads]
 *
 * WORDS has a word a line, the commonest first, and pairs of words that stand beside each other.
 * Words are drawn by the law of Zipf and Mandelbrot, or from those that follow the word before;
 * some are misspelt, some unknown to anyone, and numbers, links, names with @, quotes and emoji
 * stand among them as they do under news. Each label has words of its own, which stand more often
 * where it holds. A text is the same with `labels` and without. */
#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_LABELS = 10, N_SIGNS = 60, FIRST_SIGN = 150, LAST_SIGN = 6000, MOST_WORDS = 400 };

static const char *const LABELS[N_LABELS] = {"angry", "computing", "court",  "food",  "health",
                                             "money", "music",     "school", "sport", "travel"};

struct word {
    struct retort_span text;
    uint32_t rank;
    uint32_t followers, n_followers; /* a run of corpus.followers */
};

struct corpus {
    struct retort_arena arena;
    struct retort_buffer out;
    struct word *words;   /* by rank */
    struct word **sorted; /* bytewise */
    double *sums;         /* [n_words] of the words' weights up to this one */
    uint32_t *followers;
    size_t n_words, n_followers;
    uint32_t signs[N_LABELS][N_SIGNS];
    uint64_t random;
    bool labels, threads;
};

static double uniform(struct corpus *corpus)
{
    return (double)(retort_random(&corpus->random) >> 11) / 9007199254740992.0;
}

static size_t below(struct corpus *corpus, size_t n)
{
    return (size_t)(retort_random(&corpus->random) % n);
}

/* Box and Muller (1958). */
static double normal(struct corpus *corpus)
{
    double u = 1 - uniform(corpus), v = uniform(corpus);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* ---- words ---- */

static int compare_words(const void *a, const void *b)
{
    return retort_span_compare((*(struct word *const *)a)->text, (*(struct word *const *)b)->text);
}

static struct word *find(const struct corpus *corpus, struct retort_span text)
{
    struct word key = {.text = text}, *wanted = &key;
    struct word **found =
        bsearch(&wanted, corpus->sorted, corpus->n_words, sizeof wanted, compare_words);
    return found ? *found : NULL;
}

static size_t space_in(struct retort_span line)
{
    const uint8_t *space = memchr(line.data, ' ', line.len);
    return space ? (size_t)(space - line.data) : line.len;
}

static void read_words(struct corpus *corpus, struct retort_span rest)
{
    struct retort_span line;
    size_t n_lines = 0;
    for (size_t i = 0; i < rest.len; i++)
        n_lines += rest.data[i] == '\n';
    corpus->words = RETORT_NEW(&corpus->arena, struct word, n_lines + 1);
    while (retort_span_next_line(&rest, &line))
        if (line.len && space_in(line) == line.len) {
            corpus->words[corpus->n_words] = (struct word){line, (uint32_t)corpus->n_words, 0, 0};
            corpus->n_words++;
        }
    corpus->sorted = RETORT_NEW(&corpus->arena, struct word *, corpus->n_words);
    for (size_t i = 0; i < corpus->n_words; i++)
        corpus->sorted[i] = &corpus->words[i];
    qsort(corpus->sorted, corpus->n_words, sizeof *corpus->sorted, compare_words);
}

/* Pairs stand sorted by their first word, so that the followers of one are a run. */
static void read_pairs(struct corpus *corpus, struct retort_span rest)
{
    struct retort_span line;
    corpus->followers = RETORT_NEW(&corpus->arena, uint32_t, rest.len / 4 + 1);
    while (retort_span_next_line(&rest, &line)) {
        size_t space = space_in(line);
        struct word *first = find(corpus, retort_span_slice(line, 0, space));
        struct word *second = find(corpus, retort_span_slice(line, space + 1, line.len));
        if (space == line.len || !first || !second)
            continue;
        if (first->n_followers == 0)
            first->followers = (uint32_t)corpus->n_followers;
        corpus->followers[corpus->n_followers++] = second->rank;
        first->n_followers++;
    }
}

static void weigh_words(struct corpus *corpus)
{
    double sum = 0;
    corpus->sums = RETORT_NEW(&corpus->arena, double, corpus->n_words);
    for (size_t i = 0; i < corpus->n_words; i++)
        corpus->sums[i] = sum += 1 / pow((double)i + 2.7, 1.05);
    for (size_t label = 0; label < N_LABELS; label++)
        for (size_t i = 0; i < N_SIGNS; i++)
            corpus->signs[label][i] =
                (uint32_t)(FIRST_SIGN + below(corpus, LAST_SIGN - FIRST_SIGN));
}

static size_t draw_word(struct corpus *corpus)
{
    double at = uniform(corpus) * corpus->sums[corpus->n_words - 1];
    size_t low = 0, high = corpus->n_words - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (corpus->sums[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- a comment ---- */

static void put_unknown(struct corpus *corpus)
{
    static const char *const PARTS[] = {"ba",  "dro", "fi",  "gan", "ko",  "lum", "mer", "nix",
                                        "ost", "pra", "qui", "ruv", "sel", "tho", "vex", "zor"};
    for (size_t i = 2 + below(corpus, 3); i > 0; i--)
        retort_buffer_text(&corpus->out, PARTS[below(corpus, sizeof PARTS / sizeof PARTS[0])]);
}

/* What is no word. */
static void put_other(struct corpus *corpus)
{
    static const char *const OTHERS[] = {
        "😀", "😡", "https://example.org/news/", "@reader", "—", "&", "…", "100%"};
    size_t which = below(corpus, 16);
    if (which < sizeof OTHERS / sizeof OTHERS[0])
        retort_buffer_text(&corpus->out, OTHERS[which]);
    if (which >= 2)
        retort_buffer_format(&corpus->out, "%u", (unsigned)below(corpus, which < 12 ? 2100 : 30));
}

static bool is_ascii(struct retort_span word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] >= 0x80)
            return false;
    return true;
}

/* A letter twice, left out, or changed with its neighbour. */
static void put_misspelt(struct corpus *corpus, struct retort_span word)
{
    size_t at = word.len < 2 ? 0 : below(corpus, word.len - 1), how = below(corpus, 3);
    for (size_t i = 0; i < word.len; i++) {
        size_t from = how == 2 && i == at && i + 1 < word.len ? i + 1
                      : how == 2 && i == at + 1               ? at
                                                              : i;
        if (how == 1 && i == at && word.len > 1)
            continue;
        retort_buffer_byte(&corpus->out, word.data[from]);
        if (how == 0 && i == at)
            retort_buffer_byte(&corpus->out, word.data[from]);
    }
}

static void put_cased(struct corpus *corpus, struct retort_span word, bool first, bool all)
{
    for (size_t i = 0; i < word.len; i++) {
        uint8_t byte = word.data[i];
        bool upper = (all || (first && i == 0)) && byte >= 'a' && byte <= 'z';
        retort_buffer_byte(&corpus->out, upper ? (uint8_t)(byte - 32) : byte);
    }
}

/* What stands behind a word; true: a sentence has ended. */
static bool put_mark(struct corpus *corpus)
{
    double at = uniform(corpus);
    bool ends = at < 0.08;
    if (ends)
        retort_buffer_text(&corpus->out, at < 0.06 ? "." : at < 0.07 ? "!" : "?");
    else if (at < 0.14)
        retort_buffer_text(&corpus->out, at < 0.13    ? ","
                                         : at < 0.133 ? " -"
                                         : at < 0.136 ? ";"
                                                      : "\\\"");
    retort_buffer_text(&corpus->out, ends && uniform(corpus) < 0.06 ? "\\n\\n" : " ");
    return ends;
}

static void put_word(struct corpus *corpus, size_t rank, bool first)
{
    double how = uniform(corpus);
    struct retort_span word = corpus->words[rank].text;
    if (how < 0.015)
        put_unknown(corpus);
    else if (how < 0.03)
        put_other(corpus);
    else if (how < 0.055 && is_ascii(word))
        put_misspelt(corpus, word);
    else
        put_cased(corpus, word, first, how < 0.065);
}

static size_t next_word(struct corpus *corpus, size_t before, const bool *labels)
{
    const struct word *word = &corpus->words[before];
    for (size_t i = 0; i < N_LABELS; i++)
        if (labels[i] && uniform(corpus) < 0.05)
            return corpus->signs[i][below(corpus, N_SIGNS)];
    if (word->n_followers && uniform(corpus) < 0.45)
        return corpus->followers[word->followers + below(corpus, word->n_followers)];
    return draw_word(corpus);
}

static void put_text(struct corpus *corpus, const bool *labels)
{
    double length = exp(log(47) + 0.8 * normal(corpus));
    size_t n = length < 3            ? 3
               : length > MOST_WORDS ? MOST_WORDS
                                     : (size_t)length,
           word = draw_word(corpus);
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        word = next_word(corpus, word, labels);
        put_word(corpus, word, first);
        first = put_mark(corpus);
    }
}

static void put_labels(struct corpus *corpus, const bool *labels)
{
    bool comma = false;
    retort_buffer_text(&corpus->out, ",\"label\":[");
    for (size_t i = 0; i < N_LABELS; i++)
        if (labels[i]) {
            retort_buffer_format(&corpus->out, "%s\"%s\"", comma ? "," : "", LABELS[i]);
            comma = true;
        }
    retort_buffer_text(&corpus->out, "]");
}

static void put_thread(struct corpus *corpus, size_t number)
{
    uint64_t own = number; /* so that texts stay the same */
    size_t back = 1 + (size_t)(retort_random(&own) % 75);
    if (back <= 50 && back <= number)
        retort_buffer_format(&corpus->out, ",\"parent_id\":\"c%07zu\"", number - back);
    retort_buffer_text(&corpus->out, ",\"target\":\"closing the main street to cars\"");
}

/* Label i holds of 2 to 20 % of the comments; of one comment in a hundred the annotator erred. */
static void put_comment(struct corpus *corpus, size_t number)
{
    bool labels[N_LABELS];
    for (size_t i = 0; i < N_LABELS; i++)
        labels[i] = uniform(corpus) < 0.02 * (double)(i + 1);
    retort_buffer_format(&corpus->out, "{\"id\":\"c%07zu\",\"text\":\"", number);
    put_text(corpus, labels);
    retort_buffer_text(&corpus->out, "\"");
    size_t wrong = below(corpus, N_LABELS * 100);
    if (wrong < N_LABELS)
        labels[wrong] = !labels[wrong];
    if (corpus->labels)
        put_labels(corpus, labels);
    if (corpus->threads)
        put_thread(corpus, number);
    retort_buffer_text(&corpus->out, "}\n");
}

static int usage(void)
{
    fprintf(stderr, "usage: bench_corpus WORDS N SEED [labels|threads]\n");
    return RETORT_USAGE;
}

int main(int argc, char **argv)
{
    struct corpus corpus = {0};
    struct retort_error error;
    struct retort_file file;
    uint64_t n;
    if (argc < 4 || !retort_parse_count(argv[2], &n) ||
        !retort_parse_count(argv[3], &corpus.random))
        return usage();
    corpus.labels = argc > 4 && strcmp(argv[4], "labels") == 0;
    corpus.threads = argc > 4 && strcmp(argv[4], "threads") == 0;
    if (!retort_file_read(&file, argv[1], &error)) {
        fprintf(stderr, "bench_corpus: %s\n", error.message);
        return RETORT_INPUT;
    }
    read_words(&corpus, file.bytes);
    read_pairs(&corpus, file.bytes);
    if (corpus.n_words <= LAST_SIGN)
        return usage();
    uint64_t own = corpus.random;
    corpus.random = 1; /* what a label's words are is the same for every seed */
    weigh_words(&corpus);
    corpus.random = own;
    for (size_t i = 0; i < n; i++) {
        put_comment(&corpus, i);
        if (corpus.out.len > 1 << 20 || i + 1 == n) {
            fwrite(corpus.out.data, 1, corpus.out.len, stdout);
            retort_buffer_clear(&corpus.out);
        }
    }
    retort_buffer_release(&corpus.out);
    retort_arena_release(&corpus.arena);
    retort_file_close(&file);
    return fflush(stdout) == 0 ? RETORT_DONE : RETORT_RUNTIME;
}
