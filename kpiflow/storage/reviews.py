"""Reviews as they were written: ratings, steps from self to signed, peers and adjustments, as known at any time."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpiflow.storage.evidence import Evidence
from kpiflow.storage.known import recorded_by, wall_clock
from kpiflow.storage.store import Cursor, next_number


@dataclass(frozen=True)
class Rating:
    """One rating of one item; `value` None: the item does not apply."""

    person: str
    period: str
    section: str
    item: str
    rater: str
    by: str
    value: float | None
    words: str | None = None


@dataclass(frozen=True)
class Step:
    """One step of a review and the state after it; `content`, `fingerprint`, `score` and `grade` are of what was signed."""

    person: str
    period: str
    step: str
    state: str
    words: str | None = None
    agrees: bool | None = None
    score: float | None = None
    grade: str | None = None
    content: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class Adjustment:
    """A change of somebody's score with its reason; `second`: it counts only once somebody else agreed."""

    person: str
    period: str
    kind: str
    amount: float
    reason: str
    second: bool
    file: Evidence | None = None


_TEXT = pl.String


def add_ratings(cursor: Cursor, given: Sequence[Rating], who: str, at: datetime.datetime) -> None:
    """Write ratings, all given at one moment."""
    first = next_number(cursor, "review_rating", "rating")
    rows = [(first + n, one.person, one.period, one.section, one.item, one.rater, one.by, one.value, one.words)
            for n, one in enumerate(given)]  # fmt: skip
    names = ("rating", "person", "period", "section", "item", "rater", "by", "value", "words")
    schema = dict.fromkeys(names, _TEXT) | {"rating": pl.Int64, "value": pl.Float64}
    _insert(cursor, "review_rating", pl.DataFrame(rows, schema=schema, orient="row"), who, at)


def add_steps(cursor: Cursor, taken: Sequence[Step], who: str, at: datetime.datetime) -> int:
    """Write steps, all taken at one moment by one person; return the number of the last."""
    first = next_number(cursor, "review_step", "number")
    rows = [(first + n, *vars(one).values()) for n, one in enumerate(taken)]
    names = ("number", *Step.__dataclass_fields__)
    schema = dict.fromkeys(names, _TEXT) | {"number": pl.Int64, "agrees": pl.Boolean, "score": pl.Float64}
    _insert(cursor, "review_step", pl.DataFrame(rows, schema=schema, orient="row"), who, at)
    return first + len(rows) - 1


def add_peers(
    cursor: Cursor, person: str, period: str, named: Sequence[tuple[str, bool]], *, who: str, at: datetime.datetime
) -> None:
    """Write who is asked, or is not asked any more, to rate somebody."""
    first = next_number(cursor, "review_peer", "number")
    rows = [(first + n, person, period, peer, asked) for n, (peer, asked) in enumerate(named)]
    schema = {"number": pl.Int64, "person": _TEXT, "period": _TEXT, "peer": _TEXT, "named": pl.Boolean}
    _insert(cursor, "review_peer", pl.DataFrame(rows, schema=schema, orient="row"), who, at)


def add_adjustment(cursor: Cursor, made: Adjustment, who: str, at: datetime.datetime) -> int:
    """Write an adjustment; return its number."""
    number = next_number(cursor, "adjustment", "adjustment")
    file = made.file
    told = (None, None, None, None) if file is None else (file.name, file.media, file.sha256, file.content)
    cursor.execute(
        "INSERT INTO adjustment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number,
            made.person,
            made.period,
            made.kind,
            made.amount,
            made.reason,
            made.second,
            *told,
            wall_clock(at),
            who,
        ],
    )
    return number


def add_answer(
    cursor: Cursor, adjustment: int, *, agreed: bool, reason: str | None, who: str, at: datetime.datetime
) -> None:
    """Write what somebody decided about an adjustment."""
    number = next_number(cursor, "adjustment_answer", "number")
    values = [number, adjustment, agreed, reason, wall_clock(at), who]
    cursor.execute("INSERT INTO adjustment_answer VALUES (?, ?, ?, ?, ?, ?)", values)


def _insert(cursor: Cursor, table: str, rows: pl.DataFrame, who: str, at: datetime.datetime) -> None:
    cursor.register("arriving", rows)
    cursor.execute(f"INSERT INTO {table} SELECT *, ?, ? FROM arriving", [wall_clock(at), who])
    cursor.unregister("arriving")


def _known(period: str, as_of: datetime.date | None) -> tuple[str, dict[str, str]]:
    return f"period = $period AND {recorded_by('recorded_at', as_of)}", {"period": period}


def ratings_counted(
    cursor: Cursor, period: str, peers_at_least: int, as_of: datetime.date | None = None
) -> pl.DataFrame:
    """Return person, section, item, rater and value of the ratings that count: the newest of each kind that was sent on.

    Those of peers are a mean over the newest of each peer who is still asked, and count from `peers_at_least` peers on.
    """
    where, given = _known(period, as_of)
    return cursor.sql(
        f"""WITH rating AS (SELECT * FROM review_rating WHERE {where}),
            sent AS (SELECT person, step, max(recorded_at) AS at FROM review_step WHERE {where} GROUP BY ALL),
            own AS (SELECT r.person, section, item, rater, arg_max(struct_pack(v := value), rating).v AS value
                FROM rating AS r JOIN sent AS s ON s.person = r.person AND s.step = r.rater AND r.recorded_at <= s.at
                WHERE rater <> 'peers' GROUP BY ALL),
            asked AS (SELECT person, peer FROM review_peer WHERE {where} GROUP BY ALL HAVING arg_max(named, number)),
            each AS (SELECT r.person, section, item, "by", arg_max(struct_pack(v := value), rating).v AS value
                FROM rating AS r JOIN asked AS a ON a.person = r.person AND a.peer = r."by"
                WHERE rater = 'peers' GROUP BY ALL),
            enough AS (SELECT person, section FROM each WHERE value IS NOT NULL GROUP BY ALL
                HAVING count(DISTINCT "by") >= {int(peers_at_least)}),
            peers AS (SELECT person, section, item, 'peers' AS rater, avg(value) AS value
                FROM each SEMI JOIN enough USING (person, section) GROUP BY ALL)
            SELECT * FROM own UNION ALL SELECT * FROM peers ORDER BY person, section, item, rater""",
        params=given,
    ).pl()


def ratings_given(
    cursor: Cursor, person: str, period: str, rater: str, by: str | None = None, *, as_of: datetime.date | None = None
) -> pl.DataFrame:
    """Return section, item, by, value, words and recorded_at: the newest rating of each item, sent on or not.

    By one person, or by whoever rated last; of peers, by each of them.
    """
    where, given = _known(period, as_of)
    mine = "TRUE" if by is None else '"by" = $by'
    group = 'section, item, "by"' if rater == "peers" else "section, item"
    rows = cursor.sql(
        f"""SELECT section, item, "by", value, words, recorded_at FROM review_rating
            WHERE {where} AND person = $person AND rater = $rater AND {mine}
            QUALIFY row_number() OVER (PARTITION BY {group} ORDER BY rating DESC) = 1 ORDER BY rating""",
        params=given | {"person": person, "rater": rater} | ({} if by is None else {"by": by}),
    )
    return rows.pl()


def ratings_by_hand(cursor: Cursor, period: str, rater: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return person, section, item, by and value: the newest rating of each item by each person as one kind of rater."""
    where, given = _known(period, as_of)
    return cursor.sql(
        f"""SELECT person, section, item, "by", value FROM review_rating WHERE {where} AND rater = $rater
            QUALIFY row_number() OVER (PARTITION BY person, section, item, "by" ORDER BY rating DESC) = 1
            ORDER BY person, section, item, "by\"""",
        params=given | {"rater": rater},
    ).pl()


def review_steps(cursor: Cursor, person: str, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return the steps of one review, oldest first, with all that was written down of each."""
    where, given = _known(period, as_of)
    asked = f"SELECT * FROM review_step WHERE {where} AND person = $person ORDER BY number"
    return cursor.sql(asked, params=given | {"person": person}).pl()


def review_standings(cursor: Cursor, period: str, as_of: datetime.date | None = None) -> pl.DataFrame:
    """Return how far each review has come: person, state, step (the last), words, agrees, score, grade, at and who."""
    where, given = _known(period, as_of)
    return cursor.sql(
        f"""SELECT person, state, step, words, agrees, score AS signed_score, grade AS signed_grade, recorded_at AS at, who
            FROM review_step WHERE {where}
            QUALIFY row_number() OVER (PARTITION BY person ORDER BY number DESC) = 1 ORDER BY person""",
        params=given,
    ).pl()


def peers_named(
    cursor: Cursor,
    period: str,
    *,
    person: str | None = None,
    peer: str | None = None,
    as_of: datetime.date | None = None,
) -> pl.DataFrame:
    """Return person, peer and since of whoever is asked to rate somebody, and `rated`: whether they have."""
    where, given = _known(period, as_of)
    only = {name: value for name, value in (("person", person), ("peer", peer)) if value is not None}
    mine = " AND ".join(f"{name} = ${name}" for name in only) or "TRUE"
    return cursor.sql(
        f"""SELECT p.person, peer, max(p.recorded_at) AS since, EXISTS (
                SELECT 1 FROM review_rating AS r WHERE r.period = $period AND {recorded_by("r.recorded_at", as_of)}
                AND r.person = p.person AND r.rater = 'peers' AND r."by" = p.peer) AS rated
            FROM review_peer AS p WHERE {where} AND {mine}
            GROUP BY p.person, peer HAVING arg_max(named, number) ORDER BY p.person, peer""",
        params=given | only,
    ).pl()


#: An adjustment with the newest answer to it; `counts` when nobody has to agree, or somebody did, and it was not taken back.
_ADJUSTED = """SELECT a.* EXCLUDE (content), n.agreed, n.reason AS answer, n.who AS answered_by, n.recorded_at AS answered_at,
    coalesce(n.agreed, NOT a.second) AS counts FROM adjustment AS a LEFT JOIN (
        SELECT * FROM adjustment_answer WHERE {known} QUALIFY row_number() OVER (PARTITION BY adjustment ORDER BY number DESC) = 1
    ) AS n USING (adjustment) WHERE {where} ORDER BY a.adjustment"""


def adjustments(
    cursor: Cursor,
    period: str,
    as_of: datetime.date | None = None,
    *,
    person: str | None = None,
    adjustment: int | None = None,
) -> pl.DataFrame:
    """Return the adjustments of a period with what became of each, oldest first; of one person, or one alone."""
    only = {name: value for name, value in (("person", person), ("adjustment", adjustment)) if value is not None}
    where = " AND ".join(
        ["a.period = $period", recorded_by("a.recorded_at", as_of), *(f"a.{name} = ${name}" for name in only)]
    )
    asked = _ADJUSTED.format(known=recorded_by("recorded_at", as_of), where=where)
    return cursor.sql(asked, params={"period": period, **only}).pl()


def adjustment_file(cursor: Cursor, adjustment: int) -> tuple[str, str, Evidence] | None:
    """Return person and period of an adjustment and the file beside it; None when there is none."""
    found = cursor.execute(
        "SELECT person, period, name, media, content, sha256 FROM adjustment WHERE adjustment = ? AND name IS NOT NULL",
        [adjustment],
    ).fetchall()
    return None if not found else (str(found[0][0]), str(found[0][1]), Evidence(*found[0][2:]))


def adjustment_place(cursor: Cursor, adjustment: int) -> tuple[str, str] | None:
    """Return person and period of an adjustment; None when there is none of that number."""
    found = cursor.execute("SELECT person, period FROM adjustment WHERE adjustment = ?", [adjustment]).fetchall()
    return (str(found[0][0]), str(found[0][1])) if found else None


def reviews_version(cursor: Cursor, as_of: datetime.date | None = None) -> int:
    """Return how many rows about reviews are known: a cheap key for caches, because rows are only added."""
    tables = ("review_rating", "review_step", "review_peer", "adjustment", "adjustment_answer")
    counted = " + ".join(f"(SELECT count(*) FROM {one} WHERE {recorded_by('recorded_at', as_of)})" for one in tables)
    return int(cursor.sql(f"SELECT {counted}").fetchall()[0][0])
