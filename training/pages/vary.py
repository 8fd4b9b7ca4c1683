"""Pages of HTML as other sites would have made them: `vary.py GOLD.jsonl > VARIED.jsonl`.

The pages that we learn from are ten years old: their classes say "entry-content", few have <main>.
From each row of gold.py comes

    nameless   the same page without a class, id or microdata, as when a build tool invents names
    plain      a third of the pages: the gold texts alone, in one of some plain frames

so that neither names nor the absence of <article> is all that the model knows. Same rows, same
variants; a variant is in the group of its page.
"""
import html
import json
import random
import re
import sys

TAG = re.compile(r"<[a-zA-Z][^<>]*>")
NAME = re.compile(r"\s(?:class|id|itemprop|itemtype|itemscope|property|role|data-[\w-]+)\s*=\s*"
                  r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.I)
PLAIN_SHARE = 1 / 3
MENU = ["Home", "News", "About", "Contact", "Archive", "Shop", "Help", "Log in", "Sign up", "Search"]
END = ["All rights reserved", "Privacy", "Terms of use", "Contact us", "Subscribe", "Back to top",
       "Follow us", "Read more", "Related stories", "Newsletter"]


def nameless(page):
    """Without names, but for what <meta> and <link> say in the head."""
    return TAG.sub(lambda tag: tag.group(0) if re.match(r"<(?:meta|link|script)\b", tag.group(0), re.I)
                   else NAME.sub("", tag.group(0)), page)


def links(words, rng, most):
    chosen = rng.sample(words, rng.randint(2, most))
    return ["<a href=\"#\">%s</a>" % word for word in chosen]


def listed(items, rng):
    if rng.random() < 0.5:
        return "<ul>%s</ul>" % "".join("<li>%s</li>" % item for item in items)
    return "<div>%s</div>" % " ".join(items)


def invented(rng):
    """A class as a build tool makes it, or none."""
    if rng.random() < 0.5:
        return ""
    return " class=\"%s\"" % "".join(rng.choice("abcdefghkmnpqrstuvwxyz0123456789_") for _ in range(7))


def paragraphs(text, rng):
    out, tag = [], rng.choice(["p", "p", "p", "div"])
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        heading = len(line) < 70 and out and not re.search(r"[.!?:,;\"”)]$", line)
        kind = "h2" if heading and rng.random() < 0.7 else tag
        out.append("<%s%s>%s</%s>" % (kind, invented(rng), html.escape(line, quote=False), kind))
    return out


FRAMES = [
    ("<header>%(menu)s</header><main><article>%(article)s</article>%(talk)s</main><footer>%(end)s</footer>"),
    ("<nav>%(menu)s</nav><article>%(article)s</article>%(talk)s<footer>%(end)s</footer>"),
    ("<div%(a)s><div%(b)s>%(menu)s</div><div%(c)s><div%(d)s>%(article)s</div>%(talk)s</div><div%(e)s>%(end)s</div></div>"),
    ("<div%(a)s><main>%(article)s</main><aside>%(end)s</aside></div>%(talk)s"),
    ("<table><tr><td>%(menu)s</td><td>%(article)s%(talk)s</td></tr></table>%(end)s"),
    ("<article>%(article)s</article>%(talk)s"),
    ("%(article)s%(talk)s"),
]


def plain(row, rng):
    body = paragraphs(row["article"], rng)
    talk = paragraphs(row["comments"], rng)
    if body:
        first = re.sub(r"^<(\w+)[^>]*>(.*)</\1>$", r"\2", body[0], flags=re.S)
        if len(first) < 140 and rng.random() < 0.8:
            body[0] = "<h1>%s</h1>" % first
    frame = rng.choice(FRAMES)
    named = {"menu": listed(links(MENU, rng, 8), rng), "end": listed(links(END, rng, 6), rng),
             "article": "".join(body),
             "talk": "<section>%s</section>" % "".join(talk) if talk else ""}
    named.update((key, invented(rng)) for key in "abcde")
    return "<!DOCTYPE html><html><head><title>%s</title></head><body>%s</body></html>" % (
        "", frame % named)


def variants(row):
    rng = random.Random("vary " + row["id"])
    yield "nameless", nameless(row["html"])
    if rng.random() < PLAIN_SHARE and row["article"]:
        yield "plain", plain(row, rng)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as rows:
        for line in rows:
            row = json.loads(line)
            for variant, page in variants(row):
                varied = dict(row, variant=variant, html=page)
                varied["id"] = "%s-%s" % (row["id"], variant)
                sys.stdout.write(json.dumps(varied, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
