-- Calibration sessions and appeals. Rows are only added; what holds now is the newest row.

-- A session over a group of people in a period. scope says what the group is (unit, role, list) and word which one; pool is
-- the unit it was merged into because it was too small (null: it was not). target is the JSON of the target distribution
-- as it was when the session was opened (null: none).
CREATE TABLE calibration_session (
    session      INTEGER NOT NULL,
    period       VARCHAR NOT NULL,
    scope        VARCHAR NOT NULL,
    word         VARCHAR NOT NULL,
    pool         VARCHAR,
    target       VARCHAR,
    participants VARCHAR[] NOT NULL,
    who          VARCHAR NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    reason       VARCHAR
);

-- Who is in a session, with the grade and score they had when it was opened.
CREATE TABLE calibration_member (
    session INTEGER NOT NULL,
    person  VARCHAR NOT NULL,
    grade   VARCHAR NOT NULL,
    score   DOUBLE
);

-- A grade moved in a session. The newest move of a person holds; a move back to the grade before takes it back.
CREATE TABLE calibration_move (
    move        INTEGER NOT NULL,
    session     INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    before      VARCHAR NOT NULL,
    after       VARCHAR NOT NULL,
    reason      VARCHAR NOT NULL,
    who         VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);

-- How a session ended: final or dropped. excepted: it was made final although its enforced target is not met.
CREATE TABLE calibration_end (
    session     INTEGER NOT NULL,
    final       BOOLEAN NOT NULL,
    excepted    BOOLEAN NOT NULL,
    who         VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    reason      VARCHAR
);

-- An appeal against a line: about is score, section, goal, month, measurement, grade or pay; line is the JSON of which one.
-- score and grade are those the person saw when it was filed.
CREATE TABLE appeal (
    appeal      INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    period      VARCHAR NOT NULL,
    about       VARCHAR NOT NULL,
    line        VARCHAR NOT NULL,
    words       VARCHAR NOT NULL,
    score       DOUBLE,
    grade       VARCHAR,
    who         VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);

-- What happened to an appeal: asked (asks is of whom a remark is wanted), remarked, decided, withdrawn. detail is JSON:
-- what was corrected, and the score, grade and pay before and after.
CREATE TABLE appeal_step (
    step        INTEGER NOT NULL,
    appeal      INTEGER NOT NULL,
    kind        VARCHAR NOT NULL,
    who         VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    words       VARCHAR,
    asks        VARCHAR,
    outcome     VARCHAR,
    detail      VARCHAR
);

-- A file given with an appeal, byte for byte. media was read from the content, never taken from the name.
CREATE TABLE appeal_file (
    file    INTEGER NOT NULL,
    appeal  INTEGER NOT NULL,
    name    VARCHAR NOT NULL,
    media   VARCHAR NOT NULL,
    bytes   BIGINT NOT NULL,
    sha256  VARCHAR NOT NULL,
    content BLOB NOT NULL
);
