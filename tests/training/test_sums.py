"""The table of sums: files of other bytes are told, and models/ATTRIBUTION.md cannot differ from it."""

import os
import re
import tarfile
import tempfile
import unittest

import sums

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def attributed():
    """(path, SHA-256) of every file that models/ATTRIBUTION.md names with a sum, and every sum in it."""
    with open(os.path.join(ROOT, "models", "ATTRIBUTION.md"), encoding="utf-8") as file:
        text = file.read()
    return set(re.findall(r"`([^`\s]+)`:? ([0-9a-f]{64})\b", text)), set(re.findall(r"\b[0-9a-f]{64}\b", text))


class Table(unittest.TestCase):
    def test_rows_are_whole(self):
        for item in sums.rows():
            self.assertRegex(item["sha256"], r"^[0-9a-f]{64}$", item["path"])
            self.assertTrue(item["bytes"].isdigit(), item["path"])
            self.assertIn(item["use"], ("ship", "bench", "pages"))
            self.assertRegex(item["published"], r"^github\.com/\S+@[0-9a-f]{40}\b", item["path"])
            self.assertTrue(item["licence"])
        paths = [item["path"] for item in sums.rows()]
        self.assertEqual(len(paths), len(set(paths)))

    def test_attribution_has_the_sum_of_everything_a_model_learned_from(self):
        pairs, _ = attributed()
        for item in sums.rows():
            if item["use"] != "bench":
                self.assertIn((item["path"], item["sha256"]), pairs)

    def test_attribution_has_no_other_sum(self):
        known = {item["path"]: item["sha256"] for item in sums.rows()}
        pairs, every = attributed()
        for path, found in pairs:
            self.assertEqual(known.get(path), found, path)
        self.assertLessEqual(every, set(known.values()))


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "a")
        self.put("a", b"one\n")

    def tearDown(self):
        self.folder.cleanup()

    def put(self, name, data):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)

    def row(self, **more):
        digest, size = sums.file_sum(self.path)
        return {"path": "set/a", "sha256": digest, "bytes": str(size), "published": "github.com/x/y@0 a"} | more

    def test_same_bytes(self):
        self.assertIsNone(sums.problem(self.row(), self.path))

    def test_other_bytes(self):
        item = self.row()
        self.put("a", b"two\n")
        self.assertRegex(sums.problem(item, self.path), "other bytes.*github.com/x/y@0 a")

    def test_missing(self):
        item = self.row()
        os.remove(self.path)
        self.assertRegex(sums.problem(item, self.path), "not there.*github.com/x/y@0 a")

    def test_tree(self):
        first = sums.tree_sum(self.folder.name)
        self.put("b/c", b"")
        second = sums.tree_sum(self.folder.name)
        self.put("b/c", b"x")
        third = sums.tree_sum(self.folder.name)
        self.assertEqual(len({first, second, third}), 3)
        self.assertEqual(third[1], 5)
        self.assertEqual(third, sums.tree_sum(self.folder.name))
        self.put("SOURCE.md", b"of ours")
        self.assertEqual(third, sums.tree_sum(self.folder.name))

    def test_packed_or_unpacked(self):
        self.put("set/b/c", b"x")
        self.put("set/a.b", b"y")
        packed = os.path.join(self.folder.name, "set.tar.xz")
        with tarfile.open(packed, "w:xz") as archive:
            archive.add(os.path.join(self.folder.name, "set"), "threads/set")
        self.assertEqual(sums.packed_sum(packed, "threads/set/"), sums.tree_sum(os.path.join(self.folder.name, "set")))


if __name__ == "__main__":
    unittest.main()
