-- Schema 3. Runs: all stored comments labelled again, and the way back.

-- ---- inference ----

-- A run of `relabel`. open: begun, and not at its end (it is going on, or was killed, and can be resumed);
-- stopped: another was begun in its place; reverting and reverted: taken back; pruned: what it replaced is
-- gone, so it can't be taken back.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('open', 'stopped', 'done', 'reverting', 'reverted', 'pruned')),
    begun TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    ended TEXT,
    filter TEXT NOT NULL,    -- which comments, as --where says it; '': all
    up_to INTEGER NOT NULL,  -- all comments up to this id have been looked at
    labelled INTEGER NOT NULL -- comments of which the run has written a label
) STRICT;

-- Its models, in the order of its command: by hash, as a model without labels may go.
CREATE TABLE run_model (
    run INTEGER NOT NULL REFERENCES run,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    task TEXT NOT NULL,
    PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;

-- A comment that a run has labelled. before: of each of its models, which model's label was the latest of
-- the task: model.id as 4 bytes, the lowest first; 0: none; 0xFFFFFFFF: this model's label was as it is now,
-- and nothing was written.
CREATE TABLE run_comment (
    run INTEGER NOT NULL REFERENCES run,
    comment INTEGER NOT NULL REFERENCES comment,
    before BLOB NOT NULL,
    PRIMARY KEY (run, comment)
) STRICT, WITHOUT ROWID;

-- A label that a run has overwritten, as the same model had said something else before (of a comment whose
-- parent was corrected since, say).
CREATE TABLE replaced (
    run INTEGER NOT NULL REFERENCES run,
    comment INTEGER NOT NULL REFERENCES comment,
    model INTEGER NOT NULL REFERENCES model,
    unsure INTEGER NOT NULL,
    doubt INTEGER NOT NULL,
    target TEXT NOT NULL,
    label TEXT NOT NULL,
    scores BLOB NOT NULL,
    worth REAL NOT NULL,
    severe REAL NOT NULL,
    near REAL NOT NULL,
    PRIMARY KEY (run, comment, model)
) STRICT, WITHOUT ROWID;
