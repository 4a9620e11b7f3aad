"""Everything KPIFlow says to people: messages with facts in them, rendered in English or 简体中文.

Floor 2: the bottom. Knows nothing of the rest of the package.
"""

from kpiflow.language.catalogue import LOCALES, render
from kpiflow.language.message import Message, Name, Quantity, msg

__all__ = ["LOCALES", "Message", "Name", "Quantity", "msg", "render"]
