-- Scenarios: what would come out if targets, rules or results were others. Nothing here is ever changed or deleted: saving
-- again, sharing and closing add a version, and the newest version of a scenario is how it stands.

-- as_of: the day its base is looked at from; absent: as it is now. edits: what is taken to be otherwise, as JSON. shared:
-- whoever has the link may read it, within their own reach. closed: it is no longer listed.
CREATE TABLE scenario (
    scenario    INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    period      VARCHAR NOT NULL,
    as_of       DATE,
    edits       JSON NOT NULL,
    words       VARCHAR,
    shared      BOOLEAN NOT NULL,
    closed      BOOLEAN NOT NULL
);

-- What of a scenario became part of the plan: change is the change of definitions that its goals' edits made.
CREATE TABLE scenario_applied (
    scenario    INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    change      INTEGER NOT NULL
);
