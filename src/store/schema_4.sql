-- Schema 4. Research: what was forgotten, samples with their chances, there and back again.

-- ---- evidence ----

-- Somebody's comments were removed: by whom, and how many of what, as a JSON object of counts; no name and
-- no text. state: open until nothing of it stands in the file's free space and its log any more. Ids up to
-- last_comment and last_decision were given away: none of them comes to name something else.
CREATE TABLE forgotten (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('open', 'done')),
    made TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    asked_by TEXT NOT NULL CHECK (asked_by <> ''),
    counts TEXT NOT NULL CHECK (counts GLOB '{*}'),
    last_comment INTEGER NOT NULL,
    last_decision INTEGER NOT NULL
) STRICT;

-- What is not to come back with the next import: names and longer texts under this file's own key (one row,
-- made when it is first needed). A mark tells nothing of a name, but whoever has the file can try one.
CREATE TABLE forgotten_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
CREATE TABLE forgotten_mark (
    mark BLOB PRIMARY KEY CHECK (length(mark) = 32),
    forgotten INTEGER NOT NULL REFERENCES forgotten
) STRICT, WITHOUT ROWID;

-- Of these draws so many items are gone. A draw and the chances of those that are left stay as they were:
-- they are still true, of the comments that are left.
CREATE TABLE forgotten_draw (
    forgotten INTEGER NOT NULL REFERENCES forgotten,
    draw INTEGER NOT NULL REFERENCES draw,
    items INTEGER NOT NULL CHECK (items > 0),
    PRIMARY KEY (forgotten, draw)
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_draw_of ON forgotten_draw (draw);

-- Pages of which bytes were overwritten: page.sha256 is that of what was read, not of what is kept.
CREATE TABLE forgotten_page (
    page INTEGER PRIMARY KEY REFERENCES page,
    forgotten INTEGER NOT NULL REFERENCES forgotten
) STRICT;

CREATE TRIGGER forgotten_fixed BEFORE UPDATE ON forgotten
WHEN NEW.id <> OLD.id OR NEW.made <> OLD.made OR NEW.asked_by <> OLD.asked_by OR NEW.counts <> OLD.counts
  OR NEW.last_comment <> OLD.last_comment OR NEW.last_decision <> OLD.last_decision
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER forgotten_kept BEFORE DELETE ON forgotten BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER forgotten_draw_fixed BEFORE UPDATE ON forgotten_draw BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER forgotten_draw_kept BEFORE DELETE ON forgotten_draw BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

-- A stratified sample's item: of which stratum, by name (a source's, or a set of labels as the model gave it).
ALTER TABLE selection ADD COLUMN stratum TEXT;

-- What drew a comment is told with it.
CREATE INDEX selection_of ON selection (comment);
