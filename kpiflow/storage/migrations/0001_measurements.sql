-- Facts as they came in, and who brought them. Nothing here is ever changed or deleted.
-- No PRIMARY KEY, UNIQUE or sequence: the same tables must be able to live on DuckLake, which has none.

-- Each combination of metric, unit and person that was ever measured, numbered densely from 0:
-- grouping by a dense number is what makes observing 60 million rows take half a second.
CREATE TABLE series (
    series INTEGER NOT NULL,
    metric VARCHAR NOT NULL,
    unit   VARCHAR NOT NULL,
    person VARCHAR
);

-- amount is the value, or the numerator of a ratio; base its denominator, null for values.
-- entry tells apart facts of one series and day; it is empty where there is one a day.
-- load and row say where it came from: the row of the source, as a spreadsheet numbers it.
CREATE TABLE measurement (
    series INTEGER NOT NULL,
    day    DATE NOT NULL,
    amount DECIMAL(18, 6) NOT NULL,
    base   DECIMAL(18, 6),
    entry  VARCHAR NOT NULL,
    load   INTEGER NOT NULL,
    "row"  INTEGER NOT NULL
);

-- The facts that a later load replaced. Kept small and apart, so that reading is one scan where nothing was corrected.
CREATE TABLE superseded (
    series  INTEGER NOT NULL,
    day     DATE NOT NULL,
    entry   VARCHAR NOT NULL,
    load    INTEGER NOT NULL,
    "row"   INTEGER NOT NULL,
    by_load INTEGER NOT NULL,
    reason  VARCHAR NOT NULL
);

CREATE TABLE load_entry (
    load            INTEGER NOT NULL,
    source          VARCHAR NOT NULL,
    fingerprint     VARCHAR NOT NULL,
    recorded_at     TIMESTAMP NOT NULL,
    who             VARCHAR NOT NULL,
    reason          VARCHAR,
    rows_read       BIGINT NOT NULL,
    rows_added      BIGINT NOT NULL,
    rows_unchanged  BIGINT NOT NULL,
    rows_superseded BIGINT NOT NULL,
    rows_rejected   BIGINT NOT NULL
);

CREATE TABLE journal (
    entry   INTEGER NOT NULL,
    "at"    TIMESTAMP NOT NULL,
    who     VARCHAR NOT NULL,
    action  VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    reason  VARCHAR,
    detail  JSON
);
