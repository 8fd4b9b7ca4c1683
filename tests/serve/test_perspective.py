"""The Perspective API over HTTP, by requests as Coral, Discourse and others send them."""

import json
import os
import socket
import sqlite3
import tempfile
import threading
import unittest

from harness import Server, main

ANALYZE, SUGGEST = "/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore"
RUDE = "You are an idiot, and a stupid one."
TENANT = "https://talk.news.test"


def coral_analyze(text, do_not_store=True, model="TOXICITY"):
    return {"comment": {"text": text}, "doNotStore": do_not_store, "requestedAttributes": {model: {}},
            "languages": ["en"]}


def coral_suggest(text, comment, status, parent=None, model="TOXICITY"):
    """What Coral sends when a moderator approves or rejects."""
    ids = {"url": f"https://news.test/story?commentID={comment}", "Coral_comment_id": comment}
    if parent:
        ids["reply_to_id_Coral_comment_id"] = parent
    return {"comment": {"text": text}, "context": {"entries": [{"text": json.dumps(ids)}]},
            "attributeScores": {model: {"summaryScore": {"value": 0 if status == "APPROVED" else 1}}},
            "languages": ["en"], "communityId": f"Coral:{TENANT}", "clientToken": f"comment:{comment}"}


class Perspective(unittest.TestCase):
    OPTIONS = []

    def setUp(self):
        self.server = Server(None, *self.OPTIONS).start()

    def tearDown(self):
        code = self.server.stop()
        self.server.directory.cleanup()
        self.assertEqual(code, 0)

    def ask(self, path, body, status=200, **headers):
        answer = self.server.post(path, body, **headers)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json()

    def rows(self, query):
        with sqlite3.connect(self.server.db) as database:
            return database.execute(query).fetchall()

    def decisions(self):
        return [(kind, json.loads(label or "null"), reviewer, via, json.loads(note))
                for kind, label, reviewer, via, note in
                self.rows("SELECT kind, label, reviewer, via, note FROM decision ORDER BY id")]

    def labels_of_tone(self):
        """The set that stands for the only comment."""
        (label,), = self.rows("SELECT label FROM current_label WHERE task = 'tone'")
        return set(json.loads(label))


class Callers(Perspective):
    def test_coral_analyzes(self):
        answer = self.ask(ANALYZE + "?key=secret", coral_analyze(RUDE))
        score = answer["attributeScores"]["TOXICITY"]["summaryScore"]
        self.assertGreater(score["value"], 0.8)
        self.assertEqual(score["type"], "PROBABILITY")
        self.assertEqual(self.rows("SELECT count(*) FROM comment"), [(0,)])

    def test_coral_asks_for_severe_toxicity(self):
        both = dict(coral_analyze(RUDE), requestedAttributes={"TOXICITY": {}, "SEVERE_TOXICITY": {}})
        scores = self.ask(ANALYZE + "?key=secret", both)["attributeScores"]
        self.assertLess(scores["SEVERE_TOXICITY"]["summaryScore"]["value"], scores["TOXICITY"]["summaryScore"]["value"])

    def test_discourse_analyzes(self):
        answer = self.ask(ANALYZE + "?key=secret", {
            "comment": {"text": "Thank you, that is very kind."}, "doNotStore": True,
            "sessionId": "https://forum.test_5", "requestedAttributes": {"TOXICITY": {"scoreType": "PROBABILITY"}}})
        self.assertLess(answer["attributeScores"]["TOXICITY"]["summaryScore"]["value"], 0.2)

    def test_content_type_with_charset(self):
        self.ask(ANALYZE, json.dumps(coral_analyze(RUDE)), **{"Content-Type": "application/json;charset=UTF-8"})

    def test_wrong_type_and_method(self):
        self.ask(ANALYZE, json.dumps(coral_analyze(RUDE)), 415, **{"Content-Type": "text/plain"})
        answer = self.server.get(ANALYZE)
        self.assertEqual((answer.status, answer.json()["error"]["code"]), (405, 405))

    def test_errors_keep_the_shape(self):
        error = self.ask(ANALYZE, coral_analyze("", model="TOXICITY"), 400)["error"]
        self.assertEqual(error["status"], "INVALID_ARGUMENT")
        self.assertEqual(error["details"][0]["errorType"], "COMMENT_EMPTY")
        error = self.ask(SUGGEST, coral_suggest("x", "c", "APPROVED", model="SPAM"), 400)["error"]
        self.assertEqual(error["message"], "Unknown requested attribute: SPAM")

    def test_long_and_explained_ones_beside_short_ones(self):
        text = "You are an idiot. " * 1100
        long = dict(coral_analyze(text), spanAnnotations=True)
        failures = []

        def ask(body):
            try:
                self.ask(ANALYZE, body)
            except AssertionError as failure:
                failures.append(failure)
        threads = [threading.Thread(target=ask, args=(body,)) for body in [long, coral_analyze(RUDE)] * 6]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        spans = self.ask(ANALYZE, long)["attributeScores"]["TOXICITY"]["spanScores"]
        self.assertEqual(len(spans), 1100)
        self.assertEqual([(s["begin"], s["end"]) for s in spans[:2]], [(0, 17), (18, 35)])

    def test_discovery(self):
        path = "/$discovery/rest?version=v1alpha1"
        document = self.server.get(path).json()
        self.assertEqual(document["rootUrl"], f"http://{self.server.host}:{self.server.port}/")
        self.assertEqual(document["resources"]["comments"]["methods"]["analyze"]["path"], ANALYZE[1:])
        secure = self.server.get(path, **{"X-Forwarded-Proto": "https"}).json()
        self.assertTrue(secure["baseUrl"].startswith("https://"))
        self.assertEqual(self.server.get("/$discovery/rest?version=v1").status, 404)
        refused = self.server.get(path, Host='evil.test"/')
        self.assertEqual(refused.status, 421)


class Suggestions(Perspective):
    def test_coral_moderator_changes_their_mind(self):
        for status in ["REJECTED", "REJECTED", "APPROVED", "REJECTED"]:
            sent = coral_suggest("Me too.", "c2", status, "c1")
            self.assertEqual(self.ask(SUGGEST + "?key=secret", sent)["clientToken"], "comment:c2")
        made = self.decisions()
        self.assertEqual(["toxic" in label for _, label, _, _, _ in made], [True, False, True])
        for _, _, reviewer, via, note in made:
            self.assertEqual((reviewer, via), (f"api:Coral:{TENANT}", "api"))
            self.assertEqual(note["clientToken"], "comment:c2")
            self.assertEqual(note["Coral_comment_id"], "c2")
            self.assertEqual(note["url"], "https://news.test/story?commentID=c2")
        self.assertEqual(self.rows("SELECT native_id, parent_id, text FROM comment"),
                         [("comment:c2", "comment:c1", "Me too.")])

    def test_comments_of_one_text_are_two(self):
        self.ask(SUGGEST, coral_suggest("Me too.", "c1", "REJECTED"))
        self.ask(SUGGEST, coral_suggest("Me too.", "c2", "APPROVED", "c1"))
        self.assertEqual(self.rows("SELECT count(*) FROM comment"), [(2,)])
        answers = self.rows("SELECT b.id FROM comment a JOIN comment b ON b.parent_id = a.native_id")
        self.assertEqual(len(answers), 1)

    def test_labels_that_were_not_spoken_of_stay(self):
        self.ask(SUGGEST, coral_suggest(RUDE, "c1", "APPROVED"))
        labels = self.labels_of_tone()
        self.assertIn("insult", labels)
        self.assertNotIn("toxic", labels)
        self.ask(SUGGEST, coral_suggest(RUDE, "c1", "REJECTED", model="THREAT"))
        self.assertEqual(self.labels_of_tone(), labels | {"threat"})

    def test_a_decision_of_the_page_is_where_it_starts(self):
        self.ask(SUGGEST, coral_suggest(RUDE, "c1", "REJECTED"))
        (comment,), = self.rows("SELECT id FROM comment")
        self.ask(f"/api/comments/{comment}/decisions", {
            "task": "tone", "act": "decide", "labels": ["polite", "toxic"], "token": "1"})
        self.ask(SUGGEST, coral_suggest(RUDE, "c1", "APPROVED"))
        self.assertEqual(self.labels_of_tone(), {"polite"})

    def test_many_at_once_lose_nothing(self):
        models = {"TOXICITY": "toxic", "INSULT": "insult", "THREAT": "threat", "PROFANITY": "obscene",
                  "IDENTITY_ATTACK": "identity_attack", "ANGRY": "angry", "SARCASTIC": "sarcastic"}
        for comment in range(30):
            bodies = [json.dumps(coral_suggest("Good morning.", f"c{comment}", "REJECTED", model=model))
                      for model in models for _ in range(2)]
            self.send_at_once([f"POST {SUGGEST} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: "
                               f"application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}" for body in bodies])
        for label, in self.rows("SELECT label FROM current_label WHERE task = 'tone'"):
            self.assertEqual(set(json.loads(label)), set(models.values()))
        self.assertEqual(len(self.decisions()), 30 * len(models))

    def send_at_once(self, requests):
        """All but their last bytes, then those."""
        sockets = [socket.create_connection((self.server.host, self.server.port)) for _ in requests]
        for connection, request in zip(sockets, requests):
            connection.sendall(request[:-1].encode())
        for connection, request in zip(sockets, requests):
            connection.sendall(request[-1:].encode())
        for connection in sockets:
            self.assertTrue(connection.makefile("rb").read().startswith(b"HTTP/1.1 200"))
            connection.close()

    def test_one_label_of_many(self):
        parent = {"context": {"entries": [{"text": "The mine will close."}, {"text": "It will pay for all."}]}}
        body = dict(coral_suggest("No, it won't.", "c1", "REJECTED", model="REPLY_DISAGREE"), **parent)
        self.ask(SUGGEST, body)
        self.assertEqual(self.decisions()[0][1], ["disagree"])
        body["attributeScores"] = {"REPLY_QUERY": {"summaryScore": {"value": 0}}}
        self.ask(SUGGEST, body)
        self.ask(SUGGEST, body)
        self.assertEqual([(kind, label) for kind, label, *_ in self.decisions()[1:]], [("note", None)])
        body["attributeScores"] = {"REPLY_QUERY": {"summaryScore": {"value": 1}},
                                   "REPLY_AGREE": {"summaryScore": {"value": 0.7}}}
        self.ask(SUGGEST, body, 400)

    def test_only_spans(self):
        body = coral_suggest(RUDE, "c1", "REJECTED")
        spans = [{"begin": 0, "end": 16, "score": {"value": 1}}]
        body["attributeScores"] = {"TOXICITY": {"spanScores": spans}}
        self.ask(SUGGEST, body)
        (kind, label, _, _, note), = self.decisions()
        self.assertEqual((kind, label, note["attributeScores"]["TOXICITY"]["spanScores"]), ("note", None, spans))

    def test_too_many_spans(self):
        body = coral_suggest(RUDE, "c1", "REJECTED")
        body["attributeScores"]["TOXICITY"]["spanScores"] = [{"begin": i, "end": i + 1} for i in range(2000)]
        self.ask(SUGGEST, body, 400)
        self.assertEqual(self.rows("SELECT count(*) FROM comment"), [(0,)])

    def test_a_score_in_quotes(self):
        body = coral_suggest(RUDE, "c1", "REJECTED")
        body["attributeScores"]["TOXICITY"]["summaryScore"]["value"] = "1"
        self.ask(SUGGEST, body)
        self.ask(SUGGEST, body)
        self.assertEqual(len(self.decisions()), 1)

    def test_another_language_is_no_reason_to_lose_it(self):
        body = coral_suggest("Das ist doch nicht dein Ernst.", "c1", "REJECTED")
        self.ask(SUGGEST, dict(body, languages=["de"]))
        self.assertEqual(self.labels_of_tone() & {"toxic"}, {"toxic"})

    def test_a_server_started_anew_knows_the_act(self):
        with tempfile.TemporaryDirectory() as directory:
            db = os.path.join(directory, "r.db")
            for _ in range(2):
                with Server(db) as server:
                    self.assertEqual(server.post(SUGGEST, coral_suggest(RUDE, "c1", "REJECTED")).status, 200)
            with sqlite3.connect(db) as database:
                self.assertEqual(database.execute("SELECT count(*) FROM decision").fetchone(), (1,))


class Stored(Perspective):
    OPTIONS = ["--store-analyzed"]

    def test_stored_once_and_never_with_do_not_store(self):
        self.ask(ANALYZE, coral_analyze(RUDE))
        self.assertEqual(self.rows("SELECT count(*) FROM comment"), [(0,)])
        for _ in range(2):
            self.ask(ANALYZE, coral_analyze(RUDE, False))
        told = dict(coral_analyze("And you?", False), clientToken="c-9", communityId="forum", sessionId="s")
        told["context"] = {"articleAndParentComment": {"parentComment": {"text": RUDE}}}
        self.ask(ANALYZE, told)
        self.assertEqual(
            self.rows("SELECT s.name, substr(c.native_id, 1, 7), c.text, c.meta FROM comment c"
                      " JOIN source s ON s.id = c.source ORDER BY c.id"),
            [("api", "sha256:", RUDE, None), ("api:forum", "c-9", "And you?", '{"sessionId":"s"}')])
        n_models = 3
        self.assertEqual(self.rows("SELECT count(*) FROM label WHERE latest = 1"), [(2 * n_models,)])
        self.assertEqual(self.rows("SELECT text FROM passage"), [(RUDE,)])

    def test_errors_store_nothing(self):
        self.ask(ANALYZE, coral_analyze(RUDE, False, model="SPAM"), 400)
        self.assertEqual(self.rows("SELECT count(*) FROM comment"), [(0,)])

    def test_a_suggestion_finds_what_was_analyzed(self):
        self.ask(ANALYZE, coral_analyze("Me too.", False))
        for status in ["REJECTED", "APPROVED"]:
            self.ask(SUGGEST, coral_suggest("Me too.", "c1", status))
        self.assertEqual(self.rows("SELECT count(*) FROM comment"), [(1,)])
        self.ask(SUGGEST, coral_suggest("Me too.", "c2", "APPROVED"))
        self.assertEqual(self.rows("SELECT count(*) FROM comment"), [(2,)])

    def test_what_cannot_be_stored_is_analyzed(self):
        self.ask(ANALYZE, coral_analyze(RUDE, False))
        with sqlite3.connect(self.server.db, isolation_level=None) as database:
            database.execute("BEGIN IMMEDIATE")
            answer = self.server.post(ANALYZE, coral_analyze("Another one.", False))
            database.execute("ROLLBACK")
        self.assertEqual(answer.status, 200)
        self.assertIn("not stored", answer.headers["Warning"])


if __name__ == "__main__":
    main()
