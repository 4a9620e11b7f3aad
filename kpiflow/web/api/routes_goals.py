"""Goals: what is asked of whom, the tree, what came of it, and why."""

import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from kpiflow.web.api.answering import Question, listed, one
from kpiflow.web.api.authority import allowed
from kpiflow.web.api.describing import gives, lists
from kpiflow.web.api.models import Attainment, Goal, TreeGoal
from kpiflow.web.api.models_whole import GoalInFull
from kpiflow.web.api.parameters import GoalsQuery, OnePeriod, TreeQuery
from kpiflow.web.api.whole import goal_in_full
from kpiflow.workspace.api_tokens.bearer import Bearer
from kpiflow.workspace.lists.goals import GoalsWanted
from kpiflow.workspace.lists.part import Listed, Part
from kpiflow.workspace.lists.versions import Of

router = APIRouter()

SCOPE = "goals:read"
Reader = Annotated[Bearer, allowed(SCOPE)]


@lists(router, "/goals", Goal, scope=SCOPE, tag="goals")
def list_goals(request: Request, query: Annotated[GoalsQuery, Query()], bearer: Reader) -> Response:
    """List the goals in play in a period that you may read, parents before children."""
    ask = Question(request, bearer, query, Of.RESULTS)
    return listed(ask, Goal, lambda as_of, part: _goals(ask, query, as_of, part))


@lists(router, "/attainment", Attainment, scope=SCOPE, tag="goals")
def list_attainment(request: Request, query: Annotated[GoalsQuery, Query()], bearer: Reader) -> Response:
    """List the results of the same goals: actual, target, attainment, points, score, status and coverage."""
    ask = Question(request, bearer, query, Of.RESULTS)
    return listed(ask, Attainment, lambda as_of, part: _goals(ask, query, as_of, part))


@lists(router, "/tree", TreeGoal, scope=SCOPE, tag="goals")
def list_tree(request: Request, query: Annotated[TreeQuery, Query()], bearer: Reader) -> Response:
    """List the goal tree with its results, from every root or below one goal, parents before children."""
    ask = Question(request, bearer, query, Of.RESULTS)

    def rows(as_of: datetime.date | None, part: Part) -> Listed:
        period = query.period or ask.ws.default_period(as_of)
        return ask.ws.listed_tree(bearer.asker, period, as_of, root=query.root, levels=query.levels, part=part)

    return listed(ask, TreeGoal, rows)


@gives(router, "/goals/{goal}", GoalInFull, scope=SCOPE, tag="goals")
def get_goal(
    request: Request,
    goal: Annotated[str, Path(max_length=200, description="The goal's id.", examples=["nyc-ontime"])],
    query: Annotated[OnePeriod, Query()],
    bearer: Reader,
) -> Response:
    """Give one goal in full: its result and why, its months, and the goals below it."""
    ask = Question(request, bearer, query, Of.RESULTS)

    def whole(as_of: datetime.date | None) -> dict[str, Any]:
        period = query.period or ask.ws.default_period(as_of)
        return goal_in_full(ask.ws.goal(bearer.asker, goal, period, as_of))

    return one(ask, whole)


def _goals(ask: Question, query: GoalsQuery, as_of: datetime.date | None, part: Part) -> Listed:
    status = None if query.status is None else query.status.value
    wanted = GoalsWanted(query.owner, query.unit, status, query.metric, query.text)
    period = query.period or ask.ws.default_period(as_of)
    return ask.ws.listed_goals(ask.bearer.asker, period, as_of, wanted, part=part)
