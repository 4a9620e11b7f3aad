"""The events that webhooks can be told of, as a table: the name a subscription lists, and what it means."""

from dataclasses import dataclass

from kpiflow.errors import not_found
from kpiflow.language import Message, msg

PERIOD_CLOSED = "period.closed"
PERIOD_REOPENED = "period.reopened"
PLAN_PUBLISHED = "plan.published"
PAY_RUN_FINAL = "pay_run.final"
CALIBRATION_FINAL = "calibration.final"
OFF_TRACK = "goal.off_track"

#: Sent to one webhook because somebody asked for it; nobody subscribes to it.
TEST = "webhook.test"


#: What the journal calls the worker that tells.
WHO = "webhooks"


@dataclass(frozen=True)
class Kind:
    """One kind of event: its name in a subscription, and in words."""

    name: str
    label: Message


KINDS: tuple[Kind, ...] = (
    Kind(PERIOD_CLOSED, msg("a period was closed")),
    Kind(PERIOD_REOPENED, msg("a closed period was opened again")),
    Kind(PLAN_PUBLISHED, msg("an incentive plan was published")),
    Kind(PAY_RUN_FINAL, msg("a pay run became final")),
    Kind(CALIBRATION_FINAL, msg("a calibration became final")),
    Kind(OFF_TRACK, msg("goals of units turned off track")),
)


def kind_named(name: str) -> Kind:
    """Return a kind of event that can be subscribed to; raises NotFound with the nearest one."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise not_found(msg("event"), name, [kind.name for kind in KINDS])
