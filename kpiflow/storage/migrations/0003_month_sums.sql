-- What each load brought, added up per series and calendar month: written with the load, never changed, like the facts
-- themselves. A window of whole months reads these instead of every measurement; corrected series are read from the facts.
CREATE TABLE month_sum (
    series   INTEGER NOT NULL,
    month    DATE NOT NULL,
    amount   DECIMAL(38, 6) NOT NULL,
    base     DECIMAL(38, 6),
    "rows"   BIGINT NOT NULL,
    last_day DATE NOT NULL,
    load     INTEGER NOT NULL
);

INSERT INTO month_sum
    SELECT series, date_trunc('month', day)::DATE, sum(amount), sum(base), count(*), max(day), load
    FROM measurement GROUP BY ALL ORDER BY 2, 1;
