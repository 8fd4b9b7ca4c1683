/* handlers (private to serve): the functions that ROUTES names. */
#ifndef RETORT_SERVE_HANDLERS_H
#define RETORT_SERVE_HANDLERS_H

#include "serve/http.h"

/* assets.c */
void handle_page(struct exchange *exchange);
void handle_asset(struct exchange *exchange);
void answer_nowhere(struct exchange *exchange); /* no route fits */

/* health.c, metrics.c */
void handle_health(struct exchange *exchange);
void handle_metrics(struct exchange *exchange);

/* api_*.c, by the file's name */
void handle_tasks(struct exchange *exchange);
void handle_queue(struct exchange *exchange);
void handle_counts(struct exchange *exchange);
void handle_comment(struct exchange *exchange);
void handle_explanations(struct exchange *exchange);
void handle_pages(struct exchange *exchange);
void handle_add_pages(struct exchange *exchange);
void handle_get_page(struct exchange *exchange);
void handle_correct_page(struct exchange *exchange);
void handle_undo_correction(struct exchange *exchange);
void handle_openapi(struct exchange *exchange);
void handle_decide(struct exchange *exchange);
void handle_history(struct exchange *exchange);
void handle_undo(struct exchange *exchange);
void handle_undo_decision(struct exchange *exchange);
void handle_next(struct exchange *exchange);
void handle_lease(struct exchange *exchange);
void handle_bulk_preview(struct exchange *exchange);
void handle_bulk(struct exchange *exchange);
void handle_dashboard(struct exchange *exchange);

/* perspective.c, discovery.c */
void handle_analyze(struct exchange *exchange);
void handle_suggestscore(struct exchange *exchange);
void handle_discovery(struct exchange *exchange);

/* session.c */
void handle_session(struct exchange *exchange);
void handle_sign_in(struct exchange *exchange);
void handle_sign_out(struct exchange *exchange);

#endif
