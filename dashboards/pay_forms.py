"""What can be done with pay: run a plan, bring a run one step on after a question that says what that means, and files."""

from decimal import Decimal
from functools import partial

import streamlit as st

from dashboards import address, asking, showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from kpiflow.workspace import Asker, KPIFlowError, Message, Workspace, msg
from kpiflow.workspace.pay_runs.answers import STATE_WORDS, Paid, PayRuns, RunPage, RunState
from kpiflow.workspace.pay_runs.running import Terms

#: What each step's button says, what it means, and its icon.
STEPS: dict[str, tuple[Message, Message, str]] = {
    "propose": (msg("Propose …"), msg("A second person looks at the run and approves or refuses it."), ":material/send:"),
    "approve": (msg("Approve …"), msg("You say as the second person that this may be paid. Your name and the time are kept."),
                ":material/check:"),
    "withdraw": (msg("Take back …"), msg("Nobody approves it for now. The run is a dry run again and can be proposed later."),
                 ":material/undo:"),
    "finalise": (msg("Make final …"),
                 msg("It is what is paid, and can never be changed. Corrections come as adjustments of a later run."),
                 ":material/lock:"),
    "refuse": (msg("Refuse …"), msg("Say what has to change. The run stays as it is, refused; a new one can be made."),
               ":material/close:"),
}  # fmt: skip

#: The kinds of payroll file.
FILES: tuple[tuple[str, Message], ...] = (
    ("csv", msg("CSV file")),
    ("xlsx", msg("Excel workbook")),
    ("parquet", msg("Parquet file")),
)


def running(shown: PayRuns, asked: Question) -> None:
    """The form that runs a plan and keeps it as a dry run; without the right, or a plan, why not."""
    language = asked.language
    if not shown.run.allowed:
        return
    if not shown.plans:
        showing.block(text.aside(msg("No plan pays for {period}.", period=shown.period), language))
        return
    names = {plan: words.say(label, language) for plan, label in shown.plans}
    with st.form("pay run", border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            words.literal(msg("Plan"), language),
            list(names),
            key="pay plan",
            format_func=lambda one: names[one],
            width=280,
        )
        st.number_input(words.literal(msg("Budget (empty: the plan's)"), language), key="pay budget", value=None, min_value=0.0,
                        step=1000.0, width=220)  # fmt: skip
        st.form_submit_button(words.literal(msg("Run"), language), icon=":material/play_arrow:", on_click=_run, args=(asked,),
                              type="primary")  # fmt: skip


def _run(asked: Question) -> None:
    given = st.session_state.get("pay budget")
    budget = None if given is None else Decimal(str(given))
    try:
        run = asked.ws.keep_pay_run(asked.asker, st.session_state["pay plan"], asked.period, Terms(asked.as_of, budget))
    except KPIFlowError as problem:
        telling.tell_failure(problem.message)
        return
    telling.tell(msg("Run {run} is kept as a dry run. Look at it, then propose it.", run=run))
    address.change(run=str(run), of=None, start=None)


def steps(shown: RunPage, asked: Question) -> None:
    """The buttons of the steps that the person asking may take as the run stands."""
    language, offered = asked.language, [name for name in STEPS if shown.may.get(name)]
    if not offered:
        return
    with st.container(horizontal=True, gap="small", key="pay_steps"):
        for name in offered:
            label, _, icon = STEPS[name]
            main = name not in ("refuse", "withdraw")
            if st.button(
                words.literal(label, language), icon=icon, key=f"pay {name}", type="primary" if main else "secondary"
            ):
                title = words.say(msg("Run {run}", run=shown.stored.run), language)
                st.dialog(title)(question)(name, shown, asked)


def question(name: str, shown: RunPage, asked: Question) -> None:
    """Ask before a step is taken: what it means, what the run comes to, and why."""
    language, now = asked.language, shown.stored
    total = words.money(now.total, now.currency, language)
    facts = msg(
        "{people} {people:person|people}, {total} in all, fingerprint {mark}.",
        people=now.people,
        total=total,
        mark=now.content[:16],
    )
    for said in (STEPS[name][1], facts):
        showing.block(text.paragraph((said,), language))
    reason = st.text_area(words.literal(msg("Reason"), language), key="pay reason", height=80)
    if st.button(words.literal(msg("Yes, do it"), language), type="primary", key="pay do it"):
        try:
            done = take(asked.ws, asked.asker, now.run, name, reason)
        except KPIFlowError as problem:
            st.error(words.literal(problem.message, language), icon=":material/error:")
            return
        telling.tell(msg("Run {run} is now {state}.", run=now.run, state=STATE_WORDS[done]))
        st.rerun()


def take(ws: Workspace, asker: Asker, run: int, name: str, reason: str) -> RunState:
    """Bring a run one step on; return how it stands then."""
    do = {
        "propose": ws.propose_pay,
        "withdraw": ws.withdraw_pay,
        "approve": ws.approve_pay,
        "refuse": ws.refuse_pay,
        "finalise": ws.finalise_pay,
    }
    return do[name](asker, run, reason=reason or None).state


def exports(shown: RunPage, asked: Question) -> None:
    """The payroll files of a run, made when they are pressed; a run that is not final gives drafts."""
    language, now = asked.language, shown.stored
    decision = asked.ws.may(asked.asker, "export_payroll")
    if not decision.allowed:
        return
    draft = now.state is not RunState.FINAL
    note = msg("The run is not final: the files are drafts, and every row of them says so.") if draft else None
    showing.block(text.heading(msg("Payroll files"), language, note))
    kind = "draft-payroll" if draft else "payroll"
    with st.container(horizontal=True, gap="small"):
        for form, label in FILES:
            made = asking.pressed(asked.ws, partial(_payroll, asked.ws, now.run, (form, draft)))
            st.download_button(words.literal(label, language), made, f"{kind}-{now.plan}-{now.period}-run-{now.run}.{form}",
                               key=f"payroll {form}", icon=":material/download:", on_click="ignore")  # fmt: skip


def _payroll(ws: Workspace, run: int, wanted: tuple[str, bool], asker: Asker) -> bytes:
    return ws.payroll_export(asker, run, form=wanted[0], draft=wanted[1]).content


def statement_files(shown: Paid, period: str, asked: Question) -> None:
    """A statement to print or to work out again, in either language, made when it is pressed."""
    language = asked.language
    offered = (
        ("pdf", "en", msg("PDF in English")), ("pdf", "zh", msg("PDF in Chinese")),
        ("xlsx", language, msg("Excel with live formulas")),
    )  # fmt: skip
    run = None if shown.run is None else shown.run.run
    person, plan = str(shown.statement.person), shown.statement.plan
    with st.container(horizontal=True, gap="small"):
        for form, edition, label in offered:
            made = asking.pressed(asked.ws, partial(_statement, asked.ws, (person, period, run, plan), (form, edition)))
            name = f"statement-{person}-{plan}-{period}-{edition}.{form}"
            st.download_button(words.literal(label, language), made, name, key=f"statement {plan} {form} {edition}",
                               icon=":material/download:", on_click="ignore")  # fmt: skip


def _statement(ws: Workspace, whose: tuple[str, str, int | None, str], wanted: tuple[str, str], asker: Asker) -> bytes:
    person, period, run, plan = whose
    made = ws.statement_file(asker, person, period, form=wanted[0], language=wanted[1], run=run, plan=plan)
    return made.content
