-- Published plans, and what plans need to know of those they pay. Rows are only added.

-- A plan put forward by somebody: content is the plan as JSON, and fingerprint that of everything in it that decides an amount.
CREATE TABLE plan_publication (
    publication INTEGER NOT NULL,
    plan        VARCHAR NOT NULL,
    version     INTEGER NOT NULL,
    fingerprint VARCHAR NOT NULL,
    content     VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    reason      VARCHAR
);

-- The second person's word on one of them: approved, or sent back. A plan without any waits.
CREATE TABLE plan_approval (
    publication INTEGER NOT NULL,
    approved    BOOLEAN NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    reason      VARCHAR
);

-- Two tables of the company, in versions as those of 0002: salaries that changed, and values of the plans' own inputs.
CREATE TABLE salaries (
    person       VARCHAR NOT NULL,
    starts       DATE NOT NULL,
    salary_month DECIMAL(18, 2),
    row_id       INTEGER NOT NULL,
    change       INTEGER NOT NULL,
    valid_from   DATE
);

CREATE TABLE inputs (
    person     VARCHAR NOT NULL,
    input      VARCHAR NOT NULL,
    period     VARCHAR NOT NULL,
    value      VARCHAR,
    row_id     INTEGER NOT NULL,
    change     INTEGER NOT NULL,
    valid_from DATE
);
