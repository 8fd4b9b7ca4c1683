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

/* Where the line ends on which the token stands. */
static size_t line_end(struct retort_span text, const struct token *token)
{
    size_t at = token->end;
    while (at < text.len && text.data[at] != '\n')
        at++;
    return at;
}

/* The next quotation mark of the same line, or list->n. */
static size_t closing(struct retort_span text, const struct token_list *list, size_t open)
{
    size_t end = line_end(text, &list->items[open]), i = open + 1;
    while (i < list->n && list->items[i].begin < end && list->items[i].kind != TOKEN_QUOTE)
        i++;
    return i < list->n && list->items[i].begin < end ? i : list->n;
}

void retort_quotes_mark(struct retort_span text, struct token_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        size_t end, next = i + 1;
        if (list->items[i].kind != TOKEN_QUOTE)
            continue;
        if (opens_line(text, &list->items[i])) {
            for (end = line_end(text, &list->items[i]);
                 next < list->n && list->items[next].begin < end; next++)
                list->items[next].quoted = true;
        } else if ((end = closing(text, list, i)) < list->n) {
            for (; next < end; next++)
                list->items[next].quoted = end - i > LEAST_QUOTED;
            next = end + 1;
        }
        i = next - 1;
    }
}
