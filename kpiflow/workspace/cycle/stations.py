"""The stations of a cycle, one function each: how far it is for whoever asks, and what is to be done there."""

import datetime
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass

from kpiflow.access.reach import Topic
from kpiflow.core.review import ReviewState
from kpiflow.language import Message, Quantity, msg
from kpiflow.workspace.appeals.reading import appeal_list
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.calibration.answers import SessionState
from kpiflow.workspace.calibration.sessions import session_lines
from kpiflow.workspace.closing.frozen import closed_periods
from kpiflow.workspace.cycle.answers import Progress, Station
from kpiflow.workspace.fairness.asking import ACTION as ASK_FAIRNESS
from kpiflow.workspace.fairness.asking import fairness
from kpiflow.workspace.pay_runs.answers import RunState, Stored
from kpiflow.workspace.pay_runs.reading import pay_runs
from kpiflow.workspace.plans.published import PlanState
from kpiflow.workspace.plans.reading import plans
from kpiflow.workspace.reviewing.listing import reviews
from kpiflow.workspace.scores.answers import Cycle, Step


@dataclass(frozen=True)
class Asked:
    """Whose cycle is asked about, by whom, and how goals, letters and scores stand."""

    ws: Books
    asker: Asker
    period: str
    as_of: datetime.date | None
    people: Cycle

    def may(self, action: str) -> bool:
        """Return whether the person asking may do something at all."""
        return self.ws.may(self.asker, action).allowed


def progress_of(done: int, of: int) -> Progress:
    """Return how far a station is by what is done of what there is."""
    if not of:
        return Progress.NONE
    return Progress.DONE if done >= of else Progress.GOING if done else Progress.WAITING


def agreed(asked: Asked) -> Station:
    """Goals that their owners agreed to."""
    return _counted(asked.people.steps[0], "agreed", "workbench" if asked.may("split_target") else "scores")


def lettered(asked: Asked) -> Station:
    """Letters that both sides signed."""
    step = asked.people.steps[1]
    next_ = msg("See who has not signed") if step.done < step.of else None
    return _counted(step, "letters", "letters", next_)


def scored(asked: Asked) -> Station:
    """People with a score."""
    return _counted(asked.people.steps[2], "scored", "scores")


def shut(asked: Asked) -> Station:
    """Periods that are closed: the parts the company closes first, and the cycle."""
    ws, company = asked.ws, asked.ws.company(asked.as_of)
    moment, kind = ws.moment(asked.period, asked.as_of), company.profile.closing.parts
    cycle = moment.cycle
    parts = [
        one
        for one in moment.calendar.periods.values()
        if one.cycle == cycle.cycle and (one.period == cycle.period or (kind is not None and one.kind is kind))
    ]
    parts.sort(key=lambda one: (one.ends, -one.starts.toordinal()))
    done = closed_periods(ws, asked.as_of)
    open_ = [one for one in parts if one.period not in done]
    due = [one for one in open_ if one.ends < moment.as_of]
    if not open_:
        said = msg("All {count} periods are closed.", count=len(parts))
    elif due:
        said = msg("{period} is over and open.", period=due[0].period)
    else:
        said = msg("{period} is still running.", period=open_[0].period)
    next_ = msg("Close {period}", period=due[0].period) if due and asked.may("close_period") else None
    where = {"period": (due or open_ or parts)[0].period}
    closed_ = len(parts) - len(open_)
    return Station("closed", msg("Periods closed"), progress_of(closed_, len(parts)), closed_, len(parts), said, "closing",
                   where, next_)  # fmt: skip


def questioned(asked: Asked) -> Station | None:
    """Questions of fairness that the results raise."""
    if not asked.may(ASK_FAIRNESS):
        return None
    found = fairness(asked.ws, asked.asker, asked.period, asked.as_of).questions
    quiet = sum(not one.found for one in found)
    raised = len(found) - quiet
    said = msg("Questions raised: {count}.", count=raised) if raised else msg("No question is raised.")
    state = Progress.GOING if raised else Progress.DONE
    next_ = msg("Look at what they rest on") if raised else None
    return Station("fairness", msg("Fairness looked at"), state, quiet, len(found), said, "fairness", {}, next_)


def reviewed(asked: Asked) -> Station:
    """Reviews that were signed."""
    found = reviews(asked.ws, asked.asker, asked.period, asked.as_of)
    done, of = found.counts.get(ReviewState.SIGNED, 0), found.total
    said = msg("Late: {count} {count:review|reviews}.", count=found.late) if found.late else msg("Nobody is late.")
    kind = asked.ws.moment(asked.period, asked.as_of).period.kind
    begun = found.total - found.counts.get(ReviewState.NOT_BEGUN, 0)
    if kind not in asked.ws.company(asked.as_of).profile.appraisal.reviewed and not begun:
        of = 0
    if not of:
        said = msg("Nobody is reviewed in this period.")
    next_ = msg("Waiting for you: {count}", count=found.mine) if found.mine else None
    if next_ is None and found.late and asked.may("manage_reviews"):
        next_ = msg("See who is late")
    where = {"show": "mine"} if found.mine else {"show": "late"} if found.late else {}
    return Station("reviewed", msg("Reviews signed"), progress_of(done, of), done, of, said, "reviews",
                   where, next_)  # fmt: skip


def calibrated(asked: Asked) -> Station | None:
    """Calibration sessions that are final."""
    if not asked.may("read_calibration"):
        return None
    lines = [one for one in session_lines(asked.ws, asked.asker, asked.period, asked.as_of)
             if one.state is not SessionState.DROPPED]  # fmt: skip
    done = sum(one.state is SessionState.FINAL for one in lines)
    if not lines:
        said = msg("No session was opened.")
    elif done < len(lines):
        said = msg("Sessions open: {count}.", count=len(lines) - done)
    else:
        said = msg("All sessions are final.")
    state = progress_of(done, len(lines)) if lines else Progress.WAITING
    if lines and done < len(lines):
        state = Progress.GOING
    next_ = msg("Go on calibrating") if done < len(lines) else None
    if not lines and asked.may("calibrate"):
        next_ = msg("Open a session")
    return Station("calibrated", msg("Grades calibrated"), state, done, len(lines), said, "calibration", {}, next_)


def appealed(asked: Asked) -> Station:
    """Appeals that were answered."""
    found = appeal_list(asked.ws, asked.asker, asked.period, asked.as_of)
    done = found.total - found.waiting
    if not found.total:
        said = msg("Nobody has appealed.")
    elif found.late:
        said = msg(
            "Waiting for an answer: {waiting}, of these too long: {late}.", waiting=found.waiting, late=found.late
        )
    else:
        said = msg("Waiting for an answer: {waiting}.", waiting=found.waiting)
    next_ = msg("Answer the appeals") if found.waiting and asked.may("answer_appeal") else None
    return Station("appealed", msg("Appeals answered"), progress_of(done, found.total), done, found.total, said, "appeals",
                   {}, next_)  # fmt: skip


def published(asked: Asked) -> Station:
    """Plans that two people stand for."""
    found = plans(asked.ws, asked.asker, asked.as_of)
    out = sum(one.state is PlanState.PUBLISHED for one in found)
    open_ = [one for one in found if one.state is not PlanState.PUBLISHED]
    said = msg("All plans are published.") if found else msg("There is no plan.")
    if open_:
        said = msg("Not published: {plan}.", plan=open_[0].name)
    next_ = None
    if open_ and open_[0].state is PlanState.WAITING and asked.may("approve_plan"):
        next_ = msg("Approve {plan}", plan=open_[0].name)
    elif open_ and asked.may("publish_plan"):
        next_ = msg("Publish {plan}", plan=open_[0].name)
    where = {"plan": open_[0].plan} if open_ else {}
    return Station("published", msg("Plans published"), progress_of(out, len(found)), out, len(found), said, "plans", where,
                   next_)  # fmt: skip


def paid(asked: Asked) -> Station:
    """Plans whose run is final."""
    found = pay_runs(asked.ws, asked.asker, asked.period)
    newest = {plan: next((run for run in found.runs if run.plan == plan and run.state is not RunState.REFUSED), None)
              for plan, _ in found.plans}  # fmt: skip
    done = sum(run is not None and run.state is RunState.FINAL for run in newest.values())
    under_way = [run for run in newest.values() if run is not None and run.state is not RunState.FINAL]
    said, next_ = _paying(asked, found.plans, under_way, done)
    state = progress_of(done, len(found.plans))
    if under_way and state is Progress.WAITING:
        state = Progress.GOING
    where = {"run": str(under_way[0].run)} if under_way else {}
    return Station("paid", msg("Pay made final"), state, done, len(found.plans), said, "pay", where, next_)


def _paying(asked: Asked, listed: Sized, under_way: Sequence[Stored], done: int) -> tuple[Message, Message | None]:
    """Say how paying stands, and what the person asking may do about it."""
    if not listed:
        return msg("No plan pays for this period."), None
    if done == len(listed):
        return msg("Every plan has paid."), None
    if not under_way:
        return msg("Nothing was run yet."), msg("Run pay") if asked.may("run_pay") else None
    run = under_way[0]
    whole = asked.ws.reach(asked.asker, Topic.PAY).people is None
    total = Quantity(float(run.total), "currency", run.currency) if whole else None
    waits = {
        RunState.DRY: (msg("Run {run} is a dry run.", run=run.run), "run_pay", msg("Hand run {run} on", run=run.run)),
        RunState.PROPOSED: (
            msg("Run {run} waits for a second person.", run=run.run),
            "approve_pay",
            msg("Approve run {run}: {total}", run=run.run, total=total)
            if total is not None
            else msg("Approve run {run}", run=run.run),
        ),
        RunState.APPROVED: (
            msg("Run {run} is approved.", run=run.run),
            "run_pay",
            msg("Make run {run} final", run=run.run),
        ),
    }
    said, action, next_ = waits[run.state]
    return said, next_ if asked.may(action) else None


def _counted(step: Step, station: str, page: str, next_: Message | None = None) -> Station:
    """Return a station that counts people or goals."""
    left = step.of - step.done
    said = msg("Missing: {count}.", count=left) if left else msg("Nothing is missing.")
    if not step.of:
        said = msg("There is nothing to count.")
    return Station(station, step.name, progress_of(step.done, step.of), step.done, step.of, said, page, {}, next_)


#: Every station in the order of the cycle; None where it is not for the person asking.
STATIONS: tuple[Callable[[Asked], Station | None], ...] = (
    agreed, lettered, scored, shut, questioned, reviewed, calibrated, appealed, published, paid,
)  # fmt: skip
