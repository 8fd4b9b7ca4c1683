"""The README's commands for many machines, as they stand there."""

import glob
import os
import subprocess

from cluster import MODELS, RETORT, Cluster, main, readme


class Readme(Cluster):
    def setUp(self):
        super().setUp()
        os.symlink(self.comments, self.path("comments.jsonl"))
        os.mkdir(self.path("shards"))
        subprocess.run(["split", "-d", "-a4", "-n", "l/4", "--additional-suffix=.jsonl", self.comments,
                        self.path("shards/")], check=True)

    def run_it(self, script, **environment):
        path = os.path.dirname(RETORT) + os.pathsep + os.environ["PATH"]
        subprocess.run(["sh", "-c", script], cwd=self.directory, check=True, stderr=subprocess.PIPE,
                       env={**os.environ, "PATH": path, "RETORT_MODELS": MODELS, **environment})

    def assert_shards(self):
        shards = sorted(glob.glob(self.path("shards/*.done")))
        self.assertEqual(len(shards), 4)
        self.take_in(shards)
        self.assert_stored()

    def test_parallel_in_blocks(self):
        self.run_it(readme("GNU parallel")[0])
        self.take_in([self.path("done.jsonl")])
        self.assert_stored()

    def test_parallel_in_shards(self):
        self.run_it(readme("GNU parallel")[1])
        self.assert_shards()

    def test_slurm(self):
        for task in range(4):
            self.run_it("\n".join(readme("Slurm")), SLURM_ARRAY_TASK_ID=str(task))
        self.assert_shards()


if __name__ == "__main__":
    main()
