"""Decisions over HTTP: sent twice and stored once, undone, in the history; who has what before them."""

import os
import resource
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

from harness import Server, label, main

LINES = [{"id": str(i), "text": "Comment number %d, you fool." % i} for i in range(12)]


def fill(server):
    label(server.db, LINES)


def toxic(token=None, **more):
    word = {"task": "tone", "act": "decide", "labels": ["toxic"]}
    return dict(word, **({"token": token} if token else {}), **more)


def ask(db, sql):
    connection = sqlite3.connect(db)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


class Moved(unittest.TestCase):
    def test_what_a_lost_file_would_take_is_refused(self):
        """Moved away, or another put in its place: no worker writes to either, also none that had not opened it."""
        with Server() as server:
            fill(server)
            server.sign_in()
            os.rename(server.db, server.db + ".aside")
            for other in (False, True):
                if other:
                    open(server.db, "w").close()
                for n in range(8):
                    answer = server.post("/api/comments/1/decisions", toxic("t%d" % n))
                    self.assertEqual((answer.status, answer.json()["error"]["status"]), (503, "UNAVAILABLE"))
                self.assertEqual(server.get("/healthz").status, 503)
            os.rename(server.db + ".aside", server.db)
            self.assertEqual(server.post("/api/comments/1/decisions", toxic("t1")).status, 200)


class Served(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        fill(self.server)
        self.server.start()

    def tearDown(self):
        code = self.server.stop()
        self.server.directory.cleanup()
        self.assertEqual(code, 0)

    def decide(self, comment, body, status=200):
        answer = self.server.post("/api/comments/%d/decisions" % comment, body)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json()

    def refused_for_now(self):
        """503 to all that writes, while what is read is answered."""
        for path, body in [("/api/comments/1/decisions", toxic("later")), ("/api/undo", {"token": "back"})]:
            answer = self.server.post(path, body)
            self.assertEqual((answer.status, answer.json()["error"]["status"]), (503, "UNAVAILABLE"), answer.body)
        preview = self.server.post("/api/bulk/preview", toxic(comments=list(range(1, 13))))
        answer = self.server.post("/api/bulk", {"ticket": preview.json()["ticket"], "token": "many"})
        self.assertEqual(answer.status, 503, answer.body)
        for path in ("/api/queue", "/api/comments/1", "/api/decisions", "/api/dashboard", "/healthz"):
            self.assertEqual(self.server.get(path).status, 200, path)

    def stored_after_all(self):
        self.decide(1, toxic("later"))
        self.decide(1, toxic("later"))
        self.assertEqual(ask(self.server.db, "SELECT count(*) FROM decision WHERE token = 'later'"), [(1,)])
        self.assertEqual(ask(self.server.db, "PRAGMA integrity_check"), [("ok",)])


class Decisions(Served):
    def test_an_act_sent_twice_is_stored_once_and_answers_the_same(self):
        first = self.decide(1, toxic("one"))
        self.assertEqual(self.decide(1, toxic("one")), first)
        self.server.kill()
        self.server.start()
        self.server.token = None
        self.assertEqual(self.decide(1, toxic("one")), first)
        self.assertEqual(ask(self.server.db, "SELECT count(*) FROM decision"), [(1,)])
        self.assertIn("token", self.decide(2, toxic("one"), 400)["error"]["message"])

    def test_the_same_act_from_many_at_once(self):
        self.server.get("/api/session")
        answers = []

        def send():
            answers.append(self.server.post("/api/comments/1/decisions", toxic("same")).json())

        self.server.post("/api/undo", {})  # takes the page's token
        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({answer["decision"]["id"] for answer in answers}, {1})
        self.assertEqual(ask(self.server.db, "SELECT count(*) FROM decision"), [(1,)])

    def test_via_and_what_was_seen(self):
        decision = self.decide(3, toxic())["decision"]
        self.assertEqual(decision["via"], "page")
        self.assertIsNotNone(decision["shown"])
        self.assertEqual(decision["kind"], "accept" if decision["shown"] == ["toxic"] else "correct")

    def test_undo_and_history(self):
        made = [self.decide(i, toxic())["decision"]["id"] for i in (1, 2, 3)]
        self.assertEqual(self.server.post("/api/undo", {}).json(), {"undone": [made[2]], "comments": [3]})
        answer = self.server.post("/api/decisions/%d/undo" % made[0], {"token": "back"}).json()
        self.assertEqual(answer, {"undone": [made[0]], "comments": [1]})
        again = self.server.post("/api/decisions/%d/undo" % made[0], {"token": "back"}).json()
        self.assertEqual(again, answer)
        rows = self.server.get("/api/decisions").json()["decisions"]
        self.assertEqual([row["kind"] == "undo" for row in rows], [True, True, False, False, False])
        self.assertEqual([row["undone"] for row in rows if row["kind"] != "undo"], [True, False, True])
        self.assertEqual(rows[0]["excerpt"], "Comment number 0, you fool.")
        page = self.server.get("/api/decisions?limit=2&before=%d" % rows[1]["id"]).json()["decisions"]
        self.assertEqual([row["id"] for row in page], [made[2], made[1]])
        self.assertEqual(self.server.get("/api/decisions?reviewer=nobody").json(), {"decisions": []})

    def test_refusals(self):
        for comment, body, status, why in [
            (999, toxic(), 404, "999"),
            (1, toxic(task="nonsense"), 400, "nonsense"),
            (1, toxic(labels=["nonsense"]), 400, "label"),
            (1, toxic(act="nonsense"), 400, "act"),
            (1, toxic(labels=None), 400, "labels"),
            (1, {"task": "stance", "act": "decide", "labels": []}, 400, "exactly one"),
            (1, {"task": "stance", "act": "decide"}, 400, "labels"),
            (1, {"task": "stance", "act": "skip", "labels": ["none"]}, 400, "labels"),
            (1, {"task": "stance", "act": "note"}, 400, "note"),
        ]:
            self.assertIn(why, self.decide(comment, body, status)["error"]["message"], body)
        self.assertEqual(self.server.post("/api/decisions/77/undo", {}).status, 404)
        self.assertEqual(self.server.post("/api/undo", {}).json(), {"undone": [], "comments": []})

    def test_locked_database_is_503_and_the_act_is_stored_when_sent_again(self):
        holder = sqlite3.connect(self.server.db, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        answer = self.server.post("/api/comments/1/decisions", toxic("later"))
        self.assertEqual(answer.status, 503)
        self.assertIn("locked", answer.json()["error"]["message"])
        self.assertEqual(self.server.get("/api/decisions").json(), {"decisions": []})
        holder.execute("ROLLBACK")
        holder.close()
        self.decide(1, toxic("later"))
        self.assertEqual(ask(self.server.db, "SELECT count(*) FROM decision"), [(1,)])

    def test_reading_does_not_wait_for_those_who_wait_to_write(self):
        holder = sqlite3.connect(self.server.db, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        self.server.post("/api/lease", {"comment": 1, "hold": False})  # takes the page's token
        statuses = []

        def send(comment):
            statuses.append(self.server.post("/api/comments/%d/decisions" % comment, toxic()).status)

        threads = [threading.Thread(target=send, args=(comment,)) for comment in range(1, 9)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)  # for them to come in
        self.assertEqual(self.server.get("/api/comments/1").status, 200)
        self.assertEqual(statuses, [])  # all of them still wait
        holder.execute("ROLLBACK")
        holder.close()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 8)

    def test_a_file_at_its_limit(self):
        self.decide(2, toxic())
        sizes = [os.path.getsize(self.server.db + end) for end in ("", "-wal")]
        unlimited = resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (min(sizes), unlimited[1]))
        self.refused_for_now()
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, unlimited)
        self.stored_after_all()


class FullDisk(Served):
    """The same server on a disk of four megabytes, where one may be mounted."""

    def setUp(self):
        self.disk = tempfile.mkdtemp()
        mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", self.disk]
        if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
            os.rmdir(self.disk)
            self.skipTest("no disk can be mounted here")
        self.server = Server(os.path.join(self.disk, "retort.db"))
        fill(self.server)
        self.server.start()

    def tearDown(self):
        super().tearDown()
        subprocess.run(["umount", self.disk], check=True)
        os.rmdir(self.disk)

    def test_a_full_disk(self):
        self.decide(2, toxic())
        with open(os.path.join(self.disk, "filler"), "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                pass
        self.refused_for_now()
        os.unlink(os.path.join(self.disk, "filler"))
        self.stored_after_all()


if __name__ == "__main__":
    main()
