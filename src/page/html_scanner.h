/* The scanner's state and what its parts share. Internal to the HTML scanner. */
#ifndef RETORT_PAGE_HTML_SCANNER_H
#define RETORT_PAGE_HTML_SCANNER_H

#include "page/html_scan.h"
#include "page/html_tags.h"

/* How an open tag was handed on. */
enum { LEFT_OUT, AS_ITSELF, AS_SPAN };

struct open_tag {
    uint8_t tag, handed;
};

struct scanner {
    struct html_scanned *out;
    struct retort_span source;
    size_t at;
    struct open_tag *open;
    size_t n_open, n_handed; /* of them handed on */
    uint32_t count[GUMBO_TAG_LAST + 1];
    bool absent[GUMBO_TAG_LAST + 1]; /* no end tag of it stands below */
    bool after_block;
    size_t link; /* where the open link begins, SIZE_MAX for none */
    size_t n_elements;
    size_t open_room, segment_room, tag_room, attribute_room, link_room;
    struct retort_span found[HTML_N_KEYS]; /* attributes of the tag at hand */
};

/* ASCII only. */
uint8_t scan_lower(uint8_t byte);
bool scan_is_space(uint8_t byte);
bool scan_same_word(const uint8_t *bytes, size_t len, const char *word);
bool scan_holds_word(struct retort_span span, const char *word);
/* Makes room for one more item. */
void *scan_with_room(void *items, size_t n, size_t *room, size_t size);
size_t scan_find_byte(const struct scanner *scanner, size_t at, uint8_t byte);

/* From behind a tag's name to behind its '>', into `found`; true when the tag closes itself. */
bool scan_attributes(struct scanner *scanner);

/* The open tags (html_open.c). */
bool scan_is_heading(uint8_t tag);
void scan_push(struct scanner *scanner, uint8_t tag, uint8_t handed);
void scan_pop_to(struct scanner *scanner, size_t n);
/* Closes what a start tag closes; false when it is to be ignored. */
bool scan_close_before(struct scanner *scanner, uint8_t tag);
/* The open tag that an end tag closes; −1: it closes nothing. */
ptrdiff_t scan_closed_by(const struct scanner *scanner, uint8_t tag);
/* </form> takes only the form away; what is open inside stays open. */
void scan_close_form(struct scanner *scanner, size_t at);

/* What is dropped (html_skip.c). */
void scan_skip_to_end(struct scanner *scanner, size_t at); /* behind the next '>' */
void scan_skip_comment(struct scanner *scanner);
void scan_drop_raw(struct scanner *scanner, uint8_t tag);
void scan_drop_tree(struct scanner *scanner, uint8_t tag);

#endif
