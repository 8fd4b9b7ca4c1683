/* Who is at the page, and the token that its changes carry; signing in and out. */
#include "serve/auth.h"
#include "serve/front.h"
#include "serve/handlers.h"
#include "serve/members.h"

static void put_session(struct exchange *exchange, const struct auth_visitor *visitor)
{
    struct retort_buffer *out = &exchange->out;
    retort_buffer_text(out, "{\"user\":");
    if (visitor->name[0])
        retort_json_put(out, retort_span_of(visitor->name));
    else
        retort_buffer_text(out, "null");
    retort_buffer_format(out, ",\"role\":\"%s\",\"token\":\"%s\",\"auth\":%s,\"version\":",
                         visitor->role == ROLE_NOBODY ? "nobody" : auth_role_name(visitor->role),
                         visitor->token, auth_demanded(exchange->server->auth) ? "true" : "false");
    retort_json_put(out, retort_span_of(exchange->server->options->version));
    retort_buffer_text(out, "}\n");
}

/* The answer as the browser will be seen from now on. */
static void put_cookie(struct exchange *exchange, const char *cookie, int seconds)
{
    struct retort_buffer header = {0};
    struct auth_visitor visitor;
    bool tls =
        retort_span_equal(exchange_header(exchange, "X-Forwarded-Proto"), RETORT_SPAN("https"));
    retort_buffer_format(&header, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
                         exchange->server->cookie, cookie, seconds, tls ? "; Secure" : "");
    exchange_add_header(exchange, "Set-Cookie", retort_buffer_span(&header));
    retort_buffer_release(&header);
    auth_visit(exchange->server->auth, retort_span_of(cookie), front_now(), &visitor);
    put_session(exchange, &visitor);
}

void handle_session(struct exchange *exchange)
{
    put_session(exchange, exchange->visitor);
}

static void refuse(struct exchange *exchange, enum auth_answer answer, int64_t wait)
{
    char seconds[24];
    if (answer == AUTH_BAD_NAME) {
        exchange_fail(exchange, 400,
                      "a name has 1 to 64 bytes of UTF-8 without control characters");
    } else if (answer == AUTH_WRONG) {
        exchange_fail(exchange, 401, "name or password is wrong");
    } else {
        snprintf(seconds, sizeof seconds, "%lld", (long long)wait);
        exchange_add_header(exchange, "Retry-After", retort_span_of(seconds));
        exchange_fail(exchange, 429, "too many have tried; try again in %lld s", (long long)wait);
    }
}

void handle_sign_in(struct exchange *exchange)
{
    static const char *const MEMBERS[] = {"name", "password", NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS), *given;
    struct retort_span name, password = {0};
    char cookie[AUTH_COOKIE];
    int64_t wait;
    if (!body)
        return;
    if (!retort_json_text(retort_json_get(body, "name"), &name) ||
        ((given = retort_json_get(body, "password")) && !retort_json_text(given, &password))) {
        exchange_fail(exchange, 400, "wants {\"name\":\"…\",\"password\":\"…\"}");
        return;
    }
    struct auth *auth = exchange->server->auth;
    enum auth_answer answer =
        auth_sign_in(auth, retort_span_trim(name), password, front_now(), cookie, &wait);
    if (answer == AUTH_WELCOME)
        put_cookie(exchange, cookie, AUTH_MOST_SECONDS);
    else
        refuse(exchange, answer, wait);
}

void handle_sign_out(struct exchange *exchange)
{
    static const char *const NONE[] = {NULL};
    if (!members_of_body(exchange, NONE))
        return;
    auth_sign_out(exchange->server->auth, exchange_cookie(exchange, exchange->server->cookie));
    put_cookie(exchange, "", 0);
}
