"""Bulks over HTTP: the preview's count, sample and ticket; what has changed is refused; undone whole."""

import json
import unittest

from harness import Server, label, main

LINES = [{"id": str(i), "author": "Ann" if i % 2 else "Bob",
          "text": "Number %d: %s" % (i, "you fool" if i < 12 else "thank you all, the hall is lovely")}
         for i in range(30)]
TOXIC = {"task": "tone", "act": "decide", "labels": ["toxic"]}


class Bulk(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        label(self.server.db, LINES)
        self.server.start()

    def tearDown(self):
        code = self.server.stop()
        self.server.directory.cleanup()
        self.assertEqual(code, 0)

    def post(self, path, body, status=200):
        answer = self.server.post(path, body)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json()

    def preview(self, **what):
        return self.post("/api/bulk/preview", dict(TOXIC, **what))

    def decided(self):
        return self.server.get("/api/counts?task=tone&state=decided").json()["matching"]

    def test_by_filter(self):
        preview = self.preview(filters={"author": "Ann"})
        self.assertEqual((preview["count"], len(preview["sample"])), (15, 10))
        self.assertEqual({item["author"] for item in preview["sample"]}, {"Ann"})
        self.assertEqual(self.decided(), 0)
        body = {"ticket": preview["ticket"], "token": "bulk"}
        done = self.post("/api/bulk", body)
        self.assertEqual((done["count"], self.decided()), (15, 15))
        self.server.kill()
        self.server.start()
        self.server.token = None
        self.assertEqual(self.post("/api/bulk", body), done)
        self.assertEqual(self.decided(), 15)
        self.assertEqual(self.preview(filters={"author": "Ann"})["count"], 0)
        undone = self.post("/api/undo", {})
        self.assertEqual((len(undone["undone"]), self.decided()), (15, 0))

    def test_what_a_preview_takes_its_bulk_takes(self):
        """A ticket is the preview's request as a text, so it is longer."""
        body = json.dumps(dict(TOXIC, comments=[1, 2])) + "\n" * 1000000
        preview = self.post("/api/bulk/preview", body)
        self.assertEqual(self.post("/api/bulk", {"ticket": preview["ticket"], "token": "wide"})["count"], 2)

    def test_by_ids(self):
        preview = self.preview(comments=[3, 1, 3, 2])
        self.assertEqual([item["comment"] for item in preview["sample"]], [1, 2, 3])
        done = self.post("/api/bulk", {"ticket": preview["ticket"]})
        self.assertEqual(done["count"], 3)
        rows = self.server.get("/api/decisions").json()["decisions"]
        self.assertEqual({(row["batch"], row["size"]) for row in rows}, {(done["batch"], 3)})
        self.post("/api/comments/9/decisions", TOXIC)
        rows = self.server.get("/api/decisions?bulks=once").json()["decisions"]
        self.assertEqual([(row["comment"], row["size"]) for row in rows], [(9, 1), (1, 3)])
        rows = rows[1:]
        undone = self.post("/api/decisions/%d/undo" % rows[0]["id"], {})
        self.assertEqual(undone["comments"], [1, 2, 3])

    def test_by_words(self):
        self.assertEqual(self.preview(filters={"q": "fool"})["count"], 12)

    def test_changed_since_the_preview(self):
        preview = self.preview(filters={"author": "Bob"})
        self.post("/api/comments/1/decisions", TOXIC)  # one of them
        error = self.post("/api/bulk", {"ticket": preview["ticket"]}, 409)["error"]
        self.assertEqual(error["status"], "ABORTED")
        self.assertEqual(self.decided(), 1)
        label(self.server.db, [{"id": "new", "author": "Bob", "text": "Late, you fool."}])
        preview = self.preview(filters={"author": "Bob"})
        label(self.server.db, [{"id": "newer", "author": "Bob", "text": "Later."}])
        self.post("/api/bulk", {"ticket": preview["ticket"]}, 409)
        preview = self.preview(comments=[5, 6])
        self.post("/api/comments/5/decisions", TOXIC)
        self.post("/api/bulk", {"ticket": preview["ticket"]}, 409)

    def test_another_task_is_another_set(self):
        for comment in (1, 2, 3):
            self.post("/api/comments/%d/decisions" % comment, TOXIC)
        self.assertEqual(self.preview(filters={})["count"], 27)  # those that wait for their tone
        stance = dict(filters={}, task="stance", labels=["none"])
        self.assertEqual(self.preview(**stance)["count"], 30)

    def test_other_acts(self):
        for act in ("skip", "escalate"):
            body = {"comments": [7, 8], "task": "tone", "act": act}
            ticket = self.post("/api/bulk/preview", body)["ticket"]
            self.assertEqual(self.post("/api/bulk", {"ticket": ticket})["count"], 2)
        escalated = self.server.get("/api/queue?state=escalated").json()["items"]
        self.assertEqual({item["comment"] for item in escalated}, {7, 8})

    def test_refusals(self):
        for body, why in [
            (dict(TOXIC), "either"),
            (dict(TOXIC, comments=[1], filters={}), "either"),
            (dict(TOXIC, comments=[999]), "999"),
            (dict(TOXIC, comments=["1"]), "comments"),
            (dict(TOXIC, comments=[1], labels=["nonsense"]), "label"),
            (dict(TOXIC, filters={"task": "nonsense"}), "nonsense"),
            (dict(TOXIC, filters={"nobody": "1"}), "nobody"),
        ]:
            self.assertIn(why, self.post("/api/bulk/preview", body, 400)["error"]["message"], body)
        good = self.preview(comments=[1])["ticket"]
        for ticket in ["", "x", "0" * 64, "0" * 64 + "[]", "0" * 64 + "{}", good[:-1], good + "x"]:
            self.post("/api/bulk", {"ticket": ticket}, 400)
        self.post("/api/bulk", {"ticket": "0" * 64 + good[64:]}, 409)  # another digest
        self.assertEqual(self.decided(), 0)
        empty = self.preview(filters={"author": "Nobody"})
        self.assertEqual((empty["count"], empty["sample"]), (0, []))
        self.assertEqual(self.post("/api/bulk", {"ticket": empty["ticket"]}), {"count": 0, "batch": None})


if __name__ == "__main__":
    main()
