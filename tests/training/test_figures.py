"""Figures of merit on a few rows whose figures were worked out by hand."""

import unittest

import figures

ONE_OF = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("b", "c"), ("c", "c"), ("c", "a"), ("c", "c")]


def one_of(pairs, groups=None):
    return [{"truth": {truth}, "given": {given}, "group": str(groups[i] if groups else i)}
            for i, (truth, given) in enumerate(pairs)]


def any_of(rows):
    return [{"truth": set(truth), "given": set(given), "asked": set(asked), "group": str(i)}
            for i, (truth, given, asked) in enumerate(rows)]


def scored(margins, yes):
    return [{"truth": {"x"} if on else set(), "given": set(), "margins": {"x": margin}, "p": {"x": margin},
             "group": str(i)} for i, (margin, on) in enumerate(zip(margins, yes))]


def value(figure, items):
    return figures.measure(figure, [items], 1, 40)[0]


class Decisions(unittest.TestCase):
    def test_f1_of_each_label(self):
        items = one_of(ONE_OF)
        self.assertAlmostEqual(value(figures.f1("a"), items), 2 / 3)  # 2 hits, 1 false, 1 missed
        self.assertAlmostEqual(value(figures.f1("b"), items), 1 / 2)
        self.assertAlmostEqual(value(figures.f1("c"), items), 2 / 3)

    def test_means_over_labels(self):
        items = one_of(ONE_OF)
        self.assertAlmostEqual(value(figures.macro_f1(["a", "b", "c"]), items), (2 / 3 + 1 / 2 + 2 / 3) / 3)
        self.assertAlmostEqual(value(figures.macro_f1(["a", "b"]), items), (2 / 3 + 1 / 2) / 2)
        self.assertAlmostEqual(value(figures.micro_f1(["a", "b", "c"]), items), 5 / 8)
        self.assertAlmostEqual(value(figures.accuracy(), items), 5 / 8)

    def test_a_label_neither_there_nor_given_counts_as_nought(self):
        self.assertEqual(value(figures.macro_f1(["a", "z"]), one_of([("a", "a")])), 0.5)

    def test_what_was_not_asked_is_no_error(self):
        items = any_of([("xy", "x", "xy"), ("", "xy", "x"), ("x", "x", "x")])
        self.assertAlmostEqual(value(figures.micro_f1(["x", "y"]), items), 4 / (4 + 1 + 1))
        self.assertAlmostEqual(value(figures.f1("y"), items), 0)


class Ranks(unittest.TestCase):
    def test_auc_with_ties(self):
        items = scored([0.1, 0.4, 0.4, 0.8], [False, False, True, True])
        self.assertAlmostEqual(value(figures.MeanAuc(["x"]), items), 3.5 / 4)

    def test_auc_counts_copies(self):
        ranked = [(0, True, 0), (1, False, 1), (2, True, 2)]
        self.assertAlmostEqual(figures.auc(ranked, [1, 1, 3]), 3 / 4)

    def test_one_class_says_nothing(self):
        self.assertEqual(figures.auc([(0, True, 0)], [1]), 0.5)


class Calibration(unittest.TestCase):
    def test_ece(self):
        items = scored([0.05, 0.05, 0.95, 0.95], [False, True, True, True])
        self.assertAlmostEqual(value(figures.ece("x"), items), (2 * abs(0.05 - 0.5) + 2 * 0.05) / 4)

    def test_p_of_one_is_in_the_last_bin(self):
        self.assertAlmostEqual(value(figures.ece("x"), scored([1.0, 0.9], [True, True])), 0.05)

    def test_weights(self):
        items = scored([0.25, 0.25], [True, False])
        items[1]["weights"] = {"x": 3}
        self.assertAlmostEqual(value(figures.ece("x"), items), 0)


class Interval(unittest.TestCase):
    def test_the_same_for_the_same_seed(self):
        items = one_of(ONE_OF * 5)
        first = figures.measure(figures.accuracy(), [items], 7)
        self.assertEqual(first, figures.measure(figures.accuracy(), [items], 7))
        self.assertNotEqual(first[1:], figures.measure(figures.accuracy(), [items], 8, 60)[1:])

    def test_holds_the_value_and_the_truth_of_the_binomial(self):
        items = one_of([("a", "a")] * 80 + [("a", "b")] * 20)
        found, low, high = figures.measure(figures.accuracy(), [items], 1)
        self.assertEqual(found, 0.8)
        self.assertAlmostEqual(low, 0.8 - 1.96 * 0.04, delta=0.015)
        self.assertAlmostEqual(high, 0.8 + 1.96 * 0.04, delta=0.015)

    def test_groups_are_drawn_whole(self):
        pairs = [("a", "a")] * 80 + [("a", "b")] * 20
        alone = figures.measure(figures.accuracy(), [one_of(pairs)], 1)
        grouped = figures.measure(figures.accuracy(), [one_of(pairs, [i // 20 for i in range(100)])], 1)
        self.assertEqual(alone[0], grouped[0])
        self.assertGreater(grouped[2] - grouped[1], 2 * (alone[2] - alone[1]))

    def test_runs_are_averaged(self):
        right, wrong = one_of([("a", "a")]), one_of([("a", "b")])
        self.assertEqual(figures.measure(figures.accuracy(), [right, wrong], 1), (0.5, 0.5, 0.5))


if __name__ == "__main__":
    unittest.main()
