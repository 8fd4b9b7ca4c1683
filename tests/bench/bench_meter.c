/* Runs a command once and says what it took: seconds, processor seconds of user and system, peak
 * memory in KB, and how it ended (0; 128 and more: by a signal).
 *
 *     bench_meter INPUT OUTPUT COMMAND...
 *
 * A program of its own, and small: the peak that the kernel tells of a child includes what its
 * parent held when it was made. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static void become(char **argv)
{
    int input = open(argv[1], O_RDONLY), output = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (input < 0 || output < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0)
        _exit(126);
    close(input);
    close(output);
    execvp(argv[3], argv + 3);
    _exit(127);
}

int main(int argc, char **argv)
{
    struct rusage used;
    int status = 0;
    if (argc < 4)
        return 2;
    double began = now();
    pid_t child = fork();
    if (child == 0)
        become(argv);
    if (child < 0 || wait4(child, &status, 0, &used) < 0)
        return 1;
    printf("%.6f %.6f %.6f %ld %d\n", now() - began, seconds_of(used.ru_utime),
           seconds_of(used.ru_stime), used.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
