/* platform: an export of a comment platform → its threads, one at a time.
 *
 * An export says who wrote what, when, and in answer to whom, so nothing is guessed here and
 * nothing is lost: what the export says beside goes under `meta`, a JSON object, as it stands
 * (JSON members byte for byte; XML elements by their names, attributes as "@name", text beside
 * either as "#text", repeated ones as arrays). A thread's comments come in the export's order, save
 * that a comment which precedes the one it answers is moved behind it: a parent's index is below
 * its child's. A parent that the export does not hold is -1, and its id is kept as "parent_id" in
 * `meta`. Deleted and spam comments, pingbacks and trackbacks are comments too: `meta` says what
 * they are. Comments that Reddit only counts stand in the thread's `meta` as "more", their sum as
 * "missing"; what Discourse says of a topic's first post as "post". HTML bodies become text, a
 * paragraph or line break a new line.
 *
 * Private data. Unless keep_private is set, members, elements and attributes that hold a mail or IP
 * address by their name are dropped, at any depth of `meta`. The name is taken in any case and cut
 * into words at what is no letter or digit and where a capital follows a small letter. It is
 * private when a word holds "email" or "ipaddr", or is one of mail, mails, ip, ips, ipv4, ipv6,
 * userip, clientip, remoteip, authorip, posterip, senderip, hostip, remoteaddr; or two words are
 * "remote addr" or "forwarded for". True, false, null and empty text
 * (`has_verified_email`: true) are no addresses and stay. A text that is serialized data (JSON or
 * PHP) with such a name quoted in it is dropped whole, and so is the value of a WordPress meta pair
 * whose key is such a name. What a reader wrote into text, author or title stays as it is.
 *
 * A ConvoKit corpus keeps what it knows of speakers, conversations and itself in files beside: each
 * comment's meta gets its "speaker", each thread's its "conversation" and "corpus", unless they are
 * longer than 64 KiB. What WordPress and Disqus say of the site (categories, authors), of no thread
 * and no comment, is not read.
 *
 * Broken input. XML entities that are not the five of the standard are refused where they are
 * declared, no external entity is ever read, and elements nest at most 256 deep. Of XML and JSON
 * lines that end too early or break off, everything complete before is delivered, then the error
 * comes; a JSON document that does not parse is refused whole. */
#ifndef RETORT_PLATFORM_H
#define RETORT_PLATFORM_H

#include "base/base.h"
#include "page/page.h"
#include "thread/thread.h"

enum retort_platform {
    RETORT_PLATFORM_NONE,      /* not an export that we know */
    RETORT_PLATFORM_JSONL,     /* a comment a line: id, text, author, time, parent_id, thread_id */
    RETORT_PLATFORM_DISQUS,    /* Disqus XML */
    RETORT_PLATFORM_WXR,       /* WordPress extended RSS */
    RETORT_PLATFORM_REDDIT,    /* Reddit API listings: a post and its comments, or plain ones */
    RETORT_PLATFORM_HN,        /* Hacker News, Algolia items and search results */
    RETORT_PLATFORM_DISCOURSE, /* a Discourse topic */
    RETORT_PLATFORM_GUARDIAN,  /* a Guardian discussion */
    RETORT_PLATFORM_CONVOKIT,  /* a ConvoKit corpus: a directory, or its utterances.jsonl alone */
    RETORT_N_PLATFORMS
};

/* As `--format` calls it: "jsonl", "disqus", …; "" for NONE. */
const char *retort_platform_name(enum retort_platform platform);
/* NONE when no platform is called so. */
enum retort_platform retort_platform_named(const char *name);

enum { RETORT_PLATFORM_HEAD = 1 << 16 }; /* bytes of a file that detecting wants to see */

/* By the beginning of a file, decompressed; NONE for text, HTML, archives and what is unknown. What
 * begins like a JSON object and is nothing else is JSONL. */
enum retort_platform retort_platform_detect(struct retort_span head);
/* Is the path a directory with utterances.jsonl in it? Then it is CONVOKIT. */
bool retort_platform_is_corpus(const char *path);

/* What to do with the threads. */
struct retort_platform_reading {
    bool keep_private; /* mail and IP addresses too */
    /* The thread lives to the end of the visit. Its page has no lines, and its blocks have no
     * place: one for what opens the thread, if anything is told of it, then one a comment. Returns
     * false (error filled) to stop. Threads with neither text nor comments are not shown. */
    bool (*visit)(void *context, const struct retort_thread *thread, struct retort_error *error);
    void *context;
};

/* All threads of an export in memory, in the order in which they begin. False on the first failure
 * of `visit`, and, after all that could be read was visited, with RETORT_INPUT when something could
 * not: the message names line or byte and what to do, the caller adds the file's name. */
bool retort_platform_read(enum retort_platform platform, struct retort_span bytes,
                          const struct retort_platform_reading *reading,
                          struct retort_error *error);
/* The same for a ConvoKit directory; the message names the file. */
bool retort_platform_read_corpus(const char *path, const struct retort_platform_reading *reading,
                                 struct retort_error *error);

/* For those who keep comments one by one: what is told of one beside id, author, time, text and
 * parent, as the members of one object: its thread's id as "thread", the thread's title, url and
 * date, and its "meta". Empty for nothing, else in the arena. */
struct retort_span retort_platform_beside(const struct retort_thread *thread,
                                          const struct retort_comment *comment,
                                          struct retort_arena *arena);
/* A JSON object that was checked without what is private in it: itself if there is nothing. */
struct retort_span retort_platform_public(struct retort_span object, struct retort_arena *arena);

/* "expat 2.5.0": what this room was linked with. */
void retort_platform_libraries(struct retort_buffer *out);

#endif
