"""What can be done with a plan: put it forward, approve it or send it back, each after a question that says what it means."""

import streamlit as st

from dashboards import showing, telling, words
from dashboards.asking import Question
from dashboards.blocks import text
from kpiflow.workspace import KPIFlowError, Message, msg
from kpiflow.workspace.plans.answers import PlanPage
from kpiflow.workspace.plans.published import PlanState


def actions(shown: PlanPage, asked: Question) -> None:
    """The buttons: what is allowed; and where nothing is, the reason why for whoever has the right."""
    language = asked.language
    if shown.publish.allowed or shown.approve.allowed:
        with st.container(horizontal=True, gap="small", key="plan_actions"):
            _button(shown, asked, approving=True) if shown.approve.allowed else None
            _button(shown, asked, approving=False) if shown.publish.allowed else None
        return
    if shown.state in (PlanState.PUBLISHED, PlanState.FAILING):
        return  # the sentence above says what stands in the way
    rights = (("approve_plan", shown.approve), ("publish_plan", shown.publish))
    for action, decision in rights:
        if asked.ws.may(asked.asker, action).allowed:
            showing.block(text.aside(decision.reason, language))


def _button(shown: PlanPage, asked: Question, *, approving: bool) -> None:
    language = asked.language
    label, icon = (msg("Approve …"), ":material/verified:") if approving else (msg("Publish …"), ":material/publish:")
    title = msg("Approve this plan?") if approving else msg("Publish this plan?")
    if st.button(
        words.literal(label, language), type="primary", icon=icon, key=f"plan {'approve' if approving else 'publish'}"
    ):
        st.dialog(words.literal(title, language), width="large")(_approving if approving else _publishing)(shown, asked)


def _publishing(shown: PlanPage, asked: Question) -> None:
    """Ask before a plan is put forward, for the reason that the second person reads."""
    language = asked.language
    said = msg("Version {version} of {plan} waits then for a second person, with the fingerprint {fingerprint}.",
               version=shown.plan.version, plan=shown.name, fingerprint=shown.plan.fingerprint)  # fmt: skip
    showing.block(text.paragraph((said, msg("Final pay runs use it once it is approved.")), language))
    why = st.text_area(words.literal(msg("Why it is published, or what was changed"), language), key="plan why")
    if st.button(words.literal(msg("Put it forward"), language), type="primary", key="plan publish it"):
        done = msg("Put forward. A second person has to approve it now.")
        _made(asked, lambda: asked.ws.publish_plan(asked.asker, shown.plan.plan, reason=why), done)


def _approving(shown: PlanPage, asked: Question) -> None:
    """Ask before a plan is approved or sent back."""
    language, last = asked.language, shown.history[0]
    said = msg("{who} put version {version} forward on {day}: {reason}",
               who=shown.people[last.who], version=last.version, day=last.at.date(), reason=last.reason or "–")  # fmt: skip
    lines = (said, msg("All its examples hold, and every row is hit. Your name and the time are kept beside it."))
    for line in lines:
        showing.block(text.paragraph((line,), language))
    why = st.text_area(words.literal(msg("Your words; needed when you send it back"), language), key="plan approve why")
    with st.container(horizontal=True, gap="small"):
        if st.button(words.literal(msg("I approve"), language), type="primary", key="plan approve it"):
            done = msg("Approved. The plan is published.")
            _made(asked, lambda: asked.ws.approve_plan(asked.asker, shown.plan.plan, reason=why or None), done)
        if st.button(words.literal(msg("Send back"), language), key="plan send back"):
            _made(asked, lambda: asked.ws.approve_plan(asked.asker, shown.plan.plan, approved=False, reason=why),
                  msg("Sent back. Whoever put it forward reads why."))  # fmt: skip


def _made(asked: Question, make: object, done: Message) -> None:
    """Do it and say so on the page; whatever stands against it is said in the dialog."""
    try:
        make()  # type: ignore[operator]
    except KPIFlowError as problem:
        st.error(words.literal(problem.message, asked.language), icon=":material/error:")
        return
    telling.tell(done)
    st.rerun()
