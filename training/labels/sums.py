#!/usr/bin/env python3
"""The exact files the loaders were written for: their SHA-256 sums, and where each was published.

    python3 training/labels/sums.py DATA     checks the page sets; prepare.py checks the label sets as it reads them

sums.tsv has a row a file: `path` below DATA, `sha256`, `bytes`, `use` (ship: models learn from it; bench: measured
with only; pages: the splitter learns from it), `licence` as found, `published`, the repository, commit and path it
was taken from. A path that ends in / is a tree: its sum is of the lines "SHA256  path" of all files below it, sorted by
path. Page sets are known by their packed archive, which holds thousands of files.

Other bytes than these are refused, for ship and bench sets alike: a model of another edition is another model, and a
figure on another edition is another figure. --any-edition turns the refusal into a warning.
"""

import csv
import hashlib
import os
import sys

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sums.tsv")


def rows():
    with open(TABLE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def file_sum(path):
    """(SHA-256, bytes) of a file."""
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def tree_sum(folder):
    """(SHA-256, bytes) of all files below a folder."""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            found.append((os.path.relpath(path, folder).replace(os.sep, "/").encode("utf-8", "surrogateescape"), path))
    digest, size = hashlib.sha256(), 0
    for name, path in sorted(found):
        one, length = file_sum(path)
        digest.update(one.encode() + b"  " + name + b"\n")
        size += length
    return digest.hexdigest(), size


def problem(item, place):
    """What is wrong with one row's file at `place`, in one line; None when it is the file meant."""
    path, is_tree = item["path"], item["path"].endswith("/")
    if not (os.path.isdir(place) if is_tree else os.path.isfile(place)):
        return f"{place}: not there; {path} was published at {item['published']}"
    found, size = tree_sum(place) if is_tree else file_sum(place)
    if found != item["sha256"]:
        return (f"{place}: other bytes ({size}, SHA-256 {found[:12]}…) than the {item['bytes']} we know "
                f"({item['sha256'][:12]}…); take {path} from {item['published']}, or say --any-edition")
    return None


def check(folder, place):
    """All that is wrong with the set `folder` ("stance/vast") whose files stand in `place`."""
    known = [item for item in rows() if item["path"].startswith(folder + "/")]
    if not known:
        return [f"{folder}: no file of it is in {os.path.basename(TABLE)}"]
    found = (problem(item, os.path.join(place, item["path"][len(folder) + 1:])) for item in known)
    return [line for line in found if line]


def whence(folder):
    """Where a missing set was published: the repositories its files came from."""
    return ", ".join(sorted({item["published"].split(" ")[0] for item in rows()
                             if item["path"].startswith(folder + "/")}))


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    pages = (item for item in rows() if item["use"] == "pages")
    wrong = [line for item in pages if (line := problem(item, os.path.join(sys.argv[1], item["path"])))]
    for line in wrong:
        print("sums.py: " + line, file=sys.stderr)
    return 3 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
