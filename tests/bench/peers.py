"""scikit-learn at the benchmark's work, as its documentation would have it done:

    peers.py train KIND TRAIN.jsonl MODEL
    peers.py label MODEL <LINES.jsonl >LABELLED.jsonl

KIND: hashing or tfidf (words 1-2), hashing-chars or tfidf-chars (and character n-grams 3-5 inside words). What the
work itself took, without starting and loading, goes to standard error."""

import json
import pickle
import sys
import time

from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC

AT_ONCE = 10000  # lines
CHARS = {"analyzer": "char_wb", "ngram_range": (3, 5)}
COMMON = {"sublinear_tf": True, "min_df": 5}  # as our recipes


def hashing(n, **how):
    return HashingVectorizer(n_features=n, **how)


KINDS = {
    "hashing": lambda: hashing(2 ** 18, ngram_range=(1, 2)),
    "tfidf": lambda: TfidfVectorizer(ngram_range=(1, 2), max_features=50000, **COMMON),
    "hashing-chars": lambda: make_union(hashing(2 ** 18, ngram_range=(1, 2)), hashing(2 ** 18, **CHARS)),
    "tfidf-chars": lambda: make_union(TfidfVectorizer(ngram_range=(1, 2), max_features=50000, **COMMON),
                                      TfidfVectorizer(max_features=40000, **CHARS, **COMMON)),
}


def train(kind, data, path):
    with open(data, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    binarizer = MultiLabelBinarizer()
    truth = binarizer.fit_transform([row["label"] for row in rows])
    model = make_pipeline(KINDS[kind](), OneVsRestClassifier(LinearSVC()))
    model.fit([row["text"] for row in rows], truth)
    with open(path, "wb") as file:
        pickle.dump((model, list(binarizer.classes_)), file)


def label_lines(model, labels, lines):
    rows = [json.loads(line) for line in lines]
    for row, margins in zip(rows, model.decision_function([row["text"] for row in rows])):
        row["labels"] = {name: {"margin": round(float(margin), 4), "on": bool(margin > 0)}
                         for name, margin in zip(labels, margins)}
        print(json.dumps(row, ensure_ascii=False))


def label(path):
    with open(path, "rb") as file:
        model, labels = pickle.load(file)
    lines = []
    began = time.perf_counter()
    for line in sys.stdin:
        lines.append(line)
        if len(lines) == AT_ONCE:
            label_lines(model, labels, lines)
            lines = []
    if lines:
        label_lines(model, labels, lines)
    print(f"{time.perf_counter() - began:.6f}", file=sys.stderr)


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    {"train": train, "label": label}[sys.argv[1]](*sys.argv[2:])
