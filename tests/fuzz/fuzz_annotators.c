/* Files of doccano, Label Studio and ConvoKit, our own lines, tables and objects of others are
 * taken or refused, whatever they hold; what was put of them is rolled back. The first byte says
 * which. */
#include "exchange/import.h"
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <unistd.h>

static void say(void *context, enum retort_failure failure, const char *message)
{
    (void)context;
    (void)failure;
    (void)message;
}

static bool no_models(void *context, const struct retort_models **models,
                      struct retort_error *error)
{
    (void)context;
    *models = NULL;
    return retort_fail(error, RETORT_INPUT, "no models");
}

static char path[] = "/tmp/retort-fuzz-XXXXXX";

static void remove_store(void)
{
    static const char *const ENDS[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char name[sizeof path + 8];
        snprintf(name, sizeof name, "%s%s", path, ENDS[i]);
        unlink(name);
    }
}

static struct retort_store *open_store(void)
{
    static struct retort_store *store;
    struct retort_error error;
    if (store)
        return store;
    int descriptor = mkstemp(path);
    if (descriptor < 0 || close(descriptor) != 0 ||
        !retort_store_open(&store, path, RETORT_STORE_WRITE, RETORT_STORE_BUSY_MS, &error))
        abort();
    atexit(remove_store);
    return store;
}

static void show(void *context, size_t n_bytes)
{
    (void)context;
    (void)n_bytes;
}

static void read_all(struct import_run *run, struct retort_archive *file, unsigned format)
{
    typedef bool reader(struct import_run *, struct retort_archive *, struct retort_error *);
    static reader *const ANNOTATORS[] = {import_doccano, import_studio, import_convokit};
    static reader *const OTHERS[] = {import_jsonl_read, import_csv_read, import_tsv_read,
                                     import_foreign_read};
    struct retort_error error;
    size_t n_new;
    bool finished;
    reader *read = format < 32 ? ANNOTATORS[format % 3] : OTHERS[format % 4];
    if (read(run, file, &error))
        import_say_bad(run);
    if (run->in_batch)
        retort_store_restore_decisions(run->store, 1000, &n_new, &finished, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_import_figures figures = {0};
    struct retort_archive *file;
    struct retort_error error;
    if (size < 4 || (data[1] == 0x1F && data[2] == 0x8B)) /* gzip is the archive's matter */
        return 0;
    struct retort_span bytes = {data + 1, size - 1};
    if (!retort_archive_open_bytes(&file, "file", bytes, NULL, &error))
        return 0;
    const struct retort_import_request request = {.store = open_store(),
                                                  .source = "-",
                                                  .task = data[0] & 64 ? "tone" : NULL,
                                                  .confirmed = data[0] & 128,
                                                  .models = no_models,
                                                  .say = say,
                                                  .show = show};
    struct import_run run = {.request = &request,
                             .figures = &figures,
                             .store = request.store,
                             .path = "dir/carla.jsonl",
                             .restoring = restoring_open()};
    read_all(&run, file, data[0] & 63);
    retort_store_rollback(request.store);
    restoring_close(run.restoring);
    import_label_end(&run);
    retort_archive_close(file);
    return 0;
}
