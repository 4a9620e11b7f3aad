-- Periods that were closed: when, on what, by whom, and every number as it stood. Rows are only added: a period that was
-- opened again keeps its old closing, and closing it anew makes another one with its own number and rows.

-- known_by is the instant whose knowledge counts: what was recorded later is not part of it. newest_load and newest_change
-- say the same by number. measurements, definitions, rules and code are fingerprints of what the numbers were made of;
-- results, people and sections (with what else belongs to people) of the rows below; fingerprint of all of these together. ready is what was missing,
-- outdated or unsigned when it was closed, counted, as JSON.
CREATE TABLE closing (
    closing       INTEGER NOT NULL,
    period        VARCHAR NOT NULL,
    known_by      TIMESTAMP NOT NULL,
    recorded_at   TIMESTAMP NOT NULL,
    who           VARCHAR NOT NULL,
    reason        VARCHAR,
    version       VARCHAR NOT NULL,
    newest_load   INTEGER NOT NULL,
    newest_change INTEGER NOT NULL,
    measurements  VARCHAR NOT NULL,
    definitions   VARCHAR NOT NULL,
    rules         VARCHAR NOT NULL,
    code          VARCHAR NOT NULL,
    results       VARCHAR NOT NULL,
    people        VARCHAR NOT NULL,
    sections      VARCHAR NOT NULL,
    fingerprint   VARCHAR NOT NULL,
    goals         BIGINT NOT NULL,
    scored        BIGINT NOT NULL,
    appraised     BIGINT NOT NULL,
    ready         JSON
);

-- Opening a period again: step is asked, confirmed by somebody else, or withdrawn.
CREATE TABLE closing_reopened (
    entry       INTEGER NOT NULL,
    closing     INTEGER NOT NULL,
    step        VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    reason      VARCHAR
);

-- When somebody looked through a period before closing it: what changed is told since then.
CREATE TABLE closing_look (
    look          INTEGER NOT NULL,
    period        VARCHAR NOT NULL,
    recorded_at   TIMESTAMP NOT NULL,
    who           VARCHAR NOT NULL,
    newest_load   INTEGER NOT NULL,
    newest_change INTEGER NOT NULL
);

-- The results of goals, and the appraisals of people with all that belongs to them, at a closing, with the columns
-- that results and appraisals have. A column that these gain later is added here when a period is closed with it.
CREATE TABLE closed_result (
    closing INTEGER NOT NULL,
    goal    VARCHAR NOT NULL
);

CREATE TABLE closed_person (
    closing INTEGER NOT NULL,
    person  VARCHAR NOT NULL
);

CREATE TABLE closed_section (
    closing INTEGER NOT NULL,
    person  VARCHAR NOT NULL,
    section VARCHAR NOT NULL
);

CREATE TABLE closed_step (
    closing INTEGER NOT NULL,
    person  VARCHAR NOT NULL
);

CREATE TABLE closed_segment (
    closing INTEGER NOT NULL,
    person  VARCHAR NOT NULL
);

CREATE TABLE closed_part (
    closing INTEGER NOT NULL,
    person  VARCHAR NOT NULL
);
