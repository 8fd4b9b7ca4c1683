"""Stance toward a target: favor, against, none.

Train: ARC (reader comments), Touché 2023 (short arguments), IBM claims. Bench only: VAST, SemEval-2016.

ARC is taken in its FNC-style form, 17,792 (claim, comment) pairs: one pair a comment has the claim
of the comment's own debate, the others a claim of some other debate ("unrelated"). A pair's group
is the debate of its comment: the text is what leaks. A claim of a debate held out is then seen in
training, but only as a target to which comments of other debates are unrelated. No group can avoid
that but one for all of ARC, since the claims were dealt to the comments at random.

786 comments (their ids come from a file) are also the test comments of VAST. They are dropped
wherever they stand, in the test split too, by the text the id has in the exported table.
"""

import csv
import html
import io
import os
import zipfile

from common import Join, expect, key, plain_tsv, row, say, table

FOLD = {"agree": "favor", "disagree": "against", "discuss": "none", "unrelated": "none"}


class Arc:
    """The comments of ARC, their debates, and which of them are held out."""

    def __init__(self, folder, holdout):
        self.folder = folder
        self.exported = list(plain_tsv(self.path("exported-3365-stance-taking-arguments.tsv")))
        bodies = table(self.path("arc_bodies.csv"))
        self.bodies = {item["Body ID"]: item["articleBody"] for item in bodies}
        with open(holdout, encoding="utf-8") as file:
            self.held_ids = set(file.read().split())
        same = {}
        for item in self.exported:
            same.setdefault(key(item["text"]), []).append(item)
        self.match = {b: same[key(t)] for b, t in self.bodies.items() if key(t) in same}
        self.held = {b for b, items in self.match.items()
                     if any(item["id"] in self.held_ids for item in items)}
        self.debate = self.debates()
        self.check()

    def path(self, name):
        return os.path.join(self.folder, name)

    def pairs(self, part=""):
        """(claim, body id, stance) of one published file, in its order, hold-out included."""
        for item in table(self.path(f"arc_stances{part}.csv")):
            yield item["Headline"], item["Body ID"], item["Stance"]

    def debates(self):
        """Body id -> debate: bodies and claims joined by the exported table and by related pairs."""
        graph = Join()
        for item in self.exported:
            page = "0:" + item["url"]
            for claim in (item["stance1"], item["stance2"]):
                graph.join(page, "1:" + key(claim))
        for body, items in self.match.items():
            for item in items:
                graph.join("0:" + item["url"], "2:" + body)
        for claim, body, stance in self.pairs():
            if stance != "unrelated":
                graph.join("1:" + key(claim), "2:" + body)
        return {body: graph.root("2:" + body)[2:] for body in self.bodies}

    def check(self):
        expect("ARC comments", len(self.bodies), 4448)
        expect("ARC exported comments", len(self.exported), 3365)
        ids = {item["id"] for items in self.match.values() for item in items}
        expect("ARC exported comments found among the bodies", len(ids), 3365)
        found = self.held_ids & ids
        expect("held-out ids found", len(found), len(self.held_ids))
        say(f"arc: {len(found)} held-out ids are {len(self.held)} bodies; "
            f"{len(set(self.debate.values()))} debates")

    def stance(self, part):
        dropped = total = 0
        for claim, body, stance in self.pairs(part):
            total += 1
            if body in self.held:
                dropped += 1
                continue
            yield row("arc", f"{body}/{total}", self.bodies[body], FOLD[stance],
                      self.debate[body], target=claim, original=stance)
        say(f"arc{part}: {total} pairs, {dropped} of held-out comments dropped")


def touche(folder, part):
    """Touché: the premise is the text, the conclusion the target, and all of a conclusion one group."""
    fold = {"in favor of": "favor", "in favour of": "favor", "against": "against"}
    for item in plain_tsv(os.path.join(folder, f"arguments-{part}.tsv")):
        yield row("touche", item["Argument ID"], item["Premise"], fold[item["Stance"]],
                  key(item["Conclusion"]), target=item["Conclusion"])


def ibm(folder, part):
    """IBM claims. In this copy each line is wrapped in quotation marks once more; unwrap first. One
    of the 2,394 claims holds a semicolon that broke its columns; it is left out.

    The target is the motion without its opening "This house …", as a title or question would name it.
    """
    fold = {"PRO": "favor", "CON": "against"}
    with open(os.path.join(folder, "claim_stance_dataset_v1.csv"), encoding="utf-8") as file:
        lines = [unwrap(line) for line in file.read().splitlines() if line.strip()]
    whole = broken = 0
    for item in csv.DictReader(io.StringIO("\n".join(lines))):
        if None in item or None in item.values() or item["claims.stance"] not in fold:
            broken += 1
            continue
        whole += 1
        if item["split"] == part:
            yield row("ibm", item["claims.claimId"], item["claims.claimCorrectedText"],
                      fold[item["claims.stance"]], item["topicId"], target=item["topicText"])
    expect("IBM claims", whole, 2393)
    say(f"ibm: {whole} claims read, {broken} damaged line left out")


def unwrap(line):
    line = line.rstrip("; \r\n")
    if line.startswith('"') and line.endswith('"'):
        return line[1:-1].replace('""', '"')
    return line


def vast(folder):
    """VAST train. The missing dev set has to be carved out by `group`, the comment's id."""
    fold = {"0": "against", "1": "favor", "2": "none"}
    with zipfile.ZipFile(os.path.join(folder, "vast_train.zip")) as packed:
        with packed.open("vast_train.csv") as file:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            for number, item in enumerate(csv.DictReader(text)):
                yield row("vast", f"{item['new_id']}/{number}", item["post"], fold[item["label"]],
                          item["arc_id"], target=item["new_topic"])


def semeval(folder, name):
    """SemEval-2016 task 6; the tag that all tweets of the set end with is taken off."""
    for item in plain_tsv(os.path.join(folder, name)):
        text = html.unescape(item["Tweet"]).replace("#SemST", "")
        yield row("semeval", item["ID"], text, item["Stance"].strip().lower(), item["Target"],
                  target=item["Target"])
