"""A folder that CSV or Parquet files are put into: read again whenever a file is new or has changed."""

import hashlib
from pathlib import Path
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from kpiflow.core.live_source import LiveSource
from kpiflow.errors import InvalidInput
from kpiflow.language import Message, msg
from kpiflow.sources import csv, parquet
from kpiflow.sources.live.asked import Failure, Fetched, Look, Part, Since, SourceFailed
from kpiflow.sources.live.tidying import found_columns, tidied
from kpiflow.sources.reader import Reader

#: The formats of files in a folder.
READERS: tuple[Reader, ...] = (csv, parquet)

_NONE = pl.DataFrame()


class FolderSource(LiveSource):
    """Files of one form in a folder. A file is told by its content: an old name with new content is read again.

    When one changed, all are read: of a fact that several files have, the one whose name comes last counts, in
    whichever order they arrived. What is no longer needed is moved away; what it brought stays.
    """

    kind: Literal["folder"] = "folder"
    path: str = Field(min_length=1, description="The folder; a relative one begins where the store lies.")
    pattern: str = Field(default="*.csv", description="Which files of it, such as *.csv or 2026-*.parquet.")

    summary: ClassVar[Message] = msg("CSV or Parquet files that are put into a folder")

    def fetch(self, since: Since) -> Fetched:
        """Return every file's rows when one is new or changed, and nothing otherwise; raises SourceFailed."""
        files = self._files(since)
        prints = {path.name: _fingerprint(path) for path in files}
        if prints == since.state.get("files"):
            return Fetched((), since.state)
        parts = tuple(self._part(path) for path in files)
        read = {part.name for part in parts if part.problem is None}
        return Fetched(parts, {"files": {name: found for name, found in prints.items() if name in read}})

    def look(self, since: Since) -> Look:
        """Return the first rows of the newest file, by name; raises SourceFailed."""
        files = self._files(since)
        if not files:
            raise SourceFailed(Failure.NOT_THERE, f"no file fits {self.pattern}")
        part = self._part(files[-1])
        if part.problem is not None:
            raise SourceFailed(Failure.NOT_UNDERSTOOD, str(part.problem))
        return Look(part.rows.head(10), f"{Path(self.path) / self.pattern}: {', '.join(path.name for path in files)}")

    def _files(self, since: Since) -> list[Path]:
        folder = since.home / self.path
        if not folder.is_dir():
            raise SourceFailed(Failure.NOT_THERE, f"no folder {self.path}", again=True)
        return sorted((path for path in folder.glob(self.pattern) if path.is_file()), key=lambda path: path.name)

    def _part(self, path: Path) -> Part:
        """Return the rows of a file, or what is wrong with it as a whole: one bad file keeps no other out."""
        try:
            reader = next(one for one in READERS if path.suffix.casefold() in one.SUFFIXES)
            cells = reader.cells(path)
            found = found_columns(self, cells.frame.columns)
        except StopIteration:
            return Part(path.name, _NONE, problem=msg("{path} is neither CSV nor Parquet.", path=path.name))
        except InvalidInput as error:
            return Part(path.name, _NONE, problem=error.message)
        except SourceFailed as error:
            return Part(path.name, _NONE, problem=error.message)
        rows = cells.frame.select(**dict(found.items()))
        return Part(path.name, tidied(self, rows), first_row=cells.first_row)


def _fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise SourceFailed(Failure.NOT_ALLOWED, f"{path.name}: {error.strerror}") from error
