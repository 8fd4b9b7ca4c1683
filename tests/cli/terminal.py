"""Runs a command on a terminal of its own and types at it: terminal.py TRANSCRIPT KEYS COMMAND...

KEYS is what to type, Python-escaped, one key after the other, each after the screen has been still for
a moment. Special: <INT> sends Ctrl-C, <EOF> Ctrl-D, <HUP> closes the terminal. Exit code: the command's,
128 + signal where a signal ended it, 124 when it did not end.
"""

import os
import pty
import re
import select
import signal
import sys
import time

STILL, QUITE_STILL, PATIENCE = 0.15, 1.5, 30


def until_still(terminal, transcript, deadline, still=STILL):
    """Reads until nothing has come for so many seconds; False at the end of the output."""
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], still)[0]:
            return True
        try:
            data = os.read(terminal, 65536)
        except OSError:
            return False
        if not data:
            return False
        transcript.write(data)
    return True


def main():
    transcript = open(sys.argv[1], "wb")
    keys = re.findall(r"<[A-Z]+>|\\.|.", sys.argv[2], re.S)
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[3], sys.argv[3:])
    deadline = time.monotonic() + PATIENCE
    select.select([terminal], [], [], PATIENCE)  # what is typed before the first screen may be dropped
    for key in keys:
        # what was typed before it is not to be lost with the terminal, on a busy machine either
        if not until_still(terminal, transcript, deadline, QUITE_STILL if key == "<HUP>" else STILL):
            break
        if key == "<HUP>":
            os.close(terminal)
            return ended(child, deadline)
        typed = {"<INT>": "\x03", "<EOF>": "\x04", "\\n": "\n", "\\r": "\r", "\\e": "\x1b"}.get(key, key)
        try:
            os.write(terminal, typed.encode())
        except OSError:
            break
    while until_still(terminal, transcript, deadline) and time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
    return ended(child, deadline)


def ended(child, deadline):
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    return 124


if __name__ == "__main__":
    sys.exit(main())
