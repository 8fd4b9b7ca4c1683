/* Elements → JSON.
 *
 * While a record is read its elements are a list, parents before children, with their texts in one
 * buffer; attributes are nodes like elements, named "@…". When it has ended it becomes an object: a
 * child is a member by its name as it stands ("wp:comment_id"), children of one name are an array,
 * text beside children is "#text", an element with text alone is that text. Children are put
 * together by their names with a sort, so no file can make that slow, and nothing is recursive. */
#include "platform/nodes.h"

#include <assert.h>
#include <stdlib.h>

/* ---- nodes ---------------------------------------------------------------------------------- */

size_t nodes_push(struct nodes *all, const char *prefix, const char *name, size_t wanted)
{
    if (all->n_nodes == all->nodes_capacity) {
        all->nodes_capacity = all->nodes_capacity ? 2 * all->nodes_capacity : 64;
        all->nodes = retort_grow(all->nodes, all->nodes_capacity, sizeof *all->nodes);
    }
    struct node *node = &all->nodes[all->n_nodes++];
    *node = (struct node){.parent = all->open,
                          .name = all->text.len,
                          .text_mark = all->text.len,
                          .piece_mark = all->n_pieces,
                          .first_piece = NODES_NONE,
                          .last_piece = NODES_NONE,
                          .wanted = wanted};
    retort_buffer_text(&all->text, prefix);
    retort_buffer_text(&all->text, name);
    node->name_len = all->text.len - node->name;
    return all->n_nodes - 1;
}

void nodes_add_text(struct nodes *all, size_t at, const char *text, size_t len)
{
    struct node *node = &all->nodes[at];
    struct node_piece *last =
        node->last_piece != NODES_NONE ? &all->pieces[node->last_piece] : NULL;
    bool goes_on = last && last->begin + last->len == all->text.len;
    size_t begin = all->text.len;
    retort_buffer_put(&all->text, (struct retort_span){(const uint8_t *)text, len});
    if (goes_on) {
        last->len += len;
        return;
    }
    if (all->n_pieces == all->pieces_capacity) {
        all->pieces_capacity = all->pieces_capacity ? 2 * all->pieces_capacity : 64;
        all->pieces = retort_grow(all->pieces, all->pieces_capacity, sizeof *all->pieces);
    }
    all->pieces[all->n_pieces] = (struct node_piece){begin, len, NODES_NONE};
    if (node->last_piece != NODES_NONE)
        all->pieces[node->last_piece].next = (ptrdiff_t)all->n_pieces;
    else
        node->first_piece = (ptrdiff_t)all->n_pieces;
    node->last_piece = (ptrdiff_t)all->n_pieces++;
}

void nodes_cut(struct nodes *all, size_t at)
{
    all->open = all->nodes[at].parent;
    all->text.len = all->nodes[at].text_mark;
    all->n_pieces = all->nodes[at].piece_mark;
    all->n_nodes = at;
}

/* ---- nodes → JSON --------------------------------------------------------------------------- */

static struct retort_span name_of(const struct nodes *all, const struct node *node)
{
    return (struct retort_span){all->text.data + node->name, node->name_len};
}

/* A node to be sorted among its siblings. */
struct sibling {
    ptrdiff_t parent;
    size_t rank, at;
    struct retort_span name;
};

static int compare_names(const void *left, const void *right)
{
    const struct sibling *a = left, *b = right;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    int order = retort_span_compare(a->name, b->name);
    return order ? order : a->at < b->at ? -1 : a->at > b->at;
}

static int compare_ranks(const void *left, const void *right)
{
    const struct sibling *a = left, *b = right;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* All nodes below `root`, children of one parent together, in the order in which their names come
 * first; each parent learns where its children are. */
static struct sibling *sort_children(struct nodes *all, size_t root)
{
    size_t n = all->n_nodes - root - 1;
    struct sibling *sorted = retort_grow(NULL, n, sizeof *sorted);
    for (size_t i = 0; i < n; i++) {
        const struct node *node = &all->nodes[root + 1 + i];
        sorted[i] = (struct sibling){node->parent, 0, root + 1 + i, name_of(all, node)};
    }
    qsort(sorted, n, sizeof *sorted, compare_names);
    for (size_t i = 0; i < n; i++) {
        bool same = i > 0 && sorted[i].parent == sorted[i - 1].parent &&
                    retort_span_equal(sorted[i].name, sorted[i - 1].name);
        sorted[i].rank = same ? sorted[i - 1].rank : sorted[i].at;
    }
    qsort(sorted, n, sizeof *sorted, compare_ranks);
    for (size_t i = root; i < all->n_nodes; i++)
        all->nodes[i].n_children = 0;
    for (size_t i = 0; i < n; i++) {
        struct node *parent = &all->nodes[sorted[i].parent];
        if (parent->n_children++ == 0)
            parent->first_child = i;
    }
    return sorted;
}

/* An element that is being written. */
struct open_element {
    size_t at, next, end; /* its node, and its children in the sorted list */
};

struct json_writer {
    struct nodes *all;
    const struct sibling *sorted;
    size_t depth;
    struct open_element open[NODES_DEEPEST + 1];
};

static void gather_text(const struct nodes *all, const struct node *node, struct retort_buffer *out)
{
    for (ptrdiff_t p = node->first_piece; p != NODES_NONE; p = all->pieces[p].next)
        retort_buffer_put(
            out, (struct retort_span){all->text.data + all->pieces[p].begin, all->pieces[p].len});
}

static bool is_same_name(const struct json_writer *writer, size_t a, size_t b)
{
    return writer->sorted[a].rank == writer->sorted[b].rank;
}

/* What stands before a child: a comma, the key of the first of its name, a bracket if they are
 * several. */
static void put_before(struct json_writer *writer, const struct open_element *element)
{
    struct retort_buffer *out = &writer->all->json;
    size_t at = element->next;
    size_t begin = writer->all->nodes[element->at].first_child;
    if (at > begin)
        retort_buffer_byte(out, ',');
    if (at > begin && is_same_name(writer, at, at - 1))
        return;
    retort_json_put(out, writer->sorted[at].name);
    retort_buffer_byte(out, ':');
    if (at + 1 < element->end && is_same_name(writer, at, at + 1))
        retort_buffer_byte(out, '[');
}

static void put_after(struct json_writer *writer, const struct open_element *element)
{
    size_t at = element->next - 1, begin = writer->all->nodes[element->at].first_child;
    bool last = element->next == element->end || !is_same_name(writer, at, at + 1);
    if (last && at > begin && is_same_name(writer, at, at - 1))
        retort_buffer_byte(&writer->all->json, ']');
}

static void put_leaf(struct json_writer *writer, const struct node *node)
{
    struct retort_buffer text = {0};
    gather_text(writer->all, node, &text);
    retort_json_put(&writer->all->json, retort_buffer_span(&text));
    retort_buffer_release(&text);
}

static void open_element(struct json_writer *writer, size_t at)
{
    const struct node *node = &writer->all->nodes[at];
    assert(writer->depth <= NODES_DEEPEST);
    writer->open[writer->depth++] =
        (struct open_element){at, node->first_child, node->first_child + node->n_children};
    retort_buffer_byte(&writer->all->json, '{');
}

static void close_element(struct json_writer *writer)
{
    struct retort_buffer text = {0}, *out = &writer->all->json;
    gather_text(writer->all, &writer->all->nodes[writer->open[--writer->depth].at], &text);
    struct retort_span trimmed = retort_span_trim(retort_buffer_span(&text));
    if (trimmed.len > 0) {
        retort_json_key(out, "#text");
        retort_json_put(out, trimmed);
    }
    retort_buffer_release(&text);
    retort_buffer_byte(out, '}');
    if (writer->depth > 0)
        put_after(writer, &writer->open[writer->depth - 1]);
}

static void write_children(struct json_writer *writer)
{
    while (writer->depth > 0) {
        struct open_element *element = &writer->open[writer->depth - 1];
        if (element->next == element->end) {
            close_element(writer);
            continue;
        }
        put_before(writer, element);
        size_t child = writer->sorted[element->next++].at;
        if (writer->all->nodes[child].n_children > 0) {
            open_element(writer, child);
            continue;
        }
        put_leaf(writer, &writer->all->nodes[child]);
        put_after(writer, element);
    }
}

struct retort_span nodes_json(struct nodes *all, size_t root)
{
    struct sibling *sorted = sort_children(all, root);
    struct json_writer writer;
    writer.all = all;
    writer.sorted = sorted;
    writer.depth = 0;
    retort_buffer_clear(&all->json);
    open_element(&writer, root);
    write_children(&writer);
    free(sorted);
    return retort_buffer_span(&all->json);
}

void nodes_release(struct nodes *all)
{
    free(all->nodes);
    free(all->pieces);
    retort_buffer_release(&all->text);
    retort_buffer_release(&all->json);
}
