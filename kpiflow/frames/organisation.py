"""The organisation as tables: units in a tree, people, and dated assignments of people to units."""

import dataframely as dy


class Units(dy.Schema):
    """One row per unit. `parent` is null for the enterprise alone."""

    unit = dy.String(primary_key=True, min_length=1)  # its id
    label = dy.String()  # what people call it
    label_zh = dy.String(nullable=True)  # what it is called in 中文
    parent = dy.String(nullable=True)  # the unit above; empty for the enterprise alone
    kind = dy.String(nullable=True)  # the company's own word: enterprise, department, station …


class People(dy.Schema):
    """One row per person. Money is exact; `bonus_share` is the target bonus as a share of a year's salary."""

    person = dy.String(primary_key=True, min_length=1)  # their id
    label = dy.String()  # their name
    label_zh = dy.String(nullable=True)  # their name in 中文
    hired = dy.Date(nullable=True)  # first day employed
    left = dy.Date(nullable=True)  # last day employed
    salary_month = dy.Decimal(18, 2, nullable=True, min=0)  # a month's salary, in the company's currency
    bonus_share = dy.Float64(nullable=True, min=0)  # target bonus as a share of a year's salary: 0.1 is 10 %


class Assignments(dy.Schema):
    """One row per stretch of time a person spent in a unit and role. `ends` is the last day, null while it lasts."""

    person = dy.String()  # who
    unit = dy.String()  # where
    manager = dy.String(nullable=True)  # the person they report to; empty: nobody is named
    role = dy.String()  # as roles.yaml names it
    fte = dy.Float64(min=0, max=2)  # share of full working time: 1 is full time
    starts = dy.Date()  # its first day
    ends = dy.Date(nullable=True)  # its last day; empty while it lasts


class Salaries(dy.Schema):
    """One row per salary that changed. Before a person's first row, and for whoever has none, the one in people holds."""

    person = dy.String()  # whose
    starts = dy.Date()  # the first day it is paid
    salary_month = dy.Decimal(18, 2, min=0)  # a month's salary from that day on


class Groups(dy.Schema):
    """One row per person and kind of group the organisation records, such as contract; read to ask about differences."""

    person = dy.String()  # who
    kind = dy.String()  # what is recorded: contract, gender, site …
    group = dy.String()  # which one they belong to


class Inputs(dy.Schema):
    """One row per value of an input that plans declare for themselves. It counts for that period alone."""

    person = dy.String()  # whose
    input = dy.String()  # as plans name it under inputs
    period = dy.String()  # such as 2013 or 2013-Q2
    value = dy.String()  # a number, a word or a day, as the input's kind says
