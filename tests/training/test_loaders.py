"""Loaders on rows and threads written here: what may not stand on both sides, and what is left out."""

import unittest

import base
import common
import goals
import margins
import reply


class Published:
    """ARC as goals.vast_unseen reads it: the debate of each comment."""

    def __init__(self, pages):
        self.exported = [{"id": ident, "url": page} for ident, page in pages.items()]


def vast_rows():
    """Twelve debates of ten comments; each comment under its debate's topics, one in five beside another debate's, too."""
    pages, rows = {}, []
    for debate in range(12):
        for number in range(10):
            ident = f"{debate}-{number}"
            pages[ident] = f"/debate/{debate}"
            for topic in (f"Topic{debate} law", f"thing{debate}"):
                rows.append(common.row("vast", f"{ident}/{topic}", f"Words of {ident}.", "favor", ident, target=topic))
            if number % 5 == 0:
                rows.append(common.row("vast", f"{ident}/dealt", f"Words of {ident}.", "none", ident,
                                       target=f"law topic{(debate + 1) % 12}"))
    return rows, Published(pages)


class Vast(unittest.TestCase):
    def setUp(self):
        self.rows, published = vast_rows()
        self.kept = list(goals.vast_unseen(self.rows, published))

    def test_every_row_once_and_no_topic_in_two_groups(self):
        self.assertEqual([item["id"] for item in self.kept], [item["id"] for item in self.rows])
        groups = {}
        for item in self.kept:
            groups.setdefault(goals.topic(item["target"]), set()).add(item["group"])
        self.assertEqual({len(found) for found in groups.values()}, {1})
        self.assertGreater(len({item["group"] for item in self.kept}), 5)

    def test_a_fold_has_neither_topic_nor_comment_of_its_training_rows(self):
        tested = []
        for number in range(goals.FOLDS):
            train, test = goals.vast_fold(self.kept, number)
            self.assertTrue(train and test)
            for what in (lambda item: goals.topic(item["target"]), lambda item: item["comment"], lambda item: item["text"]):
                self.assertFalse({what(item) for item in train} & {what(item) for item in test})
            tested += [item["id"] for item in test]
        self.assertEqual(sorted(tested), sorted(item["id"] for item in self.rows))

    def test_folds_are_even(self):
        fold = goals.deal({"a": 5, "b": 3, "c": 2, "d": 2, "e": 2, "f": 1})
        self.assertEqual([fold[name] for name in "abcdef"], [0, 1, 2, 3, 4, 2])

    def test_topics_are_compared_without_case_order_and_plural(self):
        self.assertEqual(goals.topic("Gun Laws"), goals.topic("law, guns"))
        self.assertNotEqual(goals.topic("gun law"), goals.topic("tax law"))


class Base(unittest.TestCase):
    def row(self, source, text, verdicts):
        return common.tone(source, "1", text, verdicts)

    def test_labels_stand_under_their_source(self):
        rows = [self.row("x", "One.", {"toxic": True, "insult": False, "threat": None})]
        found = list(base.under("x", rows))[0]
        self.assertEqual((found["label"], found["asked"]), (["x.toxic"], ["x.insult", "x.toxic"]))

    def test_only_named_labels(self):
        rows = [self.row("x", "One.", {"toxic": True, "sarcastic": False}), self.row("x", "Two.", {"toxic": True})]
        found = list(base.under("x", rows, {"sarcastic": "ironic"}))
        self.assertEqual([(item["label"], item["asked"]) for item in found], [([], ["x.ironic"])])

    def test_a_text_of_a_test_is_left_out_whatever_it_is_asked_there(self):
        rows = list(base.under("x", [self.row("x", "You fool!", {"toxic": True})]))
        test = [common.row("t", "1", "you FOOL", "agree", parent_text="What?")]
        self.assertEqual(common.refine(list(rows), [test], 1, base.words)[0], [])
        self.assertEqual(len(common.refine(list(rows), [test], 1)[0]), 1)

    def test_emotions_are_grouped(self):
        on = {name for name, verdict in base.emotion_verdicts(["joy", "anger", "surprise"])({"joy"}).items() if verdict}
        self.assertEqual(on, {"joy", "positive"})

    def test_civil_is_decided_by_its_second_panel(self):
        rating = (False, False, {"insult"}), (False, False, {"insult"}), (True, False, set())
        self.assertEqual(base.civil_verdicts(rating)["toxic"], True)
        self.assertEqual(base.civil_verdicts(rating[2:])["toxic"], False)


class Margins(unittest.TestCase):
    BASE = [{"id": "b/1", "text": "Well, well."}, {"id": "b/2", "text": "No."}]
    JUDGED = [{"id": "b/1", "margins": {"x": 1}}, {"id": "b/2", "margins": {"x": 2}}]

    def test_every_row_of_a_known_text_whatever_its_id(self):
        task = [{"id": "t/1", "text": "well well"}, {"id": "t/2", "text": "Other."}, {"id": "t/3", "text": "Well, well."}]
        self.assertEqual(list(margins.margins(self.BASE, self.JUDGED, task)),
                         [{"id": "t/1", "margins": {"x": 1}}, {"id": "t/3", "margins": {"x": 1}}])

    def test_files_that_do_not_belong_together_are_refused(self):
        with self.assertRaises(ValueError):
            list(margins.margins(self.BASE, self.JUDGED[::-1], [{"id": "t/1", "text": "No."}]))


class Threads(unittest.TestCase):
    def thread(self):
        posts = {"9": reply.Post("Fire!", None, "ann"), "12": reply.Post("Where?", "9", "bob"),
                 "10": reply.Post("Thanks.", "12", "bob"), "11": reply.Post("", "404", None)}
        return {"group": "event", "source": "9", "posts": posts}

    def test_members(self):
        found = reply.thread_row(self.thread(), "10", "none")
        self.assertEqual([found[key] for key in ("thread", "parent", "depth", "same_writer", "parent_text")],
                         ["rumoureval/9", "rumoureval/12", 2, True, "Where?"])
        source = reply.thread_row(self.thread(), "9", "none")
        self.assertEqual((source["depth"], "parent" in source, "parent_text" in source), (0, False, False))

    def test_an_unknown_parent_and_a_post_without_words(self):
        found = reply.thread_row(self.thread(), "11", "none")
        self.assertEqual((found["text"], found["parent_text"], found["depth"]), (" ", " ", 1))

    def test_order_of_writing(self):
        self.assertEqual(sorted(self.thread()["posts"], key=reply.written), ["9", "10", "11", "12"])

    def test_a_circle_ends(self):
        posts = {"1": reply.Post("a", "2", None), "2": reply.Post("b", "1", None)}
        self.assertEqual(reply.depth(posts, "1"), 1)


if __name__ == "__main__":
    unittest.main()
