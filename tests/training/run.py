"""The Python of training/, on rows written here: every test_*.py beside this file. Closing line as in tests/run.sh."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "training", "labels"), os.path.join(ROOT, "training")]

result = unittest.TextTestRunner(verbosity=0).run(unittest.defaultTestLoader.discover(HERE))
failed = len({id(test) for test, _ in result.failures + result.errors})
print(f"{result.testsRun - failed} passed, {failed} failed")
sys.exit(1 if failed or not result.testsRun else 0)
