#!/usr/bin/env python3
"""Shares as `retort report` tells them, held against sets whose truth is known and which the models have not learned from.

    prevalence.py RETORT MODELS WORK RESULTS

WORK holds what labels/prepare.py wrote. Each set is labelled into a review file by the shipped models and reported on as it
is; then 200 comments are drawn (`retort sample`), decided as the set's annotators did (`retort review --sample`, by its
keys), and reported on again. RESULTS/prevalence.tsv gets a row a label: the truth, what the model says, what the report
tells before and after people decided, each with its interval, and on what it stands. In a set of a kind that the model
learned from the correction should hold the truth; in a foreign one it must either do so or say that it can't.
"""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

RETORT, MODELS, WORK, RESULTS = sys.argv[1:5]
DECIDED = 200
HEADER = ["set", "kind", "label", "comments", "truth", "said", "share", "low", "high", "basis",
          "decided_share", "decided_low", "decided_high", "decided_basis"]

# set, task, its labels that are measured (None: all of a one-of task), and its kind: learned: another part of a source that
# the model learned from; foreign: of none of them; unseen: the same, and it was not looked at when thresholds were chosen
# of how far scores may be from a mixture (src/report/shares_mixture.c).
SETS = [
    ("tone.goemotions_dev", "tone", ["angry"], "learned"),
    ("tone.jigsaw_test", "tone", ["toxic", "insult", "obscene"], "learned"),
    ("reply.rumoureval_test", "reply", None, "learned"),
    ("stance.arc_test", "stance", None, "learned"),
    ("stance.touche_test", "stance", None, "learned"),
    ("stance.ibm_test", "stance", None, "learned"),
    ("bench.olid", "tone", ["toxic"], "foreign"),
    ("bench.impermium", "tone", ["insult"], "foreign"),
    ("bench.ucc", "tone", ["sarcastic"], "foreign"),
    ("bench.debagreement", "reply", None, "foreign"),
    ("bench.semeval_testA", "stance", None, "foreign"),
    ("bench.wiki_cat", "tone", ["toxic"], "unseen"),
    ("bench.sarcasm_v2", "tone", ["sarcastic"], "unseen"),
    ("bench.figlang", "tone", ["sarcastic"], "unseen"),
    ("bench.subreddit_agreement", "reply", None, "unseen"),
    ("bench.vast_test0", "stance", None, "unseen"),
]


def run(*command, **more):
    return subprocess.run([RETORT, *command], check=True, capture_output=True, text=True,
                          env=os.environ | {"RETORT_MODELS": MODELS}, **more).stdout


def read(name, label):
    """The set's lines that were annotated for the label, with their truth as a set of labels."""
    with open(os.path.join(WORK, name + ".jsonl"), encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if label is None or label in row.get("asked", [label]):
                truth = row["label"]
                yield row, set(truth if isinstance(truth, list) else [truth])


def store(rows, folder):
    """A review file of these lines, labelled."""
    lines, db = os.path.join(folder, "lines.jsonl"), os.path.join(folder, "set.db")
    with open(lines, "w", encoding="utf-8") as file:
        for row in rows:
            kept = {key: row[key] for key in ("id", "text", "target", "parent_text", "article_text") if row.get(key)}
            file.write(json.dumps(kept | {"thread": row.get("thread", row["group"])}) + "\n")
    run("label", "-q", "-d", db, lines)
    return db


def report(db, task):
    """{label: row} of the report's table of shares."""
    told = json.loads(run("report", "-q", "-d", db, "--task", task, "--section", "prevalence", "--json"))
    table = told["sections"][0]["tables"][0]
    return {row["label"]: row for row in table["rows"]}


def review(db, task, keys):
    run("review", "-d", db, "--sample", "last", "--task", task, "--reviewer", "annotators", input=keys + "q")


def served(db, task):
    """(id, what the model says) of the sample's comments in the order in which they are served: found by accepting all of
    them in a copy."""
    copy = db + ".copy"
    shutil.copy(db, copy)
    review(copy, task, " " * DECIDED)
    with sqlite3.connect(copy) as file:
        return file.execute("SELECT c.native_id, d.shown FROM decision d JOIN comment c ON c.id = d.comment"
                            " ORDER BY d.id").fetchall()


def decide(db, task, truths, label):
    """Draws a sample, and presses the keys that the set's annotators would."""
    run("sample", "-d", db, "--task", task, "--n", str(DECIDED), "--seed", "1")
    with sqlite3.connect(db) as file:
        names = json.loads(file.execute("SELECT labels FROM model WHERE task = ?", (task,)).fetchone()[0])
    keys = ""
    for native, said in served(db, task):
        if label is None:
            keys += str(1 + names.index(next(iter(truths[native]))))
        else:
            wrong = (label in json.loads(said)) != (label in truths[native])
            keys += (str(1 + names.index(label)) if wrong else "") + " "
    review(db, task, keys)


def figure(row):
    share = row["share"]
    return ["" if share.get(key) is None else f"{share[key]:.4f}" for key in ("value", "low", "high")] + [row["basis"]]


def measure(name, task, label, kind):
    lines = list(read(name, label))
    truths = {row["id"]: truth for row, truth in lines}
    with tempfile.TemporaryDirectory() as folder:
        db = store([row for row, _ in lines], folder)
        before = report(db, task)
        decide(db, task, truths, label)
        after = report(db, task)
    for one in [label] if label else sorted(before):
        truth = sum(one in truth for truth in truths.values()) / len(truths)
        said = before[one]["counted"]["value"]
        yield [name, kind, f"{task}.{one}", len(truths), f"{truth:.4f}", f"{said:.4f}", *figure(before[one]), *figure(after[one])]


def main():
    with open(os.path.join(RESULTS, "prevalence.tsv"), "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(HEADER)
        for name, task, labels, kind in SETS:
            for label in labels or [None]:
                for row in measure(name, task, label, kind):
                    table.writerow(row)
                    print(*row, sep="\t", flush=True)


main()
