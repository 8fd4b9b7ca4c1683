"""Figures of merit of predictions, with the interval that a bootstrap over groups gives them.

A figure is a sum of counts over the items and a formula over that sum, so that drawing the groups again is
adding up their counts again; only the area under the ROC curve needs the items themselves. Intervals are
the 2.5 and 97.5 percentiles (Efron 1979) of draws of whole groups (threads, debates, authors): items of a group are no
independent evidence. Of several runs (seeds) the figure is the mean, drawn together.

Definitions are the tasks' own; scikit-learn's agree, with zero_division=0: the F1 of a label that is neither
there nor given is 0.

An item is a dict: `truth` and `given`, sets of labels (one-of: a set of one); `asked`, a set, or None for all;
`margins` and `p`, {label: number}; `weights`, {label: what it counts for} or absent; `group`.
"""

N_DRAWS = 500
BINS = 10
MASK = (1 << 64) - 1


class Random:
    """SplitMix64 (Steele, Lea and Flood 2014): the same numbers on any machine, for ever."""

    def __init__(self, seed):
        self.state = seed & MASK

    def below(self, n):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 32) * n >> 32


def is_asked(item, label):
    return item.get("asked") is None or label in item["asked"]


# ---- figures that are formulas over counts ----

class Counted:
    """`count(item)` yields (key, amount); `figure(counts)` is the formula."""

    def __init__(self, count, figure):
        self.count, self.figure = count, figure

    def tally(self, items, groups):
        """One dict of counts a group, in the order of `groups`."""
        counts = {group: {} for group in groups}
        for item in items:
            own = counts[item["group"]]
            for key, amount in self.count(item):
                own[key] = own.get(key, 0) + amount
        return [list(counts[group].items()) for group in groups]

    def of(self, tallies, times):
        """The figure when group i stands `times[i]` times in the data."""
        total = {}
        for tally, n in zip(tallies, times):
            if n:
                for key, amount in tally:
                    total[key] = total.get(key, 0) + n * amount
        return self.figure(total)


def hits(item):
    """Right, wrong and missed decisions, a label."""
    for label in item["given"] | item["truth"]:
        if is_asked(item, label):
            kind = "hit" if label in item["given"] and label in item["truth"] else \
                "false" if label in item["given"] else "missed"
            yield (label, kind), 1


def f1_of(counts, labels):
    """Of all decisions about these labels together."""
    hit, false, missed = (sum(counts.get((label, kind), 0) for label in labels) for kind in ("hit", "false", "missed"))
    return 2 * hit / (2 * hit + false + missed) if hit else 0.0


def f1(label):
    return Counted(hits, lambda counts: f1_of(counts, [label]))


def macro_f1(labels):
    """The mean F1 of these labels. SemEval-2016's F_avg: of favor and against, pooled over targets."""
    return Counted(hits, lambda counts: sum(f1_of(counts, [label]) for label in labels) / len(labels))


def micro_f1(labels):
    return Counted(hits, lambda counts: f1_of(counts, labels))


def accuracy():
    """The share of items whose labels are given exactly."""
    def count(item):
        yield "n", 1
        yield "right", item["given"] == item["truth"]
    return Counted(count, lambda counts: counts.get("right", 0) / counts["n"])


def ece(label):
    """Expected calibration error: ten bins of equal width, |mean p − share of yes|, weighed by size."""
    def count(item):
        if is_asked(item, label):
            p, weight = item["p"][label], item.get("weights", {}).get(label, 1)
            yield min(int(p * BINS), BINS - 1), weight * (p - (label in item["truth"]))
            yield "n", weight
    return Counted(count, lambda counts: sum(abs(counts.get(place, 0)) for place in range(BINS)) / counts["n"])


# ---- the area under the ROC curve ----

class MeanAuc:
    """The mean over labels of the share of (yes, no) pairs whose margins are in order, ties half."""

    def __init__(self, labels):
        self.labels = labels

    def tally(self, items, groups):
        """For each label the items by rising margin: (place of the group, is it yes, margin)."""
        place = {group: number for number, group in enumerate(groups)}
        return [sorted(((item["margins"][label], label in item["truth"], place[item["group"]])
                        for item in items if is_asked(item, label)), key=lambda found: found[0])
                for label in self.labels]

    def of(self, tallies, times):
        return sum(auc(ranked, times) for ranked in tallies) / len(tallies)


def auc(ranked, times):
    """ranked: (margin, is yes, group) by rising margin; an item counts as often as its group does."""
    below = area = yes = 0
    tied_yes = tied_no = 0
    last = None
    for margin, is_yes, group in ranked:
        if margin != last:
            area += tied_yes * (below + tied_no / 2)
            below, yes = below + tied_no, yes + tied_yes
            tied_yes = tied_no = 0
            last = margin
        if is_yes:
            tied_yes += times[group]
        else:
            tied_no += times[group]
    area += tied_yes * (below + tied_no / 2)
    below, yes = below + tied_no, yes + tied_yes
    return area / (yes * below) if yes and below else 0.5


# ---- value and interval ----

def measure(figure, runs, seed, n_draws=N_DRAWS):
    """(value, low, high) of one figure over runs: lists of the same items as different seeds predicted them."""
    groups = sorted({item["group"] for items in runs for item in items})
    tallies = [figure.tally(items, groups) for items in runs]

    def mean(times):
        return sum(figure.of(tally, times) for tally in tallies) / len(tallies)

    drawn = sorted(mean(times) for times in draws(len(groups), seed, n_draws))
    return mean([1] * len(groups)), drawn[int(0.025 * n_draws)], drawn[-1 - int(0.025 * n_draws)]


def draws(n, seed, n_draws):
    """How often each of n groups stands in a sample of n of them, drawn with replacement; n_draws samples."""
    random = Random(seed)
    for _ in range(n_draws):
        times = [0] * n
        for _ in range(n):
            times[random.below(n)] += 1
        yield times
