/* Short turns for the event loops. An answer takes a twentieth of a millisecond, a turn of a busy
 * processor three: who asks for short turns gets the next one sooner (Linux 6.12 and later, EEVDF;
 * earlier kernels pass it over). No right is needed, and nobody gets less of the processor. */
#include "serve/slice.h"

#include <linux/sched/types.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void take_short_turns(void)
{
    struct sched_attr turns = {/* the policy stays 0, that of all */
                               .size = sizeof turns,
                               .sched_nice = getpriority(PRIO_PROCESS, 0),
                               .sched_runtime = 300000}; /* nanoseconds */
    syscall(SYS_sched_setattr, 0, &turns, 0u); /* where it is refused, turns stay as they are */
}
