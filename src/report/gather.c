/* Gathering: one pass over what is stored. */
#include "report/gather.h"

bool report_gather(struct retort_store *store, const struct retort_report_request *request,
                   struct retort_arena *arena, struct report_data *data, struct retort_error *error)
{
    (void)store, (void)request, (void)arena, (void)data, (void)error;
    return true;
}
