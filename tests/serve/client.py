"""A client that asks by operation and holds request and answer to openapi.json."""

import urllib.parse

from schema import Checker, Mismatch, read

with open("src/serve/openapi.json", encoding="utf-8") as file:
    DOCUMENT = read(file.read())
OPERATIONS = {operation["operationId"]: (path, method, operation)
              for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()}


class Client:
    """Asks by operation and checks request and answer against the description."""

    def __init__(self, server):
        self.server = server
        self.checker = Checker(DOCUMENT)
        self.answered = set()  # (operationId, status)

    def address(self, name, path=None, query=None):
        address = OPERATIONS[name][0]
        for key, value in (path or {}).items():
            address = address.replace("{%s}" % key, urllib.parse.quote(str(value), safe=""))
        return address + ("?" + urllib.parse.urlencode(query) if query else "")

    def send(self, name, address, body=None, **headers):
        if OPERATIONS[name][1] == "get":
            answer = self.server.get(address, **headers)
        else:
            answer = self.server.post(address, body, **headers)
        return self.check(name, answer)

    def check(self, name, answer):
        """The answer's value, after it was found to be one of those described."""
        _, method, operation = OPERATIONS[name]
        where = f"{name} {answer.status}"
        responses = operation["responses"]
        if str(answer.status) not in responses:
            raise Mismatch(f"{where}: this status is not described: {answer.body[:300]}")
        content = self.checker.follow(responses[str(answer.status)])["content"]
        kind = answer.headers["Content-Type"].split(";")[0]
        if kind not in content:
            raise Mismatch(f"{where}: Content-Type {kind} is not described")
        if method == "get" and answer.headers["Cache-Control"] != "no-store":
            raise Mismatch(f"{where}: Cache-Control is {answer.headers['Cache-Control']}")
        text = answer.body.decode("utf-8")
        value = read(text) if kind == "application/json" else text
        self.checker.check(value, content[kind]["schema"], where)
        if answer.status >= 400 and value["error"]["code"] != answer.status:
            raise Mismatch(f"{where}: the error says {value['error']['code']}")
        self.answered.add((name, answer.status))
        return value

    def good(self, name, path=None, query=None, body=None):
        """A request as it is described, and its answer, which must be 200."""
        operation = OPERATIONS[name][2]
        if body is not None:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            self.checker.check(body, schema, f"{name} request")
        known = {p["name"] for p in map(self.checker.follow, operation.get("parameters", []))}
        assert known >= set(path or {}) | set(query or {}), name
        value = self.send(name, self.address(name, path, query), body)
        if (name, 200) not in self.answered:
            raise Mismatch(f"{name}: {value}")
        return value

    def bad(self, name, status, path=None, query=None, body=None):
        """A request that must be answered by this error."""
        value = self.send(name, self.address(name, path, query), body)
        if (value.get("error") or {}).get("code") != status:
            raise Mismatch(f"{name} {path} {query} {body}: {value} and not {status}")
