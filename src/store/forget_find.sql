-- Which passages may go with the comments, and whose lines bring one along as what they answer: those that
-- name the comment, and where they name none, those that quote it at some length.
INSERT INTO temp.gone_passage
SELECT p.id, 1 FROM passage p
WHERE p.text IN (SELECT c.text FROM comment c WHERE c.id IN (SELECT id FROM temp.gone));
INSERT INTO temp.gone_answer
SELECT c.id FROM comment c JOIN passage p ON p.id = c.parent_text
WHERE c.parent_text IN (SELECT id FROM temp.gone_passage) AND c.id NOT IN (SELECT id FROM temp.gone)
  AND CASE WHEN c.parent_id IS NULL THEN length(p.text) >= 16
           ELSE (c.source, c.parent_id) IN (SELECT g.source, g.native_id FROM comment g
                                            WHERE g.id IN (SELECT id FROM temp.gone) AND g.native_id IS NOT NULL)
      END;
INSERT OR IGNORE INTO temp.gone_passage
SELECT article, 0 FROM comment WHERE article IS NOT NULL AND id IN (SELECT id FROM temp.gone);
INSERT OR IGNORE INTO temp.gone_passage
SELECT parent_text, 0 FROM comment WHERE parent_text IS NOT NULL AND id IN (SELECT id FROM temp.gone);
