#include "intake/made.h"

#include <string.h>

static enum retort_state state_of(char letter)
{
    static const char LETTERS[] = "?AFHBIT";
    const char *at = strchr(LETTERS, letter);
    return at ? (enum retort_state)(at - LETTERS) : RETORT_STATE_AFTER;
}

static struct retort_page read_lines(const char *const *lines, struct retort_arena *arena)
{
    struct retort_buffer text = {0};
    struct retort_page page = {.encoding = RETORT_UTF8};
    size_t n = 0;
    for (; lines[n]; n++) {
        retort_buffer_text(&text, lines[n][0] ? lines[n] + 1 : "");
        retort_buffer_byte(&text, '\n');
    }
    page.text = retort_arena_copy(arena, retort_buffer_span(&text));
    page.lines = RETORT_NEW(arena, struct retort_line, n + 1);
    for (size_t i = 0, at = 0; i < n; i++) {
        size_t len = lines[i][0] ? strlen(lines[i]) - 1 : 0;
        if (len > 0) {
            struct retort_line *line = &page.lines[page.n_lines++];
            *line = (struct retort_line){{page.text.data + at, len}, i + 1, at, at + len, 0, 0};
            line->state = state_of(lines[i][0]);
            line->role = retort_page_role(line->state);
        }
        at += len + 1;
    }
    retort_buffer_release(&text);
    return page;
}

struct retort_thread made_thread(const char *const *lines, const int *parents,
                                 struct retort_arena *arena)
{
    struct retort_thread thread;
    struct retort_page page = read_lines(lines, arena);
    retort_thread_cut(&page, arena, &thread);
    for (size_t i = 0; parents && i < thread.n_comments; i++)
        thread.comments[i].parent = parents[i] - 1;
    return thread;
}

struct retort_span made_bytes(const struct retort_thread *thread)
{
    return thread->page.text;
}

const char *made_shape(const struct retort_thread *thread, struct retort_arena *arena)
{
    static const char LETTERS[] = "FAFHBITF";
    struct retort_buffer out = {0};
    for (size_t at = 0; at < thread->page.n_lines; at++)
        retort_buffer_byte(&out, (uint8_t)LETTERS[thread->page.lines[at].state]);
    for (size_t i = 0; i < thread->n_comments; i++)
        retort_buffer_format(&out, " %td", thread->comments[i].parent + 1);
    const char *shape = retort_arena_string(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return shape;
}

const struct retort_thread *made_correct(const struct retort_thread *old, const char *operations,
                                         struct retort_arena *arena, struct retort_error *error)
{
    struct retort_thread *thread = RETORT_NEW(arena, struct retort_thread, 1);
    struct retort_json *json = retort_json_parse(retort_span_of(operations), error);
    bool corrected = json && retort_intake_correct(old, json, arena, thread, error);
    retort_json_free(json);
    return corrected ? thread : NULL;
}
