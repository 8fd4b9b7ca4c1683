/* How well a row of lines is cut into segments: Pk (Beeferman, Berger and Lafferty 1999) and
 * WindowDiff (Pevzner and Hearst 2002). Both slide a window over the row and are shares of windows
 * judged wrongly: 0 is right, and a cut one line off costs less than one that is missing.
 *
 * A segmentation is the number of the segment each line stands in: neighbours with the same number
 * are together. A number that was left does not come back. */
#ifndef RETORT_TRAIN_SPLIT_SEGMENTS_H
#define RETORT_TRAIN_SPLIT_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

/* Half the mean length of the true segments, rounded, at least 1. */
size_t split_segments_window(const uint32_t *truth, size_t n);

/* Share of the n − k windows whose two ends truth and output do not agree to be together; NaN
 * where there is no window. */
double split_segments_pk(const uint32_t *truth, const uint32_t *given, size_t n, size_t k);
/* Share of the n − k windows in which truth and output have not equally many cuts; NaN as above. */
double split_segments_windowdiff(const uint32_t *truth, const uint32_t *given, size_t n, size_t k);

#endif
