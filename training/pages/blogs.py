"""Two blogs that publish their posts and their readers' comments: haacked and benbalter."""
import io
import json
import re
import tarfile
import xml.etree.ElementTree

import archive
import markup
from thread import Comment, Page

DISQUS = "{http://disqus.com}"
INTERNAL = "{http://disqus.com/disqus-internals}"


def markdown_lines(text):
    """Paragraphs of a post, without front matter, code, images and link targets."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text.replace("\r\n", "\n"), flags=re.S)
    text = re.sub(r"^(```|~~~).*?^\1\s*$", "", text, flags=re.S | re.M)
    text = re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.M)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", text)
    text = re.sub(r"^\[[^\]]+\]:.*$", "", text, flags=re.M)
    text = re.sub(r"\{%.*?%\}|\{:.*?\}", "", text)
    text = re.sub(r"^#+\s*", "", text, flags=re.M)
    text = re.sub(r"[*_`]{1,3}", "", text)
    blocks = re.split(r"\n\s*\n", text)
    joined = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", block)).strip() for block in blocks]
    return [line for line in joined if line]


def title_of(text):
    found = re.search(r"^title:\s*(.*)$", text, re.M)
    return found.group(1).strip().strip("\"'") if found else ""


def minutes(stamp):
    """A time as a number that orders; the days of a month are taken as 31."""
    found = re.match(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+)", stamp or "")
    if not found:
        return None
    year, month, day, hour, minute = map(int, found.groups())
    return (((year - 2000) * 12 + month) * 31 + day) * 1440 + hour * 60 + minute


def yaml_field(text, name):
    """One scalar of the simple YAML that the comments are kept in."""
    found = re.search(r"^%s:[ ]?(.*(?:\n[ ]+.*|\n(?=\n* ))*)" % name, text, re.M)
    if not found:
        return ""
    value = found.group(1)
    if value.startswith('"'):
        try:
            return json.loads(re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1",
                                     re.sub(r"\s*\n\s*", " ", value).strip()))
        except ValueError:
            return value.strip().strip('"')
    if value.startswith("'"):
        return value.strip()[1:-1].replace("''", "'")
    if value[:1] in "|>":
        return "\n".join(line.strip() for line in value.split("\n")[1:])
    return value.strip()


def message_lines(message):
    """Messages are HTML, or plain text with line breaks."""
    if "<" not in message:
        return [line.strip() for line in message.split("\n") if line.strip()]
    return markup.plain(message)


def number_parents(entries):
    """entries: [(id, parent id, Comment)] in order of time → comments with numbered parents."""
    number = {key: at for at, (key, _, _) in enumerate(entries, 1)}
    any_reply = any(parent for _, parent, _ in entries)
    for at, (_, parent, comment) in enumerate(entries, 1):
        known = number.get(parent) if parent else 0
        comment.parent = known if any_reply and known is not None and known < at else None
    return [comment for _, _, comment in entries]


def haacked_comment(text):
    comment = Comment(message_lines(yaml_field(text, "message")), yaml_field(text, "name"),
                      minutes(yaml_field(text, "date")))
    return yaml_field(text, "id"), yaml_field(text, "replyToId"), comment


def read_haacked(data):
    files = dict(archive.read_set(data, "threads-blog-haacked", "blog-haacked"))
    posts, threads = {}, {}
    with tarfile.open(fileobj=io.BytesIO(files["comments-and-posts.tar"])) as packed:
        for member in packed:
            if not member.isfile():
                continue
            text = packed.extractfile(member).read().decode("utf-8", "replace")
            if member.name.startswith("_data/comments/"):
                threads.setdefault(member.name.split("/")[2], []).append(haacked_comment(text))
            elif member.name.startswith("_posts/"):
                slug = re.sub(r"^\d+-\d+-\d+-|\.(markdown|md)$", "", member.name.split("/")[-1])
                posts[re.sub(r"[^a-z0-9]+", "-", slug.lower())] = text
    for slug in sorted(threads):
        entries = [entry for entry in threads[slug] if entry[2].lines]
        entries.sort(key=lambda entry: (entry[2].time or 0, entry[0]))
        post = posts.get(re.sub(r"[^a-z0-9]+", "-", slug.lower()), "")
        yield Page("haacked-" + slug, "haacked", title_of(post), markdown_lines(post),
                   number_parents(entries))


def balter_comment(post):
    author = post.find(DISQUS + "author")
    name = author.findtext(DISQUS + "name") if author is not None else None
    comment = Comment(message_lines(post.findtext(DISQUS + "message") or ""), name,
                      minutes(post.findtext(DISQUS + "createdAt")))
    parent = post.find(DISQUS + "parent")
    return (post.get(INTERNAL + "id"), parent.get(INTERNAL + "id") if parent is not None else "",
            comment)


def read_benbalter(data):
    files = dict(archive.read_set(data, "threads-blog-benbalter", "blog-benbalter"))
    posts = {}
    for path, content in files.items():
        found = re.match(r"_posts/(\d+)-(\d+)-(\d+)-(.*?)\.(md|markdown)$", path)
        if found:
            posts[found.group(4).lower()] = content.decode("utf-8", "replace")
    tree = xml.etree.ElementTree.fromstring(files["comments.xml"])
    threads, slugs = {}, {}
    for thread in tree.findall(DISQUS + "thread"):
        link = (thread.findtext(DISQUS + "link") or "").rstrip("/")
        slugs[thread.get(INTERNAL + "id")] = link.split("/")[-1].lower()
    for post in tree.findall(DISQUS + "post"):
        gone = "true" in (post.findtext(DISQUS + "isDeleted"), post.findtext(DISQUS + "isSpam"))
        entry = balter_comment(post)
        if not gone and entry[2].lines:
            key = post.find(DISQUS + "thread").get(INTERNAL + "id")
            threads.setdefault(key, []).append(entry)
    for key in sorted(threads):
        entries = sorted(threads[key], key=lambda entry: (entry[2].time or 0, entry[0]))
        post = posts.get(slugs.get(key, ""), "")
        yield Page("benbalter-" + key, "benbalter", title_of(post), markdown_lines(post),
                   number_parents(entries))
