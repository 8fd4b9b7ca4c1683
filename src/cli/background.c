/* Work in the background of others. */
#include "cli/cli.h"

#include <sys/resource.h>

void cli_step_back(void)
{
    enum { NICE = 10 };
    if (getpriority(PRIO_PROCESS, 0) < NICE)
        setpriority(PRIO_PROCESS, 0, NICE);
}
