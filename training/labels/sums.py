#!/usr/bin/env python3
"""The exact files the loaders were written for: their SHA-256 sums, and where each was published.

    python3 training/labels/sums.py DATA     checks the page sets; prepare.py checks the label sets as it reads them

sums.tsv has a row a file: `path` below DATA, `sha256`, `bytes`, `use` (ship: models learn from it; bench: measured
with only; pages: the splitter learns from it), `licence` as found, `published`, the repository, commit and path it
was taken from. A path that ends in / is a tree: its sum is of the lines "SHA256  path" of all files below it, sorted by
path, without what was put beside them when they were packed (SOURCE.md, SHA256SUMS).

Other bytes than these are refused, for ship and bench sets alike: a model of another edition is another model, and a
figure on another edition is another figure. --any-edition turns the refusal into a warning.
"""

import csv
import hashlib
import os
import sys
import tarfile

BESIDE = ("SOURCE.md", "SHA256SUMS", ".complete")
PACKED = {"threads-dragnet-html": "threads-dragnet-train", "threads-dragnet-corrected": "threads-dragnet-train"}
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sums.tsv")


def rows():
    with open(TABLE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def file_sum(path):
    """(SHA-256, bytes) of a file."""
    with open(path, "rb") as file:
        return stream_sum(file)


def stream_sum(file):
    digest, size = hashlib.sha256(), 0
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
            found.append((os.path.relpath(path, folder).replace(os.sep, "/"), *file_sum(path)))
    return list_sum(found)


def packed_sum(archive, folder):
    """The same of a folder inside a packed archive."""
    with tarfile.open(archive) as packed:
        return list_sum([(member.name[len(folder):], *stream_sum(packed.extractfile(member)))
                         for member in packed if member.isfile() and member.name.startswith(folder)])


def list_sum(files):
    """files: (path, SHA-256, bytes)."""
    files = sorted((path.encode("utf-8", "surrogateescape"), found, size) for path, found, size in files
                   if path not in BESIDE)
    digest = hashlib.sha256(b"".join(found.encode() + b"  " + path + b"\n" for path, found, _ in files))
    return digest.hexdigest(), sum(size for _, _, size in files)


def problem(item, place):
    """What is wrong with one row's file at `place`, in one line; None when it is the file meant."""
    is_tree = item["path"].endswith("/")
    if not (os.path.isdir(place) if is_tree else os.path.isfile(place)):
        return missing(item, place)
    return difference(item, place, tree_sum(place) if is_tree else file_sum(place))


def missing(item, place):
    return f"{place}: not there; {item['path']} was published at {item['published']}"


def difference(item, place, found):
    digest, size = found
    if digest == item["sha256"]:
        return None
    return (f"{place}: other bytes ({size}, SHA-256 {digest[:12]}…) than the {item['bytes']} we know "
            f"({item['sha256'][:12]}…); take {item['path']} from {item['published']}, or say --any-edition")


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


def page_problem(data, item):
    """What is wrong with a page set, unpacked or in its archive."""
    folder = os.path.join(data, item["path"])
    name = item["path"].rstrip("/").replace("/", "-")
    packed = os.path.join(data, PACKED.get(name, name) + ".tar.xz")
    if os.path.isdir(folder) or not os.path.isfile(packed):
        return problem(item, folder)
    return difference(item, packed, packed_sum(packed, item["path"]))


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    pages = (item for item in rows() if item["use"] == "pages")
    wrong = [line for item in pages if (line := page_problem(sys.argv[1], item))]
    for line in wrong:
        print("sums.py: " + line, file=sys.stderr)
    return 3 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
