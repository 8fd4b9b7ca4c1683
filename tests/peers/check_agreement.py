"""Agreement between people: alpha beside krippendorff, kappa beside scikit-learn, of made-up judgements with holes."""

import random
import warnings

import krippendorff
import numpy
from sklearn.metrics import cohen_kappa_score

from peers import Count, ours

warnings.simplefilter("ignore")
count = Count()
draw = random.Random(5)


def judgements(n_people, n_items, n_categories):
    """[person][item] a category, or NaN: did not judge; people mostly say what the item is."""
    truth = [draw.randrange(n_categories) for _ in range(n_items)]
    return numpy.array([[numpy.nan if draw.random() < .3 else
                         truth[i] if draw.random() < .7 else draw.randrange(n_categories) for i in range(n_items)]
                        for _ in range(n_people)])


asked, wanted = [], []
for _ in range(60):
    n_categories = draw.randrange(2, 6)
    said = judgements(draw.randrange(2, 6), draw.randrange(10, 80), n_categories)
    values = [[sum(said[:, i] == c) for c in range(n_categories)] for i in range(said.shape[1])]
    for metric, name in enumerate(["nominal", "ordinal"]):
        asked.append(("alpha", [metric, n_categories, *[v for row in values for v in row]]))
        wanted.append(krippendorff.alpha(reliability_data=said, level_of_measurement=name,
                                         value_domain=list(range(n_categories))))
for n, (answer, alpha) in enumerate(zip(ours(asked), wanted)):
    count.near(f"alpha {n}", answer[0], alpha)

asked, wanted = [], []
for _ in range(60):
    n_categories = draw.randrange(2, 6)
    first = [draw.randrange(n_categories) for _ in range(draw.randrange(5, 60))]
    second = [one if draw.random() < .6 else draw.randrange(n_categories) for one in first]
    asked.append(("kappa", [n_categories, *first, *second]))
    wanted.append(cohen_kappa_score(first, second))
for n, (answer, kappa) in enumerate(zip(ours(asked), wanted)):
    count.near(f"kappa {n}", answer[2], kappa)

count.end()
