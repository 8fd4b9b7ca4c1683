"""Data sets as they were published: NAME.tar.xz below DATA, or the same unpacked.

A set is a stream of (path, bytes), in the order of the paths' names whatever the archive's own
order, so that the same set gives the same pages packed or unpacked.
"""
import os
import tarfile


def _from_archive(path, prefix):
    with tarfile.open(path) as packed:
        for member in packed:
            if member.isfile() and member.name.startswith(prefix + "/"):
                yield member.name[len(prefix) + 1:], packed.extractfile(member).read()


def _from_folder(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as handle:
                yield os.path.relpath(path, folder).replace(os.sep, "/"), handle.read()


def read_set(data, archive, name, wanted=lambda path: True):
    """The files of one set, sorted by path: [(path below the set's folder, bytes)]."""
    kind = archive.split("-")[0] + "/"
    folder = os.path.join(data, kind, name)
    packed = os.path.join(data, archive + ".tar.xz")
    if os.path.isdir(folder):
        files = _from_folder(folder)
    elif os.path.isfile(packed):
        files = _from_archive(packed, kind + name)
    else:
        raise SystemExit("pages: neither %s nor %s; give the folder that holds the data sets"
                         % (folder, packed))
    return sorted((path, content) for path, content in files if wanted(path))


def decode(content):
    """Text of a file whose encoding nobody wrote down."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
