/* Keeping: an analysed comment becomes a stored one, and a suggested score a decision.
 *
 * What a caller tells of a comment is kept: its clientToken as the comment's native id (Coral's is
 * "comment:" and its own id), its communityId in the source, session and address under meta. Where
 * no clientToken is sent, the text's hash stands in its place, so that the same text sent again is
 * no second comment. */
#include "serve/perspective_keep.h"

#include "intake/intake.h"
#include "serve/json.h"

/* ---- what is told of a comment ---- */

const char *perspective_caller(const struct perspective_request *request,
                               struct retort_arena *arena)
{
    static const struct retort_span API = {(const uint8_t *)"api:", 4};
    if (request->community.len == 0)
        return "api";
    char *name = retort_arena_room(arena, API.len + request->community.len + 1, 1);
    memcpy(name, API.data, API.len);
    memcpy(name + API.len, request->community.data, request->community.len);
    name[API.len + request->community.len] = '\0';
    return name;
}

static struct retort_span hash_name(struct retort_span text, struct retort_arena *arena)
{
    char name[8 + RETORT_SHA256_HEX] = "sha256:";
    retort_sha256(text, name + 7);
    return retort_arena_copy(arena, retort_span_of(name));
}

static struct retort_span native_id(const struct perspective_request *request,
                                    struct retort_arena *arena)
{
    return request->client_token.len > 0 ? request->client_token
                                         : hash_name(request->item.text, arena);
}

/* As the parent's own clientToken has it, so that both are found to be of one thread. */
static struct retort_span parent_id(const struct perspective_request *request,
                                    struct retort_arena *arena)
{
    struct retort_span token = request->client_token, id = request->coral_id;
    struct retort_span prefix = {0};
    struct retort_buffer out = {0};
    if (request->coral_parent.len == 0)
        return prefix;
    if (token.len > id.len &&
        retort_span_equal(retort_span_slice(token, token.len - id.len, token.len), id))
        prefix = retort_span_slice(token, 0, token.len - id.len);
    retort_buffer_put(&out, prefix);
    retort_buffer_put(&out, request->coral_parent);
    struct retort_span name = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return name;
}

static void put_told(struct retort_buffer *out, const char *key, struct retort_span text)
{
    if (text.data)
        json_put_text(out, key, text);
}

static struct retort_span meta_of(const struct perspective_request *request,
                                  struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '{');
    put_told(&out, "sessionId", request->session);
    put_told(&out, "Coral_comment_id", request->coral_id);
    put_told(&out, "reply_to_id_Coral_comment_id", request->coral_parent);
    put_told(&out, "url", request->coral_url);
    retort_buffer_byte(&out, '}');
    struct retort_span meta = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return meta.len > 2 ? meta : (struct retort_span){0};
}

/* ---- labels ---- */

static bool is_labelled(const struct retort_models *models,
                        const struct retort_stored_label *labels, size_t n_labels)
{
    for (size_t m = 0; m < models->n_models; m++) {
        bool found = false;
        for (size_t i = 0; i < n_labels && !found; i++)
            found = labels[i].model &&
                    strcmp(labels[i].model->hash, retort_model_hash(models->models[m])) == 0;
        if (!found)
            return false;
    }
    return true;
}

/* Labels a stored comment unless all models have (between begin and commit). */
static bool label_stored(struct worker *worker, int64_t id, struct retort_arena *arena,
                         struct retort_error *error)
{
    struct retort_stored_comment comment;
    struct retort_stored_label *labels;
    struct retort_item item;
    size_t n_labels;
    const struct retort_judge judge = {.models = &worker->server->models,
                                       .labeller = &worker->labeller};
    if (!retort_store_labels(worker->store, id, arena, &labels, &n_labels, error))
        return false;
    if (is_labelled(judge.models, labels, n_labels))
        return true;
    if (!retort_store_comment(worker->store, id, arena, &comment, error) ||
        !retort_intake_stored_item(worker->store, &comment, comment.target, arena, &item, error))
        return false;
    const struct retort_label_record of = {.comment = id, .target = comment.target};
    return retort_intake_put_labels(worker->store, &of, &judge,
                                    retort_judge_item(&judge, &item, arena), error);
}

/* ---- storing ---- */

static bool put_comment(struct worker *worker, const struct perspective_request *request,
                        struct retort_arena *arena, int64_t *comment, struct retort_error *error)
{
    const struct retort_item *item = &request->item;
    const struct retort_line_record record = {
        .source = perspective_caller(request, arena),
        .native_id = native_id(request, arena),
        .parent_id = parent_id(request, arena),
        .text = item->text,
        .parent_text = item->parent_text,
        .article_text = item->article_text,
        .answers_article =
            item->article_text.data && retort_span_equal(item->parent_text, item->article_text),
        .meta = meta_of(request, arena),
    };
    return retort_store_find_native(worker->store, record.source, record.native_id, record.text,
                                    comment, error) &&
           (*comment || retort_store_put_line(worker->store, &record, comment, error)) &&
           label_stored(worker, *comment, arena, error);
}

bool perspective_keep(struct worker *worker, const struct perspective_request *request,
                      struct retort_arena *arena, int64_t *comment, struct retort_error *error)
{
    if (retort_store_begin(worker->store, error) &&
        put_comment(worker, request, arena, comment, error) &&
        retort_store_commit(worker->store, error))
        return true;
    retort_store_rollback(worker->store);
    return false;
}

bool perspective_label(struct worker *worker, int64_t comment, struct retort_arena *arena,
                       struct retort_error *error)
{
    if (retort_store_begin(worker->store, error) && label_stored(worker, comment, arena, error) &&
        retort_store_commit(worker->store, error))
        return true;
    retort_store_rollback(worker->store);
    return false;
}

bool perspective_find_untold(struct worker *worker, const struct perspective_request *request,
                             struct retort_arena *arena, int64_t *comment,
                             struct retort_error *error)
{
    return retort_store_find_native(worker->store, "api", hash_name(request->item.text, arena),
                                    request->item.text, comment, error);
}

bool perspective_find_told(struct worker *worker, const struct perspective_request *request,
                           struct retort_arena *arena, int64_t *comment, struct retort_error *error)
{
    return retort_store_find_native(worker->store, perspective_caller(request, arena),
                                    native_id(request, arena), request->item.text, comment, error);
}
