"""Files that only a published table needs: the same sets, with the labels and the split that its figure is of.

What is shipped folds and filters labels (stance.py, tone.py); a figure that stands beside a published one may not. None of
these files is trained on for shipping; most of their texts are, so they are no test sets of a shipped model either.

VAST asks for targets that were not seen, and its dev part is lost, so unseen topics have to be held out of train. A
comment there stands under five topics on average, a topic under many comments, and one row in six is a comment beside a topic
dealt to it from another debate (neutral): joined, all is one group. So debates that share most topics are gathered to
blocks of at most a twentieth of the rows (largest sharing first), and a row's group is the block that holds most of its
topic: no topic is in two groups, but a comment may be, beside a dealt topic. For the figure comments are held out, too:
blocks are dealt to five folds, and what trains for a fold has neither its topics nor any comment that stands there.
"""

import hashlib
import re
from collections import Counter

import base
import stance
import tone
from common import Join, row

BLOCK = 0.05  # of the rows: the largest block of debates
FOLDS = 5  # of VAST; and as many targets has SemEval A


def semeval_a(folder, name):
    """Task A: its targets are known in testing, so a tweet is a group of its own."""
    for item in stance.semeval(folder, name):
        yield dict(item, group=item["id"])


def of_target(rows, number):
    """The rows of the task's target number 0 to 4: its published machines are one a target."""
    target = sorted({item["target"] for item in rows})[number]
    return [item for item in rows if item["target"] == target]


def arc(published, part):
    """ARC with its four classes, official split, without VAST's test comments. In train a group is a debate."""
    for number, (claim, body, label) in enumerate(published.pairs(part), 1):
        if body not in published.held:
            yield row("arc", f"{body}/{number}", published.bodies[body], label, published.debate[body], target=claim)


def goemotions(folder, part):
    """All 28 labels."""
    names = tone.emotions(folder)
    return tone.goemotions(folder, part, lambda on: {name: name in on for name in names})


# ---- stance toward a target that nobody labelled ----

GOOD = set("admiration amusement approval caring desire excitement gratitude joy love optimism pride relief".split())
BAD = set("anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness remorse sadness".split())
PLAIN = set("""about after again always because been being best better could didn doesn doing don every first from getting going
    good great happy have having hope into just know like little look looking looks love made make many maybe more most much
    name need never only other over people please really right same should some someone something sorry still than thank
    thanks that their them then there these they thing things think this those time very want well were what when where
    which while will with would yeah your""".split())
THIN = {"favor": 2, "against": 1, "none": 4}  # one in so many is kept


def distant(rows):
    """Distant supervision (Mintz et al. 2009) from GoEmotions: who speaks well of what he names is in favor of it, who
    speaks ill is against it, and who does not name it says nothing of it. The target is a word of the comment, or a name
    put where the set has [NAME]; in a third of the rows it is a word of another comment, and the stance none. Picked by the
    row's id, no number is drawn."""
    words = [[word for word in re.findall("[A-Za-z]{4,}", item["text"].replace("[NAME]", " "))
              if word.lower() not in PLAIN] for item in rows]
    for index, item in enumerate(rows):
        pick = int.from_bytes(hashlib.sha256(item["id"].encode()).digest()[:8], "big")
        feelings, other = set(item["label"]), words[(index + pick) % len(rows)]
        if feelings & GOOD and feelings & BAD or pick % 3:
            continue
        label = "favor" if feelings & GOOD else "against" if feelings & BAD else "none"
        text, named = item["text"].replace("[NAME]", "Marsh", 1).replace("[NAME]", "Smith"), "[NAME]" in item["text"]
        target = "Jordan Marsh" if named else words[index][pick // 9 % len(words[index])] if words[index] else None
        if pick // 3 % 3 == 0 or target is None:
            label, target = "none", other[0] if other else None
        if target and pick // 27 % THIN[label] == 0:
            yield row("distant", item["id"], text, label, item["group"], target=target)


def jigsaw(sets):
    """All six labels."""
    return tone.jigsaw(sets, base.jigsaw_verdicts)


def olid_a(rows):
    """Subtask A as one of two classes, since its figure is the mean F1 of both."""
    for item in rows:
        item = dict(item, label="OFF" if item["label"] else "NOT")
        del item["asked"]
        yield item


# ---- VAST, topics held out ----

def vast_unseen(rows, published):
    """All rows, the group a block of topics."""
    rows = list(rows)
    page = {f"vast/{item['id']}": item["url"] for item in published.exported}
    places = [(page[item["group"]], topic(item["target"])) for item in rows]
    own = [place for place, item in zip(places, rows) if item["label"] != "none"]
    blocks = gather(own, sorted(set(page[item["group"]] for item in rows)))
    home = (homes((blocks[debate], name) for debate, name in places)
            | homes((blocks[debate], name) for debate, name in own))  # dealt topics live where they are spoken of
    for item, (_, name) in zip(rows, places):
        yield dict(item, comment=item["group"], group="vast/" + home[name])


def vast_fold(rows, number):
    """(train, test) of one of the five folds; `rows` are those of vast_unseen."""
    rows = list(rows)
    fold = deal(Counter(item["group"] for item in rows))
    test = [item for item in rows if fold[item["group"]] == number]
    seen = {item["comment"] for item in test}
    return [item for item in rows if fold[item["group"]] != number and item["comment"] not in seen], test


def deal(sizes):
    """{group: fold}, the largest first, each to the fold that has least."""
    fold, has = {}, [0] * FOLDS
    for group in sorted(sizes, key=lambda name: (-sizes[name], name)):
        fold[group] = has.index(min(has))
        has[fold[group]] += sizes[group]
    return fold


def topic(target):
    """A topic without order, case and plural: "Gun laws" and "law, gun" are one."""
    words = re.findall(r"\w+", target.lower())
    return " ".join(sorted({word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words}))


def gather(places, debates):
    """(debate, topic) of each row -> {debate: block}, a block named after one of its debates."""
    size, blocks = Counter(debate for debate, _ in places), Join()
    for one, other in closest(places):
        a, b = blocks.root(one), blocks.root(other)
        if a != b and size[a] + size[b] <= BLOCK * len(places):
            blocks.join(a, b)
            size[blocks.root(a)] = size[a] + size[b]
    return {debate: blocks.root(debate) for debate in debates}


def closest(places):
    """Pairs of debates, those first that share topics in most rows."""
    rows, shared = Counter(places), Counter()
    debates = {}
    for debate, name in rows:
        debates.setdefault(name, []).append(debate)
    for name, having in debates.items():
        having.sort()
        for place, one in enumerate(having):
            for other in having[place + 1:]:
                shared[one, other] += min(rows[one, name], rows[other, name])
    return sorted(shared, key=lambda pair: (-shared[pair], pair))


def homes(places):
    """The block that holds most rows of a topic, of equals the first by name."""
    count = {}
    for block, name in places:
        count.setdefault(name, Counter())[block] += 1
    return {name: min(blocks, key=lambda block: (-blocks[block], block)) for name, blocks in count.items()}
