"""The one door between the faces and everything else: queries and commands, applied within the asker's rights.

Floor 6: knows everything below and nothing of the faces.
"""

from kpiflow.errors import KPIFlowError, NotFound, Refused
from kpiflow.language import LOCALES, Message, Name, Quantity, msg, render
from kpiflow.storage import FAILURES
from kpiflow.storage.evidence import Evidence
from kpiflow.workspace.answers import (
    ChangePreview,
    Choice,
    GoalPage,
    Headline,
    Made,
    Overview,
    PlanPay,
    Progress,
    Reason,
    Reconciled,
    SplitPreview,
)
from kpiflow.workspace.books import ADMINISTRATOR, Asker
from kpiflow.workspace.door import Workspace
from kpiflow.workspace.handing_down.answering import STATE_WORDS as LINE_WORDS
from kpiflow.workspace.handing_down.desk_answers import (
    Answered,
    Draft,
    Drafted,
    ProposalAsked,
    Proposals,
    Proposed,
    SheetRead,
    Sums,
    Team,
)
from kpiflow.workspace.handing_down.resplits import ResplitOffer
from kpiflow.workspace.handing_down.setting import Part
from kpiflow.workspace.handing_down.spreads import Wish
from kpiflow.workspace.handing_down.target_answers import (
    GoalPreview,
    NewGoal,
    OffTrackGroup,
    Portfolio,
    Strategy,
    TargetDesk,
    TargetForm,
)
from kpiflow.workspace.handing_down.team import PAGE as TEAM_PAGE
from kpiflow.workspace.handing_down.team import SHOWS as TEAM_SHOWS
from kpiflow.workspace.handing_down.team import TeamView
from kpiflow.workspace.outlooks.ahead import Ahead
from kpiflow.workspace.outlooks.outcomes import Outcomes
from kpiflow.workspace.outlooks.outlook import Outlook
from kpiflow.workspace.outlooks.what_if import WhatIf
from kpiflow.workspace.portfolio import Filter
from kpiflow.workspace.reporting.spoken import CheckedIn, CheckIns, Form, NeedsReason, Said, Step, Takes, Unusual
from kpiflow.workspace.reporting.staff_desk import StaffDesk
from kpiflow.workspace.serving import current, set_current
from kpiflow.workspace.todo import Duty, DutyKind
from kpiflow.workspace.words import STATUS_WORDS

__all__ = [
    "ADMINISTRATOR",
    "FAILURES",
    "LINE_WORDS",
    "LOCALES",
    "STATUS_WORDS",
    "TEAM_PAGE",
    "TEAM_SHOWS",
    "Ahead",
    "Answered",
    "Asker",
    "ChangePreview",
    "CheckIns",
    "CheckedIn",
    "Choice",
    "Draft",
    "Drafted",
    "Duty",
    "DutyKind",
    "Evidence",
    "Filter",
    "Form",
    "GoalPage",
    "GoalPreview",
    "Headline",
    "KPIFlowError",
    "Made",
    "Message",
    "Name",
    "NeedsReason",
    "NewGoal",
    "NotFound",
    "OffTrackGroup",
    "Outcomes",
    "Outlook",
    "Overview",
    "Part",
    "PlanPay",
    "Portfolio",
    "Progress",
    "ProposalAsked",
    "Proposals",
    "Proposed",
    "Quantity",
    "Reason",
    "Reconciled",
    "Refused",
    "ResplitOffer",
    "Said",
    "SheetRead",
    "SplitPreview",
    "StaffDesk",
    "Step",
    "Strategy",
    "Sums",
    "Takes",
    "TargetDesk",
    "TargetForm",
    "Team",
    "TeamView",
    "Unusual",
    "WhatIf",
    "Wish",
    "Workspace",
    "current",
    "msg",
    "render",
    "set_current",
]
