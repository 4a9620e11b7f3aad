-- What each load brought, added up per series and calendar year, as month_sum does per month and for the same reason: a
-- year is one row of a series instead of twelve. Written with the load, never changed.
CREATE TABLE year_sum (
    series   INTEGER NOT NULL,
    year     DATE NOT NULL,
    amount   DECIMAL(38, 6) NOT NULL,
    base     DECIMAL(38, 6),
    "rows"   BIGINT NOT NULL,
    last_day DATE NOT NULL,
    load     INTEGER NOT NULL
);

INSERT INTO year_sum
    SELECT series, date_trunc('year', month)::DATE, sum(amount), sum(base), sum("rows")::BIGINT, max(last_day), load
    FROM month_sum GROUP BY ALL ORDER BY 2, 1;
