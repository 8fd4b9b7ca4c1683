"""The table of quality: what is joined, what is kept, what is told; no model is trained here."""

import json
import os
import tempfile
import types
import unittest

import quality
import rows


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def put(self, name, rows):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        return self.path(name)


class Items(Folder):
    TRUTH = [{"id": "1", "label": ["x"], "asked": ["x", "y"], "thread": "t"}, {"id": 2, "label": "a", "thread": "u"}]
    FOUND = [{"id": "1", "label": [], "margins": {"x": -1}, "p": {"x": 0.2}},
             {"id": 2, "label": "a", "margins": {"x": 1}, "p": {"x": 0.7}, "weights": {"x": 3}}]

    def test_truth_and_prediction_are_joined(self):
        items = quality.read_items([self.put("t", self.TRUTH)], self.put("f", self.FOUND), "thread")
        self.assertEqual([(item["truth"], item["given"], item["asked"], item["group"], item["weights"]) for item in items],
                         [({"x"}, set(), {"x", "y"}, "t", {}), ({"a"}, {"a"}, None, "u", {"x": 3})])

    def test_other_items_are_refused(self):
        for found in (self.FOUND[:1], self.FOUND[::-1], self.FOUND + self.FOUND):
            with self.assertRaises(quality.Failed):
                quality.read_items([self.put("t", self.TRUTH)], self.put("f", found), "thread")


class Table(Folder):
    def setUp(self):
        super().setUp()
        with open(self.path("recipe"), "w", encoding="utf-8") as file:
            file.write("words=1\n")

    def measuring(self, commit="c0ffee", again=False):
        options = types.SimpleNamespace(retort="build/retort", work=self.path("work"), results=self.path("results"),
                                        threads=2, again=again)
        measuring = quality.Measuring(options)
        measuring.commit = commit
        measuring.recipe = lambda name: self.path("recipe")
        return measuring

    def lines(self, measuring, row):
        return [measuring.line(row, metric, {"value": "0.7000", "low": "0.6000", "high": "0.8000", "n": "9"})
                for metric in row.metrics]

    def test_written_and_read(self):
        measuring = self.measuring()
        lines = [line for row in rows.ROWS[::-1] for line in self.lines(measuring, row)]
        quality.write_table(measuring.table, lines + [dict.fromkeys(quality.HEADER, "gone")])
        with open(measuring.table, encoding="utf-8") as file:
            self.assertEqual(file.readline(), "set\tmetric\tvalue\tlow\thigh\tgoal\tn\tseed\tcommit\tcommand\n")
        found = quality.read_table(measuring.table)
        order = [(row.set, metric.name) for row in rows.ROWS for metric in row.metrics]
        self.assertEqual([(line["set"], line["metric"]) for line in found], order)
        self.assertTrue(all(line in lines for line in found))

    def test_kept_only_if_commit_and_command_are_the_same(self):
        row, measuring = rows.ROWS[0], self.measuring()
        lines = self.lines(measuring, row)
        self.assertEqual(measuring.kept(row, lines), lines)
        self.assertIsNone(self.measuring("other").kept(row, lines))
        self.assertIsNone(measuring.kept(row, [dict(line, command="x") for line in lines]))
        self.assertIsNone(measuring.kept(row, lines[1:]))
        changed = self.measuring("c0ffee+")
        self.assertIsNone(changed.kept(row, self.lines(changed, row)))

    def test_a_recipe_that_stacks_makes_its_base_first(self):
        row, measuring = rows.ROWS[0], self.measuring()
        self.assertNotIn("--base", measuring.commands(row, rows.parts(row, 1)[0])[0][0])
        with open(self.path("recipe"), "a", encoding="utf-8") as file:
            file.write("stack=1\n")
        self.assertIn("--base", measuring.commands(row, rows.parts(row, 1)[0])[0][0])
        command = self.lines(measuring, row)[0]["command"]
        self.assertLess(command.index("--task base"), command.index("--task stance"))

    def test_what_serves_several_rows_is_made_once_a_commit(self):
        ran = []
        run, quality.run = quality.run, lambda command, output: ran.append(command)
        self.addCleanup(setattr, quality, "run", run)
        for commit, again, wanted in (("a", False, 1), ("a", False, 1), ("b", False, 2), ("b", True, 3), ("b+", False, 4),
                                      ("b+", False, 5)):
            measuring = self.measuring(commit, again)
            measuring.make(["train"], None)
            measuring.make(["train"], None)
            self.assertEqual(len(ran), wanted, (commit, again))

    def test_goals(self):
        self.assertTrue(quality.reached({"value": "0.6950", "goal": ">= .695"}))
        self.assertFalse(quality.reached({"value": "0.6949", "goal": ">= .695"}))
        self.assertTrue(quality.reached({"value": "0.0300", "goal": "<= .03"}))
        self.assertFalse(quality.reached({"value": "0.0301", "goal": "<= .03"}))

    def test_what_a_recipe_reads_of_a_base(self):
        for text, margins, vectors in (("words=1 # stack=1\n", False, False), ("stack=1", True, False),
                                       ("stack_parent=1 kin_scale=0.5", True, True), ("stack=0 topic_scale=0", False, False)):
            with open(self.path("r"), "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual((quality.reads(self.path("r"), quality.MARGINS),
                              quality.reads(self.path("r"), quality.VECTORS)), (margins, vectors), text)

    def test_folds_are_parts(self):
        row = next(row for row in rows.ROWS if row.set == "vast_unseen")
        self.assertEqual([(part.train, part.test) for part in rows.parts(row, 1)][4],
                         (["bench.vast_train4"], "bench.vast_test4"))
        whole = next(row for row in rows.ROWS if "{}" not in str(row.test))
        self.assertEqual(len(rows.parts(whole, 1)), 1)

    def test_every_row_has_its_goal_and_no_two_are_the_same(self):
        names = [(row.set, metric.name) for row in rows.ROWS for metric in row.metrics]
        self.assertEqual(len(names), len(set(names)))
        self.assertTrue(all(row.base in rows.BASES or row.base is None for row in rows.ROWS))


if __name__ == "__main__":
    unittest.main()
