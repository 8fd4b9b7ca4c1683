/* convokit (private to exchange): a ConvoKit directory being written.
 *
 * utterances.jsonl, speakers.json, conversations.json, corpus.json and index.json, as ConvoKit 2 to
 * 5 read them. What came from such a corpus stands in a comment's meta as "convokit" (see
 * convokit_read.c) and goes back to the places that it came from; what is ours is a member `retort`
 * of an utterance's meta, a string of JSON that ConvoKit carries along. */
#ifndef RETORT_EXCHANGE_CONVOKIT_H
#define RETORT_EXCHANGE_CONVOKIT_H

#include "exchange/export.h"

#define CONVOKIT_UNKNOWN "[unknown]" /* a speaker without a name */

/* ---- what was seen already ---- */

struct flags {
    bool *at;
    size_t size;
};
struct hashes {
    uint64_t *slots; /* 0: free */
    size_t n, size;
};
bool flags_add(struct flags *flags, int64_t number); /* false: it was there */
bool hashes_add(struct hashes *set, struct retort_span text);

/* ---- index.json: which members metas have, and of what types ---- */

enum convokit_object { UTTERANCE, SPEAKER, CONVERSATION, OVERALL, N_CONVOKIT_OBJECTS };

struct convokit_index {
    struct index_key {
        struct retort_span name; /* raw: still escaped */
        unsigned types;          /* a bit each */
    } * keys[N_CONVOKIT_OBJECTS];
    size_t n[N_CONVOKIT_OBJECTS], capacity[N_CONVOKIT_OBJECTS];
    struct retort_arena arena;
};
/* A member with this raw value. ConvoKit drops what the index doesn't name; false: there are too
 * many different ones for it to be named. */
bool index_note(struct convokit_index *index, enum convokit_object object, struct retort_span key,
                struct retort_span value);
/* All members of a raw object. */
void index_note_all(struct convokit_index *index, enum convokit_object object,
                    struct retort_span raw, struct retort_arena *arena);
void index_write(const struct convokit_index *index, struct retort_buffer *out);
void index_release(struct convokit_index *index);

/* ---- the corpus ---- */

struct convokit {
    const char *directory;
    struct export_file speakers, conversations;
    struct hashes seen_speakers, seen_conversations;
    struct flags seen_sources, seen_passages;
    struct convokit_index index;
    struct retort_span corpus; /* the members of corpus.json that came along; in index.arena */
    bool native_ids;
    /* Of the line comment with this id: 0 unknown, else the comment that begins its conversation,
     * or below −1: −1 − the passage that does. */
    int64_t *roots;
    size_t roots_size;
};

/* What a comment's meta keeps of the corpus that it came from; raw values, data NULL: nothing. */
struct convokit_told {
    struct retort_span conversation_id; /* unquoted */
    struct retort_span meta, timestamp, vectors;
    struct retort_span speaker, conversation, corpus;
};
/* false: it came from elsewhere. */
bool convokit_told(struct retort_span meta, struct retort_arena *arena, struct convokit_told *told);

/* Where an utterance stands: its conversation, and what it answers (data NULL: nothing). Writes the
 * article before its first comment, and what conversations.json says. */
struct convokit_place {
    struct retort_span conversation, reply_to;
};
bool convokit_place(struct export_run *run, const struct retort_stored *stored,
                    const struct convokit_told *told, struct retort_arena *arena,
                    struct convokit_place *place, struct retort_error *error);
struct retort_span convokit_id(const struct convokit *kit,
                               const struct retort_stored_comment *comment);
/* Once each. raw: what speakers.json is to say, data NULL: nothing is known. */
void convokit_put_speaker(struct convokit *kit, struct retort_span name, struct retort_span raw,
                          struct retort_arena *arena);

#endif
