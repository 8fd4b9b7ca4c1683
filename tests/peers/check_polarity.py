"""Polarity, comparison and distinctive words: beside scipy and statsmodels, and beside R's agrmt and the papers where
these say a number."""

import itertools
import random

import numpy
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_effectsize

from peers import Count, ours

count = Count()
draw = random.Random(7)
NAMES = ["mean", "variance", "agreement", "esteban_ray", "bimodality", "entropy", "evenness", "camps"]

# ---- polarity ----

# What R's agrmt prints for its own example: agreement() and polarization(), (1 - A) / 2.
figures = dict(zip(NAMES, ours([("polarity", [30, 40, 210, 130, 530, 50, 10])])[0]))
count.near("agrmt's example", figures["agreement"], 0.6113333, 1e-7)
count.near("agrmt's polarization", (1 - figures["agreement"]) / 2, 0.1943333, 1e-7)


def layered_agreement(counts):
    """The definition as van der Eijk (2001) words it: take off layer by layer, always the least that is there."""
    rest, total, sum_ = list(counts), sum(counts), 0
    k = len(rest)
    while any(rest):
        pattern = [1 if number else 0 for number in rest]
        least = min(number for number in rest if number)
        triples = list(itertools.combinations(pattern, 3))
        tu = sum(triple in ((1, 1, 0), (0, 1, 1)) for triple in triples)
        tdu = sum(triple == (1, 0, 1) for triple in triples)
        s = sum(pattern)
        u = ((k - 2) * tu - (k - 1) * tdu) / ((k - 2) * (tu + tdu)) if tu + tdu else 0
        a = 1 if s == 1 else u * (1 - (s - 1) / (k - 1))
        sum_ += least * s / total * a
        rest = [number - least if number else 0 for number in rest]
    return sum_


tables = [[draw.choice([0, 1, 2, 5, 40, 300, draw.randrange(1000)]) for _ in range(draw.randrange(3, 9))] for _ in range(300)]
tables = [table for table in tables if sum(map(bool, table)) > 1 and sum(table) > 3]
for table, answer in zip(tables, ours([("polarity", table) for table in tables])):
    figures = dict(zip(NAMES, answer))
    shares = numpy.array(table) / sum(table)
    places = numpy.linspace(-1, 1, len(table))
    all_ = numpy.repeat(places, table)
    n = len(all_)
    skewness, excess = stats.skew(all_, bias=False), stats.kurtosis(all_, bias=False)
    count.near(f"mean {table}", figures["mean"], all_.mean())
    count.near(f"variance {table}", figures["variance"], all_.var())
    count.near(f"agreement {table}", figures["agreement"], layered_agreement(table))
    count.near(f"bimodality {table}", figures["bimodality"],
               (skewness**2 + 1) / (excess + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))), 1e-7)
    count.near(f"entropy {table}", figures["entropy"], stats.entropy(shares, base=2))
    count.near(f"evenness {table}", figures["evenness"], stats.entropy(shares, base=len(table)))
    distances = numpy.abs(places[:, None] - places[None, :])
    count.near(f"esteban_ray {table}", figures["esteban_ray"], 2 * (shares**2) @ distances @ shares)
    count.near(f"camps {table}", figures["camps"], 1 - (((0.5 - shares) / 0.5) ** 2 * shares).sum())

vectors = [[draw.gauss(0.3, 0.4) for _ in range(draw.randrange(2, 6))] for _ in range(40)]
for vector, answer in zip(vectors, ours([("project", vector) for vector in vectors])):
    nearest = optimize.minimize(lambda x: ((x - vector) ** 2).sum(), numpy.full(len(vector), 1 / len(vector)),
                                bounds=[(0, 1)] * len(vector), method="SLSQP", options={"ftol": 1e-14},
                                constraints={"type": "eq", "fun": lambda x: x.sum() - 1}).x
    for mine, theirs in zip(answer, nearest):
        count.near(f"project {vector}", mine, theirs, 1e-5)

# ---- comparison ----

lists = [[draw.random() ** 3 for _ in range(draw.randrange(1, 40))] for _ in range(50)]
for p, answer in zip(lists, ours([("holm", p) for p in lists])):
    for mine, theirs in zip(answer, multipletests(p, method="holm")[1]):
        count.near("holm", mine, theirs)
pairs = [(draw.random(), draw.random()) for _ in range(50)]
for pair, answer in zip(pairs, ours([("cohens_h", pair) for pair in pairs])):
    count.near(f"h {pair}", answer[0], proportion_effectsize(*pair))


def steadied(overall):
    """d^2 / (v + v0 / 4) of two groups of threads; overall: v0."""

    def statistic(first_sizes, first_scores, second_sizes, second_scores):
        rates = [first_scores.sum() / first_sizes.sum(), second_scores.sum() / second_sizes.sum()]
        v = (((first_scores - rates[0] * first_sizes) / first_sizes.sum()) ** 2).sum() + \
            (((second_scores - rates[1] * second_sizes) / second_sizes.sum()) ** 2).sum()
        return (rates[0] - rates[1]) ** 2 / max(v + overall / 4, 1e-12)

    return statistic


for n_first, n_second in [(4, 5), (3, 8), (6, 6), (2, 9)]:
    n = n_first + n_second
    sizes = numpy.array([draw.randrange(1, 9) for _ in range(n)], float)
    scores = numpy.array([draw.randrange(int(size) + 1) for size in sizes], float)
    share, weights = scores.sum() / sizes.sum(), (n_first / n, n_second / n)
    squares = ((scores - share * sizes) ** 2).sum()
    overall = sum(weight * squares / (weight * sizes.sum()) ** 2 for weight in weights)
    places = numpy.arange(n)

    def by_places(first, second, axis=0):
        first, second = first.astype(int), second.astype(int)
        return steadied(overall)(sizes[first], scores[first], sizes[second], scores[second])

    peer = stats.permutation_test((places[:n_first], places[n_first:]), by_places, permutation_type="independent",
                                  n_resamples=numpy.inf, alternative="greater", vectorized=False)
    rows = [(size, 0, score, 0) if i < n_first else (0, size, 0, score) for i, (size, score) in enumerate(zip(sizes, scores))]
    mine = ours([("permutation", [1, 99999] + [number for row in rows for number in row])])[0]
    count.true(mine[2] == 1, "few deals are all looked at")
    count.near(f"permutation of {n_first} and {n_second}", mine[0], peer.pvalue, 1e-6)
    drawn = ours([("permutation", [1, 100] + [number for row in rows for number in row])])[0]
    if n_first > 2:
        count.true(drawn[2] == 0 and abs(drawn[0] - peer.pvalue) < 0.2, f"at random {drawn}, of all {peer.pvalue}")

# ---- words ----

words = []
for _ in range(100):
    totals = [draw.randrange(100, 100000), draw.randrange(100, 100000)]
    words.append([draw.randrange(totals[0] // 2), draw.randrange(totals[1] // 2)] + totals + [draw.random() * 20 + 0.01, 100])
for word, answer in zip(words, ours([("log_odds", word) for word in words])):
    y, n, alpha, alpha0 = numpy.array(word[:2], float), numpy.array(word[2:4], float), word[4], word[5]
    omega = (y + alpha) / (n + alpha0 - y - alpha)
    delta = numpy.log(omega[0]) - numpy.log(omega[1])
    z = delta / numpy.sqrt((1 / (y + alpha)).sum())
    count.near(f"log odds {word}", answer[0], delta)
    count.near(f"z {word}", answer[1], z)
    count.near(f"p {word}", answer[2], 2 * stats.norm.sf(abs(z)), 1e-9)

count.end()
