/* Sources: entries found by key, fields without TeX, references as people write them. */
#include "report/sources.h"

static const uint8_t SOURCES[] = {
#include "embed/report/sources.bib.h"
};

/* ---- entries ---- */

bool report_next_key(const char **list, struct retort_span *key)
{
    if (!*list || !**list)
        return false;
    size_t len = strcspn(*list, ",");
    *key = (struct retort_span){(const uint8_t *)*list, len};
    *list += len + ((*list)[len] == ',');
    return true;
}

/* Cuts the next entry off; false: these were all. */
static bool next_entry(struct retort_span *rest, struct report_source *source)
{
    struct retort_span line, begin = {NULL, 0};
    while (retort_span_next_line(rest, &line)) {
        if (line.len > 0 && line.data[0] == '@')
            begin = line;
        if (!begin.data || !retort_span_equal(line, RETORT_SPAN("}")))
            continue;
        const uint8_t *brace = memchr(begin.data, '{', begin.len);
        size_t key = brace ? (size_t)(brace - begin.data) + 1 : begin.len;
        source->key = retort_span_slice(begin, key, begin.len - 1); /* a comma ends the line */
        source->entry =
            (struct retort_span){begin.data, (size_t)(line.data + line.len - begin.data)};
        return true;
    }
    return false;
}

bool report_source_find(struct retort_span key, struct report_source *source)
{
    struct retort_span rest = {SOURCES, sizeof SOURCES};
    while (next_entry(&rest, source))
        if (retort_span_equal(source->key, key))
            return true;
    return false;
}

static bool is_cited(const struct retort_report *report, struct retort_span wanted)
{
    struct retort_span key;
    for (size_t i = 0; i < report->n_methods; i++)
        for (const char *list = report->methods[i].sources; report_next_key(&list, &key);)
            if (retort_span_equal(key, wanted))
                return true;
    return false;
}

size_t report_sources_cited(const struct retort_report *report, struct retort_arena *arena,
                            struct report_source **sources)
{
    struct retort_span all = {SOURCES, sizeof SOURCES}, rest = all;
    struct report_source source;
    size_t n = 0;
    while (next_entry(&rest, &source))
        n++;
    *sources = RETORT_NEW(arena, struct report_source, n);
    for (n = 0, rest = all; next_entry(&rest, &source);)
        if (is_cited(report, source.key))
            (*sources)[n++] = source;
    return n;
}

/* ---- fields ---- */

/* As it stands between its braces; false: there is none. */
static bool field_of(const struct report_source *source, const char *name,
                     struct retort_span *value)
{
    struct retort_span rest = source->entry, line, wanted = retort_span_of(name);
    while (retort_span_next_line(&rest, &line)) {
        line = retort_span_trim(line);
        struct retort_span behind = retort_span_slice(line, wanted.len, line.len);
        if (!retort_span_starts(line, wanted) || !retort_span_starts(behind, RETORT_SPAN(" = {")))
            continue;
        *value = retort_span_slice(behind, 4, behind.len - 2); /* without "}," */
        return true;
    }
    return false;
}

/* Braces only keep capitals; two hyphens are a dash; a backslash is before what TeX would take. */
static void put_untexed(struct retort_buffer *out, struct retort_span text)
{
    static const struct {
        struct retort_span from;
        const char *to;
    } MARKS[] = {
        {{(const uint8_t *)"--", 2}, "–"}, {{(const uint8_t *)"``", 2}, "“"},
        {{(const uint8_t *)"''", 2}, "”"}, {{(const uint8_t *)"'", 1}, "’"},
        {{(const uint8_t *)"{", 1}, ""},   {{(const uint8_t *)"}", 1}, ""},
        {{(const uint8_t *)"\\", 1}, ""},
    };
    for (size_t at = 0, i; at < text.len;) {
        struct retort_span rest = retort_span_slice(text, at, text.len);
        for (i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
            if (retort_span_starts(rest, MARKS[i].from))
                break;
        bool marked = i < sizeof MARKS / sizeof *MARKS;
        if (marked)
            retort_buffer_text(out, MARKS[i].to);
        else
            retort_buffer_byte(out, text.data[at]);
        at += marked ? MARKS[i].from.len : 1;
    }
}

void report_source_put_field(struct retort_buffer *out, const struct report_source *source,
                             const char *field)
{
    struct retort_span value;
    if (field_of(source, field, &value))
        put_untexed(out, value);
}

/* ---- references ---- */

/* Cuts the next author off a list with " and " between. */
static bool next_author(struct retort_span *rest, struct retort_span *author)
{
    const struct retort_span and = RETORT_SPAN(" and ");
    if (rest->len == 0)
        return false;
    size_t at = 0;
    while (at < rest->len && !retort_span_starts(retort_span_slice(*rest, at, rest->len), and))
        at++;
    *author = retort_span_slice(*rest, 0, at);
    *rest = retort_span_slice(*rest, at + and.len, rest->len);
    return true;
}

static size_t n_authors(struct retort_span list)
{
    struct retort_span author;
    size_t n = 0;
    while (next_author(&list, &author))
        n++;
    return n;
}

static void put_surname(struct retort_buffer *out, struct retort_span author)
{
    const uint8_t *comma = author.len ? memchr(author.data, ',', author.len) : NULL;
    put_untexed(out,
                retort_span_slice(author, 0, comma ? (size_t)(comma - author.data) : author.len));
}

void report_source_put_short(struct retort_buffer *out, const struct report_source *source)
{
    struct retort_span authors = {NULL, 0}, author;
    field_of(source, "author", &authors);
    size_t n = n_authors(authors);
    for (size_t i = 0; next_author(&authors, &author) && (i == 0 || n == 2); i++) {
        retort_buffer_text(out, i ? " and " : "");
        put_surname(out, author);
    }
    retort_buffer_text(out, n > 2 ? " et al. " : " ");
    report_source_put_field(out, source, "year");
}

static void put_authors(struct retort_buffer *out, const struct report_source *source)
{
    struct retort_span authors = {NULL, 0}, author;
    field_of(source, "author", &authors);
    size_t n = n_authors(authors);
    for (size_t i = 0; next_author(&authors, &author); i++) {
        retort_buffer_text(out, i == 0 ? "" : i + 1 < n ? "; " : " and ");
        put_untexed(out, author);
    }
}

/* The field with what stands before and behind it, or nothing of all this. */
static void put_part(struct retort_buffer *out, const struct report_source *source,
                     const char *before, const char *field, const char *behind)
{
    struct retort_span value;
    if (!field_of(source, field, &value))
        return;
    retort_buffer_text(out, before);
    put_untexed(out, value);
    retort_buffer_text(out, behind);
}

void report_source_put_long(struct retort_buffer *out, const struct report_source *source)
{
    put_authors(out, source);
    put_part(out, source, " (", "year", ").");
    put_part(out, source, " ", "title", "");
    put_part(out, source, ", edition ", "edition", "");
    put_part(out, source, ". ", "journal", "");
    put_part(out, source, ". In: ", "booktitle", "");
    put_part(out, source, ". ", "howpublished", "");
    put_part(out, source, ", ", "volume", "");
    put_part(out, source, "(", "number", ")");
    put_part(out, source, ", ", "pages", "");
    put_part(out, source, ". ", "publisher", "");
    put_part(out, source, ", ", "address", "");
    retort_buffer_text(out, ".");
    put_part(out, source, " doi:", "doi", "");
}

void report_put_method(struct retort_buffer *out, const struct report_method *method)
{
    struct retort_span sentence = method->sentence, key;
    struct report_source source;
    bool stop = sentence.len > 0 && sentence.data[sentence.len - 1] == '.', any = false;
    retort_buffer_put(out, retort_span_slice(sentence, 0, sentence.len - stop));
    for (const char *list = method->sources; report_next_key(&list, &key);) {
        if (!report_source_find(key, &source))
            continue;
        retort_buffer_text(out, any ? "; " : " (");
        report_source_put_short(out, &source);
        any = true;
    }
    retort_buffer_text(out, any ? ")" : "");
    retort_buffer_text(out, stop ? "." : "");
}
