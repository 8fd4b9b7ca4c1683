/* GraphML: the network of replies for other programs, a node and an edge at a time.
 *
 * Posteriors are moved first, in place, so that nodes and edges only add up. Edges are runs of
 * replies sorted by both ends. What XML can't hold (control characters) becomes U+FFFD. */
#include "report/ties.h"

#include <math.h>

struct writer {
    const struct retort_graphml_request *request;
    struct report_work *work;
    struct report_ties ties;
    uint32_t *community; /* [n_authors] */
    struct retort_exchange_file *file;
    struct retort_buffer out;
};

static bool flush(struct writer *writer, struct retort_error *error)
{
    bool put = retort_exchange_put(writer->file, retort_buffer_span(&writer->out), error);
    retort_buffer_clear(&writer->out);
    return put;
}

/* ---- posteriors ---- */

/* Whose labels stand at edges: the task that was asked for, else what replies do. */
static bool is_of_edges(const struct writer *writer, const struct report_task *task)
{
    return report_wants(writer->work, task) &&
           (writer->request->task || strcmp(task->model->task, "reply") == 0);
}

enum { MOST_FITTED = 8192 };

/* Rows of two columns, off and on, or of all labels of a one-of task; evenly spread, at most
 * MOST_FITTED. */
static struct retort_posteriors sample(const struct report_data *data,
                                       const struct report_task *task, size_t label,
                                       struct retort_arena *arena)
{
    size_t n = task->one_of ? task->n_labels : 2, step = 1 + task->n_labelled / MOST_FITTED;
    float *rows = RETORT_NEW(arena, float, (task->n_labelled / step + 1) * n);
    struct retort_posteriors posteriors = {.p = rows, .n_classes = n};
    for (size_t row = 0, n_seen = 0; row < data->n; row++) {
        const float *p = task->p + row * task->n_labels;
        if (isnan(p[0]) || n_seen++ % step)
            continue;
        float *to = rows + posteriors.n++ * n;
        for (size_t i = 0; task->one_of && i < n; i++)
            to[i] = p[i];
        if (!task->one_of) {
            to[0] = 1 - p[label];
            to[1] = p[label];
        }
    }
    return posteriors;
}

static void move_one_of(const struct report_data *data, const struct report_task *task,
                        const double *shares, struct retort_arena *arena)
{
    const struct retort_posteriors posteriors = sample(data, task, 0, arena);
    double *factors = RETORT_NEW(arena, double, task->n_labels);
    retort_posteriors_fit(&posteriors, shares, factors);
    for (size_t row = 0; row < data->n; row++)
        retort_posteriors_move(task->p + row * task->n_labels, factors, task->n_labels);
}

static void move_label(const struct report_data *data, const struct report_task *task, size_t label,
                       double share, struct retort_arena *arena)
{
    const struct retort_posteriors posteriors = sample(data, task, label, arena);
    const double shares[2] = {1 - share, share};
    double factors[2];
    retort_posteriors_fit(&posteriors, shares, factors);
    for (size_t row = 0; row < data->n; row++) {
        float *p = task->p + row * task->n_labels + label;
        float both[2] = {1 - *p, *p};
        retort_posteriors_move(both, factors, 2);
        *p = isnan(*p) ? *p : both[1];
    }
}

static void take_decisions(const struct report_task *task)
{
    for (size_t i = 0; i < task->n_decided; i++)
        for (size_t label = 0; label < task->n_labels; label++)
            task->p[task->decided[i].row * task->n_labels + label] =
                (float)(task->decided[i].labels >> label & 1);
}

/* To the corrected shares; where a share is not known, the model's are left as they are. */
static bool move_task(struct report_work *work, const struct report_task *task,
                      struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct report_shares shares;
    bool known = report_rates(work, task, &arena, &shares, error);
    bool is_corrected = known && shares.correction[0] != REPORT_RAW;
    if (is_corrected && task->one_of && !isnan(shares.share[0]))
        move_one_of(work->data, task, shares.share, &arena);
    for (size_t label = 0; is_corrected && !task->one_of && label < task->n_labels; label++)
        if (!isnan(shares.share[label]) && !shares.counted[label])
            move_label(work->data, task, label, fmin(fmax(shares.share[label], 0), 1), &arena);
    take_decisions(task);
    retort_arena_release(&arena);
    return known;
}

/* ---- XML ---- */

static bool is_xml(uint32_t c)
{
    return (c >= 0x20 && c != 0xfffe && c != 0xffff) || c == '\t' || c == '\n' || c == '\r';
}

static void put_code(struct retort_buffer *out, uint32_t c)
{
    uint8_t bytes[4];
    retort_buffer_put(out, (struct retort_span){bytes, retort_utf8_put(bytes, c)});
}

static void put_text(struct retort_buffer *out, struct retort_span text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t c = retort_utf8_next(text, &at);
        if (c == '<')
            retort_buffer_text(out, "&lt;");
        else if (c == '>')
            retort_buffer_text(out, "&gt;");
        else if (c == '&')
            retort_buffer_text(out, "&amp;");
        else if (c == '"')
            retort_buffer_text(out, "&quot;");
        else if (c < 0x20 && is_xml(c))
            retort_buffer_format(out, "&#%u;", c);
        else
            put_code(out, is_xml(c) ? c : 0xfffd);
    }
}

/* ---- head ---- */

static const struct {
    const char *id, *element, *type;
} KEYS[] = {
    {"name", "node", "string"},  {"comments", "node", "int"},  {"replies", "node", "int"},
    {"answered", "node", "int"}, {"community", "node", "int"}, {"n", "edge", "int"},
};

static void put_key(struct retort_buffer *out, const char *element, const char *task,
                    const char *label)
{
    retort_buffer_format(out, "<key id=\"%c:", element[0]);
    put_text(out, retort_span_of(task));
    retort_buffer_byte(out, ':');
    put_text(out, retort_span_of(label));
    retort_buffer_format(out, "\" for=\"%s\" attr.name=\"", element);
    put_text(out, retort_span_of(task));
    retort_buffer_byte(out, '_');
    put_text(out, retort_span_of(label));
    retort_buffer_text(out, "\" attr.type=\"double\"/>\n");
}

static void put_keys(struct writer *writer, const struct report_task *task, const char *element)
{
    for (size_t label = 0; label < task->n_labels; label++)
        put_key(&writer->out, element, task->model->task, task->model->labels[label]);
}

static void put_head(struct writer *writer)
{
    const struct report_data *data = writer->work->data;
    retort_buffer_text(&writer->out,
                       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
                       "<!-- retort " RETORT_VERSION ": who answers whom. Labels: how many "
                       "comments or replies have them, sums of probabilities that were moved to "
                       "the corrected shares. -->\n");
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        retort_buffer_format(&writer->out,
                             "<key id=\"%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n",
                             KEYS[i].id, KEYS[i].element, KEYS[i].id, KEYS[i].type);
    for (size_t i = 0; i < data->n_tasks; i++) {
        if (report_wants(writer->work, &data->tasks[i]))
            put_keys(writer, &data->tasks[i], "node");
        if (is_of_edges(writer, &data->tasks[i]))
            put_keys(writer, &data->tasks[i], "edge");
    }
    retort_buffer_text(&writer->out, "<graph id=\"replies\" edgedefault=\"directed\">\n");
}

static void put_number(struct retort_buffer *out, const char *key, uint64_t number)
{
    retort_buffer_format(out, "<data key=\"%s\">%llu</data>", key, (unsigned long long)number);
}

/* The sums of the rows' posteriors: rows [n]. */
static void put_sums(struct retort_buffer *out, const struct report_task *task,
                     const uint32_t *rows, size_t n, char element)
{
    for (size_t label = 0; label < task->n_labels; label++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            float p = task->p[rows[i] * task->n_labels + label];
            sum += isnan(p) ? 0 : (double)p;
        }
        retort_buffer_format(out, "<data key=\"%c:", element);
        put_text(out, retort_span_of(task->model->task));
        retort_buffer_byte(out, ':');
        put_text(out, retort_span_of(task->model->labels[label]));
        retort_buffer_text(out, "\">");
        retort_buffer_fixed(out, sum, 4);
        retort_buffer_text(out, "</data>");
    }
}

/* ---- nodes ---- */

static bool put_name(struct writer *writer, uint32_t author, struct retort_error *error)
{
    const struct report_data *data = writer->work->data;
    struct retort_arena arena = {0};
    struct retort_stored_comment comment;
    bool read = retort_store_comment(writer->work->store, data->comment[data->author_row[author]],
                                     &arena, &comment, error);
    if (read) {
        retort_buffer_text(&writer->out, "<data key=\"name\">");
        put_text(&writer->out, comment.author);
        retort_buffer_text(&writer->out, "</data>");
    }
    retort_arena_release(&arena);
    return read;
}

/* How often each author replies, or is replied to. */
static uint32_t *count_ends(const struct writer *writer, const uint32_t *member,
                            struct retort_arena *arena)
{
    uint32_t *n = RETORT_NEW(arena, uint32_t, writer->work->data->n_authors);
    for (size_t i = 0; i < writer->ties.n; i++)
        n[writer->ties.author[member[i]]]++;
    return n;
}

/* Of an author's rows those that the export is about come first; how many there are. */
static size_t keep_rows(const struct report_data *data, uint32_t *rows, size_t n)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        if (data->group[rows[i]] != REPORT_LEFT_OUT)
            rows[n_kept++] = rows[i];
    return n_kept;
}

struct ends {
    const uint32_t *replies, *answered; /* [n_authors] */
};

static bool put_node(struct writer *writer, const struct ends *ends, const uint32_t *rows, size_t n,
                     struct retort_error *error)
{
    const struct report_data *data = writer->work->data;
    uint32_t author = data->author[rows[0]];
    retort_buffer_format(&writer->out, "<node id=\"n%u\">", author);
    if (!put_name(writer, author, error))
        return false;
    put_number(&writer->out, "comments", n);
    put_number(&writer->out, "replies", ends->replies[author - 1]);
    put_number(&writer->out, "answered", ends->answered[author - 1]);
    put_number(&writer->out, "community", writer->community[author - 1]);
    for (size_t i = 0; i < data->n_tasks; i++)
        if (report_wants(writer->work, &data->tasks[i]))
            put_sums(&writer->out, &data->tasks[i], rows, n, 'n');
    retort_buffer_text(&writer->out, "</node>\n");
    return flush(writer, error);
}

/* Rows of an author stand together in `order`, those of nobody first. */
static bool put_nodes(struct writer *writer, struct retort_error *error)
{
    const struct report_data *data = writer->work->data;
    struct retort_arena arena = {0};
    uint32_t *order = RETORT_NEW(&arena, uint32_t, data->n);
    const struct ends ends = {count_ends(writer, writer->ties.from, &arena),
                              count_ends(writer, writer->ties.to, &arena)};
    retort_order(data->author, data->n_authors + 1, NULL, data->n, order);
    bool good = true;
    for (size_t begin = 0, end; good && begin < data->n; begin = end) {
        uint32_t author = data->author[order[begin]];
        for (end = begin; end < data->n && data->author[order[end]] == author;)
            end++;
        size_t n = keep_rows(data, order + begin, end - begin);
        if (author && (n || ends.answered[author - 1]))
            good = put_node(writer, &ends, order + begin, n, error);
    }
    retort_arena_release(&arena);
    return good;
}

/* ---- edges ---- */

/* Replies by both ends: order [n] of them, in `rows` their rows. */
static void sort_replies(const struct writer *writer, struct retort_arena *arena, uint32_t **order,
                         uint32_t **rows)
{
    const struct report_ties *ties = &writer->ties;
    uint32_t n_authors = writer->work->data->n_authors;
    struct retort_arena scratch = {0};
    uint32_t *from = RETORT_NEW(&scratch, uint32_t, ties->n);
    uint32_t *to = RETORT_NEW(&scratch, uint32_t, ties->n);
    uint32_t *by_to = RETORT_NEW(&scratch, uint32_t, ties->n);
    *order = RETORT_NEW(arena, uint32_t, ties->n);
    *rows = RETORT_NEW(arena, uint32_t, ties->n);
    for (size_t i = 0; i < ties->n; i++) {
        from[i] = ties->author[ties->from[i]];
        to[i] = ties->author[ties->to[i]];
    }
    retort_order(to, n_authors, NULL, ties->n, by_to);
    retort_order(from, n_authors, by_to, ties->n, *order);
    for (size_t i = 0; i < ties->n; i++)
        (*rows)[i] = ties->row[(*order)[i]];
    retort_arena_release(&scratch);
}

static bool put_edges(struct writer *writer, struct retort_error *error)
{
    const struct report_data *data = writer->work->data;
    const struct report_ties *ties = &writer->ties;
    struct retort_arena arena = {0};
    uint32_t *order, *rows;
    sort_replies(writer, &arena, &order, &rows);
    bool good = true;
    for (size_t begin = 0, end; good && begin < ties->n; begin = end) {
        uint32_t from = ties->author[ties->from[order[begin]]];
        uint32_t to = ties->author[ties->to[order[begin]]];
        for (end = begin; end < ties->n && ties->author[ties->from[order[end]]] == from &&
                          ties->author[ties->to[order[end]]] == to;)
            end++;
        retort_buffer_format(&writer->out, "<edge source=\"n%u\" target=\"n%u\">", from + 1,
                             to + 1);
        put_number(&writer->out, "n", end - begin);
        for (size_t i = 0; i < data->n_tasks; i++)
            if (is_of_edges(writer, &data->tasks[i]))
                put_sums(&writer->out, &data->tasks[i], rows + begin, end - begin, 'e');
        retort_buffer_text(&writer->out, "</edge>\n");
        good = flush(writer, error);
    }
    retort_arena_release(&arena);
    return good;
}

/* ---- all of it ---- */

static bool put_all(void *context, struct retort_exchange_file *file, struct retort_error *error)
{
    struct writer *writer = context;
    writer->file = file;
    put_head(writer);
    if (!put_nodes(writer, error) || !put_edges(writer, error))
        return false;
    retort_buffer_text(&writer->out, "</graph>\n</graphml>\n");
    return flush(writer, error);
}

static void find_communities(struct writer *writer, struct retort_arena *arena)
{
    const struct report_data *data = writer->work->data;
    struct retort_arena scratch = {0};
    struct retort_graph directed, both;
    report_ties_graph(data, &writer->ties, &scratch, &directed);
    retort_graph_undirect(&directed, &scratch, &both);
    writer->community = RETORT_NEW(arena, uint32_t, data->n_authors);
    retort_graph_communities(&both, writer->request->seed, writer->community);
    retort_arena_release(&scratch);
}

static bool write_network(struct report_work *work, const struct retort_graphml_request *request,
                          struct retort_error *error)
{
    struct writer writer = {.request = request, .work = work};
    bool good = true;
    for (size_t i = 0; good && i < work->data->n_tasks; i++)
        if (report_wants(work, &work->data->tasks[i]))
            good = move_task(work, &work->data->tasks[i], error);
    if (good) {
        report_ties_find(work->data, work->arena, &writer.ties);
        find_communities(&writer, work->arena);
        good = retort_exchange_whole(request->path, put_all, &writer, error);
    }
    retort_buffer_release(&writer.out);
    return good;
}

bool retort_report_graphml(struct retort_store *store, const struct retort_graphml_request *request,
                           struct retort_error *error)
{
    const struct retort_report_request plain = {.where = request->where,
                                                .task = request->task,
                                                .seed = request->seed,
                                                .quiet = request->quiet};
    struct retort_report report = {.seed = request->seed, .n_resamples = 100};
    struct retort_arena arena = {0};
    struct report_data data = {0};
    struct report_work work = {store, &plain, &report, &data, &arena};
    bool done = report_gather(&work, &data, error) && report_check_task(&work, error) &&
                write_network(&work, request, error);
    retort_store_rollback(store);
    report_data_release(&data);
    retort_arena_release(&arena);
    retort_arena_release(&report.arena);
    return done;
}
