/* Is it there, and can it read its store? The front answers 503 when the store cannot be opened. */
#include "serve/handlers.h"

void handle_health(struct exchange *exchange)
{
    const struct retort_stored_model *models;
    size_t n_models;
    struct retort_error error;
    if (!retort_store_models(exchange->worker->store, &models, &n_models, &error))
        exchange_fail_error(exchange, &error);
    else
        retort_buffer_text(&exchange->out, "{\"status\":\"ok\"}\n");
}
