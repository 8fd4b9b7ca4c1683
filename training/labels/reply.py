"""A reply toward the comment it answers: agree, disagree, query, none.

Train: RumourEval 2019 (Twitter and Reddit threads), official train and dev parts. Beside it, in a file of its
own so that its worth can be measured: ARC, a comment toward the claim of its debate. Bench only:
DEBAGREEMENT and the two SubReddit sets.

RumourEval is read from the published tree, a folder a thread: the source post, one file a reply, and
`structure.json`, which says who answers whom. A Twitter event (folder above the thread) is one group,
as is a Reddit thread. Replies to the source have parent_text equal to article_text; the source post
itself has neither. Posts that came without a text (Reddit's "more" stubs, deleted posts) are left out
of training; the test part keeps them, as " ", since the official key counts them.

So that a thread can be rebuilt from the rows, each tells its `thread` (the source's id), its `parent` and its `depth`,
and the rows of a thread stand together in the order in which they were written. `same_writer`: whose parent is by the
same writer.
"""

import html
import json
import os
import zipfile
from collections import namedtuple

from common import clean, expect, row, say, table

FOLD = {"support": "agree", "deny": "disagree", "query": "query", "comment": "none"}
PARTS = ("train", "dev", "test")
NAMED = {0: "disagree", 1: "none", 2: "agree"}


class Rumours:
    """All threads of RumourEval 2019 and the key of each part."""

    def __init__(self, folder):
        base = os.path.join(folder, "data", "rumoureval-2019-training-data")
        self.keys = {"train": load(os.path.join(base, "train-key.json")),
                     "dev": load(os.path.join(base, "dev-key.json")),
                     "test": load(os.path.join(folder, "final-eval-key.json"))}
        self.rows = {part: [] for part in PARTS}
        self.textless = dict.fromkeys(PARTS, 0)
        files = tree(base)
        with zipfile.ZipFile(os.path.join(folder, "data", "rumoureval-2019-test-data.zip")) as test:
            files.update((name, test.read(name)) for name in test.namelist() if name.endswith(".json"))
        for thread in threads(files):
            self.take(thread)
        for part, wanted in zip(PARTS, (5217, 1485, 1827)):
            found = len(self.rows[part]) + (self.textless[part] if part != "test" else 0)
            expect(f"RumourEval {part}", found, wanted)
            say(f"rumoureval {part}: {self.textless[part]} posts without a text")

    def take(self, thread):
        for post in sorted(thread["posts"], key=written):
            text = thread["posts"][post].text
            for part in PARTS:
                label = self.keys[part].get(post)
                if label is None:
                    continue
                self.textless[part] += not text
                if text or part == "test":
                    self.rows[part].append(thread_row(thread, post, FOLD[label]))


Post = namedtuple("Post", "text parent writer")
NOWHERE = Post("", None, None)


def written(post):
    """Ids of tweets grow with time, and so do Reddit's, of base 36: shorter is earlier."""
    return len(post), post


def thread_row(thread, post, label):
    """One post of a thread. A textless parent counts as " ": there is one, nobody knows its words."""
    posts, more = thread["posts"], {}
    parent = posts[post].parent
    if parent is not None:
        above = posts.get(parent, NOWHERE)
        more = {"article_text": posts[thread["source"]].text, "parent_text": above.text,
                "parent": "rumoureval/" + parent,
                "same_writer": True if above.writer and above.writer == posts[post].writer else None}
    item = row("rumoureval", post, posts[post].text, label, thread["group"],
               thread="rumoureval/" + thread["source"], depth=depth(posts, post), **more)
    item["text"] = item["text"] or " "
    return item


def depth(posts, post):
    """0 for the source, 1 for its replies; a chain that goes in a circle ends where it began."""
    above = [post]
    while (parent := posts.get(above[-1], NOWHERE).parent) is not None and parent not in above:
        above.append(parent)
    return len(above) - 1


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["subtaskaenglish"]


def tree(base):
    """Path below `base` -> bytes, for every JSON file of a thread."""
    files = {}
    for place, folders, names in os.walk(base):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            if name.endswith(".json") and not name.endswith("-key.json"):
                with open(path, "rb") as file:
                    files[os.path.relpath(path, base).replace(os.sep, "/")] = file.read()
    return files


def threads(files):
    """Each thread as {"group", "source", "posts": {id: Post}}, by path.

    A post names its parent itself; `structure.json` speaks only for stubs, since in the test part it
    hangs some 130 deeper replies on nothing.
    """
    for path in sorted(name for name in files if name.endswith("/structure.json")):
        home = path[: -len("structure.json")]
        source = home.split("/")[-2]
        event = home.split("/")[-3]
        parents = dict(links(json.loads(files[path])))
        posts = {post: Post("", parent, None) for post, parent in parents.items()}
        for name in files:
            if name.startswith((home + "source-tweet/", home + "replies/")):
                post = name.rsplit("/", 1)[1][:-5]
                found = read_post(json.loads(files[name]))
                above = None if post == source else found.parent or parents.get(post) or source
                posts[post] = found._replace(parent=above)
        yield {"group": source if "reddit" in event else event, "source": source, "posts": posts}


def links(structure):
    """(post, parent) of a nested structure, without recursion; the root's parent is None."""
    todo = [(structure, None)]
    while todo:
        level, parent = todo.pop()
        for post, below in level.items():
            yield post, parent
            if isinstance(below, dict):
                todo.append((below, post))


def read_post(post):
    """The words of a tweet, a Reddit comment or a Reddit post (title and text), its parent's id and its writer."""
    if "kind" not in post:
        words = post.get("full_text") or post.get("text") or ""
        return Post(clean(html.unescape(words)), post.get("in_reply_to_status_id_str"), post["user"]["screen_name"])
    data = post["data"]
    if post["kind"] == "Listing":
        data = data["children"][0]["data"]
    words = data["title"] + "\n" + (data.get("selftext") or "") if "title" in data else data.get("body")
    writer = data.get("author")
    return Post(clean(html.unescape(words or "")), (data.get("parent_id") or "")[3:],
                None if writer == "[deleted]" else writer)


def arc(published):
    """ARC's related pairs of the train part, the claim as the comment answered."""
    fold = {"agree": "agree", "disagree": "disagree", "discuss": "none"}
    for claim, body, stance in published.pairs("_train"):
        if stance in fold and body not in published.held:
            yield row("arc", body, published.bodies[body], fold[stance], published.debate[body],
                      parent_text=claim)


def debagreement(folder):
    for item in table(os.path.join(folder, "dev.csv")):
        yield row("debagreement", item["msg_id_child"], html.unescape(item["body_child"]),
                  NAMED[int(item["label"])], item["submission_id"],
                  parent_text=html.unescape(item["body_parent"]),
                  article_text=html.unescape(item["submission_text"]), subreddit=item["subreddit"])


def subreddit(folder):
    for topic in ("CovidVaccine", "MaskMandate"):
        path = os.path.join(folder, f"SubReddit-{topic}.csv")
        for number, item in enumerate(table(path, encoding="cp1252")):
            yield row("subreddit", f"{topic}/{number}", item["response_text"],
                      NAMED[int(item["relation"])], f"{topic}/{number}", parent_text=item["quote_text"])
