"""A company written back as YAML and CSV that reads as the same company.

Floor 5: writes files into the folder it is given. Reads no clock or database.
"""

import io
from pathlib import Path
from typing import Any

import polars as pl
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from kpiflow.core.status import DEFAULT_RULES
from kpiflow.definitions.assembling import definitions_of
from kpiflow.definitions.company import TABLES, Company
from kpiflow.definitions.facts import FILES, FactFile
from kpiflow.definitions.plain import plain
from kpiflow.errors import InvalidInput
from kpiflow.frames.inert import inert_frame
from kpiflow.language import msg

#: What the first lines of each file say.
ABOUT: dict[str, str] = {
    "profile": "The company as such. The other files beside this one hold the rest.",
    "calendar": "The planning years; periods are named after them (2026, 2026-Q1, 2026-01).",
    "metric": "What is measured. Goals name a metric; their targets are in its unit.",
    "curve": "What a result earns. Goals name a curve; without one they have the standard curve.",
    "phasing": "How a target is spread over the months. Goals name a phasing.",
    "status": "The ordered rules of status: the first that fits wins.",
    "scorecard": "Which goals make a person's score, by the role in assignments.csv.",
    "grades": "Grade scales, from the best grade down. Scorecards name one.",
    "distribution": "What share of a group should have which grade. Calibration sessions name one.",
    "source": "Where measurements are fetched from by themselves, and when.",
    "role": "What the roles in assignments.csv may read and do.",
    "plan": "An incentive plan.",
}


def export_company(company: Company, folder: Path, *, replace: bool = False) -> list[Path]:
    """Write a company into a folder and return the files; raises InvalidInput where other configuration stands in the way.

    With `replace` the configuration files that are there are taken away first, and nothing else is.
    """
    standing = _configuration_in(folder)
    if standing and not replace:
        raise InvalidInput(
            msg(
                "{folder} holds configuration already ({file}). Export to an empty folder.",
                folder=str(folder),
                file=standing[0].name,
            )
        )
    for path in standing:
        path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for file in FILES:
        items = [(name, one) for kind, name, one in definitions_of(company) if kind == file.kind]
        written += _write_facts(file, items, folder)
    for name in TABLES:
        if company.table(name).height:
            path = folder / f"{name}.csv"
            path.write_bytes(inert_frame(as_people_write(name, company.table(name))).write_csv().encode())
            written.append(path)
    return written


def _configuration_in(folder: Path) -> list[Path]:
    """Return the files in a folder that reading it would read."""
    names = [file.file for file in FILES if file.kind != "plan"]
    names += [f"{table}.{ending}" for table in TABLES for ending in ("yaml", "csv")]
    plans = sorted((folder / "plans").glob("*.yaml"))
    return [path for path in (folder / name for name in names) if path.is_file()] + plans


def _write_facts(file: FactFile, items: list[tuple[str, Any]], folder: Path) -> list[Path]:
    """Write one file of definitions, or one file per plan; nothing where all is as it is by default."""
    if file.kind == "status" and tuple(one for _, one in items) == DEFAULT_RULES:
        items = []
    if not items:
        return []
    about = f"# {ABOUT[file.kind]}\n# yaml-language-server: $schema=./schema/{schema_name(file)}.json\n"
    if file.kind == "plan":
        about = about.replace("./schema", "../schema")
        paths = [folder / file.file / f"{_file_name(name, number)}.yaml" for number, (name, _) in enumerate(items)]
        for path, (_, one) in zip(paths, items, strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_text(about + as_yaml(plain(one, brief=True)), encoding="utf-8")
        return paths
    facts = [_identity_first(plain(one, brief=True), file.identity) for _, one in items]
    path = folder / file.file
    path.write_text(about + as_yaml({file.heading: facts} if file.heading else facts[0]), encoding="utf-8")
    return [path]


def schema_name(file: FactFile) -> str:
    """Return the name of the JSON schema of a file."""
    return "plan" if file.kind == "plan" else file.file.removesuffix(".yaml")


def _file_name(name: str, number: int) -> str:
    """Return a plan's id as a file name; ids with strange characters are numbered."""
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else f"plan_{number + 1}"


def _identity_first(fact: dict[str, Any], identity: str | None) -> dict[str, Any]:
    first = [key for key in (identity, "kind", "label", "label_zh") if key in fact]
    return {key: fact[key] for key in [*first, *(key for key in fact if key not in first)]}


def as_yaml(value: Any) -> str:
    """Return YAML text: blocks outside, lists of plain words and numbers on one line."""
    yaml = YAML()
    yaml.width = 120
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(_styled(value), text)
    return text.getvalue()


def _styled(value: Any) -> Any:
    if isinstance(value, dict):
        return CommentedMap({key: _styled(one) for key, one in value.items()})
    if isinstance(value, list):
        styled = CommentedSeq([_styled(one) for one in value])
        if not any(isinstance(one, dict | list) for one in value):
            styled.fa.set_flow_style()
        return styled
    return value


def as_people_write(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table as people write it: owners in one word, whole numbers without a point, no column without content."""
    if name == "goals":
        same = (pl.col("scope") == pl.col("owner")) & (pl.col("scope_kind") == pl.col("owner_kind"))
        table = table.with_columns(
            owner=pl.format("{}:{}", "owner_kind", "owner"),
            scope=pl.when(~same).then(pl.format("{}:{}", "scope_kind", "scope")),
        ).drop("owner_kind", "scope_kind")
    table = table.with_columns(
        pl.col(column).cast(pl.String).str.strip_suffix(".0")
        for column in table.columns
        if table[column].dtype == pl.Float64
    )
    empty = [column for column in table.columns if table[column].null_count() == table.height]
    return table.drop(empty)
