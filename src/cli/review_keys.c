/* Keys: a terminal in raw mode, or a pipe.
 *
 * Ctrl-C and Ctrl-Z are bytes here (quit and undo). Whatever ends the program, be it a return,
 * exit(), a signal or an abort, the terminal is set back as it was: tcsetattr may be called in a
 * handler. What a handler has to know stands in this file's only state. */
#include "cli/review.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static volatile sig_atomic_t is_raw, caught, resized;

static void give_back(void)
{
    if (is_raw)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    is_raw = 0;
}

/* These end the sitting at the next key; the signal is raised again when all is closed. */
static void on_end(int number)
{
    caught = number;
}

static void on_resize(int number)
{
    (void)number;
    resized = 1;
}

/* These end the program where it stands. */
static void on_crash(int number)
{
    give_back();
    signal(number, SIG_DFL);
    raise(number);
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

bool keys_are_typed(void)
{
    return isatty(STDIN_FILENO);
}

void keys_begin(void)
{
    static const int ENDS[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    static const int CRASHES[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        handle(ENDS[i], on_end);
    if (!keys_are_typed() || tcgetattr(STDIN_FILENO, &before) != 0)
        return;
    for (size_t i = 0; i < sizeof CRASHES / sizeof *CRASHES; i++)
        handle(CRASHES[i], on_crash);
    handle(SIGWINCH, on_resize);
    atexit(give_back);
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    is_raw = 1;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
}

void keys_end(void)
{
    give_back();
}

int keys_signal(void)
{
    return caught == SIGINT ? 0 : caught;
}

static int read_byte(void)
{
    unsigned char byte;
    while (!caught) {
        ssize_t got = read(STDIN_FILENO, &byte, 1);
        if (got == 1)
            return byte;
        if (got == 0 || errno != EINTR)
            return KEY_END;
        if (resized) {
            resized = 0;
            return KEY_NONE;
        }
    }
    return KEY_END;
}

static bool more_waits(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, 50) == 1;
}

/* Arrow keys come as ESC [ A; other sequences are read to their final byte and dropped. */
static int read_escape(void)
{
    int byte;
    if (!more_waits())
        return KEY_NONE;
    byte = read_byte();
    if (byte != '[' && byte != 'O')
        return KEY_NONE;
    for (int i = 0; i < 16 && more_waits(); i++) {
        byte = read_byte();
        if (byte == 'A')
            return KEY_UP;
        if (byte == 'B')
            return KEY_DOWN;
        if (byte >= '@')
            break;
    }
    return KEY_NONE;
}

int keys_next(void)
{
    int byte = read_byte();
    return byte == 27 ? read_escape() : byte;
}
