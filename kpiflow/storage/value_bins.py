"""How the values of a source lie among those it brought before: counted in tenths of the earlier ones, in one statement."""

import polars as pl

from kpiflow.storage.store import Store

#: Into how many groups of equal size the earlier values are cut; fewer where many values are the same.
GROUPS = 10

#: What is told of each group: how many values lay in it before, and how many do now.
BINNED = {"metric": pl.String, "group": pl.Int64, "before": pl.Int64, "now": pl.Int64}


def binned_values(store: Store, source: str, arrived: pl.DataFrame, days: int) -> pl.DataFrame:
    """Return metric, group, before and now, as `BINNED`: where values that arrived lie among earlier ones.

    `arrived` has metric, day and value, one row per fact. The earlier ones are what holds today of what this source has brought
    in so many days before the first that arrived, on the same days of the week: Saturdays are held against Saturdays. Each day of
    the week must have been there four times; a metric of which that is not so has no rows.
    """
    if arrived.is_empty():
        return pl.DataFrame(schema=BINNED)
    tenths = ", ".join(f"{tenth / GROUPS}" for tenth in range(1, GROUPS))
    with store.read() as cursor:
        cursor.register("arrived", arrived)
        found = cursor.sql(
            f"""WITH asked AS (
                    SELECT metric, min(day) AS first, list(DISTINCT isodow(day)) AS weekdays FROM arrived GROUP BY metric),
                past AS (
                    SELECT a.metric, m.day, CASE WHEN m.base IS NULL THEN m.amount::DOUBLE
                                                 WHEN m.base > 0 THEN m.amount::DOUBLE / m.base::DOUBLE END AS value
                    FROM measurement AS m JOIN series AS s USING (series) JOIN asked AS a USING (metric)
                    WHERE m.day < a.first AND m.day >= a.first - $days::INTEGER AND list_contains(a.weekdays, isodow(m.day))
                      AND m.load IN (SELECT load FROM source_run WHERE source = $source AND load IS NOT NULL)
                      AND NOT EXISTS (SELECT 1 FROM superseded AS x WHERE x.series = m.series AND x.day = m.day
                                      AND x.entry = m.entry AND x.load = m.load)),
                known AS (
                    SELECT metric, list_distinct(quantile_disc(value, [{tenths}])) AS edges
                    FROM past JOIN asked USING (metric) WHERE value IS NOT NULL GROUP BY metric, weekdays
                    HAVING count(DISTINCT day) >= 4 * len(weekdays)),
                placed AS (
                    SELECT metric, len(list_filter(edges, lambda edge: edge < value)) AS "group", was
                    FROM (SELECT metric, value, TRUE AS was FROM past
                          UNION ALL SELECT metric, value, FALSE FROM arrived) JOIN known USING (metric)
                    WHERE value IS NOT NULL)
            SELECT metric, "group"::BIGINT AS "group", count(*) FILTER (WHERE was) AS before, count(*) FILTER (WHERE NOT was) AS now
            FROM placed GROUP BY ALL ORDER BY ALL""",
            params={"source": source, "days": days},
        ).pl()
        cursor.unregister("arrived")
    return found
