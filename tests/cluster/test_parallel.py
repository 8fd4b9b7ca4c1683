"""GNU parallel: a file in blocks, and shards of which a worker, or all of it, is killed in the middle."""

import glob
import os
import subprocess
import time

from cluster import MODELS, RETORT, WORKER, Cluster, main

QUIET = ["parallel", "--will-cite", "-j2"]


def command_line(path):
    try:
        with open(path, "rb") as command:
            return command.read().decode(errors="replace")
    except OSError:
        return ""


class Parallel(Cluster):
    def shards(self):
        subprocess.run(["split", "-n", "l/6", "--additional-suffix=.jsonl", self.comments, self.path("shard-")],
                       check=True)
        return sorted(glob.glob(self.path("shard-*.jsonl")))

    def label(self, shards, crash, victim, *options):
        """Each shard's labelled lines stand beside it; the exit code of parallel."""
        job = f"sh {WORKER} {RETORT} {MODELS} {crash} {victim} <{{}} >{{.}}.done"
        return subprocess.run([*QUIET, "--joblog", self.path("log"), *options, job, ":::", *shards],
                              stderr=subprocess.PIPE).returncode

    def done(self, shards):
        return [shard.replace(".jsonl", ".done") for shard in shards]

    def wait_for_orphans(self):
        """What parallel had started goes on without it, and would write where the next run does."""
        while any(self.directory in command for command in map(command_line, glob.glob("/proc/[0-9]*/cmdline"))):
            time.sleep(0.05)

    def test_blocks_of_a_file(self):
        how = [RETORT, "label", "--json", "--for-import", "--models", MODELS, "-q", "-"]
        with open(self.path("done.jsonl"), "wb") as out:
            subprocess.run([*QUIET, "--pipepart", "-a", self.comments, "-k", "--block", "300k", *how],
                           stdout=out, check=True)
        with open(self.comments, "rb") as lines, open(self.path("done.jsonl"), "rb") as done:
            self.assertTrue(subprocess.run(how, stdin=lines, stdout=subprocess.PIPE).stdout == done.read())
        self.take_in([self.path("done.jsonl")])
        self.assert_stored()

    def test_a_worker_is_killed(self):
        shards, crash = self.shards(), self.path("crash")
        self.assertEqual(self.label(shards, crash, "retort", "--retries", "3"), 0)
        self.assertEqual(self.killed(crash), ["retort"])
        self.take_in(self.done(shards))
        self.assert_stored()
        self.assertIn("of which 0 are new", self.take_in(self.done(shards)[::-1]))
        self.assert_stored()

    def test_the_job_is_killed_and_resumed(self):
        shards, crash = self.shards(), self.path("crash")
        self.assertEqual(self.label(shards, crash, "parallel"), -9)
        self.assertEqual(self.killed(crash)[0], "parallel")
        self.wait_for_orphans()
        self.take_in([done for done in self.done(shards) if os.path.exists(done)], code=(0, 3))
        self.assertEqual(self.label(shards, crash, "parallel", "--resume-failed"), 0)
        self.take_in(self.done(shards))
        self.assert_stored()


if __name__ == "__main__":
    main()
