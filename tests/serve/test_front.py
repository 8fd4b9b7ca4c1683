"""The front: addresses, methods, headers, and a clean end."""

import unittest

from harness import Server, main


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

    def test_errors_have_one_shape(self):
        with Server() as server:
            for method, path, status in [("GET", "/nowhere", 404), ("POST", "/healthz", 405)]:
                answer = server.ask(method, path)
                self.assertEqual(answer.status, status)
                error = answer.json()["error"]
                self.assertEqual(error["code"], status)
                self.assertEqual(sorted(error), ["code", "details", "message", "status"])
            self.assertEqual(answer.headers["Allow"], "GET")

    def test_store_is_read_on_a_worker(self):
        with Server() as server:
            self.assertEqual(server.get("/healthz").json(), {"status": "ok"})


if __name__ == "__main__":
    main()
