/* A file for writers of rooms downstream: whole or not there, as every export. */
#include "exchange/export.h"

struct retort_exchange_file {
    struct export_file file;
};

bool retort_exchange_put(struct retort_exchange_file *whole, struct retort_span bytes,
                         struct retort_error *error)
{
    enum { PIECE = 1 << 16 };
    retort_buffer_put(&whole->file.out, bytes);
    return whole->file.out.len < PIECE || export_file_flush(&whole->file, error);
}

bool retort_exchange_whole(const char *path, retort_exchange_write *write, void *context,
                           struct retort_error *error)
{
    struct retort_exchange_file whole;
    bool done = export_file_open(&whole.file, path, error) && write(context, &whole, error);
    return export_file_close(&whole.file, done, error);
}
