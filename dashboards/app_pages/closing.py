"""Closing: what stands against closing a period, closing it, and what became known after it was closed."""

import json
from collections.abc import Callable

from dashboards import address, asking, closing_forms, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import closing_rows, text
from dashboards.blocks.pager import pager, place
from dashboards.pages import CLOSING, PAGES, PROGRESS, SCORES, path
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.closing.answers import PAGE, Changes, ClosingCheck, Finding, Readiness
from kpiflow.workspace.closing.readiness import called
from kpiflow.workspace.closing.telling import LABELS

#: How many people whose score moved are named.
NAMED = 15


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    shown = asked.ws.readiness(asked.asker, asked.period, asked.as_of)
    showing.block(text.sentence(shown.sentence, language))
    showing.block(closing_rows.around_line(shown.around, shown.period, language, period_link(asked)))
    telling.told(language)
    closing_forms.actions(shown, asked)
    if shown.closed is None:
        showing.block(text.heading(msg("Before it is closed"), language))
        to_list = lambda check: address.here(path(CLOSING), asked.view, list=check, start=None)  # noqa: E731
        showing.block(closing_rows.checklist(shown.checks, language, to_list))
        listed(asked)
        since_look(shown.changes, asked)
    else:
        after(shown, asked)
    past(asked)


def period_link(asked: Question) -> Callable[[str], str]:
    """Return how to write the address of this page for another period."""
    return lambda period: address.link(path(CLOSING), asked.view, period=period)


def person_link(asked: Question) -> Callable[[str], str]:
    """Return how to write the address of somebody's progress."""
    return lambda person: address.link(path(PROGRESS), asked.view, person=person)


def finding_link(asked: Question, one: Finding) -> str:
    """Return the address where a finding is put right."""
    known = {entry.id for entry in PAGES}
    return address.link(one.page if one.page in known else path(SCORES), asked.view, **one.choices)


def listed(asked: Question) -> None:
    """What one check found, when the address names it."""
    check, language = asked.view.choice("list"), asked.language
    if check is None:
        return
    with showing.politely(asked.view):
        found = asked.ws.closing_findings(asked.asker, asked.period, check, asked.as_of, start=place(asked.view.start))
        showing.block(text.heading(found.label, language))
        showing.block(closing_rows.finding_rows(found.rows, language, lambda one: finding_link(asked, one)))
        to_page = lambda start: address.here(path(CLOSING), asked.view, start=str(start))  # noqa: E731
        showing.block(pager(found.start, len(found.rows), found.found, size=PAGE, language=language, href=to_page))
        away = address.here(path(CLOSING), asked.view, list=None, start=None)
        showing.block(text.crumbs(((Name(words.say(msg("Close the list"), language)), away),), language))


def since_look(found: Changes | None, asked: Question) -> None:
    """What came in since the last look, and what it did to scores."""
    language = asked.language
    if found is None:
        showing.block(text.heading(msg("Since the last look"), language))
        showing.block(text.aside(msg("Nobody has looked through this period before."), language))
        return
    facts = {"day": words.moment(found.since), "person": called(asked.ws, found.who)}
    title = msg("Since the last look") if found.looked else msg("Since it was closed before")
    showing.block(text.heading(title, language, msg("On {day}, by {person}.", **facts)))
    if found.loads.is_empty() and found.changes.is_empty():
        showing.block(text.aside(msg("Nothing has come in and nothing was changed."), language))
        return
    counts = msg("Scores that moved: {people}, by at most {most} points; goals that moved: {goals}.",
                 people=found.people.height, most=round(found.largest, 2), goals=found.goals)  # fmt: skip
    showing.block(text.paragraph((counts,), language))
    showing.block(closing_rows.load_rows(found.loads, found.changes, metric_names(asked), language))
    if found.people.height:
        titles = (msg("Before"), msg("Now"))
        shown = found.people.head(NAMED)
        showing.block(closing_rows.moved_rows(shown, ("before", "after"), titles, language, person_link(asked)))


def after(shown: Readiness, asked: Question) -> None:
    """What was closed, and what became known after."""
    language, shut = asked.language, shown.closed
    assert shut is not None
    showing.block(text.heading(msg("As now known"), language))
    if shown.restated.is_empty():
        showing.block(text.aside(msg("Every score as now known is the one that was signed."), language))
    else:
        said = [
            msg(
                "People whose score is another as now known: {count}. The closed one stands.",
                count=shown.restated.height,
            )
        ]
        if shown.adjust.value == "next_open":
            said.append(msg("By the company's rule the difference becomes a line in the next open period."))
        showing.block(text.paragraph(said, language))
        titles = (msg("As signed"), msg("As now known"))
        rows = shown.restated.head(NAMED)
        showing.block(
            closing_rows.moved_rows(rows, ("score_signed", "score_now"), titles, language, person_link(asked))
        )
        showing.block(text.heading(msg("What came in after"), language))
        showing.block(closing_rows.load_rows(shown.causes, shown.altered, metric_names(asked), language))
    showing.block(text.heading(msg("What was closed"), language))
    showing.block(closing_rows.record(recorded(shown, asked), language))
    closing_forms.verifying(shown, asked)


def recorded(shown: Readiness, asked: Question) -> tuple[tuple[Message, object], ...]:
    """Return the record of the closing that counts."""
    row = next(one.record for one in shown.past if one.counts)
    return (
        (msg("Number of the closing"), row["closing"]),
        (msg("As known at"), words.moment(row["known_by"])),
        (msg("Closed by"), called(asked.ws, row["who"])),
        (msg("Because"), row["reason"] or "–"),
        (msg("Goals in play"), row["goals"]),
        (msg("People with a score"), msg("{scored} of {people}", scored=row["scored"], people=row["appraised"])),
        *((LABELS[check], count) for check, count in known_missing(row["ready"])),
        (msg("Version of KPIFlow"), row["version"]),
        (msg("Fingerprint of all of it"), row["fingerprint"]),
        (msg("Fingerprint of the measurements"), row["measurements"]),
        (msg("Fingerprint of the definitions"), row["definitions"]),
        (msg("Fingerprint of the rules"), row["rules"]),
        (msg("Fingerprint of the program"), row["code"]),
    )


def known_missing(ready: str | None) -> list[tuple[ClosingCheck, int]]:
    """Return what was missing, outdated or unsigned when the period was closed, and how many of each."""
    counted = json.loads(ready or "{}")
    return [(check, counted[check.value]) for check in LABELS if counted.get(check.value)]


def metric_names(asked: Question) -> dict[str, Name]:
    """Return the names of metrics by id."""
    return {name: Name(one.label, one.label_zh) for name, one in asked.ws.company(asked.as_of).metrics.items()}


def past(asked: Question) -> None:
    """Every closing there was."""
    language, rows = asked.language, asked.ws.closings(asked.asker, asked.as_of)
    showing.block(text.heading(msg("Every closing"), language))
    if rows.is_empty():
        showing.block(text.aside(msg("No period has been closed yet."), language))
        return
    name = lambda who: called(asked.ws, who)  # noqa: E731
    showing.block(closing_rows.closing_rows(rows.head(24), language, period_link(asked), name))


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
