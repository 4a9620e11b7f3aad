-- Pay runs and what they pay. Rows are only added: how a run stands is its newest event, and a run that is final is never
-- changed; what becomes known later is paid, or taken back, by a line of a later run.

-- rules is the plan itself, as JSON, and rules_print its fingerprint; known_by is the instant whose knowledge was paid by,
-- closing the closing of the period it rests on (null: the period was open). content is the SHA-256 of all its lines.
CREATE TABLE pay_run (
    run         INTEGER NOT NULL,
    plan        VARCHAR NOT NULL,
    version     INTEGER NOT NULL,
    rules_print VARCHAR NOT NULL,
    rules       VARCHAR NOT NULL,
    period      VARCHAR NOT NULL,
    known_by    TIMESTAMP NOT NULL,
    closing     INTEGER,
    currency    VARCHAR NOT NULL,
    people      INTEGER NOT NULL,
    total       DECIMAL(38, 10) NOT NULL,
    budget      DECIMAL(38, 10),
    content     VARCHAR NOT NULL
);

-- state is dry, proposed, approved, final or refused.
CREATE TABLE pay_event (
    run         INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    state       VARCHAR NOT NULL,
    reason      VARCHAR
);

-- amount is what the plan pays (null: nothing can be said), adjustment what earlier runs paid too little or, below 0, too much.
CREATE TABLE pay_amount (
    run         INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    unit        VARCHAR,
    role        VARCHAR,
    amount      DECIMAL(38, 10),
    adjustment  DECIMAL(38, 10) NOT NULL,
    payable     DECIMAL(38, 10) NOT NULL
);

-- segment: of a plan paid by dated segments, which of a person's segments the line is of; null: of the person.
CREATE TABLE pay_line (
    run         INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    line        INTEGER NOT NULL,
    component   VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,
    value       DECIMAL(38, 10),
    amount      DECIMAL(38, 10),
    row         INTEGER,
    segment     INTEGER
);

-- Whatever else the run had of a person, above all the inputs, as texts that give the same number or day when read; a name
-- such as #2:salary_month is of the second segment.
CREATE TABLE pay_input (
    run         INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    value       VARCHAR
);

-- What a component leaves to be carried into the next run of the plan.
CREATE TABLE pay_balance (
    run         INTEGER NOT NULL,
    plan        VARCHAR NOT NULL,
    person      VARCHAR NOT NULL,
    component   VARCHAR NOT NULL,
    amount      DECIMAL(38, 10) NOT NULL
);

-- of_run is the final run that is put right: paid is what it and the adjustments of it so far came to, due what it would pay now.
CREATE TABLE pay_adjustment (
    run         INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    of_run      INTEGER NOT NULL,
    period      VARCHAR NOT NULL,
    paid        DECIMAL(38, 10) NOT NULL,
    due         DECIMAL(38, 10) NOT NULL,
    amount      DECIMAL(38, 10) NOT NULL
);
