#!/usr/bin/env python3
"""Reads the published label sets and writes retort's training format, one file a task and part.

    python3 training/labels/prepare.py --data DATA --out DIR [--task NAME] [--holdout FILE] [--no-bench] [--any-edition]

DATA holds the sets as published, packed (`stance-arc_nyt.tar.xz` …) or unpacked (`stance/arc_nyt/` …).
Sets a shipped model learns from must be there; a bench set that is missing is left out with a word. Files of other
bytes than those in sums.tsv are refused.
A train file never holds a question that stands in a test, dev or bench file of its task, save ARC's
own split and VAST's train part, which reuse ARC's comments by design. Counts go to stderr.
"""

import argparse
import os
import sys
from collections import Counter

sys.dont_write_bytecode = True

import base  # noqa: E402
import goals  # noqa: E402
import reply  # noqa: E402
import stance  # noqa: E402
import sums  # noqa: E402
import tone  # noqa: E402
import tone_bench  # noqa: E402
from common import Sets, expect, place, refine, say, unite, write  # noqa: E402

SHORTEST = 20  # letters two rows must share before their threads or debates become one group


# Rows each set gives before anything is left out, as counted when the loaders were written: other numbers
# mean another edition of the set.
ROWS = {"touche": 7289, "jigsaw": 11524, "civil": 16100, "goemotions": 43410, "davidson": 24783,
        "isarcasm": 4334, "adhominem": 2512}


TOUCHE = ("stance-touche23_valueeval", "stance/touche23_valueeval")
VAST = ("stance-vast-train", "stance/vast")
IBM = ("stance-ibm_claim_stance", "stance/ibm_claim_stance")
TONES = [  # name, archive, folders
    ("jigsaw", "tone-jigsaw-toxic-fragments", "tone/jigsaw-toxic-misc", "tone/jigsaw-toxic-train-2k",
     "tone/jigsaw-toxic-train-percat"),
    ("civil", "tone-civil-toxic-spans", "tone/civil-toxic-spans"),
    ("goemotions", "tone-goemotions-train-dev", "tone/goemotions"),
    ("davidson", "tone-davidson-hate-offensive", "tone/davidson-hate-offensive"),
    ("paradetox", "tone-paradetox", "tone/paradetox"),
    ("politeness", "tone-stanford-politeness", "tone/stanford-politeness"),
    ("isarcasm", "tone-isarcasmeval", "tone/isarcasmeval"),
    ("adhominem", "tone-ukp-adhominem", "tone/ukp-adhominem"),
]


class Missing(Exception):
    pass


class Job:
    """One run: the sets, the output folder, ARC, which three tasks read, and the sets kept apart from training."""

    def __init__(self, options):
        self.sets = Sets(options.data, os.path.join(options.out, "unpacked"))
        self.out, self.bench = options.out, not options.no_bench
        self.holdout = options.holdout or os.path.join(options.data, "..", "holdout-arc-ids.txt")
        self.any_edition, self.checked = options.any_edition, {}
        self.published, self.rumoured, self.kept = None, None, {}

    def need(self, archive, folder):
        path = self.find(archive, folder)
        if path is None:
            raise Missing(f"{self.sets.data}: neither {folder}/ nor {archive}.tar.xz; it was published at "
                          + sums.whence(folder))
        return path

    def find(self, archive, folder):
        """The folder of a set, its files checked once; None when it is not there."""
        if folder not in self.checked:
            path = self.checked[folder] = self.sets.find(archive, folder)
            for line in sums.check(folder, path) if path else ():
                if not self.any_edition:
                    raise Missing(line)
                say(f"warning: {line}")
        return self.checked[folder]

    def arc(self):
        if self.published is None:
            if not os.path.isfile(self.holdout):
                raise Missing(f"{self.holdout}: no such file; name with --holdout a list of the ARC ids to leave "
                              "out, one a line (VAST's test file has them in its column arc_id)")
            self.published = stance.Arc(self.need("stance-arc_nyt", "stance/arc_nyt"), self.holdout)
        return self.published

    def rumours(self):
        if self.rumoured is None:
            self.rumoured = reply.Rumours(self.need("stance-rumoureval2019", "stance/rumoureval2019"))
        return self.rumoured

    def tones(self):
        """The folders of the tone sets that a shipped model learns from; Jigsaw's fragments are three."""
        return {name: [self.need(archive, folder) for folder in folders] if len(folders) > 1
                else self.need(archive, folders[0]) for name, archive, *folders in TONES}

    def apart(self, task):
        """The rows of the task's test, dev and bench sets, a list a set; written when they are first wanted."""
        if task not in self.kept:
            self.kept[task] = APART[task](self)
        return self.kept[task]

    def put(self, name, rows):
        """A file of its own: a test, dev or bench set, kept whole. Returns its rows."""
        rows = list(rows)
        unite(rows, SHORTEST)
        write(self.out, name, rows)
        return rows

    @staticmethod
    def check(name, rows):
        for source, found in sorted(Counter(item["source"] for item in rows).items()):
            expect(f"{name}: rows of {source}", found, ROWS.get(source, found))

    def train(self, name, rows, apart, shortest, same=place):
        rows, count = refine((item for item in rows if item.get("asked") != []), apart, shortest, same)
        say(f"{name}: left out " + ", ".join(f"{n} {why}" for why, n in count.items()))
        write(self.out, name, rows)

    def benches(self, table):
        """Writes each bench set that is there; yields its rows."""
        for name, load, archive, folder, *more in table if self.bench else ():
            path = self.find(archive, folder)
            if path is None:
                say(f"bench.{name}: {folder} is not there, left out; it was published at {sums.whence(folder)}")
            else:
                yield self.put("bench." + name, load(path, *more))


# ---- what is kept apart ----

def apart_stance(job):
    semeval = ("stance-semeval2016_task6", "stance/semeval2016_task6")
    return [job.put("stance.arc_test", job.arc().stance("_test")),
            job.put("stance.touche_test", stance.touche(job.need(*TOUCHE), "test")),
            job.put("stance.ibm_test", stance.ibm(job.need(*IBM), "test")),
            *job.benches([("semeval_train", stance.semeval, *semeval, "train.txt"),
                          ("semeval_testA", stance.semeval, *semeval, "test.txt"),
                          ("semeval_testB", stance.semeval, *semeval, "trump.txt")])]


def apart_reply(job):
    return [job.put("reply.rumoureval_test", job.rumours().rows["test"]),
            *job.benches([
                ("debagreement", reply.debagreement, "stance-debagreement-dev", "stance/debagreement"),
                ("subreddit_agreement", reply.subreddit, "stance-subreddit_agreement",
                 "stance/subreddit_agreement")])]


def apart_tone(job):
    places = job.tones()
    return [job.put("tone.goemotions_dev", tone.goemotions(places["goemotions"], "dev")),
            job.put("tone.jigsaw_test", tone.jigsaw_test(places["jigsaw"][0])),
            job.put("hatecheck", tone.hatecheck(job.need("tone-hatecheck", "tone/hatecheck"))),
            *job.benches([
                ("wiki_cat", tone_bench.wiki_cat, "tone-wiki-cat", "tone/wiki-cat"),
                ("ucc", tone_bench.ucc, "tone-ucc-val", "tone/ucc"),
                ("impermium", tone_bench.impermium, "tone-impermium-train", "tone/impermium-insults"),
                ("olid", tone_bench.olid, "tone-olid-train", "tone/olid"),
                ("figlang", tone_bench.figlang, "tone-figlang2020-sarcasm-train", "tone/figlang2020-sarcasm"),
                ("sarcasm_v2", tone_bench.sarcasm_v2, "tone-sarcasm-v2", "tone/sarcasm-v2")])]


APART = {"stance": apart_stance, "reply": apart_reply, "tone": apart_tone}


# ---- what is learned from ----

def do_stance(job):
    arc, touche, ibm = job.arc(), job.need(*TOUCHE), job.need(*IBM)
    apart = job.apart("stance")
    list(job.benches([("vast_train", stance.vast, *VAST)]))
    rows = [*arc.stance("_train"), *arc.opposed("_train"), *stance.touche(touche, "training"),
            *stance.touche(touche, "validation"), *stance.ibm(ibm, "train")]
    job.check("stance.train", rows)
    job.train("stance.train", list(stance.widen(rows)), apart, SHORTEST)


def do_reply(job):
    rumours, apart = job.rumours(), job.apart("reply")
    job.put("reply.rumoureval_dev", rumours.rows["dev"])  # for exploring: it is part of what is trained on
    job.train("reply.train", rumours.rows["train"] + rumours.rows["dev"], apart, SHORTEST)
    job.train("reply.arc", list(reply.arc(job.arc())), apart, SHORTEST)


def do_tone(job):
    places, apart = job.tones(), job.apart("tone")
    rows = [*tone.jigsaw(places["jigsaw"]), *tone.civil(places["civil"]),
            *tone.goemotions(places["goemotions"], "train"), *tone.davidson(places["davidson"]),
            *tone.paradetox(places["paradetox"]), *tone.politeness(places["politeness"]),
            *tone.isarcasm(places["isarcasm"]), *tone.arc(job.arc()), *tone.adhominem(places["adhominem"])]
    job.check("tone.train", rows)
    job.train("tone.train", rows, apart, 1)


def do_base(job):
    """The base model's labels: from ship sets, and from bench sets, all of them and all but a measured one."""
    answered = job.arc().answered("_test")
    tests = [rows for task in APART for rows in job.apart(task)]
    rumours = [job.rumours().rows["dev"]]
    apart = [[item for item in rows if item["source"] != "arc" or item["text"] in answered] for rows in tests]
    rows = list(base.ship(job.tones(), job.arc()))
    job.check("base.train", rows)
    job.train("base.train", rows, apart + rumours, 1, base.words)
    if not job.bench:
        return
    benches = [item for rows in job.apart("tone") for item in rows if item["source"] in base.BENCH]
    strict = [rows for rows in apart if rows and rows[0]["source"] not in base.BENCH] + rumours
    for measured in (None, "ucc", "impermium", "olid"):
        own = [item for item in benches if item["source"] == measured]
        job.train("bench.base" + (f"_but_{measured}" if measured else ""), list(base.bench(benches)),
                  strict + [own], 1, base.words)
    pairs = [item for rows in job.apart("reply") for item in rows if item["source"] == "subreddit"]
    job.train("bench.base_replies", list(base.replies(pairs)),
              [rows for rows in strict if rows[0]["source"] != "subreddit"], 1, base.words)


def do_goals(job):
    """What only a published table needs; see goals.py. The others of its rows read the files above."""
    if not job.bench:
        return
    places, arc = job.tones(), job.arc()
    semeval = ("stance-semeval2016_task6", "stance/semeval2016_task6")
    if job.find(*semeval):
        for part, name in (("train", "train.txt"), ("test", "test.txt")):
            rows = list(goals.semeval_a(job.find(*semeval), name))
            if part == "train":
                write(job.out, "bench.semeval_trainA", rows)
            for number in range(goals.FOLDS):
                write(job.out, f"bench.semeval_{part}A{number}", goals.of_target(rows, number))
    list(job.benches([
        ("olid_A", lambda folder: goals.olid_a(tone_bench.olid(folder)), "tone-olid-train", "tone/olid")]))
    if job.find(*VAST):
        rows = list(goals.vast_unseen(stance.vast(job.find(*VAST)), arc))
        write(job.out, "bench.vast_unseen", rows)  # a comment may stand in two groups, so none are united
        for number in range(goals.FOLDS):
            for part, its in zip(("train", "test"), goals.vast_fold(rows, number)):
                write(job.out, f"bench.vast_{part}{number}", its)
    job.put("bench.arc_train", goals.arc(arc, "_train"))
    job.put("bench.arc_test", goals.arc(arc, "_test"))
    job.put("bench.jigsaw", goals.jigsaw(places["jigsaw"]))
    dev = job.put("bench.goemotions_dev", goals.goemotions(places["goemotions"], "dev"))
    emotions = list(goals.goemotions(places["goemotions"], "train"))
    job.train("bench.goemotions_train", emotions, [dev], 1)
    write(job.out, "bench.distant", list(goals.distant(emotions)))


TASKS = {"stance": do_stance, "reply": do_reply, "tone": do_tone, "base": do_base, "goals": do_goals}


def main():
    parser = argparse.ArgumentParser(description="Read the published label sets, write retort's training format.")
    parser.add_argument("--data", required=True, help="folder of the published sets, packed or unpacked")
    parser.add_argument("--out", required=True, help="folder to write to; packed sets are unpacked below it")
    parser.add_argument("--task", choices=sorted(TASKS), help="only this task")
    parser.add_argument("--holdout", help="ARC ids to leave out (default: DATA/../holdout-arc-ids.txt)")
    parser.add_argument("--any-edition", action="store_true", help="read files of other bytes than those we know, too")
    parser.add_argument("--no-bench", action="store_true", help="do not write the sets that are only measured with")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    job = Job(options)
    try:
        for name, task in TASKS.items():
            if options.task in (None, name):
                task(job)
    except Missing as problem:
        say(f"prepare.py: {problem}")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
