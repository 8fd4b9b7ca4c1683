"""Pages of HTML with gold texts in dragnet's format → rows for `retort eval split`.

    gold.py DATA                         the published training list in the folder of data sets
    gold.py HTML CORRECTED [LIST]        folders of NAME.html and NAME.html.corrected.txt; LIST
                                         names the pages, one a line (else all that have a gold text)

A row is {"id","group","site","source","variant","html","article","comments"}: what the page holds is
known as two texts, so tokens are measured, not lines. The HTML is decoded as it would be by a
reader without its HTTP header: by its byte order mark, else as UTF-8, else as Windows-1252.
"""
import hashlib
import json
import os
import sys

import archive
import dragnet

SUFFIX = ".html.corrected.txt"
N_GROUPS = 20


def read_folders(html, corrected, names):
    for name in names:
        with open(os.path.join(corrected, name + SUFFIX), "rb") as gold, \
                open(os.path.join(html, name + ".html"), "rb") as page:
            yield name, archive.decode(gold.read()), archive.decode(page.read())


def names_of(arguments):
    if len(arguments) == 3:
        with open(arguments[2], encoding="utf-8") as lines:
            return lines.read().split()
    return sorted(name[:-len(SUFFIX)] for name in os.listdir(arguments[1]) if name.endswith(SUFFIX))


def row(name, gold, html):
    article, comments = dragnet.gold_texts(gold)
    site = dragnet.site_of(html) or "dragnet-" + name
    group = int(hashlib.sha256(site.encode()).hexdigest()[:8], 16) % N_GROUPS
    return {"id": "dragnet-" + name, "group": "%02d" % group, "site": site, "source": "dragnet",
            "variant": "html", "html": html, "article": article.strip(), "comments": comments.strip()}


def main():
    arguments = sys.argv[1:]
    if not 1 <= len(arguments) <= 3:
        raise SystemExit(__doc__)
    pages = (dragnet.read_files(arguments[0]) if len(arguments) == 1
             else read_folders(arguments[0], arguments[1], names_of(arguments)))
    for page in pages:
        sys.stdout.write(json.dumps(row(*page), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
