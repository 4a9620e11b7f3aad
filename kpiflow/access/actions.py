"""What can be done in KPIFlow, as a table: the name a role lists, what it is called, and on whom it works."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kpiflow.language import Message, msg


class On(StrEnum):
    """On whom an action works: whose goals, scores or rows it may touch."""

    COMPANY = "company"  # nobody in particular
    OWN = "own"  # what the person answers for: their own goals, and those of a unit they lead
    BELOW = "below"  # the units and people below those they lead, never their own
    READS = "reads"  # whoever the role reads
    APPRAISALS = "appraisals"  # whoever's appraisals the role reads
    PAY = "pay"  # whoever's pay the role reads


@dataclass(frozen=True)
class Action:
    """One thing that can be done. `listed`: a role must name it; the others follow from the scopes of the role."""

    name: str
    label: Message
    on: On
    listed: bool = True


_ALL = (
    Action("read_goals", msg("read goals and progress"), On.READS, listed=False),
    Action("read_team", msg("read how a team stands"), On.READS, listed=False),
    Action("read_appraisal", msg("read an appraisal"), On.APPRAISALS, listed=False),
    Action("read_scores", msg("read the list of appraisal scores"), On.APPRAISALS, listed=False),
    Action("read_calibration", msg("read a calibration before it is final"), On.APPRAISALS, listed=False),
    Action("read_pay", msg("read pay"), On.PAY, listed=False),
    Action("set_target", msg("set targets"), On.BELOW),
    Action("split_target", msg("split targets"), On.BELOW),
    Action("agree_goal", msg("agree to goals"), On.OWN),
    Action("sign_letter", msg("sign letters"), On.OWN),
    Action("check_in", msg("check in"), On.OWN),
    Action("comment", msg("ask and comment"), On.READS),
    Action("export_scores", msg("export appraisal scores"), On.APPRAISALS),
    Action("record_measurement", msg("record measurements"), On.COMPANY),
    Action("load_measurements", msg("load measurements"), On.COMPANY),
    Action("apply_config", msg("apply a configuration"), On.COMPANY),
    Action("manage_letters", msg("draw up letters"), On.BELOW),
    Action("manage_accounts", msg("manage accounts"), On.COMPANY),
    Action("manage_sources", msg("manage live sources"), On.COMPANY),
    Action("manage_webhooks", msg("manage webhooks"), On.COMPANY),
    Action("read_journal", msg("read the journal of everything done"), On.COMPANY),
    Action("close_period", msg("close a period"), On.COMPANY),
    Action("reopen_period", msg("open a closed period again"), On.COMPANY),
    Action("write_review", msg("write and sign their own review"), On.OWN),
    Action("review_team", msg("review people"), On.BELOW),
    Action("manage_reviews", msg("check reviews and adjust scores"), On.APPRAISALS),
    Action("calibrate", msg("calibrate grades"), On.APPRAISALS),
    Action("approve_calibration", msg("make a calibration final"), On.APPRAISALS),
    Action("appeal", msg("appeal"), On.OWN),
    Action("answer_appeal", msg("answer appeals"), On.APPRAISALS),
    Action("check_fairness", msg("ask whether results are fair"), On.APPRAISALS),
    Action("publish_plan", msg("put an incentive plan forward"), On.COMPANY),
    Action("approve_plan", msg("approve an incentive plan"), On.COMPANY),
    Action("run_pay", msg("run pay"), On.PAY),
    Action("approve_pay", msg("approve pay"), On.PAY),
    Action("make_scenario", msg("try scenarios"), On.COMPANY),
    Action("export_payroll", msg("export the payroll"), On.PAY),
)

#: Every action by name, in the order they are shown.
ACTIONS: Mapping[str, Action] = MappingProxyType({action.name: action for action in _ALL})
