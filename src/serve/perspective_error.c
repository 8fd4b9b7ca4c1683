/* Errors as Perspective gives them: Google's shape around, and in the details what went wrong in a
 * form that programs read. Plugins look at the message's first words and at errorType, so both are
 * the original's. */
#include "serve/perspective.h"

static const char *const TYPES[] = {"INVALID_REQUEST", "COMMENT_EMPTY", "COMMENT_TOO_LONG",
                                    "NO_REQUESTED_ATTRIBUTES"};

int perspective_shown(struct retort_span text)
{
    enum { SHOWN = 80 };
    size_t end = text.len < SHOWN ? text.len : SHOWN;
    while (end > 0 && end < text.len && (text.data[end] & 0xC0) == 0x80)
        end--;
    return (int)end;
}

/* All but the end of the details. */
static void begin(struct perspective *call, struct retort_span message, const char *type)
{
    call->status = 400;
    retort_buffer_clear(call->out);
    retort_buffer_text(call->out, "{\"error\":{\"code\":400,\"message\":");
    retort_json_put(call->out, message);
    retort_buffer_text(call->out, ",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":");
    retort_json_put(call->out, retort_span_of(type));
}

static bool end(struct perspective *call)
{
    retort_buffer_text(call->out, "}]}}\n");
    return false;
}

static const char OWN_TYPE[] = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error";

bool perspective_fail(struct perspective *call, enum perspective_error type, const char *format,
                      ...)
{
    char message[512];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    begin(call, retort_span_of(message), OWN_TYPE);
    retort_json_key(call->out, "errorType");
    retort_json_put(call->out, retort_span_of(TYPES[type]));
    return end(call);
}

bool perspective_fail_form(struct perspective *call, const char *field, const char *format, ...)
{
    char message[512];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    begin(call, retort_span_of(message), "type.googleapis.com/google.rpc.BadRequest");
    retort_json_key(call->out, "fieldViolations");
    retort_buffer_text(call->out, "[{");
    if (field) {
        retort_json_key(call->out, "field");
        retort_json_put(call->out, retort_span_of(field));
    }
    retort_json_key(call->out, "description");
    retort_json_put(call->out, retort_span_of(message));
    retort_buffer_text(call->out, "}]");
    return end(call);
}

bool perspective_fail_language(struct perspective *call, const struct perspective_asked *asked,
                               const struct retort_span *languages, size_t n_languages,
                               bool detected)
{
    struct retort_buffer message = {0};
    retort_buffer_text(&message, "Attribute ");
    retort_buffer_put(&message, asked->name);
    retort_buffer_text(&message, " does not support request languages: ");
    for (size_t i = 0; i < n_languages; i++) {
        retort_buffer_text(&message, i ? ", " : "");
        retort_buffer_put(&message, languages[i]);
    }
    begin(call, retort_buffer_span(&message), OWN_TYPE);
    retort_buffer_release(&message);
    retort_json_key(call->out, "errorType");
    retort_json_put(call->out, RETORT_SPAN("LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"));
    retort_json_key(call->out, "languageNotSupportedByAttributeError");
    retort_buffer_byte(call->out, '{');
    retort_json_key(call->out, detected ? "detectedLanguages" : "requestedLanguages");
    retort_buffer_byte(call->out, '[');
    for (size_t i = 0; i < n_languages; i++) {
        retort_buffer_text(call->out, i ? "," : "");
        retort_json_put(call->out, languages[i]);
    }
    retort_buffer_byte(call->out, ']');
    retort_json_key(call->out, "attribute");
    retort_json_put(call->out, asked->name);
    retort_buffer_byte(call->out, '}');
    return end(call);
}
