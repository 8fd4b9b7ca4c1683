/* base: what every room stands on and what knows nothing of comments.
 *
 * Spans, errors, arenas, growing buffers, UTF-8 and the mending of other encodings, hashes, files,
 * JSON lines, the container that holds a model, progress on a terminal. The libraries behind them
 * (jansson, libsodium, utf8proc, xxHash) are named in this room's .c files and nowhere else.
 *
 * Text is a span: a pointer and a length into bytes that somebody else owns. It may hold NUL and is
 * not terminated. No memory is not an error that callers handle: retort_out_of_memory() ends the
 * program in one place. */
#ifndef RETORT_BASE_H
#define RETORT_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RETORT_VERSION "0.1.0"

/* ---- spans ---- */

struct retort_span {
    const uint8_t *data;
    size_t len;
};

#define RETORT_SPAN(literal)                                                                       \
    ((struct retort_span){(const uint8_t *)("" literal), sizeof("" literal) - 1})

struct retort_span retort_span_of(const char *terminated);
static inline struct retort_span retort_span_slice(struct retort_span span, size_t begin,
                                                   size_t end)
{
    end = end > span.len ? span.len : end;
    begin = begin > end ? end : begin;
    return (struct retort_span){span.data ? span.data + begin : NULL, end - begin};
}
bool retort_span_equal(struct retort_span a, struct retort_span b);
int retort_span_compare(struct retort_span a, struct retort_span b); /* bytewise, like memcmp */
bool retort_span_starts(struct retort_span span, struct retort_span prefix);
/* Without ASCII white space (space, tab, CR, LF, FF, VT), no-break space and BOM at both ends. */
struct retort_span retort_span_trim(struct retort_span span);
/* Cuts the next line off *rest, without its LF or CRLF (or lone CR); false when *rest is empty. */
bool retort_span_next_line(struct retort_span *rest, struct retort_span *line);

/* ---- eight bytes at once, for loops over text; the first is the lowest on every machine ---- */

#define RETORT_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t retort_eight(const uint8_t *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(eight) : eight;
}

static inline void retort_put_eight(uint8_t *bytes, uint64_t eight)
{
    eight = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(eight) : eight;
    memcpy(bytes, &eight, sizeof eight);
}

/* Of bits that are the highest of their bytes: how many bytes come before the first. */
static inline size_t retort_before_first(uint64_t highest)
{
    return highest ? (size_t)__builtin_ctzll(highest) / 8 : 8;
}

/* Two numbers multiplied, and both halves of the product folded into one: a hash of a few bytes
 * (Wang Yi's wyhash). 0 of 0, so what may be 0 is xored with a constant first. */
static inline uint64_t retort_mix(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = a;
    product *= b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* ---- errors ---- */

/* What went wrong, as the exit code it will become. */
enum retort_failure {
    RETORT_DONE = 0,
    RETORT_RUNTIME = 1, /* the machine: disk, memory map, write */
    RETORT_USAGE = 2,   /* the command line */
    RETORT_INPUT = 3,   /* what was read: page, JSON line, data set */
    RETORT_REFUSED = 4, /* the store or a model file cannot be used */
};

/* Brought by the caller, filled by the callee; the library never prints. One line, no newline. */
struct retort_error {
    enum retort_failure failure;
    char message[512];
};

/* Fills the error and returns false, so that a check reads `return retort_fail(error, …)`. */
bool retort_fail(struct retort_error *error, enum retort_failure failure, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts "context: " before the message that is there; returns false. */
bool retort_fail_within(struct retort_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Called when an allocation fails; an embedder may replace it. It must not return. */
extern void (*retort_out_of_memory)(void);

/* ---- arena: all that was made for one unit of work dies with it ---- */

struct retort_arena {
    struct retort_arena_block *blocks; /* newest first; zero-initialise to begin */
    size_t n_bytes;                    /* handed out since the last release */
};

/* count × size zeroed bytes, aligned for anything; sizes are checked. Never NULL. */
void *retort_arena_alloc(struct retort_arena *arena, size_t count, size_t size);
/* The same, not zeroed: for what is written before it is read. */
void *retort_arena_room(struct retort_arena *arena, size_t count, size_t size);
#define RETORT_NEW(arena, type, count) ((type *)retort_arena_alloc((arena), (count), sizeof(type)))
struct retort_span retort_arena_copy(struct retort_arena *arena, struct retort_span span);
/* A NUL-terminated copy for foreign functions that want one. */
char *retort_arena_string(struct retort_arena *arena, struct retort_span span);
void retort_arena_release(struct retort_arena *arena);
/* Forgets all that it holds, and keeps its largest block for what comes next. */
void retort_arena_clear(struct retort_arena *arena);

/* ---- buffer: bytes that grow ---- */

struct retort_buffer {
    uint8_t *data;
    size_t len, capacity;
};

void retort_buffer_put(struct retort_buffer *buffer, struct retort_span bytes);
void retort_buffer_text(struct retort_buffer *buffer, const char *terminated);
void retort_buffer_byte(struct retort_buffer *buffer, uint8_t byte);
/* Room for n bytes behind its end, for those who write them and then add to `len`. */
uint8_t *retort_buffer_room(struct retort_buffer *buffer, size_t n);
void retort_buffer_format(struct retort_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline struct retort_span retort_buffer_span(const struct retort_buffer *buffer)
{
    return (struct retort_span){buffer->data, buffer->len};
}
void retort_buffer_clear(struct retort_buffer *buffer);   /* keeps the memory */
void retort_buffer_release(struct retort_buffer *buffer); /* frees it */

/* malloc's family for arrays that outlive an arena: checked, never NULL for a size above 0. */
void *retort_grow(void *old, size_t count, size_t size);

/* ---- numbers ---- */

/* Decimal forms that no locale changes. */
void retort_buffer_number(struct retort_buffer *buffer,
                          double value); /* shortest that reads back */
void retort_buffer_fixed(struct retort_buffer *buffer, double value, int decimals);
enum { RETORT_P_SIZE = 6 };
/* A probability with four decimals, the same bytes as retort_buffer_fixed, but by whole numbers:
 * at a hundredth of its price. p: 0 to 1. */
void retort_put_p(uint8_t digits[RETORT_P_SIZE], double p);
bool retort_parse_number(const char *text, double *value);
bool retort_parse_count(const char *text, uint64_t *value);

/* splitmix64: the only random numbers of the program; the seed is always an argument. */
uint64_t retort_random(uint64_t *state);

/* ---- times ---- */

/* Seconds since 1970 of a time as people and programs write it: ISO 8601, seconds, milliseconds or
 * microseconds since 1970, mail's dates, English months. Without a zone it is taken for UTC. false:
 * in no form we know. */
bool retort_when(struct retort_span text, int64_t *seconds);
/* Days since 1970-01-01 of a proleptic Gregorian date. */
int64_t retort_days_of(int64_t year, int64_t month, int64_t day);

/* ---- shares ---- */

/* One-sided lower bound of Clopper and Pearson (1934) of the share that `hits` of n were drawn
 * from; risk: the chance that the bound lies above it. The counts need not be whole: Korn and
 * Graubard (1998) put effective ones in their place where cases are weighed. 0 of none. */
double retort_share_above(double hits, double n, double risk);
double retort_share_below(double hits, double n, double risk); /* the upper bound; 1 of none */
/* Of the cases that one of two gets right and the other does not: the chance of a split so uneven
 * if both were as good, the exact two-sided binomial form of McNemar's test (1947; Liddell 1983).
 * The counts need not be whole, as above. 1 of none. */
double retort_share_mcnemar(double only_first, double only_second);
/* The t that Student's distribution of so many degrees of freedom passes with that chance. */
double retort_student(double degrees, double risk);
/* I_x(a, b): the chance that a Beta(a, b) variable is below x. a, b > 0. */
double retort_incomplete_beta(double a, double b, double x);

/* ---- UTF-8 ---- */

uint32_t retort_utf8_next_long(struct retort_span text, size_t *at); /* for retort_utf8_next */
/* The code point at *at (which moves on); malformed bytes read as U+FFFD, one byte at a time. */
static inline uint32_t retort_utf8_next(struct retort_span text, size_t *at)
{
    return text.data[*at] < 0x80 ? text.data[(*at)++] : retort_utf8_next_long(text, at);
}
size_t retort_utf8_put(uint8_t out[4], uint32_t code_point);
bool retort_utf8_valid(struct retort_span text);
/* Case-folds one code point (Unicode simple folding). */
uint32_t retort_fold(uint32_t code_point);
bool retort_is_letter(uint32_t code_point);
bool retort_is_upper(uint32_t code_point);
bool retort_is_alphanumeric(uint32_t code_point); /* a letter, or a number of any kind */
size_t retort_columns(uint32_t code_point);       /* its width on a terminal: 0, 1 or 2 */

enum retort_encoding {
    RETORT_UTF8,
    RETORT_UTF8_MENDED, /* stray bytes became U+FFFD */
    RETORT_WINDOWS_1252,
    RETORT_UTF16_LE,
    RETORT_UTF16_BE,
};
const char *retort_encoding_name(enum retort_encoding encoding);

/* Bytes from outside → valid UTF-8 (borrowed when they were already; else in the arena), a leading
 * byte order mark dropped. UTF-16 wants its BOM; bytes above 127 that are not UTF-8 are read as
 * Windows-1252 when they stand like its letters and quotes, else as U+FFFD. Never fails. */
struct retort_span retort_text_decode(struct retort_span bytes, struct retort_arena *arena,
                                      enum retort_encoding *encoding);
/* Turns ascending offsets into the decoded text into offsets into the input bytes, in place. */
void retort_text_source_offsets(struct retort_span bytes, enum retort_encoding encoding,
                                size_t *offsets, size_t n_offsets);
/* Refuses what is no text at all: NUL bytes (unless UTF-16 with BOM), mostly control characters. */
bool retort_text_check(struct retort_span bytes, struct retort_error *error);

/* ---- hashes ---- */

uint64_t retort_hash(struct retort_span bytes, uint64_t seed); /* XXH3; not against an adversary */
#define RETORT_SHA256_BYTES 32
#define RETORT_SHA256_HEX 65 /* the same as digits, with the NUL */
void retort_sha256_bytes(struct retort_span bytes, uint8_t digest[RETORT_SHA256_BYTES]);
void retort_sha256(struct retort_span bytes, char hex[RETORT_SHA256_HEX]);

/* ---- secrets ---- */

#define RETORT_SECRET 32         /* bytes */
#define RETORT_SECRET_HEX 65     /* the same as digits, with the NUL */
#define RETORT_PASSWORD_HASH 128 /* an argon2id string, with its NUL */

void retort_secret_make(uint8_t secret[RETORT_SECRET]); /* at random */
void retort_secret_hex(const uint8_t secret[RETORT_SECRET], char hex[RETORT_SECRET_HEX]);
/* In a time that tells nothing but whether the lengths are the same. */
bool retort_secret_equal(struct retort_span a, struct retort_span b);
/* A keyed hash (BLAKE2b): nobody without the key can make it. */
void retort_secret_sign(const uint8_t key[RETORT_SECRET], struct retort_span bytes,
                        uint8_t signature[RETORT_SECRET]);
void retort_secret_wipe(void *bytes, size_t len); /* where no compiler leaves it out */

/* argon2id, salted, slow on purpose: 64 MB and about 0.1 s each, for hashing and for checking. */
bool retort_password_hash(struct retort_span password, char hash[RETORT_PASSWORD_HASH],
                          struct retort_error *error);
bool retort_password_fits(struct retort_span password, const char hash[RETORT_PASSWORD_HASH]);
bool retort_password_hash_check(const char *hash); /* is it such a hash, of whatever cost? */

/* ---- files ---- */

/* A whole file in memory. What others may change under us (pages, data) is read; a model, which is
 * only ever replaced by rename, may be mapped. "-" is standard input, for reading only. */
struct retort_file {
    struct retort_span bytes;
    bool mapped; /* private: how to give the bytes back */
};
bool retort_file_read(struct retort_file *file, const char *path, struct retort_error *error);
bool retort_file_map(struct retort_file *file, const char *path, struct retort_error *error);
void retort_file_close(struct retort_file *file);
/* Written beside, synced and renamed: the old file or the new one, never half of one. A link is
 * followed; what is no regular file (a device, a pipe) is written to as it is. */
bool retort_file_replace(const char *path, struct retort_span bytes, struct retort_error *error);
/* The same, for its owner's eyes only. */
bool retort_file_replace_secret(const char *path, struct retort_span bytes,
                                struct retort_error *error);
/* A new one, for its owner's eyes only; of several who make it at once one does. *made false: it is
 * there already, and is left as it is. */
bool retort_file_make_secret(const char *path, struct retort_span bytes, bool *made,
                             struct retort_error *error);

/* ---- JSON ---- */

struct retort_json; /* a parsed value; children are borrowed from their root */

enum { RETORT_JSON_DEPTH = 2048 };

/* Strict RFC 8259 with an object or array outside: no lone surrogate, no broken UTF-8, no key
 * twice, at most RETORT_JSON_DEPTH levels. NULL and the error (with the column) when it is not. */
struct retort_json *retort_json_parse(struct retort_span bytes, struct retort_error *error);
void retort_json_free(struct retort_json *root);
bool retort_json_is_object(const struct retort_json *value);
bool retort_json_is_array(const struct retort_json *value);
bool retort_json_is_null(const struct retort_json *value);
const struct retort_json *retort_json_get(const struct retort_json *object, const char *key);
size_t retort_json_n_members(const struct retort_json *object); /* 0 when it is no object */
size_t retort_json_length(const struct retort_json *array);     /* 0 when it is no array */
const struct retort_json *retort_json_at(const struct retort_json *array, size_t index);
bool retort_json_text(const struct retort_json *value, struct retort_span *text);
bool retort_json_number(const struct retort_json *value, double *number);
bool retort_json_flag(const struct retort_json *value, bool *flag); /* true or false */

/* The members of one object that retort_json_parse has accepted, as they stand in the bytes:
 * what we don't know is handed back byte for byte. Keys are raw (still escaped). */
struct retort_json_member {
    struct retort_span key, value;
};
size_t retort_json_members(struct retort_span object, struct retort_arena *arena,
                           struct retort_json_member **members);

/* Is it what retort_json_parse would accept? */
bool retort_json_check(struct retort_span bytes, struct retort_error *error);

/* The same, and in one pass with it the members, where it is an object: no tree is made. */
struct retort_json_object {
    struct retort_json_member *members; /* in the arena */
    size_t n_members;
    bool is_object; /* false: it is an array */
};
bool retort_json_scan(struct retort_span bytes, struct retort_arena *arena,
                      struct retort_json_object *object, struct retort_error *error);

/* All values of JSON that was checked, as they stand and in its order, for what must go on as it
 * came: part 0 is the whole; behind an object stand its keys, each followed by its value, behind an
 * array its elements. */
struct retort_json_part {
    struct retort_span bytes; /* the first byte tells what it is; a string has its quotes */
    size_t next;              /* the part behind it and all that is in it */
};
size_t retort_json_parts(struct retort_span bytes, struct retort_arena *arena,
                         struct retort_json_part **parts);
/* What a quoted string of checked JSON says: borrowed, or in the arena if it has escapes. */
struct retort_span retort_json_unquote(struct retort_span quoted, struct retort_arena *arena);

/* Writing: a quoted, escaped string. Invalid UTF-8 becomes U+FFFD. */
void retort_json_put(struct retort_buffer *buffer, struct retort_span text);
/* "key":  — with a comma before it unless it is the first after `{` or `[`. */
void retort_json_key(struct retort_buffer *buffer, const char *key);

/* Bytes as base64, of plain letters. Reading: into the arena; false: it is none. */
void retort_base64_put(struct retort_buffer *buffer, struct retort_span bytes);
bool retort_base64_read(struct retort_span text, struct retort_arena *arena,
                        struct retort_span *bytes);

/* ---- bundle: the container of a model file ---- */

/* Named sections after a header: magic, format version, size, checksum of all that follows. The
 * whole file is checked before the first section is read: a truncated, damaged, foreign or newer
 * file is refused in one line. Sections start at multiples of 64. */
struct retort_bundle {
    struct retort_file file;
    size_t n_sections;
    uint64_t checksum; /* of the content: what has the same is the same, between friends */
    bool borrowed;     /* private: the bytes are another's */
};
#define RETORT_BUNDLE_VERSION 1u
#define RETORT_BUNDLE_NAME 24

bool retort_bundle_open(struct retort_bundle *bundle, const char *path, struct retort_error *error);
/* The same from bytes that stay the caller's and must outlive it: a container within a container.
 */
bool retort_bundle_read(struct retort_bundle *bundle, struct retort_span bytes,
                        struct retort_error *error);
/* The section's bytes (empty span with NULL data when there is none of that name). */
struct retort_span retort_bundle_section(const struct retort_bundle *bundle, const char *name);
void retort_bundle_close(struct retort_bundle *bundle);

struct retort_bundle_part {
    const char *name; /* shorter than RETORT_BUNDLE_NAME */
    struct retort_span bytes;
};
bool retort_bundle_write(const char *path, const struct retort_bundle_part *parts, size_t n_parts,
                         struct retort_error *error);

/* ---- libraries ---- */

/* "jansson 2.14, libsodium 1.0.18, …": those that base was linked with. */
void retort_base_libraries(struct retort_buffer *out);

/* ---- pipeline: many hands, one order ---- */

/* Who may do a stage, and when. */
enum retort_stage_order {
    RETORT_STAGE_ANY,     /* any thread, many blocks at once */
    RETORT_STAGE_ORDERED, /* any thread, a block at a time, in the order in which they were read */
    RETORT_STAGE_CALLER,  /* the same, in the thread that called: for what belongs to one thread */
};

/* Does its work on a block. worker: who does it, below n_threads, 0 the caller, so that each may
 * have its own labeller or arena. */
struct retort_stage {
    bool (*run)(void *context, void *block, size_t worker, struct retort_error *error);
    enum retort_stage_order order;
};

enum retort_reading {
    RETORT_READING_BLOCK,  /* the block is filled */
    RETORT_READING_END,    /* there is no more; the block is not used */
    RETORT_READING_LATER,  /* nothing yet, and not to be waited for: ask again */
    RETORT_READING_FAILED, /* the error is filled; what was read before is finished */
};

struct retort_pipeline {
    /* Fills a block with what comes next, in the caller's thread. wait: nothing else is to be done,
     * so LATER is no answer. Without it, a reader may say LATER rather than wait for a slow writer
     * on the other side: what has come is then finished first. */
    enum retort_reading (*read)(void *context, void *block, bool wait, struct retort_error *error);
    const struct retort_stage *stages;
    size_t n_stages;
    void *const *blocks; /* the caller's, used again and again; 4 a thread are enough */
    size_t n_blocks;
    size_t n_threads; /* with the caller's; 1 or 0: it does all, as a plain loop would */
    void *context;
};

/* Reads to the end, each block through all stages. Of a failure: the blocks before the one it
 * happened to are finished, none behind it comes to a later stage in order, and it returns false
 * with that block's error; the same for any number of threads. */
bool retort_pipeline_run(const struct retort_pipeline *pipeline, struct retort_error *error);
/* How many processors this process may use: 1 to 256, what --threads is when not given. */
size_t retort_processors(void);

/* ---- progress ---- */

/* A line on stderr with rate and time left, from the second second on, on a terminal only. */
struct retort_progress {
    const char *what;
    size_t done, total; /* total 0: unknown */
    double share;       /* then how much of the work is done, where that is known; 0: it is not */
    double started, shown;
    bool enabled;
};
void retort_progress_begin(struct retort_progress *progress, const char *what, size_t total,
                           bool quiet);
void retort_progress_step(struct retort_progress *progress, size_t done);
void retort_progress_end(struct retort_progress *progress);

#endif
