"""Pages in: bytes and texts brought through the API, splits looked at, corrected and taken back."""

import gzip
import http.client
import json
import os
import random
import re
import subprocess
import threading
import time
import unittest

from harness import MODELS, RETORT, Server, main

SAMPLE = open("tests/golden/sample.txt", "rb").read()
HARBOUR = open("tests/golden/harbour.html", "rb").read()
DISQUS = open("tests/platform/disqus.xml", "rb").read()
LINES = b'{"id":"1","text":"You fool."}\n{"id":"2","text":"Thank you.","parent_id":"1"}\n'


class Pages(unittest.TestCase):
    def setUp(self):
        self.server = Server().start()
        self.addCleanup(self.end)

    def end(self):
        code = self.server.stop()
        self.server.directory.cleanup()
        self.assertEqual(code, 0)

    def send(self, body, name=None, status=200):
        path = "/api/pages" + (f"?name={name}" if name else "")
        answer = self.server.post(path, body, **{"Content-Type": "application/octet-stream"})
        self.assertEqual(answer.status, status, answer.body)
        return answer.json()

    def post(self, path, value, status=200):
        answer = self.server.post(path, value)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json()

    def get(self, path, status=200):
        answer = self.server.get(path)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json()

    def correct(self, page, operations, status=200, **more):
        body = {"split": page["split"], "operations": operations, **more}
        return self.post(f"/api/pages/{page['id']}/corrections", body, status)

    def message(self, answer):
        return answer["error"]["message"]

    def waiting(self):
        items = self.get("/api/queue?limit=200")["items"]
        return {item["comment"] for item in items}


class ComingIn(Pages):
    def test_a_text_is_split_labelled_and_queued(self):
        came = self.send(SAMPLE, "sample.txt")
        self.assertEqual((came["comments"], came["said"]), (28, []))
        row = came["pages"][0]
        self.assertEqual((row["source"], row["comments"]), ("sample.txt", 28))
        self.assertEqual(len(self.waiting()), 28)
        listed = self.get("/api/pages")["pages"]
        self.assertEqual([(page["id"], page["comments"], page["waiting"], page["corrected"]) for page in listed],
                         [(row["id"], 28, 28, False)])

    def test_it_is_what_the_command_stores(self):
        other = self.server.directory.name + "/other.db"
        lines = LINES + (b'{"id":3,"text":"Close it.","target":"closing the mine","parent_text":"Why?","mail":"a@b.example","x":[1]}\n'
                         b'{"id":4,"text":"No.","article_text":"The mine. It pays.","parent_id":3}\n')
        for name, body in (("sample.txt", SAMPLE), ("harbour.html", HARBOUR), ("disqus.xml", DISQUS),
                           ("lines.jsonl", lines)):
            self.send(body, name)
            path = self.server.directory.name + "/" + name
            with open(path, "wb") as file:
                file.write(body)
            subprocess.run([os.path.abspath(RETORT), "label", "-q", "-d", other, "--models", os.path.abspath(MODELS),
                            name], check=True, cwd=self.server.directory.name)
        self.assertEqual(self.exported(self.server.db), self.exported(other))

    def exported(self, db):
        out = subprocess.run([RETORT, "export", "-d", db, "--format", "jsonl"], check=True, capture_output=True,
                             text=True).stdout
        return json.loads("[" + re.sub(r'"[0-9-]{10}T[0-9:]{8}Z"', '"now"', ",".join(out.splitlines())) + "]")

    def test_all_that_the_command_reads(self):
        for name, body, n_pages, comments in (
                ("harbour.html", HARBOUR, 1, None), ("sample.txt.gz", gzip.compress(SAMPLE), 1, 28),
                ("disqus.xml", DISQUS, 1, None), ("lines.jsonl", LINES, 1, 2)):
            came = self.send(body, name)
            self.assertEqual(len(came["pages"]), n_pages, name)
            self.assertGreater(came["comments"], 1)
            self.assertIn(comments, (None, came["comments"]))
            self.assertEqual(came["pages"][0]["id"] is None, name in ("disqus.xml", "lines.jsonl"))
            self.assertEqual(self.get(f"/api/queue?page={came['pages'][0]['source_id']}&state=all")["items"] != [], True)

    def test_a_crawl_is_many_pages(self):
        def record(address, kind, body):
            http = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n%s" % (kind, body)
            return (b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nContent-Type: application/http; "
                    b"msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (address, len(http), http))
        crawl = (record(b"https://a.example/1", b"text/html", HARBOUR) + record(b"https://a.example/x.png", b"image/png", b"x")
                 + record(b"https://a.example/2", b"text/plain", SAMPLE))
        for body in (crawl, b"".join(map(gzip.compress, (crawl,)))):
            came = self.send(body, "crawl.warc")
            self.assertEqual([page["source"] for page in came["pages"]], ["https://a.example/1", "https://a.example/2"])
            self.assertEqual(came["said"], [])

    def test_what_is_passed_over_is_said(self):
        came = self.send(b"\x00\x01\x02\x03" * 100, "picture.bin")
        self.assertEqual((came["pages"], came["comments"]), ([], 0))
        self.assertIn("picture.bin", came["said"][0])
        came = self.send(DISQUS[:-300], "broken.xml")
        self.assertTrue(came["said"])
        came = self.send(gzip.compress(SAMPLE)[:-20], "cut.gz")
        self.assertTrue(came["said"])

    def test_lines_that_cannot_be_read_are_counted(self):
        came = self.send(LINES + b'{"id":1}\n[]\n{"text":"The last."}\n', "lines.jsonl")
        self.assertEqual((came["comments"], len(came["pages"]), len(came["said"])), (3, 1, 1))
        self.assertIn("lines.jsonl:3: has no \"text\" (and 1 more line could", came["said"][0])
        self.assertEqual(self.send(b'{"id":1}\n{"id":2}\n', "none.jsonl")["pages"], [])

    def test_a_page_that_would_hold_the_lock_is_passed_over(self):
        comment = ("<li class='comment' id='comment-%d'><div class='comment-author'><cite class='fn'>Ann</cite></div>"
                   "<div class='comment-content'><p>No.</p></div></li>\n")
        page = "<html><body><h1>A mill</h1><ol class='commentlist'>" + "".join(comment % i for i in range(20010))
        came = self.send(page.encode(), "large.html")
        self.assertEqual((came["pages"], came["comments"]), ([], 0))
        self.assertIn("too many here", came["said"][0])

    def test_a_kill_in_the_middle_leaves_whole_pages(self):
        bodies = [SAMPLE.replace(b"Lasker", b"Kramer%d" % i) for i in range(200)]
        chance = random.Random(5)
        for wanted in (1, 2, 5, 8, 11, 14):
            sending = threading.Thread(target=self.send_until_killed, args=(bodies,), daemon=True)
            sending.start()
            while self.acknowledged < wanted and sending.is_alive():
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.05))
            self.server.kill()
            sending.join()
            self.server.start()
            self.server.token = None
            pages = self.get("/api/pages?limit=200")["pages"]
            self.assertGreaterEqual(len(pages), max(self.acknowledged, wanted))
            self.assertEqual({(page["comments"], page["waiting"]) for page in pages}, {(28, 28)})

    acknowledged = 0

    def send_until_killed(self, bodies):
        try:
            for i, body in enumerate(bodies):
                answer = self.server.post(f"/api/pages?name=p{i}", body, **{"Content-Type": "application/octet-stream"})
                self.acknowledged = max(self.acknowledged, i + 1 if answer.status == 200 else 0)
        except (OSError, http.client.HTTPException):
            pass

    def test_wrong_requests(self):
        self.send(b"", "empty.txt", 400)
        self.send(b" \n ", "blank.txt", 400)
        self.send(SAMPLE, "n" * 1001, 400)
        self.post("/api/pages?other=1", {"name": "a", "text": "b"}, 400)
        self.post("/api/pages?name=a", {"name": "a", "text": "b"}, 400)
        for body in ({}, {"text": "a"}, {"name": "a"}, {"name": "", "text": "a"}, {"name": "a", "text": 1},
                     {"name": 1, "text": "a"}, {"name": "a", "text": "a", "more": 1}, {"name": "a\0b", "text": "a"}):
            self.post("/api/pages", body, 400)
        answer = self.server.post("/api/pages", SAMPLE, **{"Content-Type": "Application/OCTET-stream; charset=x"})
        self.assertEqual(answer.status, 200)
        answer = self.server.post("/api/pages", SAMPLE, **{"Content-Type": "text/plain"})
        self.assertEqual(answer.status, 415)
        for query in ("limit=0", "limit=201", "after=x", "after=0", "other=1"):
            self.get(f"/api/pages?{query}", 400)
        self.get("/api/pages/2", 404)
        self.get("/api/pages/999999999999999", 404)

    def test_texts_without_a_name_are_pages_of_their_own(self):
        text = SAMPLE.decode()
        first = self.post("/api/pages", {"name": "paste", "text": text})["pages"][0]
        second = self.post("/api/pages", {"name": "paste", "text": text.replace("Lasker", "Kramer")})["pages"][0]
        again = self.post("/api/pages", {"name": "paste", "text": text})["pages"][0]
        self.assertRegex(first["source"], "^paste-[0-9a-f]{12}$")
        self.assertNotEqual(first["source"], second["source"])
        self.assertEqual(first, again)
        self.assertEqual(len(self.waiting()), 56)

    def test_newer_bytes_under_a_name_are_told(self):
        self.send(SAMPLE, "a.txt")
        self.assertEqual(self.send(SAMPLE, "a.txt")["said"], [])
        came = self.send(SAMPLE.replace(b"Lasker", b"Kramer"), "a.txt")
        self.assertIn("newer version", came["said"][0])
        self.assertEqual(len(self.get("/api/pages")["pages"]), 1)
        self.assertEqual(len(self.waiting()), 28)

    def test_the_list_goes_on(self):
        for i in range(5):
            self.post("/api/pages", {"name": f"page {i}", "text": f"Comment {i} is a text."})
        seen, query = [], "limit=2"
        while query:
            answer = self.get(f"/api/pages?{query}")
            seen += [page["source"] for page in answer["pages"]]
            query = answer["next"] and f"limit=2&after={answer['next']}"
        self.assertEqual(seen, [f"page {i}" for i in (4, 3, 2, 1, 0)])

    def test_decisions_are_taken_while_a_large_file_is_read(self):
        self.send(LINES, "lines.jsonl")
        many = b"".join(b'{"id":"%d","text":"Comment %d, and nothing new is said in it."}\n' % (i, i) for i in range(6000))
        reading = threading.Thread(target=self.send, args=(many, "many.jsonl"))
        reading.start()
        for i in range(20):
            act = {"task": "tone", "act": "decide", "labels": [], "token": f"t{i}"}
            self.post("/api/comments/1/decisions", act)
        reading.join()
        self.assertEqual(self.get("/api/counts?state=all")["comments"], 6002)


class Corrections(Pages):
    def page(self, body=SAMPLE, name="sample.txt"):
        return self.get(f"/api/pages/{self.send(body, name)['pages'][0]['id']}")

    def text(self, page, number):
        comment = self.get(f"/api/comments/{page['comments'][number - 1]['id']}")
        return comment["text"]

    def test_a_page_shows_its_lines(self):
        page = self.page()
        rows = SAMPLE.decode().splitlines()
        for line in page["lines"]:
            self.assertEqual(line["text"], rows[line["line"] - 1].strip())
            self.assertEqual(line["role"] == "blank", line["text"] == "")
            self.assertEqual(line["comment"] > 0, line["role"] == "comment")
        shown = {line["line"] for line in page["lines"] if line["text"]}
        self.assertEqual(shown, {i + 1 for i, row in enumerate(rows) if row.strip()})
        self.assertEqual([comment["number"] for comment in page["comments"]], list(range(1, 29)))
        self.assertEqual((page["corrected_by"], page["corrections"]), (None, []))

    def test_cut_and_undo(self):
        page = self.page()
        lines = [line["line"] for line in page["lines"] if line["comment"]]
        long = next(c for c in page["comments"] if c["last_line"] > c["first_line"])
        at = next(line for line in lines if long["first_line"] < line <= long["last_line"])
        before = self.waiting()
        cut = self.correct(page, [{"op": "cut", "line": at}], token="c-1")
        self.assertEqual(len(cut["comments"]), 29)
        self.assertEqual(cut["comments"][long["number"]]["first_line"], at)
        self.assertEqual(cut["comments"][long["number"]]["parent"], cut["comments"][long["number"] - 1]["parent"])
        self.assertEqual((cut["corrections"][0]["operations"], cut["corrections"][0]["undone"]),
                         ([{"op": "cut", "line": at}], False))
        self.assertEqual(cut["splitter"], "person")
        self.assertIsNotNone(cut["corrected_by"])
        others = {c["id"] for c in page["comments"]} - {long["id"]}
        self.assertLessEqual(others, {c["id"] for c in cut["comments"]})
        self.assertEqual(self.waiting(), {c["id"] for c in cut["comments"]})
        self.assertTrue(self.get("/api/pages")["pages"][0]["corrected"])
        self.assertEqual(self.correct(page, [{"op": "cut", "line": at}], token="c-1"), cut)
        self.assertIn("anew", self.message(self.correct(page, [{"op": "cut", "line": at}], 409, token="c-2")))
        back = self.post(f"/api/corrections/{cut['corrections'][0]['id']}/undo", {})
        self.assertEqual((back["split"], back["comments"], back["lines"]),
                         (page["split"], page["comments"], page["lines"]))
        self.assertTrue(back["corrections"][0]["undone"])
        self.assertEqual(self.waiting(), before)
        self.post(f"/api/corrections/{cut['corrections'][0]['id']}/undo", {}, 409)
        self.post("/api/corrections/99/undo", {}, 404)

    def test_decisions_stay_with_comments_that_stay(self):
        page = self.page()
        first = page["comments"][0]["id"]
        act = {"task": "tone", "act": "decide", "labels": ["toxic"], "token": "d"}
        self.post(f"/api/comments/{first}/decisions", act)
        merged = self.correct(page, [{"op": "merge", "comment": 9}])
        self.assertEqual(len(merged["comments"]), 27)
        comment = self.get(f"/api/comments/{first}")
        tone = next(label for label in comment["labels"] if label["task"] == "tone")
        self.assertEqual((tone["decided_by"], tone["label"]), ("human", ["toxic"]))
        self.assertFalse(self.get(f"/api/comments/{page['comments'][8]['id']}")["current"])

    def test_operations_by_numbers_of_the_split_that_was_seen(self):
        page = self.page()
        second, third = page["comments"][1], page["comments"][2]
        answer = self.correct(page, [
            {"op": "merge", "comment": 2},
            {"op": "role", "from": third["first_line"], "to": third["last_line"], "role": "furniture"},
            {"op": "parent", "comment": 5, "parent": 2},
        ])
        self.assertEqual(len(answer["comments"]), 26)
        self.assertEqual(answer["comments"][0]["last_line"], second["last_line"])
        self.assertEqual(answer["comments"][2]["parent"], 1)
        roles = {line["line"]: line["role"] for line in answer["lines"]}
        self.assertEqual(roles[third["first_line"]], "furniture")

    def test_html_and_exports(self):
        page = self.page(HARBOUR, "harbour.html")
        self.assertTrue(page["comments"])
        mended = self.correct(page, [{"op": "merge", "comment": len(page["comments"])}])
        self.assertEqual(len(mended["comments"]), len(page["comments"]) - 1)
        self.assertEqual(mended["comments"][:-1], page["comments"][:-2])
        self.assertEqual(self.send(HARBOUR, "harbour.html")["comments"], len(mended["comments"]))
        self.assertEqual(self.get(f"/api/pages/{page['id']}"), mended)
        with open(self.server.directory.name + "/harbour.html", "wb") as file:
            file.write(HARBOUR)
        out = subprocess.run([os.path.abspath(RETORT), "label", "--json", "-d", self.server.db, "--models",
                              os.path.abspath(MODELS), "harbour.html"], check=True, capture_output=True,
                             cwd=self.server.directory.name).stdout
        self.assertEqual(len(out.splitlines()), len(mended["comments"]))
        self.assertEqual(self.get(f"/api/pages/{page['id']}"), mended)

    def test_corrections_are_truth_to_learn_from(self):
        """The corrected pages are measured on: who was corrected errs, by just what was corrected."""
        rows = self.truth()
        self.assertEqual(rows, [])
        page, html = self.page(), self.page(HARBOUR, "harbour.html")
        last = page["comments"][-1]
        self.correct(page, [{"op": "role", "from": last["first_line"], "to": last["last_line"], "role": "furniture"},
                            {"op": "parent", "comment": 9, "parent": 3}])
        mended = self.correct(html, [{"op": "merge", "comment": len(html["comments"])}])
        undone = self.correct(self.page(SAMPLE + b" ", "other.txt"), [{"op": "merge", "comment": 2}])
        self.post(f"/api/corrections/{undone['corrections'][0]['id']}/undo", {})
        rows = self.truth()
        self.assertEqual([(row["id"], row["variant"]) for row in rows],
                         [("sample.txt", "text"), ("harbour.html", "text"), ("harbour.html", "html")])
        text, rendered, markup = rows
        self.assertEqual(text["text"], SAMPLE.decode())
        self.assertEqual(text["roles"].count("B"), 27)
        self.assertEqual(text["roles"][last["first_line"] - 1], "F")
        self.assertEqual((len(text["parents"]), text["parents"][8]), (27, 3))
        self.assertEqual(markup["html"], HARBOUR.decode())
        self.assertEqual(len(markup["comments"]), len(mended["comments"]))
        self.assertEqual(rendered["roles"].count("B"), len(mended["comments"]))
        self.assertEqual({row["variant"] for row in self.figures(rows)}, {"text", "html", "all"})
        alone = self.figures([text])[0]
        self.assertEqual((alone["begin_precision"], alone["begin_recall"]), (round(27 / 28, 4), 1))

    def truth(self):
        out = subprocess.run([RETORT, "export", "-d", self.server.db, "--format", "truth"], check=True,
                             capture_output=True, text=True).stdout
        return [json.loads(line) for line in out.splitlines()]

    def figures(self, rows):
        path = self.server.directory.name + "/truth.jsonl"
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        out = subprocess.run([RETORT, "eval", "split", "--json", "-m", MODELS + "/splitter.model", path], check=True,
                             capture_output=True, text=True).stdout
        return json.loads(out)["rows"]

    def test_wrong_operations(self):
        page = self.page()
        for operations, message in (
                ([], "at least one"), ({}, "at least one"), ([1], "operation 1"), ([{"op": "cut"}], "\"line\""),
                ([{"op": "cut", "line": 10 ** 9}], "the page has"), ([{"op": "merge", "comment": 1}], "right before"),
                ([{"op": "cut", "line": 1, "x": 1}], "does not know"),
                ([{"op": "parent", "comment": 2, "parent": 9}], "stands before"),
                ([{"op": "role", "from": 1, "to": 1, "role": "article"}], "change nothing")):
            self.assertIn(message, self.message(self.correct(page, operations, 400)), operations)
        path = f"/api/pages/{page['id']}/corrections"
        for body in ({}, {"split": 1}, {"split": "1", "operations": [{"op": "merge", "comment": 2}]},
                     {"split": 1, "operations": [], "more": 1}, {"split": 0, "operations": []},
                     {"split": 1, "operations": [{"op": "merge", "comment": 2}], "token": ""}):
            self.post(path, body, 400)
        self.post("/api/pages/99/corrections", {"split": 1, "operations": [{"op": "merge", "comment": 2}]}, 404)
        self.assertEqual(self.get(f"/api/pages/{page['id']}"), page)

    def test_any_operations(self):
        """Whatever a client sends, it gets a split that is whole or a 400, and undoing leads back."""
        chance, page = random.Random(26), self.page()
        first, seen, done, refused = page, [], 0, 0
        for _ in range(60):
            line, number = chance.randrange(1, 70), chance.randrange(1, 30)
            operation = chance.choice([
                {"op": "role", "from": line, "to": line + chance.randrange(3),
                 "role": chance.choice(["article", "comment", "furniture"])},
                {"op": "cut", "line": line}, {"op": "merge", "comment": number},
                {"op": "parent", "comment": number, "parent": chance.randrange(number)}])
            body = {"split": page["split"], "operations": [operation]}
            answer = self.server.post(f"/api/pages/{page['id']}/corrections", body)
            self.assertIn(answer.status, (200, 400), answer.body)
            refused += answer.status == 400
            if answer.status == 200:
                seen, page, done = seen + [page], answer.json(), done + 1
                self.check(page)
        self.assertGreater(done, 15)
        self.assertGreater(refused, 5)
        for correction in reversed(page["corrections"]):
            page = self.post(f"/api/corrections/{correction['id']}/undo", {})
            self.assertEqual(page["comments"], seen.pop()["comments"])
        self.assertEqual((page["split"], page["lines"]), (first["split"], first["lines"]))

    def check(self, page):
        for comment in page["comments"]:
            lines = [line["line"] for line in page["lines"] if line["comment"] == comment["number"]]
            self.assertEqual((lines[0], lines[-1]), (comment["first_line"], comment["last_line"]))
            self.assertLess(comment["parent"], comment["number"])
        self.assertEqual(self.waiting(), {comment["id"] for comment in page["comments"]})


if __name__ == "__main__":
    main()
