/* archive: records of WARC and WET, gzip around and inside them, what is cut, damaged or lies. All
 * archives are made here, in memory, and read in pieces of every size. */
#include "archive/archive.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* ---- making archives ---- */

static void put_packed(struct retort_buffer *out, struct retort_span bytes, int window_bits)
{
    z_stream deflater = {0};
    ck_assert_int_eq(deflateInit2(&deflater, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    size_t room = deflateBound(&deflater, bytes.len);
    uint8_t *packed = malloc(room);
    deflater.next_in = (Bytef *)(uintptr_t)bytes.data;
    deflater.avail_in = (uInt)bytes.len;
    deflater.next_out = packed;
    deflater.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&deflater, Z_FINISH), Z_STREAM_END);
    retort_buffer_put(out, (struct retort_span){packed, room - deflater.avail_out});
    deflateEnd(&deflater);
    free(packed);
}

enum { GZIP = 31, ZLIB = 15, BARE_DEFLATE = -15 };

static void put_record(struct retort_buffer *out, const char *type, const char *fields,
                       struct retort_span block)
{
    retort_buffer_format(out, "WARC/1.0\r\nWARC-Type: %s\r\n%sContent-Length: %zu\r\n\r\n", type,
                         fields, block.len);
    retort_buffer_put(out, block);
    retort_buffer_text(out, "\r\n\r\n");
}

static void put_response(struct retort_buffer *out, unsigned number, struct retort_span body)
{
    struct retort_buffer block = {0};
    char fields[200];
    retort_buffer_text(&block, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n");
    retort_buffer_put(&block, body);
    snprintf(fields, sizeof fields,
             "WARC-Target-URI: http://harbour.example/%u\r\nWARC-Date: 2021-03-04T05:06:07Z\r\n"
             "Content-Type: application/http; msgtype=response\r\n",
             number);
    put_record(out, "response", fields, retort_buffer_span(&block));
    retort_buffer_release(&block);
}

/* A page of letters that do not compress well, the same for the same number. */
static struct retort_span make_body(unsigned number, struct retort_buffer *body)
{
    uint64_t state = number;
    retort_buffer_clear(body);
    retort_buffer_format(body, "<p>Page %u ", number);
    for (size_t i = 0; i < 60 + 7 * (size_t)number; i++)
        retort_buffer_byte(body, (uint8_t)('a' + retort_random(&state) % 26));
    return retort_buffer_span(body);
}

enum { N_PAGES = 6, N_RECORDS = N_PAGES + 2 };

/* A warcinfo record, then pages, with a request among them; where each record ends. */
static void make_records(struct retort_buffer records[N_RECORDS])
{
    struct retort_buffer body = {0};
    put_record(&records[0], "warcinfo", "", RETORT_SPAN("software: by hand\r\n"));
    for (unsigned i = 1; i < N_RECORDS; i++)
        if (i == 3)
            put_record(&records[i], "request", "", RETORT_SPAN("GET / HTTP/1.1\r\n\r\n"));
        else
            put_response(&records[i], i, make_body(i, &body));
    retort_buffer_release(&body);
}

enum shape { PLAIN, PACKED_BY_RECORD, PACKED_WHOLE, PACKED_ANYWHERE, N_SHAPES };

static void put_pieces(struct retort_buffer *out, struct retort_span plain, size_t size)
{
    for (size_t at = 0; at < plain.len; at += size)
        put_packed(out, retort_span_slice(plain, at, at + size), GZIP);
}

/* The archive, and the offsets at which a cut leaves whole records only. */
static void make_archive(enum shape shape, struct retort_buffer *archive, size_t ends[N_RECORDS])
{
    struct retort_buffer records[N_RECORDS] = {0}, plain = {0};
    make_records(records);
    for (size_t i = 0; i < N_RECORDS; i++) {
        retort_buffer_put(&plain, retort_buffer_span(&records[i]));
        if (shape == PLAIN)
            retort_buffer_put(archive, retort_buffer_span(&records[i]));
        if (shape == PACKED_BY_RECORD)
            put_packed(archive, retort_buffer_span(&records[i]), GZIP);
        ends[i] = archive->len;
        retort_buffer_release(&records[i]);
    }
    if (shape == PACKED_WHOLE)
        put_packed(archive, retort_buffer_span(&plain), GZIP);
    if (shape == PACKED_ANYWHERE)
        put_pieces(archive, retort_buffer_span(&plain), 97);
    retort_buffer_release(&plain);
}

/* ---- reading them ---- */

struct reading {
    struct retort_buffer documents; /* "record uri type charset status [body]\n" each */
    struct retort_buffer damage;    /* a line each */
    size_t n_documents, n_damages;
};

static void note(struct reading *reading, const struct retort_document *document)
{
    const struct retort_span *parts[] = {&document->uri, &document->media_type, &document->charset};
    struct retort_buffer *out = &reading->documents;
    reading->n_documents++;
    retort_buffer_format(out, "%zu ", document->record);
    for (size_t i = 0; i < 3; i++) {
        retort_buffer_put(out, *parts[i]);
        retort_buffer_byte(out, ' ');
    }
    retort_buffer_format(out, "%u [", document->status);
    retort_buffer_put(out, document->bytes);
    retort_buffer_text(out, "]\n");
}

static struct reading read_all(struct retort_span bytes,
                               const struct retort_archive_options *options)
{
    struct reading reading = {0};
    struct retort_archive *archive;
    struct retort_document document;
    struct retort_error error;
    enum retort_archive_step step;
    if (!retort_archive_open_bytes(&archive, "a.gz", bytes, options, &error)) {
        retort_buffer_format(&reading.damage, "refused: %s\n", error.message);
        return reading;
    }
    while ((step = retort_archive_next(archive, &document, &error)) != RETORT_ARCHIVE_END) {
        if (step == RETORT_ARCHIVE_DOCUMENT) {
            note(&reading, &document);
            continue;
        }
        ck_assert_int_eq(error.failure, RETORT_INPUT);
        reading.n_damages++;
        retort_buffer_format(&reading.damage, "%s\n", error.message);
        ck_assert_uint_lt(reading.n_damages, 1000);
    }
    ck_assert_int_eq(retort_archive_next(archive, &document, &error), RETORT_ARCHIVE_END);
    retort_archive_close(archive);
    return reading;
}

static void drop(struct reading *reading)
{
    retort_buffer_release(&reading->documents);
    retort_buffer_release(&reading->damage);
}

#define ck_text_eq(buffer, text)                                                                   \
    do {                                                                                           \
        struct retort_span got_ = retort_buffer_span(buffer), want_ = retort_span_of(text);        \
        ck_assert_msg(retort_span_equal(got_, want_), "got \"%.*s\", want \"%s\"", (int)got_.len,  \
                      (const char *)got_.data, text);                                              \
    } while (0)

/* Reads a text as an archive; what it holds and what is damaged must be these. */
static void check_archive(const char *text, const char *documents, const char *damage)
{
    for (size_t size = 1; size < 4; size++) {
        const struct retort_archive_options options = {.read_size = size * size * 7 - 6};
        struct reading reading = read_all(retort_span_of(text), &options);
        ck_text_eq(&reading.documents, documents);
        ck_text_eq(&reading.damage, damage);
        drop(&reading);
    }
}

/* ---- whole archives ---- */

START_TEST(pieces_of_any_size_give_the_same)
{
    struct retort_buffer archive = {0};
    size_t ends[N_RECORDS];
    make_archive((enum shape)_i, &archive, ends);
    struct reading whole = read_all(retort_buffer_span(&archive), NULL);
    ck_assert_uint_eq(whole.n_documents, N_PAGES);
    ck_assert_uint_eq(whole.n_damages, 0);
    for (size_t size = 1; size <= 700; size++) {
        const struct retort_archive_options options = {.read_size = size};
        struct reading pieces = read_all(retort_buffer_span(&archive), &options);
        ck_assert_uint_eq(pieces.n_damages, 0);
        ck_assert(retort_span_equal(retort_buffer_span(&pieces.documents),
                                    retort_buffer_span(&whole.documents)));
        drop(&pieces);
    }
    drop(&whole);
    retort_buffer_release(&archive);
}
END_TEST

static bool is_end(size_t cut, const size_t ends[N_RECORDS])
{
    bool end = cut == 0;
    for (size_t i = 0; i < N_RECORDS; i++)
        end |= cut == ends[i];
    return end;
}

/* Pages among the records that end before the cut. */
static size_t count_before(size_t cut, const size_t ends[N_RECORDS])
{
    size_t n = 0;
    for (size_t i = 1; i < N_RECORDS; i++)
        n += i != 3 && ends[i] <= cut;
    return n;
}

START_TEST(a_cut_archive_gives_all_before_the_cut)
{
    struct retort_buffer archive = {0};
    size_t ends[N_RECORDS];
    make_archive((enum shape)_i, &archive, ends);
    bool known = _i == PLAIN || _i == PACKED_BY_RECORD; /* where records end in the file */
    struct reading whole = read_all(retort_buffer_span(&archive), NULL);
    size_t before = 0;
    const struct retort_archive_options options = {.records = true};
    for (size_t cut = 0; cut < archive.len; cut++) {
        struct reading part =
            read_all(retort_span_slice(retort_buffer_span(&archive), 0, cut), &options);
        ck_assert(retort_span_starts(retort_buffer_span(&whole.documents),
                                     retort_buffer_span(&part.documents)));
        ck_assert_uint_ge(part.n_documents, before);
        before = part.n_documents;
        if (known) {
            ck_assert_uint_ge(part.n_documents, count_before(cut, ends));
            ck_assert_uint_le(part.n_documents, count_before(cut + 12, ends));
            ck_assert_uint_eq(part.n_damages, !is_end(cut, ends));
        }
        ck_assert(part.n_damages <= 1);
        drop(&part);
    }
    drop(&whole);
    retort_buffer_release(&archive);
}
END_TEST

/* Without the number of the record, which counts only what was found. */
static struct retort_span unnumbered(struct retort_span line)
{
    return retort_span_slice(line, 1, line.len);
}

/* Every line of `part` is one of `whole`, in order. */
static bool is_subsequence(struct retort_span part, struct retort_span whole)
{
    struct retort_span wanted, line = {0};
    while (retort_span_next_line(&part, &wanted)) {
        do
            if (!retort_span_next_line(&whole, &line))
                return false;
        while (!retort_span_equal(unnumbered(line), unnumbered(wanted)));
    }
    return true;
}

START_TEST(a_damaged_byte_costs_no_more_than_its_neighbours)
{
    struct retort_buffer archive = {0};
    size_t ends[N_RECORDS], n_harmless = 0;
    make_archive(PACKED_BY_RECORD, &archive, ends);
    struct reading whole = read_all(retort_buffer_span(&archive), NULL);
    for (size_t at = 0; at < archive.len; at++) {
        archive.data[at] ^= (uint8_t)(1 << at % 8);
        const struct retort_archive_options options = {.records = true, .read_size = 100};
        struct reading part = read_all(retort_buffer_span(&archive), &options);
        ck_assert(is_subsequence(retort_buffer_span(&part.documents),
                                 retort_buffer_span(&whole.documents)));
        ck_assert_uint_ge(part.n_documents, N_PAGES - 2);
        ck_assert(part.n_documents == N_PAGES || part.n_damages > 0);
        n_harmless += part.n_damages == 0;
        archive.data[at] ^= (uint8_t)(1 << at % 8);
        drop(&part);
    }
    ck_assert_uint_le(n_harmless, 8 * N_RECORDS); /* times and systems in gzip heads */
    drop(&whole);
    retort_buffer_release(&archive);
}
END_TEST

START_TEST(any_bytes_come_to_an_end)
{
    struct retort_buffer archive = {0};
    size_t ends[N_RECORDS];
    uint64_t state = 77;
    make_archive((enum shape)_i, &archive, ends);
    for (size_t round = 0; round < 400; round++) {
        struct retort_buffer broken = {0};
        retort_buffer_put(&broken, retort_buffer_span(&archive));
        for (size_t n = 1 + round % 9; n > 0; n--)
            broken.data[retort_random(&state) % broken.len] = (uint8_t)retort_random(&state);
        const struct retort_archive_options options = {.records = round % 2 == 0,
                                                       .read_size = 1 + round * 3};
        struct reading reading = read_all(retort_buffer_span(&broken), &options);
        drop(&reading);
        retort_buffer_release(&broken);
    }
    retort_buffer_release(&archive);
}
END_TEST

/* ---- single records ---- */

#define HEAD(length) "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: " length "\r\n\r\n"
#define NEXT "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 4\r\n\r\nnext\r\n\r\n"

START_TEST(records_of_other_kinds_are_passed_over)
{
    check_archive("WARC/1.1\r\nWARC-Type: request\r\nContent-Length: 1\r\n\r\nx\r\n\r\n"
                  "WARC/1.1\r\nWARC-Type: revisit\r\nContent-Length: 1\r\n\r\nx\r\n\r\n"
                  "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: metadata://x\r\n"
                  "Content-Length: 1\r\n\r\nx\r\n\r\n"
                  "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: http://x/y z\r\n"
                  "Content-Type: TEXT/Plain;Charset='KOI8-R'\r\nContent-Length: 1\r\n\r\nx\r\n\r\n",
                  "4 http://x/y z text/plain KOI8-R 0 [x]\n", "");
}
END_TEST

START_TEST(odd_heads_are_read)
{
    check_archive("\r\n\n" NEXT, "1    0 [next]\n", "");
    check_archive("WARC/0.18\nwarc-TYPE:conversion\n\tcontent-length :\t2 \n"
                  "WARC-Target-URI: <http://a/>\nno colon\n: no name\n\nab\n\n" NEXT,
                  "1 http://a/   0 [ab]\n2    0 [next]\n", "");
    check_archive(HEAD("2") "ab" NEXT, "1    0 [ab]\n2    0 [next]\n", "");
    check_archive(HEAD("2") "ab\r\n\r\n\r\n\r\n\r\n" NEXT, "1    0 [ab]\n2    0 [next]\n", "");
    check_archive(HEAD("0") "\r\n\r\n" NEXT, "1    0 []\n2    0 [next]\n", "");
}
END_TEST

#define WRONG                                                                                      \
    "a.gz record 1: has a wrong Content-Length; it is read up to where the next record begins\n"

START_TEST(lengths_that_lie_are_mended)
{
    check_archive(HEAD("3") "some text\r\n\r\n" NEXT, "1    0 [some text]\n2    0 [next]\n", WRONG);
    check_archive(HEAD("20") "some text\r\n\r\n" NEXT, "1    0 [some text]\n2    0 [next]\n",
                  WRONG);
    check_archive(HEAD("60") "some text\r\n\r\n" NEXT, "1    0 [some text]\n2    0 [next]\n",
                  WRONG);
    check_archive(HEAD("99999999999999") "some text\r\n\r\n" NEXT,
                  "1    0 [some text]\n2    0 [next]\n", WRONG);
    check_archive(HEAD("3") "some text\r\n\r\n", "1    0 [some text]\n", WRONG);
    check_archive(HEAD("30") "some text\r\n\r\n", "",
                  "a.gz record 1: is cut off: the file ends in the middle of it\n");
}
END_TEST

#define NO_LENGTH "a.gz record 1: is damaged: its head has no end, no type or no length\n"

START_TEST(heads_without_sense_are_passed_over)
{
    static const char *const LENGTHS[] = {"", "x", "-1", "1x", "99999999999999999999999", "0x10"};
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        char text[400];
        snprintf(text, sizeof text, HEAD("%s") "some text\r\n\r\n" NEXT, LENGTHS[i]);
        check_archive(text, "2    0 [next]\n", NO_LENGTH);
    }
    check_archive("WARC/1.0\r\nContent-Length: 1\r\n\r\nx\r\n\r\n" NEXT, "2    0 [next]\n",
                  NO_LENGTH);
    check_archive("WARC/1.0\r\nContent-Length: 1\r\n" NEXT, "2    0 [next]\n", NO_LENGTH);
    check_archive(NEXT "what is this\n" NEXT, "1    0 [next\r\n\r\nwhat is this]\n2    0 [next]\n",
                  "a.gz record 1: has a wrong Content-Length; it is read up to where the next "
                  "record begins\n");
}
END_TEST

START_TEST(names_tell_file_record_and_address)
{
    struct retort_archive *archive;
    struct retort_document document;
    struct retort_error error;
    struct retort_span bytes =
        RETORT_SPAN("WARC/1.0\nWARC-Type: conversion\nWARC-Target-URI: http://x/\xFF\n"
                    "Content-Length: 1\n\nx\n\n");
    ck_assert(retort_archive_open_bytes(&archive, "crawl.wet", bytes, NULL, &error));
    ck_assert(retort_archive_has_records(archive));
    ck_assert_int_eq(retort_archive_next(archive, &document, &error), RETORT_ARCHIVE_DOCUMENT);
    ck_assert_str_eq(document.name, "crawl.wet record 1 (http://x/\xEF\xBF\xBD)");
    retort_archive_close(archive);
}
END_TEST

/* ---- HTTP ---- */

static const struct {
    const char *answer;
    const char *seen; /* media type, charset, status, body; NULL: damaged */
} ANSWERS[] = {
    {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nbody", "text/html  200 [body]"},
    {"HTTP/1.1 404 Not Found\nCONTENT-TYPE:Text/HTML; a=b ; charset=\"x\"\n\nbody",
     "text/html x 404 [body]"},
    {"HTTP/2 200\r\n\r\nbody", "  200 [body]"},
    {"HTTP/1.1 2000 ?\r\n\r\nbody", "  0 [body]"},
    {"HTTP/1.1", "  0 []"},
    {"no head at all", "  0 [no head at all]"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\nbody", "  200 [body]"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2;x=y\r\ndy\r\n0\r\n\r\n",
     "  200 [body]"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0004 \r\nbody\r\n", "  200 [body]"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nbody", "  200 [body]"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "  200 []"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbody", "  200 [body]"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbody", NULL},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\nffffffffffffffffff\r\n",
     NULL},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nbody", "  200 [body]"},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\nbody", "  200 [body]"},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\nbody", "  200 [body]"},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nbody", NULL},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1F\x8B\x08\x01\x01\x01\x01\x01\x01\x01\xFF"
     "\xFF\xFF",
     NULL},
};

START_TEST(answers_are_read)
{
    struct retort_buffer archive = {0}, want = {0};
    put_record(&archive, "response", "Content-Type: application/http\r\n",
               retort_span_of(ANSWERS[_i].answer));
    retort_buffer_text(&archive, NEXT);
    if (ANSWERS[_i].seen)
        retort_buffer_format(&want, "1  %s\n", ANSWERS[_i].seen);
    if (strncmp(ANSWERS[_i].answer, "no", 2) == 0) { /* then the record's own type counts */
        retort_buffer_clear(&want);
        retort_buffer_text(&want, "1  application/http  0 [no head at all]\n");
    }
    retort_buffer_text(&want, "2    0 [next]\n");
    struct reading reading = read_all(retort_buffer_span(&archive), NULL);
    retort_buffer_byte(&want, 0);
    ck_text_eq(&reading.documents, (const char *)want.data);
    ck_assert_uint_eq(reading.n_damages, !ANSWERS[_i].seen);
    drop(&reading);
    retort_buffer_release(&archive);
    retort_buffer_release(&want);
}
END_TEST

static const struct {
    const char *coding;
    int window_bits[3]; /* how it is packed, the first innermost; 0: no more */
} CODINGS[] = {
    {"gzip", {GZIP}},
    {"x-GZip", {GZIP}},
    {"deflate", {ZLIB}},
    {"deflate", {BARE_DEFLATE}},
    {"gzip", {ZLIB}},
    {"deflate", {GZIP}},
    {"gzip, deflate", {GZIP, ZLIB}},
    {"deflate,gzip", {ZLIB, GZIP}},
};

START_TEST(bodies_are_unpacked)
{
    struct retort_buffer archive = {0}, body = {0}, block = {0}, packed = {0};
    struct retort_span plain = make_body(40, &body);
    retort_buffer_put(&packed, plain);
    for (size_t i = 0; CODINGS[_i].window_bits[i]; i++) {
        struct retort_buffer more = {0};
        put_packed(&more, retort_buffer_span(&packed), CODINGS[_i].window_bits[i]);
        retort_buffer_release(&packed);
        packed = more;
    }
    retort_buffer_format(&block,
                         "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nTransfer-Encoding: Chunked"
                         "\r\n\r\n%zx\r\n",
                         CODINGS[_i].coding, packed.len);
    retort_buffer_put(&block, retort_buffer_span(&packed));
    retort_buffer_text(&block, "\r\n0\r\n\r\n");
    put_record(&archive, "response", "", retort_buffer_span(&block));
    struct reading reading = read_all(retort_buffer_span(&archive), NULL);
    ck_assert_uint_eq(reading.n_damages, 0);
    if (_i != 4) { /* what is called gzip and is none is handed on as it is */
        ck_assert_uint_eq(reading.documents.len, plain.len + strlen("1    200 []\n"));
        ck_assert(memcmp(reading.documents.data + strlen("1    200 ["), plain.data, plain.len) ==
                  0);
    }
    drop(&reading);
    retort_buffer_release(&archive);
    retort_buffer_release(&body);
    retort_buffer_release(&block);
    retort_buffer_release(&packed);
}
END_TEST

/* ---- files that are one document ---- */

static void check_single(struct retort_span bytes, const char *want, const char *damage)
{
    for (size_t size = 1; size < 40; size++) {
        const struct retort_archive_options options = {.read_size = size, .most_bytes = 5000};
        struct reading reading = read_all(bytes, &options);
        ck_text_eq(&reading.documents, want);
        ck_text_eq(&reading.damage, damage);
        drop(&reading);
    }
}

START_TEST(a_plain_file_is_one_document)
{
    check_single(RETORT_SPAN("some text"), "0    0 [some text]\n", "");
    check_single(RETORT_SPAN(""), "0    0 []\n", "");
    check_single(RETORT_SPAN("\x1F"), "0    0 [\x1F]\n", "");
    check_single(RETORT_SPAN("PK\3\4..."), "",
                 "refused: a.gz: is a zip archive; unpack it first (unzip)\n");
    check_single(RETORT_SPAN("filedesc://x"), "",
                 "refused: a.gz: is an ARC file; convert it to WARC first\n");
}
END_TEST

START_TEST(a_packed_file_is_one_document)
{
    struct retort_buffer file = {0};
    put_packed(&file, RETORT_SPAN("some "), GZIP);
    put_packed(&file, RETORT_SPAN(""), GZIP);
    put_packed(&file, RETORT_SPAN("text"), GZIP);
    check_single(retort_buffer_span(&file), "0    0 [some text]\n", "");
    for (size_t i = 0; i < 20; i++)
        retort_buffer_byte(&file, 0);
    check_single(retort_buffer_span(&file), "0    0 [some text]\n", "");
    size_t padded = file.len;
    retort_buffer_text(&file, "rest");
    char damage[100];
    snprintf(damage, sizeof damage,
             "a.gz: goes on behind its gzip data with other bytes at byte %zu\n", padded);
    check_single(retort_buffer_span(&file), "0    0 [some text]\n", damage);
    retort_buffer_release(&file);
}
END_TEST

START_TEST(a_cut_packed_file_is_read_to_the_cut)
{
    struct retort_buffer file = {0}, body = {0};
    struct retort_span plain = make_body(300, &body);
    put_packed(&file, plain, GZIP);
    size_t before = 0;
    for (size_t cut = 2; cut < file.len; cut++) {
        struct reading reading =
            read_all(retort_span_slice(retort_buffer_span(&file), 0, cut), NULL);
        ck_assert_uint_eq(reading.n_damages, 1);
        ck_assert_uint_ge(reading.documents.len, before);
        before = reading.documents.len;
        drop(&reading);
    }
    ck_assert_uint_eq(before, plain.len + strlen("0    0 []\n"));
    retort_buffer_release(&file);
    retort_buffer_release(&body);
}
END_TEST

START_TEST(a_file_is_read_as_it_comes)
{
    struct retort_archive *archive;
    struct retort_document document;
    struct retort_error error;
    struct retort_buffer file = {0};
    uint8_t bytes[4];
    put_packed(&file, RETORT_SPAN("some text"), GZIP);
    file.len -= 3; /* in the middle of the checksum */
    ck_assert(retort_archive_open_bytes(&archive, "x", retort_buffer_span(&file), NULL, &error));
    ck_assert(retort_span_starts(retort_archive_peek(archive, 4), RETORT_SPAN("some")));
    ck_assert_uint_eq(retort_archive_read(archive, bytes, 4), 4);
    ck_assert(memcmp(bytes, "some", 4) == 0);
    ck_assert_uint_eq(retort_archive_read(archive, bytes, 4), 4);
    ck_assert_uint_eq(retort_archive_read(archive, bytes, 4), 1);
    ck_assert_uint_eq(retort_archive_read(archive, bytes, 4), 0);
    ck_assert_int_eq(retort_archive_next(archive, &document, &error), RETORT_ARCHIVE_DAMAGE);
    ck_assert_int_eq(retort_archive_next(archive, &document, &error), RETORT_ARCHIVE_END);
    retort_archive_close(archive);
    retort_buffer_release(&file);
}
END_TEST

/* ---- limits ---- */

static struct retort_span make_blanks(size_t n, struct retort_buffer *blanks)
{
    retort_buffer_clear(blanks);
    while (n-- > 0)
        retort_buffer_byte(blanks, ' ');
    return retort_buffer_span(blanks);
}

START_TEST(a_bomb_is_not_unpacked)
{
    struct retort_buffer file = {0}, blanks = {0};
    put_packed(&file, make_blanks(4 << 20, &blanks), GZIP);
    ck_assert_uint_lt(file.len, 5000);
    check_single(retort_buffer_span(&file), "",
                 "a.gz: is larger unpacked than the 5000 bytes a document may have; --max-size "
                 "raises the limit\n");
    const struct retort_archive_options options = {.most_bytes = 4 << 20};
    struct reading reading = read_all(retort_buffer_span(&file), &options);
    ck_assert_uint_eq(reading.n_documents, 1);
    drop(&reading);
    retort_buffer_release(&file);
    retort_buffer_release(&blanks);
}
END_TEST

START_TEST(a_bomb_in_a_record_is_passed_over)
{
    struct retort_buffer archive = {0}, blanks = {0}, block = {0};
    retort_buffer_text(&block, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
    put_packed(&block, make_blanks(4 << 20, &blanks), GZIP);
    put_record(&archive, "response", "", retort_buffer_span(&block));
    retort_buffer_text(&archive, NEXT);
    const struct retort_archive_options options = {.most_bytes = 1 << 20};
    struct reading reading = read_all(retort_buffer_span(&archive), &options);
    ck_text_eq(&reading.documents, "2    0 [next]\n");
    ck_text_eq(&reading.damage, "a.gz record 1: is larger unpacked than a document may be; "
                                "--max-size raises the limit\n");
    drop(&reading);
    retort_buffer_release(&archive);
    retort_buffer_release(&blanks);
    retort_buffer_release(&block);
}
END_TEST

START_TEST(bombs_one_behind_the_other_are_not_unpacked)
{
    struct retort_buffer archive = {0}, bomb = {0}, blanks = {0}, block = {0};
    put_packed(&bomb, make_blanks(4 << 20, &blanks), GZIP);
    retort_buffer_text(&block, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\n");
    put_packed(&block, retort_buffer_span(&bomb), GZIP);
    for (size_t i = 0; i < 40; i++)
        put_record(&archive, "response", "", retort_buffer_span(&block));
    const struct retort_archive_options options = {.most_bytes = 5 << 20};
    struct reading reading = read_all(retort_buffer_span(&archive), &options);
    ck_assert_uint_ge(reading.n_documents, 1);
    ck_assert_uint_le(reading.n_documents, 5);
    ck_assert_uint_eq(reading.n_documents + reading.n_damages, 40);
    drop(&reading);
    retort_buffer_release(&archive);
    retort_buffer_release(&bomb);
    retort_buffer_release(&blanks);
    retort_buffer_release(&block);
}
END_TEST

START_TEST(a_record_that_is_too_large_is_passed_over)
{
    struct retort_buffer archive = {0}, blanks = {0};
    put_record(&archive, "metadata", "", make_blanks(300000, &blanks));
    put_record(&archive, "resource", "", make_blanks(300000, &blanks));
    retort_buffer_text(&archive, NEXT);
    const struct retort_archive_options options = {.most_bytes = 1000};
    struct reading reading = read_all(retort_buffer_span(&archive), &options);
    ck_text_eq(&reading.documents, "3    0 [next]\n");
    ck_text_eq(&reading.damage,
               "a.gz record 2: is larger than a document may be; --max-size raises the limit\n");
    drop(&reading);
    retort_buffer_release(&archive);
    retort_buffer_release(&blanks);
}
END_TEST

/* ---- files ---- */

START_TEST(files_are_opened_and_refused)
{
    struct retort_archive *archive;
    struct retort_document document;
    struct retort_error error;
    ck_assert(!retort_archive_open(&archive, "no/such/file", NULL, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_str_eq(error.message, "no/such/file: No such file or directory; check the name");
    ck_assert(retort_archive_open(&archive, "/", NULL, &error));
    ck_assert_int_eq(retort_archive_next(archive, &document, &error), RETORT_ARCHIVE_DAMAGE);
    ck_assert_str_eq(error.message, "/: Is a directory; name the files in it");
    ck_assert_int_eq(retort_archive_next(archive, &document, &error), RETORT_ARCHIVE_END);
    retort_archive_close(archive);
    retort_archive_close(NULL);
}
END_TEST

START_TEST(a_file_on_disk_reads_like_its_bytes)
{
    struct retort_buffer bytes = {0};
    char path[] = "/tmp/archive.XXXXXX";
    struct retort_archive *archive;
    struct retort_document document;
    struct retort_error error;
    size_t ends[N_RECORDS], n = 0, done, total;
    make_archive((enum shape)_i, &bytes, ends);
    int descriptor = mkstemp(path);
    ck_assert(write(descriptor, bytes.data, bytes.len) == (ssize_t)bytes.len);
    close(descriptor);
    ck_assert(retort_archive_open(&archive, path, NULL, &error));
    while (retort_archive_next(archive, &document, &error) == RETORT_ARCHIVE_DOCUMENT)
        n++;
    retort_archive_position(archive, &done, &total);
    ck_assert_uint_eq(n, N_PAGES);
    ck_assert_uint_eq(done, bytes.len);
    ck_assert_uint_eq(total, bytes.len);
    retort_archive_close(archive);
    unlink(path);
    retort_buffer_release(&bytes);
}
END_TEST

Suite *archive_suite(void);

Suite *archive_suite(void)
{
    Suite *suite = suite_create("archive");
    TCase *whole = tcase_create("whole archives");
    tcase_set_timeout(whole, 60);
    tcase_add_loop_test(whole, pieces_of_any_size_give_the_same, 0, N_SHAPES);
    tcase_add_loop_test(whole, a_cut_archive_gives_all_before_the_cut, 0, N_SHAPES);
    tcase_add_test(whole, a_damaged_byte_costs_no_more_than_its_neighbours);
    tcase_add_loop_test(whole, any_bytes_come_to_an_end, 0, N_SHAPES);
    tcase_add_loop_test(whole, a_file_on_disk_reads_like_its_bytes, 0, N_SHAPES);
    suite_add_tcase(suite, whole);
    TCase *records = tcase_create("records");
    tcase_add_test(records, records_of_other_kinds_are_passed_over);
    tcase_add_test(records, odd_heads_are_read);
    tcase_add_test(records, lengths_that_lie_are_mended);
    tcase_add_test(records, heads_without_sense_are_passed_over);
    tcase_add_test(records, names_tell_file_record_and_address);
    tcase_add_loop_test(records, answers_are_read, 0, sizeof ANSWERS / sizeof ANSWERS[0]);
    tcase_add_loop_test(records, bodies_are_unpacked, 0, sizeof CODINGS / sizeof CODINGS[0]);
    suite_add_tcase(suite, records);
    TCase *single = tcase_create("single documents and limits");
    tcase_set_timeout(single, 60);
    tcase_add_test(single, a_plain_file_is_one_document);
    tcase_add_test(single, a_packed_file_is_one_document);
    tcase_add_test(single, a_cut_packed_file_is_read_to_the_cut);
    tcase_add_test(single, a_file_is_read_as_it_comes);
    tcase_add_test(single, a_bomb_is_not_unpacked);
    tcase_add_test(single, a_bomb_in_a_record_is_passed_over);
    tcase_add_test(single, bombs_one_behind_the_other_are_not_unpacked);
    tcase_add_test(single, a_record_that_is_too_large_is_passed_over);
    tcase_add_test(single, files_are_opened_and_refused);
    suite_add_tcase(suite, single);
    return suite;
}
