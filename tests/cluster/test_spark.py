"""Spark: RDD.pipe on a cluster of two executors, each a process of its own; a piped program, or an
executor with all that it ran, is killed in the middle."""

import glob
import gzip
import json
import os
import sys

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from cluster import MODELS, N, RETORT, WORKER, Cluster, main, readme

SETTINGS = {
    "spark.master": "local-cluster[2,1,600]",
    "spark.app.name": "retort",
    "spark.executor.memory": "600m",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


class Spark(Cluster):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.chdir(cls.common.name)  # executors leave their logs where they are
        cls.spark = SparkContext(conf=SparkConf().setAll(SETTINGS.items()))
        cls.spark.setLogLevel("OFF")

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()
        super().tearDownClass()

    def label(self, victim):
        """A job of six parts, of which the first worker's is cut off; its labelled parts."""
        crash, out = self.path("crash"), self.path("out")
        # checkCode: what a program that was killed has written is not taken for all there is.
        self.spark.textFile(self.comments, 6).pipe(
            f"sh {WORKER} {RETORT} {MODELS} {crash} {victim}", checkCode=True).saveAsTextFile(out)
        self.assertEqual(self.killed(crash)[0], victim)
        return sorted(glob.glob(os.path.join(out, "part-*")))

    def check(self, parts):
        ids = []
        for part in parts:
            with open(part, encoding="utf-8") as lines:
                ids += [json.loads(line)["id"] for line in lines]
        self.assertEqual(sorted(ids), list(range(N)))
        self.take_in(parts)
        self.assert_stored()
        self.assertIn("of which 0 are new", self.take_in(parts[::-1]))
        self.assert_stored()

    def test_as_the_readme_says(self):
        os.mkdir("comments")
        with open(self.comments, "rb") as lines, gzip.open("comments/all.jsonl.gz", "wb") as packed:
            packed.write(lines.read())
        code = "\n".join(readme("Spark")).replace("/usr/local/bin/retort", RETORT)
        exec(code, {"spark": SparkSession(self.spark)})
        self.check(sorted(glob.glob("done/part-*")))

    def test_a_program_is_killed(self):
        self.check(self.label("retort"))

    def test_an_executor_is_killed(self):
        self.check(self.label("java"))


if __name__ == "__main__":
    main()
