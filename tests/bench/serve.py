"""Measures `retort serve` on this machine and writes the figures with what they were measured on:

    serve.py RETORT LOAD OUT [--models DIR] [--comments FILE.jsonl] [--part NAME,...]

Parts: start (from exec to the first answer, resident memory), alone (analyses a second, as many as go and at
10,000 a second), busy (the same while two people decide and `retort label` writes 300,000 lines into the same
file), hostile (100,000 requests that mean harm, honest ones alongside), large (the queue of 1,000,000 comments).
Parts that are not named keep the figures that OUT has of them. Everything is bounded in number and time and
stays on 127.0.0.1. Texts are cut from tests/golden/sample.txt, or taken from FILE."""

import argparse
import http.client
import json
import os
import platform
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
ANALYZE = "/v1alpha1/comments:analyze"
ATTRIBUTES = ["TOXICITY", "SEVERE_TOXICITY", "INSULT", "THREAT", "IDENTITY_ATTACK", "PROFANITY", "ANGRY", "SARCASTIC",
              "POLITE", "OBSCENE", "TOXICITY_FAST"]
GOAL, SECONDS = 10000, 15  # analyses a second; how long each measurement takes


# ---- texts ----

def texts(path, n, seed):
    """n comments, their lengths like those of news sites: 30 words in the middle, some ten times that."""
    draw = random.Random(seed)
    if path:
        with open(path, encoding="utf-8") as file:
            found = [json.loads(line)["text"] for line in file]
        return [draw.choice(found)[:3000] for _ in range(n)]
    with open(os.path.join(ROOT, "tests/golden/sample.txt"), encoding="utf-8") as file:
        words = file.read().split()
    made = []
    for _ in range(n):
        length = min(len(words) - 1, max(2, int(draw.lognormvariate(3.3, 0.8))))
        begin = draw.randrange(len(words) - length)
        made.append(" ".join(words[begin:begin + length]))
    return made


def bodies(server, path, directory):
    """A file of requests with ten attributes that this server has."""
    def asks(text, attributes):
        return {"comment": {"text": text}, "requestedAttributes": {name: {} for name in attributes},
                "languages": ["en"], "doNotStore": True}
    known = [name for name in ATTRIBUTES if server.post(ANALYZE, asks("You are wrong.", [name]))[0] == 200][:10]
    assert len(known) == 10, known
    name = os.path.join(directory, "bodies.jsonl")
    with open(name, "w", encoding="utf-8") as file:
        for text in texts(path, 20000, 1):
            file.write(json.dumps(asks(text, known)) + "\n")
    return name


# ---- the server ----

class Server:
    def __init__(self, options, db):
        self.begun = time.monotonic()
        self.process = subprocess.Popen([options.retort, "serve", "-d", db, "--models", options.models, "--listen",
                                         "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline()).group(1))
        self.token = self.get("/api/session")[1]["token"]
        self.ready = time.monotonic() - self.begun

    def ask(self, method, path, value=None, connection=None, headers=()):
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Content-Type": "application/json", **dict(headers)} if value is not None else dict(headers)
        own.request(method, path, json.dumps(value) if value is not None else None, sent)
        answer = own.getresponse()
        body = answer.read()
        if not connection:
            own.close()
        return answer.status, json.loads(body) if body.startswith((b"{", b"[")) else body

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, value, **more):
        return self.ask("POST", path, value, **more)

    def resident(self):
        with open("/proc/%d/status" % self.process.pid) as file:
            return round(int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024, 1)

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid) as file:
            words = file.read().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code


def load(options, server, name, *more):
    before = server.cpu()
    command = [options.load, "--port", str(server.port), "--path", ANALYZE, "--bodies", name, *map(str, more)]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    figures["server_cpu_seconds"] = round(server.cpu() - before, 2)
    return figures


# ---- parts ----

def first_answer(options, db):
    """Milliseconds from exec to the first byte of an answer, asked for as soon as the port is there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.monotonic()
    process = subprocess.Popen([options.retort, "serve", "-q", "-d", db, "--models", options.models, "--listen",
                                "127.0.0.1:%d" % port])
    while time.monotonic() < begun + 30:
        try:
            connection = socket.create_connection(("127.0.0.1", port))
            break
        except ConnectionRefusedError:
            time.sleep(0.0005)
    connection.sendall(b"GET /api/session HTTP/1.1\r\nHost: localhost\r\n\r\n")
    connection.recv(1)
    took = time.monotonic() - begun
    connection.close()
    process.terminate()
    process.wait()
    return took * 1000


def measure_start(options, directory):
    db = os.path.join(directory, "start.db")
    first_answer(options, db)  # makes the file
    times = sorted(first_answer(options, db) for _ in range(20))
    server = Server(options, db)
    time.sleep(1)
    figures = {"first_answer_ms": {"median": round(times[10], 1), "max": round(times[-1], 1)},
               "resident_mb": {"at_rest": server.resident()}}
    server.get("/")
    server.get("/healthz")
    server.post(ANALYZE, {"comment": {"text": "You are wrong."}, "requestedAttributes": {"TOXICITY": {}}})
    figures["resident_mb"]["after_first_requests"] = server.resident()
    server.stop()
    return figures


def measure_alone(options, directory):
    server = Server(options, os.path.join(directory, "alone.db"))
    name = bodies(server, options.comments, directory)
    figures = {"as_fast_as_it_goes": load(options, server, name, "--connections", 16, "--seconds", SECONDS),
               "at_10000": load(options, server, name, "--connections", 64, "--seconds", SECONDS, "--rate", GOAL),
               "resident_mb": server.resident()}
    server.stop()
    return figures


class Reviewer(threading.Thread):
    """Takes what comes next, looks at the words that decided, accepts, thinks a moment."""

    def __init__(self, server, name):
        super().__init__()
        self.server, self.ended, self.times, self.failed, self.n = server, threading.Event(), [], [], 0
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers = {"X-Retort-Token": server.token}
        self.connection.request("POST", "/api/session", json.dumps({"name": name}),
                                {"Content-Type": "application/json", **self.headers})
        answer = self.connection.getresponse()
        self.headers = {"Cookie": answer.headers["Set-Cookie"].split(";")[0],
                        "X-Retort-Token": json.loads(answer.read())["token"]}

    def timed(self, method, path, value=None):
        begun = time.monotonic()
        status, answer = self.server.ask(method, path, value, self.connection, self.headers)
        self.times.append(time.monotonic() - begun)
        if status != 200:
            self.failed.append((path, status, answer))
        return answer

    def run(self):
        done = []
        while not self.ended.is_set():
            comment = self.timed("POST", "/api/next", {"filters": {}, "done": done}).get("comment")
            if not comment:
                break
            done = [comment["id"]]
            label = comment["labels"][0]
            self.timed("GET", "/api/comments/%d/explanations?task=%s" % (comment["id"], label["task"]))
            self.timed("POST", "/api/comments/%d/decisions" % comment["id"],
                       {"task": label["task"], "act": "decide", "labels": label["label"],
                        "token": "%s-%d" % (self.name, self.n)})
            self.n += 1
            self.ended.wait(0.25)


def write_lines(path, found, begin):
    with open(path, "w", encoding="utf-8") as file:
        for n, text in enumerate(found):
            file.write(json.dumps({"id": str(begin + n), "text": text}) + "\n")


def relabel(options, db, path):
    return subprocess.Popen([options.retort, "label", "-q", "-d", db, "--models", options.models, path],
                            stdout=subprocess.DEVNULL)


def percentiles(times):
    times = sorted(times)
    return {"requests": len(times), "p50_ms": round(times[len(times) // 2] * 1000, 2),
            "p99_ms": round(times[int(0.99 * (len(times) - 1))] * 1000, 2), "max_ms": round(times[-1] * 1000, 2)}


def measure_busy(options, directory):
    db, lines = os.path.join(directory, "busy.db"), os.path.join(directory, "lines.jsonl")
    write_lines(lines, texts(options.comments, 20000, 2), 0)
    relabel(options, db, lines).wait()
    write_lines(lines, texts(options.comments, 300000, 3), 20000)
    server = Server(options, db)
    name = bodies(server, options.comments, directory)
    people = [Reviewer(server, who) for who in ("ann", "bob")]
    for person in people:
        person.start()
    time.sleep(1)
    writer, begun, ended = relabel(options, db, lines), time.monotonic(), []
    waiter = threading.Thread(target=lambda: (writer.wait(), ended.append(time.monotonic() - begun)))
    waiter.start()
    figures = {"at_10000": load(options, server, name, "--connections", 64, "--seconds", SECONDS, "--rate", GOAL),
               "relabel_ran_throughout": not ended}
    waiter.join(timeout=300)
    for person in people:
        person.ended.set()
        person.join()
    figures["relabel_seconds"] = round(ended[0], 1)
    figures["reviewers"] = percentiles([took for person in people for took in person.times])
    figures["reviewers"]["decisions"] = sum(person.n for person in people)
    figures["reviewers"]["failed"] = [failed for person in people for failed in person.failed][:3]
    figures["resident_mb"] = server.resident()
    assert writer.returncode == 0 and server.stop() == 0
    return figures


def measure_hostile(options, directory):
    server = Server(options, os.path.join(directory, "hostile.db"))
    name = bodies(server, options.comments, directory)
    before = server.resident()
    command = [sys.executable, os.path.join(ROOT, "tests/serve/hostile.py"), str(server.port), "--requests", "100000",
               "--at-once", "500", "--token", server.token]
    attack = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    honest = load(options, server, name, "--connections", 16, "--seconds", 60, "--rate", 500)
    figures = {"attack": json.loads(attack.communicate(timeout=600)[0]), "honest": honest,
               "resident_mb": {"before": before, "after": server.resident()}}
    time.sleep(2)
    figures["works_afterwards"] = server.get("/healthz")[0] == 200
    figures["exit_code"] = server.stop()
    return figures


def timed_get(server, path):
    begun = time.monotonic()
    status, answer = server.get(path)
    assert status == 200, answer
    return answer, round((time.monotonic() - begun) * 1000, 1)


def measure_large(options, directory):
    db, lines = os.path.join(directory, "large.db"), os.path.join(directory, "lines.jsonl")
    if options.large_db and os.path.exists(options.large_db):
        db = options.large_db
    else:
        write_lines(lines, texts(options.comments, options.large, 4), 0)
        relabel(options, db, lines).wait()
    figures = {"file_mb": round(os.path.getsize(db) / 1e6, 1), "first_answer_ms": round(first_answer(options, db), 1)}
    server = Server(options, db)
    figures["comments"] = server.get("/api/counts")[1]["comments"]
    for name, path in [("queue", "/api/queue"), ("queue_again", "/api/queue"), ("severe", "/api/queue?order=severe"),
                       ("newest", "/api/queue?order=newest"), ("a_label", "/api/queue?task=tone&label=toxic"),
                       ("counts", "/api/counts"), ("search", "/api/queue?q=library"), ("dashboard", "/api/dashboard")]:
        figures[name + "_ms"] = timed_get(server, path)[1]
    begun, next_page = time.monotonic(), "/api/queue"
    for _ in range(10):
        after = timed_get(server, next_page)[0]["next"]
        next_page = "/api/queue?after=" + urllib.parse.quote(after or "")
    figures["ten_pages_on_ms"] = round((time.monotonic() - begun) * 1000, 1)
    figures["resident_mb"] = server.resident()
    server.stop()
    return figures


PARTS = {"start": measure_start, "alone": measure_alone, "busy": measure_busy, "hostile": measure_hostile,
         "large": measure_large}


def machine(options):
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    version = subprocess.run([options.retort, "doctor", "-d", "/nonexistent", "--models", options.models],
                             capture_output=True, text=True).stdout
    return {"processor": model.group(1) if model else platform.machine(), "processors": os.cpu_count(),
            "system": platform.platform(),
            "versions": " ".join(version.split("\n")[:2]).strip()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("retort")
    parser.add_argument("load")
    parser.add_argument("out")
    parser.add_argument("--models", default="models")
    parser.add_argument("--comments")
    parser.add_argument("--large-db")
    parser.add_argument("--large", type=int, default=1000000)
    parser.add_argument("--part", default=",".join(PARTS))
    options = parser.parse_args()
    figures = {}
    if os.path.exists(options.out):
        with open(options.out, encoding="utf-8") as file:
            figures = json.load(file)
    figures["machine"] = machine(options)
    for part in options.part.split(","):
        busy = round(os.getloadavg()[0], 2)  # of other work: on a busy machine the figures say little
        with tempfile.TemporaryDirectory() as directory:
            figures[part] = {"load_average_before": busy, **PARTS[part](options, directory)}
        print(part, json.dumps(figures[part], indent=1), flush=True)
    os.makedirs(os.path.dirname(os.path.abspath(options.out)), exist_ok=True)
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
