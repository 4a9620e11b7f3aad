"""Which right each question and each change of the door needs, and which page is a person's desk."""

from dataclasses import dataclass

import polars as pl

from kpiflow.access.actions import ACTIONS
from kpiflow.access.decision import Decision
from kpiflow.core.goal import OwnerKind
from kpiflow.errors import not_found
from kpiflow.language import msg
from kpiflow.workspace.books import Asker, Books


@dataclass(frozen=True)
class Entry:
    """One method of the door: the action it needs, and whether it writes. `about`: what it is asked about.

    A letter is read by its two sides, those above them, HR and auditors, and signed by the two people it names.
    """

    name: str
    action: str
    about: str
    writes: bool = False


#: Every method of the door that hears who is asking. One that is not here fails the tests.
ENTRIES: tuple[Entry, ...] = (
    Entry("overview", "read_goals", "company"),
    Entry("goal", "read_goals", "goal"),
    Entry("progress", "read_goals", "person"),
    Entry("reconciliation", "read_goals", "goal"),
    Entry("forecasts", "read_goals", "company"),
    Entry("outlook", "read_goals", "goal"),
    Entry("what_if", "read_goals", "person"),
    Entry("preview_split", "read_goals", "goal"),
    Entry("preview_change", "read_goals", "goal"),
    Entry("make_split", "split_target", "goal", writes=True),
    Entry("make_change", "set_target", "goal", writes=True),
    Entry("goal_choices", "read_goals", "company"),
    Entry("target_desk", "set_target", "company"),
    Entry("target_form", "read_goals", "goal"),
    Entry("preview_goal", "set_target", "unit"),
    Entry("preview_close", "set_target", "goal"),
    Entry("make_goal", "set_target", "goal", writes=True),
    Entry("strategy", "read_goals", "company"),
    Entry("ahead", "read_goals", "company"),
    Entry("portfolio", "read_goals", "company"),
    Entry("staff_desk", "read_goals", "person"),
    Entry("outcomes", "read_goals", "person"),
    Entry("check_in_form", "read_goals", "goal"),
    Entry("check_in", "check_in", "goal", writes=True),
    Entry("check_ins", "read_goals", "goal"),
    Entry("evidence", "read_goals", "goal"),
    Entry("ask", "comment", "goal", writes=True),
    Entry("answer", "comment", "goal", writes=True),
    Entry("quiet", "read_goals", "company"),
    Entry("assigned_goals", "split_target", "company"),
    Entry("drafted", "split_target", "goal"),
    Entry("preview_proposal", "split_target", "goal"),
    Entry("propose", "split_target", "goal", writes=True),
    Entry("proposals", "read_goals", "company"),
    Entry("answer_proposal", "agree_goal", "goal", writes=True),
    Entry("assignable", "split_target", "goal"),
    Entry("assign", "split_target", "goal", writes=True),
    Entry("unassign", "split_target", "goal", writes=True),
    Entry("resplit_offers", "read_goals", "company"),
    Entry("sheet", "split_target", "goal"),
    Entry("read_sheet", "split_target", "goal"),
    Entry("team", "read_team", "company"),
    Entry("scores", "read_scores", "company"),
    Entry("score_why", "read_appraisal", "person"),
    Entry("scores_export", "export_scores", "company", writes=True),
    Entry("scores_fingerprint", "export_scores", "company"),
    Entry("verify_scores", "read_scores", "company"),
    Entry("review", "read_appraisal", "person"),
    Entry("reviews", "read_goals", "company"),
    Entry("peer_form", "read_goals", "person"),
    Entry("rate", "write_review", "person", writes=True),
    Entry("rate_peer", "read_goals", "person", writes=True),
    Entry("send_review", "write_review", "person", writes=True),
    Entry("send_review_back", "manage_reviews", "person", writes=True),
    Entry("sign_review", "write_review", "person", writes=True),
    Entry("peers_found", "read_goals", "person"),
    Entry("name_peers", "manage_reviews", "person", writes=True),
    Entry("adjust_score", "manage_reviews", "person", writes=True),
    Entry("answer_adjustment", "manage_reviews", "person", writes=True),
    Entry("adjustment_evidence", "read_appraisal", "person"),
    Entry("timeline", "read_goals", "goal"),
    Entry("todo", "read_goals", "company"),
    Entry("letter", "read_goals", "letter"),
    Entry("letters", "read_goals", "company"),
    Entry("draw_up_letter", "manage_letters", "letter", writes=True),
    Entry("sign_letter", "sign_letter", "letter", writes=True),
    Entry("letter_pdf", "read_goals", "letter"),
    Entry("plans", "read_pay", "company"),
    Entry("plan", "read_pay", "company"),
    Entry("plan_impact", "read_pay", "company"),
    Entry("publish_plan", "publish_plan", "company", writes=True),
    Entry("approve_plan", "approve_plan", "company", writes=True),
    Entry("disputable", "appeal", "person"),
    Entry("file_appeal", "appeal", "person", writes=True),
    Entry("withdraw_appeal", "appeal", "person", writes=True),
    Entry("appeals", "read_goals", "company"),
    Entry("appeal", "read_goals", "company"),
    Entry("appeal_file", "read_goals", "company"),
    Entry("ask_remark", "answer_appeal", "person", writes=True),
    Entry("remark_appeal", "read_goals", "company", writes=True),
    Entry("answer_appeal", "answer_appeal", "person", writes=True),
    Entry("distribution", "read_scores", "company"),
    Entry("calibrations", "read_calibration", "company"),
    Entry("calibration", "read_calibration", "company"),
    Entry("open_calibration", "calibrate", "company", writes=True),
    Entry("move_grades", "read_calibration", "company", writes=True),
    Entry("finalise_calibration", "approve_calibration", "company", writes=True),
    Entry("drop_calibration", "calibrate", "company", writes=True),
    Entry("calibrated_grade", "read_appraisal", "person"),
    Entry("readiness", "read_scores", "company"),
    Entry("closing_findings", "read_scores", "company"),
    Entry("closings", "read_scores", "company"),
    Entry("adjustments", "read_scores", "company"),
    Entry("look_through", "close_period", "company", writes=True),
    Entry("close_period", "close_period", "company", writes=True),
    Entry("ask_reopening", "reopen_period", "company", writes=True),
    Entry("confirm_reopening", "reopen_period", "company", writes=True),
    Entry("withdraw_reopening", "reopen_period", "company", writes=True),
    Entry("verify_closing", "read_scores", "company"),
    Entry("pay_runs", "read_pay", "company"),
    Entry("pay_run_page", "read_pay", "company"),
    Entry("pay_difference", "read_pay", "company"),
    Entry("keep_pay_run", "run_pay", "company", writes=True),
    Entry("propose_pay", "run_pay", "company", writes=True),
    Entry("approve_pay", "approve_pay", "company", writes=True),
    Entry("withdraw_pay", "run_pay", "company", writes=True),
    Entry("refuse_pay", "approve_pay", "company", writes=True),
    Entry("finalise_pay", "run_pay", "company", writes=True),
    Entry("verify_pay", "read_pay", "company"),
    Entry("pay_statement", "read_pay", "person"),
    Entry("pay_statements", "read_pay", "person"),
    Entry("statement_file", "read_pay", "person"),
    Entry("payroll_export", "export_payroll", "company", writes=True),
    Entry("fairness", "check_fairness", "company"),
    Entry("cycle", "read_scores", "company"),
    Entry("accounts", "manage_accounts", "company"),
    Entry("roles_to_give", "manage_accounts", "company"),
    Entry("add_account", "manage_accounts", "company", writes=True),
    Entry("invite_account", "manage_accounts", "company", writes=True),
    Entry("close_account", "manage_accounts", "company", writes=True),
    Entry("open_account", "manage_accounts", "company", writes=True),
    Entry("give_roles", "manage_accounts", "company", writes=True),
    Entry("link_account", "manage_accounts", "company", writes=True),
    Entry("end_sessions", "manage_accounts", "company", writes=True),
    Entry("webhooks", "manage_webhooks", "company"),
    Entry("webhook_deliveries", "manage_webhooks", "company"),
    Entry("add_webhook", "manage_webhooks", "company", writes=True),
    Entry("end_webhook", "manage_webhooks", "company", writes=True),
    Entry("test_webhook", "manage_webhooks", "company", writes=True),
    Entry("redeliver", "manage_webhooks", "company", writes=True),
    Entry("rotate_webhook", "manage_webhooks", "company", writes=True),
    Entry("webhook_delivery_count", "manage_webhooks", "company"),
    Entry("listed_periods", "read_goals", "company"),
    Entry("listed_units", "read_goals", "company"),
    Entry("listed_people", "read_goals", "company"),
    Entry("listed_metrics", "read_goals", "company"),
    Entry("listed_goals", "read_goals", "company"),
    Entry("listed_tree", "read_goals", "company"),
    Entry("listed_scores", "read_scores", "company"),
    Entry("listed_statements", "read_pay", "company"),
    Entry("listed_statement_lines", "read_pay", "company"),
    Entry("final_statement", "read_pay", "person"),
    Entry("listed_letters", "read_goals", "company"),
    Entry("listed_check_ins", "read_goals", "company"),
    Entry("listed_measurements", "read_goals", "company"),
    Entry("listed_journal", "read_journal", "company"),
    Entry("api_tokens", "read_goals", "company"),
    Entry("make_api_token", "read_goals", "company", writes=True),
    Entry("revoke_api_token", "read_goals", "company", writes=True),
    Entry("revoke_api_tokens", "read_goals", "company", writes=True),
    Entry("backup_standing", "manage_accounts", "company"),
    Entry("write_measurements", "load_measurements", "company", writes=True),
    Entry("check_in_once", "check_in", "goal", writes=True),
    Entry("live_sources", "manage_sources", "company"),
    Entry("look_at_source", "manage_sources", "company"),
    Entry("pull_source", "manage_sources", "company", writes=True),
    Entry("source_runs", "manage_sources", "company"),
    Entry("source_rejects", "manage_sources", "company"),
    Entry("scenarios", "make_scenario", "company"),
    Entry("scenario", "make_scenario", "company"),
    Entry("said_of", "make_scenario", "company"),
    Entry("scenario_effect", "make_scenario", "company"),
    Entry("scenario_why", "make_scenario", "company"),
    Entry("compare_scenarios", "make_scenario", "company"),
    Entry("tryable", "make_scenario", "company"),
    Entry("plan_parameters", "make_scenario", "company"),
    Entry("save_scenario", "make_scenario", "company", writes=True),
    Entry("mark_scenario", "make_scenario", "company", writes=True),
    Entry("preview_scenario", "make_scenario", "company"),
    Entry("apply_scenario", "make_scenario", "company", writes=True),
    Entry("propose_scenario", "make_scenario", "company", writes=True),
    Entry("look_at", "load_measurements", "company"),
    Entry("intake_answered", "load_measurements", "company"),
    Entry("preview_intake", "load_measurements", "company"),
    Entry("load_workbook", "load_measurements", "company", writes=True),
    Entry("mappings", "load_measurements", "company"),
    Entry("save_mapping", "load_measurements", "company", writes=True),
    Entry("close_mapping", "load_measurements", "company", writes=True),
    Entry("unit_template", "load_measurements", "company"),
    Entry("ratings_template", "read_goals", "company"),
    Entry("load_ratings", "read_goals", "company", writes=True),
    Entry("look_at_tables", "apply_config", "company"),
    Entry("look_at_inputs", "run_pay", "company"),
    Entry("make_tables", "apply_config", "company", writes=True),
    Entry("tables_workbook", "apply_config", "company"),
)

#: Where the work of whoever has none of the desks below begins.
OVERVIEW = "overview"

#: The page a person lands on: that of the first of these actions that a role of theirs names.
DESKS: tuple[tuple[str, str], ...] = (
    ("approve_pay", OVERVIEW),
    ("calibrate", "cycle"),
    ("split_target", "workbench"),
    ("manage_accounts", "accounts"),
    ("check_in", "progress"),
)


def desk(ws: Books, asker: Asker) -> str:
    """Return the page that somebody's work begins on; without a company the one that says how to put it there."""
    if asker.machine or ws.is_empty():
        return OVERVIEW
    return next((page for action, page in DESKS if ws.may(asker, action).allowed), OVERVIEW)


def may(ws: Books, asker: Asker, what: str, on: str | None = None) -> Decision:
    """Decide whether somebody may do something on a goal, unit or person named by its id.

    Raises NotFound for an action, or a goal, unit or person, that there is not, with the nearest word.
    """
    if what not in ACTIONS:
        raise not_found(msg("action"), what, ACTIONS)
    kind, owner = owner_named(ws, on) if on is not None else (None, None)
    return ws.may(asker, what, kind, owner)


def owner_named(ws: Books, word: str) -> tuple[str, str]:
    """Return kind and id of the owner that a word names: a unit, a person, or a goal's owner; raises NotFound."""
    company = ws.company()
    if word in company.people["person"]:
        return OwnerKind.PERSON.value, word
    if word in company.units["unit"]:
        return OwnerKind.UNIT.value, word
    goal = company.goals.filter(pl.col("goal") == word)
    if goal.height:
        kind, owner = goal.select(pl.col("owner_kind").cast(pl.String), "owner").row(0)
        return str(kind), str(owner)
    known = [*company.units["unit"], *company.people["person"], *company.goals["goal"]]
    raise not_found(msg("unit, person or goal"), word, known)
