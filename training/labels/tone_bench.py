"""Tone sets to measure with, never to train what is shipped: their licences do not allow it.

Labels carry the names our tone models use where they mean the same, so that a model can be
evaluated on these files as they are.
"""

import ast
import html
import json
import os

from common import plain_tsv, table, tone


def wiki_cat(folder):
    """Wikipedia talk, judged with (gc) and without (gn) the comment above. cat_small has both verdicts; the
    one given with the comment above in sight is taken, since the row carries it."""
    for name in ("gc", "gn"):
        for item in table(os.path.join(folder, name + ".csv")):
            yield tone("wiki_cat", f"{name}/{item['id']}", item["text"], {"toxic": float(item["label"]) > 0},
                       parent_text=item["parent"] or None)
    for number, item in enumerate(table(os.path.join(folder, "cat_small.csv"))):
        yield tone("wiki_cat", f"small/{number}", item["text"], {"toxic": float(item["label_ic"]) > 0},
                   parent_text=item["parent_text"] or None)


def ucc(folder):
    names = {"antagonize": "antagonistic", "condescending": "condescending", "dismissive": "dismissive",
             "generalisation": "generalisation", "generalisation_unfair": "generalisation_unfair",
             "hostile": "hostile", "sarcastic": "sarcastic"}
    for item in table(os.path.join(folder, "val.csv")):
        verdicts = {ours: float(item[theirs]) > 0 for theirs, ours in names.items()}
        verdicts["unhealthy"] = float(item["healthy"]) == 0
        yield tone("ucc", item["_unit_id"], item["comment"], verdicts)


def impermium(folder):
    for number, item in enumerate(table(os.path.join(folder, "train.csv"))):
        yield tone("impermium", number, unescape(item["Comment"]), {"insult": item["Insult"] == "1"})


def unescape(text):
    """The set's comments are Python string literals, some escaped twice, some of those as UTF-8 bytes."""
    for _ in range(2):
        try:
            text = ast.literal_eval('"' + text.strip('"').replace('"', '\\"').replace('\\\\"', '\\"') + '"')
        except (SyntaxError, ValueError):
            break
    try:
        return text.strip('"').encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text.strip('"')


def olid(folder):
    """OFF is called toxic here: the tweet insults, threatens or swears."""
    for item in plain_tsv(os.path.join(folder, "olid-training-v1.0.tsv")):
        yield tone("olid", item["id"], html.unescape(item["tweet"]), {"toxic": item["subtask_a"] == "OFF"})


def figlang(folder):
    for name in ("reddit", "twitter"):
        path = os.path.join(folder, f"sarcasm_detection_shared_task_{name}_training.jsonl")
        with open(path, encoding="utf-8") as file:
            for number, item in enumerate(json.loads(line) for line in file if line.strip()):
                yield tone("figlang", f"{name}/{number}", item["response"],
                           {"sarcastic": item["label"] == "SARCASM"},
                           parent_text=item["context"][-1], article_text=item["context"][0])


def sarcasm_v2(folder):
    for name in ("GEN", "HYP", "RQ"):
        for item in table(os.path.join(folder, f"{name}-sarc-notsarc.csv")):
            yield tone("sarcasm_v2", f"{name}/{item['class']}/{item['id']}", item["text"],
                       {"sarcastic": item["class"] == "sarc"})
