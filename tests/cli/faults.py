"""Relabelling, killed and disturbed: what the file must say afterwards.

    faults.py comments N                      JSON lines to label
    faults.py lessons SEED one|many           labelled lines; another seed, other words
    faults.py kill RETORT DB KILLS SEED       DB is labelled by the models of old/
    faults.py load RETORT LINES KILLS SEED    `label -d` of LINES, killed, until it has stored all
    faults.py state DB                        what the models say, without times and numbers of rows
    faults.py sound DB TASKS                  is every comment labelled once for each task, and the file whole?

`kill` relabels DB by the models of new/, of old/, of new/ …, takes runs back now and then, and kills each of these at
an instant drawn from the seed, until KILLS have been killed; last, it prunes. After each the file must be sound and all that people
decided as it was; after each that came to its end, the labels must be those of one that nobody disturbed."""

import glob
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

WORDS = """river bridge council road house garden winter summer train school paper minister doctor music water window
market engine library forest kitchen harbour village station evening morning letter number picture village""".split()
GOOD, BAD = "lovely kind nice sunny gentle bright".split(), "awful nasty rude gloomy cruel bitter".split()
RED, BLUE = "apple brick poppy rust cherry".split(), "sea sky denim slate plum".split()
STATE = """SELECT hex(c.identity), m.hash, l.latest, l.unsure, l.doubt, l.target, l.label, hex(l.scores), l.worth,
    l.severe, l.near FROM label l JOIN comment c ON c.id = l.comment JOIN model m ON m.id = l.model ORDER BY 1, 2"""
LATEST = """SELECT count(*), count(DISTINCT l.comment || m.task), (SELECT count(*) FROM comment)
    FROM label l JOIN model m ON m.id = l.model WHERE l.latest"""


def comments(n):
    draw = random.Random(n)
    for i in range(int(n)):
        words = draw.choices(WORDS, k=draw.randint(3, 12)) + draw.choices(GOOD + BAD + RED + BLUE, k=draw.randint(0, 4))
        draw.shuffle(words)
        line = {"id": str(i), "author": f"reader {draw.randrange(500)}", "text": " ".join(words) + f" {i}."}
        if i and draw.random() < 0.3:
            line["parent_id"] = str(draw.randrange(max(0, i - 50), i))
        print(json.dumps(line))


def lessons(seed, kind):
    """`old` and `new` models differ as their lessons do: a tenth of the labels are wrong, other ones by each seed."""
    draw = random.Random(int(seed))
    signs = {"one": {"good": GOOD, "bad": BAD}, "many": {"red": RED, "blue": BLUE}}[kind]
    for i in range(160):
        label = draw.choice(list(signs))
        words = draw.choices(WORDS, k=6) + draw.choices(signs[label], k=2)
        label = draw.choice(list(signs)) if draw.random() < 0.1 else label
        print(json.dumps({"id": str(i), "text": " ".join(words), "label": label if kind == "one" else [label],
                          **({} if kind == "one" else {"asked": list(signs)})}))


def rows(db, query):
    connection = sqlite3.connect(db, timeout=30)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def state(db):
    for row in rows(db, STATE):
        print(*row, sep="|")


def sound(db, n_tasks):
    said = rows(db, "PRAGMA integrity_check") + rows(db, "PRAGMA foreign_key_check")
    if said != [("ok",)]:
        sys.exit(f"integrity: {said[:3]}")
    latest, pairs, n_comments = rows(db, LATEST)[0]
    if latest != pairs or pairs != n_comments * int(n_tasks):
        sys.exit(f"{n_comments} comments, {latest} latest labels, of {pairs} comments and tasks")


# ---- killing ----

class Disturbing:
    def __init__(self, retort, db, n_kills, seed):
        self.retort, self.db, self.n_kills, self.draw = retort, db, int(n_kills), random.Random(int(seed))
        self.directory = tempfile.mkdtemp(dir=".")
        self.took = 0.1  # seconds, of a run that nobody disturbs

    def reviewer(self):
        """None: nobody decides meanwhile."""

    def disturb(self, command):
        """True: it came to its end before it could be killed."""
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 env={**os.environ, "TMPDIR": self.directory})
        reviewer, began = self.reviewer(), time.monotonic()
        try:
            child.wait(self.draw.uniform(0, 1.2 * self.took))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        said = child.communicate(timeout=120)[1].decode()
        if reviewer and reviewer.wait(120) != 0:
            sys.exit(f"a reviewer beside {command[1:4]} ended with {reviewer.returncode}")
        if child.returncode not in (0, -signal.SIGKILL):
            sys.exit(f"{' '.join(command[1:])}: exit {child.returncode}: {said.strip()}")
        if child.returncode == 0:  # an instant drawn from a longer time than it takes would come too late
            self.took = max(0.01, min(self.took, time.monotonic() - began))
        return child.returncode == 0


class Loading(Disturbing):
    """A load is begun again after each kill, and a new file after each that came to its end."""

    def expect(self, wanted, when):
        if rows(self.db, STATE) != wanted:
            sys.exit(f"{when}: other labels than those of a load that nobody disturbed")

    def run(self, lines):
        command = [self.retort, "label", "-q", "--models", "old", "-d", self.db, lines]
        began, n_whole, done = time.monotonic(), 0, True
        subprocess.run(command, check=True, timeout=120)
        wanted, self.took = rows(self.db, STATE), time.monotonic() - began
        for n in range(self.n_kills):
            for path in glob.glob(f"{self.db}*") if done else []:
                os.remove(path)
            done = self.disturb(command)
            n_whole += done
            if os.path.exists(self.db) and rows(self.db, "PRAGMA user_version") != [(0,)]:
                sound(self.db, 2)
            if done:
                self.expect(wanted, f"loaded after {n} kills")
        subprocess.run(command, check=True, timeout=120)
        self.expect(wanted, "loaded at last")
        print(f"{self.n_kills - n_whole} kills in {time.monotonic() - began:.0f} s, {n_whole} came to their end")
        shutil.rmtree(self.directory)


class Killing(Disturbing):
    def __init__(self, retort, db, n_kills, seed):
        super().__init__(retort, db, n_kills, seed)
        self.models = {name: sorted(glob.glob(f"{name}/*.model")) for name in ("old", "new")}
        self.decided, self.seen = [], {"early": 0, "midway": 0, "late": 0}
        self.wanted = {name: self.undisturbed(name) for name in ("new", "old")}

    def command(self, target, db):
        return [self.retort, "relabel", "-q", "-d", db, "--threads", str(self.draw.choice([1, 2])),
                "--model", *self.models[target]]

    def undisturbed(self, target):
        """What the models say of these comments when nobody disturbs them; `new` first, then back."""
        copy = f"{self.directory}/copy.db"
        if target == "new":
            shutil.copy(self.db, copy)
        began = time.monotonic()
        subprocess.run(self.command(target, copy), check=True, timeout=120)
        self.took = time.monotonic() - began
        return rows(copy, STATE)

    def check(self, when):
        try:
            sound(self.db, 2)
        except SystemExit as wrong:
            sys.exit(f"{when}: {wrong}")
        found = rows(self.db, "SELECT * FROM decision ORDER BY id")
        if found[:len(self.decided)] != self.decided:
            sys.exit(f"{when}: decisions have changed")
        self.decided = found

    def place(self):
        """Where a run stood when it was killed: what the instants have met is told at the end."""
        open_runs = rows(self.db, "SELECT up_to, (SELECT max(id) FROM comment) FROM run WHERE state = 'open'")
        if open_runs:
            self.seen["midway" if 0 < open_runs[-1][0] < open_runs[-1][1] else "late"] += 1
        else:
            self.seen["early"] += 1

    def reviewer(self):
        """Now and then a person decides what waits, by keys."""
        if self.draw.random() >= 0.2:
            return None
        child = subprocess.Popen([self.retort, "review", "-d", self.db, "--reviewer", "anna", "--limit", "3",
                                  "--models", "new"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        child.stdin.write(self.draw.choice([b"\n\nq", b"\nsq", b"\nuq"]))
        child.stdin.close()
        return child

    def until_done(self, command, n):
        """Kills it again and again until it gets to its end; the number of kills so far."""
        while not self.disturb(command):
            n += 1
            self.check(f"kill {n}")
            self.place()
            if n == self.n_kills:
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=120)
                return n
        return n

    def expect(self, wanted, when):
        self.check(when)
        if rows(self.db, "SELECT count(*) FROM run WHERE state IN ('open', 'reverting')") != [(0,)]:
            sys.exit(f"{when}: a run is still open")
        found = rows(self.db, STATE)
        if found != wanted:
            differ = [pair for pair in zip(found, wanted) if pair[0] != pair[1]]
            sys.exit(f"{when}: {len(found)} labels for {len(wanted)}, {len(differ)} differ: {differ[:1]}")

    def run(self):
        n, at, began = 0, "old", time.monotonic()
        while n < self.n_kills:
            target = "new" if at == "old" else "old"
            n = self.until_done(self.command(target, self.db), n)
            self.expect(self.wanted[target], f"relabelled as {target} after {n} kills")
            at = target
            if n < self.n_kills and self.draw.random() < 0.3:
                n = self.take_back(at, n)
                at = "new" if at == "old" else "old"
        self.prune(at)
        print(f"{n} kills in {time.monotonic() - began:.0f} s: {self.seen}, {len(self.decided)} decisions")
        left = os.listdir(self.directory)
        shutil.rmtree(self.directory)
        if left != ["copy.db"]:
            print("left in TMPDIR:", *left[:3], file=sys.stderr)

    def take_back(self, at, n):
        newest = rows(self.db, "SELECT max(id) FROM run WHERE state = 'done'")[0][0]
        other = "new" if at == "old" else "old"
        n = self.until_done([self.retort, "relabel", "-q", "-d", self.db, "--revert", str(newest)], n)
        self.check(f"run {newest} taken back after {n} kills")
        latest = [row[:2] for row in self.wanted[other] if row[2]]
        if [row[:2] for row in rows(self.db, STATE) if row[2]] != latest:
            sys.exit(f"run {newest} taken back: other labels than before it")
        return n

    def prune(self, at):
        """At last what is not the latest goes, killed now and then, too."""
        command = [self.retort, "prune", "-q", "-d", self.db]
        for n in range(5):
            self.disturb(command)
            self.check(f"prune killed {n + 1} times")
        subprocess.run(command, check=True, timeout=120)
        self.check("pruned")
        if rows(self.db, STATE) != [row for row in self.wanted[at] if row[2]]:
            sys.exit("pruned: not the latest labels are left")


def load(retort, lines, n_kills, seed):
    Loading(retort, "load.db", n_kills, seed).run(lines)


if __name__ == "__main__":
    {"comments": comments, "lessons": lessons, "state": state, "sound": sound, "load": load,
     "kill": lambda *how: Killing(*how).run()}[sys.argv[1]](*sys.argv[2:])
