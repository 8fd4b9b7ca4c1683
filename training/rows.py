"""The lines of the table of goals: which files, which recipe, which figure, and what is to be reached.

A goal is a sense and a number. Where a published figure is of a test part, so is the row; where the goal is stated of
cross-validation, predictions are out of fold. Classes and attributes are the publishers'.
"""

from collections import namedtuple

import figures

N_FOLDS = 5  # of a set that prepare.py wrote as folds, or a file a target

STANCES = ["against", "favor", "none"]
REPLIES = ["agree", "disagree", "none", "query"]
ARC = ["agree", "disagree", "discuss", "unrelated"]
UCC = ["antagonistic", "condescending", "dismissive", "generalisation_unfair", "hostile", "sarcastic", "unhealthy"]
JIGSAW = ["identity_attack", "insult", "obscene", "severe_toxic", "threat", "toxic"]
EMOTIONS = """admiration amusement anger annoyance approval caring confusion curiosity desire disappointment disapproval
    disgust embarrassment excitement fear gratitude grief joy love nervousness neutral optimism pride realization relief
    remorse sadness surprise""".split()
TONES = ["angry", "identity_attack", "insult", "obscene", "polite", "sarcastic", "threat", "toxic"]

# One row of the table of goals.
#   task    the model's name; recipe: RECIPES/recipe.recipe; base: of BASES, for a recipe that reads one; None: none may
#   train   files of WORK; test: a file of it, or None: out of fold. {} in their names: 0 to 4, pooled
#   cluster the member that says which items are no independent evidence
#   seeds   of folds and solver; the value is their mean
Row = namedtuple("Row", "set task recipe base train test cluster seeds metrics")
Metric = namedtuple("Metric", "name goal figure")


def ece(labels):
    return [Metric(f"ece.{label}", "<= .03", figures.ece(label)) for label in labels]


ROWS = [
    Row("semeval2016_A", "stance", "bench/semeval_A", "ship", ["bench.semeval_trainA{}"], "bench.semeval_testA{}", "id",
        [1], [Metric("f_avg", ">= .695", figures.macro_f1(["favor", "against"]))]),
    Row("semeval2016_B", "stance", "bench/semeval_B", "ship", ["bench.semeval_train", "bench.distant"],
        "bench.semeval_testB", "id", [1], [Metric("f_avg", ">= .48", figures.macro_f1(["favor", "against"]))]),
    Row("rumoureval2019", "reply", "bench/rumoureval", None, ["reply.train"], "reply.rumoureval_test", "thread", [1],
        [Metric("macro_f1", ">= .60", figures.macro_f1(REPLIES))]),
    Row("vast_unseen", "stance", "bench/vast", "ship", ["bench.vast_train{}"], "bench.vast_test{}", "group", [1],
        [Metric("macro_f1", ">= .60", figures.macro_f1(STANCES)), Metric("f1.favor", ">= .55", figures.f1("favor")),
         Metric("f1.against", ">= .55", figures.f1("against"))]),
    Row("arc", "stance", "bench/arc", "ship", ["bench.arc_train"], "bench.arc_test", "group", [1],
        [Metric("macro_f1", ">= .55", figures.macro_f1(ARC))]),
    Row("debagreement_dev", "reply", "bench/debagreement", "replies", ["bench.debagreement"], None, "group", [1, 2, 3],
        [Metric("accuracy", ">= .60", figures.accuracy())]),
    Row("goemotions_dev", "emotion", "bench/goemotions", None, ["bench.goemotions_train"], "bench.goemotions_dev",
        "group", [1], [Metric("macro_f1", ">= .51", figures.macro_f1(EMOTIONS)),
                       Metric("micro_f1", ">= .57", figures.micro_f1(EMOTIONS))]),
    Row("ucc_val", "tone", "bench/ucc", "but_ucc", ["bench.ucc"], None, "group", [1, 2, 3],
        [Metric("mean_auc", ">= .76", figures.MeanAuc(UCC))]),
    Row("impermium_train", "tone", "bench/impermium", "but_impermium", ["bench.impermium"], None, "group", [1, 2, 3],
        [Metric("auc", ">= .92", figures.MeanAuc(["insult"]))]),
    Row("jigsaw_fragments", "tone", "bench/jigsaw", None, ["bench.jigsaw"], None, "group", [1],
        [Metric("mean_auc", ">= .96", figures.MeanAuc(JIGSAW))]),
    Row("olid_A_train", "tone", "bench/olid", "but_olid", ["bench.olid_A"], None, "group", [1],
        [Metric("macro_f1", ">= .76", figures.macro_f1(["OFF", "NOT"]))]),
    Row("stance", "stance", "stance", "ship", ["stance.train"], None, "group", [1], ece(STANCES)),
    Row("reply", "reply", "reply", "ship", ["reply.train", "reply.arc"], None, "group", [1], ece(REPLIES)),
    Row("tone", "tone", "tone", "ship", ["tone.train"], None, "group", [1], ece(TONES)),
]

# Base models, whose margins are features of others: "ship" is the one that is shipped. The others never saw a text of
# the set that they serve.
BASES = {
    "ship": ["base.train"],
    "replies": ["base.train", "bench.base_replies"],
    "but_ucc": ["base.train", "bench.base_but_ucc"],
    "but_impermium": ["base.train", "bench.base_but_impermium"],
    "but_olid": ["base.train", "bench.base_but_olid"],
}


Part = namedtuple("Part", "name seed train test")


def parts(row, seed):
    """A row's runs of one seed: one, or where its files are of folds, one a fold."""
    name = f"{row.set}.{seed}"
    if row.test is None or "{}" not in row.test:
        return [Part(name, seed, row.train, row.test)]
    return [Part(f"{name}.{fold}", seed, [file.format(fold) for file in row.train], row.test.format(fold))
            for fold in range(N_FOLDS)]
