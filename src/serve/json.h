/* json (private to serve): how comments, labels and items of the queue are written, in all answers
 * alike. The shapes are those of openapi.json. What is not known is null and never left out. */
#ifndef RETORT_SERVE_JSON_H
#define RETORT_SERVE_JSON_H

#include "serve/http.h"

/* ---- members of an object being written: "key":value, with the comma before it ---- */

void json_put_text(struct retort_buffer *out, const char *key, struct retort_span text);
void json_put_flag(struct retort_buffer *out, const char *key, bool value);
void json_put_count(struct retort_buffer *out, const char *key, uint64_t count);
void json_put_id(struct retort_buffer *out, const char *key, int64_t id);       /* 0: null */
void json_put_number(struct retort_buffer *out, const char *key, double value); /* NaN: null */
/* JSON as the store keeps it; null for none, and for what damage has made no JSON of its kind. */
void json_put_stored(struct retort_buffer *out, const char *key, struct retort_span json);
/* On one line and short: white space folded, cut behind MOST_EXCERPT characters, then "…". */
enum { MOST_EXCERPT = 280 };
void json_put_excerpt(struct retort_buffer *out, const char *key, struct retort_span text);

/* "page":{"id","source"} of the source that a comment came from. */
void json_put_page(struct retort_buffer *out, int64_t id, struct retort_span source);
/* "held_by": who has the comment before them. */
void json_put_holder(struct exchange *exchange, int64_t comment);

/* ---- labels ---- */

/* "labels":[LABEL…] */
void json_put_labels(struct exchange *exchange, const struct retort_stored_label *labels,
                     size_t n_labels);
/* "labels":[LABEL…] of a comment as it is now; false and the error when it cannot be read. */
bool json_put_labels_of(struct exchange *exchange, int64_t comment, struct retort_error *error);

/* ---- comments ---- */

/* The members of one comment, with all that a person needs to judge it. RETORT_INPUT: there is no
 * such comment. */
bool json_put_comment(struct exchange *exchange, int64_t id, struct retort_error *error);

/* "key":[ITEM…] of the queue. */
struct retort_queue_item;
bool json_put_items(struct exchange *exchange, const char *key,
                    const struct retort_queue_item *items, size_t n_items,
                    struct retort_error *error);

/* ---- decisions ---- */

/* The members of one decision. */
void json_put_decision(struct retort_buffer *out, const struct retort_stored_decision *decision);

/* ---- explanations ---- */

/* The members of one label's explanation. */
void json_put_explanation(struct retort_buffer *out, const char *label,
                          const struct retort_explanation *explanation);

#endif
