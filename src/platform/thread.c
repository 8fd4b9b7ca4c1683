/* The records of one thread → the thread.
 *
 * Each comment says whom it answers by a name: an id, a number in the topic. A sorted table of
 * names finds the comment meant; what opens the thread, and the thread's own key, stand in it as
 * the article. Where a name is unknown, the comment that the export nests it in stands for it, else
 * none; the name goes to meta. Then comments are put in the order of the export, each behind those
 * it answers. A circle of answers is cut where it closes. */
#include "platform/records.h"

#include <assert.h>
#include <stdlib.h>

enum { ARTICLE = -1, UNKNOWN = -2 };

/* A comment on its way: parents are indices of drafts, not of comments yet. */
struct draft {
    struct retort_comment comment;
    struct retort_span link, parent; /* its name, and that of the one it answers */
    const struct record *record;
    ptrdiff_t up;
    ptrdiff_t place; /* its index in the thread; -1: not yet */
    bool walking;    /* on the way up from some comment, to see circles */
};

/* A name and who has it. */
struct name {
    struct retort_span link;
    ptrdiff_t who; /* a draft or ARTICLE */
    size_t order;
};

struct threading {
    const struct reader *reader;
    struct retort_arena *arena;
    struct retort_thread *thread;
    struct draft *drafts;
    struct name *names;
    size_t n_drafts, n_names;
    struct retort_buffer article, stubs;
    double n_missing;
};

/* ---- records → drafts ----------------------------------------------------------------------- */

static struct object open_object(const struct threading *on, const struct record *record)
{
    const struct object_json *tree = record->tree;
    if (!tree) {
        struct object_json *parsed = RETORT_NEW(on->arena, struct object_json, 1);
        *parsed = object_parse(record->json, on->arena);
        tree = parsed;
    }
    struct object object = {.json = tree, .at = record->at, .arena = on->arena};
    assert(object_is(tree, record->at, '{'));
    for (size_t i = 0; i < sizeof record->drop / sizeof *record->drop; i++)
        object_drop(&object, record->drop[i]);
    return object;
}

static struct retort_span take(struct object *object, const char *paths)
{
    return paths ? object_take(object, paths) : (struct retort_span){0};
}

/* What others call it; it stays in meta. */
static struct retort_span peek(const struct object *object, const char *paths)
{
    struct object copy = *object;
    return take(&copy, paths);
}

static void add_name(struct threading *on, struct retort_span link, ptrdiff_t who)
{
    if (link.len > 0) {
        on->names[on->n_names] = (struct name){link, who, on->n_names};
        on->n_names++;
    }
}

static struct retort_span meta_of(const struct threading *on, const struct object *object,
                                  const struct fields *fields)
{
    return object_meta(object, fields->hoist, on->reader->reading->keep_private);
}

static void read_comment(struct threading *on, const struct record *record)
{
    const struct fields *fields = record->fields;
    struct object object = open_object(on, record);
    struct draft *draft = &on->drafts[on->n_drafts];
    struct retort_comment *comment = &draft->comment;
    *draft = (struct draft){.record = record, .place = -1, .up = ARTICLE};
    draft->link = peek(&object, fields->link ? fields->link : fields->id);
    comment->id = take(&object, fields->id);
    comment->author = take(&object, fields->author);
    comment->time = take(&object, fields->time);
    comment->text = body_text(take(&object, fields->text), fields->body, on->arena);
    comment->parent_p = 1;
    draft->parent = take(&object, fields->parent);
    comment->meta = meta_of(on, &object, fields);
    add_name(on, draft->link, (ptrdiff_t)on->n_drafts++);
}

static void fill(struct retort_span *field, struct object *object, const char *paths)
{
    if (field->len == 0)
        *field = take(object, paths);
}

/* The opening of a thread, or more of it: what it says again goes to meta, under "post". */
static void read_opening(struct threading *on, const struct record *record)
{
    const struct fields *fields = record->fields;
    struct object object = open_object(on, record);
    struct retort_thread *thread = on->thread;
    struct retort_span title = {0}, text;
    add_name(on, peek(&object, fields->link ? fields->link : fields->id), ARTICLE);
    fill(&thread->id, &object, fields->id);
    fill(&thread->date, &object, fields->time);
    fill(&thread->url, &object, fields->url);
    if (fields->body == BODY_REDDIT)
        thread->url = body_text(thread->url, fields->body, on->arena);
    if (thread->title.len == 0)
        title = take(&object, fields->title);
    if (title.len > 0)
        thread->title = body_title(title, fields->body, on->arena);
    text = body_text(take(&object, fields->text), fields->body, on->arena);
    if (on->article.len > 0 && text.len > 0)
        retort_buffer_text(&on->article, "\n\n");
    retort_buffer_put(&on->article, text);
    struct retort_span meta = meta_of(on, &object, fields);
    if (thread->meta.len == 0)
        thread->meta = meta;
    else if (meta.len > 0)
        thread->meta = object_meta_add(thread->meta, "post", meta, on->arena);
}

/* Comments that the export only counts: kept as it says so, and summed up. */
static void read_stub(struct threading *on, const struct record *record)
{
    struct object object = open_object(on, record);
    struct retort_span count = peek(&object, "count"), json = object_meta(&object, NULL, true);
    struct retort_arena arena = {0};
    double number;
    if (count.len > 0 && retort_parse_number(retort_arena_string(&arena, count), &number) &&
        number > 0)
        on->n_missing += number;
    retort_arena_release(&arena);
    retort_buffer_text(&on->stubs, on->stubs.len > 0 ? "," : "[");
    retort_buffer_put(&on->stubs, json.len > 0 ? json : RETORT_SPAN("{}"));
}

static void put_stubs(struct threading *on)
{
    struct retort_buffer number = {0};
    if (on->stubs.len == 0)
        return;
    struct retort_span *meta = &on->thread->meta;
    retort_buffer_byte(&on->stubs, ']');
    retort_buffer_number(&number, on->n_missing);
    *meta = object_meta_add(*meta, "more", retort_buffer_span(&on->stubs), on->arena);
    *meta = object_meta_add(*meta, "missing", retort_buffer_span(&number), on->arena);
    retort_buffer_release(&number);
}

static void read_record(struct threading *on, const struct record *record)
{
    if (record->kind == RECORD_COMMENT)
        read_comment(on, record);
    else if (record->kind == RECORD_OPENING)
        read_opening(on, record);
    else
        read_stub(on, record);
}

/* ---- who answers whom ----------------------------------------------------------------------- */

static int compare_names(const void *left, const void *right)
{
    const struct name *a = left, *b = right;
    int order = retort_span_compare(a->link, b->link);
    return order ? order : a->order < b->order ? -1 : a->order > b->order;
}

/* Who is called so, the first if several are; UNKNOWN if none. */
static ptrdiff_t find_name(const struct threading *on, struct retort_span link)
{
    size_t low = 0, high = on->n_names;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (retort_span_compare(on->names[middle].link, link) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < on->n_names && retort_span_equal(on->names[low].link, link);
    return found ? on->names[low].who : UNKNOWN;
}

/* Reddit's dumps call a comment "abc" and the one it answers "t1_abc"; "0" is nobody. */
static ptrdiff_t find_parent(const struct threading *on, struct retort_span parent)
{
    ptrdiff_t who = find_name(on, parent);
    if (who == UNKNOWN && retort_span_starts(parent, RETORT_SPAN("t1_")))
        who = find_name(on, retort_span_slice(parent, 3, parent.len));
    return who == UNKNOWN && retort_span_equal(parent, RETORT_SPAN("0")) ? ARTICLE : who;
}

/* The draft of the record that the comment is nested in. Drafts stand in the order of records. */
static ptrdiff_t find_container(const struct threading *on, const struct draft *draft)
{
    const struct record *wanted = on->reader->records + draft->record->container;
    size_t low = 0, high = on->n_drafts;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (on->drafts[middle].record < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < on->n_drafts && on->drafts[low].record == wanted ? (ptrdiff_t)low : ARTICLE;
}

static void keep_parent(const struct threading *on, struct draft *draft)
{
    struct retort_buffer json = {0};
    retort_json_put(&json, draft->parent);
    draft->comment.meta =
        object_meta_add(draft->comment.meta, "parent_id", retort_buffer_span(&json), on->arena);
    retort_buffer_release(&json);
}

static void link_draft(const struct threading *on, struct draft *draft)
{
    ptrdiff_t who = draft->parent.len > 0 ? find_parent(on, draft->parent) : UNKNOWN;
    if (who == UNKNOWN && draft->parent.len > 0)
        keep_parent(on, draft);
    if (who == UNKNOWN && draft->record->container >= 0)
        who = find_container(on, draft);
    draft->up = who == UNKNOWN ? ARTICLE : who;
}

/* ---- the order ------------------------------------------------------------------------------ */

/* The drafts from `at` up to one that has its place, the lowest first. */
static size_t climb(const struct threading *on, size_t at, size_t *way)
{
    size_t n = 0;
    for (ptrdiff_t who = (ptrdiff_t)at; who != ARTICLE && on->drafts[who].place < 0;) {
        struct draft *draft = &on->drafts[who];
        draft->walking = true;
        way[n++] = (size_t)who;
        if (draft->up != ARTICLE && on->drafts[draft->up].walking) {
            keep_parent(on, draft);
            draft->up = ARTICLE;
        }
        who = draft->up;
    }
    return n;
}

static void place(struct threading *on, struct draft *draft)
{
    struct retort_thread *thread = on->thread;
    struct retort_comment *comment = &thread->comments[thread->n_comments];
    draft->place = (ptrdiff_t)thread->n_comments++;
    draft->walking = false;
    *comment = draft->comment;
    comment->parent = draft->up == ARTICLE ? -1 : on->drafts[draft->up].place;
    assert(comment->parent < draft->place);
}

static void order(struct threading *on)
{
    size_t *way = RETORT_NEW(on->arena, size_t, on->n_drafts);
    on->thread->comments = RETORT_NEW(on->arena, struct retort_comment, on->n_drafts);
    for (size_t i = 0; i < on->n_drafts; i++)
        for (size_t n = climb(on, i, way); n > 0; n--)
            place(on, &on->drafts[way[n - 1]]);
}

static bool is_opening_told(const struct retort_thread *thread)
{
    return thread->article.len > 0 || thread->title.len > 0 || thread->url.len > 0 ||
           thread->date.len > 0 || thread->id.len > 0 || thread->meta.len > 0;
}

static void make_blocks(const struct threading *on)
{
    struct retort_thread *thread = on->thread;
    thread->blocks = RETORT_NEW(on->arena, struct retort_block, thread->n_comments + 1);
    if (is_opening_told(thread))
        thread->blocks[thread->n_blocks++] =
            (struct retort_block){.role = RETORT_ARTICLE, .text = thread->article};
    for (size_t i = 0; i < thread->n_comments; i++)
        thread->blocks[thread->n_blocks++] = (struct retort_block){
            .role = RETORT_COMMENT, .text = thread->comments[i].text, .comment = i + 1};
}

static void enrich(const struct threading *on)
{
    const struct reader *reader = on->reader;
    struct retort_thread *thread = on->thread;
    if (!reader->enrich)
        return;
    thread->meta = reader->enrich(reader, thread, NULL, on->arena);
    for (size_t i = 0; i < thread->n_comments; i++)
        thread->comments[i].meta = reader->enrich(reader, thread, &thread->comments[i], on->arena);
}

void records_thread(const struct reader *reader, struct record *const *records, size_t n_records,
                    struct retort_arena *arena, struct retort_thread *thread)
{
    struct threading on = {.reader = reader, .arena = arena, .thread = thread};
    *thread = (struct retort_thread){0};
    on.drafts = RETORT_NEW(arena, struct draft, n_records);
    on.names = RETORT_NEW(arena, struct name, n_records + 1);
    for (size_t i = 0; i < n_records; i++)
        read_record(&on, records[i]);
    add_name(&on, records[0]->thread, ARTICLE);
    if (thread->id.len == 0 && !retort_span_starts(records[0]->thread, RECORDS_NAMELESS))
        thread->id = records[0]->thread;
    qsort(on.names, on.n_names, sizeof *on.names, compare_names);
    for (size_t i = 0; i < on.n_drafts; i++)
        link_draft(&on, &on.drafts[i]);
    order(&on);
    put_stubs(&on);
    thread->article = retort_arena_copy(arena, retort_buffer_span(&on.article));
    enrich(&on);
    make_blocks(&on);
    retort_buffer_release(&on.article);
    retort_buffer_release(&on.stubs);
}

/* ---- for those who keep comments one by one ------------------------------------------------- */

static void put_member(struct retort_buffer *out, const char *name, struct retort_span text)
{
    if (text.len == 0)
        return;
    retort_json_key(out, name);
    retort_json_put(out, text);
}

struct retort_span retort_platform_beside(const struct retort_thread *thread,
                                          const struct retort_comment *comment,
                                          struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '{');
    put_member(&out, "thread", thread->id);
    put_member(&out, "title", thread->title);
    put_member(&out, "url", thread->url);
    put_member(&out, "date", thread->date);
    if (comment->meta.len > 0) {
        retort_json_key(&out, "meta");
        retort_buffer_put(&out, comment->meta);
    }
    retort_buffer_byte(&out, '}');
    struct retort_span beside = {0};
    if (out.len > 2)
        beside = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return beside;
}

struct retort_span retort_platform_public(struct retort_span object, struct retort_arena *arena)
{
    const struct object_json json = object_parse(object, arena);
    const struct object whole = {.json = &json, .arena = arena};
    struct retort_span public = object_meta(&whole, NULL, false);
    return retort_span_equal(public, object_meta(&whole, NULL, true)) ? object : public;
}
