/* Quoted against own words. Who quotes the comment he answers lends it his words; counted as the
 * writer's own they say the contrary of what he means. Quoted are lines that open with ">", and
 * what stands between two quotation marks of one line, if it is a sentence's worth: a word or two
 * in quotation marks are the writer's own, said with tongs. */
#include "features/token.h"

enum { LEAST_QUOTED = 4 }; /* tokens between two quotation marks */

static bool opens_line(struct retort_span text, const struct token *token)
{
    return token->kind == TOKEN_QUOTE && text.data[token->end - 1] == '>';
}

/* A line ends between token i and the one before. Gaps are looked at once or twice: linear. */
static bool breaks_before(struct retort_span text, const struct token_list *list, size_t i)
{
    for (size_t at = list->items[i - 1].end; at < list->items[i].begin; at++)
        if (text.data[at] == '\n')
            return true;
    return false;
}

/* The token behind the line's last, from token i on; or, if it comes first, a quotation mark. */
static size_t run_from(struct retort_span text, const struct token_list *list, size_t i,
                       bool to_mark)
{
    while (i < list->n && !breaks_before(text, list, i) &&
           !(to_mark && list->items[i].kind == TOKEN_QUOTE))
        i++;
    return i;
}

bool retort_quotes_mark(struct retort_span text, struct token_list *list)
{
    bool any = false;
    if (list->n_quotes == 0)
        return false;
    for (size_t i = 0, end; i < list->n; i = end) {
        end = i + 1;
        if (list->items[i].kind != TOKEN_QUOTE)
            continue;
        bool line = opens_line(text, &list->items[i]);
        end = run_from(text, list, i + 1, !line);
        bool closed = end < list->n && !breaks_before(text, list, end);
        for (size_t q = i + 1; (line || (closed && end - i > LEAST_QUOTED)) && q < end; q++)
            any = list->items[q].quoted = list->items[q].within_quotes = true;
        end += !line && closed;
    }
    return any;
}
