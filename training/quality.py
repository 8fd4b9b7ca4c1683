#!/usr/bin/env python3
"""How good the labels are: every line of the table of goals, measured anew, with its interval.

    quality.py RETORT WORK RESULTS [--only SET]… [--threads N] [--again]

WORK holds what labels/prepare.py wrote. For each row of rows.py a model is trained with the row's recipe, and
either labels the published test part, or, where a figure is of cross-validation, is asked for its predictions out of fold
(`retort train --out-of-fold`: margins of folds left out, decided with thresholds fitted on the others). Figures and
intervals are those of figures.py. RESULTS/quality.tsv gets a row a figure, with the command it came from; a row that was
measured by the same commit with the same commands is kept unless --again, so a run that was broken off goes on.

What is shipped is trained as models.sh trains it; what is learned from bench sets stays in WORK and is never shipped. No
choice is made here: recipes were chosen by cross-validation inside training data, and C is chosen anew inside each
training run.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time

import figures
from rows import BASES, ROWS, parts

HERE = os.path.dirname(os.path.abspath(__file__))
MARGINS, VECTORS = ("stack", "stack_parent", "stack_target"), ("kin_scale", "topic_scale")  # what a base is read for
HEADER = ["set", "metric", "value", "low", "high", "goal", "n", "seed", "commit", "command"]


class Failed(Exception):
    pass


class Measuring:
    """One run: the program, its folders, and the rows measured so far."""

    def __init__(self, options):
        self.retort, self.work, self.threads = options.retort, options.work, options.threads
        self.table = os.path.join(options.results, "quality.tsv")
        self.commit, self.again = commit_of(HERE), options.again
        self.models = os.path.join(self.work, "quality")
        self.done = []
        os.makedirs(self.models, exist_ok=True)
        os.makedirs(options.results, exist_ok=True)

    # ---- commands ----

    def data(self, names):
        return [os.path.join(self.work, name + ".jsonl") for name in names]

    def recipe(self, name):
        return os.path.join(HERE, "recipes", name + ".recipe")

    def made(self, name, ending):
        return os.path.join(self.models, name + ending)

    def train(self, name, task, recipe, inputs, *more):
        """The command that trains one model."""
        return [self.retort, "train", "--quiet", "--task", task, "--recipe", self.recipe(recipe),
                "--threads", str(self.threads), "-o", self.made(name, ".model"), *more, *self.data(inputs)]

    def base(self, name):
        """The command that makes a base model; of the shipped one its margins out of fold, too. A base without the
        set that is measured has a recipe of its own: it is made for one row only, and smaller does."""
        more = ["--out-of-fold", self.made("base_" + name, ".jsonl")] if name == "ship" else ["--folds", "2"]
        recipe = "bench/base" if name.startswith("but_") else "base"
        return self.train("base_" + name, "base", recipe, BASES[name], *more)

    def known(self, row):
        """The command that finds the margins of texts that the base has learned from; None where none are read."""
        if row.base != "ship" or not reads(self.recipe(row.recipe), MARGINS):
            return None
        return ["python3", os.path.join(HERE, "labels", "margins.py"), *self.data(BASES["ship"]),
                self.made("base_ship", ".jsonl"), *self.data(name for part in parts(row, 0) for name in part.train)]

    def stack(self, row):
        """Options of a row whose recipe reads a base model; none where it doesn't."""
        if row.base is None or not reads(self.recipe(row.recipe), MARGINS + VECTORS):
            return []
        more = ["--base-margins", self.made(row.set, ".margins.jsonl")] if self.known(row) else []
        return ["--base", self.made("base_" + row.base, ".model"), *more]

    def commands(self, row, part):
        """(command, file its output goes to or None) of one part of a row; the part's file gets the predictions."""
        train = self.train(part.name, row.task, row.recipe, part.train, "--seed", str(part.seed), *self.stack(row),
                           *([] if part.test else ["--out-of-fold", self.made(part.name, ".jsonl")]))
        if part.test is None:
            return [(train, None)]
        test = [self.retort, "eval", "--quiet", "--items", "--model", self.made(part.name, ".model"),
                *self.data([part.test])]
        return [(train, None), (test, self.made(part.name, ".jsonl"))]

    def first(self, row):
        """The commands before those of each seed: the base, and what it said of the row's own texts."""
        steps = [(self.base(row.base), None)] if self.stack(row) else []
        return steps + ([(self.known(row), self.made(row.set, ".margins.jsonl"))] if self.known(row) else [])

    # ---- a row ----

    def measure(self, row):
        """The table's rows of one row of goals."""
        for command, output in self.first(row):
            self.make(command, output)
        runs = [self.predict(row, seed) for seed in row.seeds]
        for metric in row.metrics:
            value, low, high = figures.measure(metric.figure, runs, 1)
            yield self.line(row, metric, {"value": f"{value:.4f}", "low": f"{low:.4f}", "high": f"{high:.4f}",
                                          "n": str(len(runs[0]))})

    def make(self, command, output):
        """Runs a command that serves several rows, unless this commit has run it: what was run stands in a file."""
        line, path = f"{self.commit} {printed(command, output)}\n", os.path.join(self.models, "made.txt")
        with open(path, "a+", encoding="utf-8") as file:
            file.seek(0)
            made = file.readlines()
        if line not in made or (self.commit.endswith("+") or self.again) and line not in self.done:
            run(command, output)
            with open(path, "w", encoding="utf-8") as file:
                file.writelines([other for other in made if other.split(" ", 1)[1] != line.split(" ", 1)[1]] + [line])
        self.done.append(line)

    def predict(self, row, seed):
        """The row's items with what a run of one seed says of them, all parts together."""
        items = []
        for part in parts(row, seed):
            for command, output in self.commands(row, part):
                run(command, output)
            truth = self.data([part.test] if part.test else part.train)
            items += read_items(truth, self.made(part.name, ".jsonl"), row.cluster)
        return items

    def line(self, row, metric, found):
        first = parts(row, row.seeds[0])[0]
        steps = [printed(command, output) for command, output in self.first(row) + self.commands(row, first)]
        return {"set": row.set, "metric": metric.name, "goal": metric.goal, "seed": ",".join(map(str, row.seeds)),
                "commit": self.commit, "command": " && ".join(steps)} | found

    def kept(self, row, lines):
        """The row's lines if the same commit measured them with the same commands."""
        own = {line["metric"]: line for line in lines if line["set"] == row.set}
        wanted = [self.line(row, metric, {}) for metric in row.metrics]
        same = all(own.get(line["metric"], {}).get(key) == line[key] for line in wanted
                   for key in ("commit", "command", "seed", "goal"))
        old = self.again or self.commit.endswith("+")
        return [own[line["metric"]] for line in wanted] if same and not old else None


def reads(recipe, keys):
    """Does a recipe set one of these keys to other than nothing?"""
    with open(recipe, encoding="utf-8") as file:
        words = [word.partition("=") for line in file for word in line.split("#")[0].split()]
    return any(key in keys and float(value) > 0 for key, _, value in words)


def printed(command, output):
    """A command as a person would type it at the root of the repository."""
    words = [os.path.relpath(word) if os.path.isabs(word) else word for word in command]
    return " ".join(words) + (f" >{os.path.relpath(output)}" if output else "")


def run(command, output):
    say("  " + printed(command, output))
    done = None
    if output is None:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    else:
        with open(output, "wb") as file:
            done = subprocess.run(command, stdout=file, check=False)
    if done.returncode:
        raise Failed(f"exit code {done.returncode} of {printed(command, output)}")


# ---- truth and predictions ----

def read_lines(paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())


def as_set(label):
    return set(label) if isinstance(label, list) else {label}


def read_items(truths, predictions, cluster):
    """Items as figures.py wants them; both files hold the same items in the same order."""
    truths, predictions = list(read_lines(truths)), list(read_lines([predictions]))
    if [item["id"] for item in truths] != [item["id"] for item in predictions]:
        raise Failed(f"{len(predictions)} predictions are not of the {len(truths)} items, one by one")
    return [{"truth": as_set(truth["label"]), "given": as_set(found["label"]), "group": truth[cluster],
             "asked": set(truth["asked"]) if "asked" in truth else None, "margins": found["margins"], "p": found["p"],
             "weights": found.get("weights", {})} for truth, found in zip(truths, predictions)]


# ---- the table ----

def read_table(path):
    if not os.path.isfile(path):
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def write_table(path, lines):
    """In the order of ROWS; what is no row any more goes."""
    place = {(row.set, metric.name): (i, j) for i, row in enumerate(ROWS) for j, metric in enumerate(row.metrics)}
    lines = sorted((line for line in lines if (line["set"], line["metric"]) in place),
                   key=lambda line: place[line["set"], line["metric"]])
    with open(path + ".part", "w", encoding="utf-8", newline="\n") as file:
        for line in [dict(zip(HEADER, HEADER))] + lines:
            file.write("\t".join(line[name] for name in HEADER) + "\n")
    os.replace(path + ".part", path)


def reached(line):
    sense, goal = line["goal"].split()
    return float(line["value"]) >= float(goal) if sense == ">=" else float(line["value"]) <= float(goal)


def commit_of(folder):
    """The commit that is measured; + when files differ from it."""
    def git(*words):
        return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=False).stdout.strip()
    changed = git("status", "--porcelain", "--", ":/src", ":/training", ":!/training/results")
    return (git("rev-parse", "--short=12", "HEAD") or "none") + ("+" if changed else "")


def cpu_time():
    times = os.times()
    return times.user + times.children_user


def say(message):
    print(message, file=sys.stderr, flush=True)


def report(lines):
    for line in lines:
        mark = "reached" if reached(line) else "missed"
        say(f"  {line['set']} {line['metric']} {line['value']} [{line['low']}, {line['high']}], goal {line['goal']}: {mark}")


def main():
    parser = argparse.ArgumentParser(description="Measures every line of the table of goals.")
    parser.add_argument("retort")
    parser.add_argument("work", help="what labels/prepare.py wrote; models and predictions go below it")
    parser.add_argument("results")
    parser.add_argument("--only", action="append", choices=[row.set for row in ROWS], help="only this set's rows")
    parser.add_argument("--threads", type=int, default=0, help="processes of retort train (0: one a processor)")
    parser.add_argument("--again", action="store_true", help="measure what this commit has measured, too")
    options = parser.parse_args()
    measuring, failed = Measuring(options), []
    for number, row in enumerate(ROWS, 1):
        lines, begun, spent = read_table(measuring.table), time.monotonic(), cpu_time()
        if options.only and row.set not in options.only:
            continue
        say(f"{number}/{len(ROWS)} {row.set}")
        try:
            found = measuring.kept(row, lines)
            found = found or list(measuring.measure(row))
        except (Failed, OSError) as problem:
            say(f"quality.py: {row.set}: {problem}")
            failed.append(row.set)
            continue
        report(found)
        say(f"  {time.monotonic() - begun:.0f} s, {cpu_time() - spent:.0f} s of one processor")
        others = [line for line in read_table(measuring.table) if line["set"] != row.set]
        write_table(measuring.table, others + found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
