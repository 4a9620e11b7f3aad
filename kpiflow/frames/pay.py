"""Pay as tables: who is paid on what, and the lines of everybody's statement.

Floor 3: knows core's words. Reads no clock, file or database.
"""

import dataframely as dy


class Payees(dy.Schema):
    """What is known of every payee; a plan adds a column per looked-up input it reads, such as `score:@department`.

    One row per person, and per dated segment of a person where the plan is paid by segments. A plan for some units adds
    `units`, each payee's own and all above it. Days are counted inclusively. A null is not known.
    """

    person = dy.String(primary_key=True)
    segment = dy.Int64(primary_key=True)  # counted from 1
    segment_from = dy.Date()  # first and last day employed within the period, or of the segment
    segment_to = dy.Date()
    unit = dy.String(nullable=True)
    role = dy.String(nullable=True)
    salary_month = dy.Decimal(18, 2, nullable=True)
    bonus_share = dy.Float64(nullable=True)
    score = dy.Float64(nullable=True)
    grade = dy.String(nullable=True)
    coverage = dy.Float64(nullable=True)
    fte = dy.Float64(nullable=True)
    hired = dy.Date(nullable=True)
    left = dy.Date(nullable=True)
    days_employed = dy.Int64(nullable=True)
    days_in_period = dy.Int64(nullable=True)
    days_in_year = dy.Int64(nullable=True)


class PayLines(dy.Schema):
    """One row per person and component. The `amount`s of a person add up to what is paid; null ones only lead up to it."""

    person = dy.String(primary_key=True)
    line = dy.Int32(primary_key=True)
    component = dy.Categorical()
    kind = dy.Categorical()
    value = dy.Decimal(38, 10, nullable=True)
    amount = dy.Decimal(38, 10, nullable=True)
    row = dy.Int32(nullable=True)
