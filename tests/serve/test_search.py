"""Search: what was stored long ago is read when somebody searches, and to the end while nobody waits."""

import contextlib
import os
import sqlite3
import time
import unittest

from harness import Server, label, main

MANY = 30000  # more than one search reads before it answers


def fill(db):
    """Comments as rows: to label so many would take long, and only their words are wanted."""
    label(db, [{"id": "1", "text": "The first one.", "author": "ann"}])
    with contextlib.closing(sqlite3.connect(db)) as store, store:
        rows = ((os.urandom(32), f"n{i}", f"comment number {i}") for i in range(MANY))
        store.executemany("INSERT INTO comment (identity, source, paged, ordinal, native_id, text)"
                          " VALUES (?, 1, 0, 0, ?, ?)", rows)


class Search(unittest.TestCase):
    def test_words_are_read_to_the_end(self):
        server = Server()
        fill(server.db)
        with server:
            indexed = lambda query: server.get("/api/queue?limit=1" + query).json()["indexed"]
            self.assertEqual(indexed(""), 0)
            first = indexed("&q=first")
            self.assertTrue(0 < first < 1, first)
            for _ in range(600):
                if indexed("") == 1:
                    break
                time.sleep(.05)
            self.assertEqual(indexed(""), 1)

    def test_a_writer_is_not_waited_for(self):
        server = Server()
        fill(server.db)
        with server, contextlib.closing(sqlite3.connect(server.db, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = server.get("/api/queue?q=first").json()
            self.assertEqual((answer["items"], answer["indexed"]), ([], 0))
            other.execute("COMMIT")
            self.assertEqual(len(server.get("/api/queue?q=first").json()["items"]), 1)


if __name__ == "__main__":
    main()
