#!/usr/bin/env python3
"""Is a reply's label better found together with its parent's? Measured, on threads held out.

    retort train --task reply --recipe RECIPE --out-of-fold OUT -o MODEL reply.train.jsonl
    decode.py reply.train.jsonl OUT

Each thread is a tree of comments. A comment's p out of fold is its unary potential; the potential of a reply and its
parent is how much more often their two labels meet than by chance, by place (answers the source, deeper), shrunk
by a number of imagined pairs, and to a power: the strength of the tie. Marginals are exact (sum-product from the
leaves to the source and back, in log space, in the order of depth: no recursion). Potentials and the offsets that
macro-F1 wants are fitted on the other folds, for tied and for free decisions alike. What is printed is the gain in
macro-F1 of tied over free decisions, its mean and deviation over folds, for each shrinkage and strength; and what the
parents' true labels would be worth if they were known.

A thread's labels are tied for the classifier only if the gain is larger than its spread.
"""

import argparse
import json
import math
import statistics
from collections import Counter

SHRINKAGES = (10, 50)
STRENGTHS = (0.25, 0.5, 1.0)
GRID = [step * 0.2 for step in range(-10, 11)]


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Threads:
    """Rows with a true label, log p, a fold, and the row of their parent (None where it has no label)."""

    def __init__(self, rows, judged):
        p = {item["id"]: item for item in judged}
        self.rows = [row for row in rows if row["id"] in p]
        self.labels = sorted(p[self.rows[0]["id"]]["p"])
        self.truth = [self.labels.index(row["label"]) for row in self.rows]
        self.fold = [p[row["id"]]["fold"] for row in self.rows]
        self.unary = [[math.log(max(p[row["id"]]["p"][name], 1e-9)) for name in self.labels] for row in self.rows]
        at = {row["id"]: i for i, row in enumerate(self.rows)}
        self.parent = [at.get(row.get("parent")) for row in self.rows]
        self.place = [min(row["depth"], 2) - 1 for row in self.rows]
        self.down = sorted(range(len(self.rows)), key=lambda i: self.rows[i]["depth"])


def log_sum(values):
    most = max(values)
    return most + math.log(sum(math.exp(v - most) for v in values))


def potentials(threads, fold, shrinkage):
    """[place][parent's label][reply's label] of the pairs of the other folds."""
    n, out = len(threads.labels), []
    for place in range(2):
        pairs = Counter((threads.truth[p], threads.truth[i]) for i, p in enumerate(threads.parent)
                        if p is not None and threads.fold[i] != fold and threads.place[i] == place)
        above, below = Counter(), Counter()
        for (a, b), count in pairs.items():
            above[a] += count
            below[b] += count
        total = max(1, sum(pairs.values()))
        out.append([[math.log((pairs[a, b] + shrinkage) / (above[a] * below[b] / total + shrinkage))
                     for b in range(n)] for a in range(n)])
    return out


def marginals(threads, tied, strength):
    """log marginals of every row's label, exact."""
    n = range(len(threads.labels))
    below = [list(row) for row in threads.unary]
    up = {}
    for i in reversed(threads.down):
        parent = threads.parent[i]
        if parent is not None:
            tie = tied[threads.place[i]]
            up[i] = [log_sum([strength * tie[a][b] + below[i][b] for b in n]) for a in n]
            below[parent] = [below[parent][a] + up[i][a] for a in n]
    whole = [None] * len(threads.rows)
    for i in threads.down:
        parent = threads.parent[i]
        whole[i] = list(below[i])
        if parent is not None:
            tie = tied[threads.place[i]]
            rest = [whole[parent][a] - up[i][a] for a in n]
            whole[i] = [below[i][b] + log_sum([strength * tie[a][b] + rest[a] for a in n]) for b in n]
        norm = log_sum(whole[i])
        whole[i] = [v - norm for v in whole[i]]
    return whole


def macro_f1(truth, decided, n):
    hits, yes, on = Counter(), Counter(truth), Counter(decided)
    for t, d in zip(truth, decided):
        hits[t] += t == d
    return sum(2 * hits[l] / max(1, yes[l] + on[l]) for l in range(n)) / n


def decide(log_p, offsets):
    return [max(range(len(offsets)), key=lambda l: row[l] + offsets[l]) for row in log_p]


def fit_offsets(log_p, truth, n):
    offsets = [0.0] * n
    best = macro_f1(truth, decide(log_p, offsets), n)
    for _ in range(2):
        for l in range(n):
            kept = offsets[l]
            for step in GRID:
                offsets[l] = step
                now = macro_f1(truth, decide(log_p, offsets), n)
                if now > best + 1e-9:
                    best, kept = now, step
            offsets[l] = kept
    return offsets


def judged(threads, fold, log_p):
    """macro-F1 of one fold, with offsets of the others."""
    n = len(threads.labels)
    others = [i for i, f in enumerate(threads.fold) if f != fold]
    own = [i for i, f in enumerate(threads.fold) if f == fold]
    offsets = fit_offsets([log_p[i] for i in others], [threads.truth[i] for i in others], n)
    return macro_f1([threads.truth[i] for i in own], decide([log_p[i] for i in own], offsets), n)


def told(threads, tied):
    """Unary potentials and the tie to the parent's true label: what decoding could reach at most."""
    return [row if p is None else [v + tied[threads.place[i]][threads.truth[p]][l] for l, v in enumerate(row)]
            for i, (row, p) in enumerate(zip(threads.unary, threads.parent))]


def main():
    parser = argparse.ArgumentParser(description="Measure joint decoding of a thread's labels.")
    parser.add_argument("data", help="labelled lines with parent and depth, as labels/prepare.py writes them")
    parser.add_argument("out_of_fold", help="what `retort train --out-of-fold` wrote for them")
    options = parser.parse_args()
    threads = Threads(read(options.data), read(options.out_of_fold))
    folds = sorted(set(threads.fold))
    free = [judged(threads, fold, threads.unary) for fold in folds]
    print("ties\tshrinkage\tstrength\tmacro_f1\tgain\tspread")
    print(f"none\t-\t-\t{statistics.mean(free):.4f}\t-\t{statistics.pstdev(free):.4f}")
    for shrinkage in SHRINKAGES:
        tied = {fold: potentials(threads, fold, shrinkage) for fold in folds}
        tries = [("decoded", s, lambda f, s=s: marginals(threads, tied[f], s)) for s in STRENGTHS]
        tries.append(("parent told", 1.0, lambda f: told(threads, tied[f])))
        for name, strength, log_p in tries:
            reached = [judged(threads, fold, log_p(fold)) for fold in folds]
            gains = [a - b for a, b in zip(reached, free)]
            print(f"{name}\t{shrinkage}\t{strength}\t{statistics.mean(reached):.4f}\t{statistics.mean(gains):+.4f}\t"
                  f"{statistics.pstdev(gains):.4f}", flush=True)


if __name__ == "__main__":
    main()
