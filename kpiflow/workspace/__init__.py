"""The one door between the faces and everything else: queries and commands, applied within the asker's rights.

Floor 6: knows everything below and nothing of the faces.
"""

from kpiflow.errors import KPIFlowError, NotFound, Refused
from kpiflow.language import LOCALES, Message, Name, Quantity, msg, render
from kpiflow.storage import FAILURES
from kpiflow.workspace.answers import (
    ChangePreview,
    Choice,
    GoalPage,
    Headline,
    Made,
    Overview,
    Progress,
    Reason,
    Reconciled,
    SplitPreview,
)
from kpiflow.workspace.books import ADMINISTRATOR, Asker
from kpiflow.workspace.door import Workspace
from kpiflow.workspace.serving import current, set_current
from kpiflow.workspace.todo import Duty, DutyKind
from kpiflow.workspace.words import STATUS_WORDS

__all__ = [
    "ADMINISTRATOR",
    "FAILURES",
    "LOCALES",
    "STATUS_WORDS",
    "Asker",
    "ChangePreview",
    "Choice",
    "Duty",
    "DutyKind",
    "GoalPage",
    "Headline",
    "KPIFlowError",
    "Made",
    "Message",
    "Name",
    "NotFound",
    "Overview",
    "Progress",
    "Quantity",
    "Reason",
    "Reconciled",
    "Refused",
    "SplitPreview",
    "Workspace",
    "current",
    "msg",
    "render",
    "set_current",
]
