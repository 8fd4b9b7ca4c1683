/* The figures: right roles by line, beginnings of comments by exact line, pages without comments
 * that were given some, parents with the comments' bounds given; beside each its trivial answers.
 * Signatures count as comment here, as in `split --json`. */
#include "train/split_measure.h"

static int role_of(size_t state)
{
    static const int roles[RETORT_N_STATES] = {0, 1, 0, 2, 2, 2, 2, 0};
    return roles[state];
}

struct split_tally *split_tally_of(struct split_tallies *tallies, const struct split_page *page)
{
    for (size_t i = 0; i < tallies->n; i++)
        if (retort_span_equal(tallies->rows[i].source, page->source) &&
            retort_span_equal(tallies->rows[i].variant, page->variant))
            return &tallies->rows[i];
    size_t most = sizeof tallies->rows / sizeof *tallies->rows;
    struct split_tally *row = &tallies->rows[tallies->n < most ? tallies->n++ : most - 1];
    *row = (struct split_tally){.source = page->source, .variant = page->variant};
    return row;
}

static double f1(size_t matched, size_t truth, size_t given)
{
    return truth + given ? 2.0 * (double)matched / (double)(truth + given) : 1;
}

void split_tally_lines(struct split_tally *tally, const struct split_page *page,
                       const uint8_t *states)
{
    size_t right = 0, found = 0, matched = 0, said = 0, n = page->page.n_lines;
    bool comments = false;
    for (size_t at = 0; at < n; at++) {
        bool begins = page->states[at] == RETORT_STATE_BEGIN;
        bool given = states[at] == RETORT_STATE_BEGIN;
        right += role_of(page->states[at]) == role_of(states[at]);
        said += begins || page->states[at] == RETORT_STATE_GOES_ON;
        found += given;
        matched += begins && given;
        comments |= role_of(states[at]) == 2;
    }
    tally->n_pages++;
    tally->n_lines += n;
    tally->n_right += right;
    tally->page_right += n ? (double)right / (double)n : 1;
    tally->begins += page->n_comments;
    tally->found += found;
    tally->said += said;
    tally->matched += matched;
    if (page->n_comments)
        tally->page_f1 += f1(matched, page->n_comments, found);
    tally->n_with += page->n_comments > 0;
    tally->n_without += page->n_comments == 0;
    tally->n_invented += page->n_comments == 0 && comments;
    tally->n_lost += page->n_comments > 0 && !comments;
}

void split_tally_parents(struct split_tally *tally, const struct split_page *page,
                         const int32_t *parents)
{
    for (size_t i = 0; page->parents && i < page->n_comments; i++) {
        if (page->parents[i] < -1)
            continue;
        tally->n_links++;
        tally->n_linked += parents[i] == page->parents[i];
        tally->n_previous += page->parents[i] == (int32_t)i - 1;
        tally->n_article += page->parents[i] == -1;
    }
}

double split_tally_f1(const struct split_tally *tally)
{
    return f1(tally->matched, tally->begins, tally->found);
}

static void put_share(struct retort_buffer *out, const char *key, double part, size_t whole)
{
    retort_json_key(out, key);
    if (whole)
        retort_buffer_fixed(out, part / (double)whole, 4);
    else
        retort_buffer_text(out, "null");
}

static void put_row(const struct split_tally *row, struct retort_buffer *out)
{
    retort_buffer_text(out, "{");
    retort_json_key(out, "source");
    retort_json_put(out, row->source);
    retort_json_key(out, "variant");
    retort_json_put(out, row->variant);
    retort_json_key(out, "pages");
    retort_buffer_format(out, "%zu", row->n_pages);
    put_share(out, "role_accuracy", (double)row->n_right, row->n_lines);
    put_share(out, "role_accuracy_page_mean", row->page_right, row->n_pages);
    put_share(out, "begin_precision", (double)row->matched, row->found);
    put_share(out, "begin_recall", (double)row->matched, row->begins);
    put_share(out, "begin_f1", split_tally_f1(row), row->n_with ? 1 : 0);
    put_share(out, "begin_f1_every_line", f1(row->begins, row->begins, row->said),
              row->n_with ? 1 : 0);
    put_share(out, "begin_f1_page_mean", row->page_f1, row->n_with);
    put_share(out, "comments_lost", (double)row->n_lost, row->n_with);
    put_share(out, "comments_invented", (double)row->n_invented, row->n_without);
    put_share(out, "parents_right", (double)row->n_linked, row->n_links);
    put_share(out, "parents_previous", (double)row->n_previous, row->n_links);
    put_share(out, "parents_article", (double)row->n_article, row->n_links);
    retort_buffer_text(out, "}\n");
}

void split_tallies_put(const struct split_tallies *tallies, struct retort_buffer *out)
{
    for (size_t i = 0; i < tallies->n; i++)
        put_row(&tallies->rows[i], out);
}
