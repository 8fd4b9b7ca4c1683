"""A thread → pages of flat text, in the manner of many sites, with each line's role.

One thread gives several pages: the same words with and without authors, furniture, blank lines,
an article, nested or by time. What a page shows is drawn from a generator seeded by the page's
name alone, so that a set of pages does not depend on the order in which they were made.
"""
import math
import random
import re

import words
from thread import Comment


class Pool:
    """Real furniture, headlines and articles that pages of one bucket may borrow."""

    def __init__(self):
        self.articles, self.titles, self.before, self.inside, self.after = [], [], [], [], []


def fill(template, rng, page, extra=None):
    style = rng.randrange(36)
    values = {"a": words.person(rng), "b": words.person(rng), "h": words.person(rng).replace(" ", ""),
              "d": words.date(rng, style), "c": words.clock(rng, style), "g": words.ago(rng, style),
              "n": str(rng.randrange(2, 200)), "k": str(rng.randrange(1, 90)),
              "y": str(rng.randrange(2004, 2026)), "t": page}
    values.update(extra or {})
    return re.sub(r"\{(\w)\}", lambda found: values[found.group(1)], template)


# ---- quotation marks ---------------------------------------------------------------------------

def straight(text):
    return re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d]", '"', text))


def curly(text):
    text = re.sub(r'(^|[\s(\[\u2014-])"', "\\1\u201c", text).replace('"', "\u201d")
    return re.sub(r"(^|[\s(\[\u2014-])'", "\\1\u2018", text).replace("'", "\u2019")


# ---- quoting -----------------------------------------------------------------------------------

def sentences(lines):
    found = []
    for line in lines:
        found += [part.strip() for part in re.split(r"(?<=[.!?])\s+", line)]
    return [part for part in found if 5 <= len(part.split()) <= 45 and '"' not in part]


def quotation(rng, style, source, author):
    options = sentences(source)
    if not options:
        return None
    text = rng.choice(options)
    if rng.random() < 0.25:
        cut = text.split()
        text = " ".join(cut[:rng.randrange(4, len(cut))]) + rng.choice(["...", "\u2026", ""])
    marks = {"straight": '"%s"', "curly": "\u201c%s\u201d", "angle": "> %s", "angles": ">> %s",
             "bare": "%s", "named": '"%s"'}[style]
    quoted = marks % text
    if style == "named" and author:
        return ["%s wrote:" % author, quoted]
    return [quoted]


QUOTE_STYLES = ["straight", "straight", "curly", "angle", "angle", "angles", "bare", "named"]


def add_quotes(rng, page, share, style):
    """Some answers begin by quoting what they answer, some by naming its writer."""
    result = []
    for number, comment in enumerate(page.comments, 1):
        lines, begins = list(comment.lines), 1
        source = author = None
        if comment.parent:
            parent = page.comments[comment.parent - 1]
            source, author = parent.lines, parent.author
        elif comment.parent == 0 and rng.random() < 0.4:
            source = page.article
        if source and rng.random() < share:
            lines = (quotation(rng, style, source, author) or []) + lines
        elif author and rng.random() < share / 2:
            short = author.split()[0]
            lines[0] = rng.choice(["@%s ", "@%s: ", "%s, ", "%s: ", "%s - "]) % short + lines[0]
        result.append(lines)
    return result


# ---- order -------------------------------------------------------------------------------------

def chronological(rng, comments):
    """An order in which every parent stands before its children, else as times or chance have it."""
    ready, order, waiting = [], [], {}
    for at, comment in enumerate(comments):
        if comment.parent:
            waiting.setdefault(comment.parent - 1, []).append(at)
        else:
            ready.append(at)
    while ready:
        pick = ready.pop(0 if rng.random() < 0.5 else rng.randrange(min(len(ready), 6)))
        order.append(pick)
        ready += waiting.get(pick, [])
    return order


def depth_first(comments):
    children, roots = {}, []
    for at, comment in enumerate(comments):
        (children.setdefault(comment.parent - 1, []) if comment.parent else roots).append(at)
    order, stack = [], roots[::-1]
    while stack:
        at = stack.pop()
        order.append(at)
        stack += children.get(at, [])[::-1]
    return order


# ---- a page ------------------------------------------------------------------------------------

class Sheet:
    """Lines and roles as they are laid down."""

    def __init__(self):
        self.lines, self.roles, self.parents = [], [], []

    def put(self, role, text):
        text = " ".join(text.replace("\ufeff", " ").split())
        if text:
            self.lines.append(text)
            self.roles.append(role)

    def blank(self):
        if self.lines and self.roles[-1] != "-":
            self.lines.append("")
            self.roles.append("-")


def furniture(rng, sheet, stock, real, count, title):
    """A few lines of furniture, some real (a run as it stood on a page), some from the stock."""
    if real and rng.random() < 0.5:
        run = rng.choice(real)
        start = rng.randrange(max(1, len(run) - count))
        for text in run[start:start + count]:
            sheet.put("F", text)
        return
    for _ in range(count):
        sheet.put("F", fill(rng.choice(stock), rng, title))


def related(rng, sheet, pool):
    """The block of other stories under a news page: headlines, bylines, teasers."""
    shape = rng.choice(["headlines", "headlines", "twice", "teasers", "mixed"])
    for _ in range(rng.randrange(2, 9)):
        title = rng.choice(pool.titles) if pool.titles else "More stories"
        if shape == "twice":
            sheet.put("F", title)
        if shape != "teasers":
            sheet.put("F", title)
        if shape in ("twice", "mixed"):
            sheet.put("F", fill(rng.choice(["By {a}", "{a}", "By Staff"]), rng, title))
            sheet.put("F", fill(rng.choice(["{g}", "{d}", "{k} min read"]), rng, title))
        if shape in ("teasers", "mixed") and pool.articles:
            lines = [line for line in rng.choice(pool.articles)[1:4] if len(line) > 80]
            if lines:
                sheet.put("F", lines[0])


def by_sentence(article):
    """The article on a site that gives each sentence a paragraph."""
    return [part for line in article
            for part in re.split(r"(?<=[.!?][\"\u201d]) (?=[A-Z\u201c\"])|(?<=[a-z][.!?]) (?=[A-Z\u201c\"])", line)
            if part.strip()]


def put_article(rng, sheet, article, title, dirty, pool):
    """Half of the articles are cut short, so that how far down a line stands says little, and a
    quarter are cut into sentences, so that how long it is does not say all."""
    gaps = rng.random() < 0.5
    if rng.random() < 0.25:
        article = by_sentence(article)
    if len(article) > 4 and rng.random() < 0.5:
        article = article[:rng.randrange(3, min(len(article), 16))]
    if title and rng.random() < 0.6:
        sheet.put("A", title)
    if dirty and rng.random() < 0.3:
        sheet.put("F", fill(rng.choice(["By {a}", "{a}", "Published {d} {c}", "{d}", "{k} min read",
                                        "By {a} - {d}", "Updated: {d}, {c}"]), rng, title))
    for line in article:
        if gaps:
            sheet.blank()
        sheet.put("A", line)
        if dirty and rng.random() < 0.06:
            if gaps:
                sheet.blank()
            furniture(rng, sheet, words.INSIDE, pool.inside, rng.randrange(1, 3), rng.choice(pool.titles or [title]))


def put_after(rng, sheet, title, pool, any_comments):
    if rng.random() < 0.4:
        sheet.put("F", fill(rng.choice(words.BIOGRAPHY), rng, title))
    if rng.random() < 0.5:
        furniture(rng, sheet, words.AFTER, pool.after, rng.randrange(1, 12), rng.choice(pool.titles or [title]))
    if rng.random() < 0.5:
        related(rng, sheet, pool)
    if not any_comments and rng.random() < 0.3:
        furniture(rng, sheet, words.EMPTY, [], rng.randrange(1, 4), title)
    if not any_comments and rng.random() < 0.3:
        furniture(rng, sheet, words.AFTER, pool.after, rng.randrange(1, 20), title)


def put_comments(rng, sheet, page, order, bodies, options):
    head, number = options["head"], {}
    style, hide_reply = rng.randrange(36), rng.random() < 0.4
    for position, at in enumerate(order, 1):
        comment = page.comments[at]
        number[at + 1] = position
        extra = {"a": comment.author or "Anonymous", "n": str(position),
                 "d": words.date(rng, style), "c": words.clock(rng, style), "g": words.ago(rng, style)}
        if options["gap"] != "none":
            sheet.blank()
        for line in head[0]:
            sheet.put("H", fill(line, rng, page.title, extra))
        for index, line in enumerate(bodies[at]):
            if index and options["gap"] == "lines":
                sheet.blank()
            sheet.put("I" if index else "B", line)
        for line in [] if hide_reply and head[0] else head[1]:
            sheet.put("T", fill(line, rng, page.title, extra))
        sheet.parents.append(number.get(comment.parent, comment.parent and None)
                             if comment.parent is not None else None)
        if options["dirty"] and rng.random() < 0.02:
            sheet.put("F", fill(rng.choice(words.BETWEEN), rng, page.title))


def marks(rng, sheet):
    """Quotation marks as sites have them: left alone, all straight, or curly in the article only."""
    choice = rng.random()
    for at, role in enumerate(sheet.roles):
        if choice < 0.25:
            sheet.lines[at] = straight(sheet.lines[at])
        elif choice < 0.45 and role in "AF":
            sheet.lines[at] = curly(sheet.lines[at])
        elif choice < 0.5:
            sheet.lines[at] = curly(sheet.lines[at])


def mix_marks(record):
    """On many pages every comment, and the article, has typed or typeset marks by chance:
    they tell how a text was entered, so curly marks must not come to mean "article"."""
    rng = random.Random("marks " + record["id"])
    if rng.random() >= 0.6:
        return record
    lines, style = record["text"].split("\n"), rng.choice([straight, curly])
    for at, role in enumerate(record["roles"]):
        if role == "B":
            style = rng.choice([straight, curly])
        lines[at] = style(lines[at])
    record["text"] = "\n".join(lines)
    return record


def stray_gaps(record):
    """On some pages a blank line stands here and there, where an image or an advertisement was."""
    rng = random.Random("gaps " + record["id"])
    if rng.random() >= 0.3:
        return record
    share, lines, roles = rng.uniform(0.02, 0.2), [], ""
    for role, line in zip(record["roles"], record["text"].split("\n")):
        if role != "-" and roles and roles[-1] != "-" and rng.random() < share:
            lines.append("")
            roles += "-"
        lines.append(line)
        roles += role
    record["text"], record["roles"] = "\n".join(lines), roles
    return record


def emit(name, page, variant, sheet, bucket, as_found=False):
    while sheet.roles and sheet.roles[-1] == "-":
        sheet.roles.pop()
        sheet.lines.pop()
    known = [parent for parent in sheet.parents if parent is not None]
    record = {"id": "%s/%s" % (name, variant), "group": "%02d" % bucket, "site": page.group,
              "source": page.source, "variant": variant.rstrip("0123456789"),
              "text": "\n".join(sheet.lines), "roles": "".join(sheet.roles),
              "parents": sheet.parents if known else None}
    return record if as_found else stray_gaps(mix_marks(record))


def seeded(page, variant):
    return random.Random("%s %s" % (page.name, variant))


def made_page(page, variant, pool, bucket, options):
    """options: comments, heads, dirty (furniture), article ('own', 'borrow', 'title', 'none')."""
    rng, sheet = seeded(page, variant), Sheet()
    names = [words.person(rng) for _ in range(max(2, len(page.comments) // 2))]
    for comment in page.comments:
        comment.author = comment.author or rng.choice(names)
    article, title = page.article, page.title
    if options["article"] == "borrow" and pool.articles:
        article = closest(rng, page, pool)
    elif options["article"] in ("title", "none"):
        article = []
    head = rng.choice(words.HEADS) if options["heads"] else ([], [])
    settings = {"head": head, "dirty": options["dirty"],
                "gap": rng.choice(["none", "none", "comments", "lines"])}
    if options["dirty"] and rng.random() < 0.6:
        furniture(rng, sheet, words.TOP, pool.before, rng.randrange(1, 15), title)
    if options["article"] != "none":
        put_article(rng, sheet, article, title, options["dirty"], pool)
    if options["dirty"]:
        put_after(rng, sheet, title, pool, bool(options["comments"]))
    if options["comments"]:
        if options["dirty"] and rng.random() < 0.7:
            furniture(rng, sheet, words.HEADING, [], rng.randrange(1, 4), title)
        original = page.article
        page.article = article
        bodies = add_quotes(rng, page, rng.choice([0, 0, 0.1, 0.3, 0.6]), rng.choice(QUOTE_STYLES))
        page.article = original
        order = (depth_first(page.comments) if rng.random() < 0.6 else chronological(rng, page.comments))
        put_comments(rng, sheet, page, order, bodies, settings)
        if options["dirty"] and rng.random() < 0.6:
            sheet.blank()
            furniture(rng, sheet, words.LAST_LINES, pool.after, rng.randrange(1, 12), title)
    marks(rng, sheet)
    return emit(page.name, page, variant, sheet, bucket)


def closest(rng, page, pool):
    """Of a few articles the one that shares most words with the thread."""
    said = set(re.findall(r"[a-z]{5,}", (page.title + " " + " ".join(
        line for comment in page.comments[:20] for line in comment.lines)).lower()))
    options = [rng.choice(pool.articles) for _ in range(8)]

    def score(lines):
        found = set(re.findall(r"[a-z]{5,}", " ".join(lines).lower()))
        return len(said & found) / (len(found) + 10) ** 0.5
    return max(options, key=score)


def found_comments(lines):
    """For each line the index of the comment it belongs to, None outside."""
    found, at, before = [], -1, "F"
    for role, _ in lines:
        at += (role == "H" and before != "H") or (role == "B" and before != "H")
        found.append(at if role in "HBIT" else None)
        before = role
    return found


def cut_comments(rng, page):
    """Some consecutive comments of a page as it was published: (lines, comments). What stands
    between comments that are left out goes with them."""
    n = len(page.comments)
    wanted = int(math.exp(rng.uniform(0.0, math.log(n + 0.999))))
    begin = rng.randrange(n - wanted + 1)
    lines, last = [], None
    for at, line in zip(found_comments(page.lines), page.lines):
        last = at if at is not None else last
        inside = last is None or begin <= last < begin + wanted
        if inside or (at is None and last == n - 1):
            lines.append(line)
    comments = []
    for comment in page.comments[begin:begin + wanted]:
        parent = comment.parent
        if parent:
            parent = parent - begin if parent > begin else None
        comments.append(Comment(comment.lines, comment.author, comment.time, parent))
    return lines, comments


def cut_article(rng, lines):
    """The article cut short or by sentence, as put_article does."""
    if rng.random() < 0.3:
        lines = [(role, part) for role, text in lines
                 for part in (by_sentence([text]) if role == "A" else [text])]
    n = sum(role == "A" for role, _ in lines)
    left = rng.randrange(2, min(n, 16)) if n > 4 and rng.random() < 0.5 else n
    kept = []
    for role, text in lines:
        left -= role == "A"
        if role != "A" or left >= 0:
            kept.append((role, text))
    return kept


def found_page(page, variant, bucket, keep, thin, whole=True):
    """A page as it was published, without the roles that are not in `keep` and with its furniture
    thinned: an extractor leaves some of it. Unless `whole`, only some of its comments and the
    beginning of its article, so that one page teaches more than one length, and its quotation
    marks mixed."""
    rng, sheet = seeded(page, variant), Sheet()
    gap = rng.choice(["none", "none", "all", "some"])
    dropping = False
    before = None
    lines, comments = page.lines, page.comments
    if not whole and comments:
        lines, comments = cut_comments(rng, page)
    if not whole:
        lines = cut_article(rng, lines)
    for role, text in lines:
        if role not in keep:
            continue
        if role == "F":
            if rng.random() < 0.3:
                dropping = rng.random() < thin
            if dropping:
                continue
        if gap == "all" or (gap == "some" and role in "ABH" and not (role == "B" and before == "H")
                            and before != "H"):
            sheet.blank()
        sheet.put(role, text)
        before = role
    sheet.parents = [comment.parent for comment in comments] if "B" in keep else []
    if not whole:
        marks(rng, sheet)
    return emit(page.name, page, variant, sheet, bucket, as_found=whole)
