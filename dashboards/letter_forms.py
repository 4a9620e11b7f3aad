"""What can be done with a letter: draw it up, sign it after a question that says what that means, and print it."""

import datetime
from functools import partial

import streamlit as st

from dashboards import asking, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.markup import el
from kpiflow.workspace import Asker, KPIFlowError, Name, Workspace, msg
from kpiflow.workspace.letters.answers import SIDE_WORDS, LetterPage, LetterState


def name_of(shown: LetterPage) -> Name:
    """Return the owner's name as a fact of a sentence."""
    return Name(shown.name.en, shown.name.zh)


def actions(shown: LetterPage, asked: Question) -> None:
    """The buttons: what is allowed; and where nothing is, the reason why."""
    language = asked.language
    draws, signs = shown.draw_up.allowed, shown.sign.allowed
    with st.container(horizontal=True, gap="small", key="letter_actions"):
        if signs:
            label = words.say(msg("Sign …"), language)
            if st.button(label, type="primary", icon=":material/draw:", key="letter sign"):
                st.dialog(words.literal(msg("Sign this letter?"), language), width="large")(question)(shown, asked)
        if draws:
            label = words.say(msg("Draw up") if shown.letter is None else msg("Draw up again"), language)
            st.button(label, icon=":material/edit_document:", key="letter draw", on_click=draw_up, args=(shown, asked),
                      type="secondary" if signs else "primary")  # fmt: skip
        if shown.letter is not None:
            downloads(shown, asked)
    if shown.letter is None and not draws:
        showing.block(text.aside(shown.draw_up.reason, language))
    elif shown.stale and not draws:
        said = msg("People have come, gone or been renamed since this version: it has to be drawn up again.")
        showing.block(text.aside(said, language))
    elif shown.side is not None and not signs and shown.state is not LetterState.IN_FORCE:
        showing.block(text.aside(shown.sign.reason, language))


def downloads(shown: LetterPage, asked: Question) -> None:
    """Offer the letter to print: in English, in 中文, or in both languages one after the other."""
    offered = (("en", msg("PDF in English")), ("zh", msg("PDF in Chinese")), ("both", msg("PDF in both")))
    version = None if shown.version is None else shown.version.version
    # Typeset when it is pressed, with the rights of then.
    for language, label in offered:
        name = f"letter-{shown.owner}-{shown.cycle}-v{version}-{language}.pdf"

        made = asking.pressed(asked.ws, partial(_printed, asked.ws, shown, (asked.as_of, language)))
        st.download_button(words.literal(label, asked.language), made, name, "application/pdf", key=f"letter pdf {language}",
                           icon=":material/picture_as_pdf:", on_click="ignore")  # fmt: skip


def _printed(ws: Workspace, shown: LetterPage, wanted: tuple[datetime.date | None, str], asker: Asker) -> bytes:
    """Return the letter to print, with the rights of whoever presses as they are then."""
    as_of, language = wanted
    version = None if shown.version is None else shown.version.version
    return ws.letter_pdf(asker, shown.owner_kind, shown.owner, shown.cycle, as_of,
                         language=language, version=version, against=shown.compared).content  # fmt: skip


def question(shown: LetterPage, asked: Question) -> None:
    """Ask before signing: for which side, what it means, and under which fingerprint."""
    language = asked.language
    assert shown.letter is not None and shown.side is not None and shown.version is not None  # noqa: PT018
    lines = (
        msg("You sign version {version} of the letter of {owner} for {cycle}, as: {side}.", version=shown.version.version,
            owner=name_of(shown), cycle=shown.cycle, side=SIDE_WORDS[shown.side]),
        msg("You agree to its goals, weights, targets, measuring rules and rewards. A signature cannot be taken back; "
            "a change makes a new version, which both sides sign again."),
        msg("Your name, the time and this fingerprint of the content are kept:"),
    )  # fmt: skip
    for line in lines:
        showing.block(text.paragraph((line,), language))
    showing.block(el("div", el("code", shown.letter.fingerprint, class_="print"), class_="k k-letter-print"))
    if st.button(words.literal(msg("I sign"), language), type="primary", icon=":material/draw:", key="letter i sign"):
        sign(shown, asked)


def sign(shown: LetterPage, asked: Question) -> None:
    """Sign what was shown; whatever stands against it is said in the dialog."""
    assert shown.letter is not None
    try:
        done = asked.ws.sign_letter(asked.asker, shown.owner_kind, shown.owner, shown.cycle, shown.letter.fingerprint)
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, asked.language), icon=":material/error:")
        return
    if done.state is LetterState.IN_FORCE:
        said = msg("Signed. The letter of {owner} is now in force.", owner=name_of(shown))
    else:
        said = msg("Signed. The other side still has to sign the letter of {owner}.", owner=name_of(shown))
    telling.tell(said)
    st.rerun()


def draw_up(shown: LetterPage, asked: Question) -> None:
    """Draw the letter up and say so; nothing is signed by that."""
    try:
        done = asked.ws.draw_up_letter(asked.asker, shown.owner_kind, shown.owner, shown.cycle)
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(msg("Version {version} of the letter of {owner} is drawn up. Both sides can sign it now.",
                     version=done.version, owner=name_of(shown)))  # fmt: skip
