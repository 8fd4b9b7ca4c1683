"""`make bench`: retort's labelling of many comments beside what Debian packages, on the same work in one run.

    batch.py BUILD MODELS OUT [--quick] [--part NAME,...] [--runs N] [--comments N]

Makes comments from a seed (bench_corpus.c), trains ours and the peers on one half, labels the other half with each,
run after run in turn, and prints medians and ratios; OUT gets all figures as JSON, with machine and versions. Parts:
train, quality (of what was trained, on the other half), label (one core), threads (two), store, cold, stream
(memory). Who is not trained in this run is taken from BUILD/bench, or trained; parts that are not named keep the
figures that OUT has of them. Output goes to /dev/null unless a row says otherwise; a peer's time holds its start, as
ours does."""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"  # Debian's, for which python3-sklearn is
SEED = 20240601
# The commonest words of English, the commonest first.
COMMON = """the to and of a in is that it i for you on are with be not this they have as was but or at we if he all so
what from by there people their can just about would who my will one no an more like do has when your how his them out
up which get our because think don't than time even only some been were should know had then any other it's make right
also good those see these now want why need way her could really into much many going where over me most same being work
did say well she its very does too go first us money never after off way still here take back down before years every"""


# ---- words and comments ----

def spoken(retort, models):
    """Words of the shipped models and pairs of words, those that weigh nothing left out."""
    words, pairs = set(), set()
    for task in "tone", "stance":
        shown = subprocess.run([retort, "model", "show", "--json", "--top", "1000000", f"{models}/{task}.model"],
                               check=True, capture_output=True).stdout
        for label in json.loads(shown).values():
            for name, _ in label["for"] + label["against"]:
                field, _, text = name.partition(":")
                if field == "word" and "<" not in text:
                    {0: words, 1: pairs}.get(text.count(" "), set()).add(text)
    return words, pairs


def write_words(retort, models, path):
    words, pairs = spoken(retort, models)
    words = sorted(word for word in words if word.replace("'", "").isalpha())
    draw = random.Random(SEED)
    common = COMMON.split()
    rest = sorted((word for word in words if word not in common),
                  key=lambda word: 0.3 * len(word) + draw.gauss(0, 1))
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(common + rest + sorted(pairs)) + "\n")


def make_corpus(bench):
    """TRAIN (with labels), LINES (without), and both as the peers read them."""
    write_words(bench.retort, bench.models, bench.path("words.txt"))
    for name, seed, extra in (("train.jsonl", SEED, ["labels"]), ("lines.jsonl", SEED + 1, []),
                              ("threads.jsonl", SEED + 1, ["threads"]),
                              ("truth.jsonl", SEED + 1, ["labels"])):
        with open(bench.path(name), "wb") as file:
            subprocess.run([f"{bench.build}/bench_corpus", bench.path("words.txt"), str(bench.n), str(seed), *extra],
                           check=True, stdout=file)
    for name in "train", "truth":
        with open(bench.path(f"{name}.jsonl"), encoding="utf-8") as rows, \
                open(bench.path(f"{name}.txt"), "w", encoding="utf-8") as file:
            for row in map(json.loads, rows):
                labels = row["label"] or ["none"]
                file.write(" ".join(f"__label__{label}" for label in labels) + " " +
                           " ".join(row["text"].lower().split()) + "\n")
    with open(bench.path("truth.txt"), encoding="utf-8") as rows, \
            open(bench.path("lines.txt"), "w", encoding="utf-8") as file:
        for row in rows:
            file.write(" ".join(word for word in row.split() if not word.startswith("__label__")) + "\n")
    head(bench.path("lines.jsonl"), bench.path("one.jsonl"), 1)


# ---- running ----

def figures_kept(path):
    """Parts that are not measured again keep their figures."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Bench:
    def __init__(self, arguments):
        self.build, self.models = arguments.build, arguments.models
        self.retort = f"{arguments.build}/retort"
        self.n = arguments.comments or (10000 if arguments.quick else 100000)
        self.runs = arguments.runs or (3 if arguments.quick else 5)
        self.quick = arguments.quick
        self.directory = f"{arguments.build}/bench/{self.n}"
        os.makedirs(self.directory, exist_ok=True)
        self.found = figures_kept(arguments.out)
        self.asked = []  # goals of this run

    def path(self, name):
        return f"{self.directory}/{name}"

    def once(self, row, cpus):
        """Seconds, processor seconds and peak MB of one run."""
        for path in row.get("remove", []):
            for end in "", "-wal", "-shm":
                if os.path.exists(path + end):
                    os.remove(path + end)
        source = row.get("input", "/dev/null")
        environment = {**os.environ, "OMP_NUM_THREADS": str(len(cpus.split(","))), "LC_ALL": "C.UTF-8",
                       **row.get("env", {})}
        done = subprocess.run(["taskset", "-c", cpus, f"{self.build}/bench_meter", source,
                               row.get("output", "/dev/null"), *row["command"]], capture_output=True, text=True,
                              env=environment)
        told = done.stdout.split()
        if done.returncode or len(told) != 5 or told[4] != "0":
            sys.exit(f"bench: {' '.join(row['command'])} failed: {done.stderr.strip()}")
        result = {"seconds": float(told[0]), "processor_seconds": float(told[1]) + float(told[2]),
                  "peak_mb": int(told[3]) / 1024}
        if row.get("tells_work"):
            result["work_seconds"] = float(done.stderr.split()[-1])
        return result

    def measure(self, part, rows, cpus="0", runs=None):
        """All rows in turn, again and again: what disturbs the machine disturbs them alike."""
        kept = {name: [] for name in rows}
        runs = runs or self.runs
        for turn in range(runs):
            for name, row in rows.items():
                if turn < row.get("most_runs", runs):
                    kept[name].append(self.once(row, cpus))
        found = self.found.setdefault(part, {})
        for name, results in kept.items():
            scale = rows[name].get("scale", 1)
            found[name] = {key: round(statistics.median(result[key] for result in results)
                                      * (scale if "seconds" in key else 1), 6) for key in results[0]}
            found[name]["all_seconds"] = [round(result["seconds"] * scale, 4) for result in results]
            if scale != 1:
                found[name]["scaled_by"] = scale
        return found


# ---- who takes part ----

def trainings(bench):
    """Name → command that makes a model, and the model."""
    train, made = bench.path("train.jsonl"), {}
    for kind, recipe in (("words", "words=2 idf=1 train.costs=0.1"),
                         ("chars", "words=2 chars=3-5 idf=1 train.costs=0.1")):
        model = bench.path(f"{kind}/bench.model")
        os.makedirs(os.path.dirname(model), exist_ok=True)
        made[f"retort {kind}"] = {"command": [bench.retort, "train", "-q", "--task", "bench", "--recipe", recipe, "-o",
                                              model, train], "model": model}
    for kind, more in (("words", []), ("chars", ["-minn", "3", "-maxn", "5"])):
        model = bench.path(f"fasttext-{kind}")
        made[f"fastText {kind}"] = {"command": ["fasttext", "supervised", "-input", bench.path("train.txt"), "-output",
                                                model, "-dim", "16", "-wordNgrams", "2", "-loss", "ova", "-lr", "0.5",
                                                "-bucket", "200000", "-verbose", "0", *more, "-thread", "THREADS"],
                                    "model": model + ".bin"}
    for kind in "hashing", "tfidf", "hashing-chars", "tfidf-chars":
        model = bench.path(f"sklearn-{kind}.pickle")
        made[f"scikit-learn {kind}"] = {"command": [PYTHON, f"{HERE}/peers.py", "train", kind, train, model],
                                        "model": model}
    return made


def with_threads(row, n):
    return dict(row, command=[str(n) if word == "THREADS" else word for word in row["command"]])


def train(bench):
    rows = {name: with_threads(row, 2) for name, row in trainings(bench).items()}
    found = bench.measure("train", rows, cpus="0,1", runs=1)
    report(f"training on {bench.n} comments, ten labels, two cores, once", found)
    for own, others in (("retort words", ("fastText words", "scikit-learn hashing", "scikit-learn tfidf")),
                        ("retort chars", ("fastText chars", "scikit-learn hashing-chars", "scikit-learn tfidf-chars"))):
        for other in others:
            goal(bench, f"training, {own} : {other}", found, other, own, 1)
    ratio = found["fastText words"]["seconds"] / found["retort chars"]["seconds"]
    say_goal(bench, "training, retort chars : fastText words", f"{ratio:.2f} x", "", None)


def is_usable(bench, path):
    """There, and of ours one that this retort can read."""
    return os.path.exists(path) and (not path.endswith(".model") or subprocess.run(
        [bench.retort, "model", "verify", path], capture_output=True).returncode == 0)


def trained(bench, whose=""):
    """What the run has not trained and no earlier one, is trained; of those whose names begin so."""
    for name, row in trainings(bench).items():
        if name.startswith(whose) and not is_usable(bench, row["model"]):
            print(f"training {name}", flush=True)
            bench.once(with_threads(row, 2), "0,1")


def ours(bench, models, *more, lines="lines.jsonl"):
    return {"command": [bench.retort, "label", "--json", "--models", models, *more, "-"], "input": bench.path(lines)}


def peers(bench, lines="lines"):
    rows = {}
    for kind in "words", "chars":
        rows[f"fastText {kind}"] = {"command": ["fasttext", "predict-prob", bench.path(f"fasttext-{kind}.bin"),
                                                "-", "-1"], "input": bench.path(f"{lines}.txt")}
    for kind in "hashing", "tfidf", "hashing-chars", "tfidf-chars":
        rows[f"scikit-learn {kind}"] = {"command": [PYTHON, f"{HERE}/peers.py", "label",
                                                    bench.path(f"sklearn-{kind}.pickle")],
                                        "input": bench.path(f"{lines}.jsonl"), "tells_work": True}
        if "chars" in kind:  # half a minute each, and no goal hangs on them
            rows[f"scikit-learn {kind}"]["most_runs"] = 2
    return rows


def floors(bench):
    lines = bench.path("lines.jsonl")
    rows = {"wc -w": {"command": ["wc", "-w", lines]},
            "wc -w (C locale)": {"command": ["wc", "-w", lines], "env": {"LC_ALL": "C"}}}
    for mode, said in (("memcpy", "read and memcpy"), ("check", "JSON checked"), ("parse", "JSON parsed (jansson)")):
        rows[said] = {"command": [f"{bench.build}/bench_floor", mode, lines]}
    return rows


# ---- how well they label ----

def f1(bench, rows, on):
    """Macro and micro F1 of the labels that `on` finds in an output's lines, one a comment."""
    hits, found, wanted = {}, {}, {}
    with open(bench.path("truth.jsonl"), encoding="utf-8") as truth:
        for row, line in zip(truth, rows):
            true, said = set(json.loads(row)["label"]), set(on(line))
            for kept, names in (hits, true & said), (found, said), (wanted, true):
                for name in names:
                    kept[name] = kept.get(name, 0) + 1
    each = [2 * hits.get(name, 0) / (found.get(name, 0) + n) for name, n in wanted.items()]
    return {"macro_f1": round(statistics.mean(each), 4),
            "micro_f1": round(2 * sum(hits.values()) / (sum(found.values()) + sum(wanted.values())), 4)}


def on_of_ours(line):
    return [name for name, said in json.loads(line)["labels"]["bench"].items() if said["on"]]


def on_of_sklearn(line):
    return [name for name, said in json.loads(line)["labels"].items() if said["on"]]


def on_of_fasttext(line):
    words = line.split()
    return [name.removeprefix("__label__") for name, p in zip(words[::2], words[1::2])
            if float(p) >= 0.5 and name != "__label__none"]


def quality(bench):
    trained(bench)
    rows = {f"retort {kind}": (ours(bench, bench.path(kind)), on_of_ours) for kind in ("words", "chars")}
    for name, row in peers(bench).items():
        rows[name] = row, on_of_fasttext if name.startswith("fastText") else on_of_sklearn
    found = bench.found["quality"] = {}
    print("\nF1 on comments that none was trained on\n")
    for name, (row, on) in rows.items():
        bench.once(dict(row, output=bench.path("out")), "0,1")
        with open(bench.path("out"), encoding="utf-8") as lines:
            found[name] = f1(bench, lines, on)
        print(f"  {name:34} macro {found[name]['macro_f1']:.4f}  micro {found[name]['micro_f1']:.4f}", flush=True)


# ---- how fast ----

def label(bench):
    """`threads`: comments that answer others and have a target, so that reply and stance have something to read."""
    trained(bench)
    words, shipped = bench.path("words"), bench.models
    rows = {"retort words": ours(bench, words, *one_thread(bench)),
            "retort words, into a file": dict(ours(bench, words, *one_thread(bench)), output=bench.path("out.jsonl")),
            "retort shipped, threads": ours(bench, shipped, *one_thread(bench), lines="threads.jsonl"),
            **by_pattern(bench),
            "retort chars": ours(bench, bench.path("chars"), *one_thread(bench)),
            "retort shipped": ours(bench, shipped, *one_thread(bench)),
            **floors(bench), **peers(bench), **solvers(bench)}
    found = bench.measure("label", rows)
    report(f"labelling {bench.n} comments of {os.path.getsize(bench.path('lines.jsonl')) / 1e6:.1f} MB on one core",
           found)
    judge(bench, found)


def by_pattern(bench):
    """The same program with PCRE2 asked for every token (bench_exact.c)."""
    program = f"{bench.build}/bench_exact"
    rows = {f"retort {name}, by PCRE2": ours(bench, models, *one_thread(bench))
            for name, models in (("words", bench.path("words")), ("shipped", bench.models)) if os.path.exists(program)}
    for row in rows.values():
        row["command"][0] = program
    return rows


def one_thread(bench):
    return ["--threads", "1"] if takes_threads(bench) else []


def takes_threads(bench):
    helped = subprocess.run([bench.retort, "label", "--help"], capture_output=True, text=True).stdout
    return "--threads" in helped


def solvers(bench):
    """liblinear-predict and svm-predict on features that are extracted already: one label. libsvm learns from a tenth
    (so it has fewer support vectors to go through) and predicts a fiftieth, whose time is multiplied."""
    model, some = bench.path("words/bench.model"), bench.n // 10
    for name, source in (("train", "train.jsonl"), ("lines", "truth.jsonl")):
        with open(bench.path(f"{name}.svm"), "wb") as file:
            subprocess.run([f"{bench.build}/bench_floor", "features", bench.path(source), model, "sport"], check=True,
                           stdout=file)
    head(bench.path("train.svm"), bench.path("train-some.svm"), some)
    head(bench.path("lines.svm"), bench.path("lines-some.svm"), some // 5)
    if not is_newer(bench.path("liblinear.model"), model):
        subprocess.run(["liblinear-train", "-q", "-s", "3", "-B", "1", "-c", "0.1", bench.path("train.svm"),
                        bench.path("liblinear.model")], check=True)
    if not is_newer(bench.path("libsvm.model"), model):
        subprocess.run(["svm-train", "-q", "-t", "0", "-m", "500", bench.path("train-some.svm"),
                        bench.path("libsvm.model")], check=True)
    return {"liblinear-predict, one label": {"command": ["liblinear-predict", bench.path("lines.svm"),
                                                         bench.path("liblinear.model"), "/dev/null"]},
            "svm-predict, one label": {"command": ["svm-predict", bench.path("lines-some.svm"),
                                                   bench.path("libsvm.model"), "/dev/null"],
                                       "scale": bench.n / (some // 5), "most_runs": 5}}


def is_newer(path, than):
    return os.path.exists(path) and os.path.getmtime(path) > os.path.getmtime(than)


def head(source, out, n):
    with open(source, "rb") as rows, open(out, "wb") as file:
        for _, row in zip(range(n), rows):
            file.write(row)


def threads(bench):
    trained(bench, "retort")
    rows = {f"retort {name}, {n}": ours(bench, models, "--threads", str(n))
            for name, models in (("words", bench.path("words")), ("shipped", bench.models))
            for n in ((1, 2) if takes_threads(bench) else ())}
    if not rows:
        return print("threads: this retort label has no --threads")
    found = bench.measure("threads", rows, cpus="0,1")
    report("threads", found)
    for name in "words", "shipped":
        goal(bench, f"two threads, {name}", found, f"retort {name}, 1", f"retort {name}, 2", 1.8)


def store(bench):
    trained(bench, "retort")
    rows = {}
    for name, models in (("words", bench.path("words")), ("shipped", bench.models)):
        db = bench.path(f"{name}.db")
        rows[f"label --json, {name}"] = ours(bench, models)
        rows[f"label -d, {name}"] = {"command": [bench.retort, "label", "-q", "--models", models, "-d", db,
                                                 bench.path("lines.jsonl")], "remove": [db]}
    found = bench.measure("store", rows, cpus="0,1")
    report("storing, two cores", found)
    for name in "words", "shipped":
        more = found[f"label -d, {name}"]["seconds"] / found[f"label --json, {name}"]["seconds"] - 1
        say_goal(bench, f"storing on top, {name}", f"{100 * more:.0f} %", "< 60 %", more < 0.6)


def stream(bench):
    """Memory is bounded whatever comes: 20 GB of lines, by both processors."""
    trained(bench, "retort")
    lines, wanted = bench.path("lines.jsonl"), 2e8 if bench.quick else 2e10
    times = round(wanted / os.path.getsize(lines))
    label_all = " ".join(ours(bench, bench.path("words"))["command"])
    rows = {"retort words, a stream": {"command": ["sh", "-c", f"for i in $(seq {times}); do cat {lines}; done | "
                                                               f"{label_all}"]}}
    found = bench.measure("stream", rows, cpus="0,1", runs=1)
    found["gigabytes"] = times * os.path.getsize(lines) / 1e9
    report(f"a stream of {found['gigabytes']:.1f} GB", {name: found[name] for name in rows})
    peak = found["retort words, a stream"]["peak_mb"]
    say_goal(bench, f"memory for {found['gigabytes']:.1f} GB", f"{peak:.0f} MB", "< 300 MB", peak < 300)


def cold(bench):
    trained(bench)
    runs, few = (20, 3) if bench.quick else (100, 5)
    one = dict(peers(bench, "one"))
    head(bench.path("lines.txt"), bench.path("one.txt"), 1)
    rows = {"retort words": ours(bench, bench.path("words"), lines="one.jsonl"),
            "retort shipped": ours(bench, bench.models, lines="one.jsonl"),
            **{name: dict(row, most_runs=few) for name, row in one.items()}}
    found = bench.measure("cold", rows, runs=runs)
    report(f"one comment from a cold start (medians of {runs}; of the peers {few})", found, unit="ms")
    for name in "retort words", "retort shipped":
        took = 1000 * found[name]["seconds"]
        say_goal(bench, f"cold start, {name}", f"{took:.1f} ms", "< 5 ms", took < 5)


# ---- what came out ----

def report(title, found, unit="s"):
    print(f"\n{title}\n")
    scale = 1000 if unit == "ms" else 1
    for name, row in found.items():
        work = f"  ({row['work_seconds']:.3f} s without its start)" if "work_seconds" in row else ""
        scaled = f"  (measured on 1/{row['scaled_by']:.0f})" if "scaled_by" in row else ""
        print(f"  {name:34} {scale * row['seconds']:10.3f} {unit} {scale * row['processor_seconds']:10.3f} {unit} cpu "
              f"{row['peak_mb']:9.1f} MB peak{work}{scaled}", flush=True)


def say_goal(bench, what, value, goal_text, reached):
    bench.asked.append(what)
    bench.found.setdefault("goals", {})[what] = {"value": value, "goal": goal_text, "reached": reached}


def goal(bench, what, found, other, own, least):
    ratio = found[other]["seconds"] / found[own]["seconds"]
    say_goal(bench, what, f"{ratio:.2f} x", f">= {least:g} x", ratio >= least)


def judge(bench, found):
    """The issue's table: the first column by words 1-2, the second by the shipped models."""
    for own, column in (("retort words", 0), ("retort chars", None), ("retort shipped", 1)):
        for other, least in (("wc -w", (1.0, 0.3)), ("fastText words", (12, 4)),
                             ("fastText chars", (None, None)), ("scikit-learn hashing", (40, 30)),
                             ("scikit-learn tfidf", (80, 30)), ("scikit-learn hashing-chars", (None, None)),
                             ("scikit-learn tfidf-chars", (None, None)), (f"{own}, by PCRE2", (None, None)),
                             ("svm-predict, one label", (500, None)),
                             ("liblinear-predict, one label", (None, None))):
            if other not in found:
                continue
            ratio, wanted = found[other]["seconds"] / found[own]["seconds"], column is not None and least[column]
            by_cpu = found[other]["processor_seconds"] / found[own]["processor_seconds"]
            say_goal(bench, f"{own} : {other}", f"{ratio:.2f} x (cpu {by_cpu:.2f})",
                     f">= {wanted:g} x" if wanted else "", ratio >= wanted if wanted else None)


def print_goals(bench):
    print("\nratios and goals\n")
    for what, row in ((what, bench.found["goals"][what]) for what in bench.asked):
        mark = {True: "reached", False: "MISSED", None: ""}[row["reached"]]
        print(f"  {what:50} {row['value']:>24}   {row['goal']:10} {mark}")


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().split("\n")[0]


def machine():
    packages = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "fasttext", "python3-sklearn",
                               "liblinear-tools", "libsvm-tools", "coreutils"], capture_output=True, text=True).stdout
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {"processor": names[0] if names else platform.machine(), "processors": os.cpu_count(),
            "system": platform.platform(), "packages": packages.split("\n")[:-1],
            "compiler": first_line("cc", "--version"), "load_average": os.getloadavg()[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in "build", "models", "out":
        parser.add_argument(name)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--part", default="train,quality,label,threads,store,cold,stream")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--comments", type=int)
    arguments = parser.parse_args()
    bench, began = Bench(arguments), time.time()
    bench.found["machine"] = machine()
    bench.found["machine"]["retort"] = first_line(bench.retort, "version")
    make_corpus(bench)
    parts = {"train": train, "quality": quality, "label": label, "threads": threads, "store": store, "cold": cold,
             "stream": stream}
    for name in arguments.part.split(","):
        parts[name](bench)
    print_goals(bench)
    bench.found["seconds_in_all"] = round(time.time() - began)
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump(bench.found, file, indent=1)
        file.write("\n")
    print(f"\nall figures: {arguments.out}")


if __name__ == "__main__":
    main()
