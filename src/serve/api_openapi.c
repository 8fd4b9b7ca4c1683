/* GET /api/openapi.json: the API as a client reads it, the same bytes that the tests hold the
 * handlers to. */
#include "serve/handlers.h"

static const uint8_t OPENAPI[] = {
#include "embed/serve/openapi.json.h"
};

void handle_openapi(struct exchange *exchange)
{
    exchange->fixed = (struct retort_span){OPENAPI, sizeof OPENAPI};
    exchange_add_header(exchange, "Cache-Control", RETORT_SPAN("no-store"));
}
