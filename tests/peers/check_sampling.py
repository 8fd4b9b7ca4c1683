"""Samples: a share's variance by its design beside samplics, its exact interval beside statsmodels, chances of a search
beside scipy."""

import itertools
import random
import warnings

import numpy
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from peers import Count, ours

warnings.simplefilter("ignore")
from samplics import PopParam  # noqa: E402
from samplics.estimation import TaylorEstimator  # noqa: E402

count = Count()
draw = random.Random(11)

# ---- shares: value, variance, effective number, low, high ----


def sample(n, n_strata, sizes):
    """Rows of value, chance, stratum: simple random ones within strata, at least two of each."""
    strata = [i % n_strata for i in range(n)]
    drawn = [strata.count(stratum) for stratum in range(n_strata)]
    chances = [drawn[stratum] / sizes[stratum] for stratum in range(n_strata)]
    shares = [draw.random() * 0.6 + 0.1 for _ in range(n_strata)]
    return [(float(draw.random() < shares[stratum]), chances[stratum], stratum) for stratum in strata]


worlds = []
for _ in range(60):
    n_strata = draw.randrange(1, 6)
    worlds.append(sample(draw.randrange(20 * n_strata, 300), n_strata, [draw.randrange(400, 3000) for _ in range(n_strata)]))
worlds = [rows for rows in worlds if 0 < sum(row[0] for row in rows) < len(rows)]


def hajek(values, chances, residuals):
    """Hájek's (1964) variance of a total, as he words it."""
    n = len(values)
    factors = (1 - chances) * n / (n - 1)
    centre = (factors * residuals).sum() / factors.sum()
    return (factors * (residuals - centre) ** 2).sum()


for rows, answer in zip(worlds, ours([("share_drawn", [number for row in rows for number in row]) for rows in worlds])):
    values, chances, strata = (numpy.array(column) for column in zip(*rows))
    share, variance, n_effective, low, high = answer
    weights = 1 / chances
    count.near("share", share, float(numpy.average(values, weights=weights)))
    residuals = (values - share) * weights
    estimator = TaylorEstimator(PopParam.mean)
    fpc = {stratum: float(1 - chances[strata == stratum][0]) for stratum in set(strata.tolist())}
    estimator.estimate(values, samp_weight=weights, stratum=strata, fpc=fpc)
    error = list(estimator.stderror.values())[0] if isinstance(estimator.stderror, dict) else estimator.stderror
    parts, least = [], []
    for stratum in fpc:
        of = strata == stratum
        mixed = (values[of].sum() + 0.5) / (of.sum() + 1)
        parts.append(hajek(values[of], chances[of], residuals[of]))
        least.append(weights[of].sum() ** 2 * (1 - chances[of][0]) * mixed * (1 - mixed) / of.sum())
    total = weights.sum() ** 2
    count.near("as samplics has it", sum(parts) / total, float(error) ** 2, 1e-6)
    expected = min(hajek(values, chances, residuals), sum(map(max, zip(parts, least)))) / total
    count.near(f"variance of {len(rows)} in {len(fpc)} strata", variance, float(expected), 1e-9)
    count.near("effective number", n_effective, share * (1 - share) / variance)
    expected = proportion_confint(share * n_effective, n_effective, method="beta")
    count.near("low", low, float(expected[0]), 1e-6)
    count.near("high", high, float(expected[1]), 1e-6)

# Chances that differ from one to the next.
for _ in range(30):
    n = draw.randrange(20, 200)
    values = numpy.array([float(draw.random() < 0.3) for _ in range(n)])
    chances = numpy.array([draw.uniform(0.01, 0.7) for _ in range(n)])
    if not 0 < values.sum() < n:
        continue
    strata = draw.choice([[0] * n, range(n)])  # strata of one are one stratum
    share, variance, *_ = ours([("share_drawn", [number for row in zip(values, chances, strata) for number in row])])[0]
    residuals = (values - numpy.average(values, weights=1 / chances)) / chances
    count.near("unequal chances", variance, float(hajek(values, chances, residuals) / (1 / chances).sum() ** 2))

# ---- searches: found before, urn, drawn, found → least left, p, p always, enough, more ----

for _ in range(300):
    urn = draw.choice([20, 150, 3000, 1000000])
    drawn = draw.randrange(urn + 1)
    found = draw.choice([0, 0, 1, 3, draw.randrange(min(drawn, 60) + 1)])
    before = draw.choice([0, 5, 40, 400])
    if found > drawn:
        continue
    least, p, always, enough, more = ours([("search", [before, urn, drawn, found])])[0]
    wanted = next(k for k in itertools.count(found) if 20 * (before + found) < 19 * (before + k))
    count.near("least left", least, wanted)
    expected = 0 if wanted > urn else stats.hypergeom.cdf(found, urn, wanted, drawn)
    count.near(f"p of {before} {urn} {drawn} {found}", p, float(expected), 1e-7)
    count.true(enough == (always < 0.05), "enough")
    if not enough and drawn + more <= urn and more:
        last = [stats.hypergeom.cdf(found, urn, wanted, drawn + more - back) * numpy.pi**2 / 6 * (found + 1) ** 2 for back in (0, 1)]
        count.true(last[0] < 0.05 <= last[1] + 1e-9, f"more of {before} {urn} {drawn} {found}: {last}")

count.end()
