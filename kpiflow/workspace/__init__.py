"""The one door between the faces and everything else: queries and commands, applied within the asker's rights.

Floor 6: knows everything below and nothing of the faces.
"""

from kpiflow.errors import KPIFlowError, NotFound, Refused
from kpiflow.language import LOCALES, Message, Name, Quantity, msg, render
from kpiflow.workspace.answers import Choice, GoalPage, Headline, Overview, Progress, Reason
from kpiflow.workspace.books import ADMINISTRATOR, Asker
from kpiflow.workspace.door import Workspace
from kpiflow.workspace.serving import current, set_current
from kpiflow.workspace.words import STATUS_WORDS

__all__ = [
    "ADMINISTRATOR",
    "LOCALES",
    "STATUS_WORDS",
    "Asker",
    "Choice",
    "GoalPage",
    "Headline",
    "KPIFlowError",
    "Message",
    "Name",
    "NotFound",
    "Overview",
    "Progress",
    "Quantity",
    "Reason",
    "Refused",
    "Workspace",
    "current",
    "msg",
    "render",
    "set_current",
]
