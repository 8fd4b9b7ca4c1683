"""Prevalence: ACC, PACC and EMQ beside QuaPy (Moreo, Esuli and Sebastiani 2021) on the same classifier's answers, the
prediction-powered estimate beside its formula."""

import numpy
import quapy.functional as functional
from quapy.method.aggregative import ACC, EMQ, PACC
from sklearn.linear_model import LogisticRegression

from peers import Count, ours

count = Count()
draw = numpy.random.default_rng(7)


def cases(shares, n):
    """Cases of so many classes around places of their own: their classes, and what is seen of them."""
    y = draw.choice(len(shares), size=n, p=shares)
    return y, draw.normal(size=(n, 2)) + 2 * numpy.column_stack([numpy.cos(1.3 * y), numpy.sin(1.3 * y)])


def near_all(what, values, wanted, tolerance=1e-9):
    for i, (value, right) in enumerate(zip(values, wanted, strict=True)):
        count.near(f"{what}, class {i}", value, float(right), tolerance)


# ---- adjusted counts: a classifier, errors on held-out cases, other shares in what is counted ----

for shares in ([0.5, 0.5], [0.9, 0.1], [0.3, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4]):
    k = len(shares)
    classifier = LogisticRegression().fit(*reversed(cases(shares, 2000)))
    y, x = cases(shares, 3000)
    p, said = classifier.predict_proba(x), classifier.predict(x)
    for to in (shares, shares[::-1], [0.02] * (k - 1) + [1 - 0.02 * (k - 1)]):
        _, field = cases(to, 1500)
        p_field, said_field = classifier.predict_proba(field), classifier.predict(field)
        counted = functional.prevalence_from_labels(said_field, classes=numpy.arange(k))
        for name, rates, of in (
            ("ACC", ACC.getPteCondEstim(numpy.arange(k), y, said), counted),
            ("PACC", PACC.getPteCondEstim(numpy.arange(k), y, p), p_field.mean(axis=0)),
        ):
            theirs = ACC.solve_adjustment(rates.copy(), numpy.array(of), method="inversion", solver="exact-raise")
            mine = ours([("adjusted", [k, *of, *rates.T.flatten()])])[0]
            near_all(f"{name} of {k}", mine, theirs)
            near_all(f"{name} of {k}, on the simplex", ours([("project", mine)])[0],
                     functional.normalize_prevalence(theirs, method="mapsimplex"))
        prior = numpy.array(shares)
        theirs, _ = EMQ.EM(prior, p_field.astype(numpy.float32).astype(float), epsilon=1e-8)
        near_all(f"EMQ of {k}", ours([("emq", [k, *prior, *p_field.flatten()])])[0], theirs, 2e-4)

# ---- two classes: Forman's formula ----

mine = ours([("adjusted", [2, 0.62, 0.38, 0.9, 0.1, 0.2, 0.8])])[0]
count.near("(.38 - .1) / (.8 - .1)", mine[1], 0.28 / 0.7)

# ---- prediction-powered: comments each a cluster, some of them decided with unequal chances ----

n = 4000
y, x = cases([0.7, 0.3], n)
f = LogisticRegression().fit(*reversed(cases([0.5, 0.5], 2000))).predict_proba(x)[:, 1]
chance = numpy.where(f > 0.5, 0.2, 0.05)
weight = numpy.where(draw.random(n) < chance, 1 / chance, 0)
rows = numpy.column_stack([numpy.ones(n), f, weight, weight * y, weight * f])
trust, share = ours([("powered", [1, 0, *rows.flatten()])])[0]
hajek = (weight * y).sum() / weight.sum()
seen = (weight * f).sum() / weight.sum()
count.near("powered share", share, hajek - trust * (seen - f.mean()))
error = weight * (y - hajek) / weight.sum()
shift = weight * (f - seen) / weight.sum() - (f - f.mean()) / n
count.near("trust", trust, min(max((error * shift).sum() / (shift**2).sum(), 0), 1))


def spread(by):
    return ((error - by * shift) ** 2).sum()


count.true(spread(trust) <= min(spread(trust - 0.01), spread(trust + 0.01)), "another trust has less variance")
count.true(abs(share - y.mean()) < abs(f.mean() - y.mean()), "the model alone is nearer")
count.end()
