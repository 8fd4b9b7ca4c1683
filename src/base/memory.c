/* Memory: arenas for what dies together, buffers for what grows, one place for having none.
 *
 * An arena is a list of blocks, each twice the last up to 1 MiB, so that a page of n lines costs
 * O(log n) mallocs; what is larger than a block gets one of its own. */
#include "base/base.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16, FIRST_BLOCK = 4096, LAST_BLOCK = 1 << 20 };

struct retort_arena_block {
    struct retort_arena_block *older;
    size_t used, capacity;
    _Alignas(ALIGNMENT) uint8_t bytes[];
};

static size_t checked_size(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || total > SIZE_MAX / 2)
        retort_out_of_memory();
    return total;
}

static size_t block_capacity(const struct retort_arena *arena, size_t wanted)
{
    size_t next = arena->blocks ? arena->blocks->capacity * 2 : FIRST_BLOCK;
    if (next > LAST_BLOCK)
        next = LAST_BLOCK;
    return wanted > next ? wanted : next;
}

static void add_block(struct retort_arena *arena, size_t wanted)
{
    size_t capacity = block_capacity(arena, wanted);
    struct retort_arena_block *block = malloc(sizeof *block + capacity);
    if (!block)
        retort_out_of_memory();
    *block = (struct retort_arena_block){.older = arena->blocks, .capacity = capacity};
    arena->blocks = block;
}

void *retort_arena_room(struct retort_arena *arena, size_t count, size_t size)
{
    size_t wanted = checked_size(count, size);
    wanted = (wanted + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct retort_arena_block *block = arena->blocks;
    if (!block || block->capacity - block->used < wanted) {
        add_block(arena, wanted);
        block = arena->blocks;
    }
    void *result = block->bytes + block->used;
    block->used += wanted;
    arena->n_bytes += wanted;
    return result;
}

void *retort_arena_alloc(struct retort_arena *arena, size_t count, size_t size)
{
    return memset(retort_arena_room(arena, count, size), 0, count * size);
}

struct retort_span retort_arena_copy(struct retort_arena *arena, struct retort_span span)
{
    uint8_t *copy = retort_arena_room(arena, span.len, 1);
    if (span.len)
        memcpy(copy, span.data, span.len);
    return (struct retort_span){copy, span.len};
}

char *retort_arena_string(struct retort_arena *arena, struct retort_span span)
{
    char *copy = retort_arena_room(arena, span.len + 1, 1);
    if (span.len)
        memcpy(copy, span.data, span.len);
    copy[span.len] = '\0';
    return copy;
}

void retort_arena_release(struct retort_arena *arena)
{
    while (arena->blocks) {
        struct retort_arena_block *older = arena->blocks->older;
        free(arena->blocks);
        arena->blocks = older;
    }
    arena->n_bytes = 0;
}

/* Blocks grow, so the newest is the largest, but for one that is larger than all should be. */
void retort_arena_clear(struct retort_arena *arena)
{
    struct retort_arena_block *newest = arena->blocks;
    arena->n_bytes = 0;
    if (!newest)
        return;
    arena->blocks = newest->older;
    retort_arena_release(arena);
    newest->older = NULL;
    newest->used = 0;
    arena->blocks = newest;
    if (newest->capacity > LAST_BLOCK)
        retort_arena_release(arena);
}

void *retort_grow(void *old, size_t count, size_t size)
{
    size_t total = checked_size(count, size);
    void *grown = realloc(old, total ? total : 1);
    if (!grown)
        retort_out_of_memory();
    return grown;
}

static void reserve(struct retort_buffer *buffer, size_t more)
{
    if (buffer->capacity - buffer->len >= more)
        return;
    assert(more <= SIZE_MAX / 4 && buffer->len <= SIZE_MAX / 4);
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity - buffer->len < more)
        capacity *= 2;
    buffer->data = retort_grow(buffer->data, capacity, 1);
    buffer->capacity = capacity;
}

uint8_t *retort_buffer_room(struct retort_buffer *buffer, size_t n)
{
    reserve(buffer, n);
    return buffer->data + buffer->len;
}

void retort_buffer_put(struct retort_buffer *buffer, struct retort_span bytes)
{
    if (bytes.len == 0)
        return;
    reserve(buffer, bytes.len);
    memcpy(buffer->data + buffer->len, bytes.data, bytes.len);
    buffer->len += bytes.len;
}

void retort_buffer_text(struct retort_buffer *buffer, const char *terminated)
{
    retort_buffer_put(buffer, retort_span_of(terminated));
}

void retort_buffer_byte(struct retort_buffer *buffer, uint8_t byte)
{
    reserve(buffer, 1);
    buffer->data[buffer->len++] = byte;
}

void retort_buffer_format(struct retort_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    assert(format);
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(len >= 0);
    reserve(buffer, (size_t)len + 1);
    vsnprintf((char *)buffer->data + buffer->len, (size_t)len + 1, format, again);
    va_end(again);
    buffer->len += (size_t)len;
}

void retort_buffer_clear(struct retort_buffer *buffer)
{
    buffer->len = 0;
}

void retort_buffer_release(struct retort_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct retort_buffer){0};
}
