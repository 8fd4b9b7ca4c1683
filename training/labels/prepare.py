#!/usr/bin/env python3
"""Reads the published label sets and writes retort's training format, one file a task and part.

    python3 training/labels/prepare.py --data DATA --out DIR [--task NAME] [--holdout FILE] [--no-bench]

DATA holds the sets as published, packed (`stance-arc_nyt.tar.xz` …) or unpacked (`stance/arc_nyt/` …).
Sets a shipped model learns from must be there; a bench set that is missing is left out with a word.
A train file never holds a question that stands in a test, dev or bench file of its task, save ARC's
own split and VAST's train part, which reuse ARC's comments by design. Counts go to stderr.
"""

import argparse
import os
import sys
from collections import Counter

sys.dont_write_bytecode = True

import reply  # noqa: E402
import stance  # noqa: E402
import tone  # noqa: E402
import tone_bench  # noqa: E402
from common import Sets, expect, refine, say, write  # noqa: E402

SHORTEST = 20  # letters two rows must share before their threads or debates become one group


# Rows each set gives before anything is left out, as counted when the loaders were written: other numbers
# mean another edition of the set.
ROWS = {"touche": 7289, "jigsaw": 11524, "civil": 16100, "goemotions": 43410, "davidson": 24783,
        "isarcasm": 4334, "adhominem": 2512}


class Missing(Exception):
    pass


class Job:
    """One run: the sets, the output folder, and ARC, which three tasks read."""

    def __init__(self, options):
        self.sets = Sets(options.data, os.path.join(options.out, "unpacked"))
        self.out, self.bench = options.out, not options.no_bench
        self.holdout = options.holdout or os.path.join(options.data, "..", "holdout-arc-ids.txt")
        self.published = None

    def need(self, archive, folder):
        path = self.sets.find(archive, folder)
        if path is None:
            raise Missing(f"{self.sets.data}: neither {folder}/ nor {archive}.tar.xz; "
                          "training/README.md says where each set was published")
        return path

    def arc(self):
        if self.published is None:
            if not os.path.isfile(self.holdout):
                raise Missing(f"{self.holdout}: no such file; name with --holdout a list of the ARC ids to leave "
                              "out, one a line (VAST's test file has them in its column arc_id)")
            self.published = stance.Arc(self.need("stance-arc_nyt", "stance/arc_nyt"), self.holdout)
        return self.published

    def put(self, name, rows):
        """A file of its own: a test, dev or bench set, kept whole. Returns its rows."""
        rows = list(rows)
        write(self.out, name, rows)
        return rows

    @staticmethod
    def check(name, rows):
        for source, found in sorted(Counter(item["source"] for item in rows).items()):
            expect(f"{name}: rows of {source}", found, ROWS.get(source, found))

    def train(self, name, rows, apart, shortest):
        rows, count = refine((item for item in rows if item.get("asked") != []), apart, shortest)
        say(f"{name}: left out " + ", ".join(f"{n} {why}" for why, n in count.items()))
        write(self.out, name, rows)

    def benches(self, table):
        """Writes each bench set that is there; yields its rows."""
        for name, load, archive, folder, *more in table if self.bench else ():
            path = self.sets.find(archive, folder)
            if path is None:
                say(f"bench.{name}: {folder} is not there, left out")
            else:
                yield self.put("bench." + name, load(path, *more))


def do_stance(job):
    arc = job.arc()
    touche = job.need("stance-touche23_valueeval", "stance/touche23_valueeval")
    ibm = job.need("stance-ibm_claim_stance", "stance/ibm_claim_stance")
    apart = [job.put("stance.arc_test", arc.stance("_test")),
             job.put("stance.touche_test", stance.touche(touche, "test")),
             job.put("stance.ibm_test", stance.ibm(ibm, "test"))]
    semeval = ("stance-semeval2016_task6", "stance/semeval2016_task6")
    apart += list(job.benches([("semeval_train", stance.semeval, *semeval, "train.txt"),
                               ("semeval_testA", stance.semeval, *semeval, "test.txt"),
                               ("semeval_testB", stance.semeval, *semeval, "trump.txt")]))
    list(job.benches([("vast_train", stance.vast, "stance-vast-train", "stance/vast")]))
    rows = [*arc.stance("_train"), *arc.opposed("_train"), *stance.touche(touche, "training"),
            *stance.touche(touche, "validation"), *stance.ibm(ibm, "train")]
    job.check("stance.train", rows)
    job.train("stance.train", list(stance.widen(rows)), apart, SHORTEST)


def do_reply(job):
    rumours = reply.Rumours(job.need("stance-rumoureval2019", "stance/rumoureval2019"))
    apart = [job.put("reply.rumoureval_test", rumours.rows["test"])]
    apart += list(job.benches([
        ("debagreement", reply.debagreement, "stance-debagreement-dev", "stance/debagreement"),
        ("subreddit_agreement", reply.subreddit, "stance-subreddit_agreement", "stance/subreddit_agreement")]))
    job.put("reply.rumoureval_dev", rumours.rows["dev"])  # for exploring: it is part of what is trained on
    job.train("reply.train", rumours.rows["train"] + rumours.rows["dev"], apart, SHORTEST)
    job.train("reply.arc", list(reply.arc(job.arc())), apart, SHORTEST)


def do_tone(job):
    need, emotions = job.need, job.need("tone-goemotions-train-dev", "tone/goemotions")
    jigsaw = [need("tone-jigsaw-toxic-fragments", "tone/jigsaw-toxic-" + name)
              for name in ("misc", "train-2k", "train-percat")]
    apart = [job.put("tone.goemotions_dev", tone.goemotions(emotions, "dev")),
             job.put("tone.jigsaw_test", tone.jigsaw_test(jigsaw[0])),
             job.put("hatecheck", tone.hatecheck(need("tone-hatecheck", "tone/hatecheck")))]
    apart += list(job.benches([
        ("wiki_cat", tone_bench.wiki_cat, "tone-wiki-cat", "tone/wiki-cat"),
        ("ucc", tone_bench.ucc, "tone-ucc-val", "tone/ucc"),
        ("impermium", tone_bench.impermium, "tone-impermium-train", "tone/impermium-insults"),
        ("olid", tone_bench.olid, "tone-olid-train", "tone/olid"),
        ("figlang", tone_bench.figlang, "tone-figlang2020-sarcasm-train", "tone/figlang2020-sarcasm"),
        ("sarcasm_v2", tone_bench.sarcasm_v2, "tone-sarcasm-v2", "tone/sarcasm-v2")]))
    rows = [*tone.jigsaw(jigsaw), *tone.civil(need("tone-civil-toxic-spans", "tone/civil-toxic-spans")),
            *tone.goemotions(emotions, "train"),
            *tone.davidson(need("tone-davidson-hate-offensive", "tone/davidson-hate-offensive")),
            *tone.paradetox(need("tone-paradetox", "tone/paradetox")),
            *tone.politeness(need("tone-stanford-politeness", "tone/stanford-politeness")),
            *tone.isarcasm(need("tone-isarcasmeval", "tone/isarcasmeval")), *tone.arc(job.arc()),
            *tone.adhominem(need("tone-ukp-adhominem", "tone/ukp-adhominem"))]
    job.check("tone.train", rows)
    job.train("tone.train", rows, apart, 1)


TASKS = {"stance": do_stance, "reply": do_reply, "tone": do_tone}


def main():
    parser = argparse.ArgumentParser(description="Read the published label sets, write retort's training format.")
    parser.add_argument("--data", required=True, help="folder of the published sets, packed or unpacked")
    parser.add_argument("--out", required=True, help="folder to write to; packed sets are unpacked below it")
    parser.add_argument("--task", choices=sorted(TASKS), help="only this task")
    parser.add_argument("--holdout", help="ARC ids to leave out (default: DATA/../holdout-arc-ids.txt)")
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
