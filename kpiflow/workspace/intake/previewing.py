"""What loading a workbook would do: facts with their cells beside what the store has, and what is set aside and why."""

from collections.abc import Iterator

import polars as pl

from kpiflow.errors import InvalidInput, suggest
from kpiflow.language import msg
from kpiflow.sources.rules import NUMBERS, SAME_AGAIN, sentence
from kpiflow.sources.workbooks import CellFacts, Choice, Known, Question, Sheet, Unfolded, Workbook, unfolded
from kpiflow.storage.mappings import beside_store
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.intake.answers import Preview, Ways
from kpiflow.workspace.intake.files import workbook
from kpiflow.workspace.intake.knowing import known
from kpiflow.workspace.intake.looking import LOAD

#: How many answers are offered for a name that is not even nearly known.
MOST_CHOICES = 2_000

#: What tells one fact from another.
KEY = ("metric", "unit", "person", "day", "entry")

#: The columns of what is set aside, beside the sheet: where, why, and the words as they are written.
REJECTED = (
    "cell", "row", "rule", "message", "metric", "unit", "person", "day", "entry", "value", "numerator", "denominator",
)  # fmt: skip


def previewed(ws: Books, asker: Asker, content: bytes, name: str, ways: Ways, *, locale: str = "en") -> Preview:
    """Return what loading a file would do; raises Refused, or InvalidInput when a sheet cannot be read so."""
    ws.may(asker, LOAD).require()
    return preview(ws, workbook(ws, content, name), ways, locale=locale)


def preview(ws: Books, book: Workbook, ways: Ways, *, locale: str = "en") -> Preview:
    """Return what loading a workbook that was read would do."""
    if not ways.sheets:
        raise InvalidInput(msg("No sheet of {name} is to be read. Choose one that holds measurements.", name=book.name))
    names = known(ws.company())
    read: list[tuple[Sheet, Unfolded]] = []
    for sheet_name, mapping in ways.sheets.items():
        sheet = _sheet(book, sheet_name)
        read.append((sheet, unfolded(sheet, mapping, names, locale=locale)))
    facts, twice = _once(pl.concat([_facts(sheet, out) for sheet, out in read]), locale)
    rejected = pl.concat([*(_rejected(sheet, out) for sheet, out in read), twice])
    for sheet, out in read:
        ways = ways.with_sheet(sheet.name, out.mapping or ways.sheets[sheet.name])
    return Preview(
        book.name,
        beside_store(ws.store, facts),
        rejected,
        tuple(one for _, out in read for one in out.left_out),
        tuple((sheet.name, one) for sheet, out in read for one in (*out.questions, *_strangers(out, names))),
        tuple(one for _, out in read for one in out.remarks),
        tuple(one for _, out in read for one in out.targets),
        ways,
    )


def _sheet(book: Workbook, name: str) -> Sheet:
    """Return a sheet by name; raises InvalidInput with the nearest one."""
    listed = {sheet.name: sheet for sheet in book.sheets}
    if name not in listed:
        near = suggest(name, listed)
        if near:
            raise InvalidInput(msg("There is no sheet '{word}'. Did you mean '{near}'?", word=name, near=near))
        raise InvalidInput(msg("There is no sheet '{word}'. There are: {some}.", word=name, some=", ".join(listed)))
    return listed[name]


def _facts(sheet: Sheet, out: Unfolded) -> pl.DataFrame:
    return out.facts.select(*CellFacts.column_names(), pl.lit(sheet.name).alias("sheet"))


def _rejected(sheet: Sheet, out: Unfolded) -> pl.DataFrame:
    """Return what a sheet sets aside, in our columns and all of it text but the row."""
    there = out.rejected
    filled = [
        pl.col(name).cast(pl.Int64 if name == "row" else pl.String)
        if name in there.columns
        else pl.lit(None, pl.Int64 if name == "row" else pl.String).alias(name)
        for name in REJECTED
    ]
    return there.select(pl.lit(sheet.name).alias("sheet"), *filled)


def _strangers(out: Unfolded, names: Known) -> Iterator[Question]:
    """Yield a question for each name that is not even nearly known: a person may still say whose it is."""
    asked = {(one.kind, one.written) for one in out.questions}
    for role, what in (("unit", msg("unit")), ("person", msg("person")), ("metric", msg("metric"))):
        if role not in out.rejected.columns:
            continue
        rows = out.rejected.filter(pl.col("rule").str.contains(f"unknown_{role}") & pl.col(role).is_not_null())
        every = tuple(Choice(one.id, f"{one.label or one.id} · {one.id}") for one in names.called(role)[:MOST_CHOICES])
        for (written,), cells in rows.group_by(role, maintain_order=True):
            if (role, written) not in asked:
                said = msg("Which {what} is '{word}'?", what=what, word=written)
                none = Choice("", msg("None of them: leave it out"))
                yield Question(role, said, (*every, none), str(written), tuple(cells["cell"].drop_nulls().head(4)))


def _once(facts: pl.DataFrame, locale: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the facts that are there once, and those that sheets say again: the same, or which is right cannot be known."""
    marked = facts.with_row_index("at").with_columns(
        again=pl.len().over(KEY), cells=pl.col("cell").over(KEY, mapping_strategy="join").list.join(", "),
        numbers=pl.struct(NUMBERS).n_unique().over(KEY), first=pl.col("at").min().over(KEY),
        before=pl.col("cell").first().over(KEY),
    )  # fmt: skip
    taken = (pl.col("again") == 1) | ((pl.col("numbers") == 1) & (pl.col("at") == pl.col("first")))
    aside = marked.filter(~taken)
    same = msg("It says the same as cell {cell}, which is taken.", cell=pl.col("before"))
    other = msg(
        "The same metric, unit, person and day is in several cells with different numbers: {cells}. Keep one.",
        cells=pl.col("cells"),
    )
    said = pl.when(pl.col("numbers") == 1)
    told = aside.with_columns(
        said.then(pl.lit(SAME_AGAIN)).otherwise(pl.lit("once_in_the_file")).alias("rule"),
        said.then(sentence(same, locale)).otherwise(sentence(other, locale)).alias("message"),
    )
    texts = (pl.col(name).cast(pl.Int64 if name == "row" else pl.String) for name in REJECTED)
    return marked.filter(taken).select(facts.columns), told.select("sheet", *texts)
