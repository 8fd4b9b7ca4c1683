"""The front: addresses, methods, headers, sizes, lengths, what is counted, and a clean end."""

import contextlib
import http.client
import os
import re
import signal
import socket
import sqlite3
import tempfile
import threading
import time
import unittest

from harness import Server, label, main

ANALYZE = "/v1alpha1/comments:analyze"
BODY = b'{"comment":{"text":"You are an idiot."},"requestedAttributes":{"TOXICITY":{}}}'
HEAD = b"POST " + ANALYZE.encode() + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def raw(server, *pieces, answers=1):
    """Sends bytes as they are; the statuses of what comes back."""
    with socket.create_connection((server.host, server.port), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece)
        statuses, kept = [], connection.makefile("rb")
        for _ in range(answers):
            words = kept.readline().split()
            statuses.append(int(words[1]) if words else None)
            length = 0
            while (line := kept.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            kept.read(length)
        return statuses


class Front(unittest.TestCase):
    def test_page_and_assets(self):
        with Server() as server:
            page = server.get("/")
            self.assertEqual(page.status, 200)
            self.assertEqual(page.headers["Content-Type"], "text/html; charset=utf-8")
            self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
            again = server.get("/", **{"If-None-Match": page.headers["ETag"]})
            self.assertEqual((again.status, again.body), (304, b""))
            self.assertEqual(server.get("/assets/none.js").status, 404)
            lost = server.get("/nowhere", Accept="text/html,*/*;q=0.8")
            self.assertEqual((lost.status, lost.headers["Content-Type"]), (404, "text/html; charset=utf-8"))
            self.assertIn("script-src 'self'", lost.headers["Content-Security-Policy"])
            self.assertEqual(lost.body, server.get("/").body)

    def test_every_answer_is_guarded(self):
        with Server() as server:
            for path in ["/", "/assets/none.js", "/api/session", "/nowhere", "/metrics", "/healthz"]:
                headers = server.get(path).headers
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff", path)
                self.assertEqual(headers["Referrer-Policy"], "no-referrer", path)
                self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"], path)
                self.assertNotIn("unsafe", headers["Content-Security-Policy"], path)
                self.assertIsNone(headers["Access-Control-Allow-Origin"], path)
            self.assertEqual(server.get("/api/session").headers["Cache-Control"], "no-store")

    def test_errors_have_one_shape(self):
        with Server() as server:
            for method, path, wanted in [("GET", "/nowhere", 404), ("POST", "/healthz", 405), ("PUT", "/", 405),
                                         ("OPTIONS", "/healthz", 405)]:
                answer = server.ask(method, path)
                self.assertEqual(answer.status, wanted)
                error = answer.json()["error"]
                self.assertEqual(error["code"], wanted)
                self.assertEqual(sorted(error), ["code", "details", "message", "status"])
            self.assertEqual(answer.headers["Allow"], "GET")
            head = server.ask("HEAD", "/healthz")
            self.assertEqual((head.status, head.body), (200, b""))

    def test_store_is_read_on_a_worker(self):
        with Server() as server:
            self.assertEqual(server.get("/healthz").json(), {"status": "ok"})

    def test_a_store_that_cannot_be_read_is_unwell(self):
        with tempfile.TemporaryDirectory() as directory:
            db = os.path.join(directory, "x.db")
            with Server(db) as server:
                with open(db, "r+b") as file:
                    file.write(b"x" * 4096)
                answer = server.get("/healthz")
                self.assertEqual((answer.status, answer.json()["error"]["status"]), (503, "UNAVAILABLE"))


class Sizes(unittest.TestCase):
    def test_too_large(self):
        with Server() as server:
            self.assertEqual(server.get("/queue?q=" + "a" * 100000).status, 414)
            self.assertEqual(server.get("/", X="y" * 100000).status, 431)
            length = HEAD + b"Content-Length: 99999999\r\n\r\n"
            self.assertEqual(raw(server, length), [413])
            chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
            said = raw(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk, chunk, chunk, b"0\r\n\r\n")
            self.assertEqual(said, [413])

    def test_a_body_without_end_is_hung_up_on(self):
        with Server() as server, socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
            chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
            with self.assertRaises(OSError):
                for _ in range(1000):
                    connection.sendall(chunk)

    def test_lengths_that_contradict(self):
        with Server() as server:
            length, chunked = b"Content-Length: %d\r\n" % len(BODY), b"Transfer-Encoding: chunked\r\n"
            chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
            for headers, body, wanted in [(length, BODY, 200), (chunked, chunks, 200), (length + length, BODY, 400),
                                          (length + b"Content-Length: 1\r\n", BODY, 400), (length + chunked, chunks, 400),
                                          (chunked + chunked, chunks, 400), (b"Transfer-Encoding: gzip, chunked\r\n", chunks, 400),
                                          (b"Transfer-Encoding: identity\r\n", BODY, 400), (b"Content-Length: x\r\n", BODY, 400),
                                          (b"Content-Length: -1\r\n", BODY, 400), (b"Host: evil\r\n" + length, BODY, 400),
                                          (b"", b"", 400)]:
                with self.subTest(headers):
                    said = raw(server, HEAD + headers + b"\r\n" + body)
                    self.assertEqual(said, [wanted])
            self.assertEqual(raw(server, b"GET / HTTP/1.1\r\n\r\n"), [400])
            self.assertEqual(raw(server, b"GET / HTTP/1.0\r\n\r\n"), [400])

    def test_pipelined_requests_are_answered_in_order(self):
        with Server() as server:
            one = HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
            other = b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"
            wrong = b"POST /api/undo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
            last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            said = raw(server, one + other + one + wrong + last, answers=5)
            self.assertEqual(said, [200, 404, 200, 415, 200])


class Counts(unittest.TestCase):
    def numbers(self, server):
        time.sleep(0.2)  # an answer is counted just after it was sent
        text = server.get("/metrics").body.decode()
        return {name: float(value) for name, value in re.findall(r"^([^#]\S*) (\S+)$", text, re.M)}

    def test_what_was_done_is_counted(self):
        with Server() as server:
            self.assertEqual(server.get("/metrics").headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
            for _ in range(5):
                server.ask("POST", ANALYZE, BODY, {"Content-Type": "application/json"})
            server.get("/nowhere")
            numbers = self.numbers(server)
            labels = '{method="POST",route="%s"' % ANALYZE
            self.assertEqual(numbers["retort_http_requests_total" + labels + ',code="200"}'], 5)
            self.assertEqual(numbers["retort_http_request_duration_seconds_count" + labels + "}"], 5)
            self.assertEqual(numbers["retort_http_request_duration_seconds_bucket" + labels + ',le="+Inf"}'], 5)
            self.assertEqual(numbers['retort_http_requests_total{method="",route="none",code="404"}'], 1)
            self.assertEqual(numbers["retort_comments_labelled_total"], 5)
            self.assertGreaterEqual(numbers["retort_connections"], 1)
            self.assertGreater(numbers["process_resident_memory_bytes"], 1e6)

    def test_buckets_only_grow(self):
        with Server() as server:
            server.get("/healthz")
            self.numbers(server)
            text = server.get("/metrics").body.decode()
            self.assertTrue(text.endswith("\n"))
            buckets = [int(n) for n in re.findall(r'_bucket\{method="GET",route="/healthz",le="[^"]+"\} (\d+)', text)]
            self.assertEqual(buckets, sorted(buckets))
            self.assertEqual(buckets[-1], 1)

    def test_decisions_are_counted(self):
        with Server() as server:
            label(server.db, [{"id": "1", "text": "You fool."}])
            answer = server.post("/api/comments/1/decisions", {"task": "tone", "act": "decide", "labels": ["toxic"], "token": "t"})
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual(self.numbers(server)["retort_decisions_total"], 1)


class End(unittest.TestCase):
    def test_signals_end_it(self):
        for number in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]:
            server = Server().start()
            server.get("/")
            server.process.send_signal(number)
            self.assertEqual(server.process.wait(timeout=30), 0)
            server.process.stdout.close()

    def test_what_has_begun_is_finished(self):
        with tempfile.TemporaryDirectory() as directory:
            server = Server(os.path.join(directory, "x.db")).start()
            label(server.db, [{"id": str(n), "text": "You fool %d." % n} for n in range(20)])
            server.sign_in()
            done = []

            def decide(n):
                try:
                    answer = server.post("/api/comments/%d/decisions" % n,
                                         {"task": "tone", "act": "decide", "labels": ["toxic"], "token": str(n)})
                    done.append(answer.status == 200)
                except (OSError, http.client.HTTPException):
                    pass  # not accepted any more

            threads = [threading.Thread(target=decide, args=(n,)) for n in range(1, 21)]
            for thread in threads:
                thread.start()
            time.sleep(0.02)
            self.assertEqual(server.stop(), 0)
            for thread in threads:
                thread.join()
            with contextlib.closing(sqlite3.connect(server.db)) as kept:
                self.assertGreaterEqual(kept.execute("SELECT count(*) FROM decision").fetchone()[0], sum(done))

    def test_idle_and_half_open_connections_do_not_hold_it(self):
        server = Server().start()
        held = [socket.create_connection((server.host, server.port)) for _ in range(3)]
        held[1].sendall(b"GET / HTTP/1.1\r\nHos")
        held[2].sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        begun = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - begun, 20)
        for connection in held:
            connection.close()


if __name__ == "__main__":
    main()
