/* JSON lines, read: our own exports, lines that another machine has labelled for an import, and
 * comments that nobody has labelled. */
#include "exchange/import.h"
#include "intake/intake.h"

#include <string.h>

static struct retort_span member_of(const struct retort_intake_line *line, const char *key)
{
    for (size_t i = 0; i < line->n_members; i++)
        if (retort_span_equal(line->members[i].key, retort_span_of(key)) &&
            line->members[i].value.data[0] != 'n')
            return line->members[i].value;
    return (struct retort_span){0};
}

/* Ours tells at least who the comment is, or what was decided. */
static bool is_ours(struct retort_span value, struct retort_arena *arena)
{
    struct retort_json_member *members;
    size_t n = value.data && value.data[0] == '{' ? retort_json_members(value, arena, &members) : 0;
    for (size_t i = 0; i < n; i++)
        if (retort_span_equal(members[i].key, RETORT_SPAN("identity")) ||
            retort_span_equal(members[i].key, RETORT_SPAN("decisions")))
            return true;
    return false;
}

/* ---- what another machine has labelled ---- */

static bool take_labelled(struct import_run *run, const struct retort_intake_line *line,
                          struct retort_arena *arena, struct retort_error *error)
{
    const struct retort_import_request *request = run->request;
    const struct retort_line_keeping keeping = {
        .store = run->store, .source = request->source, .keep_private = request->keep_private};
    const struct retort_models *models;
    struct retort_intake_said said;
    if (!request->models(request->context, &models, error) ||
        !retort_intake_read_scores(line, models, arena, &said, error) ||
        !import_begin(run, error) || !retort_intake_put_said(&keeping, line, &said, error))
        return false;
    run->figures->n_comments++;
    run->figures->n_new += said.n_verdicts > 0;
    run->figures->n_nameless += line->id.len == 0;
    return import_due(run, error);
}

/* ---- the others ---- */

/* Of a line of ours the parent's text is what it says itself: an earlier line's may be another. */
static bool take_comment(struct import_run *run, const struct retort_intake_line *line,
                         struct retort_span ours, struct retort_arena *arena,
                         struct retort_error *error)
{
    const struct retort_line_keeping keeping = {
        .source = run->request->source, .keep_private = ours.data || run->request->keep_private};
    const struct retort_line_record record = retort_intake_line_record(&keeping, line, arena);
    bool own_parent = !ours.data || member_of(line, "parent_text").data;
    const struct import_comment comment = {
        .native_id = record.native_id,
        .parent_id = record.parent_id,
        .author = record.author,
        .time = record.time,
        .text = record.text,
        .target = record.target,
        .parent_text = own_parent ? record.parent_text : (struct retort_span){0},
        .article_text = record.article_text,
        .meta = record.meta,
        .ours = ours,
    };
    return import_take(run, &comment, arena, error);
}

static bool take_line(struct import_run *run, const struct retort_intake_line *line,
                      struct retort_arena *arena, struct retort_error *error)
{
    if (line->wrong)
        return retort_fail(error, RETORT_INPUT, "%s", line->wrong);
    struct retort_span ours = member_of(line, "retort");
    if (is_ours(ours, arena))
        return take_comment(run, line, ours, arena, error);
    if (ours.data || member_of(line, "labels").data)
        return take_labelled(run, line, arena, error);
    return take_comment(run, line, (struct retort_span){0}, arena, error);
}

/* ---- blocks ---- */

static void show(const struct import_run *run, const struct retort_archive *file)
{
    size_t done, total;
    retort_archive_position(file, &done, &total);
    run->request->show(run->request->context, done);
}

/* What is wrong with a line is noted, and the next one comes; false: the run ends here. */
static bool take_block(struct import_run *run, struct retort_intake_lines *lines,
                       struct retort_line_block *block, struct retort_error *error)
{
    retort_line_block_read(block);
    bool good = retort_intake_lines_link(lines, block, error);
    for (size_t i = 0; good && i < block->n_lines; i++) {
        const struct retort_intake_line *line = &block->lines[i];
        good = take_line(run, line, &block->arena, error) ||
               import_note(run, line->number, error) ||
               retort_fail_within(error, "%s:%zu", run->path, line->number);
    }
    retort_intake_lines_done(lines, block);
    return good;
}

bool import_jsonl_read(struct import_run *run, struct retort_archive *file,
                       struct retort_error *error)
{
    struct retort_intake_lines *lines = retort_intake_lines_open(file);
    struct retort_line_block block = {0};
    bool good = true, ended = false;
    while (good && !ended) {
        good = retort_archive_is_ready(file, 1) || import_pause(run, error);
        ended = !good || retort_intake_lines_fill(lines, &block, true) == RETORT_READING_END;
        good = good && (ended || take_block(run, lines, &block, error));
        show(run, file);
    }
    retort_line_block_release(&block);
    retort_intake_lines_close(lines);
    return good;
}
