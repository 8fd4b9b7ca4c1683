/* Cursors: where a page of a view ended; and the random order.
 *
 * A cursor is the score and id of the last item handed out, with a mark of its view: so nothing
 * moves when others are decided or stored, and a cursor of another view is refused. */
#include "store/view.h"

#include <inttypes.h>
#include <string.h>

/* ---- cursors ----------------------------------------------------------------------------------
 */

/* Of all that makes two views different. */
static uint32_t view_mark(const struct retort_view *view)
{
    const struct retort_filter *filter = &view->filter;
    struct retort_buffer all = {0};
    const struct retort_span texts[] = {
        filter->task ? retort_span_of(filter->task) : RETORT_SPAN(""),
        filter->label ? retort_span_of(filter->label) : RETORT_SPAN(""), filter->author,
        filter->words};
    retort_buffer_format(&all, "%d %d %llu %lld %lld", (int)filter->state, (int)view->order,
                         (unsigned long long)view->seed, (long long)filter->source,
                         (long long)filter->draw);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        retort_buffer_format(&all, " %zu:", texts[i].len);
        retort_buffer_put(&all, texts[i]);
    }
    uint64_t hash = retort_hash(retort_buffer_span(&all), 0);
    retort_buffer_release(&all);
    return (uint32_t)hash;
}

struct retort_span cursor_write(const struct plan *plan, const struct retort_listed *last)
{
    struct retort_buffer text = {0};
    uint64_t bits;
    memcpy(&bits, &last->score, sizeof bits);
    retort_buffer_format(&text, "%" PRIx64 ".%" PRIx64 ".%x.%" PRIx32, bits,
                         (uint64_t)last->comment, plan->after.domain, view_mark(plan->view));
    struct retort_span kept = retort_arena_copy(plan->arena, retort_buffer_span(&text));
    retort_buffer_release(&text);
    return kept;
}

/* Hexadecimal up to the next dot. */
static bool read_part(struct retort_span text, size_t *at, uint64_t *value)
{
    size_t begin = *at;
    *value = 0;
    for (; *at < text.len && text.data[*at] != '.'; ++*at) {
        uint8_t byte = text.data[*at];
        bool digit = byte >= '0' && byte <= '9', letter = byte >= 'a' && byte <= 'f';
        if ((!digit && !letter) || *at - begin == 16)
            return false;
        *value = *value << 4 | (uint64_t)(digit ? byte - '0' : byte - 'a' + 10);
    }
    bool some = *at > begin;
    *at += *at < text.len;
    return some;
}

static bool fail_cursor(struct retort_error *error)
{
    return retort_fail(error, RETORT_USAGE,
                       "this cursor is of another view; begin at its first page");
}

bool cursor_read(struct plan *plan, struct retort_error *error)
{
    struct retort_span text = plan->view->after;
    uint64_t score = 0, comment = 0, domain = 0, mark = 0;
    size_t at = 0;
    if (text.len == 0)
        return true;
    bool good = read_part(text, &at, &score) && read_part(text, &at, &comment) &&
                read_part(text, &at, &domain) && read_part(text, &at, &mark) && at == text.len &&
                mark == view_mark(plan->view) && comment > 0 && comment <= INT64_MAX &&
                domain > 0 && domain <= 62;
    memcpy(&plan->after.score, &score, sizeof score);
    plan->after.comment = (int64_t)comment;
    plan->after.domain = (unsigned)domain;
    return (good && plan->after.score == plan->after.score) || fail_cursor(error);
}

/* ---- random order -----------------------------------------------------------------------------
 *
 * A permutation of the ids by a Feistel network (Luby and Rackoff 1988) over an even number of
 * bits: a place is found from an id and an id from a place, and nothing has to be sorted or kept.
 */

enum { ROUNDS = 6, DOMAIN_LEAST = 16 };

static uint64_t scramble(const struct plan *plan, unsigned round, uint64_t half)
{
    uint64_t state = plan->view->seed ^ (half * 0x9E3779B97F4A7C15u) ^
                     ((uint64_t)(round + 1) * 0xD1B54A32D192ED03u);
    retort_random(&state);
    return retort_random(&state) >> 32;
}

/* A cursor is a stranger's: from a place or a domain that none of ours has, a walk would not end.
 */
bool cursor_domain(struct plan *plan, struct retort_error *error)
{
    unsigned bits = DOMAIN_LEAST;
    double place = -plan->after.score;
    while (bits < 62 && (uint64_t)plan->last >> bits)
        bits += 2;
    if (!plan->after.domain)
        plan->after.domain = bits;
    bool ours = plan->after.domain >= DOMAIN_LEAST && plan->after.domain <= bits &&
                plan->after.domain % 2 == 0;
    if (plan->view->order == RETORT_RANDOM && plan->after.comment)
        ours = ours && place >= 0 && place < (double)plan_n_places(plan);
    return ours || fail_cursor(error);
}

uint64_t plan_n_places(const struct plan *plan)
{
    return (uint64_t)1 << plan->after.domain;
}

int64_t plan_at(const struct plan *plan, uint64_t place)
{
    unsigned half = plan->after.domain / 2;
    uint64_t mask = ((uint64_t)1 << half) - 1, left = place >> half, right = place & mask;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t next = left ^ (scramble(plan, round, right) & mask);
        left = right;
        right = next;
    }
    return (int64_t)(left << half | right);
}

uint64_t plan_place(const struct plan *plan, int64_t comment)
{
    unsigned half = plan->after.domain / 2;
    uint64_t mask = ((uint64_t)1 << half) - 1;
    uint64_t left = (uint64_t)comment >> half & mask, right = (uint64_t)comment & mask;
    for (unsigned round = ROUNDS; round-- > 0;) {
        uint64_t before = right ^ (scramble(plan, round, left) & mask);
        right = left;
        left = before;
    }
    return left << half | right;
}
