/* keys (private to report): numbers of 64 bits → indexes. */
#ifndef RETORT_REPORT_KEYS_H
#define RETORT_REPORT_KEYS_H

#include "base/base.h"

struct report_key {
    uint64_t key;
    uint32_t index; /* from 1; 0: free */
};
struct report_keys {
    struct report_key *slots; /* owned */
    size_t n_slots;           /* a power of two, at least twice n */
    uint32_t n;
};
/* Its index, from 0, in the order of first sight. */
uint32_t report_key(struct report_keys *keys, uint64_t key);
void report_keys_release(struct report_keys *keys);

#endif
