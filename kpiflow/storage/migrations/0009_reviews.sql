-- Appraisal reviews: ratings, adjustments and signatures. Rows are only added; what holds now is the newest row.

-- One rating of one item. rater is the kind (self, manager, peers, hr), by the person who gave it; value null: the item does
-- not apply. Ratings of self, manager and hr count from the step that sends them on; those of peers at once.
CREATE TABLE review_rating (
    rating      INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    period      VARCHAR NOT NULL,
    section     VARCHAR NOT NULL,
    item        VARCHAR NOT NULL,
    rater       VARCHAR NOT NULL,
    "by"        VARCHAR NOT NULL,
    value       DOUBLE,
    words       VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL
);

-- A step of a review. step is the one done (self, manager, hr, signed); state is how far the review is after it. A step back
-- has step returned, the state it goes back to, and its reason in words. content is the canonical JSON of what was signed,
-- fingerprint its SHA-256; score and grade are those of it.
CREATE TABLE review_step (
    number      INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    period      VARCHAR NOT NULL,
    step        VARCHAR NOT NULL,
    state       VARCHAR NOT NULL,
    words       VARCHAR,
    agrees      BOOLEAN,
    score       DOUBLE,
    grade       VARCHAR,
    content     VARCHAR,
    fingerprint VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL
);

-- Who is asked to rate somebody as a peer; named false takes the name off again.
CREATE TABLE review_peer (
    number      INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    period      VARCHAR NOT NULL,
    peer        VARCHAR NOT NULL,
    named       BOOLEAN NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL
);

-- An adjustment of a score: points added or taken off, or a coefficient; second says that somebody else has to agree first.
-- A file that proves it stands beside it, byte for byte (name null: none).
CREATE TABLE adjustment (
    adjustment  INTEGER NOT NULL,
    person      VARCHAR NOT NULL,
    period      VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,
    amount      DOUBLE NOT NULL,
    reason      VARCHAR NOT NULL,
    second      BOOLEAN NOT NULL,
    name        VARCHAR,
    media       VARCHAR,
    sha256      VARCHAR,
    content     BLOB,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL
);

-- What became of an adjustment: agreed to or turned down by the second person, or taken back. The newest answer holds.
CREATE TABLE adjustment_answer (
    number      INTEGER NOT NULL,
    adjustment  INTEGER NOT NULL,
    agreed      BOOLEAN NOT NULL,
    reason      VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL
);
