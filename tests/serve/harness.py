"""A server to test against: started on a free port with a database of its own, spoken to by the
standard library's HTTP client, ended by SIGTERM and asked for its exit code."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

BUILD = os.environ.get("RETORT_BUILD", "build")
RETORT = os.path.join(BUILD, "retort")
MODELS = os.environ.get("RETORT_MODELS", "models")


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Server:
    """with Server(db, "--option") as server: server.get("/healthz")"""

    def __init__(self, db=None, *options):
        self.directory = tempfile.TemporaryDirectory()
        self.db = db or os.path.join(self.directory.name, "retort.db")
        self.options = list(options)
        self.token = None
        self.cookie = None

    def start(self):
        command = [RETORT, "serve", "-d", self.db, "--models", MODELS, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command + self.options, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://([0-9.]+):(\d+)/", line)
        if not found:
            raise RuntimeError("the server did not start: %r" % line)
        self.host, self.port = found.group(1), int(found.group(2))
        return self

    def stop(self):
        """The exit code after SIGTERM."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *failure):
        code = self.stop()
        self.directory.cleanup()
        if not failure[0] and code != 0:
            raise AssertionError("the server ended with %d" % code)

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **headers):
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        return self.ask("GET", path, headers=headers)

    def sign_in(self, **who):
        """Takes the page's token; with a name, says who is there."""
        self.token = self.get("/api/session").json()["token"]
        if who:
            answer = self.post("/api/session", who)
            cookie = answer.headers.get("Set-Cookie")
            self.cookie = cookie.split(";")[0] if cookie else None
            self.token = answer.json().get("token")
            return answer
        return None

    def post(self, path, value, **headers):
        """A change through /api: JSON, with the page's token."""
        headers.setdefault("Content-Type", "application/json")
        if self.token is None and path.startswith("/api/"):
            self.token = self.get("/api/session").json()["token"]
        if self.token:
            headers.setdefault("X-Retort-Token", self.token)
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        body = value if isinstance(value, (bytes, str)) else json.dumps(value)
        return self.ask("POST", path, body, headers)


def label(db, lines):
    """Stores comments (dictionaries) as `retort label -d` does."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    subprocess.run([RETORT, "label", "-q", "-d", db, "--models", MODELS, "-"], input=text, text=True,
                   check=True, stdout=subprocess.DEVNULL)


def main():
    """Runs a file's cases and prints "N passed, N failed"."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = unittest.TextTestRunner(verbosity=0).run(suite)
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    sys.exit(1 if failed else 0)
