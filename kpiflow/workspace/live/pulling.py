"""Asking a source and taking in what it brings: facts, watermark and record in one transaction, or nothing at all."""

import datetime
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kpiflow.errors import InvalidInput, StoreError, not_found
from kpiflow.language import Name, msg
from kpiflow.sources.live import AnySource, Failure, Fetched, Look, Since, SourceFailed
from kpiflow.sources.live.drift import MOST, Drift, drifts, to_judge
from kpiflow.sources.live.failing import failure_of
from kpiflow.sources.live.secrets import scrubbed
from kpiflow.sources.live.stability import shifts
from kpiflow.sources.live.trying import tried
from kpiflow.storage.documents import definitions_version
from kpiflow.storage.journal import Entry, record
from kpiflow.storage.loads import LoadReport, Source, load
from kpiflow.storage.sources import (
    SourceRun,
    add_rejects,
    add_run,
    add_volumes,
    last_runs,
    last_state,
    only_news,
    read_rejects,
    read_volumes,
)
from kpiflow.storage.store import FAILURES
from kpiflow.storage.value_bins import binned_values
from kpiflow.workspace.books import Books
from kpiflow.workspace.commands import known_words
from kpiflow.workspace.live import telling
from kpiflow.workspace.live.answers import Pulled
from kpiflow.workspace.live.intake import MOST_KEPT, Intake, taken

#: What a state says beside what the source itself remembers: which definition it belongs to, and at which version of the
#: company rows were last set aside that a later version may know.
_DEFINITION, _UNSETTLED = "definition", "unsettled"


@dataclass(frozen=True)
class How:
    """How a source is asked: by whom, by hand or by schedule, and what is left out of account."""

    who: str
    by_hand: bool = True
    everything: bool = False  # as if never asked before
    despite_drift: bool = False
    ending: threading.Event = field(default_factory=threading.Event)


def source_of(ws: Books, name: str) -> AnySource:
    """Return a source of the company; raises NotFound with the nearest one."""
    sources = ws.company().sources
    if name not in sources:
        raise not_found(msg("source"), name, sources)
    return sources[name]


def look(ws: Books, name: str) -> Look:
    """Return what a source would bring, without taking anything in; raises NotFound, or SourceFailed."""
    source = source_of(ws, name)
    return source.look(Since(_home(ws), _own(_state(ws, source))))


def pull(ws: Books, name: str, how: How) -> Pulled:
    """Ask a source and take in what it brings; an outage is written down and raises nothing.

    Raises NotFound for a source that there is not, InvalidInput when it is being asked already, StoreError when the store
    takes nothing.
    """
    source = source_of(ws, name)
    with _alone(ws, name):
        begun = _now()
        try:
            brought = _brought(ws, source, how)
        except Exception as error:  # noqa: BLE001
            # What comes from outside can be wrong in ways nobody thought of; it stops this source, and nothing else.
            return _note_failure(ws, source, _why(error, source), how, begun)
        return _take_in(ws, source, brought, how, begun)


def _brought(ws: Books, source: AnySource, how: How) -> "_Brought":
    """Ask a source and hold what it brings to the rules; raises SourceFailed, and whatever else can go wrong outside."""
    state = {} if how.everything else _state(ws, source)
    since = Since(_home(ws), _own(state), how.ending)
    fetched = tried(source, since, lambda: source.fetch(since))
    intake = taken(fetched, known_words(ws.company()))
    known = read_volumes(ws.store, source.source)
    found = [*drifts(known, intake.volumes, ws.today(), source.expected), *_shifted(ws, source, known, intake)]
    if found and source.stop_on_drift and not how.despite_drift:
        raise _Drifted(found)
    return _Brought(fetched, intake, found, state)


def _shifted(ws: Books, source: AnySource, known: pl.DataFrame, intake: Intake) -> list[Drift]:
    """Return the questions that the values of new and changed days raise, held against those of the days before."""
    judged = to_judge(known, intake.volumes, ws.today())
    counts = pl.col("denominator").cast(pl.Float64)
    value = pl.coalesce(
        pl.col("value").cast(pl.Float64), pl.when(counts > 0).then(pl.col("numerator").cast(pl.Float64) / counts)
    )
    arrived = intake.facts.join(judged, on=["metric", "day"], how="semi").select("metric", "day", value.alias("value"))
    return shifts(binned_values(ws.store, source.source, arrived, MOST), arrived)


def _why(error: Exception, source: AnySource) -> SourceFailed:
    """Return why nothing came in; raises what is the store's trouble and not the source's."""
    if isinstance(error, (StoreError, *FAILURES)):
        raise error
    if isinstance(error, InvalidInput):
        return SourceFailed(Failure.NOT_UNDERSTOOD, scrubbed(str(error), source))
    return failure_of(error, source)


class _Drifted(SourceFailed):
    """What came is not taken in, because it is unlike what used to come."""

    def __init__(self, found: list[Drift]) -> None:
        super().__init__(Failure.DRIFT, "")
        self.found = found


@dataclass(frozen=True)
class _Brought:
    fetched: Fetched
    intake: Intake
    drift: list[Drift]
    before: dict[str, object]


def _take_in(ws: Books, source: AnySource, brought: _Brought, how: How, begun: datetime.datetime) -> Pulled:
    """Write facts, rows set aside, volumes, the state and the run in one transaction."""
    intake = brought.intake
    with ws.store.write() as cursor:
        report, news = None, only_news(cursor, intake.facts)
        if news.height:
            came = Source(
                f"source {source.source}",
                intake.fingerprint,
                news.height + intake.rejected.height,
                intake.rejected.height,
            )
            report = load(ws.store, news, came, who=how.who, at=begun)
        same = _same_rejects(ws, source.source, intake.rejected)
        run = add_run(
            cursor,
            SourceRun(
                source.source, begun, _now(), how.by_hand, how.who, report, _next_state(ws, source, brought),
                intake.seen, intake.read, intake.rejected.height, same, drift=telling.kept(brought.drift),
            ),
        )  # fmt: skip
        if report is not None:
            add_volumes(cursor, run, source.source, intake.volumes)
        if same is None and intake.rejected.height:
            add_rejects(cursor, run, intake.rejected.head(MOST_KEPT))
        if how.by_hand or report is not None:
            facts = {"run": run, "read": intake.read, "rejected": intake.rejected.height}
            record(cursor, Entry(begun, how.who, "pull_source", source.source, None, facts))
    return _pulled(ws, source, run, report, brought)


def _pulled(ws: Books, source: AnySource, run: int, report: LoadReport | None, brought: _Brought) -> Pulled:
    intake = brought.intake
    added, superseded = (report.added, report.superseded) if report else (0, 0)
    counted = (added, intake.facts.height - added - superseded, superseded)
    asked = telling.questions(telling.kept(brought.drift), metric_names(ws))
    return Pulled(
        run, source.source, intake.seen, intake.read, *counted, intake.rejected.height, None, asked,
        new=bool(brought.fetched.parts),
    )  # fmt: skip


def _note_failure(ws: Books, source: AnySource, error: SourceFailed, how: How, begun: datetime.datetime) -> Pulled:
    """Write down that nothing came in; the state stays, so that the next time begins where the last good one ended."""
    found = error.found if isinstance(error, _Drifted) else []
    before = last_runs(ws.store).filter(pl.col("source") == source.source)
    with ws.store.write() as cursor:
        run = add_run(
            cursor,
            SourceRun(
                source.source, begun, _now(), how.by_hand, how.who, failure=error.kind.value, said=error.said,
                drift=telling.kept(found),
            ),
        )  # fmt: skip
        if how.by_hand or before.is_empty() or before["failure"][0] != error.kind.value:
            record(
                cursor,
                Entry(begun, how.who, "pull_source", source.source, None, {"run": run, "failure": error.kind.value}),
            )
    why, _ = telling.failed(source.source, error.kind.value, error.said)
    asked = telling.questions(telling.kept(found), metric_names(ws))
    return Pulled(run, source.source, 0, 0, 0, 0, 0, 0, why, asked, new=False)


def _next_state(ws: Books, source: AnySource, brought: _Brought) -> dict[str, object]:
    """Return where to begin next time, and whether rows set aside wait for a company that knows more."""
    state = {**brought.fetched.state, _DEFINITION: _definition(source)}
    waits = brought.before.get(_UNSETTLED)
    if brought.intake.rejected.height:
        waits = definitions_version(ws.store, None)
    elif not brought.before or (brought.fetched.parts and "watermark" not in brought.fetched.state):
        waits = None
    return state if waits is None else {**state, _UNSETTLED: waits}


def _state(ws: Books, source: AnySource) -> dict[str, object]:
    """Return where a source stood; empty when it is defined otherwise by now, or the company may know rows set aside then."""
    state = last_state(ws.store, source.source)
    changed = state.get(_DEFINITION) != _definition(source)
    learned = _UNSETTLED in state and state[_UNSETTLED] != definitions_version(ws.store, None)
    return {} if changed or learned else state


def _own(state: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in state.items() if name not in (_DEFINITION, _UNSETTLED)}


def _definition(source: AnySource) -> str:
    """Return the fingerprint of what decides which rows there are; when it is asked does not."""
    left_out = {"label", "label_zh", "every", "cron", "retries", "timeout", "expected", "stop_on_drift"}
    return hashlib.sha256(source.model_dump_json(exclude=left_out).encode()).hexdigest()


def _same_rejects(ws: Books, source: str, rejected: pl.DataFrame) -> int | None:
    """Return the run that set the very same rows aside last time; None when they are others."""
    last = last_runs(ws.store).filter(pl.col("source") == source)
    if not rejected.height or last.is_empty() or last["rows_rejected"][0] != rejected.height:
        return None
    run = int(last["rejects_of"][0] or last["run"][0])
    return run if read_rejects(ws.store, run).equals(rejected.head(MOST_KEPT).sort("part", "row")) else None


def metric_names(ws: Books) -> dict[str, Name]:
    """Return metrics by id with what people call them."""
    return {name: Name(metric.label, metric.label_zh) for name, metric in ws.company().metrics.items()}


def _home(ws: Books) -> Path:
    """Return the folder that relative paths begin at: where the store lies."""
    return Path(ws.store.path).parent


#: The sources that are being asked in this process, which is the only one that has the store.
_UNDER_WAY: set[tuple[Path, str]] = set()
_GUARD = threading.Lock()


@contextmanager
def _alone(ws: Books, source: str) -> Iterator[None]:
    """Keep everybody else from asking a source meanwhile; raises InvalidInput when somebody is asking it."""
    key = (Path(ws.store.path), source)
    with _GUARD:
        if key in _UNDER_WAY:
            raise InvalidInput(
                msg("The source {source} is being asked already. Wait until that has ended.", source=source)
            )
        _UNDER_WAY.add(key)
    try:
        yield
    finally:
        with _GUARD:
            _UNDER_WAY.discard(key)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
