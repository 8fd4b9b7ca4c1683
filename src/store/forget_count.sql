-- The log's row: counts of what goes, and of what others wrote about it and stays. ?1 who asked, ?2 the name.
INSERT INTO forgotten (state, asked_by, counts, last_comment, last_decision)
SELECT 'open', ?1, json_object(
    'comments', (SELECT count(*) FROM temp.gone WHERE theirs),
    'earlier_readings', (SELECT count(*) FROM temp.gone WHERE NOT theirs),
    'pages', (SELECT count(*) FROM temp.gone_page),
    'labels', (SELECT json_group_array(json_object('task', task, 'label', json(label), 'comments', n))
               FROM (SELECT m.task AS task, l.label AS label, count(*) AS n FROM label l JOIN model m ON m.id = l.model
                     WHERE l.latest = 1 AND l.comment IN (SELECT id FROM temp.gone) GROUP BY 1, 2 ORDER BY 1, 2)),
    'decisions', (SELECT json_group_array(json_object('task', task, 'kind', kind, 'label', json(label), 'n', n))
                  FROM (SELECT task, kind, label, count(*) AS n FROM decision
                        WHERE comment IN (SELECT id FROM temp.gone) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3)),
    'selections', (SELECT count(*) FROM selection WHERE comment IN (SELECT id FROM temp.gone)),
    'draws', (SELECT count(DISTINCT draw) FROM selection WHERE comment IN (SELECT id FROM temp.gone)),
    'replies_left', (SELECT count(DISTINCT q.comment) FROM placement q JOIN placement g
                         ON g.split = q.split AND g.number = q.parent
                     WHERE g.comment IN (SELECT id FROM temp.gone) AND q.comment NOT IN (SELECT id FROM temp.gone))
                  + (SELECT count(*) FROM comment c
                     WHERE c.parent_id IS NOT NULL AND c.id NOT IN (SELECT id FROM temp.gone)
                       AND (c.source, c.parent_id) IN (SELECT g.source, g.native_id FROM comment g
                                                       WHERE g.id IN (SELECT id FROM temp.gone)
                                                         AND g.native_id IS NOT NULL)),
    'named_by_others', (SELECT count(*) FROM comment
                        WHERE (instr(text, '@' || ?2) > 0 OR instr(coalesce(meta, ''), json_quote(?2)) > 0)
                          AND id NOT IN (SELECT id FROM temp.gone))),
    (SELECT max(coalesce(max(id), 0), coalesce((SELECT max(last_comment) FROM forgotten), 0)) FROM comment),
    (SELECT max(coalesce(max(id), 0), coalesce((SELECT max(last_decision) FROM forgotten), 0)) FROM decision);
