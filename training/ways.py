#!/usr/bin/env python3
"""What each way of training is worth: the same features, one way changed at a time.

    ways.py RETORT WORK RESULTS [--only SET]…

WORK holds what labels/prepare.py wrote. RESULTS/ways.tsv gets a row a set and way: the cross-validated figure with its
standard deviation over folds, and for kernels, which are tried on small sets only, what the search reached with the best C
(beside the linear machine's in the same search). What is shipped uses what won here; a kernel would have to win by more
than the spread, since what it says is no sum over words.
"""

import argparse
import json
import os
import subprocess
import tempfile

BAG = "words=2 chars=3-5 idf=1 cues=1 cue_scale=0.1"
SETS = [  # name, task, features, figure of the card, files
    ("semeval2016_A", "stance", BAG + " target=1", "macro_f1", ["bench.semeval_trainA"]),
    ("debagreement", "reply", BAG + " reply=1", "accuracy", ["bench.debagreement"]),
    ("rumoureval+arc", "reply", BAG + " reply=1", "macro_f1", ["reply.train", "reply.arc"]),
    ("stance", "stance", BAG + " target=1", "macro_f1", ["stance.train"]),
    ("impermium", "tone", BAG, "mean_auc", ["bench.impermium"]),
    ("olid", "tone", BAG, "mean_auc", ["bench.olid"]),
    ("tone", "tone", BAG, "mean_auc", ["tone.train"]),
]
WAYS = [
    ("hinge", ""),
    ("squared hinge", "train.squared=1"),
    ("naive Bayes, hinge", "train.nb=1"),
    ("naive Bayes, squared hinge", "train.nb=1 train.squared=1"),
    ("one against one", "train.one_vs_one=1"),
    ("chi-square, a quarter of the features", "train.chi2=1 train.most.word=12500 train.most.char=10000"),
    ("frequency, a quarter of the features", "train.most.word=12500 train.most.char=10000"),
]
SMALL = 4000  # examples; beyond, kernels are not tried


def train(retort, work, row, way):
    name, task, features, _, files = row
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "way.model")
        command = [retort, "train", "--quiet", "--solver", "liblinear", "--task", task, "--recipe",
                   f"{features} train.costs=0.01,0.03,0.1,0.3 {way}".strip(), "-o", model]
        subprocess.run(command + [os.path.join(work, f + ".jsonl") for f in files], check=True)
        shown = subprocess.run([retort, "model", "show", "--json", model], check=True, capture_output=True)
        return json.loads(shown.stdout)


def rows_of(retort, work, row):
    """(way, figure, spread, note) of every way that fits the set."""
    figure, files = row[3], row[4]
    for name, way in WAYS:
        if name == "one against one" and row[1] == "tone":
            continue
        card = train(retort, work, row, way)
        yield name, card["cross_validated"][figure], card["spread_over_folds"][figure], ""
    lines = sum(sum(1 for _ in open(os.path.join(work, f + ".jsonl"), encoding="utf-8")) for f in files)
    if lines > SMALL:
        return
    best = {}
    for tried in train(retort, work, row, "train.kernels=1")["tried"]:
        best[tried["kernel"]] = max(tried["figure"], best.get(tried["kernel"], 0))
    for kernel, reached in best.items():
        yield f"kernel: {kernel}", reached, None, "in the search, macro-F1 or AUC"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("retort")
    parser.add_argument("work")
    parser.add_argument("results")
    parser.add_argument("--only", action="append", choices=[row[0] for row in SETS], metavar="SET")
    options = parser.parse_args()
    path = os.path.join(options.results, "ways.tsv")
    with open(path + ".part", "w", encoding="utf-8") as file:
        file.write("set\tway\tfigure\tvalue\tspread\tnote\n")
        for row in SETS:
            if options.only and row[0] not in options.only:
                continue
            for name, value, spread, note in rows_of(options.retort, options.work, row):
                line = "\t".join([row[0], name, row[3], f"{value:.4f}", f"{spread:.4f}" if spread else "", note])
                print(line, flush=True)
                file.write(line + "\n")
    os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
