"""Clients that mean harm, while honest ones go on working: nothing breaks, leaks or hangs. Against the build
with sanitizers, what is read out of bounds or left behind is an error, too."""

import collections
import http.client
import json
import resource
import socket
import threading
import time
import unittest

from harness import Server, label, main
from hostile import Attacker

ANALYZE = "/v1alpha1/comments:analyze"
BODY = {"comment": {"text": "You are an idiot."}, "requestedAttributes": {"TOXICITY": {}}}
LINES = [{"id": str(n), "text": "You fool number %d, where is your source?" % n} for n in range(30)]


class Hostile(unittest.TestCase):
    def work(self, server, ended, said):
        """An honest client: programs that analyse and a page that looks."""
        while not ended.is_set():
            said[server.post(ANALYZE, BODY, Host="localhost").status] += 1
            said[server.get("/api/session").status] += 1
            said[server.get("/healthz").status] += 1

    def test_a_crowd(self):
        with Server() as server:
            label(server.db, LINES)
            server.sign_in()
            ended, honest = threading.Event(), collections.Counter()
            worker = threading.Thread(target=self.work, args=(server, ended, honest))
            worker.start()
            said = Attacker(server.port, 1, server.token).run(1500, 200, 60)
            ended.set()
            worker.join()
            self.assertEqual(list(honest), [200], honest)
            self.assertGreater(honest[200], 20)
            self.assertGreater(said["400"], 100)
            self.assertEqual([status for status in said if status[0] not in "1234n" and status not in ("503", "505")], [], said)
            self.assertEqual(server.get("/healthz").status, 200)

    def test_large_bodies_that_do_not_end_leave_room_for_small_ones(self):
        with Server() as server:
            crowd, large = [], 2 << 20
            head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            for _ in range(140):
                crowd.append(socket.create_connection((server.host, server.port)))
                crowd[-1].sendall((head % (ANALYZE, large)).encode() + b" " * (large - 1))
            for _ in range(100):
                full = server.post(ANALYZE, " " * 1000000 + json.dumps(BODY)).status
                if full == 503:
                    break
                time.sleep(0.1)
            self.assertEqual(full, 503)
            for _ in range(20):
                self.assertEqual(server.post(ANALYZE, BODY).status, 200)
            for connection in crowd:
                connection.close()

    def test_large_answers_that_nobody_takes_leave_room_for_small_ones(self):
        asked = json.dumps({"comment": {"text": "a. " * 6800}, "spanAnnotations": True, "requestedAttributes":
                            {name: {} for name in ("TOXICITY", "INSULT", "THREAT", "PROFANITY", "ANGRY", "POLITE")}})
        head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        with Server() as server:
            crowd = []
            for _ in range(150):
                connection = socket.socket()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.connect((server.host, server.port))
                connection.sendall((head % (ANALYZE, len(asked)) + asked).encode())
                crowd.append(connection)
            for _ in range(100):
                full = server.post(ANALYZE, asked).status
                if full == 503:
                    break
                time.sleep(0.1)
            self.assertEqual(full, 503)
            for _ in range(20):
                self.assertEqual(server.post(ANALYZE, BODY).status, 200)
            for connection in crowd:
                connection.close()

    def test_the_slow_make_room(self):
        """More half-open connections than may be: the newest is served all the same."""
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        with Server() as server:
            crowd = []
            for _ in range(1500):
                crowd.append(socket.create_connection((server.host, server.port)))
                crowd[-1].sendall(b"GET / HTTP/1.1\r\nHost: local")
            # sooner than those that are slow are ended for being slow
            late = http.client.HTTPConnection(server.host, server.port, timeout=10)
            late.request("GET", "/healthz")
            self.assertEqual(late.getresponse().status, 200)
            for connection in crowd:
                connection.close()


if __name__ == "__main__":
    main()
