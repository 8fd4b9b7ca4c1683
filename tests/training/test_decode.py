"""Joint decoding of a thread: marginals are those of adding up every labelling."""

import itertools
import math
import unittest

import decode

LABELS = ["agree", "disagree", "none"]
#        id, parent, depth
TREE = [("s", None, 0), ("a", "s", 1), ("b", "s", 1), ("c", "a", 2), ("d", "c", 3), ("e", "gone", 2)]
TIES = [[[0.3, -0.7, 0.1], [0.9, 0.2, -0.4], [-1.1, 0.5, 0.0]], [[1.3, -0.2, 0.0], [-0.6, 0.8, 0.3], [0.1, 0.1, -0.9]]]


def threads():
    rows = [{"id": i, "parent": p, "depth": d, "label": LABELS[n % 3]} for n, (i, p, d) in enumerate(TREE)]
    judged = []
    for n, (i, _, _) in enumerate(TREE):
        weights = [1 + (n * 7 + l * 3) % 5 for l in range(3)]
        judged.append({"id": i, "fold": n % 2, "p": {name: w / sum(weights) for name, w in zip(LABELS, weights)}})
    return decode.Threads(rows, judged)


def by_adding_up(found, strength):
    """P(label) of each row, from all labellings."""
    n = len(found.rows)
    sums = [[0.0] * 3 for _ in range(n)]
    for labelling in itertools.product(range(3), repeat=n):
        score = sum(found.unary[i][l] for i, l in enumerate(labelling))
        for i, p in enumerate(found.parent):
            if p is not None:
                score += strength * TIES[found.place[i]][labelling[p]][labelling[i]]
        for i, l in enumerate(labelling):
            sums[i][l] += math.exp(score)
    return [[v / sum(row) for v in row] for row in sums]


class Decoding(unittest.TestCase):
    def test_marginals_are_exact(self):
        for strength in (0, 0.5, 1.0):
            found = threads()
            exact = by_adding_up(found, strength)
            for row, wanted in zip(decode.marginals(found, TIES, strength), exact):
                for value, p in zip(row, wanted):
                    self.assertAlmostEqual(math.exp(value), p, places=12)

    def test_a_long_chain_is_no_recursion(self):
        rows = [{"id": i, "parent": i - 1 if i else None, "depth": i, "label": LABELS[i % 3]} for i in range(5000)]
        judged = [{"id": i, "fold": 0, "p": {"agree": 0.5, "disagree": 0.2, "none": 0.3}} for i in range(5000)]
        self.assertEqual(len(decode.marginals(decode.Threads(rows, judged), TIES, 1.0)), 5000)

    def test_potentials_are_zero_where_labels_meet_by_chance(self):
        rows, judged = [], []
        for a, b in itertools.product(range(3), repeat=2):
            rows += [{"id": f"s{a}{b}", "parent": None, "depth": 0, "label": LABELS[a]},
                     {"id": f"r{a}{b}", "parent": f"s{a}{b}", "depth": 1, "label": LABELS[b]}]
            judged += [{"id": row["id"], "fold": 0, "p": dict.fromkeys(LABELS, 1 / 3)} for row in rows[-2:]]
        for row in decode.potentials(decode.Threads(rows, judged), 1, 10)[0]:
            for value in row:
                self.assertAlmostEqual(value, 0)


if __name__ == "__main__":
    unittest.main()
