-- What is about to be forgotten, in tables of this connection, in memory.
CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY, theirs INTEGER NOT NULL);    -- comments; theirs 0: somebody else's
                                                                             -- earlier reading of their lines
CREATE TEMP TABLE gone_page (id INTEGER PRIMARY KEY);                        -- of which bytes go
CREATE TEMP TABLE gone_passage (id INTEGER PRIMARY KEY, quotes INTEGER NOT NULL); -- quotes 1: a text of theirs
CREATE TEMP TABLE gone_answer (id INTEGER PRIMARY KEY);                      -- others' lines that quote them
