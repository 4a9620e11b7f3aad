"""What happened to a plan: every time it was put forward with the second person's word, and how it reads against the last."""

from collections.abc import Mapping, Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.plans.answers import Publication
from kpiflow.workspace.plans.changes import Change


def publications(shown: Sequence[Publication], people: Mapping[str, Name], language: str) -> Markup:
    """Return every publication, the newest first; `people` are the names of those in it."""
    heads = (
        (msg("Version"), None), (msg("Put forward"), None), (msg("Second person"), None), (msg("Fingerprint"), "wide-only"),
    )  # fmt: skip
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    body = (_row(one, people, language) for one in shown)
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(one: Publication, people: Mapping[str, Name], language: str) -> Markup:
    put = words.say(msg("{who}, {day}", who=people[one.who], day=one.at.date()), language)
    return el(
        "tr",
        el("td", str(one.version)),
        el("td", put, el("span", one.reason or "", class_="owner")),
        el("td", words.say(_word(one, people), language), el("span", one.approved_why or "", class_="owner")),
        el("td", el("code", one.fingerprint, class_="print"), class_="wide-only"),
    )


def _word(one: Publication, people: Mapping[str, Name]) -> Message:
    """Say what the second person said."""
    if one.approved_by is None or one.approved_at is None:
        return msg("nobody yet")
    facts = {"who": people[one.approved_by], "day": one.approved_at.date()}
    return msg("approved by {who}, {day}", **facts) if one.approved else msg("sent back by {who}, {day}", **facts)


def changes(shown: Sequence[Change], language: str) -> Markup:
    """Return what reads differently, before and after."""
    heads = (msg("What"), msg("Before"), msg("After"))
    head = el("tr", *(el("th", words.say(name, language), scope="col") for name in heads))
    body = (
        el(
            "tr",
            el("td", words.say(one.subject, language), style="min-width:4.5em"),
            el("td", "–" if one.before is None else words.say(one.before, language)),
            el("td", "–" if one.after is None else words.say(one.after, language)),
        )
        for one in shown
    )
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")
