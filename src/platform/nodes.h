/* nodes (private to platform): the elements of an XML record as they come, and their JSON. */
#ifndef RETORT_PLATFORM_NODES_H
#define RETORT_PLATFORM_NODES_H

#include "base/base.h"

enum { NODES_NONE = -1, NODES_DEEPEST = 256 };

/* An element or attribute. Offsets are into the nodes' text. */
struct node {
    size_t name, name_len;
    ptrdiff_t parent; /* NODES_NONE: it is the outermost */
    ptrdiff_t first_piece, last_piece;
    size_t text_mark, piece_mark; /* what there was before it */
    size_t wanted;                /* the caller's: which of the wanted elements it is */
    size_t first_child, n_children;
};

/* A run of a node's text. */
struct node_piece {
    size_t begin, len;
    ptrdiff_t next;
};

/* Zero-initialise, with open NODES_NONE. */
struct nodes {
    struct node *nodes; /* parents before their children */
    struct node_piece *pieces;
    size_t n_nodes, n_pieces, nodes_capacity, pieces_capacity;
    struct retort_buffer text, json;
    ptrdiff_t open; /* the innermost element that has not ended */
};

/* Adds a child of the open node, named by both together; returns its index. */
size_t nodes_push(struct nodes *nodes, const char *prefix, const char *name, size_t wanted);
void nodes_add_text(struct nodes *nodes, size_t at, const char *text, size_t len);
/* Forgets the node and all that came after it; its parent is open. */
void nodes_cut(struct nodes *nodes, size_t at);
/* The node and all below it, which must be the last ones, as a JSON object; to the next call. */
struct retort_span nodes_json(struct nodes *nodes, size_t root);
void nodes_release(struct nodes *nodes);

#endif
