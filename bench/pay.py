"""A million people through a plan of ten components: our interpreter, bare Polars, a plain Python loop, and OpenFisca-core.

Ours is exact to the last cent and keeps every line of every statement: each component's value and which of its rows was
hit, as a column per component (`pay`) and as a row per person and component (`lines`). Bare Polars comes twice: in decimals,
which are as exact, and in floats. The loop works in floats, and OpenFisca in float32; neither keeps lines.
"""

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from ruamel.yaml import YAML

from bench.checking import Different, same
from kpiflow.incentives.paying import pay
from kpiflow.incentives.plan import Plan
from kpiflow.incentives.statements import lines

#: The plan, as somebody in HR would write it.
WRITTEN = Path(__file__).with_name("pay_plan.yaml")

#: OpenFisca-core is AGPL: no part of the product, and in an environment of its own, which `make bench` makes.
OPENFISCA = Path(__file__).parent.parent / ".venv" / "openfisca" / "bin" / "python"

#: The lines of a statement that are numbers, in order; all of them are compared.
STEPS = (
    "basis", "business", "department", "personal", "employed", "gross", "own_gate", "ceiling", "penalty", "final"
)  # fmt: skip

#: People at scale 1.
PAYEES = 1_000_000

#: How far OpenFisca's numbers may lie from ours, of their size: it counts in float32, which has 24 bits, through up to
#: seven steps. A step of money is rounded to cents, and so may come out a cent to either side.
FLOAT32, CENT = 1e-6, 0.01

YEAR = 365

#: How cents are rounded.
HALF_UP: Literal["half_away_from_zero"] = "half_away_from_zero"


def plan() -> Plan:
    """Return the plan."""
    return Plan.model_validate(YAML(typ="safe").load(WRITTEN))


def payees(count: int) -> pl.DataFrame:
    """Return people with all a plan may know of them, in the types the workspace gives; every line of the plan is met."""
    n = pl.int_range(count, dtype=pl.Int64)
    days = pl.when(n % 10 == 0).then(1 + n * 7 % YEAR).otherwise(YEAR)
    return pl.select(
        person=pl.lit("p") + n.cast(pl.String).str.zfill(7),
        unit=pl.lit("T") + (n // 20).cast(pl.String).str.zfill(5),
        role=pl.lit("specialist"),
        salary_month=((600_000 + n * 3_701 % 2_900_000).cast(pl.Decimal(18, 0)) / 100).cast(pl.Decimal(18, 2)),
        bonus_share=0.1 + (n % 5) * 0.05,
        score=(n * 7_919 % 6_000) / 100 + 60,
        grade=pl.lit(list("ABCDE")).list.get(n * 31 % 5),
        days_employed=days,
        days_in_period=pl.lit(YEAR, dtype=pl.Int64),
        allowance=(n * 13 % 70_000).cast(pl.Decimal(18, 0)).cast(pl.Decimal(18, 2)) / 100,
        **{
            "attainment:revenue": (n * 271 % 4_999) / 10_000 + 0.8,
            "score:@department": (n // 20 * 1_777 % 5_003) / 100 + 50,
            "count:complaints": (n * 97 % 11).cast(pl.Float64),
        },
    )


def ours(made: Plan, people: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the wide table and everybody's lines."""
    wide = pay(made, people)
    return wide, lines(made, wide)


def bare(people: pl.DataFrame) -> pl.DataFrame:
    """Return the ten values as Polars works them out when nothing else is asked: floats, no rows hit, nothing absent.

    Each line is rounded as the plan rounds it: money to cents, with the little push that keeps an exact half a half, and
    ratios to ten places, where they have more. The days employed go into the gross amount unrounded, as in the plan.
    """

    def cents(amount: pl.Expr) -> pl.Expr:
        return (amount * 100 + 0.500001).floor() / 100

    attained, score = pl.col("attainment:revenue"), pl.col("score:@department")
    basis = cents(pl.col("salary_month").cast(pl.Float64) * 12 * pl.col("bonus_share"))
    business = (
        pl.when(attained < 0.9).then(0.0).when(attained < 1).then(0.5 + (attained - 0.9) * 5)
        .when(attained < 1.2).then(1 + (attained - 1) * 5).otherwise(2.0)
    )  # fmt: skip
    department = pl.when(score < 60).then(0.0).when(score < 80).then(0.6).when(score < 95).then(0.9).otherwise(1.1)
    grade = pl.col("grade")
    personal = (
        pl.when(grade == "A").then(1.2).when(grade == "B").then(1.1).when(grade == "C").then(1.0)
        .when(grade == "D").then(0.6).when(grade == "E").then(0.0)
    )  # fmt: skip
    employed = pl.col("days_employed") / pl.col("days_in_period")
    factors = people.lazy().select(
        "person", "score", "allowance", pl.col("count:complaints").fill_null(0).alias("complaints"),
        basis=basis, business=business.round(10), department=department, personal=personal, employed=employed,
    )  # fmt: skip
    basis, gated = pl.col("basis"), pl.col("own_gate")
    return (
        factors.with_columns(
            gross=cents(basis * pl.col("business") * pl.col("department") * pl.col("personal") * pl.col("employed"))
        )
        .with_columns(
            own_gate=pl.when(pl.col("score") >= 80)
            .then("gross")
            .otherwise(pl.min_horizontal("gross", cents(basis * 0.5)))
        )
        .with_columns(ceiling=pl.min_horizontal(gated, basis * 2))
        .with_columns(
            penalty=pl.max_horizontal(
                pl.col("ceiling") - pl.min_horizontal(pl.col("complaints") * 150, pl.lit(1000.0)), 0.0
            )
        )
        .with_columns(
            final=cents(pl.col("penalty") + pl.col("allowance").cast(pl.Float64)), employed=pl.col("employed").round(10)
        )
        .select("person", *STEPS)
        .collect()
    )


def bare_exact(people: pl.DataFrame) -> pl.DataFrame:
    """Return the same in Polars decimals, which is what ours gives: money exact to the cent, factors to ten places."""
    attained, score, grade = pl.col("attainment:revenue").cast(_TEN), pl.col("score:@department"), pl.col("grade")
    business = (
        pl.when(attained < _dec("0.9")).then(_dec(0)).when(attained < _dec(1))
        .then((attained - _dec("0.9")) * _dec(5) + _dec("0.5")).when(attained < _dec("1.2"))
        .then((attained - _dec(1)) * _dec(5) + _dec(1)).otherwise(_dec(2))
    )  # fmt: skip
    department = (
        pl.when(score < 60).then(_dec(0)).when(score < 80).then(_dec("0.6")).when(score < 95).then(_dec("0.9"))
        .otherwise(_dec("1.1"))
    )  # fmt: skip
    personal = (
        pl.when(grade == "A").then(_dec("1.2")).when(grade == "B").then(_dec("1.1")).when(grade == "C").then(_dec(1))
        .when(grade == "D").then(_dec("0.6")).when(grade == "E").then(_dec(0))
    )  # fmt: skip
    factors = people.lazy().select(
        "person", "score", "allowance", "days_employed", "days_in_period",
        pl.col("count:complaints").fill_null(0).cast(pl.Decimal(38, 0)).alias("complaints"),
        basis=(pl.col("salary_month").cast(pl.Decimal(38, 2)) * _dec(12) * pl.col("bonus_share").cast(_TEN)).round(2, mode=HALF_UP),
        business=business, department=department, personal=personal,
        employed=pl.col("days_employed").cast(_TEN) / pl.col("days_in_period").cast(pl.Decimal(38, 0)),
    )  # fmt: skip
    basis, days = pl.col("basis"), pl.col("days_employed", "days_in_period").cast(pl.Decimal(38, 0))
    product = basis * pl.col("business") * pl.col("department") * pl.col("personal")
    return (
        factors.with_columns(days)
        .with_columns(gross=(product * pl.col("days_employed") / pl.col("days_in_period")).round(2, mode=HALF_UP))
        .with_columns(
            own_gate=pl.when(pl.col("score") >= 80)
            .then("gross")
            .otherwise(pl.min_horizontal("gross", (basis * _dec("0.5")).round(2, mode=HALF_UP)))
        )
        .with_columns(ceiling=pl.min_horizontal("own_gate", basis * _dec(2)))
        .with_columns(
            penalty=pl.max_horizontal(
                pl.col("ceiling") - pl.min_horizontal(pl.col("complaints") * _dec(150), _dec(1000)), _dec(0)
            )
        )
        .with_columns(final=pl.col("penalty") + pl.col("allowance"))
        .select("person", *STEPS)
        .collect()
    )


_TEN = pl.Decimal(38, 10)


def _dec(value: str | int) -> pl.Expr:
    """Return a decimal of the plan."""
    number = Decimal(value)
    return pl.lit(number, dtype=pl.Decimal(38, max(0, -int(number.as_tuple().exponent))))


def loop(rows: list[dict[str, Any]]) -> list[tuple[float, ...]]:
    """Return the same values person by person, in plain Python."""
    personal_of = {"A": 1.2, "B": 1.1, "C": 1.0, "D": 0.6, "E": 0.0}
    return [_one(row, personal_of) for row in rows]


def _one(row: dict[str, Any], personal_of: dict[str, float]) -> tuple[float, ...]:
    """Pay one person."""
    floor, attained, score = math.floor, row["attainment:revenue"], row["score:@department"]
    basis = floor(row["salary_month"] * 12 * row["bonus_share"] * 100 + 0.500001) / 100
    if attained < 0.9:
        business = 0.0
    elif attained < 1:
        business = 0.5 + (attained - 0.9) * 5
    else:
        business = min(1 + (attained - 1) * 5, 2.0)
    department = 0.0 if score < 60 else 0.6 if score < 80 else 0.9 if score < 95 else 1.1
    personal = personal_of[row["grade"]]
    employed = row["days_employed"] / row["days_in_period"]
    gross = floor(basis * business * department * personal * employed * 100 + 0.500001) / 100
    gated = gross if row["score"] >= 80 else min(gross, floor(basis * 50 + 0.500001) / 100)
    ceiling = min(gated, basis * 2)
    penalty = max(ceiling - min((row["count:complaints"] or 0) * 150, 1000), 0)
    final = penalty + row["allowance"]
    return basis, business, department, personal, employed, gross, gated, ceiling, penalty, final


def openfisca(people: pl.DataFrame, count: int) -> tuple[dict[str, np.ndarray], list[float]] | None:
    """Return what OpenFisca-core works out and its seconds, or None where it is not installed; it runs in a process of its own."""
    if not OPENFISCA.exists():
        print(f"OpenFisca-core is left out: there is no {OPENFISCA}; 'make bench' makes it.", file=sys.stderr)
        return None
    with tempfile.TemporaryDirectory(prefix="kpiflow-openfisca-") as folder:
        given, found = Path(folder) / "given.npz", Path(folder) / "found.npz"
        numbers = people.select(
            salary_month=pl.col("salary_month").cast(pl.Float64), allowance=pl.col("allowance").cast(pl.Float64),
            bonus_share="bonus_share", score="score", days_employed="days_employed", days_in_period="days_in_period",
            attained="attainment:revenue", department_score="score:@department", complaints="count:complaints",
            grade=pl.col("grade").cast(pl.Enum(list("ABCDE"))).to_physical(),
        )  # fmt: skip
        np.savez(given, **{name: numbers[name].to_numpy() for name in numbers.columns})
        script = Path(__file__).with_name("openfisca_pay.py")
        asked = [OPENFISCA, script, given, found, str(count)]
        done = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True)
        with np.load(found) as values:
            return {name: values[name] for name in STEPS}, json.loads(done.stdout)


def paid(_: Path, scale: float) -> dict[str, Any]:
    """Time all four in turn, after one run of each that is checked and not counted."""
    people, made, count = payees(round(PAYEES * scale)), plan(), 5
    wide, _lines = ours(made, people)
    rows = people.with_columns(pl.col(pl.Decimal).cast(pl.Float64)).to_dicts()
    same_everywhere(wide, {"bare Polars": bare(people), "bare Polars in decimals": bare_exact(people)}, loop(rows))
    peer = openfisca(people, count)
    if peer:
        same_in_float32(wide, peer[0])
    del wide, _lines
    times: dict[str, list[float]] = {"ours": [], "wide": [], "bare": [], "exact": []}
    for _turn in range(count):
        times["ours"].append(_seconds(lambda: ours(made, people)))
        times["exact"].append(_seconds(lambda: bare_exact(people)))
        times["bare"].append(_seconds(lambda: bare(people)))
        times["wide"].append(_seconds(lambda: pay(made, people)))
    times["loop"] = [_seconds(lambda: loop(rows))]
    return {**times, "openfisca": peer[1] if peer else [], "people": people.height}


def same_everywhere(wide: pl.DataFrame, others: dict[str, pl.DataFrame], looped: list[tuple[float, ...]]) -> None:
    """Compare every value of every person with bare Polars and with the loop; raises Different."""
    by_loop = pl.DataFrame(looped, schema=list(STEPS), orient="row").with_columns(wide["person"])
    for what, theirs in {**others, "a plain loop": by_loop}.items():
        for step in STEPS:
            same(f"{what}, {step}", wide, theirs, ["person"], step)


def same_in_float32(wide: pl.DataFrame, theirs: dict[str, np.ndarray]) -> None:
    """Compare every value of every person with OpenFisca's, to what its float32 allows; raises Different."""
    for step, found in theirs.items():
        mine = wide[step].cast(pl.Float64).to_numpy()
        apart = np.abs(mine - found) - FLOAT32 * np.maximum(np.abs(mine), 1)
        if (apart > CENT).any():
            worst = int(apart.argmax())
            raise Different(f"OpenFisca, {step}: {mine[worst]} and {found[worst]} at {worst}")


def _seconds(work: Callable[[], object]) -> float:
    """Return how long a call took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
