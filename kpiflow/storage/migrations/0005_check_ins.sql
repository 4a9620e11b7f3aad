-- What people say about goals: check-ins with their evidence, and questions with their answers. Rows are only added.

-- value, or numerator and denominator of a ratio, or the step of a milestone or level of a rubric; all null when the
-- check-in says nothing but confidence and words. load is the measurement it became (null: none). A later check-in that
-- corrects this one names it in corrects, with the reason; which one holds is read from that, never written here.
-- who is the name in the journal, person whose hand it was (null: none of the company's people).
CREATE TABLE check_in (
    check_in    INTEGER NOT NULL,
    goal        VARCHAR NOT NULL,
    who         VARCHAR NOT NULL,
    person      VARCHAR,
    "at"        TIMESTAMP NOT NULL,
    day         DATE NOT NULL,
    value       DECIMAL(18, 6),
    numerator   DECIMAL(18, 6),
    denominator DECIMAL(18, 6),
    step        DECIMAL(18, 6),
    confidence  TINYINT,
    words       VARCHAR,
    load        INTEGER,
    corrects    INTEGER,
    reason      VARCHAR
);

-- A file given with a check-in, byte for byte. media was read from the content, never taken from the name.
CREATE TABLE evidence (
    evidence INTEGER NOT NULL,
    check_in INTEGER NOT NULL,
    goal     VARCHAR NOT NULL,
    name     VARCHAR NOT NULL,
    media    VARCHAR NOT NULL,
    bytes    BIGINT NOT NULL,
    sha256   VARCHAR NOT NULL,
    content  BLOB NOT NULL
);

-- Words about a goal. asks is the person a question is put to; answers is the remark that this one answers.
CREATE TABLE remark (
    remark  INTEGER NOT NULL,
    goal    VARCHAR NOT NULL,
    who     VARCHAR NOT NULL,
    person  VARCHAR,
    "at"    TIMESTAMP NOT NULL,
    words   VARCHAR NOT NULL,
    asks    VARCHAR,
    answers INTEGER
);
