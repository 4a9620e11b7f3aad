"""Pay: the runs of a cycle and how they stand, one of them taken apart, and one's own statement with its files."""

import streamlit as st

from dashboards import address, asking, pay_forms, showing, table_forms, telling, words
from dashboards.asking import Question
from dashboards.blocks import pay_tables, text
from dashboards.blocks.markup import el
from dashboards.blocks.pager import pager, place
from dashboards.blocks.statement import paid_statement
from dashboards.charts import payouts
from dashboards.pages import PAY, path
from dashboards.scenario_link import scenario_link
from kpiflow.workspace import Message, Name, msg
from kpiflow.workspace.pay_runs.answers import Paid, PayDifference, RunPage
from kpiflow.workspace.pay_runs.reading import PAGE, Part


def page(asked: Question) -> None:
    """Show one run when the address names one, else the runs there are and the reader's own statement."""
    chosen = asked.view.choice("run")
    run = int(chosen) if chosen and chosen.isdecimal() and len(chosen) < 9 else None
    of = asked.view.choice("of")
    if of is not None:
        statement_page(asked, of, run)
    elif run is not None:
        one(asked, run)
    else:
        every(asked)


def every(asked: Question) -> None:
    """The runs of the cycle, the form for a new one, and the statement of the person looked at."""
    language = asked.language
    shown = asked.ws.pay_runs(asked.asker, asked.period)
    showing.block(text.sentence(shown.sentence, language))
    telling.told(language)
    pay_forms.running(shown, asked)
    scenario_link(asked)
    if shown.office and shown.runs:
        showing.block(
            text.heading(
                msg("Pay runs"),
                language,
                msg("A run is worked out, proposed, approved by a second person, and then final."),
            )
        )
        showing.block(
            pay_tables.run_list(shown, language, lambda run: address.here(path(PAY), asked.view, run=str(run)))
        )
    if asked.ws.may(asked.asker, "run_pay").allowed:
        with st.expander(words.literal(msg("Plan inputs"), language), icon=":material/upload_file:"):
            table_forms.inputs(asked)
    if asked.asker.person is not None:
        mine = asked.ws.pay_statements(asked.asker, asked.asker.person, asked.period, asked.as_of)
        statements(asked, mine, msg("My statement"))


def statement_page(asked: Question, person: str, run: int | None) -> None:
    """One person's statement by a run, or as it would be."""
    back = address.here(path(PAY), asked.view, of=None)
    label = msg("All runs") if run is None else msg("Run {run}", run=run)
    showing.block(el("p", el("a", words.say(label, asked.language), href=back), class_="k k-crumbs"))
    if run is None:
        found = asked.ws.pay_statements(asked.asker, person, asked.period, asked.as_of)
    else:
        by_run = asked.ws.pay_statement(asked.asker, person, asked.period, asked.as_of, run=run)
        found = () if by_run is None else (by_run,)
    for shown in found:
        amount = words.money(shown.payable, shown.statement.currency, asked.language)
        said = msg("{person}: {amount}", person=shown.person_name, amount=amount)
        if len(found) > 1:
            said = msg("{person}, {plan}: {amount}", person=shown.person_name, plan=shown.label, amount=amount)
        showing.block(text.sentence((said, *shown.source[:1]), asked.language))
    statements(asked, found, msg("Statement"))


def statements(asked: Question, found: tuple[Paid, ...], title: Message) -> None:
    """The statement of each plan; where there is none, so much is said."""
    if not found:
        showing.block(text.heading(title, asked.language))
        showing.block(text.aside(msg("No plan pays for {period} here.", period=asked.period), asked.language))
    for shown in found:
        statement(asked, shown, title)


def statement(asked: Question, shown: Paid, title: Message) -> None:
    """A statement line by line, what it rests on, and its files."""
    language = asked.language
    showing.block(
        text.heading(title, language, msg("{plan} · {period}", plan=shown.label, period=shown.statement.period or ""))
    )
    showing.block(paid_statement(shown, language))
    showing.block(text.paragraph(shown.source, language))
    pay_forms.statement_files(shown, str(shown.statement.period), asked)


def one(asked: Question, run: int) -> None:
    """One run: what it comes to, what is missing, what can be done, where it goes, and what differs."""
    language, view = asked.language, asked.view
    part = Part(text=view.find, start=place(view.start))
    shown = asked.ws.pay_run_page(asked.asker, run, part)
    back = address.here(path(PAY), view, run=None, start=None, find=None)
    showing.block(el("p", el("a", words.say(msg("All runs"), language), href=back), class_="k k-crumbs"))
    showing.block(text.sentence(shown.sentence, language))
    telling.told(language)
    showing.block(pay_tables.run_figures(shown, language))
    pay_forms.steps(shown, asked)
    if shown.missing:
        showing.block(text.heading(msg("Before it can be final"), language))
        showing.block(pay_tables.missing_list(shown.missing, language))
    where_it_goes(shown, asked)
    differences(asked, run)
    people(shown, asked)
    pay_forms.exports(shown, asked)
    showing.block(text.heading(msg("Steps"), language))
    showing.block(pay_tables.step_table(shown, language))


def where_it_goes(shown: RunPage, asked: Question) -> None:
    """Totals by unit, and how payouts are spread."""
    language, currency = asked.language, shown.stored.currency
    showing.block(text.heading(msg("Totals by unit"), language, _more(shown.units.height, 12)))
    showing.block(pay_tables.unit_table(shown, language))
    showing.block(text.heading(msg("Pay by grade"), language, msg("What it costs against what was achieved.")))
    showing.block(pay_tables.grade_table(shown, language))
    if shown.histogram.height:
        showing.block(text.heading(msg("How payouts are spread"), language))
        figure = payouts.draw(shown.histogram, currency, asked.ink, language)
        showing.plot(
            figure, payouts.alt(shown.histogram, currency, language), language, key=f"payouts {shown.stored.run}"
        )


def differences(asked: Question, run: int) -> None:
    """What differs from the run before."""
    language, view = asked.language, asked.view
    found: PayDifference = asked.ws.pay_difference(asked.asker, run, part=Part(size=10))
    showing.block(text.heading(msg("Difference to the run before"), language, _more(found.found, 10)))
    showing.block(text.paragraph(found.sentence, language))
    if found.other is None or not found.found:
        return
    plan = asked.ws.company().plans.get(found.run.plan)
    names = {one.id: Name(one.label or one.id, one.label_zh) for one in plan.components} if plan else {}
    href = lambda person: address.here(path(PAY), view, run=str(run), of=person)  # noqa: E731
    showing.block(pay_tables.difference_table(found, names, language, href))
    showing.block(pay_tables.unit_differences(found, language))


def people(shown: RunPage, asked: Question) -> None:
    """Everybody within reach with what the run pays them, a page at a time."""
    language, view = asked.language, asked.view
    showing.block(text.heading(msg("People"), language))
    st.session_state["pay find"] = view.find or ""
    st.text_input(words.literal(msg("Find by name or id"), language), key="pay find", width=260, on_change=_find,
                  icon=":material/search:")  # fmt: skip
    if shown.rows.is_empty():
        showing.block(text.aside(msg("Nobody fits. Look for another part of the name."), language))
        return
    run = str(shown.stored.run)
    showing.block(
        pay_tables.people_table(shown, language, lambda person: address.here(path(PAY), view, run=run, of=person))
    )
    turn = lambda start: address.here(path(PAY), view, start=str(start))  # noqa: E731
    showing.block(pager(shown.start, shown.rows.height, shown.found, size=PAGE, language=language, href=turn))


def _find() -> None:
    address.change(find=st.session_state["pay find"] or None, start=None)


def _more(count: int, shown: int) -> Message | None:
    return msg("The first {shown} of {count}.", shown=shown, count=count) if count > shown else None


view = address.current()
if showing.ready(view.language):
    with showing.politely(view):
        page(asking.question(view))
