"""Invents what the people of the example company report themselves: values, words and confidence, the same for ever.

Everything here is example data. Whose family name comes first writes in Chinese, the others in English, as in life.
Floor 4: knows core and frames, and the counts of the real flights. Reads no clock and no store.
"""

import datetime

import polars as pl

from kpiflow.sources.example.draws import drawn
from kpiflow.sources.example.invented import invented_facts
from kpiflow.sources.example.organisation import HEADS, assignments, people, stations
from kpiflow.sources.example.roster import AIRPORTS, duty_managers

#: The invented metrics that people report: their facts come in as check-ins, not with the week's load.
REPORTED: tuple[str, ...] = ("overtime_share", "service_system_steps", "improvement_plan_level")

#: What a check-in of the example has, in order; `at` is the moment it was made.
COLUMNS: dict[str, pl.DataType] = {
    "at": pl.Datetime("us"),
    "day": pl.Date(),
    "goal": pl.String(),
    "person": pl.String(),
    "metric": pl.String(),
    "unit": pl.String(),
    "scope": pl.String(),  # the person it is measured for; null: the unit
    "value": pl.Decimal(18, 6),
    "numerator": pl.Decimal(18, 6),
    "denominator": pl.Decimal(18, 6),
    "confidence": pl.Int64(),
    "words": pl.String(),
    "file": pl.String(),
}

#: How sure people are of the year's end, month by month: storms in June and July, calm in autumn.
MOOD = (6, 6, 6, 6, 7, 4, 4, 6, 8, 8, 7, 5)

#: What is said of a month's flights.
MONTHS_EN = (
    "Cold mornings cost us the first wave; de-icing slots are agreed now.",
    "The snow of the 8th and 9th is most of it. Crews were brought forward.",
    "Turnarounds are tighter since the gate briefing at five past.",
    "Rain on six days, but the second wave held.",
    "Good month until Memorial Day; the last weekend hurts.",
    "Thunderstorms on eleven days. We hold connections instead of chasing minutes.",
    "Ground stops again. Two spare crews stay through August.",
    "Calmer. The early boarding call works, I want it on every gate.",
    "Best month so far; the new stand plan shows.",
    "Still good. Keeping the briefing even when it is quiet.",
    "Thanksgiving went well: nobody waited for a tug.",
    "Ice and full flights. Not what we wanted at the end.",
)
MONTHS_ZH = (
    "早班除冰排队影响首波航班，除冰时段已重新约定。",
    "主要是 8、9 日大雪，机组已提前到位。",
    "登机口五分钟碰头会之后，过站时间明显收紧。",
    "本月六天下雨，但第二波航班保住了。",
    "阵亡将士纪念日前都不错，最后一个周末拖了后腿。",
    "十一天雷暴，优先保中转，不抢分钟。",
    "又遇地面停止，两套备份机组保留到八月底。",
    "平稳。提前登机提醒有效，准备推广到所有登机口。",
    "今年最好的一个月，新机位方案见效。",
    "继续保持，淡季也坚持碰头会。",
    "感恩节保障顺利，没有等拖车的情况。",
    "冰雪加满客，年底不理想。",
)

#: What is said when a step of the shift-handover standard is finished.
STEPS_EN = (
    "Checklist agreed with the two other shifts.",
    "Everybody on the shift has done the half-hour course; list attached.",
    "Two weeks without an open item at handover.",
    "The other shift audited us: two small remarks, both closed.",
)
STEPS_ZH = (
    "检查单已与另外两个班组达成一致。",
    "本班全员完成半小时培训，名单见附件。",
    "连续两周交接无遗漏。",
    "已由其他班组复核，两条小问题均已关闭。",
)

#: What a list of the trained crew looks like: a file with the second step.
CREW = "name,course,done\nexample A,handover,yes\nexample B,handover,yes\nexample C,handover,yes\n"


def reported() -> pl.DataFrame:
    """Return every check-in of 2013 in the columns of `COLUMNS`, in the order they were made."""
    parts = [_overtime(), _judged(), _steps(), _levels(), *_said()]
    wide = [
        part.select(
            (pl.col(name) if name in part.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in COLUMNS.items()
        )
        for part in parts
    ]
    return pl.concat(wide).sort("at", "goal")


def _chinese() -> list[str]:
    """Return who writes in Chinese: names that are Chinese and not put into it."""
    return people().filter(~pl.col("label_zh").str.contains("·"))["person"].to_list()


def _worded(rows: pl.DataFrame, place: pl.Expr, english: tuple[str, ...], chinese: tuple[str, ...]) -> pl.DataFrame:
    """Add words, the `place`th (from 0) of those in the person's language."""
    at = place.cast(pl.Int64)
    said = {
        language: at.replace_strict(dict(enumerate(words)), return_dtype=pl.String)
        for language, words in (("en", english), ("zh", chinese))
    }
    return rows.with_columns(words=pl.when(pl.col("person").is_in(_chinese())).then(said["zh"]).otherwise(said["en"]))


def _monday(hour: int) -> pl.Expr:
    """Return the Monday after the day, when the week's facts are recorded as well."""
    return (pl.col("day") + pl.duration(days=8 - pl.col("day").dt.weekday().cast(pl.Int64))).dt.combine(
        datetime.time(hour)
    )


def _that_day(hour: int) -> pl.Expr:
    return pl.col("day").dt.combine(datetime.time(hour))


def _overtime() -> pl.DataFrame:
    """Return the overtime that the heads report each month."""
    owner = {port.code: person for port, (person, *_) in zip(AIRPORTS, HEADS, strict=True)}
    facts = invented_facts().filter(pl.col("metric") == "overtime_share")
    rows = facts.drop("person").with_columns(
        person=pl.col("unit").replace_strict(owner), at=_monday(9), month=pl.col("day").dt.month() - 1
    )
    share = pl.col("numerator").cast(pl.Float64) / pl.col("denominator").cast(pl.Float64)
    calm = ("Within what the roster allows.",) * 12, ("在排班允许的范围内。",) * 12
    long = ("Long days after the storms; time off is being given back.",) * 12, ("雷雨后加班偏多，正在安排补休。",) * 12
    return pl.concat(
        [
            _worded(rows.filter(share <= 0.045), pl.col("month"), *calm).with_columns(confidence=pl.lit(8)),
            _worded(rows.filter(share > 0.045), pl.col("month"), *long).with_columns(confidence=pl.lit(5)),
        ]
    ).with_columns(goal=pl.format("{}-overtime", "person"))


def _judged() -> pl.DataFrame:
    """Return the steps of the service system and the levels of the reviews, which the executive reports."""
    goals = {"service_system_steps": "nyc-system", "improvement_plan_level": "nyc-plan"}
    words = {
        "service_system_steps": "As accepted by the management review.",
        "improvement_plan_level": "Level given by the quarterly review.",
    }
    facts = invented_facts().filter(pl.col("metric").is_in(list(goals))).drop("person")
    return facts.with_columns(
        person=pl.lit("p0001"),
        goal=pl.col("metric").replace_strict(goals),
        words=pl.col("metric").replace_strict(words),
        confidence=pl.lit(7),
        at=_monday(9),
    )


def _steps() -> pl.DataFrame:
    """Return the steps of the shift-handover standard, one a quarter; one duty manager falls silent after the second."""
    rows = (
        duty_managers()
        .select("person", unit="airport")
        .join(pl.DataFrame({"step": [1, 2, 3, 4]}), how="cross")
        .with_columns(duty=pl.col("person").str.slice(1).cast(pl.Int64))
    )
    rows = rows.with_columns(later=drawn(rows, 61, "duty", "step"), on=drawn(rows, 62, "duty", "step"))
    month = 3 * pl.col("step") - 1 + (pl.col("later") >= 0.6).cast(pl.Int64)
    silent = (pl.col("step") > 2) & (pl.col("person") == "p0112")
    unfinished = (pl.col("step") == 4) & ((pl.col("on") > 0.75) | (pl.col("person") == "p0101"))
    rows = rows.with_columns(
        day=pl.date(2013, month, 1 + (pl.col("on") * 27).cast(pl.Int64)),
        confidence=(5 + 4 * drawn(rows, 63, "duty", "step")).cast(pl.Int64),
    ).filter(~silent, ~unfinished)
    told = _worded(rows, pl.col("step") - 1, STEPS_EN, STEPS_ZH)
    return told.with_columns(
        goal=pl.format("{}-handover", "person"),
        metric=pl.lit("handover_steps"),
        scope=pl.col("person"),
        value=pl.col("step"),
        at=_that_day(16),
        file=pl.when(pl.col("step") == 2).then(pl.lit(CREW)),
    )


def _levels() -> pl.DataFrame:
    """Return the level of service recovery that station managers report at midyear and in December."""
    since = assignments().select("person", "starts")
    rows = (
        stations()
        .select("unit", person="manager")
        .join(pl.DataFrame({"half": [1, 2]}), how="cross")
        .with_columns(number=pl.col("person").str.slice(1).cast(pl.Int64))
    )
    rows = rows.with_columns(first=drawn(rows, 64, "number"), better=drawn(rows, 65, "number", "half"))
    later = pl.col("half") == 2
    day = (pl.col("better") * 10).cast(pl.Int64)
    rows = rows.with_columns(
        value=2 + (pl.col("first") > 0.5).cast(pl.Int64) + (later & (pl.col("better") < 0.4)).cast(pl.Int64),
        day=pl.when(later).then(pl.date(2013, 12, 9 + day)).otherwise(pl.date(2013, 6, 24 + day // 2)),
        confidence=(4 + 5 * drawn(rows, 66, "number", "half")).cast(pl.Int64),
    ).join(since.sort("starts").unique("person", keep="last"), on="person", maintain_order="left")
    kept = rows.filter(pl.col("starts") <= pl.col("day"), ~(later & (pl.col("better") > 0.9)))
    english = ("Desk and gate tell the same story now.", "Rebooking before landing works on most days.")
    chinese = ("柜台与登机口口径已统一。", "大多数情况下能在落地前完成改签。")
    return _worded(kept, pl.col("half") - 1, english, chinese).with_columns(
        goal=pl.format("{}-recovery", "person"),
        metric=pl.lit("recovery_level"),
        scope=pl.col("person"),
        at=_that_day(15),
    )


def _said() -> list[pl.DataFrame]:
    """Return words and confidence about on-time flights: monthly by heads and duty managers, by quarter at stations."""
    heads = pl.DataFrame({"person": [person for person, *_ in HEADS]})
    months = pl.DataFrame({"month": range(1, 13)})
    quarters = pl.DataFrame({"month": [3, 6, 9, 12]})
    since = assignments().select("person", "starts").sort("starts").unique("person", keep="last")
    everybody = [
        (pl.concat([heads, duty_managers().select("person")]), months),
        (stations().select(person="manager"), quarters),
    ]
    found = []
    for who, when in everybody:
        rows = who.join(when, how="cross").with_columns(number=pl.col("person").str.slice(1).cast(pl.Int64))
        mood = pl.lit(pl.Series(MOOD)).gather(pl.col("month") - 1)
        rows = rows.with_columns(
            day=pl.date(2013, "month", 1).dt.month_end(),
            confidence=(mood + (3 * drawn(rows, 67, "number", "month")).cast(pl.Int64) - 1).clip(1, 10),
        ).join(since, on="person")
        rows = rows.filter(pl.col("starts") <= pl.col("day"))
        told = _worded(rows, pl.col("month") - 1, MONTHS_EN, MONTHS_ZH)
        found.append(told.with_columns(goal=pl.format("{}-ontime", "person"), at=_that_day(17)))
    return found
