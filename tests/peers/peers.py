"""What the checks share: our figures of given numbers, and counting what agrees."""

import math
import os
import subprocess
import sys

TOOL = os.path.join(os.environ.get("RETORT_BUILD", "build"), "tests", "peers", "figures")


def ours(asked):
    """asked: (name, numbers) each; a list of numbers for each."""
    lines = "".join(f"{name} {' '.join(repr(float(number)) for number in numbers)}\n" for name, numbers in asked)
    answer = subprocess.run([TOOL], input=lines, capture_output=True, text=True, check=True)
    return [[float(word) for word in line.split()] for line in answer.stdout.splitlines()]


class Count:
    def __init__(self):
        self.passed = self.failed = 0

    def near(self, what, value, wanted, tolerance=1e-9):
        same = (math.isnan(value) and math.isnan(wanted)) or abs(value - wanted) <= tolerance * max(1, abs(wanted))
        self.true(same, f"{what}: {value!r}, not {wanted!r}")

    def true(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(what)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)
