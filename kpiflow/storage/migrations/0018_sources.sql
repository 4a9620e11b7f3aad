-- What became of each time a live source was asked. Rows are only added; a pull that was killed has left none.

-- state is where to begin next time (a watermark, fingerprints of files), null when nothing came in: the newest state that is not
-- null holds. load is the load it became (null: nothing new). rows_seen counts the rows of the source that the rows read stand for.
-- rejects_of names the run whose set-aside rows these are: the same ones are kept once. failure is a word, said holds no secret.
-- drift holds the questions that volume and values raised, as JSON.
CREATE TABLE source_run (
    run             INTEGER NOT NULL,
    source          VARCHAR NOT NULL,
    begun           TIMESTAMP NOT NULL,
    ended           TIMESTAMP NOT NULL,
    by_hand         BOOLEAN NOT NULL,
    who             VARCHAR NOT NULL,
    load            INTEGER,
    state           JSON,
    rows_seen       BIGINT NOT NULL,
    rows_read       BIGINT NOT NULL,
    rows_added      BIGINT NOT NULL,
    rows_unchanged  BIGINT NOT NULL,
    rows_superseded BIGINT NOT NULL,
    rows_rejected   BIGINT NOT NULL,
    rejects_of      INTEGER,
    failure         VARCHAR,
    said            VARCHAR,
    drift           JSON
);

-- How much a run brought per metric and day: facts, rows of the source behind them, and their sums.
CREATE TABLE source_volume (
    run    INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    day    DATE NOT NULL,
    facts  BIGINT NOT NULL,
    "rows" BIGINT NOT NULL,
    amount DECIMAL(38, 6) NOT NULL,
    base   DECIMAL(38, 6)
);

-- Rows that were set aside, with the rule each broke; cells are those of the source, as JSON.
CREATE TABLE source_reject (
    run     INTEGER NOT NULL,
    part    VARCHAR NOT NULL,
    "row"   BIGINT NOT NULL,
    rule    VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    cells   JSON
);
