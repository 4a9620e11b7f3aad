-- How workbooks are read, as people confirmed it. Rows are only added: saving again and setting aside add a version, and the
-- newest version of a name is how it stands.

-- body is the JSON of one or several ways to read a sheet; headings are the words of their columns, by which next month's file
-- is recognised. file: the workbook it was made for.
CREATE TABLE mapping (
    mapping     INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    body        JSON NOT NULL,
    headings    VARCHAR[] NOT NULL,
    file        VARCHAR NOT NULL,
    closed      BOOLEAN NOT NULL
);

-- Which version of which mapping a load was read by; body is how it was read where it was not saved.
CREATE TABLE load_mapping (
    load    INTEGER NOT NULL,
    mapping INTEGER,
    version INTEGER,
    body    JSON
);

-- The cell of the workbook that a measurement of a load stood in, such as Jan!B7; of a ratio that of its numerator.
CREATE TABLE load_cell (
    load   INTEGER NOT NULL,
    series INTEGER NOT NULL,
    day    DATE NOT NULL,
    entry  VARCHAR NOT NULL,
    cell   VARCHAR NOT NULL
);
