"""The organisation as tables: units in a tree, people, and dated assignments of people to units."""

import dataframely as dy


class Units(dy.Schema):
    """One row per unit. `parent` is null for the enterprise alone."""

    unit = dy.String(primary_key=True, min_length=1)
    label = dy.String()
    label_zh = dy.String(nullable=True)
    parent = dy.String(nullable=True)
    kind = dy.String(nullable=True)  # the company's own word: enterprise, department, station …


class People(dy.Schema):
    """One row per person. Money is exact; `bonus_share` is the target bonus as a share of a year's salary."""

    person = dy.String(primary_key=True, min_length=1)
    label = dy.String()
    label_zh = dy.String(nullable=True)
    hired = dy.Date(nullable=True)
    left = dy.Date(nullable=True)  # last day employed
    salary_month = dy.Decimal(18, 2, nullable=True, min=0)
    bonus_share = dy.Float64(nullable=True, min=0)


class Assignments(dy.Schema):
    """One row per stretch of time a person spent in a unit and role. `ends` is the last day, null while it lasts."""

    person = dy.String()
    unit = dy.String()
    manager = dy.String(nullable=True)
    role = dy.String()
    fte = dy.Float64(min=0, max=2)
    starts = dy.Date()
    ends = dy.Date(nullable=True)
