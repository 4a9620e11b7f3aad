"""The list of reviews somebody may see: how far each has come, whom it waits for, and who is late."""

import datetime

import polars as pl

from kpiflow.access.reach import Topic
from kpiflow.core.review import ReviewState, ReviewStep
from kpiflow.storage.reviews import peers_named
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.handing_down.planning import hand
from kpiflow.workspace.reviewing.answers import ReviewList, Wanted
from kpiflow.workspace.reviewing.sides import HR, OWN, TEAM
from kpiflow.workspace.reviewing.standing import standings

#: Every review, the first page.
EVERY = Wanted()


def within(ws: Books, asker: Asker, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of people whose appraisals the person asking reads, or whom they lead."""
    reach = ws.reach(asker, Topic.APPRAISALS)
    if reach.people is None:
        return rows
    people = set(reach.people)
    if ws.may(asker, TEAM).allowed:
        led = hand(ws, asker, TEAM).people
        if led is None:
            return rows
        people |= led
    return rows.filter(pl.col("person").is_in(list(people)))


def waiting(ws: Books, asker: Asker) -> pl.Expr:
    """Return whether a review waits for the person asking: their own step, as the manager, or as HR."""
    if asker.person is None:
        return pl.lit(value=False)
    step, person = pl.col("waits_for"), pl.col("person")
    own = person == asker.person
    found = pl.lit(value=False)
    if ws.may(asker, OWN).allowed:
        found = own & step.is_in([ReviewStep.SELF.value, ReviewStep.SIGNED.value])
    if ws.may(asker, TEAM).allowed:
        found = found | (~own & (step == ReviewStep.MANAGER.value) & (pl.col("manager") == asker.person))
    if ws.may(asker, HR).allowed:
        found = found | (~own & (step == ReviewStep.HR.value) & _looked_after(ws, asker))
    return found.fill_null(value=False)


def _looked_after(ws: Books, asker: Asker) -> pl.Expr:
    """Return whether HR's check of a person is for the person asking: those whose appraisals they read by that role."""
    people = ws.reach(asker, Topic.APPRAISALS).people
    return pl.lit(value=True) if people is None else pl.col("person").is_in(list(people))


def reviews(
    ws: Books, asker: Asker, period: str, as_of: datetime.date | None = None, wanted: Wanted = EVERY
) -> ReviewList:
    """Answer how the reviews of a period stand, a page at a time; raises NotFound for an unknown period or unit."""
    ws.moment(period, as_of)
    every = within(ws, asker, standings(ws, period, as_of))
    if wanted.unit is not None:
        below = ws.unit_tree(as_of).filter(pl.col("ancestor") == wanted.unit)["unit"]
        every = every.filter(pl.col("unit").is_in(below.implode()))
    mine = waiting(ws, asker)
    rows = every.filter(_fits(wanted), mine if wanted.mine else pl.lit(value=True))
    rows = rows.sort("late", "label", "person", descending=[True, False, False]).with_columns(
        waits_on=pl.when(pl.col("waits_for") == ReviewStep.MANAGER.value).then("manager")
        .when(pl.col("waits_for").is_in([ReviewStep.SELF.value, ReviewStep.SIGNED.value])).then("person")
    )  # fmt: skip
    names = ws.company(as_of).people.select(waits_on="person", waits_on_label="label", waits_on_label_zh="label_zh")
    counts = dict(every.group_by("state").len().iter_rows())
    return ReviewList(
        period=period,
        rows=rows.slice(wanted.offset, wanted.limit).join(names, on="waits_on", how="left", maintain_order="left"),
        found=rows.height,
        total=every.height,
        late=every.filter(pl.col("late") > 0).height,
        mine=every.filter(mine).height,
        counts={state: counts.get(state.value, 0) for state in ReviewState},
        units=_by_unit(every),
        asked=asked_as_peer(ws, asker, period, as_of),
    )


def _fits(wanted: Wanted) -> pl.Expr:
    fits = pl.lit(value=True)
    if wanted.state is not None:
        fits &= pl.col("state") == wanted.state.value
    if wanted.late:
        fits &= pl.col("late") > 0
    word = wanted.word.strip().casefold()
    if word:
        names = [pl.col(name).fill_null("").str.to_lowercase() for name in ("person", "label", "label_zh")]
        fits &= pl.any_horizontal(name.str.contains(word, literal=True) for name in names)
    return fits


def _by_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the units with how many are reviewed, late and signed, those with most late ones first."""
    return (
        rows.group_by("unit", label="unit_label", label_zh="unit_label_zh")
        .agg(
            people=pl.len(), late=(pl.col("late") > 0).sum(), signed=(pl.col("state") == ReviewState.SIGNED.value).sum()
        )
        .sort("late", "people", "unit", descending=[True, True, False])
    )


def asked_as_peer(ws: Books, asker: Asker, period: str, as_of: datetime.date | None) -> pl.DataFrame:
    """Return the people who wait for a rating of the person asking as a peer: person, label, label_zh, since."""
    columns = ("person", "label", "label_zh", "since")
    if asker.person is None:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    with ws.store.read() as cursor:
        named = peers_named(cursor, period, peer=asker.person, as_of=ws.believed(as_of)).filter(~pl.col("rated"))
    over = [ReviewState.HR_CHECKED.value, ReviewState.SIGNED.value]
    open_ = standings(ws, period, as_of).filter(~pl.col("state").is_in(over))
    return named.join(open_.select("person", "label", "label_zh"), on="person").select(*columns)
