-- Schema 2. A queue that opens at once, words that can be searched, splits that people mend.
--
-- What the queue asks of a million comments is kept beside each label when it is written (rank.c):
-- its ranks, and whether it waits. 8,192 comments that came one after the other are a slab; when it is
-- full its labels are packed, sorted by each rank (pack.c), and a reader merges the slabs. `tally` counts.

-- ---- evidence ----

-- token: the client's name for this act; an act that is sent twice is stored once. batch: the
-- decision that began its bulk. via: the front it came by. All NULL before schema 2.
ALTER TABLE decision ADD COLUMN token TEXT;
ALTER TABLE decision ADD COLUMN batch INTEGER REFERENCES decision;
ALTER TABLE decision ADD COLUMN via TEXT CHECK (via IN ('terminal', 'page', 'api'));
CREATE UNIQUE INDEX decision_token ON decision (token) WHERE token IS NOT NULL;
CREATE INDEX decision_batch ON decision (batch) WHERE batch IS NOT NULL;
CREATE INDEX decision_reviewer ON decision (reviewer);
CREATE INDEX decision_made ON decision (comment) WHERE kind IN ('accept', 'correct');
CREATE INDEX decision_parked ON decision (kind, reviewer) WHERE kind IN ('skip', 'escalate');

DROP TRIGGER decision_once;
CREATE TRIGGER decision_once BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id OR undoes = NEW.undoes OR token = NEW.token)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

-- The lines of a split with their roles, as a person sees and mends them. lines: a line of text for each
-- that is not blank: its number, the bytes of the input where it begins and ends, where its text begins
-- and how long it is, and its letter (F furniture, A article, of comments H, B, I and T: author lines,
-- first line, other lines, author lines below). The text is that of `text`; NULL: of the page's bytes.
CREATE TABLE outline (
    split INTEGER PRIMARY KEY REFERENCES split,
    text INTEGER REFERENCES passage,
    title TEXT, -- as markup tells it
    lines TEXT NOT NULL
) STRICT;
CREATE TRIGGER outline_fixed BEFORE UPDATE ON outline BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER outline_kept BEFORE DELETE ON outline BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER outline_once BEFORE INSERT ON outline
WHEN EXISTS (SELECT 1 FROM outline WHERE split = NEW.split)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

-- A person's mending of a split: operations on `base` led to `split`. An undo makes no split.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    page INTEGER NOT NULL REFERENCES page,
    split INTEGER REFERENCES split,
    base INTEGER REFERENCES split,
    operations TEXT NOT NULL CHECK (operations GLOB '[[]*]'), -- as they were sent; of an undo: []
    reviewer TEXT NOT NULL CHECK (reviewer <> ''),
    made TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    token TEXT,
    undoes INTEGER UNIQUE REFERENCES correction CHECK (undoes < id),
    CHECK ((split IS NULL) = (undoes IS NOT NULL)),
    CHECK ((base IS NULL) = (undoes IS NOT NULL))
) STRICT;
CREATE INDEX correction_page ON correction (page);
CREATE INDEX correction_split ON correction (split);
CREATE UNIQUE INDEX correction_token ON correction (token) WHERE token IS NOT NULL;
CREATE TRIGGER correction_fixed BEFORE UPDATE ON correction BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER correction_kept BEFORE DELETE ON correction BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER correction_once BEFORE INSERT ON correction
WHEN EXISTS (SELECT 1 FROM correction WHERE id = NEW.id OR undoes = NEW.undoes OR token = NEW.token)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER correction_undo BEFORE INSERT ON correction
WHEN (SELECT undoes FROM correction WHERE id = NEW.undoes) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an undo is not undone; correct again'); END;

CREATE INDEX comment_author ON comment (author) WHERE author IS NOT NULL;
CREATE INDEX comment_parent ON comment (source, parent_id) WHERE parent_id IS NOT NULL;

-- ---- inference ----

-- state: 0 not in any list (an older model's, or the comment does not stand any more), 1 waits for a
-- person, 2 decided as the model says, 3 decided otherwise.
ALTER TABLE label ADD COLUMN state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3);
ALTER TABLE label ADD COLUMN worth REAL NOT NULL DEFAULT 0;  -- severity * chance of being wrong * reach
ALTER TABLE label ADD COLUMN severe REAL NOT NULL DEFAULT 0; -- the harm to be expected
ALTER TABLE label ADD COLUMN near REAL NOT NULL DEFAULT 0;   -- nearness to the border; unsure: 1 more

-- Rows of label by state, model and label. Model 0 counts comments: under state 1 those with a label
-- that waits, 2 with a decided one, 3 with one decided otherwise, 0 with any of these.
CREATE TABLE tally (
    state INTEGER NOT NULL,
    model INTEGER NOT NULL,
    label TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (state, model, label)
) STRICT, WITHOUT ROWID;

-- Slabs that have labels: comment >> 13. packed 0: it has to be read row by row. stale: so many of its
-- labels have changed their state since.
CREATE TABLE slab (
    slab INTEGER PRIMARY KEY,
    packed INTEGER NOT NULL CHECK (packed IN (0, 1)),
    stale INTEGER NOT NULL
) STRICT;
CREATE INDEX slab_open ON slab (slab) WHERE packed = 0;
-- A slab in the order of worth (0), severe (1) or near (2).
CREATE TABLE packed (
    id INTEGER PRIMARY KEY, -- 4 * slab + order
    rows BLOB NOT NULL
) STRICT;

-- The words of comments up to this id can be searched; they are caught up on demand (search.c).
CREATE VIRTUAL TABLE comment_words USING fts5 (
    text, content = 'comment', content_rowid = 'id', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE words_read (up_to INTEGER NOT NULL) STRICT;
INSERT INTO words_read VALUES (0);

-- ---- views ----

-- A person's split is never replaced by a model's of the same page: the newest correction that is not
-- undone says which one holds, else the newest split that no person made.
DROP VIEW comment_place;
DROP VIEW current_split;
CREATE VIEW held_split AS
SELECT coalesce((SELECT c.split FROM correction c
                 WHERE c.page = p.id AND c.split IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM correction u WHERE u.undoes = c.id)
                 ORDER BY c.id DESC LIMIT 1),
                (SELECT max(s.id) FROM split s
                 WHERE s.page = p.id AND NOT EXISTS (SELECT 1 FROM correction c WHERE c.split = s.id))) AS split,
       p.id AS page
FROM page p
WHERE EXISTS (SELECT 1 FROM split s WHERE s.page = p.id);

-- Of the newest scrapes only.
CREATE VIEW current_split AS
SELECT h.split, h.page FROM held_split h
WHERE NOT EXISTS (SELECT 1 FROM page n WHERE n.supersedes = h.page);

-- Every comment with its place in the split that holds, else its newest place; current: it stands in
-- the newest scrape of its source, as that is split now.
CREATE VIEW comment_place AS
SELECT c.id AS comment, c.identity, s.name AS source, c.paged, c.native_id, c.parent_id, c.author, c.time,
       c.target, c.text, c.meta, c.stored, c.article AS line_article, c.parent_text AS line_parent,
       c.source AS source_id,
       p.split, p.number, p.parent AS parent_number, p.first_line, p.last_line, p.byte_begin, p.byte_end,
       c.paged = 0 OR EXISTS (SELECT 1 FROM split t JOIN current_split k ON k.page = t.page
                              WHERE t.id = p.split AND k.split = t.id) AS current
FROM comment c
JOIN source s ON s.id = c.source
LEFT JOIN placement p
    ON p.comment = c.id
   AND p.split = coalesce((SELECT q.split FROM placement q JOIN split t ON t.id = q.split
                           JOIN current_split k ON k.page = t.page AND k.split = t.id
                           WHERE q.comment = c.id LIMIT 1),
                          (SELECT max(q.split) FROM placement q WHERE q.comment = c.id));

-- ---- what was there ----

-- The functions are of this migration (migrate.c): ranks from the stored p.
UPDATE label SET state = 1, worth = rank_worth(model, scores, unsure),
                 severe = rank_severe(model, scores, unsure), near = rank_near(model, scores, unsure)
WHERE latest = 1;
UPDATE label SET state = 0
WHERE state = 1 AND comment IN (
    SELECT c.id FROM comment c
    WHERE c.paged = 1 AND NOT EXISTS (SELECT 1 FROM placement q JOIN split t ON t.id = q.split
                                      JOIN current_split k ON k.page = t.page AND k.split = t.id
                                      WHERE q.comment = c.id));
UPDATE label SET state = coalesce(
    (SELECT CASE WHEN d.label = label.label THEN 2 ELSE 3 END
     FROM current_decision d
     WHERE d.comment = label.comment AND d.target = label.target
       AND d.task = (SELECT m.task FROM model m WHERE m.id = label.model)), 1)
WHERE state = 1 AND comment IN (SELECT comment FROM decision);

INSERT INTO tally SELECT state, model, label, count(*)
FROM label WHERE state > 0 GROUP BY state, model, label;
INSERT INTO tally SELECT 1, 0, '', count(DISTINCT comment) FROM label WHERE state = 1;
INSERT INTO tally SELECT 2, 0, '', count(DISTINCT comment) FROM label WHERE state IN (2, 3);
INSERT INTO tally SELECT 3, 0, '', count(DISTINCT comment) FROM label WHERE state = 3;
INSERT INTO tally SELECT 0, 0, '', count(DISTINCT comment) FROM label WHERE state > 0;
INSERT INTO slab SELECT DISTINCT comment >> 13, 0, 0 FROM label;
