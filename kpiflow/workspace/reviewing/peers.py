"""Who can be asked as a peer: found by name for whoever names peers, and the nearest person to a word that is nobody's id."""

import polars as pl

from kpiflow.access.decision import Decision
from kpiflow.errors import NotFound, not_found, suggest
from kpiflow.language import Name, msg
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.labels import name_of, person_name, with_unit_names
from kpiflow.workspace.lists.organisation import assigned
from kpiflow.workspace.reviewing.answers import Review
from kpiflow.workspace.reviewing.reading import review

#: How many people a search offers.
MOST = 12


def may_name(shown: Review) -> Decision:
    """Decide whether whoever a review is shown to names its peers."""
    if shown.may_name_peers:
        return Decision(True, msg("You name the peers of this review."))
    return Decision(False, msg("Peers are named by the manager or HR, where the scorecard has ratings of peers."))


def peers_found(ws: Books, asker: Asker, person: str, period: str, text: str) -> tuple[Choice, ...]:
    """Return colleagues whose name or id has a text, with their unit: for whoever names peers of a review; raises Refused.

    Peers may be of any unit, so all who hold a post on the day are found; nothing is told of them but name and unit.
    """
    may_name(review(ws, asker, person, period)).require()
    word = text.strip().casefold()
    if not word:
        return ()
    company = ws.company()
    posts = assigned(ws, None).select("person", "unit")
    rows = company.people.select("person", "label", "label_zh").join(posts, on="person", maintain_order="left")
    texts = [pl.col(name).fill_null("").str.to_lowercase() for name in ("person", "label", "label_zh")]
    fits = pl.any_horizontal(one.str.contains(word, literal=True) for one in texts)
    found = with_unit_names(rows.filter(fits, pl.col("person") != person).sort("label", "person").head(MOST), company)
    return tuple(
        Choice(row["person"], name_of(row), name_of(row, "unit_label") if row["unit_label"] else Name(row["unit"]))
        for row in found.iter_rows(named=True)
    )


def nobody(ws: Books, word: str) -> NotFound:
    """Return the error for an id that is nobody's: with the id of who is called nearly so, else with the nearest id."""
    people = ws.company().people
    called = {
        str(row[name]): row["person"]
        for row in people.iter_rows(named=True)
        for name in ("label", "label_zh")
        if row[name]
    }
    near = suggest(word, called)
    if near is None or suggest(word, people["person"]) is not None:
        return not_found(msg("person"), word, people["person"])
    facts = {"word": word, "id": called[near], "name": person_name(ws.company(), called[near])}
    return NotFound(msg("There is no person '{word}'. Did you mean '{id}', {name}?", **facts))
