/* The stack of open tags, by the parser's own rules of what a tag closes: where the two could
 * differ it counts too much, never too little, so that the depth it bounds is the parser's.
 * Searches reach a bounded way down. */
#include "page/html_scanner.h"

#include <string.h>

enum { REACH = 512 };

void scan_push(struct scanner *scanner, uint8_t tag, uint8_t handed)
{
    scanner->open =
        scan_with_room(scanner->open, scanner->n_open, &scanner->open_room, sizeof *scanner->open);
    scanner->open[scanner->n_open++] = (struct open_tag){tag, handed};
    scanner->n_handed += handed != LEFT_OUT;
    scanner->count[tag]++;
}

void scan_pop_to(struct scanner *scanner, size_t n)
{
    while (scanner->n_open > n) {
        const struct open_tag *top = &scanner->open[--scanner->n_open];
        scanner->n_handed -= top->handed != LEFT_OUT;
        scanner->count[top->tag]--;
    }
}

/* The open tag nearest to the top, with none of these flags above it; −1 for none. */
static ptrdiff_t find_open(const struct scanner *scanner, uint8_t tag, unsigned stops)
{
    if (!scanner->count[tag])
        return -1;
    size_t least = scanner->n_open > REACH ? scanner->n_open - REACH : 0;
    for (size_t at = scanner->n_open; at > least; at--) {
        uint8_t here = scanner->open[at - 1].tag;
        if (here == tag)
            return (ptrdiff_t)at - 1;
        if (HTML_TAGS[here] & stops)
            return -1;
    }
    return -1;
}

bool scan_is_heading(uint8_t tag)
{
    return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6;
}

/* <li> and <dd> close their like, unless a container other than div, p and address is between. */
static void close_item(struct scanner *scanner, uint8_t first, uint8_t second)
{
    if (!scanner->count[first] && !scanner->count[second])
        return;
    size_t least = scanner->n_open > REACH ? scanner->n_open - REACH : 0;
    for (size_t at = scanner->n_open; at > least; at--) {
        uint8_t here = scanner->open[at - 1].tag;
        if (here == first || here == second) {
            scan_pop_to(scanner, at - 1);
            return;
        }
        if ((HTML_TAGS[here] & (HTML_SPECIAL | HTML_SOFT)) == HTML_SPECIAL)
            return;
    }
}

static unsigned row_rank(uint8_t tag)
{
    switch (tag) {
    case GUMBO_TAG_TABLE:
        return 0;
    case GUMBO_TAG_TR:
        return 2;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
        return 3;
    default:
        return 1; /* tbody, thead, tfoot, caption */
    }
}

/* Back to the part of the table that the new part stands in; false when there is no table. */
static bool close_rows(struct scanner *scanner, uint8_t tag)
{
    ptrdiff_t table = find_open(scanner, GUMBO_TAG_TABLE, 0);
    if (table < 0)
        return false;
    size_t keep = (size_t)table + 1;
    for (size_t at = keep; at < scanner->n_open; at++) {
        uint8_t here = scanner->open[at].tag;
        bool part = HTML_TAGS[here] & HTML_TABLE_PART;
        if (!part || row_rank(here) >= row_rank(tag) || here == GUMBO_TAG_CAPTION)
            break;
        keep = at + 1;
    }
    scan_pop_to(scanner, keep);
    return true;
}

/* What a start tag closes; false when it is to be ignored. */
bool scan_close_before(struct scanner *scanner, uint8_t tag)
{
    unsigned flags = HTML_TAGS[tag];
    if (flags & HTML_TABLE_PART)
        return close_rows(scanner, tag);
    if (tag == GUMBO_TAG_FORM && scanner->count[GUMBO_TAG_FORM])
        return false;
    if (tag == GUMBO_TAG_LI)
        close_item(scanner, GUMBO_TAG_LI, GUMBO_TAG_LI);
    if (tag == GUMBO_TAG_DT || tag == GUMBO_TAG_DD)
        close_item(scanner, GUMBO_TAG_DT, GUMBO_TAG_DD);
    if (flags & HTML_CLOSES_P) {
        ptrdiff_t paragraph = find_open(scanner, GUMBO_TAG_P, HTML_BOUNDARY);
        if (paragraph >= 0)
            scan_pop_to(scanner, (size_t)paragraph);
    }
    if (scan_is_heading(tag) && scanner->n_open &&
        scan_is_heading(scanner->open[scanner->n_open - 1].tag))
        scan_pop_to(scanner, scanner->n_open - 1);
    return true;
}

/* The open tag that an end tag closes; −1: it closes nothing. */
ptrdiff_t scan_closed_by(const struct scanner *scanner, uint8_t tag)
{
    unsigned flags = HTML_TAGS[tag];
    if (flags & HTML_TABLE_PART || tag == GUMBO_TAG_TABLE) {
        ptrdiff_t part = find_open(scanner, tag, 0);
        return part > find_open(scanner, GUMBO_TAG_TABLE, 0) || tag == GUMBO_TAG_TABLE ? part : -1;
    }
    if (scan_is_heading(tag)) {
        ptrdiff_t best = -1;
        for (uint8_t level = GUMBO_TAG_H1; level <= GUMBO_TAG_H6; level++) {
            ptrdiff_t here = find_open(scanner, level, HTML_BOUNDARY);
            best = here > best ? here : best;
        }
        return best;
    }
    if (tag == GUMBO_TAG_LI)
        return find_open(scanner, tag, HTML_BOUNDARY | HTML_LIST);
    return find_open(scanner, tag, flags & HTML_OWN ? HTML_BOUNDARY : HTML_SPECIAL);
}

/* </form> takes only the form away; what is open inside stays open. */
void scan_close_form(struct scanner *scanner, size_t at)
{
    struct open_tag form = scanner->open[at];
    memmove(scanner->open + at, scanner->open + at + 1,
            (scanner->n_open - at - 1) * sizeof *scanner->open);
    scanner->n_open--;
    scanner->n_handed -= form.handed != LEFT_OUT;
    scanner->count[GUMBO_TAG_FORM]--;
}
