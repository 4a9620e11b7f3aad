"""What checks say of a change by looking around it is what they say of the whole plan."""

import random
from dataclasses import replace

import polars as pl
import pytest

from kpiflow.definitions.checks import CHECKS
from kpiflow.definitions.places import nowhere
from kpiflow.errors import Level
from kpiflow.workspace import Workspace
from kpiflow.workspace.handing_down.planning import new_problems

#: Values that checks have something to say about: none, nothing, below nothing, too much for a rate, and a weight that was near.
VALUES = (None, 0.0, -5.0, 130.0, 24.0)


def of_the_whole(company, after):
    """Return the new errors and warnings by running every check over the whole plan, before and after."""

    def said(one):
        return {str(p.message): p.level for check in CHECKS for p in check(one, nowhere(one))}

    before, then = said(company), said(replace(company, goals=after))
    new = {text: level for text, level in then.items() if text not in before}
    return ({text for text, level in new.items() if level is Level.ERROR},
            {text for text, level in new.items() if level is not Level.ERROR})  # fmt: skip


@pytest.fixture(scope="module")
def company(demo_store):
    opened = Workspace.open(demo_store)
    yield opened.company()
    opened.close()


@pytest.mark.parametrize("seed", range(12))
def test_looking_around_a_change_is_looking_at_everything(company, seed):
    draw = random.Random(seed)
    names = draw.sample(company.goals["goal"].to_list(), draw.randint(1, 4))
    touched = company.goals.filter(pl.col("goal").is_in(names))
    for field in draw.sample(["target", "baseline", "threshold", "stretch", "weight"], 2):
        value = draw.choice(VALUES if field != "weight" else VALUES[1:])
        touched = touched.with_columns(pl.lit(value, dtype=company.goals.schema[field]).alias(field))
    rest = company.goals.join(touched, on="goal", how="anti", maintain_order="left")
    errors, warnings = new_problems(company, touched)
    assert ({str(one) for one in errors}, {str(one) for one in warnings}) == of_the_whole(
        company, pl.concat([rest, touched])
    )


def test_a_new_goal_with_faults_is_told_of(company):
    row = company.goals.filter(pl.col("metric").is_not_null()).head(1)
    new = row.with_columns(goal=pl.lit("brand-new"), target=pl.lit(None, dtype=pl.Float64), owner=pl.lit("NOBODY"))
    errors, warnings = new_problems(company, new)
    whole = of_the_whole(company, pl.concat([company.goals, new]))
    assert ({str(one) for one in errors}, {str(one) for one in warnings}) == whole
    assert errors
