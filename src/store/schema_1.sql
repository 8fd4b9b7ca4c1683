-- Schema 1. Evidence apart from inference.
--
-- Evidence is what could not be made again: what was read, how it was split, what people decided and
-- how they came to be asked. It is only ever added to; triggers refuse the rest. (A later `forget`
-- drops and restores the triggers it has to pass, inside its own transaction.)
-- Inference is what a run of `label` would make again: models, runs and labels. It may be deleted.
--
-- Times are UTC, ISO 8601. A set of labels is a JSON array of strings: one-of tasks hold exactly one.

-- ---- evidence ----

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE -- path, URL or "-", as it was given
) STRICT;

-- One scrape. A source's scrapes are a chain: the newest is superseded by none.
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    fetched TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    supersedes INTEGER UNIQUE REFERENCES page CHECK (supersedes < id),
    bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX page_first ON page (source) WHERE supersedes IS NULL;

-- Texts that comments share or quote: articles, source posts, what a line says it answers.
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    text TEXT NOT NULL
) STRICT;

-- One way to split a page. The newest split of the newest page is the current one.
CREATE TABLE split (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES page,
    splitter TEXT NOT NULL, -- hash of the splitter's model
    digest TEXT NOT NULL,   -- SHA-256 of all it says: the same answer twice is stored once
    made TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    article INTEGER REFERENCES passage,
    UNIQUE (page, splitter, digest)
) STRICT;

-- A comment is its content (store/store.h says how the identity is made), never its position.
CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    identity BLOB NOT NULL CHECK (length(identity) = 32), -- unique, by the indexes below
    source INTEGER NOT NULL REFERENCES source,
    paged INTEGER NOT NULL CHECK (paged IN (0, 1)), -- 1: from a page, 0: from a JSON line
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),  -- among otherwise identical ones
    stored TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    native_id TEXT, -- NULL in all that follow: the source does not say
    parent_id TEXT,
    author TEXT,
    time TEXT, -- as written
    target TEXT,
    article INTEGER REFERENCES passage,
    parent_text INTEGER REFERENCES passage,
    text TEXT NOT NULL,
    meta TEXT -- what we don't know, verbatim: a JSON object
) STRICT;
-- Two indexes in place of one over identity: hashes in random order dirty a page of the index for
-- every row of a load, native ids mostly come in some order.
CREATE UNIQUE INDEX comment_native ON comment (source, native_id, identity);
CREATE UNIQUE INDEX comment_identity ON comment (identity) WHERE native_id IS NULL;

-- Where a comment stands in a split, and which one it answers there (as the splitter infers).
CREATE TABLE placement (
    split INTEGER NOT NULL REFERENCES split,
    number INTEGER NOT NULL CHECK (number >= 1), -- from 1, in the order of the page
    comment INTEGER NOT NULL REFERENCES comment,
    parent INTEGER NOT NULL CHECK (parent >= 0 AND parent < number), -- a number; 0: the article
    first_line INTEGER NOT NULL,
    last_line INTEGER NOT NULL,
    byte_begin INTEGER NOT NULL,
    byte_end INTEGER NOT NULL,
    PRIMARY KEY (split, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX placement_comment ON placement (comment, split);

-- Items drawn for review, each with the probability with which this design and seed drew it.
CREATE TABLE draw (
    id INTEGER PRIMARY KEY,
    design TEXT NOT NULL,           -- the order and filters, as text
    seed INTEGER,                   -- NULL: the design is deterministic
    population INTEGER NOT NULL,    -- items it could have drawn
    reviewer TEXT NOT NULL,
    drawn TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;

CREATE TABLE selection (
    id INTEGER PRIMARY KEY,
    draw INTEGER NOT NULL REFERENCES draw,
    comment INTEGER NOT NULL REFERENCES comment,
    task TEXT NOT NULL,
    probability REAL NOT NULL CHECK (probability > 0 AND probability <= 1),
    UNIQUE (draw, comment, task)
) STRICT;

CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    comment INTEGER NOT NULL REFERENCES comment,
    task TEXT NOT NULL,
    target TEXT NOT NULL DEFAULT '', -- the claim it was judged against, where one was given
    kind TEXT NOT NULL CHECK (kind IN ('accept', 'correct', 'skip', 'escalate', 'note', 'undo')),
    label TEXT CHECK (label GLOB '[[]*]'),
    note TEXT,
    reviewer TEXT NOT NULL CHECK (reviewer <> ''),
    decided TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    selection INTEGER REFERENCES selection,
    model TEXT, -- hash of the model whose label the person saw
    shown TEXT, -- and that label
    undoes INTEGER UNIQUE REFERENCES decision CHECK (undoes < id),
    CHECK ((kind = 'undo') = (undoes IS NOT NULL)),
    CHECK ((kind IN ('accept', 'correct')) = (label IS NOT NULL))
) STRICT;
CREATE INDEX decision_comment ON decision (comment, task);

CREATE TRIGGER source_fixed BEFORE UPDATE ON source BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER source_kept BEFORE DELETE ON source BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER page_fixed BEFORE UPDATE ON page BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER page_kept BEFORE DELETE ON page BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER passage_fixed BEFORE UPDATE ON passage BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER passage_kept BEFORE DELETE ON passage BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER split_fixed BEFORE UPDATE ON split BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER split_kept BEFORE DELETE ON split BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER comment_fixed BEFORE UPDATE ON comment BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER comment_kept BEFORE DELETE ON comment BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER placement_fixed BEFORE UPDATE ON placement BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER placement_kept BEFORE DELETE ON placement BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER draw_fixed BEFORE UPDATE ON draw BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER draw_kept BEFORE DELETE ON draw BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER selection_fixed BEFORE UPDATE ON selection BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER selection_kept BEFORE DELETE ON selection BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER decision_fixed BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER decision_kept BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

-- REPLACE deletes without asking the triggers above (unless recursive_triggers is on).
CREATE TRIGGER page_once BEFORE INSERT ON page
WHEN EXISTS (SELECT 1 FROM page WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER decision_once BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id OR undoes = NEW.undoes)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
-- To take back an undo, decide again: so a decision is in force unless a row undoes it.
CREATE TRIGGER decision_undo BEFORE INSERT ON decision
WHEN NEW.kind = 'undo' AND (SELECT kind FROM decision WHERE id = NEW.undoes) = 'undo'
BEGIN SELECT RAISE(ABORT, 'an undo is not undone; decide again'); END;

-- ---- inference ----

CREATE TABLE model (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    task TEXT NOT NULL,
    choice TEXT NOT NULL CHECK (choice IN ('one-of', 'any-of')),
    labels TEXT NOT NULL CHECK (labels GLOB '[[]*]'),
    thresholds TEXT NOT NULL CHECK (thresholds GLOB '[[]*]'), -- any-of: on from this p
    card TEXT NOT NULL
) STRICT;

-- One answer of one model for one comment. scores: for each label p as a little-endian IEEE double
-- and one byte of flags (1 on, 2 unsure), in the order of model.labels.
CREATE TABLE label (
    comment INTEGER NOT NULL REFERENCES comment,
    model INTEGER NOT NULL REFERENCES model,
    latest INTEGER NOT NULL CHECK (latest IN (0, 1)), -- of the models of its task
    unsure INTEGER NOT NULL CHECK (unsure IN (0, 1)), -- the label, or any label of several
    doubt INTEGER NOT NULL,                           -- enum retort_doubt of model/model.h
    target TEXT NOT NULL,                             -- the claim that was given, else empty
    label TEXT NOT NULL,
    scores BLOB NOT NULL,
    PRIMARY KEY (comment, model)
) STRICT, WITHOUT ROWID;

-- ---- views: what readers read ----

CREATE VIEW current_split AS
SELECT max(s.id) AS split, s.page
FROM split s
WHERE NOT EXISTS (SELECT 1 FROM page n WHERE n.supersedes = s.page)
GROUP BY s.page;

-- Every comment with its newest place; current: it stands in the newest scrape of its source.
CREATE VIEW comment_place AS
SELECT c.id AS comment, c.identity, s.name AS source, c.paged, c.native_id, c.parent_id, c.author, c.time,
       c.target, c.text, c.meta, c.stored, c.article AS line_article, c.parent_text AS line_parent,
       c.source AS source_id,
       p.split, p.number, p.parent AS parent_number, p.first_line, p.last_line, p.byte_begin, p.byte_end,
       c.paged = 0 OR (p.split = (SELECT max(n.id) FROM split n WHERE n.page = t.page)
                       AND NOT EXISTS (SELECT 1 FROM page n WHERE n.supersedes = t.page)) AS current
FROM comment c
JOIN source s ON s.id = c.source
LEFT JOIN placement p
    ON p.comment = c.id AND p.split = (SELECT max(q.split) FROM placement q WHERE q.comment = c.id)
LEFT JOIN split t ON t.id = p.split;

-- Decisions in force: not undone, and for each comment, task and target the last.
CREATE VIEW current_decision AS
SELECT d.*
FROM decision d
WHERE d.kind IN ('accept', 'correct')
  AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)
  AND NOT EXISTS (
      SELECT 1 FROM decision later
      WHERE later.comment = d.comment AND later.task = d.task AND later.target = d.target
        AND later.id > d.id AND later.kind IN ('accept', 'correct')
        AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = later.id));

-- The label of a comment for a task: a person's if there is one, else the newest model's. What the
-- model said stands beside it. Every reader takes labels from here.
CREATE VIEW current_label AS
SELECT l.comment, m.task, l.target,
       coalesce(d.label, l.label) AS label,
       CASE WHEN d.id IS NULL THEN 'model' ELSE 'human' END AS decided_by,
       d.id AS decision, d.kind AS decision_kind, d.reviewer, d.decided,
       l.model, l.label AS model_label, l.unsure, l.doubt, l.scores
FROM label l
JOIN model m ON m.id = l.model
LEFT JOIN current_decision d ON d.comment = l.comment AND d.task = m.task AND d.target = l.target
WHERE l.latest = 1
UNION ALL
SELECT d.comment, d.task, d.target, d.label, 'human', d.id, d.kind, d.reviewer, d.decided,
       NULL, NULL, 0, 0, NULL
FROM current_decision d
WHERE NOT EXISTS (
    SELECT 1 FROM label l JOIN model m ON m.id = l.model
    WHERE l.latest = 1 AND l.comment = d.comment AND m.task = d.task AND l.target = d.target);
