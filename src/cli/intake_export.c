/* Exports of comment platforms: their threads go to the command as pages do, each told rather than
 * split. */
#include "cli/intake.h"

struct export
{
    struct intake *intake;
    const char *name;
};

static bool take_thread(void *context, const struct retort_thread *thread,
                        struct retort_error *error)
{
    const struct export *export = context;
    const struct intake_thread found = {
        .thread = *thread,
        .source = export->name,
        .splitter = "",
        .is_part = true,
        .is_told = true,
    };
    return export->intake->thread(export->intake->context, &found, error);
}

bool intake_export(struct intake *intake, enum retort_platform platform, struct retort_span bytes,
                   const char *source, struct retort_error *error)
{
    struct export export = {intake, source};
    const struct retort_platform_reading reading = {intake->keep_private, take_thread, &export};
    return retort_platform_read(platform, bytes, &reading, error);
}

bool intake_corpus(struct intake *intake, const char *path, struct retort_error *error)
{
    struct export export = {intake, path};
    const struct retort_platform_reading reading = {intake->keep_private, take_thread, &export};
    return retort_platform_read_corpus(path, &reading, error);
}

void intake_put_title(struct retort_buffer *out, const struct intake_thread *found)
{
    const struct retort_thread *thread = &found->thread;
    const struct retort_span names[] = {thread->title, thread->url, thread->id};
    size_t name = 0, most = sizeof names / sizeof *names;
    cli_excerpt(out, retort_span_of(found->source), 60, false);
    while (name < most && names[name].len == 0)
        name++;
    if (!found->is_told || name == most)
        return;
    retort_buffer_text(out, ": ");
    cli_excerpt(out, names[name], 60, false);
}
