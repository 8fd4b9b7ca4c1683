/* Members of a JSON object that a command prints. */
#include "cli/cli.h"

void cli_json_text(struct retort_buffer *out, const char *key, struct retort_span text)
{
    retort_json_key(out, key);
    if (text.data)
        retort_json_put(out, text);
    else
        retort_buffer_text(out, "null");
}

void cli_json_number(struct retort_buffer *out, const char *key, double number)
{
    retort_json_key(out, key);
    retort_buffer_number(out, number);
}

void cli_json_count(struct retort_buffer *out, const char *key, uint64_t n)
{
    retort_json_key(out, key);
    retort_buffer_format(out, "%llu", (unsigned long long)n);
}

void cli_json_flag(struct retort_buffer *out, const char *key, bool flag)
{
    retort_json_key(out, key);
    retort_buffer_text(out, flag ? "true" : "false");
}
