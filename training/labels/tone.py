"""The tone of a comment: several labels at once, from sources that asked different questions.

No source asked for every label, so each row says in `asked` what it was judged for; the other labels
are unknown for it, not absent. What a source's verdict means is decided here, once:

- Jigsaw: its labels as they are (identity_hate is called identity_attack). The
  fragments at hand hold far more positives than Wikipedia does. Rows of the competition's test set are a test set here too.
- Civil (toxic spans): posts that half of the first raters had called toxic, rated again. Toxic where less
  than half of the second raters disagree; where half or more disagree, two panels differ: not asked. A type
  of attack is on where two raters marked it, off where none did, not asked where one did, or where
  someone called the whole post toxic without a type.
- GoEmotions: anger is `angry`; annoyance is not, so that angry means angry. What shows nothing but good will
  (admiration, caring, excitement, gratitude, joy, love, optimism, relief) is not toxic, whatever its words.
- Davidson: the coders' "offensive" is mostly casual swearing, in a dialect that toxicity models wrong as a
  habit. So class 1 is `obscene`, and toxic only if a coder saw hate in it; else toxic is not asked. Class 0
  is toxic and identity_attack; class 1 without any vote for hate is not an identity_attack.
- ParaDetox: the sentence is toxic, its paraphrases are not. A paraphrase of a threat can still be a threat, so
  no other label is asked. Of the sentences that could not be rewritten, those with one clear reason.
- Stanford politeness: the top quartile of each site is polite, the lower half is not; the quarter between is
  left out. Only requests were rated, so what is toxic (Jigsaw) or angry (GoEmotions) is told to be not polite.
- iSarcasmEval: the authors of the tweets said which are sarcastic; a rephrasing is not.
- ARC: the annotators' mark for sarcastic comments. And since the newspaper's moderators read each comment before
  it stood there, none is toxic: without them the set has no ordinary comment on the news, and the news itself
  (Civil holds toxic posts only) would look toxic.
- UKP ad hominem: the comment removed as "rude or hostile" is toxic, the one that persuaded is not. The
  comments above them were not judged.
"""

import html
import json
import os
import tarfile

from common import expect, key, plain_tsv, row, say, table, tone

CLEAN = dict.fromkeys(("toxic", "severe_toxic", "insult", "threat", "identity_attack"), False)
GOOD_WILL = {"admiration", "caring", "excitement", "gratitude", "joy", "love", "optimism", "relief"}
JIGSAW = {"toxic": "toxic", "severe_toxic": "severe_toxic", "obscene": "obscene", "threat": "threat",
          "insult": "insult", "identity_hate": "identity_attack"}
CIVIL = {"Insult": "insult", "Threat": "threat", "Identity based Attack": "identity_attack",
         "Profane/Obscene": "obscene"}


def jigsaw_verdicts(item):
    verdicts = {ours: float(item[theirs]) > 0 for theirs, ours in JIGSAW.items()}
    return verdicts | ({"polite": False} if verdicts["toxic"] else {})


def jigsaw(sets, judge=jigsaw_verdicts):
    """Train rows: the copies with the original letters first, so that a repeat of an id is the lesser copy."""
    misc, two, five = sets
    names = [os.path.join(misc, "hurelyyu", "train_sample.csv"),
             os.path.join(misc, "keitakurita", "train.csv"), os.path.join(misc, "keitakurita", "valid.csv"),
             os.path.join(misc, "detoxify", "train.csv"), os.path.join(two, "toxic_comments.csv")]
    names += [os.path.join(five, name + ".csv")
              for name in ("toxic", "severe_toxic", "obscene", "insult", "identity_hate")]
    seen, nonsense = set(), 0
    for item in (item for name in names for item in table(name)):
        if item["id"] == "0":
            nonsense += 1
        elif item["id"] not in seen:
            seen.add(item["id"])
            yield tone("jigsaw", item["id"], item["comment_text"], judge(item))
    expect("Jigsaw rows with id 0", nonsense, 4537)
    say(f"jigsaw: {len(seen)} ids, {nonsense} rows with id 0 left out")


def jigsaw_test(misc):
    """The few labelled rows of the competition's test set, each text once; -1 means not scored."""
    seen = set()
    for name in ("keitakurita/test_proced.csv", "detoxify/test.csv", "ibm-max/test_examples.csv"):
        for number, item in enumerate(table(os.path.join(misc, name))):
            if float(item["toxic"]) >= 0 and key(item["comment_text"]) not in seen:
                seen.add(key(item["comment_text"]))
                ident = item.get("id") or f"{name}/{number}"
                yield tone("jigsaw", ident, item["comment_text"], jigsaw_verdicts(item))


def civil_verdicts(ratings):
    against = sum(not_toxic for not_toxic, _, _ in ratings)
    vague = any(whole and not kinds for _, whole, kinds in ratings)
    verdicts = {"toxic": True if 2 * against < len(ratings) else None}
    for kind in CIVIL.values():
        marks = sum(kind in kinds for _, _, kinds in ratings)
        verdicts[kind] = True if marks >= 2 else None if marks or vague else False
    return verdicts


def civil(folder, judge=civil_verdicts):
    """One row a post, from the raw ratings."""
    kinds = {}
    for item in table(os.path.join(folder, "spans.csv")):
        kinds.setdefault(item["annotation"], set()).add(CIVIL.get(item["type"]))
    ratings = {}
    for item in table(os.path.join(folder, "annotations.csv")):
        whole = item["all toxic"] == "True" and item["not toxic"] != "True"
        rating = (item["not toxic"] == "True", whole, kinds.get(item["annotation"], set()))
        ratings.setdefault(item["comment_id"], []).append(rating)
    for item in table(os.path.join(folder, "comments.csv")):
        if item["comment_id"] in ratings:
            yield tone("civil", item["comment_id"], item["comment_text"], judge(ratings[item["comment_id"]]))


def emotion_verdicts(on):
    verdicts = {"angry": "anger" in on, "polite": False if "anger" in on else None}
    return verdicts | CLEAN if on <= GOOD_WILL else verdicts


def emotions(folder):
    """The names of the 28 labels, in the order of their numbers."""
    with open(os.path.join(folder, "labels.txt"), encoding="utf-8") as file:
        return file.read().split()


def goemotions(folder, part, judge=emotion_verdicts):
    names = emotions(folder)
    with open(os.path.join(folder, part + ".tsv"), encoding="utf-8", newline="") as file:
        for line in file.read().split("\n"):
            if line.strip():
                text, numbers, ident = line.rstrip("\r").split("\t")
                yield tone("goemotions", ident, text, judge({names[int(number)] for number in numbers.split(",")}))


def davidson_verdicts(item):
    hate, offence = int(item["hate_speech"]), int(item["offensive_language"])
    return {
        "0": {"toxic": True, "identity_attack": True},
        "1": {"obscene": True, "toxic": True if hate else None, "identity_attack": None if hate else False},
        "2": {"toxic": False, "identity_attack": False, "obscene": None if offence else False},
    }[item["class"]]


def davidson(folder, judge=davidson_verdicts):
    for item in table(os.path.join(folder, "labeled_data.csv")):
        yield tone("davidson", item[""], html.unescape(item["tweet"]), judge(item))


def paradetox(folder):
    rewritten = set()
    for number, item in enumerate(plain_tsv(os.path.join(folder, "paradetox.tsv"))):
        rewritten.add(key(item["toxic"]))
        yield tone("paradetox", f"{number}/toxic", item["toxic"], {"toxic": True}, number)
        for name in ("neutral1", "neutral2", "neutral3"):
            if item[name]:
                yield tone("paradetox", f"{number}/{name}", item[name], {"toxic": False}, number)
    for item in table(os.path.join(folder, "paradetox_cannot_rewrite.tsv"), delimiter="\t"):
        reasons = sorted(json.loads(item["OUTPUT:reasons"]))
        text = str(json.loads(item["INPUT:toxic_comment"]))
        if reasons in (["not_toxic"], ["toxic_content"]) and key(text) not in rewritten:
            yield tone("paradetox", f"kept/{item['']}", text, {"toxic": reasons == ["toxic_content"]})


def politeness(folder):
    """The score is the last column; some rows have more columns than the header, so read them plain."""
    for name, encoding in (("wikipedia", "utf-8"), ("stack-exchange", "cp1252")):
        path = os.path.join(folder, name + ".annotated.csv")
        rows = [item for item in whole_rows(path, encoding)]
        scores = sorted(score for _, _, score in rows)
        low, high = scores[len(scores) // 2], scores[3 * len(scores) // 4]
        for number, (ident, text, score) in enumerate(rows):
            if score <= low or score >= high:
                yield tone("politeness", f"{name}/{ident}/{number}", html.unescape(text),
                           {"polite": score >= high}, f"{name}/{ident}")


def whole_rows(path, encoding):
    """(id, request, score) of every row that is not cut short."""
    for item in table(path, encoding):
        more = item.pop(None, [])
        cells = [cell for cell in list(item.values()) + more if cell is not None]
        if len(cells) >= 14:
            yield cells[1], cells[2], float(cells[-1])


def isarcasm(folder):
    for item in table(os.path.join(folder, "train.En.csv")):
        if item["tweet"]:
            yield tone("isarcasm", item[""], item["tweet"], {"sarcastic": float(item["sarcastic"]) > 0}, item[""])
        if item["rephrase"]:
            yield tone("isarcasm", item[""] + "/rephrase", item["rephrase"], {"sarcastic": False}, item[""])


def arc(published):
    for item in published.exported:
        if item["id"] not in published.held_ids:
            yield tone("arc", item["id"], item["text"],
                       {"sarcastic": item["annotatedSarcastic"] == "true", "obscene": False} | CLEAN, item["url"])


def adhominem(folder):
    """The last comment of each thread file; one whose words were removed as well has nothing to teach."""
    gone = 0
    packed = os.path.join(folder, "sampled-threads-ah-delta-context3.tar.bz2")
    threads = sorted(members(packed))
    for name, data in threads:
        thread = [json.loads(line) for line in data.decode("utf-8").splitlines() if line.strip()]
        last, above = thread[-1], thread[-2]
        if last["body"].strip() in ("[removed]", "[deleted]"):
            gone += 1
            continue
        yield tone("adhominem", last["id"], html.unescape(last["body"]), {"toxic": "_ah_" in name},
                   last["link_id"], parent_text=html.unescape(above["body"]))
    say(f"adhominem: {len(threads)} threads, {gone} whose last comment is gone")


def members(packed):
    """(name, bytes) of the JSON files, in the archive's order: seeking back in bz2 unpacks it again."""
    with tarfile.open(packed) as archive:
        for member in archive:
            if member.name.endswith(".json"):
                yield member.name, archive.extractfile(member).read()


def hatecheck(folder):
    for item in table(os.path.join(folder, "test_suite_cases.csv")):
        yield row("hatecheck", item["case_id"], item["test_case"], item["label_gold"], item["templ_id"],
                  functionality=item["functionality"], target_ident=item["target_ident"] or None)
