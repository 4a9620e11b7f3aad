"""What the API refuses before any question is asked: a status, what it is called, and what the client needs to go on."""

from collections.abc import Mapping
from types import MappingProxyType

from kpiflow.errors import KPIFlowError
from kpiflow.language import Message

_NONE: Mapping[str, str] = MappingProxyType({})


class ApiRefusal(KPIFlowError):
    """A request refused with a status of its own.

    `kind` names the problem (`unauthorized`, `scope_missing`, `too_many_requests` …), `headers` go with the answer, and
    `extra` are further members of the problem details.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        message: Message,
        headers: Mapping[str, str] = _NONE,
        extra: Mapping[str, object] = _NONE,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.headers = headers
        self.extra = extra
