/* The statements: a table, so that what is asked of the database can be read in one place. */
#include "store/sql.h"

#define PLACE                                                                                      \
    "SELECT c.comment, c.identity, c.source, c.stored, c.native_id, c.parent_id, c.author,"        \
    " c.time, c.text, c.target, c.meta, c.paged, c.current, c.split, c.number, c.first_line,"      \
    " c.last_line, c.byte_begin, c.byte_end, c.parent_number, c.line_article, c.line_parent,"      \
    " c.source_id FROM comment_place c "

#define LABEL                                                                                      \
    "SELECT l.comment, l.task, l.target, l.label, l.decision, l.decision_kind, l.reviewer,"        \
    " l.decided, l.model, l.model_label, l.unsure, l.doubt, l.scores FROM current_label l "

#define DECISION                                                                                   \
    "SELECT d.id, d.comment, d.undoes, d.selection, d.task, d.target, d.kind, d.label, d.note,"    \
    " d.reviewer, d.decided, d.model, d.shown, s.probability,"                                     \
    " EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id), d.token, d.via, d.batch"            \
    " FROM decision d LEFT JOIN selection s ON s.id = d.selection "

/* What a later row does not undo. */
#define STANDS "d.kind <> 'undo' AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)"

/* A decision of the kinds that put an item aside, still standing. */
#define PARKED                                                                                     \
    " d.kind IN ('skip', 'escalate') AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes ="    \
    " d.id) "

/* A page and the split of it that holds. */
#define PAGE                                                                                       \
    "SELECT p.id, p.source, h.split, s.name, p.fetched, t.splitter,"                               \
    " NOT EXISTS (SELECT 1 FROM page n WHERE n.supersedes = p.id),"                                \
    " (SELECT c.reviewer FROM correction c WHERE c.page = p.id AND c.split IS NOT NULL"            \
    "  AND NOT EXISTS (SELECT 1 FROM correction u WHERE u.undoes = c.id)"                          \
    "  ORDER BY c.id DESC LIMIT 1),"                                                               \
    " (SELECT count(*) FROM placement q WHERE q.split = h.split),"                                 \
    " (SELECT count(*) FROM placement q WHERE q.split = h.split AND EXISTS"                        \
    "  (SELECT 1 FROM label l WHERE l.comment = q.comment AND l.state = 1))"                       \
    " FROM page p JOIN source s ON s.id = p.source JOIN held_split h ON h.page = p.id"             \
    " JOIN split t ON t.id = h.split "

/* What a draw was from, less what was forgotten of it: how much that is, is known of its items
 * alone, and they say it without bias (Horvitz and Thompson 1952), as each that is left stands for
 * what it stood for. */
#define DRAW_LEFT                                                                                  \
    " LEFT JOIN (SELECT f.draw, sum(f.items) AS gone, (SELECT count(*) FROM selection n"           \
    "  WHERE n.draw = f.draw) AS here FROM forgotten_draw f GROUP BY f.draw) k ON k.draw = w.id "
#define POPULATION                                                                                 \
    "coalesce(CAST(round(1.0 * w.population * k.here / (k.here + k.gone)) AS INTEGER),"            \
    " w.population)"

/* The id that the next decision gets: none that was given away comes again. */
#define NEXT_ID                                                                                    \
    "(SELECT max(coalesce((SELECT max(id) FROM decision), 0),"                                     \
    " coalesce((SELECT max(last_decision) FROM forgotten), 0)) + 1)"

#define RUN "SELECT r.id, r.state, r.begun, r.ended, r.filter, r.up_to, r.labelled FROM run r "

#define CORRECTION                                                                                 \
    "SELECT c.id, c.page, c.split, c.base, c.undoes, c.operations, c.reviewer, c.made,"            \
    " EXISTS (SELECT 1 FROM correction u WHERE u.undoes = c.id) FROM correction c "

const char *const store_sql[N_STATEMENTS] = {
    [BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [BEGIN_READ] = "BEGIN",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",

    [PUT_SOURCE] = "INSERT INTO source (name) VALUES (?1) ON CONFLICT DO NOTHING",
    [FIND_SOURCE] = "SELECT id FROM source WHERE name = ?1",
    [NEWEST_PAGE] = "SELECT p.id, p.sha256 FROM page p WHERE p.source = ?1"
                    " AND NOT EXISTS (SELECT 1 FROM page n WHERE n.supersedes = p.id)",
    [PUT_PAGE] = "INSERT INTO page (source, sha256, supersedes, bytes) VALUES (?1, ?2, ?3, ?4)",
    [FIND_SPLIT] = "SELECT id FROM split WHERE page = ?1 AND splitter = ?2 AND digest = ?3",
    [PUT_SPLIT] = "INSERT INTO split (page, splitter, digest, article) VALUES (?1, ?2, ?3, ?4)",
    [PUT_OUTLINE] = "INSERT INTO outline (split, text, title, lines) VALUES (?1, ?2, ?3, ?4)",
    [READ_SPLIT] =
        "SELECT s.page, s.splitter, a.text, o.title, o.lines, t.text,"
        " CASE WHEN o.text IS NULL THEN p.bytes END"
        " FROM split s JOIN page p ON p.id = s.page LEFT JOIN passage a ON a.id = s.article"
        " LEFT JOIN outline o ON o.split = s.id LEFT JOIN passage t ON t.id = o.text"
        " WHERE s.id = ?1",
    [SPLIT_THREAD] =
        "SELECT c.id, p.parent, p.first_line, p.last_line, p.byte_begin, p.byte_end,"
        " c.author, c.time, c.text, p.number FROM placement p JOIN comment c ON c.id = p.comment"
        " WHERE p.split = ?1 ORDER BY p.number",
    [PUT_CORRECTION] = "INSERT INTO correction (page, split, base, undoes, operations, reviewer,"
                       " token) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [CORRECTION_BY_ID] = CORRECTION "WHERE c.id = ?1",
    [CORRECTION_BY_TOKEN] = CORRECTION "WHERE c.token = ?1",
    [CORRECTIONS_OF] = CORRECTION "WHERE c.page = ?1 AND c.undoes IS NULL ORDER BY c.id",
    [PAGE_BYTES] = "SELECT bytes FROM page WHERE id = ?1",
    [PAGE_BY_ID] = PAGE "WHERE p.id = ?1",
    [EACH_PAGE] =
        PAGE "WHERE p.id < ?1 AND NOT EXISTS (SELECT 1 FROM page n WHERE n.supersedes = p.id)"
             " ORDER BY p.id DESC LIMIT ?2",
    [CORRECTED_PAGES] =
        PAGE "WHERE p.id IN (SELECT c.page FROM correction c WHERE c.split IS NOT NULL"
             " AND NOT EXISTS (SELECT 1 FROM correction u WHERE u.undoes = c.id))"
             " ORDER BY p.id",
    [SPLIT_COMMENTS] = "SELECT number, comment FROM placement WHERE split = ?1 AND number <= ?2",
    [PUT_PLACEMENT] = "INSERT INTO placement (split, number, comment, parent, first_line,"
                      " last_line, byte_begin, byte_end) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [KNOWN_COMMENTS] = "SELECT c.ordinal, c.author, c.time, c.text, p.split, p.number, p.parent"
                       " FROM comment c JOIN placement p ON p.comment = c.id AND p.split ="
                       " (SELECT max(q.split) FROM placement q WHERE q.comment = c.id)"
                       " WHERE c.source = ?1 AND c.paged = 1 ORDER BY p.split, p.number",
    [PUT_COMMENT] = "INSERT INTO comment (identity, source, paged, ordinal, native_id, parent_id,"
                    " author, time, target, article, parent_text, text, meta, stored, id) VALUES"
                    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
                    " ON CONFLICT DO NOTHING",
    [FIND_COMMENT] = "SELECT id FROM comment WHERE identity = ?1 AND native_id IS NULL",
    [FIND_NATIVE] = "SELECT id FROM comment WHERE identity = ?1 AND source = ?2 AND native_id = ?3",
    [PUT_PASSAGE] = "INSERT INTO passage (sha256, text) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    [FIND_PASSAGE] = "SELECT id FROM passage WHERE sha256 = ?1",
    [READ_PASSAGE] = "SELECT text FROM passage WHERE id = ?1",

    [PUT_MODEL] = "INSERT INTO model (hash, task, choice, labels, thresholds, card) VALUES"
                  " (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    [FIND_MODEL] = "SELECT m.id, NOT EXISTS (SELECT 1 FROM model o WHERE o.task = m.task AND"
                   " o.id <> m.id) FROM model m WHERE m.hash = ?1",
    [MODEL_CARD] = "SELECT card FROM model WHERE hash = ?1",
    [READ_MODELS] = "SELECT id, hash, task, choice, labels, thresholds FROM model ORDER BY id",
    /* label.c writes more rows behind it. */
    [PUT_LABEL] = "INSERT INTO label (comment, latest, model, unsure, doubt, target, label, scores,"
                  " state, worth, severe, near)"
                  " VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [CHANGE_LABEL] =
        "UPDATE label SET latest = 1, unsure = ?3, doubt = ?4, target = ?5, label = ?6,"
        " scores = ?7, state = ?8, worth = ?9, severe = ?10, near = ?11"
        " WHERE comment = ?1 AND model = ?2",
    [DATA_VERSION] = "PRAGMA data_version",
    [HAS_LABEL] = "SELECT 1 FROM label WHERE comment = ?1 AND model = ?2",
    [PUT_STATE] = "UPDATE label SET state = ?1, latest = ?2 WHERE comment = ?3 AND model = ?4",
    [COMMENT_STANDS] = "SELECT c.paged = 0 OR EXISTS (SELECT 1 FROM placement q"
                       " JOIN split t ON t.id = q.split"
                       " JOIN current_split k ON k.page = t.page AND k.split = t.id"
                       " WHERE q.comment = c.id),"
                       " EXISTS (SELECT 1 FROM decision d WHERE d.comment = c.id)"
                       " FROM comment c WHERE c.id = ?1",
    [SETTLED_ROWS] = "SELECT l.model, l.state, l.latest, l.label, m.task, l.target"
                     " FROM label l CROSS JOIN model m ON m.id = l.model WHERE l.comment = ?1",
    [DECIDED_LABEL] = "SELECT label FROM current_decision"
                      " WHERE comment = ?1 AND task = ?2 AND target = ?3",
    [PAGED_COMMENTS] = "SELECT id FROM comment WHERE source = ?1 AND paged = 1",
    [PUT_TALLY] = "INSERT INTO tally (state, model, label, n) VALUES (?1, ?2, ?3, ?4)"
                  " ON CONFLICT DO UPDATE SET n = n + excluded.n",

    [PUT_DECISION] = "INSERT INTO decision (id, comment, task, target, kind, label, note, reviewer,"
                     " selection, model, shown, undoes, token, batch, via) VALUES (" NEXT_ID
                     ", ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    [NEXT_DECISION] = "SELECT " NEXT_ID,
    [PUT_DRAW] = "INSERT INTO draw (design, seed, population, reviewer) VALUES (?1, ?2, ?3, ?4)",
    [PUT_SELECTION] = "INSERT INTO selection (draw, comment, task, probability, stratum)"
                      " VALUES (?1, ?2, ?3, ?4, ?5)",
    [FIND_SELECTION] = "SELECT id FROM selection WHERE draw = ?1 AND comment = ?2 AND task = ?3",
    [ONE_SAMPLE] =
        "SELECT w.id, w.design, s.task, w.reviewer, w.drawn, w.seed, " POPULATION
        ", (SELECT count(*) FROM selection n WHERE n.draw = w.id) FROM draw w" DRAW_LEFT
        "JOIN selection s ON s.id = (SELECT min(m.id) FROM selection m WHERE m.draw = w.id)"
        " WHERE w.design >= 'design=' AND w.design < 'design>' AND (?1 IS NULL OR w.id = ?1)"
        " AND (?2 IS NULL OR s.task = ?2) ORDER BY w.id DESC LIMIT 1",
    [EACH_SAMPLED] =
        "SELECT w.id, w.design, s.id, s.comment, s.probability, s.stratum,"
        " EXISTS (SELECT 1 FROM current_decision d WHERE d.comment = s.comment"
        "  AND d.task = s.task AND d.batch IS NULL),"
        " EXISTS (SELECT 1 FROM decision e WHERE e.comment = s.comment AND e.task = s.task"
        "  AND e.selection = s.id AND e.label IS NOT NULL"
        "  AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = e.id)), " POPULATION
        " FROM draw w" DRAW_LEFT "CROSS JOIN selection s ON s.draw = w.id"
        " WHERE w.design >= 'design=' AND w.design < 'design>' AND s.task = ?1"
        " ORDER BY w.id, s.id",
    [EACH_WAITING] =
        "SELECT l.comment, c.source, l.near, l.label FROM label l CROSS JOIN comment c"
        " ON c.id = l.comment WHERE l.model IN (SELECT id FROM model WHERE task = ?1)"
        " AND l.latest = 1 AND l.state = 1"
        " AND (?2 IS NULL OR c.source = (SELECT id FROM source WHERE name = ?2))"
        " AND (?3 IS NULL OR c.author = ?3) AND (?4 IS NULL OR c.stored >= ?4)"
        " AND (?5 IS NULL OR c.stored < ?5)"
        " AND (coalesce(?6, ?7, ?8) IS NULL OR EXISTS (SELECT 1 FROM label k JOIN model m"
        "  ON m.id = k.model WHERE k.comment = l.comment AND k.latest = 1"
        "  AND (?6 IS NULL OR m.task = ?6)"
        "  AND (?7 IS NULL OR EXISTS (SELECT 1 FROM json_each(k.label) WHERE value = ?7))"
        "  AND (?8 IS NULL OR k.state = CASE ?8 WHEN 'waiting' THEN 1 WHEN 'changed' THEN 3 END"
        "   OR (?8 = 'decided' AND k.state IN (2, 3)))))"
        " ORDER BY l.comment",

    [EACH_COMMENT] = PLACE "ORDER BY c.comment",
    [ONE_COMMENT] = PLACE "WHERE c.comment = ?1",
    [COMMENT_AT] = "SELECT comment FROM placement WHERE split = ?1 AND number = ?2",
    [COMMENT_FROM] = "SELECT comment FROM placement WHERE split = ?1 AND number >= ?2"
                     " ORDER BY number LIMIT 1",
    /* The newest of its name, among some: a hostile file may give one id to a million lines. */
    [NATIVE_COMMENT] = "SELECT max(id) FROM (SELECT id FROM comment WHERE source = ?1 AND"
                       " native_id = ?2 LIMIT 64)",
    [EARLIER_TEXT] =
        "WITH s(id) AS (SELECT id FROM source WHERE name = ?1), line(id) AS (SELECT"
        " ifnull(min(id), 9223372036854775807) FROM (SELECT c.id FROM comment c JOIN s ON c.source"
        " = s.id WHERE c.native_id = ?3 LIMIT 64)), parent(id) AS (SELECT max(id) FROM (SELECT c.id"
        " FROM comment c JOIN s ON c.source = s.id WHERE c.native_id = ?2 AND c.id < (SELECT id"
        " FROM line) LIMIT 64)) SELECT text FROM comment WHERE id = (SELECT id FROM parent)",
    [NATIVE_TEXT] = "SELECT max(id) FROM (SELECT id, text FROM comment WHERE source ="
                    " (SELECT id FROM source WHERE name = ?1) AND native_id = ?2 LIMIT 64)"
                    " WHERE text = ?3",
    [SPLIT_ARTICLE] = "SELECT article FROM split WHERE id = ?1",
    [COMMENT_TEXT] = "SELECT text FROM comment WHERE id = ?1",
    /* The next row of the table, if it is of the same file: a search could walk a million rows. */
    [NEXT_LINE] = "SELECT id FROM comment WHERE id = ?1 + 1 AND source = ?2 AND paged = 0",
    [SPLIT_PLACES] = "SELECT number, parent, comment FROM placement WHERE split = ?1"
                     " ORDER BY number",
    [NEIGHBOUR_WORDS] = "SELECT author, text FROM comment WHERE id = ?1",
    [LINE_LINKS] = "SELECT native_id, parent_id FROM comment WHERE id = ?1 AND paged = 0",
    [ANSWERS_BEFORE] = "SELECT id FROM comment WHERE source = ?1 AND parent_id = ?2 AND id < ?3"
                       " ORDER BY id DESC LIMIT ?4",
    [ANSWERS_AFTER] = "SELECT id FROM comment WHERE source = ?1 AND parent_id = ?2 AND id > ?3"
                      " ORDER BY id LIMIT ?4",
    /* Not further than some rows away: the file may hold other threads in between. */
    [TOPS_BEFORE] = "SELECT id FROM comment WHERE +source = ?1 AND article = ?2 AND id < ?3"
                    " AND id > ?3 - 200 AND parent_id IS NULL AND paged = 0"
                    " ORDER BY id DESC LIMIT ?4",
    [TOPS_AFTER] = "SELECT id FROM comment WHERE +source = ?1 AND article = ?2 AND id > ?3"
                   " AND id < ?3 + 200 AND parent_id IS NULL AND paged = 0"
                   " ORDER BY id LIMIT ?4",
    /* Both look at some rows at most: they are asked for every row of a queue. */
    [N_PLACED_ANSWERS] = "SELECT count(*) FROM (SELECT parent FROM placement WHERE split = ?1"
                         " AND number > ?2 ORDER BY number LIMIT 2000) WHERE parent = ?2",
    [N_LINE_ANSWERS] = "SELECT count(*) FROM (SELECT 1 FROM comment WHERE source = ?1"
                       " AND parent_id = ?2 LIMIT 1000)",
    [PAGE_OF_SPLIT] = "SELECT page FROM split WHERE id = ?1",
    [LABELS_OF] = LABEL "WHERE l.comment = ?1 ORDER BY l.task, l.target",
    [DECISIONS_OF] = DECISION "WHERE d.comment = ?1 ORDER BY d.id",
    [EACH_DECISION] = DECISION "ORDER BY d.id",
    [ONE_DECISION] = DECISION "WHERE d.id = ?1",
    [TOKEN_DECISION] = DECISION "WHERE d.token = ?1",
    [RECENT_DECISIONS] = DECISION "WHERE d.id < ?1 ORDER BY d.id DESC",
    [RECENT_DECISIONS_OF] = DECISION "WHERE d.reviewer = ?2 AND d.id < ?1 ORDER BY d.id DESC",
    [BATCH_DECISIONS] = DECISION "WHERE d.batch = ?1 ORDER BY d.id",
    [BATCH_COUNT] = "SELECT count(*) FROM decision WHERE batch = ?1",
    [LAST_DECISION] = "SELECT d.id, d.comment FROM decision d WHERE d.reviewer = ?1 AND " STANDS
                      " ORDER BY d.id DESC LIMIT 1",
    /* What a bulk looks at of each comment: a person's word, and what the newest model has said. */
    [STANDING] =
        "SELECT c.id, (SELECT max(d.id) FROM decision d WHERE d.comment = c.id AND d.task = ?2"
        " AND d.label IS NOT NULL AND " STANDS "), s.target, s.hash, s.label FROM comment c"
        " LEFT JOIN (SELECT l.comment, l.target, m.hash, l.label FROM label l"
        " JOIN model m ON m.id = l.model WHERE l.comment = ?1 AND l.latest = 1"
        " AND m.task = ?2) s ON s.comment = c.id WHERE c.id = ?1 LIMIT 1",

    [READ_TALLY] = "SELECT state, model, label, n FROM tally WHERE state > 0 AND model > 0"
                   " AND n > 0",
    [COUNT_COMMENTS] = "SELECT n FROM tally WHERE state = ?1 AND model = 0",
    [SUM_WAITING] = "SELECT model, label, n FROM tally WHERE state = 1 AND model > 0",
    [LAST_COMMENT] = "SELECT max(id) FROM comment",
    [HAS_PARKED] = "SELECT EXISTS (SELECT 1 FROM decision d WHERE d.reviewer = ?1 AND" PARKED ")",
    [PARKED_BY] = "SELECT 1 FROM decision d WHERE d.comment = ?1 AND d.task = ?2"
                  " AND d.reviewer = ?3 AND" PARKED "LIMIT 1",
    [PARKED_AS] = "SELECT 1 FROM decision d WHERE d.comment = ?1 AND d.task = ?2"
                  " AND d.kind = ?3 AND" PARKED "LIMIT 1",
    [BEST_ROWS] = "SELECT model, state, label, worth, severe, near FROM label"
                  " WHERE comment = ?1 ORDER BY model",
    [SLAB_ROWS] = "SELECT comment, model, state, label, worth, severe, near FROM label"
                  " WHERE comment >= ?1 AND comment < ?2 AND state > 0",
    [EACH_SLAB] = "SELECT slab, packed FROM slab ORDER BY slab DESC",
    [OPEN_SLAB] = "INSERT INTO slab (slab, packed, stale) VALUES (?1, 0, ?2)"
                  " ON CONFLICT DO UPDATE SET packed = 0",
    [STALE_SLAB] = "UPDATE slab SET stale = stale + ?2 WHERE slab = ?1",
    [NEW_SLABS] = "SELECT slab FROM slab WHERE packed = 0 AND slab < ?1"
                  " AND NOT EXISTS (SELECT 1 FROM packed WHERE id = slab << 2) LIMIT 1",
    [OPEN_SLABS] = "SELECT slab FROM slab WHERE packed = 0 AND slab < ?1 LIMIT 1",
    [STALE_SLABS] = "SELECT slab FROM slab WHERE packed = 1 AND stale > ?1 LIMIT 1",
    [PUT_PACKED] = "INSERT INTO packed (id, rows) VALUES (?1, ?2)"
                   " ON CONFLICT DO UPDATE SET rows = excluded.rows",
    [MARK_PACKED] = "UPDATE slab SET packed = 1, stale = 0 WHERE slab = ?1",
    [WORDS_FILL] = "SELECT rowid FROM comment_words WHERE comment_words MATCH ?1 LIMIT ?2",
    [WORDS_ASK] = "SELECT 1 FROM comment_words WHERE comment_words MATCH ?1 AND rowid = ?2",
    [AUTHOR_FILL] = "SELECT id FROM comment WHERE author = ?1 LIMIT ?2",
    [AUTHOR_ASK] = "SELECT 1 FROM comment WHERE author = ?1 AND id = ?2",
    [SOURCE_FILL] = "SELECT id FROM comment INDEXED BY comment_native WHERE source = ?1 LIMIT ?2",
    [SOURCE_ASK] = "SELECT 1 FROM comment WHERE +source = ?1 AND id = ?2",
    [DRAW_FILL] = "SELECT comment FROM selection WHERE draw = ?1 LIMIT ?2",
    [DRAW_ASK] = "SELECT 1 FROM selection WHERE draw = ?1 AND comment = ?2",
    [SOURCE_NAME] = "SELECT name FROM source WHERE id = ?1",
    [PARKED_FILL] = "SELECT d.comment FROM decision d WHERE d.kind = ?1 AND" PARKED "LIMIT ?2",
    [PARKED_ASK] =
        "SELECT 1 FROM decision d WHERE d.kind = ?1 AND d.comment = ?2 AND" PARKED "LIMIT 1",
    [OWN_FILL] = "SELECT d.comment FROM decision d WHERE d.reviewer = ?1 AND" PARKED "LIMIT ?2",
    [OWN_ASK] =
        "SELECT 1 FROM decision d WHERE d.reviewer = ?1 AND d.comment = ?2 AND" PARKED "LIMIT 1",
    [JUDGED_FILL] = "SELECT comment FROM decision WHERE kind IN ('accept', 'correct') LIMIT ?2",
    [JUDGED_ASK] = "SELECT 1 FROM decision WHERE kind IN ('accept', 'correct') AND comment = ?2"
                   " LIMIT 1",
    [WORDS_REACH] = "SELECT (SELECT up_to FROM words_read), (SELECT max(id) FROM comment)",
    [WORDS_READ] = "INSERT INTO comment_words (rowid, text) SELECT id, text FROM comment"
                   " WHERE id > ?2 AND id <= ?1 ORDER BY id",
    [WORDS_MARK] = "UPDATE words_read SET up_to = max(up_to, ?1) WHERE up_to = ?2",

    /* A bulk is no judgement of each of its comments. */
    [EACH_JUDGEMENT] =
        "SELECT d.id, d.comment, d.task, d.target, d.label, d.reviewer, d.shown FROM decision d"
        " WHERE d.label IS NOT NULL AND d.batch IS NULL AND " STANDS " ORDER BY d.id",
    [EACH_ANSWER] = "SELECT comment, model, unsure, scores FROM label WHERE latest = 1"
                    " ORDER BY comment, model",
    [EACH_DECIDED] =
        "SELECT d.id, d.comment, d.target, d.label, d.model, d.batch,"
        " (SELECT min(e.id) FROM decision e WHERE e.comment = d.comment AND e.task = d.task"
        "  AND e.target = d.target AND e.label IS NOT NULL"
        "  AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = e.id)),"
        " w.id, x.id, w.design, " POPULATION " FROM current_decision d"
        " LEFT JOIN decision x ON x.id ="
        " (SELECT e.id FROM decision e JOIN selection s ON s.id = e.selection"
        "  JOIN draw w ON w.id = s.draw WHERE e.comment = d.comment AND e.task = d.task"
        "  AND e.target = d.target AND e.label IS NOT NULL AND w.seed IS NOT NULL"
        "  AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = e.id) ORDER BY e.id LIMIT 1)"
        " LEFT JOIN selection s ON s.id = x.selection LEFT JOIN draw w ON w.id = s.draw" DRAW_LEFT
        " WHERE d.task = ?1 ORDER BY d.id",
    [DRAWN_PASSED] =
        "SELECT count(DISTINCT d.comment) FROM decision d JOIN selection s ON s.id = d.selection"
        " JOIN draw w ON w.id = s.draw WHERE d.kind IN ('skip', 'escalate') AND d.task = ?1"
        " AND w.seed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id)"
        " AND NOT EXISTS (SELECT 1 FROM current_decision c"
        "  WHERE c.comment = d.comment AND c.task = d.task)",
    [HOURS] = "SELECT substr(d.decided, 1, 13), d.reviewer, count(*) FROM decision d"
              " WHERE d.decided >= ?1 AND d.kind <> 'note' AND " STANDS " GROUP BY 1, 2",
    [REVIEWERS] = "SELECT d.reviewer, sum(d.kind <> 'note'), sum(d.kind = 'accept'),"
                  " sum(d.kind = 'correct') FROM decision d WHERE " STANDS " GROUP BY 1",
    [LARGEST_SOURCES] = "SELECT n.source, s.name FROM (SELECT source, count(*) AS n FROM comment"
                        " GROUP BY source ORDER BY n DESC, source LIMIT ?1) n"
                        " JOIN source s ON s.id = n.source",
    [SOURCE_COMMENTS] = "SELECT id FROM comment WHERE source = ?1",
    [STANDING_LABELS] = "SELECT comment, model, state, label FROM label WHERE state > 0",
    [HUMAN_LABEL] = "SELECT label FROM current_label WHERE comment = ?1 AND model = ?2",

    [EACH_RUN] = RUN "ORDER BY r.id",
    [ONE_RUN] = RUN "WHERE r.id = ?1",
    [RUN_MODELS] = "SELECT hash, task FROM run_model WHERE run = ?1 ORDER BY number",
    [PUT_RUN] = "INSERT INTO run (state, filter, up_to, labelled) VALUES ('open', ?1, 0, 0)",
    [PUT_RUN_MODEL] = "INSERT INTO run_model (run, number, hash, task) VALUES (?1, ?2, ?3, ?4)",
    [STOP_RUNS] = "UPDATE run SET state = 'stopped' WHERE state = 'open'",
    [REACH_RUN] = "UPDATE run SET up_to = ?2, labelled = ?3, state = ?4,"
                  " ended = CASE ?4 WHEN 'open' THEN NULL ELSE"
                  " strftime('%Y-%m-%dT%H:%M:%SZ', 'now') END WHERE id = ?1",
    [RUN_ROWS] = "SELECT l.model, l.latest, l.unsure, l.doubt, l.target, l.scores, l.worth"
                 " FROM label l WHERE l.comment = ?1 ORDER BY l.model",
    [PUT_RUN_COMMENT] = "INSERT INTO run_comment (run, comment, before) VALUES (?1, ?2, ?3)",
    [PUT_REPLACED] = "INSERT INTO replaced (run, comment, model, unsure, doubt, target, label,"
                     " scores, worth, severe, near) SELECT ?1, comment, model, unsure, doubt,"
                     " target, label, scores, worth, severe, near FROM label"
                     " WHERE comment = ?2 AND model = ?3",
    [RUN_COMMENTS] = "SELECT comment, before FROM run_comment WHERE run = ?1 AND comment > ?2"
                     " ORDER BY comment LIMIT ?3",
    [REPLACED_ROW] = "SELECT model, 0, unsure, doubt, target, scores, worth FROM replaced"
                     " WHERE run = ?1 AND comment = ?2 AND model = ?3",
    [RESTORE_ROW] = "UPDATE label SET unsure = r.unsure, doubt = r.doubt, target = r.target,"
                    " label = r.label, scores = r.scores, worth = r.worth, severe = r.severe,"
                    " near = r.near, latest = 1 FROM replaced r WHERE r.run = ?1 AND r.comment ="
                    " ?2 AND r.model = ?3 AND label.comment = ?2 AND label.model = ?3",
    [DELETE_LABEL] = "DELETE FROM label WHERE comment = ?1 AND model = ?2",
    [MARK_REVERTING] = "UPDATE run SET state = 'reverting', up_to = 0 WHERE id = ?1"
                       " AND state <> 'reverting'",
    /* Of a task's labels one must meet all that is said of them. */
    [BEHIND] = PLACE
    "WHERE c.comment > ?1 AND (?2 IS NULL OR c.source_id = (SELECT id FROM source WHERE name = ?2))"
    " AND (?3 IS NULL OR c.author = ?3) AND (?4 IS NULL OR c.stored >= ?4)"
    " AND (?5 IS NULL OR c.stored < ?5)"
    " AND (coalesce(?6, ?7, ?8) IS NULL OR EXISTS (SELECT 1 FROM label l JOIN model m"
    "  ON m.id = l.model WHERE l.comment = c.comment AND l.latest = 1"
    "  AND (?6 IS NULL OR m.task = ?6)"
    "  AND (?7 IS NULL OR EXISTS (SELECT 1 FROM json_each(l.label) WHERE value = ?7))"
    "  AND (?8 IS NULL OR l.state = CASE ?8 WHEN 'waiting' THEN 1 WHEN 'changed' THEN 3 END"
    "   OR (?8 = 'decided' AND l.state IN (2, 3)))))"
    " ORDER BY c.comment LIMIT ?9",
    [GIVEN_TARGET] = "SELECT target FROM label WHERE comment = ?1 AND latest = 1 AND target <> ''"
                     " ORDER BY model DESC LIMIT 1",
    [SPLIT_TITLE] = "SELECT title FROM outline WHERE split = ?1",
    [STRANDED] = "SELECT count(*) FROM current_decision d WHERE d.task = ?1 AND CASE WHEN ?2"
                 " THEN d.target = '' AND (EXISTS (SELECT 1 FROM comment c WHERE c.id = d.comment"
                 " AND c.target <> '') OR EXISTS (SELECT 1 FROM label l WHERE l.comment ="
                 " d.comment AND l.latest = 1 AND l.target <> '')) ELSE d.target <> '' END",
    [PRUNE_RUNS] = "UPDATE run SET state = 'pruned' WHERE state <> 'pruned'",
    [PRUNE_RUN_COMMENTS] = "DELETE FROM run_comment WHERE (run, comment) IN"
                           " (SELECT run, comment FROM run_comment LIMIT ?1)",
    [PRUNE_REPLACED] = "DELETE FROM replaced WHERE (run, comment, model) IN"
                       " (SELECT run, comment, model FROM replaced LIMIT ?1)",
    [PRUNE_REACH] = "SELECT max(id) FROM (SELECT id FROM comment WHERE id > ?1 ORDER BY id"
                    " LIMIT ?2)",
    [FORGOTTEN_BEFORE] = "SELECT (SELECT key FROM forgotten_key),"
                         " EXISTS (SELECT 1 FROM forgotten_mark),"
                         " (SELECT max(last_comment) FROM forgotten),"
                         " (SELECT max(id) FROM comment)",
    [FORGOTTEN_MARK] = "SELECT 1 FROM forgotten_mark WHERE mark = ?1",
    [PRUNE_LABELS] = "DELETE FROM label WHERE comment > ?1 AND comment <= ?2 AND latest = 0",

    [ANSWERS_OF] = "SELECT l.model, l.latest, l.unsure, l.doubt, l.target, l.label, l.scores,"
                   " l.worth FROM label l CROSS JOIN model m ON m.id = l.model WHERE l.comment = ?1"
                   " ORDER BY m.task, l.latest DESC, m.hash",
    [ORDINAL_OF] = "SELECT ordinal FROM comment WHERE id = ?1",
    [TOLD_DRAW] = "SELECT w.design, w.seed, " POPULATION
                  ", w.reviewer, w.drawn FROM draw w" DRAW_LEFT "WHERE w.id = ?1",
    [SELECTIONS_OF] =
        "SELECT id, draw, task, probability, stratum FROM selection WHERE comment = ?1"
        " ORDER BY id",
    [TOLD_PAGES] = "SELECT p.id FROM page p WHERE p.source = ?1 AND"
                   " (NOT EXISTS (SELECT 1 FROM page n WHERE n.supersedes = p.id) OR EXISTS"
                   " (SELECT 1 FROM split t JOIN placement q ON q.split = t.id"
                   "  JOIN current_decision d ON d.comment = q.comment"
                   "  JOIN comment_place c ON c.comment = q.comment AND c.split = t.id"
                   "  WHERE t.page = p.id)) ORDER BY p.id",
    [TOLD_PAGE] = "SELECT fetched, bytes FROM page WHERE id = ?1",
    [TOLD_SPLITS] = "SELECT s.id, s.splitter, s.digest, s.made, a.text, o.title, t.text, o.lines"
                    " FROM split s LEFT JOIN passage a ON a.id = s.article"
                    " LEFT JOIN outline o ON o.split = s.id LEFT JOIN passage t ON t.id = o.text"
                    " WHERE s.page = ?1 ORDER BY s.id",
    [TOLD_CORRECTIONS] = "SELECT id, split, base, undoes, operations, reviewer, made, token"
                         " FROM correction WHERE page = ?1 ORDER BY id",
    [PLACES_OF] = "SELECT split, number, parent, first_line, last_line, byte_begin, byte_end"
                  " FROM placement WHERE comment = ?1 ORDER BY split",
    [SAME_PAGE] = "SELECT p.id FROM page p WHERE p.source = ?1 AND p.id > ?2 AND p.sha256 = ?3"
                  " AND (p.fetched = ?4 OR (length(p.bytes) > 0"
                  " AND NOT EXISTS (SELECT 1 FROM page n WHERE n.supersedes = p.id)))"
                  " ORDER BY p.fetched = ?4 DESC, p.id LIMIT 1",
    [RESTORE_PAGE] = "INSERT INTO page (source, sha256, fetched, supersedes, bytes)"
                     " VALUES (?1, ?2, ?3, ?4, ?5)",
    [RESTORE_SPLIT] = "INSERT INTO split (page, splitter, digest, made, article)"
                      " VALUES (?1, ?2, ?3, ?4, ?5)",
    [RESTORE_OUTLINE] = "INSERT INTO outline (split, text, title, lines) VALUES (?1, ?2, ?3, ?4)",
    [SAME_CORRECTION] = "SELECT id FROM correction WHERE page = ?1 AND split IS ?2 AND base IS ?3"
                        " AND undoes IS ?4 AND operations = ?5 AND reviewer = ?6 AND made = ?7",
    [RESTORE_CORRECTION] =
        "INSERT INTO correction (page, split, base, undoes, operations, reviewer, made, token)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
        " CASE WHEN NOT EXISTS (SELECT 1 FROM correction WHERE token = ?8) THEN ?8 END)",
    [RESTORE_PLACE] = "INSERT INTO placement (split, number, comment, parent, first_line,"
                      " last_line, byte_begin, byte_end) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                      " ON CONFLICT DO NOTHING",
    [RESTORE_OLDER] =
        "INSERT INTO label (comment, latest, model, unsure, doubt, target, label, scores, state,"
        " worth, severe, near) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?9, ?10, ?11)",
    [SAME_DRAW] = "SELECT w.id FROM draw w" DRAW_LEFT "WHERE w.design = ?1 AND w.seed IS ?2"
                  " AND ?3 IN (w.population, " POPULATION ")"
                  " AND w.reviewer = ?4 AND w.drawn = ?5",
    [RESTORE_DRAW] = "INSERT INTO draw (design, seed, population, reviewer, drawn)"
                     " VALUES (?1, ?2, ?3, ?4, ?5)",
    [SAME_SELECTION] = "SELECT id FROM selection WHERE draw = ?1 AND comment = ?2 AND task = ?3",
    /* stored: 0 until it is put. */
    [HOLD_TABLE] = "CREATE TEMP TABLE IF NOT EXISTS held_decision (told INTEGER PRIMARY KEY,"
                   " stored INTEGER NOT NULL, comment INTEGER NOT NULL, task TEXT NOT NULL,"
                   " target TEXT NOT NULL, kind TEXT NOT NULL, label TEXT, note TEXT,"
                   " reviewer TEXT NOT NULL, selection INTEGER, model TEXT, shown TEXT,"
                   " undoes INTEGER, token TEXT, batch INTEGER, via TEXT, decided TEXT NOT NULL)",
    [HOLD_DECISION] = "INSERT INTO temp.held_decision VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                      " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) ON CONFLICT DO NOTHING",
    [NEXT_HELD] = "SELECT told, comment, task, target, kind, label, note, reviewer, selection,"
                  " model, shown, undoes, token, batch, via, decided FROM temp.held_decision"
                  " WHERE told > ?1 ORDER BY told LIMIT 1",
    [HELD_OF] = "SELECT comment FROM temp.held_decision WHERE told = ?1",
    [HELD_AS] = "SELECT stored FROM temp.held_decision WHERE told = ?1",
    /* A bulk whose first decision is not in the file begins with the first that is. */
    [HELD_BATCH] = "SELECT stored FROM temp.held_decision WHERE (told = ?1 OR batch = ?1)"
                   " AND stored > 0 ORDER BY told LIMIT 1",
    [MARK_HELD] = "UPDATE temp.held_decision SET stored = ?2 WHERE told = ?1",
    [CLEAR_HELD] = "DELETE FROM temp.held_decision",
    [SAME_DECISION] =
        "SELECT d.id FROM decision d WHERE d.comment = ?1 AND d.task = ?2 AND d.target = ?3"
        " AND d.kind = ?4 AND d.label IS ?5 AND d.note IS ?6 AND d.reviewer = ?7 AND d.model IS ?8"
        " AND d.shown IS ?9 AND d.decided = ?10 AND NOT EXISTS (SELECT 1 FROM temp.held_decision h"
        "  WHERE h.stored = d.id AND h.comment = d.comment) ORDER BY d.id LIMIT 1",
    [SAME_WORD] =
        "SELECT d.id FROM decision d WHERE d.comment = ?1 AND d.task = ?2 AND d.target = ?3"
        " AND d.reviewer = ?7 AND " STANDS " AND CASE WHEN ?5 IS NULL THEN d.kind = ?4 AND"
        " d.note IS ?6 ELSE d.label = ?5 AND NOT EXISTS (SELECT 1 FROM decision e WHERE e.comment ="
        " ?1 AND e.task = ?2 AND e.target = ?3 AND e.reviewer = ?7 AND e.label IS NOT NULL AND"
        " e.id > d.id AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = e.id)) END LIMIT 1",
    [RESTORE_DECISION] =
        "INSERT INTO decision (comment, task, target, kind, label, note, reviewer, selection,"
        " model, shown, undoes, token, batch, via, decided, id) VALUES"
        " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
};
