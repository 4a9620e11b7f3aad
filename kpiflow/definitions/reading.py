"""A config folder read into a company, with every problem at its line, all at once.

Floor 5: reads files of the folder it is given. Reads no clock or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from kpiflow.core.calendar import Calendar
from kpiflow.definitions.assembling import assembled
from kpiflow.definitions.checks import CHECKS
from kpiflow.definitions.columns import cell_problems, missing_problems, parsed, repeated_problems, settled
from kpiflow.definitions.company import TABLES, Company
from kpiflow.definitions.facts import FILES, FactFile, Found, take_items
from kpiflow.definitions.goal_rows import OPTIONAL, with_anchors, with_defaults, with_owners
from kpiflow.definitions.places import Places
from kpiflow.definitions.rows import TextRows, take_csv, take_yaml
from kpiflow.definitions.written import read_yaml
from kpiflow.errors import ConfigurationError, Level, Problem, suggest
from kpiflow.language import msg


@dataclass(frozen=True)
class Reading:
    """What reading a folder gave: the company unless there is an error, all problems by place, and where things are."""

    company: Company | None
    problems: tuple[Problem, ...]
    places: Places

    def required(self) -> Company:
        """Return the company; raises ConfigurationError with all problems when there is an error."""
        if self.company is None:
            errors = sum(problem.level is Level.ERROR for problem in self.problems)
            raise ConfigurationError(msg("The configuration has {count} errors.", count=errors), self.problems)
        return self.company


def read_company(folder: Path, *, checked: bool = True) -> Reading:
    """Return the company a folder describes, checked unless told otherwise; never raises for what the files say."""
    if not folder.is_dir():
        said = msg(
            "There is no folder '{folder}'. `kpiflow init` writes a small company to start from.", folder=str(folder)
        )
        return Reading(None, (Problem(str(folder), 1, Level.ERROR, said),), Places())
    found = Found()
    for file in FILES:
        _read_facts(folder, file, found)
    _note_strange_files(folder, found)
    _note_calendar_out_of_range(found)
    return judged(found, {name: _read_rows(folder, name) for name in TABLES}, checked=checked)


def judged(
    found: Found,
    rows: dict[str, TextRows],
    *,
    checked: bool = True,
    letters: Mapping[tuple[str, str], str] | None = None,
) -> Reading:
    """Return the company of definitions and rows of text, with every problem of either; `letters` as in `Places`."""
    for table in rows.values():
        found.problems += table.problems
    cells = {key: line for table in rows.values() for key, line in table.cells.items()}
    declared = {kind: frozenset(names) for kind, names in found.declared.items()}
    unread = found.unread | {name for name, table in rows.items() if table.unread}
    places = Places(facts=found.spots, cells=cells, declared=declared, letters=letters or {}, unread=frozenset(unread))
    frames, row_places = _tables(rows, found, places)
    places = replace(places, rows=row_places)
    company = _company(found, frames)
    problems = list(found.problems)
    if company is not None and checked:
        for check in CHECKS:
            problems += check(company, places)
    ordered = tuple(sorted(_distinct(problems), key=lambda one: (one.path, one.line, one.level, str(one.message))))
    sound = all(problem.level is not Level.ERROR for problem in ordered)
    return Reading(company if sound else None, ordered, places)


def _distinct(problems: list[Problem]) -> list[Problem]:
    """Return the problems without those that say the same about the same line."""
    return list({str(problem): problem for problem in problems}.values())


def _read_facts(folder: Path, file: FactFile, found: Found) -> None:
    """Read one file of definitions, or each file of the folder of plans."""
    path = folder / file.file
    sources = sorted(path.glob("*.yaml")) if file.kind == "plan" else [path] if path.is_file() else []
    if not sources and file.kind in ("profile", "calendar", "metric"):
        said = msg("There is no {file}. Every company needs one.", file=file.file)
        found.problem(str(path), 1, said)
    for source in sources:
        written, problems = read_yaml(source.read_bytes(), str(source))
        found.problems += problems
        if written is not None:
            take_items(file, written, str(source), found)
        else:
            found.unread.add(file.kind)


def _read_rows(folder: Path, table: str) -> TextRows:
    """Read one table from its YAML file, its CSV file, or both."""
    rows = TextRows(table)
    for ending in ("yaml", "csv"):
        path = folder / f"{table}.{ending}"
        if not path.is_file():
            continue
        if ending == "csv":
            take_csv(path.read_bytes(), str(path), rows)
            continue
        written, problems = read_yaml(path.read_bytes(), str(path))
        rows.problems += problems
        if written is not None:
            take_yaml(written, str(path), rows)
        else:
            rows.unread = True
    return rows


def _note_strange_files(folder: Path, found: Found) -> None:
    """Warn of YAML and CSV files that nothing reads, such as a metric.yaml that should be metrics.yaml."""
    known = {file.file for file in FILES} | {f"{table}.{ending}" for table in TABLES for ending in ("yaml", "csv")}
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".yaml", ".yml", ".csv") or path.name in known:
            continue
        near = suggest(path.name, known)
        said = msg("Nothing reads this file.")
        if near:
            said = msg("Nothing reads this file. Should it be called {near}?", near=near)
        found.problems.append(Problem(str(path), 1, Level.WARNING, said))


def _note_calendar_out_of_range(found: Found) -> None:
    """Report a calendar whose periods go beyond the days a computer can count (year 9999)."""
    calendar: Calendar | None = found.values["calendar"].get("")
    if calendar is None:
        return
    try:
        _ = calendar.periods
    except (ValueError, OverflowError):
        spot = found.spots["calendar", ""]
        found.problem(spot.path, spot.written.line_of(("cycles",)), msg("The calendar goes beyond the year 9999."))
        del found.values["calendar"][""]


def _tables(
    rows: dict[str, TextRows], found: Found, places: Places
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Return the typed tables and the places of their rows, noting every problem of a cell."""
    text = {name: one.frame() for name, one in rows.items()}
    optional: dict[str, frozenset[str]] = {name: frozenset() for name in TABLES}
    optional["goals"] = OPTIONAL
    calendar: Calendar | None = found.values["calendar"].get("")
    cycles = [cycle.cycle for cycle in calendar.cycles] if calendar else [""]
    metrics = found.values["metric"]

    text["assignments"] = text["assignments"].with_columns(pl.col("fte").fill_null("1"))
    goals = with_defaults(text["goals"], cycles)
    goals, problems = with_owners(goals, text["units"]["unit"], text["people"]["person"], places)
    found.problems += problems
    text["goals"], problems = with_anchors(goals, goals["metric"], metrics, places)
    found.problems += problems
    owners = text["goals"].select("goal", "metric").unique("goal", keep="first")
    metric = text["targets"].select("goal").join(owners, on="goal", how="left", maintain_order="left")["metric"]
    text["targets"], problems = with_anchors(text["targets"], metric, metrics, places)
    found.problems += problems

    frames: dict[str, pl.DataFrame] = {}
    row_places: dict[str, pl.DataFrame] = {}
    for name, schema in TABLES.items():
        columns = schema.columns()
        typed = text[name].select(
            *(parsed(column, pl.col(field)).alias(field) for field, column in columns.items()), "path", "line"
        )
        found.problems += missing_problems(name, text[name], optional[name], places)
        found.problems += cell_problems(name, text[name], typed, places)
        found.problems += repeated_problems(name, typed, places)
        frames[name], row_places[name] = settled(name, typed)
    return frames, row_places


def _company(found: Found, frames: dict[str, pl.DataFrame]) -> Company | None:
    """Return the company of everything that was understood, or None without a profile or calendar."""
    profile, calendar = found.values["profile"].get(""), found.values["calendar"].get("")
    if profile is None or calendar is None:
        return None
    return assembled(profile, calendar, lambda kind: found.values[kind], frames)
