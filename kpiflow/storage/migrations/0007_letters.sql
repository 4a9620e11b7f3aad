-- Responsibility letters: every version ever drawn up, and every signature under one of them. Rows are only added.

-- content is the canonical JSON of kpiflow.core.letter.Letter and fingerprint its SHA-256. signer and manager are the
-- people who have to sign; manager is null where nobody stands above the owner.
CREATE TABLE letter_version (
    owner_kind  VARCHAR NOT NULL,
    owner       VARCHAR NOT NULL,
    cycle       VARCHAR NOT NULL,
    version     INTEGER NOT NULL,
    signer      VARCHAR NOT NULL,
    manager     VARCHAR,
    content     VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    reason      VARCHAR
);

CREATE TABLE letter_signature (
    owner_kind  VARCHAR NOT NULL,
    owner       VARCHAR NOT NULL,
    cycle       VARCHAR NOT NULL,
    version     INTEGER NOT NULL,
    side        VARCHAR NOT NULL,
    person      VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
