"""My progress: one person's goals, what needs attention first, what is needed, the score so far and what it would pay."""

from dashboards import address, asking, showing
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.goal_cards import goal_cards
from dashboards.blocks.person import appraisal, person_line
from dashboards.blocks.statement import statement
from kpiflow.workspace import Progress, msg


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language, person = asked.language, asked.asker.person
    if person is None:
        lines = (
            msg("This page shows the goals of the person who is signed in, and nobody is."),
            msg("To look around with the example company, start the demo: `kpiflow demo`"),
        )
        showing.block(text.notice(msg("Whose progress?"), lines, language))
        return
    shown = asked.progress(person)
    showing.block(person_line(shown, language))
    showing.block(text.sentence(shown.sentence, language))
    showing.block(appraisal(shown, language))
    goals(shown, asked)
    pay(shown, asked)


def goals(shown: Progress, asked: Question) -> None:
    """The goals as bullets, what needs attention first."""
    language = asked.language
    if shown.goals.is_empty():
        lines = (
            msg("Goals come from the plan: whoever leads the unit proposes them, and they appear here once agreed."),
            msg("Another period may have some: choose it above."),
        )
        showing.block(text.notice(msg("No goals in this period"), lines, language))
        return
    note = msg(
        "The thick line is the target, the triangle is where it should be by now. What needs attention comes first."
    )
    showing.block(text.heading(msg("Goals"), language, note))
    showing.block(goal_cards(shown.goals, asked.ink, language, showing.goal_link(asked)))
    if shown.path_up:
        link = showing.goal_link(asked)
        showing.block(text.heading(msg("What they lead up to"), language))
        showing.block(text.crumbs(tuple((name, link(goal)) for goal, name in reversed(shown.path_up)), language))


def pay(shown: Progress, asked: Question) -> None:
    """The statement, line by line."""
    language = asked.language
    if shown.statement_lines:
        showing.block(
            text.heading(
                msg("What it would pay for {period}", period=shown.pay_period),
                language,
                msg("As the plan stands today; nothing here is paid yet."),
            )
        )
        showing.block(statement(shown, language))


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
