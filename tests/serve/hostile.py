"""A client that means harm: requests that are malformed, huge, slow, half-open, pipelined or abandoned,
the same ones for the same seed. Run by itself it attacks a server and prints what came of it:

    hostile.py PORT [--requests N] [--seed N] [--at-once N]

Always bounded in number and time; never leaves 127.0.0.1."""

import argparse
import collections
import json
import random
import selectors
import socket
import struct
import time

PATHS = ["/", "/queue?order=worth", "/api/session", "/api/tasks", "/api/queue?limit=5", "/api/counts", "/api/next",
         "/api/lease", "/api/comments/1", "/api/comments/1/decisions", "/api/decisions", "/api/undo", "/api/bulk",
         "/api/bulk/preview", "/api/dashboard", "/api/pages", "/api/pages/1", "/api/pages/1/corrections",
         "/api/corrections/1/undo", "/api/openapi.json", "/metrics", "/healthz", "/v1alpha1/comments:analyze",
         "/v1alpha1/comments:suggestscore", "/$discovery/rest?version=v1alpha1", "/assets/none.js"]
BODIES = [b'{"comment":{"text":"You are an idiot."},"requestedAttributes":{"TOXICITY":{}}}',
          b'{"comment":{"text":"No."},"attributeScores":{"TOXICITY":{"summaryScore":{"value":1}}}}',
          b'{"filters":{},"done":[1,2,3]}', b'{"comment":1,"hold":true}', b'{"name":"zoe","password":"x"}',
          b'{"task":"tone","act":"decide","labels":["toxic"],"token":"t"}', b"{}",
          b'{"split":1,"operations":[{"op":"cut","line":2}],"token":"t"}', b'{"name":"p","text":"One.\\nTwo.\\n"}']
WORDS = [b"null", b"true", b"-1", b"1e999", b"0", b'""', b"[]", b"{}", b'"\\u0000"', b'"\\ud800"', b'"\xff\xfe"',
         b"99999999999999999999", b"[" * 3000, b'{"a":' * 3000, b'"' + b"x" * 30000 + b'"', b"NaN", b"'x'"]
DRIP, PATIENCE = 0.05, 1.0  # seconds between drops; for an answer


class Attack:
    """One connection's plan: pieces to send, each after a pause, then what to do."""

    def __init__(self, pieces, end="read", pause=0.0):
        self.pieces, self.end, self.pause = pieces, end, pause


class Attacker:
    def __init__(self, port, seed=1, token=""):
        self.port, self.token = port, token.encode()
        self.random = random.Random(seed)
        self.kinds = [self.line, self.headers, self.address, self.body, self.mutated, self.json, self.length,
                      self.chunked, self.slow, self.half_open, self.pipelined, self.abandoned, self.smuggled]

    # ---- what is sent ----

    def noise(self, most):
        return self.random.randbytes(self.random.randint(1, most))

    def request(self, body=None, path=None, method=None, extra=b""):
        path = path or self.random.choice(PATHS).encode()
        method = method or (b"POST" if body is not None else self.random.choice([b"GET", b"GET", b"HEAD", b"DELETE"]))
        head = method + b" " + path + b" HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % self.port + extra
        if body is not None:
            head += b"Content-Type: application/json\r\nX-Retort-Token: " + self.token + b"\r\n"
            head += b"Content-Length: %d\r\n" % len(body)
        return head + b"\r\n" + (body or b"")

    def line(self):
        """A first line that is none."""
        pick = self.random.choice
        line = pick([b"GET", b"get / HTTP/1.1", b"GET / HTTP/9.9", b"GET  /  HTTP/1.1", b"\x16\x03\x01\x02\x00\x01\x00",
                     b"GET / HTTP/1.1 x", b"POST", b" / ", b"GET /\x00 HTTP/1.1", b"A" * 20000 + b" / HTTP/1.1",
                     b"PRI * HTTP/2.0", b"GET http://evil.example/ HTTP/1.1", b"* / HTTP/1.1", b"GET / FTP/1.0",
                     b"\r\n\r\n\r\nGET / HTTP/1.1", self.noise(200), b"OPTIONS * HTTP/1.1", b"CONNECT a:1 HTTP/1.1"])
        return Attack([line + pick([b"\r\n\r\n", b"\n\n", b"\r\n", b""]) + self.noise(20)])

    def headers(self):
        """Floods of headers, and headers that are none."""
        pick = self.random.choice
        extra = pick([b"".join(b"X-%d: y\r\n" % n for n in range(2000)), b"X: " + b"y" * 100000 + b"\r\n",
                      b"no colon here\r\n", b" folded: x\r\n", b"X: a\r\n b\r\n", b": empty\r\n", b"X\x00Y: z\r\n",
                      b"X: \xff\xfe\r\n", b"Host: evil.example\r\n", b"Cookie: " + b"a=b; " * 1000 + b"\r\n",
                      b"Cookie: retort-%d=" % self.port + b"0" * 64 + b".ff\r\n", b"Origin: null\r\n", b"X: y\n",
                      b"Content-Type: " + self.noise(50).replace(b"\n", b"") + b"\r\n", b"Expect: 100-continue\r\n",
                      b"Expect: something\r\n", b"Connection: upgrade\r\nUpgrade: websocket\r\n", b"Range: bytes=0-\r\n",
                      b"X-Retort-Token: " + b"f" * 8000 + b"\r\n", b"If-None-Match: " + b'"' * 3000 + b"\r\n"])
        return Attack([self.request(pick([None, b"{}"]), extra=extra)])

    def address(self):
        pick = self.random.choice
        path = pick([b"/" + b"a" * 100000, b"/" * 5000, b"/%", b"/%zz", b"/%00", b"/%ff%fe", b"/../../etc/passwd",
                     b"/assets/..%2f..%2fserve.c", b"/api/comments/99999999999999999999", b"/api/comments/-1",
                     b"/api/comments/1%00", b"/api/queue?" + b"&".join(b"a%d=b" % n for n in range(1000)),
                     b"/api/queue?order=%ff", b"/api/queue?after=" + self.noise(40).hex().encode(), b"/api/queue?limit=-1",
                     b"/api/queue?q=" + b"%22" * 200, b"/api/queue?q=a*+OR+NEAR(b", b"/api/queue?=&=&&&", b"//", b"/?",
                     b"/api/decisions?before=x", b"/api/queue?order=worth&order=newest", b"/\xc3\x28", b"/api/"])
        return Attack([self.request(None, path=path)])

    def body(self):
        body = self.random.choice([self.noise(500), b"", b"{", b'{"a":1}' * 100, b"[" * 100000, b'{"a":' * 20000, b"\xef\xbb\xbf{}",
                                   b'"x"', b"{}" + b"\0", b"x" * (1 << 20), b'{"a":1,"a":2}', b"{" + b" " * 50000 + b"}"])
        return Attack([self.request(body, method=b"POST")])

    def mutated(self):
        """Good requests with some bytes changed."""
        whole = bytearray(self.request(self.random.choice(BODIES)))
        for _ in range(self.random.randint(1, 8)):
            whole[self.random.randrange(len(whole))] = self.random.randrange(256)
        return Attack([bytes(whole)])

    def json(self):
        """Good JSON of a wrong form: a value in place of another."""
        body = self.random.choice(BODIES)
        at = [n for n, byte in enumerate(body) if byte in b':[,']
        if at:
            begin = self.random.choice(at) + 1
            end = min([n for n in range(begin, len(body)) if body[n] in b",]}"], default=len(body))
            body = body[:begin] + self.random.choice(WORDS) + body[end:]
        return Attack([self.request(body)])

    def length(self):
        value = self.random.choice([b"-1", b"1e3", b"99999999999999999999", b"0x10", b"", b" 3 3", b"5, 5", b"+5",
                                    b"1000000000", b"3"])
        return Attack([b"POST /v1alpha1/comments:analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                       b"Content-Length: " + value + b"\r\n\r\n{}{}{}"], self.random.choice(["read", "close", "shut"]))

    def chunked(self):
        chunks = self.random.choice([b"zz\r\n{}\r\n", b"ffffffffffffffffff\r\n", b"2\r\n{}", b"2\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n",
                                     b"2;" + b"x" * 5000 + b"\r\n{}\r\n0\r\n\r\n", b"1\r\n{\r\n" * 500, b"2\r\n{}x\r\n0\r\n\r\n",
                                     b"0\r\n" + b"X: y\r\n" * 2000 + b"\r\n", b"2\n{}\n0\n\n", b"\r\n", self.noise(100)])
        head = (b"POST /v1alpha1/comments:analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n")
        return Attack([head + chunks], self.random.choice(["read", "close", "shut"]))

    def smuggled(self):
        extra = self.random.choice([b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"Content-Length: 0\r\n",
                                    b"Transfer-Encoding: x\r\n", b"Transfer-Encoding : chunked\r\n", b"Content-Encoding: gzip\r\n"])
        return Attack([self.request(b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", extra=extra)])

    def slow(self):
        """A byte now and then."""
        whole = self.request(self.random.choice(BODIES + [None]))
        cut = self.random.randrange(1, len(whole))
        return Attack([whole[:cut]] + [whole[n:n + 1] for n in range(cut, min(cut + 30, len(whole)))],
                      self.random.choice(["read", "close", "leave"]), DRIP)

    def half_open(self):
        whole = self.request(self.random.choice(BODIES + [None]))
        return Attack([whole[:self.random.randrange(len(whole))]], self.random.choice(["leave", "shut", "reset"]))

    def pipelined(self):
        asked = [self.request(self.random.choice(BODIES + [None, None])) for _ in range(self.random.randint(2, 30))]
        if self.random.random() < 0.5:
            asked.insert(self.random.randrange(len(asked)), self.noise(100))
        return Attack([b"".join(asked)], self.random.choice(["read", "close", "shut"]))

    def abandoned(self):
        """Asked, and gone before the answer."""
        return Attack([self.request(self.random.choice(BODIES + [None]))] if self.random.random() < 0.8 else [],
                      self.random.choice(["close", "reset"]))

    # ---- sending it ----

    def run(self, n, at_once=64, seconds=600):
        """Makes n attacks; how often each status came, "none" where the server said nothing."""
        said = collections.Counter()
        selector, open_now, begun = selectors.DefaultSelector(), set(), 0
        ends = time.monotonic() + seconds
        while (begun < n or open_now) and time.monotonic() < ends:
            while begun < n and len(open_now) < at_once:
                begun += 1
                victim = Victim(self.port, self.random.choice(self.kinds)(), selector)
                if victim.socket:
                    open_now.add(victim)
            for key, mask in selector.select(0.01):
                key.data.act(mask)
            now = time.monotonic()
            for victim in [victim for victim in open_now if victim.over(now)]:
                open_now.discard(victim)
                said[victim.said()] += 1
        for victim in open_now:
            victim.close()
        return said


class Victim:
    """A connection that is being attacked."""

    def __init__(self, port, attack, selector):
        self.attack, self.selector = attack, selector
        self.answer, self.left, self.done = b"", list(attack.pieces), False
        self.due = time.monotonic()
        self.until = self.due + PATIENCE + len(self.left) * attack.pause
        self.socket = socket.socket()
        self.socket.setblocking(False)
        if self.socket.connect_ex(("127.0.0.1", port)) not in (0, 115):
            self.socket.close()
            self.socket = None
            return
        selector.register(self.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, self)

    def act(self, mask):
        try:
            if mask & selectors.EVENT_READ:
                data = self.socket.recv(65536)
                self.answer = (self.answer + data)[:400]
                if not data or (self.attack.end == "read" and not self.left):
                    self.done = True
            if mask & selectors.EVENT_WRITE:
                self.send()
        except OSError:
            self.done = True

    def send(self):
        if not self.left:
            self.sent_all()
        elif time.monotonic() >= self.due:
            sent = self.socket.send(self.left[0])
            self.left[0] = self.left[0][sent:]
            if not self.left[0]:
                self.left.pop(0)
            self.due = time.monotonic() + self.attack.pause
        elif self.attack.pause:
            time.sleep(0)

    def sent_all(self):
        end = self.attack.end
        if end == "close":
            self.done = True
        elif end == "reset":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.done = True
        elif end == "shut":
            self.socket.shutdown(socket.SHUT_WR)
        self.selector.modify(self.socket, selectors.EVENT_READ, self)

    def over(self, now):
        if self.done or now > self.until:
            self.close()
        return self.socket is None

    def close(self):
        if self.socket:
            self.selector.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def said(self):
        words = self.answer.split(b" ", 2)
        if not self.answer:
            return "none"
        if self.answer.startswith(b"HTTP/1.") and len(words) > 1:
            return words[1].decode("latin-1")
        return "garbage"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--token", default="")
    options = parser.parse_args()
    attacker = Attacker(options.port, options.seed, options.token)
    begun = time.monotonic()
    said = attacker.run(min(options.requests, 1000000), min(options.at_once, 500))
    print(json.dumps({"requests": sum(said.values()), "seconds": round(time.monotonic() - begun, 1), "said": dict(sorted(said.items()))}))


if __name__ == "__main__":
    main()
