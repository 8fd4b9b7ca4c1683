"""Who may come in: hosts, origins, tokens, users and their roles, clients and their keys."""

import os
import subprocess
import tempfile
import time
import unittest

from harness import MODELS, RETORT, Server, label, main

# A hash that costs next to nothing to check: its password is "password".
CHEAP = "$argon2id$v=19$m=8,t=1,p=1$steVEiwo5X+Ab8D+6Q3TYg$o+e7IpJWVb7gJYjcnLd9NL7GgZP38r4dMkjb62WTLdg"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
USERS = f"ann admin {CHEAP}\nrob reviewer {CHEAP}\nrea reader {CHEAP}\ncoral client sha256:{ABC}\n"


def users(text=USERS):
    """A file of users, for its owner only; removed with the object that is returned."""
    file = tempfile.NamedTemporaryFile("w", suffix=".auth")
    file.write(text)
    file.flush()
    return file


class Hosts(unittest.TestCase):
    def test_only_names_that_are_ours(self):
        with Server(None, "--host", "review.example,other.example:8080") as server:
            for host, status in [("localhost", 200), ("LOCALHOST:1", 200), ("127.0.0.1:9", 200), ("[::1]:8765", 200),
                                 ("127.1.2.3", 200), ("review.example", 200), ("review.example:443", 200),
                                 ("other.example:8080", 200), ("other.example", 421), ("evil.example", 421),
                                 ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421), ("10.0.0.1", 421),
                                 ("review.example.", 421), ("", 400)]:
                with self.subTest(host):
                    answer = server.get("/", Host=host)
                    self.assertEqual(answer.status, status)
                    if status == 421:
                        self.assertIn("--host", answer.json()["error"]["message"])

    def test_others_reach_it_only_with_users(self):
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:1"]:
            run = subprocess.run([RETORT, "serve", "-d", "/nonexistent/x.db", "--models", MODELS, "--listen", address],
                                 capture_output=True, text=True, timeout=60)
            self.assertEqual(run.returncode, 2)
            self.assertIn("--auth-file", run.stderr)


class Changes(unittest.TestCase):
    def ask(self, server, body=b'{"name":"zoe"}', path="/api/session", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items() if value}
        return server.ask("POST", path, body, headers)

    def test_want_token_type_and_origin(self):
        with Server() as server:
            token = server.get("/api/session").json()["token"]
            good = {"X_Retort_Token": token, "Content_Type": "application/json"}
            here = "http://%s:%d" % (server.host, server.port)
            for change, status in [({}, 200), ({"X_Retort_Token": None}, 403), ({"X_Retort_Token": "0" * 64}, 403),
                                   ({"X_Retort_Token": token + "0"}, 403), ({"Content_Type": None}, 415),
                                   ({"Content_Type": "text/plain"}, 415), ({"Content_Type": "application/jsonp"}, 415),
                                   ({"Content_Type": "Application/JSON; charset=utf-8"}, 200),
                                   ({"Content_Type": "application/octet-stream"}, 415), ({"Origin": here}, 200),
                                   ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403),
                                   ({"Origin": here + "0"}, 403), ({"Origin": "ftp" + here[4:]}, 403)]:
                with self.subTest(change):
                    answer = self.ask(server, **{**good, **change})
                    self.assertEqual(answer.status, status, answer.body)

    def test_a_person_is_who_they_say_without_users(self):
        with Server(None, "--reviewer", "ann") as server:
            session = server.get("/api/session").json()
            self.assertEqual((session["user"], session["role"], session["auth"]), ("ann", "admin", False))
            answer = server.sign_in(name=" Zoë ")
            self.assertEqual(answer.json()["user"], "Zoë")
            cookie = answer.headers["Set-Cookie"]
            for part in ["HttpOnly", "SameSite=Strict", "Path=/"]:
                self.assertIn(part, cookie)
            self.assertNotIn("Secure", cookie)
            self.assertEqual(server.get("/api/session").json()["user"], "Zoë")
            behind = server.post("/api/session", {"name": "zoe"}, **{"X-Forwarded-Proto": "https"})
            self.assertIn("; Secure", behind.headers["Set-Cookie"])
            for name in ["", "a\nb", "x" * 65, 7, None]:
                self.assertEqual(server.post("/api/session", {"name": name}).status, 400, name)
            self.assertEqual(server.post("/api/session/end", {}).json()["user"], "ann")

    def test_a_name_outlives_the_server_and_a_token_does_not(self):
        with tempfile.TemporaryDirectory() as directory:
            db = os.path.join(directory, "x.db")
            with Server(db) as server:
                server.sign_in(name="zoe")
                port, cookie, token = server.port, server.cookie, server.token
            with Server(db, "--listen", "127.0.0.1:%d" % port) as server:
                server.cookie, server.token = cookie, token
                self.assertEqual(server.post("/api/session/end", {}).status, 403)
                self.assertEqual(server.get("/api/session").json()["user"], "zoe")


class Users(unittest.TestCase):
    def test_roles(self):
        with users() as file, Server(None, "--auth-file", file.name) as server:
            self.assertEqual(server.get("/").status, 200)
            session = server.get("/api/session").json()
            self.assertEqual((session["user"], session["role"], session["auth"]), (None, "nobody", True))
            self.assertEqual(server.get("/api/tasks").status, 401)
            self.assertEqual(server.sign_in(name="ann", password="wrong").status, 401)
            server.cookie = None
            for name, role in [("rea", "reader"), ("rob", "reviewer"), ("ann", "admin")]:
                server.cookie = None
                answer = server.sign_in(name=name, password="password")
                self.assertEqual((answer.status, answer.json()["user"], answer.json()["role"]), (200, name, role))
                self.assertEqual(server.get("/api/tasks").status, 200)
            self.assertEqual(server.post("/api/session/end", {}).json()["user"], None)
            self.assertEqual(server.get("/api/tasks").status, 401)

    def test_who_takes_back_what(self):
        with users() as file, Server(None, "--auth-file", file.name) as server:
            label(server.db, [{"id": "1", "text": "You fool."}])
            decide = {"task": "tone", "act": "decide", "labels": ["toxic"]}
            server.sign_in(name="rea", password="password")
            self.assertEqual(server.post("/api/comments/1/decisions", {**decide, "token": "0"}).status, 403)
            for who, other, wanted in [("rob", "ann", 403), ("ann", "rob", 200), ("rob", "rob", 200)]:
                server.cookie = None
                server.sign_in(name=other, password="password")
                made = server.post("/api/comments/1/decisions", {**decide, "token": who + other}).json()["decision"]["id"]
                server.cookie = None
                server.sign_in(name=who, password="password")
                self.assertEqual(server.post("/api/decisions/%d/undo" % made, {}).status, wanted, who)

    def test_who_takes_back_whose_split(self):
        sample = open("tests/golden/sample.txt", encoding="utf-8").read()
        with users() as file, Server(None, "--auth-file", file.name) as server:
            server.sign_in(name="ann", password="password")
            page = server.post("/api/pages", {"name": "sample", "text": sample}).json()["pages"][0]["id"]
            split = server.get("/api/pages/%d" % page).json()["split"]
            merge = {"split": split, "operations": [{"op": "role", "from": 1, "to": 1, "role": "furniture"}]}
            made = server.post("/api/pages/%d/corrections" % page, merge).json()["corrections"][0]["id"]
            for who, wanted in [("rob", 403), ("ann", 200)]:
                server.cookie = None
                server.sign_in(name=who, password="password")
                self.assertEqual(server.post("/api/corrections/%d/undo" % made, {}).status, wanted, who)

    def test_a_made_up_cookie_is_nobody(self):
        with users() as file, Server(None, "--auth-file", file.name) as server:
            for value in ["", "x", "0" * 64, "0" * 64 + ".616e6e", "0" * 5000]:
                server.cookie = "retort-%d=%s" % (server.port, value)
                self.assertIsNone(server.get("/api/session").json()["user"])
                self.assertEqual(server.get("/api/tasks").status, 401)

    def test_wrong_passwords_wait(self):
        with users() as file, Server(None, "--auth-file", file.name) as server:
            server.sign_in()
            answers = [server.post("/api/session", {"name": "ann", "password": str(n)}) for n in range(8)]
            self.assertEqual([answer.status for answer in answers[:3]], [401] * 3)
            last = answers[-1]
            self.assertEqual(last.status, 429)
            self.assertGreaterEqual(int(last.headers["Retry-After"]), 1)
            self.assertEqual(last.json()["error"]["status"], "RESOURCE_EXHAUSTED")

    def test_a_changed_file_is_read_again(self):
        with users() as file, Server(None, "--auth-file", file.name) as server:
            server.sign_in(name="rob", password="password")
            subprocess.run([RETORT, "user", "remove", "rob", "--auth-file", file.name], check=True,
                           stdout=subprocess.DEVNULL)
            for _ in range(50):
                if server.get("/api/tasks").status == 401:
                    break
                time.sleep(0.1)
            self.assertEqual(server.get("/api/tasks").status, 401)

    def test_a_file_that_is_wrong_is_refused(self):
        for text, mode, code, says in [("ann admin x\n", 0o600, 3, ":1:"), (USERS, 0o644, 4, "chmod 600"),
                                       (None, 0, 3, "retort user add")]:
            with users(text or "") as file:
                os.chmod(file.name, mode or 0o600)
                path = file.name if text else file.name + ".absent"
                run = subprocess.run([RETORT, "serve", "--models", MODELS, "--auth-file", path, "-d", "/nonexistent/x"],
                                     capture_output=True, text=True, timeout=60)
                self.assertEqual(run.returncode, code, run.stderr)
                self.assertIn(says, run.stderr)


class Clients(unittest.TestCase):
    def test_keys(self):
        path = "/v1alpha1/comments:analyze"
        body = {"comment": {"text": "You are an idiot."}, "requestedAttributes": {"TOXICITY": {}}}
        with users() as file, Server(None, "--auth-file", file.name) as server:
            server.token = ""
            if server.post(path + "?key=abc", body).status == 404:
                self.skipTest("there is no /v1alpha1 yet")
            self.assertEqual(server.post(path + "?key=abc", body).status, 200)
            self.assertEqual(server.post(path, body, **{"X-Goog-Api-Key": "abc"}).status, 200)
            answer = server.post(path + "?key=abd", body)
            self.assertEqual(answer.status, 400)
            self.assertEqual(answer.json()["error"]["details"][0]["reason"], "API_KEY_INVALID")
            self.assertEqual(server.post(path, body).status, 403)
            self.assertEqual(server.post(path + "?key=abc", body, **{"Content-Type": "text/plain"}).status, 415)

    def test_a_stranger_decides_nothing(self):
        """Also where the file names people only: whoever has no key may ask, and no more."""
        ask = {"comment": {"text": "You are an idiot."}, "requestedAttributes": {"TOXICITY": {}}}
        say = {"comment": {"text": "You are an idiot."}, "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}}}
        with users(f"ann admin {CHEAP}\n") as file:
            for options, statuses in [([], (200, 403)), (["--store-analyzed"], (403, 403))]:
                with Server(None, "--auth-file", file.name, *options) as server:
                    server.token = ""
                    self.assertEqual((server.post("/v1alpha1/comments:analyze", ask).status,
                                      server.post("/v1alpha1/comments:suggestscore", say).status), statuses)


if __name__ == "__main__":
    main()
