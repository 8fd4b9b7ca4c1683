"""What the tests of clusters share: comments, the program, and what a review file holds."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "serve"))

from harness import main  # noqa: E402, F401 (for those who import this)

RETORT = os.path.abspath(os.path.join(os.environ.get("RETORT_BUILD", "build"), "retort"))
MODELS = os.path.abspath(os.environ.get("RETORT_MODELS", "models"))
WORKER = os.path.join(HERE, "worker.sh")
N = 12000
WORDS = ("the bridge will cost too much and nobody asks you idiots who pays for it thank you agree no why "
         "because they lie ça été naïve").split()


def comments(path):
    """N comments that know what they answer: wherever their file is cut, they are labelled alike."""
    chance = random.Random(5)
    with open(path, "w", encoding="utf-8") as out:
        for i in range(N):
            line = {"id": i, "text": " ".join(chance.choices(WORDS, k=chance.randint(2, 60))), "author": f"a{i % 97}"}
            if i % 2:
                line["parent_text"] = " ".join(chance.choices(WORDS, k=9))
            out.write(json.dumps(line, ensure_ascii=i % 3 == 0) + "\n")


def stored(db):
    """All comments, labels and counts, by what they are and not by the order in which they came."""
    rows = sqlite3.connect(db)
    assert rows.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert rows.execute("PRAGMA foreign_key_check").fetchall() == []
    return [rows.execute(query).fetchall() for query in (
        "SELECT c.identity, c.native_id, c.author, c.text, c.meta, p.text FROM comment c"
        " LEFT JOIN passage p ON p.id = c.parent_text ORDER BY 1",
        "SELECT c.identity, m.hash, l.latest, l.unsure, l.doubt, l.label, l.scores, l.state FROM label l"
        " JOIN comment c ON c.id = l.comment JOIN model m ON m.id = l.model ORDER BY 1, 2",
        "SELECT t.state, m.hash, t.label, t.n FROM tally t LEFT JOIN model m ON m.id = t.model"
        " WHERE n <> 0 ORDER BY 1, 2, 3")]


def readme(title):
    """The lines of code below a comment that begins so."""
    with open(os.path.join(HERE, "..", "..", "README.md"), encoding="utf-8") as text:
        lines = iter(text)
        for line in lines:
            if line.startswith(f"    # {title}"):
                return [code.strip() for code in iter(lambda: next(lines), "\n")]
    raise AssertionError(f"the README has no '# {title}'")


class Cluster(unittest.TestCase):
    """`comments.jsonl` in a directory of the test's own, and what one machine stores of it."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.common = tempfile.TemporaryDirectory()
        cls.comments = os.path.join(cls.common.name, "comments.jsonl")
        comments(cls.comments)
        alone = os.path.join(cls.common.name, "alone.db")
        with open(cls.comments, "rb") as lines:
            subprocess.run([RETORT, "label", "-q", "--models", MODELS, "-d", alone, "-"], stdin=lines, check=True)
        cls.wanted = stored(alone)

    @classmethod
    def tearDownClass(cls):
        cls.common.cleanup()

    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        self.db = self.path("moved.db")

    def path(self, name):
        return os.path.join(self.directory, name)

    def take_in(self, shards, code=(0,)):
        """retort import, which must end with one of these codes; what it says."""
        done = subprocess.run([RETORT, "import", "--models", MODELS, "-d", self.db, *shards],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertIn(done.returncode, code, done.stderr)
        return done.stdout + done.stderr

    def assert_stored(self):
        """What one machine would have stored: nothing is lost, nothing twice."""
        for found, wanted in zip(stored(self.db), self.wanted):
            self.assertEqual(len(found), len(wanted))
            self.assertTrue(found == wanted)

    def killed(self, crash):
        with open(os.path.join(crash, "killed")) as killed:
            return [line.split()[0] for line in killed]
