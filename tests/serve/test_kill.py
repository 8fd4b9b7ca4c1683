"""A server that is killed at any instant loses no acknowledged decision and stores none twice.

Clients decide, decide in bulk and take back without pause; whatever was not answered is sent again under
the same token. Meanwhile the server is killed (SIGKILL) after random times and started again. At the end
all that clients were told is in the file, once, and the file is sound.

RETORT_KILLS=200 kills so often; RETORT_SEED=7 chooses other instants."""

import http.client
import os
import random
import sqlite3
import threading
import time
import unittest

from harness import Server, label, main

KILLS = int(os.environ.get("RETORT_KILLS", "20"))
SEED = int(os.environ.get("RETORT_SEED", "1"))
N = 200
CLIENTS = 3
LONGEST = 0.12  # seconds that a server lives
LABELS = [[], ["toxic"], ["insult", "toxic"], ["polite"]]


class Client(threading.Thread):
    """Sends one act after another, each until it is answered."""

    def __init__(self, server, number):
        super().__init__()
        self.server, self.number = server, number
        self.random = random.Random(SEED * 1000 + number)
        self.ends = threading.Event()
        self.acknowledged = []  # (token, kind, answer)
        self.resent = 0
        self.failure = None

    def run(self):
        try:
            count = 0
            while not self.ends.is_set():
                count += 1
                self.act("%d-%d-%d" % (SEED, self.number, count))
        except Exception as failure:  # told by the main thread
            self.failure = failure

    def act(self, token):
        chance = self.random.random()
        mine = [answer["decision"]["id"] for _, kind, answer in self.acknowledged if kind == "decide"]
        if chance < 0.05:
            self.bulk(token)
        elif chance < 0.15 and mine:
            path = "/api/decisions/%d/undo" % self.random.choice(mine)
            self.send(token, "undo", path, {"token": token})
        else:
            self.send(token, "decide", "/api/comments/%d/decisions" % self.random.randint(1, N),
                      {"task": "tone", "act": "decide", "labels": self.random.choice(LABELS), "token": token})

    def bulk(self, token):
        some = self.random.sample(range(1, N + 1), 40)
        preview = self.send(None, "preview", "/api/bulk/preview",
                            {"task": "tone", "act": "decide", "labels": ["polite"], "comments": some})
        self.send(token, "bulk", "/api/bulk", {"ticket": preview["ticket"], "token": token})

    def send(self, token, kind, path, body):
        """Until it is answered; what others changed meanwhile (409) is an answer, too."""
        for attempt in range(1000):
            try:
                answer = self.server.post(path, body)
            except (OSError, http.client.HTTPException):
                time.sleep(0.005)
                self.resent += 1
                continue
            if answer.status in (401, 403, 503):  # the token of a server that is gone
                self.server.token = None
                self.resent += 1
                continue
            if answer.status == 409 and kind == "bulk":
                return None
            if answer.status != 200:
                raise AssertionError("%s: %d %s" % (path, answer.status, answer.body))
            if token:
                self.acknowledged.append((token, kind, answer.json()))
            return answer.json()
        raise AssertionError("never answered: " + path)


class Kill(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        label(self.server.db, [{"id": str(i), "text": "Number %d, you fool." % i} for i in range(N)])

    def tearDown(self):
        if self.server.process.poll() is None:
            self.server.kill()
        self.server.directory.cleanup()

    def ask(self, sql):
        connection = sqlite3.connect(self.server.db)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def test_nothing_is_lost_and_nothing_stored_twice(self):
        clients = [Client(self.server, number) for number in range(CLIENTS)]
        chance = random.Random(SEED)
        self.server.start()
        for client in clients:
            client.start()
        for _ in range(KILLS):
            self.live(clients, chance.random() * LONGEST)
            self.server.kill()
            self.server.start()
        for client in clients:
            client.ends.set()
        for client in clients:
            client.join()
        self.assertEqual([client.failure for client in clients], [None] * CLIENTS)
        self.assertEqual(self.server.stop(), 0)
        acknowledged = [one for client in clients for one in client.acknowledged]
        self.assertGreaterEqual(len(acknowledged), KILLS)
        self.assertGreater(sum(client.resent for client in clients), 0)
        self.check_stored(acknowledged)
        self.check_file()

    def live(self, clients, seconds):
        """At least so long, and, on a slow machine, until somebody was answered."""
        answered = lambda: sum(len(client.acknowledged) for client in clients)
        before = answered()
        time.sleep(seconds)
        for _ in range(500):
            if answered() > before or any(client.failure for client in clients):
                return
            time.sleep(0.02)

    def check_stored(self, acknowledged):
        stored = dict(self.ask("SELECT token, id FROM decision WHERE token IS NOT NULL"))
        sizes = dict(self.ask("SELECT batch, count(*) FROM decision WHERE batch IS NOT NULL AND undoes IS NULL"
                              " GROUP BY batch"))
        undone = {row[0] for row in self.ask("SELECT undoes FROM decision WHERE undoes IS NOT NULL")}
        for token, kind, answer in acknowledged:
            if kind == "decide":
                self.assertIsInstance(answer["decision"]["id"], int)
                self.assertEqual(stored.get(token), answer["decision"]["id"], (token, answer))
            elif kind == "bulk":
                self.assertEqual(stored.get(token), answer["batch"], (token, answer))
                self.assertEqual(sizes[answer["batch"]], answer["count"], (token, answer))
            else:
                self.assertLessEqual(set(answer["undone"]), undone, (token, answer))
        tokens = {token for token, _, _ in acknowledged}
        self.assertLessEqual(set(stored), tokens)  # nothing that nobody has sent
        alone = self.ask("SELECT count(*) FROM decision WHERE undoes IS NULL AND batch IS NULL")[0][0]
        self.assertEqual(alone, sum(kind == "decide" for _, kind, _ in acknowledged))

    def check_file(self):
        self.assertEqual(self.ask("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.ask("PRAGMA foreign_key_check"), [])
        counted = self.ask("SELECT state, model, label, count(*) FROM label WHERE state > 0"
                           " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
        tallied = self.ask("SELECT state, model, label, n FROM tally WHERE state > 0 AND model > 0"
                           " AND n <> 0 ORDER BY 1, 2, 3")
        self.assertEqual(tallied, counted)


if __name__ == "__main__":
    main()
