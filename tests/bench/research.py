"""`make bench-research`: what reports, samples, exports, imports and forgetting take over a store of a million comments.

    research.py BUILD MODELS DB OUT [--part NAME,...] [--formats NAME,...]

DB is a store that bench_queue has made; it is copied first, and brought up to date. Each command runs once in a process
of its own (bench_meter): seconds, processor seconds and peak memory go to OUT as JSON after each, with machine, date and
how busy it was; what is not named keeps the figures that OUT has of it. Parts: migrate, report, sample, export, import
(of what export has left), forget."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time

FORMATS = ["jsonl", "csv", "tsv", "doccano", "label-studio", "convokit", "libsvm", "graphml"]
ONE_WAY = ["libsvm", "graphml"]
MOST_MB = 200  # the goal of every one of them
REVIEWER = ["--reviewer", "bench"]


class Bench:
    def __init__(self, arguments):
        self.build, self.models, self.out = arguments.build, arguments.models, arguments.out
        self.retort, self.directory = f"{arguments.build}/retort", f"{arguments.build}/bench-research"
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.directory)
        self.formats = arguments.formats.split(",")
        self.db = self.path("store.db")
        shutil.copyfile(arguments.db, self.db)
        self.found = json.load(open(self.out, encoding="utf-8")) if os.path.exists(self.out) else {}

    def path(self, name):
        return f"{self.directory}/{name}"

    def knows(self, format_name):
        said = subprocess.run([self.retort, "export", "--help"], capture_output=True, text=True, check=True).stdout
        return format_name in " ".join(said.split())

    def run(self, part, name, *command):
        """One command, measured; what it prints is thrown away."""
        words = [self.retort, *command]
        done = subprocess.run([f"{self.build}/bench_meter", "/dev/null", "/dev/null", *words], capture_output=True,
                              text=True, env={**os.environ, "RETORT_MODELS": self.models, "USER": "bench"})
        told = done.stdout.split()
        if len(told) != 5 or told[4] != "0":
            print(f"{name}: did not end well: {done.stderr.strip()[:200]}", file=sys.stderr)
            self.found.setdefault(part, {})[name] = {"failed": done.stderr.strip()[:200]}
            return False
        figures = {"seconds": round(float(told[0]), 2),
                   "processor_seconds": round(float(told[1]) + float(told[2]), 2),
                   "peak_mb": round(int(told[3]) / 1024, 1), "load": round(os.getloadavg()[0], 1)}
        self.found.setdefault(part, {})[name] = figures
        over = "" if figures["peak_mb"] < MOST_MB else f"  over {MOST_MB} MB"
        print(f"{name:44} {figures['seconds']:8.1f} s {figures['processor_seconds']:8.1f} s {figures['peak_mb']:7.0f} MB{over}",
              flush=True)
        self.write()
        return True

    def write(self):
        self.found["machine"] = {"processors": os.cpu_count(), "system": platform.system(),
                                 "date": time.strftime("%Y-%m-%d")}
        with open(self.out, "w", encoding="utf-8") as file:
            json.dump(self.found, file, indent=1, sort_keys=True)
            file.write("\n")


def migrate(bench):
    bench.run("migrate", "schema 2 to the newest", "forget", "-q", "-d", bench.db)


def report(bench):
    for name, how in (("all", []), ("by page", ["--by", "page"]), ("by author", ["--by", "author"])):
        bench.run("report", f"report, {name}", "report", "-q", "-d", bench.db, "--json", *how)


def sample(bench):
    for design in "uniform", "stratified", "uncertainty":
        bench.run("sample", f"sample, {design}, 1,000", "sample", "-d", bench.db, "--n", "1000", "--task", "tone",
                  "--design", design, "--seed", "1", *REVIEWER)


def export(bench):
    for name in filter(bench.knows, bench.formats):
        how = ["--task", "tone"] if name in ("libsvm", "graphml") else []
        bench.run("export", f"export, {name}", "export", "-d", bench.db, "--format", name, "-o",
                  bench.path(f"out.{name}"), *how)
    bench.run("export", "export, jsonl with pseudonyms", "export", "-d", bench.db, "--format", "jsonl", "--pseudonymise",
              bench.path("key"), "-o", bench.path("out.hidden"))


def imports(bench):
    for name in bench.formats:
        if name not in ONE_WAY and os.path.exists(bench.path(f"out.{name}")) and \
                bench.run("import", f"import, {name}", "import", "-q", "-d", bench.path("in.db"), "--format", name,
                          bench.path(f"out.{name}")):
            os.remove(bench.path("in.db"))


def forget(bench):
    authors = [("5,507 of 1,000,000 comments", "author 17"), ("70,352 of 994,493 comments", "author 0")]
    bench.run("forget", "forget, a dry look", "forget", "-q", "-d", bench.db, "--author", "author 17", "--dry-run")
    for name, author in authors:
        bench.run("forget", f"forget, {name}", "forget", "-q", "-d", bench.db, "--author", author)


PARTS = {"migrate": migrate, "report": report, "sample": sample, "export": export, "import": imports, "forget": forget}


def main():
    parser = argparse.ArgumentParser()
    for name in "build", "models", "db", "out":
        parser.add_argument(name)
    parser.add_argument("--part", default=",".join(PARTS))
    parser.add_argument("--formats", default=",".join(FORMATS))
    arguments = parser.parse_args()
    bench = Bench(arguments)
    for part in dict.fromkeys(["migrate", *arguments.part.split(",")]):
        PARTS[part](bench)
    shutil.rmtree(bench.directory)


if __name__ == "__main__":
    main()
