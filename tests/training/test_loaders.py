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
    """Twelve debates of ten comments; each comment under the debate's topics, one in five under another's, too."""
    pages, rows = {}, []
    for debate in range(12):
        for number in range(10):
            ident = f"{debate}-{number}"
            pages[ident] = f"/debate/{debate}"
            for topic in (f"Topic{debate} law", f"thing{debate}"):
                rows.append(common.row("vast", f"{ident}/{topic}", "Some words.", "favor", ident, target=topic))
            if number % 5 == 0:
                rows.append(common.row("vast", f"{ident}/far", "Some words.", "none", ident,
                                       target=f"law topic{(debate + 1) % 12}"))
    return rows, Published(pages)


class Vast(unittest.TestCase):
    def setUp(self):
        rows, published = vast_rows()
        self.rows, self.kept = rows, list(goals.vast_unseen(rows, published))

    def test_no_topic_and_no_comment_in_two_groups(self):
        for what in (lambda item: goals.topic(item["target"]), lambda item: item["id"].split("/")[1]):
            groups = {}
            for item in self.kept:
                groups.setdefault(what(item), set()).add(item["group"])
            self.assertEqual({len(found) for found in groups.values()}, {1})

    def test_only_strays_are_left_out(self):
        left = {item["id"] for item in self.rows} - {item["id"] for item in self.kept}
        self.assertTrue(left)
        self.assertTrue(all(ident.endswith("/far") for ident in left), left)
        self.assertGreater(len({item["group"] for item in self.kept}), 5)

    def test_a_dealt_topic_stays_with_its_comment(self):
        rows, published = vast_rows()
        dealt = [dict(item, original="unrelated") if item["id"].endswith("/far") else item for item in rows]
        kept = list(goals.vast_unseen(dealt, published))
        self.assertEqual(len(kept), len(rows))
        self.assertEqual({item["group"] for item in kept}, {item["group"] for item in self.kept})

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
