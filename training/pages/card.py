"""The splitter's card from its report: `card.py REPORT > models/splitter.md`."""
import json
import sys

ABOUT = """# The splitter

Cuts a page of flat text or HTML into article, comments and furniture, and says whom each comment answers. Models in
one file (`splitter.model`):

- lines of flat text: a gated recurrent network of 48 units each way (Cho et al. 2014) over the cues of each line gives
  scores to the states of a small grammar; the best path is the page (Viterbi 1967). Trained by softmax-margin (Gimpel
  and Smith 2010), the structured SVM's objective with a soft maximum, by Adam, with dropout of units and of cues;
- lines of HTML: another such network, over cues of the text and of the markup. Comments that a known platform's markup
  tells are taken from it, not guessed;
- whom a comment answers, where nothing tells: a log-linear choice among the article and at most 23 earlier comments (`src/train/split_links.c`).

**What it knows.** Named cues only: lengths, punctuation, quotation marks, layout, closed-class words (those a line
opens with by themselves, else by class) and the stock words of sites by class, dates, exact quotation of earlier lines,
how much two lines share; of HTML also tags, density of links, and words of class names from a closed list. The list of
cues is closed (`src/page/facts.h`, `src/page/cues.c`, `src/page/markup.c`, `src/thread/`), each has a name, and the
model file keeps the list's hash. There are some fifty thousand weights to a network, not a few hundred, for a linear
model errs more; but every one of them belongs to a named cue or to a unit over such cues. No content word of any page
and no person's name is in it.

**Made by** `make models DATA=…`: `training/pages/flatten.py` turns threads whose structure is known into pages
whose roles are known (with and without author lines, furniture, blank lines, an article; nested and by time;
quoting in several styles), and `retort train --task split` learns from them. Same data and seed, same bytes.

## Data

| set | used for | licence as found |
|---|---|---|
| dragnet, training list (github.com/seomoz/dragnet_data @95559be; HTML from github.com/j-szulc/html-cleaning-dataset-merged @46e01a0) | articles, furniture, comments of 2012 | AGPL-3.0 (data) |
| haacked.com (github.com/haacked/haacked.com @3a513ff) | posts with their comments | none stated |
| ben.balter.com (github.com/benbalter/benbalter.github.com @0240a7c) | posts with their comments | CC BY 3.0 |
| Reddit news, February to April 2015 (github.com/leahrnh/reddit_corpus @bedbf66) | threads, a dragnet article put in front | none stated |
| ChangeMyView modes (github.com/chridey/change-my-view-modes @d1fe2b3) | posts with one exchange each | none stated |
| ChangeMyView exchanges, UKP (github.com/UKPLab/naacl2018-before-name-calling-habernal-et-al @cf5df19) | exchanges of three or four comments, a dragnet article put in front | Apache-2.0 |
| RumourEval 2019 (github.com/Laprama/Rumour_Evaluation @e9a250a) | parents in conversations on Twitter and Reddit | annotations CC BY 4.0 |
| ARC, reader comments of a newspaper's debates (github.com/UKPLab/argument-reasoning-comprehension-task @929f584) | threads of long comments, a dragnet article put in front; without the 786 comments held out | Apache-2.0 |

Because of those licences nothing of the pages' own words is kept; see "What it knows". Names, dates and stock
phrases that the flattener adds were written for it.
"""

FAILS = """
## Where it fails

- A page without author lines whose comments read like its article (one first-person voice, long paragraphs) and are
  few: one or two comments under a blog's post are often taken for its end, and the last lines of a personal
  post, a list of quotations or a letter printed in it for comments.
- Comments of several paragraphs without author lines: about a third of the beginnings is wrong, most of all in
  essays (ChangeMyView).
- Furniture that talks like a reader (a site's rules of discussion, its author's biography in the first person).
- Parents in flat threads where nobody quotes or names anybody; on threads that answer only the article the
  model still sees some exchanges.
- A comment that was deleted (author line without text) is joined with the next one's author line.
- English only; other languages have the layout and punctuation cues but not the words.
"""

TABLES = [
    ("Text and roles", [("article_f1", "article"), ("comments_f1", "comments"), ("both_f1", "both"),
                        ("both_signed_f1", "both with author lines"),
                        ("role_macro_f1", "roles, macro F1"), ("role_signature_f1", "signatures"),
                        ("comments_lost", "lost"), ("comments_invented", "invented")]),
    ("Comments", [("begin_f1", "beginnings F1"), ("begin_f1_every_line", "every line"), ("pk", "Pk"),
                  ("windowdiff", "WindowDiff"), ("parents_right", "parents"),
                  ("parents_previous", "previous"), ("parents_article", "the article"),
                  ("links_f1", "links F1")]),
]

VARIANTS = """Variants: full, the page with all its furniture; thin, most of it gone; bare, article and comments; heads,
with author lines; dirty, with furniture; none and news, without comments; html,
nameless and plain, of HTML (nameless: without classes and ids); links, threads with the bounds given.
"""


def cell(row, key):
    if row.get(key) is None:
        return "–"
    spread = row.get(key + "_se")
    return "%.3f" % row[key] + ("" if spread is None else " ±%.3f" % spread)


def table(rows, columns):
    print("| source | variant | pages | " + " | ".join(name for _, name in columns) + " |")
    print("|---|---|" + "---|" * (len(columns) + 1))
    for row in rows:
        if any(row.get(key) is not None for key, _ in columns):
            print("| %s | %s | %d | %s |" % (row["source"], row["variant"], row["pages"],
                                             " | ".join(cell(row, key) for key, _ in columns)))
    print()


def main():
    with open(sys.argv[1], encoding="utf-8") as report:
        measured = json.load(report)
    print(ABOUT)
    print("## Measured\n\n`%s`\n" % measured["command"])
    print("Out of fold: %d folds that never split a site (of threads: a thread), each measured by a model of the "
          "others." % measured["folds"])
    print("\n" + VARIANTS)
    for title, columns in TABLES:
        print("### %s\n" % title)
        table(measured["rows"], columns)
    if "source_left_out" in measured:
        print("### With the whole source left out of training\n\nWhat its pages lent to others (articles and furniture "
              "of dragnet's) is not left out with it.\n")
        table([row for row in measured["source_left_out"] if row["variant"] == "all" and row["source"] != "all"],
              [column for _, columns in TABLES for column in columns])
    print("### What the figures mean\n")
    for name, meaning in measured["definitions"].items():
        print("- %s: %s" % (name.replace("_", " "), meaning))
    print(FAILS.rstrip())


if __name__ == "__main__":
    main()
