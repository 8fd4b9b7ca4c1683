"""Two reviewers at once: never the same comment before both."""

import copy
import sqlite3
import subprocess
import threading
import unittest

from harness import RETORT, Server, label, main

N = 40
LINES = [{"id": str(i), "text": "Number %d of many, you %s." % (i, "fool" if i % 3 else "angel")} for i in range(N)]


class Next(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        label(self.server.db, LINES)
        self.server.start()
        self.ann, self.bob = self.person("ann"), self.person("bob")

    def tearDown(self):
        code = self.server.stop()
        self.server.directory.cleanup()
        self.assertEqual(code, 0)

    def person(self, name):
        person = copy.copy(self.server)
        person.sign_in(name=name)
        return person

    def next(self, person, **body):
        answer = person.post("/api/next", body)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def lease(self, person, comment, hold, status=200):
        answer = person.post("/api/lease", {"comment": comment, "hold": hold})
        self.assertEqual(answer.status, status, answer.body)
        return answer.json()

    def test_each_has_another(self):
        first = self.next(self.ann, filters={"task": "tone"})
        second = self.next(self.bob, filters={"task": "tone"})
        self.assertNotEqual(first["comment"]["id"], second["comment"]["id"])
        self.assertEqual((first["task"], first["left"]), ("tone", N - 1))
        self.assertEqual((first["comment"]["held_by"], second["comment"]["held_by"]), ("ann", "bob"))
        again = self.next(self.ann, filters={"task": "tone"})  # gave hers back, and it is best
        self.assertEqual(again["comment"]["id"], first["comment"]["id"])
        other = self.next(self.ann, filters={"task": "tone"}, done=[first["comment"]["id"]])
        self.assertNotIn(other["comment"]["id"], (first["comment"]["id"], second["comment"]["id"]))
        kept = self.next(self.ann, filters={"task": "tone"}, keep=[other["comment"]["id"]])
        self.assertNotEqual(kept["comment"]["id"], other["comment"]["id"])
        self.assertEqual(self.lease(self.ann, other["comment"]["id"], True)["held_by"], "ann")

    def test_a_sample_is_served_as_it_was_drawn(self):
        subprocess.run([RETORT, "sample", "-d", self.server.db, "--task", "tone", "--n", "8"],
                       check=True, stdout=subprocess.DEVNULL)
        drawn = self.sql("SELECT comment FROM selection WHERE draw = 1")
        listed = self.ann.get("/api/queue?draw=1").json()["items"]
        self.assertEqual(sorted(item["comment"] for item in listed), sorted(drawn))
        self.assertEqual({item["task"] for item in listed}, {"tone"})
        self.assertEqual(self.ann.get("/api/counts?draw=1").json()["matching"], 8)
        for item in listed:  # two work it off, in its order
            given = self.next(self.ann, filters={"draw": "1", "order": "worth"})
            self.assertEqual(given["comment"]["id"], item["comment"])
            answer = self.ann.post("/api/comments/%d/decisions" % item["comment"],
                                   {"task": "tone", "act": "decide", "labels": [], "token": "t%d" % item["comment"]})
            self.assertEqual(answer.status, 200, answer.body)
        self.assertIsNone(self.next(self.bob, filters={"draw": "1"})["comment"])
        self.assertEqual(self.sql("SELECT d.comment = s.comment AND s.draw = 1 FROM decision d"
                                  " LEFT JOIN selection s ON s.id = d.selection"), [1] * 8)
        self.assertEqual(self.sql("SELECT count(*) FROM draw"), [1])
        for query in ("draw=2", "draw=0", "draw=1&label=toxic", "draw=1&q=many", "draw=1&task=stance"):
            self.assertEqual(self.ann.get("/api/queue?" + query).status, 400, query)
        self.assertEqual(len(self.ann.get("/api/queue?draw=1&state=decided&task=tone").json()["items"]), 8)

    def sql(self, statement):
        database = sqlite3.connect(self.server.db)
        rows = [row[0] for row in database.execute(statement)]
        database.close()
        return rows

    def test_take_renew_give_back(self):
        self.assertEqual(self.lease(self.ann, 5, True), {"held_by": "ann"})
        self.assertEqual(self.lease(self.ann, 5, True), {"held_by": "ann"})
        self.assertIn("ann", self.lease(self.bob, 5, True, 409)["error"]["message"])
        self.assertEqual(self.lease(self.bob, 5, False), {"held_by": "ann"})
        self.assertEqual(self.lease(self.ann, 5, False), {"held_by": None})
        self.assertEqual(self.lease(self.bob, 5, True), {"held_by": "bob"})
        self.assertEqual(self.server.get("/api/comments/5").json()["held_by"], "bob")
        self.lease(self.bob, 999, True, 404)

    def test_skipped_do_not_come_again(self):
        first = self.next(self.ann)["comment"]["id"]
        for task in ("tone", "stance", "reply"):
            self.ann.post("/api/comments/%d/decisions" % first, {"task": task, "act": "skip"})
        self.assertNotEqual(self.next(self.ann)["comment"]["id"], first)
        self.assertEqual(self.next(self.bob)["comment"]["id"], first)

    def test_chance_is_recorded(self):
        filters = {"task": "tone", "order": "random", "seed": "3"}
        drawn = self.next(self.ann, filters=filters)["comment"]["id"]
        word = {"task": "tone", "act": "decide", "labels": []}
        self.ann.post("/api/comments/%d/decisions" % drawn, word)
        connection = sqlite3.connect(self.server.db)
        rows = connection.execute("SELECT d.comment, s.probability, w.population, w.seed FROM decision d"
                                  " JOIN selection s ON s.id = d.selection JOIN draw w ON w.id = s.draw").fetchall()
        connection.close()
        self.assertEqual(rows, [(drawn, 1 / N, N, 3)])

    def test_two_work_the_queue_off(self):
        """Each comment is judged once, nobody is given what another has, and at last there is none."""
        held, judged, wrong = {}, [], []
        mutex = threading.Lock()

        def work(person, name):
            done = None
            while True:
                given = self.next(person, filters={"task": "tone"}, done=[done] if done else [])
                if given["comment"] is None:
                    with mutex:
                        held.pop(name, None)
                    if given["left"] == 0:
                        return
                    continue  # the other has the last
                comment = given["comment"]["id"]
                with mutex:
                    if comment in held.values() and held.get(name) != comment:
                        wrong.append(comment)
                    if comment in judged:
                        wrong.append(comment)
                    held[name] = comment
                person.post("/api/comments/%d/decisions" % comment,
                            {"task": "tone", "act": "decide", "labels": []})
                with mutex:
                    judged.append(comment)
                    held.pop(name, None)
                done = comment

        threads = [threading.Thread(target=work, args=pair)
                   for pair in ((self.ann, "ann"), (self.bob, "bob"), (self.person("eve"), "eve"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertEqual(sorted(judged), list(range(1, N + 1)))


if __name__ == "__main__":
    main()
