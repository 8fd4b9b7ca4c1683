/* Runs a fuzz target on kept inputs: each whole, and cut off at many places. Every input stands in
 * a block of its own size, so that a sanitizer sees a byte read behind it. */
#include "base/base.h"
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CUTS = 60 };

static void run(struct retort_span bytes)
{
    uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    if (!copy)
        exit(EXIT_FAILURE);
    if (bytes.len > 0)
        memcpy(copy, bytes.data, bytes.len);
    LLVMFuzzerTestOneInput(copy, bytes.len);
    free(copy);
}

int main(int argc, char **argv)
{
    struct retort_error error;
    int n_failed = 0;
    for (int i = 1; i < argc; i++) {
        struct retort_file file;
        if (!retort_file_read(&file, argv[i], &error)) {
            printf("%s\n", error.message);
            n_failed++;
            continue;
        }
        fprintf(stderr, "%s\n", argv[i]); /* the last one seen is the one that broke */
        run(file.bytes);
        for (size_t cut = 0; cut < CUTS; cut++)
            run(retort_span_slice(file.bytes, 0, file.bytes.len * cut / CUTS));
        retort_file_close(&file);
    }
    printf("%d passed, %d failed\n", argc - 1 - n_failed, n_failed);
    return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
