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


class Salaries(dy.Schema):
    """One row per salary that changed. Before a person's first row, and for whoever has none, the one in people holds."""

    person = dy.String()
    starts = dy.Date()  # the first day it is paid
    salary_month = dy.Decimal(18, 2, min=0)


class Groups(dy.Schema):
    """One row per person and kind of group the organisation records, such as contract; read to ask about differences."""

    person = dy.String()
    kind = dy.String()  # what is recorded: contract, gender, site …
    group = dy.String()


class Inputs(dy.Schema):
    """One row per value of an input that plans declare for themselves. It counts for that period alone."""

    person = dy.String()
    input = dy.String()  # as plans name it under inputs
    period = dy.String()  # such as 2013 or 2013-Q2
    value = dy.String()  # a number, a word or a day, as the input's kind says
