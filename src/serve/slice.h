/* slice (private to serve): how long a thread's turns on the processor are. */
#ifndef RETORT_SERVE_SLICE_H
#define RETORT_SERVE_SLICE_H

/* The calling thread asks for short turns. */
void take_short_turns(void);

#endif
