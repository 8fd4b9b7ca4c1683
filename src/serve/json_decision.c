/* DECISION: what a person said, what they had seen, and whether it stands. */
#include "serve/json.h"

void json_put_decision(struct retort_buffer *out, const struct retort_stored_decision *decision)
{
    json_put_id(out, "id", decision->id);
    json_put_id(out, "comment", decision->comment);
    json_put_text(out, "task", decision->task);
    json_put_text(out, "target", decision->target);
    json_put_text(out, "kind", decision->kind);
    json_put_stored(out, "label", decision->label);
    json_put_text(out, "note", decision->note);
    json_put_text(out, "reviewer", decision->reviewer);
    json_put_text(out, "decided", decision->decided);
    json_put_stored(out, "shown", decision->shown);
    json_put_id(out, "undoes", decision->undoes);
    json_put_flag(out, "undone", decision->undone);
    json_put_id(out, "batch", decision->batch);
    json_put_text(out, "via", decision->via);
}
