"""My team: who is behind and who has gone quiet, before anything else; a page of rows, filtered on the server."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import address, asking, showing, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from dashboards.blocks.my_review import reviews_link
from dashboards.pages import PROGRESS, path
from kpiflow.workspace import TEAM_PAGE, TEAM_SHOWS, Message, Team, TeamView, msg

#: Which rows: people, teams or both.
KINDS: dict[str, Message] = {"all": msg("Teams and people"), "person": msg("People"), "unit": msg("Teams")}


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    first = asked.ws.team(asked.asker, asked.period, TeamView(), as_of=asked.as_of)
    showing.block(text.sentence(first.sentence, language))
    showing.block(headline(first, language))
    reviews_link(asked)
    rows(asked)


@st.fragment
def rows(asked: Question) -> None:
    """The rows with what can be picked out of them."""
    language = asked.language
    wanted = asked.view.choice("show")
    with showing.politely(asked.view):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            show = st.segmented_control(
                words.literal(msg("Show"), language),
                list(TEAM_SHOWS),
                default=wanted if wanted in TEAM_SHOWS else "all",
                required=True,
                format_func=lambda one: words.say(TEAM_SHOWS[one], language),
                key="team show",
            )
            kind = st.selectbox(
                words.literal(msg("Who"), language),
                list(KINDS),
                format_func=lambda one: words.say(KINDS[one], language),
                key="team kind",
                width=190,
            )
            search = st.text_input(words.literal(msg("Name"), language), key="team search", width=220)
        # Each pick has its own pages, so that another one begins at its first.
        key = f"team page {show} {kind} {search}"
        view = TeamView(show or "all", kind or "all", search, int(st.session_state.get(key, 1)) - 1)
        found = asked.ws.team(asked.asker, asked.period, view, as_of=asked.as_of)
        if found.rows.is_empty():
            showing.block(text.aside(msg("Nobody here fits. Choose another part of the team above."), language))
            return
        showing.block(table(found, asked))
        pages = -(-found.total // TEAM_PAGE)
        if pages > 1:
            st.pagination(pages, key=key)


def headline(found: Team, language: str) -> Markup:
    """Return the figures of the whole team."""
    return el(
        "div",
        figure(msg("Behind"), f"■ {found.behind}", language, beside=_of(found, language)),
        figure(msg("Gone quiet"), f"◌ {found.quiet}", language, beside=_team(found, language)),
        class_="k k-figures",
    )


def _of(found: Team, language: str) -> str:
    return words.say(msg("of {count} {count:person|people}", count=found.people), language)


def _team(found: Team, language: str) -> str:
    return words.say(
        msg(
            "of {people} {people:person|people} and {units} {units:team|teams}", people=found.people, units=found.units
        ),
        language,
    )


def table(found: Team, asked: Question) -> Markup:
    """Return the rows as a table; a person's name leads to their progress, the worst goal to its page."""
    language = asked.language
    heads = (
        (msg("Who"), None),
        (msg("Points"), "num"),
        (msg("Goals"), None),
        (msg("Worst goal"), None),
        (msg("Last heard"), "wide-only"),
    )
    head = el("tr", *(el("th", words.say(name, language), class_=kind) for name, kind in heads))
    body = [_row(row, asked) for row in found.rows.iter_rows(named=True)]
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(row: Mapping[str, Any], asked: Question) -> Markup:
    language, view = asked.language, asked.view
    name = words.name(row, language)
    if row["owner_kind"] == "person":
        name = el("a", name, href=address.link(path(PROGRESS), view, person=row["owner"]))
        under = " · ".join(words.name(row, language, part) for part in ("role_label", "unit_label") if row[part])
    else:
        under = words.say(msg("team"), language)
    quiet = words.say(msg("◌ quiet for {days} {days:day|days}", days=row["days"]), language) if row["quiet"] else None
    worst = "–"
    if row["worst"]:
        label = words.name(row, language, "worst_label")
        link = el("a", label, href=showing.goal_link(asked)(row["worst"]))
        worst = el("span", text.status(row["worst_status"], language), " ", link)
    last = words.say(msg("{day}", day=row["last_day"]), language) if row["last_day"] else "–"
    return el(
        "tr",
        el("td", name, el("span", under, class_="owner"), el("b", quiet, class_="k-tone-short") if quiet else None),
        el("td", words.points(row["points"], language), class_="num"),
        el("td", *_counts(row, language)),
        el("td", worst),
        el("td", last, class_="wide-only"),
    )


def _counts(row: Mapping[str, Any], language: str) -> list[Markup]:
    """Return how many goals stand where, as shapes with numbers; nothing is left to colour alone."""
    if not row["goals"]:
        return [el("span", words.say(msg("no goals"), language), class_="quiet")]
    counts = (("behind", "behind"), ("at_risk", "at_risk"), ("on_pace", "on_pace"), ("silent", "outdated"))
    reached = words.say(msg("● On pace or done"), language)
    return [
        el(
            "span",
            f"{reached if name == 'on_pace' else words.status(status, language)} {row[name]} ",
            class_="k-status",
            style=f"color:var(--k-ink-{status});display:block",
        )
        for name, status in counts
        if row[name]
    ]


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
