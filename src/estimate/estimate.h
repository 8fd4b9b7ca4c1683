/* estimate: counts that a classifier has erred in → what can be said of the world, with intervals.
 *
 * Plain functions over arrays: they know nothing of comments, models or files, hold no state and
 * read no clock. A figure that the data cannot carry is NaN, and whoever asked says why in words.
 * Shapes stand beside the parameters; shares are 0 to 1; a seed is an argument. */
#ifndef RETORT_ESTIMATE_H
#define RETORT_ESTIMATE_H

#include "base/base.h"

/* A figure and its 95 % interval; NaN where there is none. */
struct retort_estimate {
    double value, low, high;
};

/* ---- resampling ---- */

/* ---- prevalence ---- */

/* ---- polarity ---- */

/* ---- comparison ---- */

/* ---- networks ---- */

/* ---- distinctive words ---- */

/* ---- agreement ---- */

/* ---- sampling ---- */

#endif
