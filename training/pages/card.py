"""The splitter's card from its report: `card.py REPORT > models/splitter.md`."""
import json
import sys

ABOUT = """# The splitter

Cuts a page of flat text into article, comments and furniture, and says whom each comment answers.
Two linear models in one file (`splitter.model`): a structured SVM over the lines of a page (states of a
small grammar, trained by block-coordinate Frank-Wolfe, decoded by Viterbi) and a log-linear choice of each
comment's parent among the article and at most 23 earlier comments.

**What it knows.** Named cues only: lengths, punctuation, quotation marks, layout, closed-class words and the
stock words of sites by class, dates, exact quotation of earlier lines, how much two lines share. The list of
cues is closed (`src/page/cues.c`, `src/page/facts.h`, `src/thread/links.c`), each has a name, and the model file
keeps the list's hash. No content word of any page and no person's name is in it.

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
| ARC, reader comments of a newspaper's debates (github.com/UKPLab/argument-reasoning-comprehension-task @929f584) | threads of long comments, a dragnet article put in front; without the 786 comments held out | Apache-2.0 |

Because of those licences nothing of the pages' own words is kept; see "What it knows". Names, dates and stock
phrases that the flattener adds were written for it.
"""

FAILS = """
## Where it fails

- A page without author lines whose comments read like its article (one first-person voice, long paragraphs):
  the article's end is found late, or the last lines of a personal article are taken for a comment.
- Long, carefully typeset comments under a short news article without author lines: the first of them are kept in
  the article. The acceptance page of this kind came out right only after two faults it showed (curly marks
  meant article, talk inside quotation marks counted as the writer's) were mended in the training pages and cues:
  judge this on pages of your own.
- Comments of several paragraphs without author lines: about a third of the beginnings is wrong.
- Long exchanges of essays (ChangeMyView): too many beginnings.
- Parents in flat threads where nobody quotes or names anybody; on threads that answer only the article the
  model still sees some exchanges.
- A comment that was deleted (author line without text) is joined with the next one's author line.
- English only; other languages have the layout and punctuation cues but not the words.
"""

COLUMNS = [("role_accuracy_page_mean", "roles, page mean"), ("begin_f1", "beginnings F1"),
           ("begin_f1_every_line", "every line"), ("comments_lost", "comments lost"),
           ("comments_invented", "comments invented"), ("parents_right", "parents"),
           ("parents_previous", "previous"), ("parents_article", "the article")]


def cell(value):
    return "–" if value is None else "%.3f" % value


def main():
    rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    trials = [row for row in rows if "cost" in row]
    kinds = sorted((row for row in rows if "source" in row),
                   key=lambda row: (row["source"], row["variant"]))
    print(ABOUT)
    print("## Measured\n\nCost C by four folds that never split a thread (mean over kinds of pages of "
          "role accuracy and beginnings' F1,\nor of the share of comment-free pages left without):\n")
    for trial in trials:
        print("- C = %g: %.4f, standard deviation over folds %.4f"
              % (trial["cost"], trial["cross_validated"], trial["standard_deviation"]))
    print("\nOn threads held out (buckets 17 to 19 of 20; nothing was chosen on them). *Every line*: F1 if each "
          "line after the\narticle's true end began a comment. *Lost*: pages with comments on which none was found; "
          "*invented*: pages without\non which some was. Parents with the true bounds given; *previous* and *the "
          "article* are the trivial answers.\nVariants: full, the page with all its furniture; thin, most of it gone; "
          "bare, article and comments; heads, with author\nlines; dirty, with furniture; none and news, without "
          "comments.\n")
    print("| source | variant | pages | " + " | ".join(name for _, name in COLUMNS) + " |")
    print("|---|---|" + "---|" * (len(COLUMNS) + 1))
    for row in kinds:
        print("| %s | %s | %d | %s |" % (row["source"], row["variant"], row["pages"],
                                         " | ".join(cell(row[key]) for key, _ in COLUMNS)))
    print(FAILS.rstrip())


if __name__ == "__main__":
    main()
