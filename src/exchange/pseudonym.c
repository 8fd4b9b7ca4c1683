/* Pseudonyms: people's names as keyed hashes, the same for the same key, so that who is who can be
 * studied and not told.
 *
 * A writer or reviewer is named by 16 digits of BLAKE2b under the key. In texts whatever stands
 * behind an @ is a name; without it, names of those who write in the same source are, as whole
 * words, if they could not be read as a word of the text: two letters, or small letters alone, are
 * not. What texts tell of people otherwise is beyond this.
 *
 * A name is looked for by its head, its first word with the signs before it, which says how long
 * names with it are: so that it does not matter how many begin with "User". */
#include "exchange/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_LEAST = 3, DIGITS = 16, MOST_SIGNS = 8 };

struct name {
    struct retort_span text;
    int64_t source; /* where they write; 0: in several */
    uint32_t next;  /* of those that read the same, + 1; 0: none */
    bool is_plain;  /* small letters alone, or very short: only behind an @ */
};

/* What is looked up, whatever its capitals: a name, the head of names, or both. */
struct known {
    struct retort_span text;
    uint32_t name, length; /* the first name that reads so, and the first length of names with this
                            * head, + 1; 0: none */
};

struct length {
    size_t len;
    uint32_t next; /* of the same head, + 1; 0: none */
};

struct retort_pseudonyms {
    uint8_t key[RETORT_SECRET];
    struct name *names;
    size_t n_names, capacity, n_lengths;
    struct known *known;    /* [n_known], a power of two, by hash; no text: free */
    struct length *lengths; /* [n_names] */
    size_t n_known;
    struct retort_arena arena;
    struct retort_mask mask;
};

/* ---- a name ---- */

static void put_pseudonym(const struct retort_pseudonyms *pseudonyms, char kind,
                          struct retort_span name, struct retort_buffer *out)
{
    uint8_t hash[RETORT_SECRET];
    char hex[RETORT_SECRET_HEX];
    struct retort_buffer text = {0};
    retort_buffer_byte(&text, (uint8_t)kind);
    retort_buffer_put(&text, name);
    retort_secret_sign(pseudonyms->key, retort_buffer_span(&text), hash);
    retort_secret_hex(hash, hex);
    retort_buffer_format(out, "%c%.*s", kind, DIGITS, hex);
    retort_buffer_release(&text);
}

static void mask_author(void *context, struct retort_span name, struct retort_buffer *out)
{
    name = retort_span_trim(name);
    if (name.len)
        put_pseudonym(context, 'a', name, out);
}

static void mask_reviewer(void *context, struct retort_span name, struct retort_buffer *out)
{
    put_pseudonym(context, 'r', name, out);
}

static void mask_hash(void *context, struct retort_span bytes, uint8_t hash[RETORT_SHA256_BYTES])
{
    const struct retort_pseudonyms *pseudonyms = context;
    retort_secret_sign(pseudonyms->key, bytes, hash);
}

/* ---- words ---- */

static bool is_word(uint8_t byte)
{
    return byte > 0x7F || (byte >= '0' && byte <= '9') ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static uint8_t fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static size_t word_end(struct retort_span text, size_t at)
{
    while (at < text.len && is_word(text.data[at]))
        at++;
    return at;
}

static uint64_t word_hash(struct retort_span word)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a, as its letters are folded one by one */
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ fold(word.data[i])) * 1099511628211u;
    return hash ^ hash >> 32;
}

static bool is_same_word(struct retort_span a, struct retort_span b)
{
    bool same = a.len == b.len;
    for (size_t i = 0; same && i < a.len; i++)
        same = fold(a.data[i]) == fold(b.data[i]);
    return same;
}

/* Empty where no word follows. */
static struct retort_span head_of(struct retort_span text, size_t at)
{
    size_t word = at;
    while (word < text.len && word - at < MOST_SIGNS && !is_word(text.data[word]))
        word++;
    size_t end = word_end(text, word);
    return retort_span_slice(text, at, end > word ? end : at);
}

/* ---- all names, and their heads ---- */

/* Where it stands, or would. */
static struct known *find(const struct retort_pseudonyms *pseudonyms, struct retort_span text)
{
    size_t at = word_hash(text) & (pseudonyms->n_known - 1);
    while (pseudonyms->known[at].text.data && !is_same_word(pseudonyms->known[at].text, text))
        at = (at + 1) & (pseudonyms->n_known - 1);
    return &pseudonyms->known[at];
}

static bool is_plain(struct retort_span name)
{
    if (name.len < NAME_LEAST)
        return true;
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] < 'a' || name.data[i] > 'z')
            return false;
    return true;
}

static bool add_name(void *context, struct retort_span text, int64_t source,
                     struct retort_error *error)
{
    struct retort_pseudonyms *pseudonyms = context;
    struct retort_span name = retort_span_trim(text);
    (void)error;
    if (head_of(name, 0).len == 0 || pseudonyms->n_names >= UINT32_MAX / 4)
        return true;
    if (pseudonyms->n_names == pseudonyms->capacity) {
        pseudonyms->capacity = pseudonyms->capacity ? 2 * pseudonyms->capacity : 256;
        pseudonyms->names =
            retort_grow(pseudonyms->names, pseudonyms->capacity, sizeof *pseudonyms->names);
    }
    pseudonyms->names[pseudonyms->n_names++] =
        (struct name){.text = retort_arena_copy(&pseudonyms->arena, name),
                      .source = source,
                      .is_plain = is_plain(name)};
    return true;
}

static void add_length(struct retort_pseudonyms *pseudonyms, struct retort_span name)
{
    struct known *head = find(pseudonyms, head_of(name, 0));
    for (uint32_t next = head->length; next; next = pseudonyms->lengths[next - 1].next)
        if (pseudonyms->lengths[next - 1].len == name.len)
            return;
    head->text = head_of(name, 0);
    pseudonyms->lengths[pseudonyms->n_lengths++] = (struct length){name.len, head->length};
    head->length = (uint32_t)pseudonyms->n_lengths;
}

static void index_names(struct retort_pseudonyms *pseudonyms)
{
    pseudonyms->n_known = 16;
    while (pseudonyms->n_known < 4 * pseudonyms->n_names)
        pseudonyms->n_known *= 2;
    pseudonyms->known = retort_grow(NULL, pseudonyms->n_known, sizeof *pseudonyms->known);
    memset(pseudonyms->known, 0, pseudonyms->n_known * sizeof *pseudonyms->known);
    pseudonyms->lengths = retort_grow(NULL, pseudonyms->n_names + 1, sizeof *pseudonyms->lengths);
    for (size_t i = 0; i < pseudonyms->n_names; i++) {
        struct name *name = &pseudonyms->names[i];
        struct known *known = find(pseudonyms, name->text);
        known->text = name->text;
        name->next = known->name;
        known->name = (uint32_t)i + 1;
        if (!name->next)
            add_length(pseudonyms, name->text);
    }
}

/* ---- names in a text ---- */

struct reading {
    const struct retort_pseudonyms *pseudonyms;
    struct retort_span text;
    int64_t source; /* 0: anywhere */
};

static bool may_stand(const struct reading *reading, const struct name *name,
                      struct retort_span found, bool is_called)
{
    return is_called || (!name->is_plain && retort_span_equal(found, name->text) &&
                         (!name->source || !reading->source || name->source == reading->source));
}

/* A name of so many bytes that stands here, to the end of a word. Behind an @ capitals do not
 * matter, unless there are several who differ in them. */
static const struct name *name_of(const struct reading *reading, size_t at, size_t len,
                                  bool is_called)
{
    const struct name *best = NULL;
    size_t end = at + len;
    if (len > reading->text.len - at ||
        (end < reading->text.len && is_word(reading->text.data[end]) &&
         is_word(reading->text.data[end - 1])))
        return NULL;
    struct retort_span found = retort_span_slice(reading->text, at, end);
    for (uint32_t next = find(reading->pseudonyms, found)->name; next;) {
        const struct name *name = &reading->pseudonyms->names[next - 1];
        if (may_stand(reading, name, found, is_called) &&
            (!best || retort_span_equal(found, name->text)))
            best = name;
        next = name->next;
    }
    return best;
}

/* The longest that does; NULL: none. */
static const struct name *find_name(const struct reading *reading, size_t at, bool is_called)
{
    const struct retort_pseudonyms *pseudonyms = reading->pseudonyms;
    const struct name *best = NULL;
    struct retort_span head = head_of(reading->text, at);
    for (uint32_t next = head.len ? find(pseudonyms, head)->length : 0; next;) {
        const struct length *length = &pseudonyms->lengths[next - 1];
        const struct name *name = best && best->text.len > length->len
                                      ? NULL
                                      : name_of(reading, at, length->len, is_called);
        best = name ? name : best;
        next = length->next;
    }
    return best;
}

/* Behind an @, of somebody who does not write here: "jo.doe-7". */
static size_t handle_end(struct retort_span text, size_t at)
{
    size_t end = at;
    while (end < text.len && (is_word(text.data[end]) || memchr("._-", text.data[end], 3)))
        end++;
    while (end > at && (text.data[end - 1] == '.' || text.data[end - 1] == '-'))
        end--;
    return end;
}

/* A name that may begin here: puts its pseudonym, and returns where it ends; `at`: there is none. A
 * known name may be the beginning of a stranger's. */
static size_t put_name(const struct reading *reading, size_t at, bool is_called,
                       struct retort_buffer *out)
{
    const struct name *name = find_name(reading, at, is_called);
    size_t end = is_called ? handle_end(reading->text, at) : at;
    if (name && at + name->text.len >= end) {
        put_pseudonym(reading->pseudonyms, 'a', name->text, out);
        return at + name->text.len;
    }
    if (end > at)
        put_pseudonym(reading->pseudonyms, 'a', retort_span_slice(reading->text, at, end), out);
    return end;
}

static void mask_text(void *context, struct retort_span text, int64_t source,
                      struct retort_buffer *out)
{
    const struct reading reading = {context, text, source};
    bool in_word = false;
    for (size_t at = 0; at < text.len;) {
        uint8_t byte = text.data[at];
        bool is_call = byte == '@' && !in_word;
        size_t begin = is_call ? at + 1 : at, end = begin;
        if (is_call)
            retort_buffer_byte(out, '@');
        if (is_call || !is_word(byte) || !in_word)
            end = put_name(&reading, begin, is_call, out);
        if (end > begin || is_call) {
            in_word = end > begin;
            at = end;
            continue;
        }
        retort_buffer_byte(out, byte);
        in_word = is_word(byte);
        at++;
    }
}

/* ---- names in JSON ---- */

static size_t string_end(struct retort_span json, size_t at)
{
    for (at++; at < json.len && json.data[at] != '"'; at++)
        at += json.data[at] == '\\';
    return at < json.len ? at + 1 : json.len;
}

/* A number, true, false or null: a number may be somebody's name. Returns where it ends. */
static size_t put_number(const struct retort_pseudonyms *pseudonyms, struct retort_span json,
                         size_t at, struct retort_buffer *out)
{
    size_t end = at;
    while (end < json.len && (is_word(json.data[end]) || memchr("+-.", json.data[end], 3)))
        end++;
    const struct reading reading = {pseudonyms, retort_span_slice(json, at, end), 0};
    const struct name *name = find_name(&reading, 0, false);
    if (!name || name->text.len != reading.text.len) {
        retort_buffer_put(out, reading.text);
        return end;
    }
    retort_buffer_byte(out, '"');
    put_pseudonym(pseudonyms, 'a', name->text, out);
    retort_buffer_byte(out, '"');
    return end;
}

/* Strings are read as text, keys too: "author" is nobody's name, and a name may be a key. */
static void mask_json(void *context, struct retort_span json, int64_t source,
                      struct retort_buffer *out)
{
    struct retort_arena arena = {0};
    struct retort_buffer masked = {0};
    for (size_t at = 0; at < json.len;) {
        if (json.data[at] == '-' || is_word(json.data[at])) {
            at = put_number(context, json, at, out);
            continue;
        }
        if (json.data[at] != '"') {
            retort_buffer_byte(out, json.data[at++]);
            continue;
        }
        size_t end = string_end(json, at);
        retort_buffer_clear(&masked);
        mask_text(context, retort_json_unquote(retort_span_slice(json, at, end), &arena), source,
                  &masked);
        retort_json_put(out, retort_buffer_span(&masked));
        at = end;
    }
    retort_buffer_release(&masked);
    retort_arena_release(&arena);
}

/* ---- the key ---- */

static bool read_digits(struct retort_span text, uint8_t key[RETORT_SECRET])
{
    text = retort_span_trim(text);
    if (text.len != 2 * RETORT_SECRET)
        return false;
    memset(key, 0, RETORT_SECRET);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t digit = fold(text.data[i]);
        bool is_letter = digit >= 'a' && digit <= 'f';
        if (!is_letter && (digit < '0' || digit > '9'))
            return false;
        digit = (uint8_t)(is_letter ? digit - 'a' + 10 : digit - '0');
        key[i / 2] = (uint8_t)(key[i / 2] << 4 | digit);
    }
    return true;
}

static bool make_key(const char *path, bool *made, struct retort_error *error)
{
    uint8_t key[RETORT_SECRET];
    char hex[RETORT_SECRET_HEX];
    struct retort_buffer line = {0};
    retort_secret_make(key);
    retort_secret_hex(key, hex);
    retort_buffer_format(&line, "%s\n", hex);
    bool good = retort_file_make_secret(path, retort_buffer_span(&line), made, error);
    retort_buffer_release(&line);
    retort_secret_wipe(hex, sizeof hex);
    retort_secret_wipe(key, sizeof key);
    return good;
}

static bool read_key(const char *path, uint8_t key[RETORT_SECRET], struct retort_error *error)
{
    enum { LONGEST = 4096 };
    struct stat status;
    struct retort_file file;
    bool good = false;
    /* A device may never end, a pipe may never begin. */
    if (stat(path, &status) != 0 || (S_ISREG(status.st_mode) && status.st_size <= LONGEST)) {
        if (!retort_file_read(&file, path, error))
            return false;
        good = read_digits(file.bytes, key);
        retort_file_close(&file);
    }
    return good || retort_fail(error, RETORT_INPUT,
                               "%s: is no key for pseudonyms (64 hexadecimal digits); name a file "
                               "that is not there yet, and one is made",
                               path);
}

/* ---- all of it ---- */

void retort_pseudonyms_close(struct retort_pseudonyms *pseudonyms)
{
    if (!pseudonyms)
        return;
    retort_secret_wipe(pseudonyms->key, sizeof pseudonyms->key);
    retort_arena_release(&pseudonyms->arena);
    free(pseudonyms->names);
    free(pseudonyms->known);
    free(pseudonyms->lengths);
    free(pseudonyms);
}

static bool fill(struct retort_pseudonyms *pseudonyms, struct retort_store *store,
                 struct retort_error *error)
{
    if (!retort_store_each_author(store, add_name, pseudonyms, error))
        return false;
    index_names(pseudonyms);
    pseudonyms->mask = (struct retort_mask){pseudonyms, mask_author, mask_reviewer,
                                            mask_text,  mask_json,   mask_hash};
    return retort_store_mask(store, &pseudonyms->mask, error);
}

bool retort_pseudonyms_open(struct retort_pseudonyms **pseudonyms, struct retort_store *store,
                            const char *path, bool *made, struct retort_error *error)
{
    struct retort_pseudonyms *opened = retort_grow(NULL, 1, sizeof *opened);
    *opened = (struct retort_pseudonyms){0};
    *made = false;
    bool good = (access(path, F_OK) == 0 || make_key(path, made, error)) &&
                read_key(path, opened->key, error) && fill(opened, store, error);
    *pseudonyms = good ? opened : NULL;
    if (!good)
        retort_pseudonyms_close(opened);
    return good;
}
