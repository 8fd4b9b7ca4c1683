#!/usr/bin/env python3
"""Comments of a made-up discussion, as JSON lines: talk.py N SEED [odd].

Threads under articles about a town, with authors who are of a camp, times over two months, and answers that agree,
disagree, ask or swear. odd: with what reports meet in the field: circles of parents, ids twice, times before 1970 and in
no form, authors with markup and control characters.
"""

import json
import random
import sys

N, SEED = int(sys.argv[1]), int(sys.argv[2])
ODD = "odd" in sys.argv[3:]
THINGS = ["the tram", "the new bridge", "this market hall", "the parking rule", "the harbour road", "the night bus"]
FOR = ["I am glad about {}, it was about time.", "{} is the best idea in years, well done.",
       "We need {} and I will vote for it.", "Thank you for explaining why {} makes sense."]
AGAINST = ["{} is a waste of money and nobody wants it.", "I am against {}, it will ruin the street.",
           "Stop {} before it is too late.", "They never asked us about {}, and it is wrong."]
NONE = ["When does {} open?", "Does anybody know what {} costs?", "I read about {} in spring.", "Who pays for {}?"]
AGREE = ["Exactly, I agree with you about {}.", "Yes, that is right.", "You are right, {} it is."]
DISAGREE = ["No, that is simply not true of {}.", "I disagree, you have {} all wrong.", "Nonsense, read about {} again."]
RUDE = ["You are an idiot, go back to your cave.", "What a stupid moron, shut up about {}.", "Shut up, you pathetic liar."]


def main():
    draw = random.Random(SEED)
    names = [f"reader {i}" for i in range(max(3, N // 12))]
    if ODD:
        names[:3] = ["<script>alert(1)</script>", "\u202eevil, \"quoted\"\tname", "=SUM(A1)"]
    camp = {name: draw.choice([FOR, AGAINST, AGAINST, NONE]) for name in names}
    rows, threads = [], [[] for _ in range(max(2, N // 25))]
    for i in range(N):
        thread = draw.randrange(len(threads))
        earlier = threads[thread]
        parent = draw.choice(earlier) if earlier and draw.random() < .7 else None
        name = names[min(int(draw.expovariate(.15)), len(names) - 1)]
        same = parent is None or camp[parent["author"]] is camp[name]
        kinds = camp[name] if parent is None else AGREE + NONE if same else DISAGREE + RUDE
        row = {"id": f"c{i}", "thread": thread, "author": name, "text": draw.choice(kinds).format(draw.choice(THINGS)),
               "time": f"2026-{10 + i * 2 // N:02d}-{1 + i * 56 // N % 28:02d}T{draw.randrange(24):02d}:{i % 60:02d}:00Z",
               "article_text": f"The council talks about {THINGS[thread % len(THINGS)]} on day {thread}."}
        if parent:
            row["parent_id"] = parent["id"]
        earlier.append(row)
        rows.append(row)
    if ODD:
        rows[0]["parent_id"], rows[1]["parent_id"] = rows[1]["id"], rows[0]["id"]
        rows[2]["parent_id"] = rows[2]["id"]
        rows[4]["id"] = rows[3]["id"]
        rows[5]["time"], rows[6]["time"], rows[7]["time"] = "1848-03-18", "the other day", "-86400"
        del rows[8]["author"], rows[9]["time"]
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))


main()
