-- Targets proposed to their owners, and what was answered. Nothing here is ever changed or deleted: how a line stands is
-- worked out from its newest answer, and a later line about the same goal takes an earlier one's place.

-- goal is the parent whose target was split; target is what the parent had then, terms how it was split (as in the
-- journal), change the definitions it was worked out from.
CREATE TABLE proposal (
    proposal    INTEGER NOT NULL,
    goal        VARCHAR NOT NULL,
    period      VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    method      VARCHAR NOT NULL,
    target      DOUBLE NOT NULL,
    buffer      DOUBLE NOT NULL,
    terms       JSON NOT NULL,
    words       VARCHAR,
    change      INTEGER NOT NULL
);

-- One row per child whose target is to change. is_new: the goal was made for this, and is scored only once it is agreed.
CREATE TABLE proposal_line (
    line       INTEGER NOT NULL,
    proposal   INTEGER NOT NULL,
    goal       VARCHAR NOT NULL,
    owner_kind VARCHAR NOT NULL,
    owner      VARCHAR NOT NULL,
    is_new     BOOLEAN NOT NULL,
    before     DOUBLE,
    target     DOUBLE,
    threshold  DOUBLE,
    stretch    DOUBLE,
    weight     DOUBLE,
    eased      BOOLEAN NOT NULL,
    words      VARCHAR
);

-- kind: agree and counter are the owner's; accept, decline and withdraw those of whoever splits. value: the target asked
-- for by a counter-proposal, or the one that was written.
CREATE TABLE answer (
    answer      INTEGER NOT NULL,
    line        INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,
    value       DOUBLE,
    words       VARCHAR
);
