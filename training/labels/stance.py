"""Stance toward a target: favor, against, none.

Train: ARC (reader comments), Touché 2023 (short arguments), IBM claims. Bench only: VAST, SemEval-2016.

ARC is taken in its FNC-style form, 17,792 (claim, comment) pairs: one pair a comment has the claim
of the comment's own debate, the others a claim of some other debate ("unrelated"). A pair's group
is the debate of its comment: the text is what leaks. A claim of a debate held out is then seen in
training, but only as a target to which comments of other debates are unrelated. No group can avoid
that but one for all of ARC, since the claims were dealt to the comments at random.

786 comments (their ids come from a file) are also the test comments of VAST. They are dropped
wherever they stand, in the test split too, by the text the id has in the exported table.

The published rows would teach the wrong things: Touché's and IBM's short arguments are never "none", so
length alone would tell; all targets are whole sentences, while readers of news argue about things ("tariffs").
`widen()` adds to the train rows, without drawing a number, three kinds that follow from what was published:

- a comment of ARC toward the other of its debate's two opposed claims: the stance turned over;
- the thing itself, where a claim says in a few safe words that it is to be had or not: "We should ban whaling"
  against becomes "whaling" favor;
- an argument beside a claim or thing of another debate, sharing no word with its own: none.
"""

import csv
import hashlib
import html
import io
import os
import re
import zipfile

from common import Join, clean, expect, key, plain_tsv, row, say, table

TURNED = {"favor": "against", "against": "favor", "none": "none"}
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

    def answered(self, part):
        """The texts of the comments that a part has a related pair of: those it is a test of."""
        return {clean(self.bodies[body]) for _, body, stance in self.pairs(part) if stance != "unrelated"}

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

    def opposed(self, part):
        """The related pairs of a part, each toward the other claim of its debate."""
        other = {}
        for item in self.exported:
            other[key(item["stance1"])] = item["stance2"]
            other[key(item["stance2"])] = item["stance1"]
        for claim, body, stance in self.pairs(part):
            if stance in ("agree", "disagree") and body not in self.held and key(claim) in other:
                yield row("arc", f"{body}/opposed", self.bodies[body], TURNED[FOLD[stance]],
                          self.debate[body], target=other[key(claim)])


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


# ---- what follows from the published rows ----

AGAINST = ("abandon abolish ban cancel cease combat criminalize disband discourage eliminate end fight forbid "
           "limit oppose outlaw phase~out prevent prohibit reduce reject restrict stop").split()
FOR = ("adopt allow build create defend develop encourage enforce establish expand fund implement increase "
       "introduce invest~in keep legalize maintain permit preserve promote protect strengthen subsidize "
       "support").split()
DONE_AGAINST = ("abandoned abolished banned cancelled criminalized eliminated ended forbidden limited outlawed "
                "prohibited reduced restricted stopped").split()
DONE_FOR = ("adopted allowed encouraged expanded increased introduced kept legal legalized mandatory permitted "
            "preserved promoted protected strengthened subsidized supported").split()
LONGEST_THING = 5  # words; longer ones are half a sentence


def one_of(words):
    return "(?:" + "|".join(word.replace("~", " ") for word in words) + ")"


WE = "(?:we should|we must|we need to|this house would|this house supports|let's)"
THINGS = [  # (form of a claim, whether who agrees with the claim is for the thing)
    (re.compile(f"^{WE} {one_of(FOR)} (.+)$", re.I), True),
    (re.compile(f"^{WE} {one_of(AGAINST)} (.+)$", re.I), False),
    (re.compile(f"^(?:do not|don't|{WE} not|we shouldn't) {one_of(AGAINST)} (.+)$", re.I), True),
    (re.compile(f"^(?:do not|don't|{WE} not|we shouldn't) {one_of(FOR)} (.+)$", re.I), False),
    (re.compile(f"^(.+?) (?:should|must) be {one_of(DONE_FOR)}$", re.I), True),
    (re.compile(f"^(.+?) (?:should|must) be {one_of(DONE_AGAINST)}$", re.I), False),
    (re.compile(f"^(.+?) (?:should not|shouldn't|must not) be {one_of(DONE_AGAINST)}$", re.I), True),
    (re.compile(f"^(.+?) (?:should not|shouldn't|must not) be {one_of(DONE_FOR)}$", re.I), False),
    (re.compile("^(.+?) (?:brings?|does?|causes?|makes?) more good than harm$", re.I), True),
    (re.compile("^(.+?) (?:brings?|does?|causes?|makes?) more harm(?: than good)?$", re.I), False),
    (re.compile("^(.+?) (?:is|are) (?:a good thing|beneficial|good|helpful|important|necessary|useful)$", re.I), True),
    (re.compile("^(.+?) (?:is|are) (?:bad|dangerous|harmful|useless|wrong|unnecessary)$", re.I), False),
]
CLAUSE = re.compile(r"[,;:?]|\b(?:by|for|from|if|not|than|that|to|until|which|who|with|without)\b", re.I)
PLAIN = set("about against agree allow america american banned because believe being europe european government "
            "harm harmful house makes more people right should their there these thing things this those world "
            "would".split())


def thing_of(claim):
    """(the thing a claim is about, whether the claim is for it), or None when no safe form fits."""
    claim = " ".join(claim.split()).rstrip(" .!")
    for form, is_for in THINGS:
        found = form.match(claim)
        if found:
            thing = re.sub("^(?:the use of|the|a|an|all) ", "", found[1], flags=re.I)
            if len(thing.split()) <= LONGEST_THING and not CLAUSE.search(thing):
                return thing, is_for
    return None


def toward_thing(item):
    """The row toward the thing its claim is about, or None."""
    found = thing_of(item["target"])
    if not found:
        return None
    label = item["label"] if found[1] else TURNED[item["label"]]
    return dict(item, id=item["id"] + "/thing", target=found[0], label=label)


def stems(text):
    words = re.findall(r"\w{3,}", text.lower())
    return {word[:5] for word in words if word not in PLAIN}


def stranger(item, targets, salt):
    """One of `targets` that shares no word with the item's own, or None; picked by the item's id."""
    digest = hashlib.sha256(f"{salt} {item['id']}".encode()).digest()
    own, first = stems(item["target"]), int.from_bytes(digest[:8], "big")
    for step in range(8):
        target, group = targets[(first + step * 7919) % len(targets)]
        if group != item["group"] and not own & stems(target):
            return target
    return None


def strangers(items, targets, salt):
    """Each item beside a target of another debate: no stance."""
    for item in items:
        target = stranger(item, targets, salt)
        if target:
            yield dict(item, id=f"{item['id']}/{salt}", target=target, label="none", original="unrelated")


def widen(rows):
    """The rows, and what follows from them.

    Strangers are easily made, and readers mostly speak to what they stand under: half of ARC's unrelated pairs
    and few of ours are kept, or the model would be sure of "none" wherever no word is shared.
    """
    claims = sorted({(item["target"], item["group"]) for item in rows if item["label"] != "none"})
    things = sorted({(found[0], group) for claim, group in claims if (found := thing_of(claim))})
    short = [item for item in rows if item["source"] != "arc"]
    comments = {item["text"]: item for item in rows if item["source"] == "arc"}
    say(f"stance: {len(claims)} claims, {len(things)} things")
    unrelated = [item["id"] for item in rows if item.get("original") == "unrelated"]
    dropped = set(unrelated[::2])
    yield from (item for item in rows if item["id"] not in dropped)
    yield from (found for item in rows if item["label"] != "none" and (found := toward_thing(item)))
    yield from strangers(short[::2], claims, "claim")
    yield from strangers(short[1::4], things, "thing")
    yield from strangers(list(comments.values())[::2], things, "thing")


def vast(folder):
    """VAST train. The missing dev set has to be carved out by `group`, the comment's id.

    The topic is the column topic_str. new_topic reads better, but where a comment was paired with a topic of another
    debate to make a "neutral" row (type 4), it still names the row's model: 2,471 of 9,838 pairs of comment and
    new_topic have two labels that contradict each other.
    """
    fold = {"0": "against", "1": "favor", "2": "none"}
    with zipfile.ZipFile(os.path.join(folder, "vast_train.zip")) as packed:
        with packed.open("vast_train.csv") as file:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            for number, item in enumerate(csv.DictReader(text)):
                dealt = {"original": "unrelated"} if item["type_idx"] == "4" else {}
                yield row("vast", f"{item['new_id']}/{number}", item["post"], fold[item["label"]],
                          item["arc_id"], target=item["topic_str"], **dealt)


def semeval(folder, name):
    """SemEval-2016 task 6; the tag that all tweets of the set end with is taken off."""
    for item in plain_tsv(os.path.join(folder, name)):
        text = html.unescape(item["Tweet"]).replace("#SemST", "")
        yield row("semeval", item["ID"], text, item["Stance"].strip().lower(), item["Target"],
                  target=item["Target"])
