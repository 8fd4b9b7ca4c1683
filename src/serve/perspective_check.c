/* What a request must be: a comment that is one, context that is clear, attributes that models
 * here know, a language they read. */
#include "intake/intake.h"
#include "page/page.h"
#include "serve/perspective.h"

/* Of an article no more is read than its beginning. */
enum { MOST_MARKUP = 1 << 15 };

static struct retort_span plain(struct perspective *call, const struct perspective_text *entry)
{
    struct retort_span text = entry->text;
    if (!entry->is_html)
        return text;
    if (text.len > MOST_MARKUP)
        text.len = MOST_MARKUP;
    return retort_page_html_text(text, call->arena);
}

static bool check_comment(struct perspective *call, struct perspective_request *request)
{
    if (request->sent.text.len > PERSPECTIVE_MOST_TEXT)
        return perspective_fail(call, PERSPECTIVE_COMMENT_TOO_LONG, "Comment text too long.");
    request->item.text = plain(call, &request->sent);
    request->n_units = perspective_utf16_units(request->sent.text);
    return retort_span_trim(request->item.text).len > 0 ||
           perspective_fail(call, PERSPECTIVE_COMMENT_EMPTY, "Comment must be non-empty.");
}

/* Of entries, the first is the article and the last the comment that is answered; where nothing
 * tells of a comment, it is the article that is answered. */
static bool check_context(struct perspective *call, struct perspective_request *request)
{
    struct retort_item *item = &request->item;
    if (request->n_entries > 0 && request->has_pair)
        return perspective_fail(call, PERSPECTIVE_INVALID_REQUEST,
                                "Context can have either entries or article_and_parent_comment, "
                                "but both fields were populated.");
    struct retort_span article = plain(call, &request->article);
    struct retort_span parent = plain(call, &request->parent);
    if (article.len > 0) {
        item->article_text = article;
        item->target = retort_intake_headline(article);
    }
    item->parent_text = parent.len > 0 ? parent : item->article_text;
    return true;
}

static bool find_label(const struct retort_models *models, struct perspective_asked *asked)
{
    for (asked->model = 0; asked->model < models->n_models; asked->model++) {
        const struct retort_model *model = models->models[asked->model];
        if (strcmp(retort_model_task(model), asked->attribute->task) != 0)
            continue;
        for (asked->label = 0; asked->label < retort_model_n_labels(model); asked->label++)
            if (strcmp(retort_model_label(model, asked->label)->name, asked->attribute->label) == 0)
                return true;
    }
    return false;
}

static bool check_attribute(struct perspective *call, enum perspective_call which,
                            const struct perspective_request *request,
                            struct perspective_asked *asked)
{
    asked->attribute = perspective_attribute(asked->name);
    if (!asked->attribute || !find_label(call->models, asked))
        return perspective_fail(call, PERSPECTIVE_INVALID_REQUEST,
                                "Unknown requested attribute: %.*s", perspective_shown(asked->name),
                                asked->name.len ? (const char *)asked->name.data : "");
    bool lacks_context = which == PERSPECTIVE_ANALYZE && asked->attribute->needs_context &&
                         !request->item.parent_text.data;
    asked->dropped = lacks_context && request->drops_unsupported;
    return asked->dropped || !lacks_context ||
           perspective_fail(call, PERSPECTIVE_INVALID_REQUEST,
                            "Attribute %s needs the article or the comment that is answered, as "
                            "context",
                            asked->attribute->name);
}

/* Of labels of which a comment has one only, one only can be suggested. */
static bool check_choice(struct perspective *call, const struct perspective_request *request,
                         size_t at)
{
    const struct perspective_asked *asked = &request->asked[at];
    const struct retort_model *model = call->models->models[asked->model];
    if (retort_model_choice(model) == RETORT_ANY_OF || !(asked->suggested >= 0.5))
        return true;
    for (size_t i = 0; i < at; i++)
        if (request->asked[i].model == asked->model && request->asked[i].suggested >= 0.5)
            return perspective_fail(call, PERSPECTIVE_INVALID_REQUEST,
                                    "A comment cannot be both %s and %s",
                                    request->asked[i].attribute->name, asked->attribute->name);
    return true;
}

static bool check_attributes(struct perspective *call, enum perspective_call which,
                             struct perspective_request *request)
{
    if (request->n_asked == 0)
        return perspective_fail(call, PERSPECTIVE_NO_REQUESTED_ATTRIBUTES,
                                which == PERSPECTIVE_ANALYZE ? "Missing requested_attributes"
                                                             : "Missing attribute_scores");
    for (size_t i = 0; i < request->n_asked; i++)
        if (!check_attribute(call, which, request, &request->asked[i]) ||
            !check_choice(call, request, i))
            return false;
    return true;
}

/* "en", "EN", "en-GB" */
static bool is_english(struct retort_span language)
{
    return language.len >= 2 && (language.data[0] | 32) == 'e' && (language.data[1] | 32) == 'n' &&
           (language.len == 2 || language.data[2] == '-' || language.data[2] == '_');
}

static bool check_languages(struct perspective *call, struct perspective_request *request)
{
    bool supported = true;
    for (size_t i = 0; i < request->n_languages; i++)
        supported &= is_english(request->languages[i]);
    for (size_t i = 0; !supported && i < request->n_asked; i++) {
        if (!request->drops_unsupported)
            return perspective_fail_language(call, &request->asked[i], request->languages,
                                             request->n_languages, false);
        request->asked[i].dropped = true;
    }
    return true;
}

bool perspective_check(struct perspective *call, enum perspective_call which,
                       struct perspective_request *request)
{
    return check_comment(call, request) && check_context(call, request) &&
           check_attributes(call, which, request) &&
           (which == PERSPECTIVE_SUGGEST || check_languages(call, request));
}

bool perspective_is_heavy(const struct perspective_request *request)
{
    return request->wants_spans || request->sent.is_html ||
           request->sent.text.len > PERSPECTIVE_LONG_TEXT;
}
