/* JSON lines as a filter: one line out for each line in, in order. What is read is handed back
 * byte for byte, with "labels" put behind; a line that cannot be read leaves an error in its place
 * and the rest goes on.
 *
 * Blocks of lines go through a pipeline: read, linked to their parents in order, labelled by as
 * many threads as there are, written in order. What has come is answered before more is waited
 * for, so that a program at both ends of the pipe may take its time. */
#include "cli/label.h"

#include <stdlib.h>

enum {
    BLOCKS_A_THREAD = 4,
    KEPT = 4 << 20, /* bytes of output that a block keeps room for */
};

/* What was wrong in one file: each bad line has its error in the output, standard error has one
 * line for all of them. */
struct bad_lines {
    size_t n, first;
    struct retort_error error; /* of the first */
};

/* What is stored of a line. */
struct stored_line {
    struct retort_line_record record;
    struct retort_verdict *verdicts;
};

struct block {
    struct retort_line_block lines;
    struct stored_line *stored; /* of each line, where they are stored; in the lines' arena */
    struct retort_buffer out;
};

/* What a thread has for itself. */
struct hand {
    bool is_ready;
    struct retort_labeller labeller;
    struct retort_arena arena; /* of one comment */
};

struct filter {
    struct labelling *run;
    struct retort_line_keeping keeping;
    struct retort_archive *file;
    struct retort_intake_lines *lines;
    struct hand *hands; /* [n_threads] */
    struct bad_lines bad;
    struct retort_progress progress;
    bool in_batch;
};

/* ---- transactions ---- */

static bool begin_batch(struct filter *filter, struct retort_error *error)
{
    if (!filter->in_batch && !retort_store_begin(filter->run->store, error))
        return false;
    filter->in_batch = true;
    return true;
}

static bool end_batch(struct filter *filter, struct retort_error *error)
{
    bool was_in_batch = filter->in_batch;
    filter->in_batch = false;
    return !was_in_batch || retort_store_commit(filter->run->store, error);
}

/* ---- reading and linking ---- */

/* Others may write to the file while nothing comes. */
static enum retort_reading read_block(void *context, void *block, bool wait,
                                      struct retort_error *error)
{
    struct filter *filter = context;
    if (wait && filter->in_batch && !retort_archive_is_ready(filter->file, 1) &&
        !end_batch(filter, error))
        return RETORT_READING_FAILED;
    return retort_intake_lines_fill(filter->lines, &((struct block *)block)->lines, wait);
}

static bool read_lines(void *context, void *block, size_t worker, struct retort_error *error)
{
    (void)context, (void)worker, (void)error;
    retort_line_block_read(&((struct block *)block)->lines);
    return true;
}

static bool link_lines(void *context, void *block, size_t worker, struct retort_error *error)
{
    struct filter *filter = context;
    (void)worker;
    return retort_intake_lines_link(filter->lines, &((struct block *)block)->lines, error);
}

/* ---- labelling ---- */

static struct hand *hand_of(struct filter *filter, size_t worker)
{
    struct hand *hand = &filter->hands[worker];
    if (!hand->is_ready)
        retort_labeller_init(&hand->labeller);
    hand->is_ready = true;
    return hand;
}

static void put_line(const struct label_pen *pen, const struct retort_intake_line *line,
                     const struct retort_verdict *verdicts, struct retort_arena *arena)
{
    const struct labelling *run = pen->run;
    if (run->json) {
        retort_buffer_byte(pen->out, '{');
        retort_intake_put_members(pen->out, line);
        label_put_json(pen, &line->item, verdicts, arena);
        if (run->for_import)
            retort_intake_put_scores(pen->out, &run->judge, line, verdicts);
        retort_buffer_text(pen->out, "}\n");
    } else if (!run->quiet) {
        const struct label_row row = {line->number, 0, line->item, line->author, verdicts};
        label_put_row(pen, &row, line->number == 1);
    }
}

static void put_bad_line(const struct label_pen *pen, const struct retort_intake_line *line)
{
    if (!pen->run->json)
        return;
    retort_buffer_byte(pen->out, '{');
    retort_json_key(pen->out, "error");
    retort_json_put(pen->out, retort_span_of(line->wrong));
    retort_json_key(pen->out, "line");
    retort_buffer_format(pen->out, "%zu}\n", line->number);
}

/* What is stored lives as long as the block; else a comment's memory is the next one's. */
static bool label_lines_of(void *context, void *block_, size_t worker, struct retort_error *error)
{
    struct filter *filter = context;
    struct block *block = block_;
    struct hand *hand = hand_of(filter, worker);
    const struct label_pen pen = {filter->run, &hand->labeller, &block->out};
    struct retort_judge judge = filter->run->judge;
    bool stores = filter->run->store != NULL;
    (void)error;
    judge.labeller = &hand->labeller;
    if (stores)
        block->stored = RETORT_NEW(&block->lines.arena, struct stored_line, block->lines.n_lines);
    for (size_t i = 0; i < block->lines.n_lines; i++) {
        struct retort_intake_line *line = &block->lines.lines[i];
        struct retort_arena *arena = stores ? &block->lines.arena : &hand->arena;
        if (line->wrong) {
            put_bad_line(&pen, line);
            continue;
        }
        struct retort_verdict *verdicts = retort_judge_line(&judge, line, arena);
        put_line(&pen, line, verdicts, arena);
        if (stores)
            block->stored[i] = (struct stored_line){
                retort_intake_line_record(&filter->keeping, line, arena), verdicts};
        retort_arena_clear(&hand->arena);
    }
    return true;
}

/* ---- writing ---- */

static bool store_line(struct filter *filter, const struct stored_line *line,
                       struct retort_error *error)
{
    if (!begin_batch(filter, error) ||
        !retort_intake_put_record(&filter->keeping, &line->record, line->verdicts, error))
        return false;
    return !retort_store_is_due(filter->run->store) || end_batch(filter, error);
}

static void note_bad_line(struct filter *filter, const struct retort_intake_line *line)
{
    struct bad_lines *bad = &filter->bad;
    filter->run->saw_bad_line = true;
    if (bad->n++ > 0)
        return;
    bad->first = line->number;
    retort_fail(&bad->error, RETORT_INPUT, "%s", line->wrong);
}

static void show_progress(struct filter *filter, size_t number)
{
    size_t done, total;
    retort_archive_position(filter->file, &done, &total);
    filter->progress.share = total > 0 ? (double)done / (double)total : 0;
    retort_progress_step(&filter->progress, number);
}

static bool write_lines(void *context, void *block_, size_t worker, struct retort_error *error)
{
    struct filter *filter = context;
    struct block *block = block_;
    bool done = true;
    (void)worker;
    for (size_t i = 0; done && i < block->lines.n_lines; i++) {
        const struct retort_intake_line *line = &block->lines.lines[i];
        if (line->wrong)
            note_bad_line(filter, line);
        else if (filter->run->store)
            done = store_line(filter, &block->stored[i], error);
    }
    show_progress(filter, block->lines.lines[block->lines.n_lines - 1].number);
    done = done && cli_deliver(&block->out, stdout, error);
    if (block->out.capacity > KEPT)
        retort_buffer_release(&block->out);
    retort_intake_lines_done(filter->lines, &block->lines);
    return done;
}

static void say_bad_lines(const struct filter *filter)
{
    const struct bad_lines *bad = &filter->bad;
    struct retort_error where = bad->error;
    if (bad->n == 0)
        return;
    retort_fail_within(&where, "%s:%zu", filter->run->source, bad->first);
    if (bad->n > 1)
        fprintf(stderr, "retort label: %s (and %zu more line%s could not be read)\n", where.message,
                bad->n - 1, bad->n == 2 ? "" : "s");
    else
        fprintf(stderr, "retort label: %s\n", where.message);
}

/* ---- all lines ---- */

/* Linking may ask the store for what came before the window, and a store belongs to one thread. */
static bool run_pipeline(struct filter *filter, struct block *blocks, size_t n_blocks,
                         struct retort_error *error)
{
    const struct labelling *run = filter->run;
    const struct retort_stage stages[] = {
        {read_lines, RETORT_STAGE_ANY},
        {link_lines, run->store ? RETORT_STAGE_CALLER : RETORT_STAGE_ORDERED},
        {label_lines_of, RETORT_STAGE_ANY},
        {write_lines, RETORT_STAGE_CALLER},
    };
    void **places = retort_grow(NULL, n_blocks, sizeof *places);
    for (size_t i = 0; i < n_blocks; i++)
        places[i] = &blocks[i];
    const struct retort_pipeline pipeline = {.read = read_block,
                                             .stages = stages,
                                             .n_stages = sizeof stages / sizeof *stages,
                                             .blocks = places,
                                             .n_blocks = n_blocks,
                                             .n_threads = run->n_threads,
                                             .context = filter};
    bool done = retort_pipeline_run(&pipeline, error) && end_batch(filter, error);
    free(places);
    return done;
}

static bool run_filter(struct filter *filter, struct retort_error *error)
{
    size_t n_threads = filter->run->n_threads, n_blocks = BLOCKS_A_THREAD * n_threads;
    struct block *blocks = calloc(n_blocks, sizeof *blocks);
    filter->hands = calloc(n_threads, sizeof *filter->hands);
    if (!blocks || !filter->hands)
        retort_out_of_memory();
    bool done = run_pipeline(filter, blocks, n_blocks, error);
    for (size_t i = 0; i < n_blocks; i++) {
        retort_line_block_release(&blocks[i].lines);
        retort_buffer_release(&blocks[i].out);
    }
    for (size_t i = 0; i < n_threads; i++) {
        if (filter->hands[i].is_ready)
            retort_labeller_release(&filter->hands[i].labeller);
        retort_arena_release(&filter->hands[i].arena);
    }
    free(blocks);
    free(filter->hands);
    return done;
}

bool label_lines(struct labelling *run, struct retort_archive *file, struct retort_error *error)
{
    struct filter filter = {.run = run, .file = file, .lines = retort_intake_lines_open(file)};
    retort_intake_lines_ask(filter.lines, run->store, run->source);
    filter.keeping = (struct retort_line_keeping){run->store, &run->judge, run->source,
                                                  cli_flag(run->arguments, "keep-private")};
    retort_progress_begin(&filter.progress, "comments", 0, run->quiet);
    bool done = run_filter(&filter, error);
    retort_progress_end(&filter.progress);
    if (!done && run->store)
        retort_store_rollback(run->store);
    say_bad_lines(&filter);
    retort_intake_lines_close(filter.lines);
    return done;
}
