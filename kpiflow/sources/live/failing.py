"""What drivers of databases raise, told apart by the words they use, since each has classes of its own."""

from kpiflow.core.live_source import LiveSource
from kpiflow.errors import KPIFlowError
from kpiflow.sources.live.asked import Failure, SourceFailed
from kpiflow.sources.live.secrets import scrubbed

#: Names of error classes, of whatever driver, and what each means.
_CLASSES: dict[str, Failure] = {
    "UndefinedTable": Failure.NOT_THERE,
    "UndefinedColumn": Failure.NOT_THERE,
    "InvalidSchemaName": Failure.NOT_THERE,
    "InvalidCatalogName": Failure.NOT_THERE,
    "TableNotFound": Failure.NOT_THERE,
    "CatalogException": Failure.NOT_THERE,
    "FileNotFoundError": Failure.NOT_THERE,
    "IOException": Failure.NOT_THERE,
    "BinderException": Failure.NOT_THERE,
    "InsufficientPrivilege": Failure.NOT_ALLOWED,
    "PermissionException": Failure.NOT_ALLOWED,
    "PermissionError": Failure.NOT_ALLOWED,
    "InvalidPassword": Failure.NOT_ALLOWED,
    "InvalidAuthorizationSpecification": Failure.NOT_ALLOWED,
    "OperationalError": Failure.UNREACHABLE,
    "ConnectionTimeout": Failure.UNREACHABLE,
    "QueryCanceled": Failure.UNREACHABLE,
    "AdminShutdown": Failure.UNREACHABLE,
    "InterfaceError": Failure.UNREACHABLE,
    "ConnectionError": Failure.UNREACHABLE,
    "TimeoutError": Failure.UNREACHABLE,
}

#: Words of a message that say more than its class.
_WORDS: tuple[tuple[str, Failure], ...] = (
    ("authentication failed", Failure.NOT_ALLOWED),
    ("no password supplied", Failure.NOT_ALLOWED),
    ("access denied", Failure.NOT_ALLOWED),
    ("no pg_hba.conf entry", Failure.NOT_ALLOWED),
    ("permission denied", Failure.NOT_ALLOWED),
    ("does not exist", Failure.NOT_THERE),
    ("table_or_view_not_found", Failure.NOT_THERE),
)


def failure_of(error: Exception, source: LiveSource) -> SourceFailed:
    """Return why a source failed, in words without its secrets; only what may pass is worth another attempt."""
    if isinstance(error, SourceFailed):
        return error
    if isinstance(error, KPIFlowError):  # a secret that is not set
        return SourceFailed(Failure.NO_SECRET, scrubbed(str(error), source))
    said = str(error)
    kinds = [_CLASSES[name] for name in (one.__name__ for one in type(error).__mro__) if name in _CLASSES]
    kind = kinds[0] if kinds else Failure.NOT_UNDERSTOOD
    kind = next((found for words, found in _WORDS if words in said.casefold()), kind)
    first = next((line for line in said.splitlines() if line.strip()), type(error).__name__)
    return SourceFailed(kind, scrubbed(first, source), again=kind is Failure.UNREACHABLE)
