"""Letters: who promised what and who has signed; one letter as a document, with its signatures, versions and print."""

import streamlit as st

from dashboards import address, asking, letter_forms, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.letter import changes_table, document, versions_table
from dashboards.blocks.letter_list import letter_figures, letter_list
from dashboards.blocks.markup import el
from dashboards.blocks.pager import pager, place
from dashboards.letter_looks import state_words
from dashboards.pages import LETTERS, path
from kpiflow.workspace import Message, msg
from kpiflow.workspace.letters.answers import LetterList, LetterPage, LetterState
from kpiflow.workspace.letters.listing import PAGE, Wanted
from kpiflow.workspace.letters.printing import change_reason, notice

#: What the list can be narrowed to: the letters that wait for the reader, or those in a state.
MINE, EVERY = "mine", "every"
STATES = (
    LetterState.NONE,
    LetterState.DRAWN_UP,
    LetterState.SIGNED_BY_OWNER,
    LetterState.SIGNED_BY_MANAGER,
    LetterState.IN_FORCE,
)


def page(asked: Question) -> None:
    """Show one letter when the address names an owner, or when there is only the reader's own; else the list."""
    view = asked.view
    if view.unit or view.person:
        owner = ("unit", view.unit) if view.unit else ("person", view.person)
        one(asked, owner[0], str(owner[1]), alone=False)
        return
    listed = asked.ws.letters(asked.asker, asked.period, asked.as_of, wanted(asked))
    if listed.total == 1 and listed.found == 1:
        row = listed.rows.row(0, named=True)
        one(asked, row["owner_kind"], row["owner"], alone=True)
    elif listed.total == 0:
        nothing(asked)
    else:
        every(asked, listed)


def wanted(asked: Question) -> Wanted:
    """Return which letters the address asks for."""
    chosen = asked.view.choice("state")
    state = next((one for one in STATES if one.value == chosen), None)
    return Wanted(state, asked.view.find or "", mine=chosen == MINE, offset=place(asked.view.start))


def nothing(asked: Question) -> None:
    """Say that there is no letter to see, and what would make one."""
    lines = (
        msg(
            "A letter is drawn up for each owner of agreed goals, and read by its two sides, those above them, HR and auditors."
        ),
        msg("Yours appears here once your goals are agreed and whoever you answer to has drawn it up."),
    )
    showing.block(text.notice(msg("No letters to see in this period"), lines, asked.language))


def every(asked: Question, listed: LetterList) -> None:
    """The list with its figures and filters."""
    language, view = asked.language, asked.view
    waiting = asked.ws.letters(asked.asker, asked.period, asked.as_of, Wanted(mine=True, limit=0)).found
    showing.block(text.sentence(opening(listed, waiting), language))
    showing.block(letter_figures(listed, language))
    telling.told(language)
    narrowing(asked, waiting)
    if listed.rows.is_empty():
        showing.block(text.aside(msg("No letter fits. Choose another state, or another part of a name."), language))
        return

    def href(kind: str, owner: str) -> str:
        return address.here(path(LETTERS), view, **{kind: owner, "start": None, "find": None})

    showing.block(letter_list(listed, language, href))
    turn = pager(place(view.start), listed.rows.height, listed.found, size=PAGE, language=language,
                 href=lambda start: address.here(path(LETTERS), view, start=str(start)))  # fmt: skip
    showing.block(turn)


def opening(listed: LetterList, waiting: int) -> tuple[Message, ...]:
    """Say how many letters are in force, and what is left to do."""
    in_force = listed.counts.get(LetterState.IN_FORCE, 0)
    said = [msg("{count} of {total} {total:letter is|letters are} in force.", count=in_force, total=listed.total)]
    if listed.held:
        said.append(msg("Of {count} more an earlier version holds until the newest is signed.", count=listed.held))
    if waiting:
        said.append(msg("{count} {count:waits|wait} for your signature.", count=waiting))
    none = listed.counts.get(LetterState.NONE, 0)
    if none:
        said.append(msg("{count} {count:is|are} not drawn up yet.", count=none))
    return tuple(said)


def narrowing(asked: Question, waiting: int) -> None:
    """Let the reader choose which letters: by state, by what waits for them, by a part of a name."""
    language = asked.language
    options: list[str] = [EVERY, *([MINE] if waiting else []), *(state.value for state in STATES)]
    chosen = asked.view.choice("state") or EVERY
    st.session_state["letters state"] = chosen if chosen in options else EVERY
    st.session_state["letters find"] = asked.view.find or ""
    names = {EVERY: words.say(msg("All letters"), language), MINE: words.say(msg("Waiting for my signature"), language)}
    names |= {state.value: state_words(state, language) for state in STATES}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(words.literal(msg("State"), language), options, key="letters state", format_func=lambda one: names[one],
                     width=270,
                     on_change=_write, args=("state", "letters state"))  # fmt: skip
        st.text_input(words.literal(msg("Name"), language), key="letters find", width=220, on_change=_write,
                      args=("find", "letters find"), icon=":material/search:")  # fmt: skip


def _write(name: str, key: str) -> None:
    value = st.session_state[key]
    address.change(**{name: None if value in ("", EVERY) else value, "start": None})


def one(asked: Question, kind: str, owner: str, *, alone: bool) -> None:
    """One letter: where it stands, what can be done, the document, what changed and every version."""
    language, view = asked.language, asked.view
    chosen, against = view.choice("version"), view.choice("against")
    shown = asked.ws.letter(asked.asker, kind, owner, asked.period, asked.as_of,
                            version=_number(chosen), against=_number(against))  # fmt: skip
    if not alone:
        back = address.here(path(LETTERS), view, unit=None, person=None, version=None, against=None)
        showing.block(el("p", el("a", words.say(msg("All letters"), language), href=back), class_="k k-crumbs"))
    showing.block(text.sentence(standing(shown), language))
    telling.told(language)
    letter_forms.actions(shown, asked)
    if shown.letter is None:
        return
    if shown.changes:
        title = msg("Changes since version {version}", version=shown.compared)
        showing.block(text.heading(title, language, change_reason(shown)))
        showing.block(changes_table(shown.changes, language))
    showing.block(document(shown, language))
    if len(shown.versions) > 1:
        showing.block(
            text.heading(msg("Versions"), language, msg("Nothing signed is ever lost: every version can be read."))
        )
        links = {one.version: address.here(path(LETTERS), view, version=str(one.version)) for one in shown.versions}
        showing.block(versions_table(shown, language, links))


def standing(shown: LetterPage) -> tuple[Message, ...]:
    """Say how far the letter has come, and what it waits for."""
    name = letter_forms.name_of(shown)
    if shown.letter is None:
        return (msg("The letter of {owner} for {cycle} is not drawn up yet.", owner=name, cycle=shown.cycle),)
    said = notice(shown)
    if shown.state is LetterState.IN_FORCE:
        first = msg("The letter of {owner} for {cycle} is in force.", owner=name, cycle=shown.cycle)
    else:
        first = msg("The letter of {owner} for {cycle}, version {version}.", owner=name, cycle=shown.cycle,
                    version=0 if shown.version is None else shown.version.version)  # fmt: skip
    more = [] if said is None else [said]
    if shown.in_force is not None and shown.state not in (LetterState.IN_FORCE, LetterState.SUPERSEDED):
        more.append(msg("Version {version} holds until then.", version=shown.in_force))
    return (first, *more)


def _number(text_: str | None) -> int | None:
    return int(text_) if text_ is not None and text_.isdecimal() and len(text_) < 6 else None


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
