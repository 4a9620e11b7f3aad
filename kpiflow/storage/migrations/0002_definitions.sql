-- The company as it is written down, in versions. A row is never changed: a new one is added and the old one is listed
-- in `retired`. Each table has the columns of its schema in kpiflow.frames, and three more: row_id, the change that
-- brought it, and the day it is valid from (null: from the beginning).

CREATE TABLE change_entry (
    change      INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    reason      VARCHAR
);

CREATE TABLE retired (
    tbl    VARCHAR NOT NULL,
    row_id INTEGER NOT NULL,
    change INTEGER NOT NULL
);

-- Policies (metrics, curves, plans, calendar …) as JSON.
CREATE TABLE document (
    kind       VARCHAR NOT NULL,
    id         VARCHAR NOT NULL,
    body       JSON NOT NULL,
    row_id     INTEGER NOT NULL,
    change     INTEGER NOT NULL,
    valid_from DATE
);

CREATE TABLE units (
    unit       VARCHAR NOT NULL,
    label      VARCHAR,
    label_zh   VARCHAR,
    parent     VARCHAR,
    kind       VARCHAR,
    row_id     INTEGER NOT NULL,
    change     INTEGER NOT NULL,
    valid_from DATE
);

CREATE TABLE people (
    person       VARCHAR NOT NULL,
    label        VARCHAR,
    label_zh     VARCHAR,
    hired        DATE,
    "left"       DATE,
    salary_month DECIMAL(18, 2),
    bonus_share  DOUBLE,
    row_id       INTEGER NOT NULL,
    change       INTEGER NOT NULL,
    valid_from   DATE
);

CREATE TABLE assignments (
    person     VARCHAR NOT NULL,
    unit       VARCHAR,
    manager    VARCHAR,
    role       VARCHAR,
    fte        DOUBLE,
    starts     DATE,
    ends       DATE,
    row_id     INTEGER NOT NULL,
    change     INTEGER NOT NULL,
    valid_from DATE
);

CREATE TABLE goals (
    goal          VARCHAR NOT NULL,
    cycle         VARCHAR,
    parent        VARCHAR,
    owner         VARCHAR,
    owner_kind    VARCHAR,
    scope         VARCHAR,
    scope_kind    VARCHAR,
    kind          VARCHAR,
    label         VARCHAR,
    label_zh      VARCHAR,
    metric        VARCHAR,
    weight        DOUBLE,
    rollup_weight DOUBLE,
    baseline      DOUBLE,
    threshold     DOUBLE,
    target        DOUBLE,
    stretch       DOUBLE,
    low           DOUBLE,
    high          DOUBLE,
    attainment    VARCHAR,
    curve         VARCHAR,
    phasing       VARCHAR,
    accrual       VARCHAR,
    rollup        VARCHAR,
    missing       VARCHAR,
    commitment    VARCHAR,
    stage         VARCHAR,
    supports      VARCHAR,
    row_id        INTEGER NOT NULL,
    change        INTEGER NOT NULL,
    valid_from    DATE
);

CREATE TABLE targets (
    goal       VARCHAR NOT NULL,
    period     VARCHAR NOT NULL,
    target     DOUBLE,
    threshold  DOUBLE,
    stretch    DOUBLE,
    row_id     INTEGER NOT NULL,
    change     INTEGER NOT NULL,
    valid_from DATE
);
