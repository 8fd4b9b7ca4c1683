/* The container of a model file: a header, a table of named sections, the sections.
 *
 * Everything is little-endian and mapped as it lies. The checksum covers all behind the header and
 * is verified at every opening (8 MiB take about a millisecond), so a reader of a section may
 * trust its bytes to be those that were written; what they mean it must still check. */
#include "base/base.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "model files are mapped little-endian");

struct header {
    char magic[8];
    uint32_t version, n_sections;
    uint64_t file_size, checksum; /* checksum of the bytes behind the header */
};

struct section {
    char name[RETORT_BUNDLE_NAME];
    uint64_t begin, length;
};

enum { ALIGNMENT = 64, MOST_SECTIONS = 64 };
static const char MAGIC[8] = {'r', 'e', 't', 'o', 'r', 't', 0x1A, '\n'};

static struct section section_at(const struct retort_bundle *bundle, size_t index)
{
    struct section section;
    memcpy(&section, bundle->file.bytes.data + sizeof(struct header) + index * sizeof section,
           sizeof section);
    return section;
}

/* The counts of the header go in as the seed, so that no bit of the file is unguarded. */
static uint64_t checksum_of(const struct header *header, struct retort_span rest)
{
    return retort_hash(rest, (uint64_t)header->version << 32 | header->n_sections);
}

static bool refuse(struct retort_error *error, const char *why)
{
    return retort_fail(error, RETORT_REFUSED, "%s", why);
}

static bool check_header(struct retort_span bytes, struct header *header,
                         struct retort_error *error)
{
    if (bytes.len < sizeof *header)
        return refuse(error, bytes.len ? "is cut short; fetch or make the model again"
                                       : "is empty; fetch or make the model again");
    memcpy(header, bytes.data, sizeof *header);
    if (memcmp(header->magic, MAGIC, sizeof MAGIC) != 0)
        return refuse(error, "is no retort model; name a .model file made by `retort train`");
    if (header->version > RETORT_BUNDLE_VERSION)
        return retort_fail(error, RETORT_REFUSED,
                           "has model format %u and this retort reads up to %u; update retort",
                           header->version, RETORT_BUNDLE_VERSION);
    if (header->version == 0 || header->file_size != bytes.len)
        return refuse(error, "is cut short or damaged; fetch or make the model again");
    struct retort_span rest = retort_span_slice(bytes, sizeof *header, bytes.len);
    if (header->checksum != checksum_of(header, rest))
        return refuse(error, "is damaged (its checksum differs); fetch or make the model again");
    return true;
}

static bool check_sections(const struct retort_bundle *bundle, struct retort_error *error)
{
    uint64_t size = bundle->file.bytes.len;
    uint64_t table = sizeof(struct header) + bundle->n_sections * sizeof(struct section);
    if (bundle->n_sections > MOST_SECTIONS || table > size)
        return refuse(error, "has a broken table of sections; make the model again");
    for (size_t i = 0; i < bundle->n_sections; i++) {
        struct section section = section_at(bundle, i);
        if (!memchr(section.name, 0, sizeof section.name) || section.begin % ALIGNMENT ||
            section.begin > size || section.length > size - section.begin)
            return refuse(error, "has a section out of bounds; make the model again");
    }
    return true;
}

static bool check(struct retort_bundle *bundle, struct retort_error *error)
{
    struct header header;
    if (!check_header(bundle->file.bytes, &header, error))
        return false;
    bundle->n_sections = header.n_sections;
    bundle->checksum = header.checksum;
    return check_sections(bundle, error);
}

bool retort_bundle_open(struct retort_bundle *bundle, const char *path, struct retort_error *error)
{
    *bundle = (struct retort_bundle){0};
    if (!retort_file_map(&bundle->file, path, error)) {
        error->failure = RETORT_REFUSED;
        return false;
    }
    if (check(bundle, error))
        return true;
    retort_bundle_close(bundle);
    return retort_fail_within(error, "%s", path);
}

bool retort_bundle_read(struct retort_bundle *bundle, struct retort_span bytes,
                        struct retort_error *error)
{
    *bundle = (struct retort_bundle){.file.bytes = bytes, .borrowed = true};
    return check(bundle, error);
}

struct retort_span retort_bundle_section(const struct retort_bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->n_sections; i++) {
        struct section section = section_at(bundle, i);
        if (strcmp(section.name, name) == 0)
            return (struct retort_span){bundle->file.bytes.data + section.begin,
                                        (size_t)section.length};
    }
    return (struct retort_span){0};
}

void retort_bundle_close(struct retort_bundle *bundle)
{
    if (!bundle->borrowed)
        retort_file_close(&bundle->file);
    *bundle = (struct retort_bundle){0};
}

static void pad(struct retort_buffer *buffer)
{
    while (buffer->len % ALIGNMENT)
        retort_buffer_byte(buffer, 0);
}

static void put_struct(struct retort_buffer *buffer, const void *object, size_t size)
{
    retort_buffer_put(buffer, (struct retort_span){object, size});
}

static void put_table(struct retort_buffer *buffer, const struct retort_bundle_part *parts,
                      size_t n_parts)
{
    uint64_t begin = sizeof(struct header) + n_parts * sizeof(struct section);
    for (size_t i = 0; i < n_parts; i++) {
        begin = (begin + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        struct section section = {.begin = begin, .length = parts[i].bytes.len};
        memcpy(section.name, parts[i].name, strlen(parts[i].name));
        put_struct(buffer, &section, sizeof section);
        begin += parts[i].bytes.len;
    }
}

bool retort_bundle_write(const char *path, const struct retort_bundle_part *parts, size_t n_parts,
                         struct retort_error *error)
{
    struct retort_buffer buffer = {0};
    struct header header = {.version = RETORT_BUNDLE_VERSION, .n_sections = (uint32_t)n_parts};
    memcpy(header.magic, MAGIC, sizeof MAGIC);
    put_struct(&buffer, &header, sizeof header);
    put_table(&buffer, parts, n_parts);
    for (size_t i = 0; i < n_parts; i++) {
        pad(&buffer);
        retort_buffer_put(&buffer, parts[i].bytes);
    }
    struct retort_span all = retort_buffer_span(&buffer);
    header.file_size = all.len;
    header.checksum = checksum_of(&header, retort_span_slice(all, sizeof header, all.len));
    memcpy(buffer.data, &header, sizeof header);
    bool written = retort_file_replace(path, all, error);
    retort_buffer_release(&buffer);
    return written;
}
