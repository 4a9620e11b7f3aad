-- The groups of people that an organisation records, in versions as the tables of 0002.
CREATE TABLE groups (
    person     VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,
    "group"    VARCHAR NOT NULL,
    row_id     INTEGER NOT NULL,
    change     INTEGER NOT NULL,
    valid_from DATE
);
