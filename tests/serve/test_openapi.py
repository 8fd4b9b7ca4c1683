"""openapi.json against the handlers: the same routes and roles in both; every answer of a server with a
small database fits its schema; whatever is asked wrongly is answered by a clear error of one shape.

Answers asks every operation as a client would. Hostile's requests are made from the description itself:
every parameter and member with values that it does not allow."""

import json
import re
import subprocess
import unittest
import urllib.parse

from client import DOCUMENT, OPERATIONS, Client
from harness import MODELS, RETORT, Server, label, main
from schema import Checker, Mismatch, read
from test_auth import users

DESCRIBED = re.compile(r"/(api|v1alpha1|\$discovery|metrics|healthz)\b")
NUMBER = re.compile(r"-?[0-9]+$")
ROW = re.compile(r'\{"(GET|POST)",\s*"([^"]+)",\s*(?:INLINE|STORE),\s*ROLE_(\w+),')


def routes():
    """(path, method) → role, of the rows of the table that the description speaks of."""
    with open("src/serve/routes.c", encoding="utf-8") as file:
        rows = ROW.findall(file.read())
    return {(path, method.lower()): role.lower() for method, path, role in rows if DESCRIBED.match(path)}


def every(thing, visit):
    """Visits every object of a document."""
    if isinstance(thing, dict):
        visit(thing)
        for value in thing.values():
            every(value, visit)
    elif isinstance(thing, list):
        for value in thing:
            every(value, visit)


class Description(unittest.TestCase):
    def test_routes_and_roles_are_those_of_the_table(self):
        described = {(path, method): operation["x-least-role"]
                     for path, method, operation in OPERATIONS.values()}
        self.assertEqual(described, routes())

    def test_references_lead_somewhere_and_all_parts_are_used(self):
        checker = Checker(DOCUMENT)
        every(DOCUMENT, lambda thing: "$ref" in thing and checker.resolve(thing["$ref"]))
        parts = {f"#/components/{kind}/{name}" for kind in ("schemas", "parameters", "responses")
                 for name in DOCUMENT["components"][kind]}
        self.assertEqual(parts, checker.used)

    def test_objects_are_closed(self):
        def is_closed(thing):
            if thing.get("type") == "object" and isinstance(thing.get("properties"), dict):
                self.assertIs(thing.get("additionalProperties"), False, thing)
                self.assertLessEqual(set(thing.get("required", [])), set(thing["properties"]), thing)
        every(DOCUMENT["components"]["schemas"], is_closed)
        every(DOCUMENT["paths"], is_closed)

    def test_path_parameters_are_described(self):
        checker = Checker(DOCUMENT)
        for path, _, operation in OPERATIONS.values():
            named = {p["name"] for p in map(checker.follow, operation.get("parameters", []))
                     if p["in"] == "path"}
            self.assertEqual(named, set(re.findall(r"\{(\w+)\}", path)), path)


class CheckerItself(unittest.TestCase):
    """A checker that passes everything would let every test below pass."""

    def test_refuses(self):
        checker = Checker({"components": {"schemas": {"A": {"type": "string", "pattern": "^a"}}}})
        closed = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}},
                  "required": ["a"], "additionalProperties": False}
        refused = [
            ({}, closed), ({"a": 0}, closed), ({"a": True}, closed), ({"a": 1, "b": 1}, closed),
            ("b", {"$ref": "#/components/schemas/A"}), (1, {"type": ["string", "null"]}),
            ([1, 2], {"items": {"type": "integer"}, "maxItems": 1}), ([], {"minItems": 1}),
            ([1, "2"], {"items": {"type": "integer"}}), (2, {"enum": [1, None]}), (2, {"const": 1}),
            (2, {"maximum": 1}), ("ab", {"maxLength": 1}), ("", {"minLength": 1}),
            (1, {"anyOf": [{"type": "null"}, {"type": "string"}]}),
            (1, {"oneOf": [{"type": "integer"}, {"type": "number"}]}),
            (1, {"allOf": [{"type": "integer"}, {"type": "string"}]}), (1, {"multipleOf": 2}),
            ({"a": 1}, {"additionalProperties": {"type": "string"}}),
        ]
        for value, schema in refused:
            self.assertRaises(Mismatch, checker.check, value, schema)
        for text in ('{"a":1,"a":2}', "[NaN]"):
            self.assertRaises(Mismatch, read, text)


# ---- a server that is asked everything --------------------------------------------------------------

LINES = [
    {"id": "1", "text": "You are an idiot, and everybody knows it.", "author": "Ann", "x": 1.10,
     "parent_text": "The mine will pay.", "article_text": "The mine. It will be closed."},
    {"id": "2", "text": "Nonsense. Where is your source?", "parent_id": "1", "time": "yesterday"},
    {"id": "3", "text": "", "target": "closing the mine"},
    {"id": "4", "text": "\u0000 <script>alert(1)</script> \u202e\u2028 \U0001f600 " + "long " * 300},
]


# A body of each operation that its schema allows; what the cases of Hostile spoil.
SAMPLES = {
    "signIn": {"name": "ann"},
    "signOut": {},
    "nextComment": {"filters": {"task": "tone"}, "done": [1]},
    "lease": {"comment": 1, "hold": True},
    "decide": {"task": "tone", "act": "decide", "labels": ["insult"], "token": "a"},
    "undoDecision": {},
    "undo": {},
    "previewBulk": {"comments": [1, 2], "task": "tone", "act": "decide", "labels": []},
    "bulk": {"ticket": "none", "token": "b"},
    "addPages": {"name": "paste", "text": "Some text."},
    "correctPage": {"split": 1, "operations": [{"op": "merge", "comment": 2}], "token": "c"},
    "undoCorrection": {},
    "analyze": {"comment": {"text": "You idiot."}, "requestedAttributes": {"TOXICITY": {}}},
    "suggestScore": {"comment": {"text": "You idiot."},
                     "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}}},
}


def fill(server):
    """Lines of all kinds, and a page."""
    label(server.db, LINES)
    subprocess.run([RETORT, "label", "-q", "-d", server.db, "--models", MODELS,
                    "tests/golden/sample.txt"], check=True)


class Asked(unittest.TestCase):
    """One server for all cases of a class: each leaves behind what the next may find."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        fill(cls.server)
        cls.server.start()
        cls.client = Client(cls.server)

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        cls.server.directory.cleanup()
        if code != 0:
            raise AssertionError(f"the server ended with {code}")


class Answers(Asked):
    @classmethod
    def tearDownClass(cls):
        answered = {name for name, status in cls.client.answered if status == 200}
        super().tearDownClass()
        if set(OPERATIONS) - answered:
            raise AssertionError(f"never asked: {sorted(set(OPERATIONS) - answered)}")

    def test_session(self):
        session = self.client.good("getSession")
        self.assertEqual((session["role"], session["auth"]), ("admin", False))
        server = Server(self.server.db)
        server.host, server.port, server.token = self.server.host, self.server.port, session["token"]
        client = Client(server)
        self.assertEqual(client.good("signIn", body={"name": "Zoë"})["user"], "Zoë")
        self.assertEqual(client.good("signOut", body={})["user"], session["user"])
        self.client.answered |= client.answered

    def test_tasks(self):
        tasks = {task["task"]: task for task in self.client.good("listTasks")["tasks"]}
        self.assertEqual(list(tasks), ["stance", "reply", "tone"])
        self.assertEqual(tasks["tone"]["choice"], "any-of")

    def test_queue(self):
        everything = self.client.good("listQueue", query={"limit": 200})
        self.assertIsNone(everything["next"])
        ids = [item["comment"] for item in everything["items"]]
        self.assertEqual(len(ids), len(set(ids)))
        for order in ("worth", "severe", "unsure", "newest", "random"):
            paged, after = [], {}
            while after is not None:
                page = self.client.good("listQueue", query={"order": order, "limit": 7, "seed": 3, **after})
                paged += [item["comment"] for item in page["items"]]
                after = {"after": page["next"]} if page["next"] else None
            self.assertEqual(sorted(paged), sorted(ids), order)
        scores = [item["score"] for item in everything["items"]] # those of like comments stand behind
        self.assertEqual(scores[0], max(scores))

    def test_filters(self):
        found = lambda **filters: [item["comment"] for item in self.client.good(
            "listQueue", query=dict(filters, state="all", limit=200))["items"]]
        source = self.client.good("getComment", {"id": 1})["page"]["id"]
        self.assertEqual(found(author="Ann"), [1])
        self.assertEqual(sorted(found(page=source)), [1, 2, 3, 4])
        self.assertEqual(found(q="nonsense SOURCE"), [2])
        self.assertEqual(self.client.good("listQueue", query={"q": "nonsense"})["indexed"], 1)
        self.assertEqual(found(q="\"source nonsense\""), [])
        self.assertIn(1, found(task="tone", label="insult"))
        self.assertEqual(found(page=source, author="Bob"), [])
        for filters in ({"task": "mood"}, {"label": "mood"}, {"task": "tone", "label": "favor"}, {"q": "?!"}):
            self.client.bad("listQueue", 400, query=filters)
            self.client.bad("count", 400, query=filters)
        cursor = self.client.good("listQueue", query={"limit": 1})["next"]
        self.client.bad("listQueue", 400, query={"after": cursor, "order": "newest"})
        self.client.bad("listQueue", 400, query={"after": cursor[:-1]})

    def test_counts(self):
        for state in ("waiting", "decided", "changed", "escalated", "skipped", "all"):
            counts = self.client.good("count", query={"state": state})
            items = self.client.good("listQueue", query={"state": state, "limit": 200})["items"]
            self.assertEqual((counts["matching"], counts["exact"]), (len(items), True), state)

    def test_comments(self):
        comments = {}
        for number in range(1, len(LINES) + 4):
            comment = comments[number] = self.client.good("getComment", {"id": number})
            self.assertEqual(comment["id"], number)
            self.assertIn(number, [place["id"] for place in comment["thread"]])
        first, second, *_, paged = comments.values()
        self.assertEqual((first["text"], first["author"], first["meta"]), (LINES[0]["text"], "Ann", {"x": 1.1}))
        self.assertEqual(first["article"], {"text": LINES[0]["article_text"]})
        self.assertEqual(first["parent"], {"id": None, "author": None, "text": "The mine will pay."})
        self.assertEqual(second["parent"], {"id": 1, "author": "Ann", "text": LINES[0]["text"]})
        self.assertEqual([place["depth"] for place in second["thread"]], [0, 1])
        self.assertEqual(second["split_page"], None)
        self.assertEqual(comments[4]["text"], LINES[3]["text"])
        self.assertEqual((paged["number"], paged["split_page"]), (3, 1))

    def test_explanations_add_up(self):
        for comment in range(1, 6):
            for task in ("stance", "reply", "tone"):
                answer = self.client.good("explain", {"id": comment}, {"task": task})
                self.assertEqual(answer["model"], answer["labelled_by"])
                for one in answer["labels"]:
                    total = one["bias"]
                    for cause in one["words"] + one["features"]:
                        total += cause["contribution"]
                    self.assertEqual(total + one["rounding"], one["margin"])

    def test_decisions(self):
        word = {"task": "tone", "act": "decide", "labels": ["insult"], "token": "first"}
        decided = self.client.good("decide", {"id": 1}, body=word)
        self.assertEqual(decided["decision"]["label"], ["insult"])
        tone = next(label for label in decided["labels"] if label["task"] == "tone")
        self.assertEqual((tone["decided_by"], tone["label"]), ("human", ["insult"]))
        for act in ("skip", "escalate"):
            self.client.good("decide", {"id": 2}, body={"task": "stance", "act": act})
        self.client.good("decide", {"id": 4}, body={"task": "tone", "act": "note", "note": "odd"})
        row = self.client.good("listDecisions", query={"limit": 1})["decisions"][0]
        self.assertEqual((row["kind"], row["note"]), ("note", "odd"))
        self.assertEqual(self.client.good("undo", body={})["undone"], [row["id"]])
        first = decided["decision"]["id"]
        self.assertEqual(self.client.good("undoDecision", {"id": first}, body={})["comments"], [1])
        self.assertEqual(self.client.good("undoDecision", {"id": first}, body={})["undone"], [])

    def test_dashboard(self):
        self.client.good("decide", {"id": 5}, body={"task": "tone", "act": "decide", "labels": ["toxic"]})
        board = self.client.good("dashboard")
        self.assertGreater(board["comments"], 4)
        self.assertEqual(sum(hour["decisions"] for hour in board["hours"]) > 0, True)
        toxic = next(row for row in board["quality"] if (row["task"], row["label"]) == ("tone", "toxic"))
        self.assertEqual((toxic["sample"], toxic["recall"] is None), ("worked", False))
        self.assertEqual(sum(page["comments"] for page in board["pages"]), board["comments"])

    def test_lease(self):
        held = self.client.good("lease", body={"comment": 1, "hold": True})
        self.assertTrue(held["held_by"])
        self.assertIsNone(self.client.good("lease", body={"comment": 1, "hold": False})["held_by"])

    def test_decisions(self):
        act = {"task": "tone", "act": "decide", "labels": ["insult"], "note": "plainly", "token": "t-1"}
        first = self.client.good("decide", {"id": 1}, body=act)
        self.assertEqual(self.client.good("decide", {"id": 1}, body=act), first)
        tone = [label for label in first["labels"] if label["task"] == "tone"][0]
        self.assertEqual((tone["label"], tone["decided_by"]), (["insult"], "human"))
        for kind in ("skip", "escalate", "note"):
            body = {"task": "tone", "act": kind, "note": "later"}
            self.assertEqual(self.client.good("decide", {"id": 2}, body=body)["decision"]["kind"], kind)
        self.client.good("decide", {"id": 2}, body={"task": "reply", "act": "decide", "labels": ["agree"]})
        history = self.client.good("listDecisions", query={"limit": 2})["decisions"]
        self.assertEqual([row["comment"] for row in history], [2, 2])
        older = self.client.good("listDecisions", query={"before": history[-1]["id"]})["decisions"]
        self.assertTrue(all(row["id"] < history[-1]["id"] for row in older))
        self.assertEqual(self.client.good("listDecisions", query={"reviewer": "nobody"})["decisions"], [])
        undone = self.client.good("undoDecision", {"id": first["decision"]["id"]}, body={"token": "u-1"})
        self.assertEqual(undone, {"undone": [first["decision"]["id"]], "comments": [1]})
        self.assertEqual(self.client.good("undo", body={})["comments"], [2])
        self.client.bad("decide", 404, {"id": 9999}, body=act)
        for wrong in ({"labels": ["favor"]}, {"labels": ["insult", "insult"]}, {"task": "mood"}):
            self.client.bad("decide", 400, {"id": 1}, body=dict(act, token="t-2", **wrong))
        self.client.bad("decide", 400, {"id": 1}, body={"task": "reply", "act": "decide", "labels": []})

    def test_leases(self):
        holder = self.client.good("lease", body={"comment": 3, "hold": True})["held_by"]
        self.assertEqual(self.client.good("getComment", {"id": 3})["held_by"], holder)
        self.assertIsNone(self.client.good("lease", body={"comment": 3, "hold": False})["held_by"])
        self.client.bad("lease", 404, body={"comment": 9999, "hold": True})

    def test_next(self):
        given = self.client.good("nextComment", body={"filters": {"task": "tone", "order": "severe"}})
        self.assertEqual((given["task"], given["comment"]["held_by"]), ("tone", "reviewer"))
        other = self.client.good("nextComment", body={"done": [given["comment"]["id"]]})
        self.assertNotEqual(other["comment"]["id"], given["comment"]["id"])
        self.assertIsNone(self.client.good("nextComment", body={"filters": {"author": "Bob"}})["comment"])

    def test_bulk(self):
        act = {"task": "stance", "act": "decide", "labels": ["none"]}
        for chosen in ({"comments": [3, 4]}, {"filters": {"task": "stance", "page": "1"}}):
            preview = self.client.good("previewBulk", body=dict(act, **chosen))
            self.assertGreater(preview["count"], 1)
            done = self.client.good("bulk", body={"ticket": preview["ticket"], "token": f"b-{len(str(chosen))}"})
            self.assertEqual(done["count"], preview["count"])
            undone = self.client.good("undoDecision", {"id": done["batch"]}, body={})
            self.assertEqual(len(undone["undone"]), done["count"])
        self.assertEqual(self.client.good("previewBulk", body=dict(act, filters={"author": "Bob"}))["count"], 0)

    def test_dashboard(self):
        self.client.good("decide", {"id": 4}, body={"task": "stance", "act": "decide", "labels": ["none"]})
        board = self.client.good("dashboard")
        self.assertGreaterEqual(board["decided"], 1)
        self.assertTrue(board["hours"] and board["reviewers"] and board["pages"] and board["quality"])

    def test_pages(self):
        added = self.client.good("addPages", body={"name": "paste.txt", "text": open(
            "tests/golden/sample.txt", encoding="utf-8").read()})
        self.assertGreater(added["comments"], 20)
        rows = self.client.good("listPages", query={"limit": 1})
        rest = self.client.good("listPages", query={"after": rows["next"]}) if rows["next"] else {"pages": []}
        ids = [row["id"] for row in rows["pages"] + rest["pages"]]
        self.assertIn(added["pages"][0]["id"], ids)
        page = self.client.good("getPage", {"id": added["pages"][0]["id"]})
        operations = [{"op": "merge", "comment": 2}, {"op": "parent", "comment": 5, "parent": 1}]
        body = {"split": page["split"], "operations": operations, "token": "c-1"}
        mended = self.client.good("correctPage", {"id": page["id"]}, body=body)
        self.assertEqual(len(mended["comments"]), len(page["comments"]) - 1)
        self.assertEqual(mended["corrections"][-1]["operations"], operations)
        self.client.bad("correctPage", 409, {"id": page["id"]}, body=dict(body, token="c-2"))
        back = self.client.good("undoCorrection", {"id": mended["corrections"][-1]["id"]}, body={})
        self.assertEqual(back["comments"], page["comments"])
        raw = self.server.post("/api/pages?name=raw.txt", b"Title\n\nSome text.\n", **{
            "Content-Type": "application/octet-stream"})
        self.client.check("addPages", raw)

    def test_perspective(self):
        scores = self.client.good("analyze", body=SAMPLES["analyze"])["attributeScores"]
        self.assertGreater(scores["TOXICITY"]["summaryScore"]["value"], .5)
        self.client.good("suggestScore", body=SAMPLES["suggestScore"])
        self.client.bad("analyze", 400, body=dict(SAMPLES["analyze"], requestedAttributes={"MOOD": {}}))
        self.client.good("discovery", query={"version": "v1alpha1"})

    def test_description_is_served(self):
        self.assertEqual(self.client.good("openapi"), DOCUMENT)

    def test_server_itself(self):
        self.assertEqual(self.client.good("health"), {"status": "ok"})
        self.assertIn("# TYPE ", self.client.good("metrics"))


class Roles(unittest.TestCase):
    """With users, each operation takes who the description says, and answers others 401 or 403."""

    RANKS = ["nobody", "reader", "reviewer", "admin"]

    def ask_all(self, server, rank):
        client = Client(server)
        for name, (path, _, operation) in OPERATIONS.items():
            if "perspective" in operation["tags"] or name in ("signIn", "signOut"):
                continue
            address = path.replace("{id}", "9999")
            value = client.send(name, address, SAMPLES.get(name))
            code = value["error"]["code"] if "error" in value else 200
            may = self.RANKS.index(operation["x-least-role"]) <= self.RANKS.index(rank)
            if may:
                self.assertNotIn(code, (401, 403), (name, rank))
            else:
                self.assertEqual(code, 401 if rank == "nobody" else 403, (name, rank))

    def test_each_operation_as_each_role(self):
        with users() as file, Server(None, "--auth-file", file.name) as server:
            server.sign_in()
            self.ask_all(server, "nobody")
            for name, rank in (("rea", "reader"), ("rob", "reviewer"), ("ann", "admin")):
                server.sign_in(name=name, password="password")
                self.ask_all(server, rank)


class Hostile(Asked):
    """Every refusal is a 4xx that is described, with Google's shape; the client checks that."""

    IDS = ["0", "-1", "1.0", "x", "%00", "%ff", "1%2f2", "999999", "9" * 30]
    VALUES = ["", "nonsense", "-1", "0", "1e3", "9" * 30, "%00", "%ff", "a%00", "%ed%a0%80"]
    MEMBERS = [None, True, -1, 0, 1.5, 10**30, "", "x", "a\u0000", [], [1], ["x"], [[]], {}, {"a": 1}, "x" * 300]
    BODIES = [b"", b"{", b"[]", b"null", b"7", b'{"a":1,"a":2}', b'{"a":"\xff"}', b'{"a":"\\ud800"}',
              b"[" * 3000, b'{"nobody":1}', b"{} x", b"\0"]

    @staticmethod
    def as_google(operation):
        """Google's APIs pass over parameters that they do not know; null is as if not sent."""
        return "perspective" in operation["tags"]

    def refused(self, name, address, body=None, **headers):
        try:
            value = self.client.send(name, address, body, **headers)
            if "error" in value and 400 <= value["error"]["code"] < 500:
                return
            why = str(value)
        except Mismatch as mismatch:
            why = str(mismatch)
        self.wrong.append(f"{name} {address} {str(body)[:200]} {headers or ''}: {why[:200]}")

    def setUp(self):
        self.wrong = []

    def tearDown(self):
        if self.wrong:
            self.fail(f"{len(self.wrong)} not refused:\n" + "\n".join(self.wrong[:20]))

    def described(self, kind):
        for name, (path, method, operation) in OPERATIONS.items():
            if kind == "post" and method == "post" or kind != "post" and operation.get("parameters"):
                yield name, path, operation

    def test_ids(self):
        for name, path, operation in self.described("parameters"):
            for number in self.IDS if "{id}" in path else []:
                self.refused(name, path.replace("{id}", number), SAMPLES.get(name, {}))

    def test_parameters(self):
        for name, path, operation in self.described("parameters"):
            for parameter in map(self.client.checker.follow, operation["parameters"]):
                if parameter["in"] == "query" and "400" in operation["responses"]:
                    self.bad_parameter(name, path.replace("{id}", "1"), parameter)

    def bad_parameter(self, name, address, parameter):
        number = self.is_number(parameter["schema"])
        for value in self.VALUES:
            plain = urllib.parse.unquote(value, errors="replace")
            text = "%" not in value
            if text and self.client.checker.fits(int(plain) if number and NUMBER.match(plain) else plain,
                                                 parameter["schema"]):
                continue
            self.refused(name, f"{address}?{parameter['name']}={value}", SAMPLES.get(name))

    def is_number(self, schema):
        return self.client.checker.follow(schema).get("type", schema.get("type")) == "integer"

    def test_unknown_and_repeated_parameters(self):
        for name, path, operation in self.described("parameters"):
            if "400" not in operation["responses"] or self.as_google(operation):
                continue
            address = path.replace("{id}", "1")
            first = next((p["name"] for p in map(self.client.checker.follow, operation["parameters"])
                          if p["in"] == "query"), None)
            self.refused(name, address + "?nobody=1", SAMPLES.get(name))
            if first:
                self.refused(name, f"{address}?{first}=1&{first}=1", SAMPLES.get(name))

    def test_bodies_that_are_none(self):
        for name, path, _ in self.described("post"):
            for body in self.BODIES:
                self.refused(name, path.replace("{id}", "1"), body)

    def test_members(self):
        for name, path, operation in self.described("post"):
            content = operation["requestBody"]["content"]["application/json"]
            schema = self.client.checker.follow(content["schema"])
            for member in schema["properties"]:
                for value in self.MEMBERS[self.as_google(operation):]:
                    body = dict(SAMPLES[name], **{member: value})
                    if not self.client.checker.fits(body, schema):
                        self.refused(name, path.replace("{id}", "1"), body)

    FILTERS = [{"order": "x"}, {"limit": "3"}, {"after": ""}, {"page": "0"}, {"page": 1}, {"seed": "-1"},
               {"state": "?"}, {"q": "a\u0000"}, {"q": "?!"}, {"task": None}, {"task": "mood"}, {"nobody": "1"},
               {"task": "tone", "label": "favor"}]

    def test_filters_in_bodies(self):
        for filters in self.FILTERS:
            self.refused("nextComment", "/api/next", {"filters": filters})
            self.refused("previewBulk", "/api/bulk/preview",
                         {"filters": filters, "task": "tone", "act": "decide", "labels": []})

    def test_members_that_nobody_knows(self):
        for name, path, _ in self.described("post"):
            self.refused(name, path.replace("{id}", "1"), dict(SAMPLES[name], nobody=1))

    def test_members_that_lack(self):
        for name, path, operation in self.described("post"):
            content = operation["requestBody"]["content"]["application/json"]
            schema = self.client.checker.follow(content["schema"])
            for member in schema.get("required", []):
                body = {key: value for key, value in SAMPLES[name].items() if key != member}
                self.refused(name, path.replace("{id}", "1"), body)

    def test_token_and_type(self):
        for name, path, _ in self.described("post"):
            address, body = path.replace("{id}", "1"), SAMPLES[name]
            self.refused(name, address, body, **{"Content-Type": "text/plain"})
            if path.startswith("/api/"):
                self.refused(name, address, body, **{"X-Retort-Token": "0" * 64})


if __name__ == "__main__":
    main()
