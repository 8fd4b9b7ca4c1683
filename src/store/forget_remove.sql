-- What is kept beside labels follows first, while they are there.
INSERT INTO tally
SELECT state, model, label, -count(*) FROM label
WHERE state > 0 AND comment IN (SELECT id FROM temp.gone) GROUP BY state, model, label
ON CONFLICT DO UPDATE SET n = n + excluded.n;
INSERT INTO tally
SELECT 0, 0, '', -count(DISTINCT comment) FROM label WHERE state > 0 AND comment IN (SELECT id FROM temp.gone)
ON CONFLICT DO UPDATE SET n = n + excluded.n;
INSERT INTO tally
SELECT 1, 0, '', -count(DISTINCT comment) FROM label WHERE state = 1 AND comment IN (SELECT id FROM temp.gone)
ON CONFLICT DO UPDATE SET n = n + excluded.n;
INSERT INTO tally
SELECT 2, 0, '', -count(DISTINCT comment) FROM label WHERE state IN (2, 3) AND comment IN (SELECT id FROM temp.gone)
ON CONFLICT DO UPDATE SET n = n + excluded.n;
INSERT INTO tally
SELECT 3, 0, '', -count(DISTINCT comment) FROM label WHERE state = 3 AND comment IN (SELECT id FROM temp.gone)
ON CONFLICT DO UPDATE SET n = n + excluded.n;
DELETE FROM label WHERE comment IN (SELECT id FROM temp.gone);
DELETE FROM packed WHERE id >> 2 IN (SELECT id >> 13 FROM temp.gone);
UPDATE slab SET packed = 0 WHERE slab IN (SELECT id >> 13 FROM temp.gone);
DELETE FROM slab
WHERE packed = 0 AND NOT EXISTS (SELECT 1 FROM label l WHERE l.comment >= slab << 13 AND l.comment < (slab + 1) << 13);

DELETE FROM run_comment WHERE (run, comment) IN (SELECT r.id, g.id FROM run r, temp.gone g);
DELETE FROM replaced
WHERE (run, comment, model) IN (SELECT r.id, g.id, m.id FROM run r, temp.gone g, model m);

-- What was decided at once stays one bulk, under the first that is left of it.
CREATE TEMP TABLE gone_bulk AS
SELECT batch AS was, min(id) AS now FROM decision
WHERE batch IN (SELECT batch FROM decision WHERE batch IS NOT NULL AND comment IN (SELECT id FROM temp.gone))
  AND comment NOT IN (SELECT id FROM temp.gone)
GROUP BY batch;
DELETE FROM decision WHERE comment IN (SELECT id FROM temp.gone);
UPDATE decision SET batch = (SELECT now FROM temp.gone_bulk WHERE was = batch)
WHERE batch IN (SELECT was FROM temp.gone_bulk WHERE now <> was);

INSERT INTO forgotten_draw
SELECT (SELECT max(id) FROM forgotten), draw, count(*) FROM selection
WHERE comment IN (SELECT id FROM temp.gone) GROUP BY draw;
DELETE FROM selection WHERE comment IN (SELECT id FROM temp.gone);

INSERT OR REPLACE INTO forgotten_page SELECT id, (SELECT max(id) FROM forgotten) FROM temp.gone_page;
DELETE FROM placement WHERE comment IN (SELECT id FROM temp.gone);

-- The words are found again when somebody searches: an index of them keeps what was taken out of it.
INSERT INTO comment_words (comment_words)
SELECT 'delete-all' WHERE EXISTS (SELECT 1 FROM temp.gone WHERE id <= (SELECT up_to FROM words_read));
UPDATE words_read SET up_to = 0 WHERE EXISTS (SELECT 1 FROM temp.gone WHERE id <= up_to);

UPDATE comment SET parent_text = NULL WHERE id IN (SELECT id FROM temp.gone_answer);
DELETE FROM comment WHERE id IN (SELECT id FROM temp.gone);

-- Passages that nobody else needs.
DELETE FROM temp.gone_passage WHERE id IN (SELECT article FROM split) OR id IN (SELECT text FROM outline);
DELETE FROM temp.gone_passage
WHERE id IN (SELECT article FROM comment WHERE article IN (SELECT id FROM temp.gone_passage));
DELETE FROM temp.gone_passage
WHERE id IN (SELECT parent_text FROM comment WHERE parent_text IN (SELECT id FROM temp.gone_passage));
DELETE FROM passage WHERE id IN (SELECT id FROM temp.gone_passage);
