"""The part of the door for live sources."""

import json

import polars as pl

from kpiflow.errors import InvalidInput, NotFound
from kpiflow.frames.inert import inert_frame
from kpiflow.language import msg
from kpiflow.sources.live import SourceFailed
from kpiflow.storage.sources import read_rejects, read_runs
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.live import health, pulling, telling
from kpiflow.workspace.live.answers import Lives, Looked, Pulled, RejectFile


class SourceDesk(Books):
    """Questions and changes of this area; every method hears who is asking."""

    def live_sources(self, asker: Asker) -> Lives:
        """Answer how every source is; raises Refused."""
        return health.lives(self, asker)

    def look_at_source(self, asker: Asker, source: str) -> Looked:
        """Return the first rows a source would bring and the question it would be asked, taking nothing in.

        Raises Refused, NotFound, or InvalidInput with why it does not answer.
        """
        self.may(asker, "manage_sources").require()
        try:
            found = pulling.look(self, source)
        except SourceFailed as error:
            why, to_do = telling.failed(source, error.kind.value, error.said)
            raise InvalidInput(msg("{why} {then}", why=why, then=to_do)) from error
        return Looked(found.rows, found.question)

    def pull_source(
        self,
        asker: Asker,
        source: str,
        *,
        everything: bool = False,
        despite_drift: bool = False,
        who: str | None = None,
    ) -> Pulled:
        """Ask a source now and take in what it brings; raises Refused, NotFound, or InvalidInput when it is asked already."""
        self.may(asker, "manage_sources").require()
        how = pulling.How(who or asker.name, everything=everything, despite_drift=despite_drift)
        return pulling.pull(self, source, how)

    def source_runs(self, asker: Asker, source: str | None = None, limit: int = 50) -> pl.DataFrame:
        """Return what became of each time sources were asked, the newest first; raises Refused, or NotFound."""
        self.may(asker, "manage_sources").require()
        if source is not None:
            pulling.source_of(self, source)
        return read_runs(self.store, source, limit).drop("state")

    def source_rejects(self, asker: Asker, run: int) -> RejectFile:
        """Return the rows that a run set aside, as a CSV file to correct and load; raises Refused, or NotFound."""
        self.may(asker, "manage_sources").require()
        rows = read_rejects(self.store, run)
        if rows.is_empty():
            raise NotFound(msg("Nothing was set aside in run {run}.", run=str(run)))
        cells = [json.loads(text) if text else {} for text in rows["cells"]]
        wide = pl.DataFrame(cells, infer_schema_length=None).cast(pl.String) if any(cells) else pl.DataFrame()
        told = rows.select("row", "rule", "message", "part")
        whole = inert_frame(pl.concat([told, wide], how="horizontal") if wide.width else told)
        content = whole.write_csv(include_bom=True).encode()
        return RejectFile(f"source-run-{run}.rejects.csv", content, rows.height)
