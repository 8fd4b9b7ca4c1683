"""What the base model learns from: one label a source and verdict, from the tone sets, for stacking.

Where tone.py asks what a source's verdict means for one common list of labels, nothing is decided here: a
margin of "jigsaw.insult" is evidence of its own, beside "civil.insult", and the task that reads it learns what
it is worth. So each verdict stands under its source's name, is asked of that source's rows only, and is what
the source said:

- jigsaw: its six labels (identity_hate is called identity_attack).
- civil: toxic where less than half of the second raters disagree, absent where half or more do; the types of
  its spans as in tone.py.
- davidson: hate (class 0) and offensive (class 1).
- goemotions: its 28 labels, and its paper's grouping of them as positive and negative.
- politeness: the top quartile of a site against its lower half. isarcasm: sarcastic as its authors meant it.
- paradetox: toxic, against the paraphrase. adhominem: the removed comment against the one that persuaded.
- arc: sarcastic, as its annotators marked it.

A text that stands in a test, dev or bench set of any task is left out, with two exceptions that
training/README.md states: ARC comments that only unrelated pairs of its test part reuse, and VAST's train part, whose
comments are ARC's. Nothing of a thread is read but the comment itself, so the text alone is what may leak.

The bench sets give a second file of the same kind, for models that are measured and never shipped.
"""

import tone
from common import key

GROUPS = {
    "positive": {"admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy", "love",
                 "optimism", "pride", "relief"},
    "negative": {"anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear", "grief",
                 "nervousness", "remorse", "sadness"},
}
BENCH = {  # source of a bench set: {label of tone_bench.py: what its publisher calls it}
    "olid": {"toxic": "offensive"},
    "impermium": {"insult": "insult"},
    "wiki_cat": {"toxic": "toxic"},
    "figlang": {"sarcastic": "sarcastic"},
    "sarcasm_v2": {"sarcastic": "sarcastic"},
    "ucc": {name: name for name in ("antagonistic", "condescending", "dismissive", "generalisation",
                                    "generalisation_unfair", "hostile", "sarcastic", "unhealthy")},
}
PARTED = {"figlang", "sarcasm_v2"}


def jigsaw_verdicts(item):
    return {ours: float(item[theirs]) > 0 for theirs, ours in tone.JIGSAW.items()}


def civil_verdicts(ratings):
    verdicts = tone.civil_verdicts(ratings)
    return verdicts | {"toxic": bool(verdicts["toxic"])}


def davidson_verdicts(item):
    return {"hate": item["class"] == "0", "offensive": item["class"] == "1"}


def emotion_verdicts(names):
    """A judge of GoEmotions rows: the set of emotions that are on -> a verdict each."""
    def judge(on):
        return {name: name in on for name in names} | {name: bool(on & group) for name, group in GROUPS.items()}
    return judge


def under(source, rows, names=None):
    """The rows with their labels under the source's name; `names`: only these, and what they are called."""
    for item in rows:
        called = {name: f"{source}.{(names or {}).get(name, name)}" for name in item["asked"]
                  if names is None or name in names}
        if called:
            yield dict(item, label=sorted(called[name] for name in item["label"] if name in called),
                       asked=sorted(called.values()))


def ship(places, arc):
    """Every row of the sets whose licences let a model be shipped. `places`: set -> its folder."""
    emotions = emotion_verdicts(tone.emotions(places["goemotions"]))
    yield from under("jigsaw", tone.jigsaw(places["jigsaw"], jigsaw_verdicts))
    yield from under("civil", tone.civil(places["civil"], civil_verdicts))
    yield from under("goemotions", tone.goemotions(places["goemotions"], "train", emotions))
    yield from under("davidson", tone.davidson(places["davidson"], davidson_verdicts))
    yield from under("paradetox", tone.paradetox(places["paradetox"]))
    yield from under("politeness", tone.politeness(places["politeness"]))
    yield from under("isarcasm", tone.isarcasm(places["isarcasm"]))
    yield from under("arc", tone.arc(arc), {"sarcastic": "sarcastic"})
    yield from under("adhominem", tone.adhominem(places["adhominem"]))


def part_of(item):
    """The set's name; of the sarcasm sets with the part's, "figlang_reddit": each part was gathered in its own way."""
    pieces = item["id"].split("/")
    return "_".join(pieces[:2]).lower() if pieces[0] in PARTED else item["source"]


def bench(rows):
    """Rows of bench sets, as tone_bench.py reads them, under their sources' names."""
    for item in rows:
        yield from under(part_of(item), [item], BENCH[item["source"]])


def replies(rows):
    """SubReddit's pairs: whether the reply agrees, and whether it disagrees, by its words alone."""
    for item in rows:
        verdicts = {f"subreddit.{name}": item["label"] == name for name in ("agree", "disagree")}
        yield dict(item, label=sorted(name for name, on in verdicts.items() if on), asked=sorted(verdicts))


def words(item):
    """What makes two rows of the base file the same: the text alone."""
    return (key(item["text"]),)
