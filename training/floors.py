"""Is a splitter as good as it was? Figures against recorded floors.

    floors.py RESULT FLOORS             compares; exit code 1 when a figure is below its floor
    floors.py --record RESULT FLOORS    writes floors a little below the figures of RESULT

RESULT is a file that `retort train --task split --report` or `retort eval split --report` wrote.
FLOORS holds {part: {"source/variant": {figure: value}}}; of figures where less is better, the value
is a ceiling. A floor whose row or figure is missing in RESULT counts as missed. The figures are the
same for the same code, data and seed, so the margin is for other compilers and small changes only.
"""
import json
import os
import sys

PARTS = ("rows", "source_left_out")
FIGURES = ("article_f1", "comments_f1", "both_f1", "role_macro_f1", "begin_f1", "pk", "windowdiff",
           "comments_lost", "comments_invented", "parents_right", "links_f1")
LESS_IS_BETTER = ("pk", "windowdiff", "comments_lost", "comments_invented")
MARGIN = 0.01
FEWEST_PAGES = 100  # a row of fewer is too noisy to hold anybody to


def named_rows(result, part):
    return {"%s/%s" % (row["source"], row["variant"]): row for row in result.get(part, [])}


def record(result):
    floors = {}
    for part in PARTS:
        for name, row in named_rows(result, part).items():
            if row["pages"] < FEWEST_PAGES:
                continue
            floors.setdefault(part, {})[name] = {
                figure: round(min(row[figure] + MARGIN, 1) if figure in LESS_IS_BETTER
                              else max(row[figure] - MARGIN, 0), 3)
                for figure in FIGURES if row.get(figure) is not None}
    return floors


def misses(result, floors):
    """(part, row, figure, floor, value) of every floor that is missed; value None: not there."""
    for part, rows in sorted(floors.items()):
        found = named_rows(result, part)
        for name, figures in sorted(rows.items()):
            for figure, floor in sorted(figures.items()):
                value = found.get(name, {}).get(figure)
                better = value is not None and (value <= floor if figure in LESS_IS_BETTER else value >= floor)
                if not better:
                    yield part, name, figure, floor, value


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--record"]
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    with open(arguments[0], encoding="utf-8") as lines:
        result = json.load(lines)
    if "--record" in sys.argv:
        with open(arguments[1], "w", encoding="utf-8") as out:
            json.dump(record(result), out, indent=1, sort_keys=True)
            out.write("\n")
        return
    if not os.path.exists(arguments[1]):
        raise SystemExit("floors: %s is not there; --record writes it" % arguments[1])
    with open(arguments[1], encoding="utf-8") as lines:
        floors = json.load(lines)
    missed = list(misses(result, floors))
    for part, name, figure, floor, value in missed:
        print("%s: %s: %s is %s, its floor %.3f" % (part, name, figure, value, floor))
    total = sum(len(figures) for rows in floors.values() for figures in rows.values())
    print("%d of %d floors held" % (total - len(missed), total))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
