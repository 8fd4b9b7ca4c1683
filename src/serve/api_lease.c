/* Leases over HTTP: POST /api/lease takes, renews or gives back one comment. */
#include "serve/acts.h"
#include "serve/handlers.h"
#include "serve/json.h"

void handle_lease(struct exchange *exchange)
{
    static const char *const MEMBERS[] = {"comment", "hold", NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    struct leases *leases = &exchange->server->leases;
    int64_t comment;
    bool hold;
    if (!body || !member_id(exchange, body, "comment", &comment) ||
        !member_flag(exchange, body, "hold", &hold) || !act_finds_comment(exchange, comment))
        return;
    if (!hold)
        lease_give_back(leases, comment, exchange->user);
    else if (!lease_take(leases, comment, exchange->user, lease_clock())) {
        char holder[LEASE_NAME] = "";
        lease_holder(leases, comment, lease_clock(), holder);
        if (*holder)
            exchange_fail(exchange, 409, "%s has this comment before them", holder);
        else
            exchange_fail(exchange, 503, "too many comments are held; try again in a minute");
        return;
    }
    /* Who holds it now is what the page wants to know of every answer. */
    retort_buffer_byte(&exchange->out, '{');
    json_put_holder(exchange, comment);
    retort_buffer_text(&exchange->out, "}\n");
}
