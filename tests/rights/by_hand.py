"""The rights worked out a second time, slowly, from the written tables alone: roles, assignments, units and goals."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

CONFIG = Path(__file__).parents[2] / "config"

#: One person of the example company for each role.
PEOPLE = {
    "executive": "p0001",
    "department_head": "p0002",
    "hr": "p0005",
    "auditor": "p0006",
    "administrator": "p0007",
    "inspector": "p0011",
    "duty_manager": "p0101",
    "station_manager": "p0201",
}

#: Whose goals and rows each of them is tried on: units and persons near and far, and oneself.
UNITS = ("NYC", "EWR", "EWR-9E", "JFK", "JFK-9E")
PERSONS = ("p0001", "p0002", "p0101", "p0102", "p0111", "p0201", "p0213")

#: On whom an action works, as the reference page says it.
ON = {
    "read_goals": "reads", "comment": "reads", "read_team": "reads",
    "read_calibration": "appraisals", "calibrate": "appraisals", "approve_calibration": "appraisals",
    "answer_appeal": "appraisals", "read_scores": "appraisals", "read_appraisal": "appraisals",
    "export_scores": "appraisals", "manage_reviews": "appraisals", "check_fairness": "appraisals",
    "appeal": "own", "agree_goal": "own", "sign_letter": "own", "check_in": "own", "write_review": "own",
    "read_pay": "pay", "read_journal": "company",
    "set_target": "below", "split_target": "below", "manage_letters": "below", "review_team": "below",
    "load_measurements": "company", "record_measurement": "company", "manage_accounts": "company",
    "manage_sources": "company", "manage_webhooks": "company",
    "make_scenario": "company", "publish_plan": "company", "approve_plan": "company",
}  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """Whom something is about."""

    kind: str
    owner: str

    def __str__(self) -> str:
        return self.owner


SUBJECTS = tuple(Subject("unit", unit) for unit in UNITS) + tuple(Subject("person", one) for one in PERSONS)


def table(name: str) -> list[dict[str, str]]:
    with (CONFIG / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@cache
def roles() -> dict[str, dict]:
    listed = YAML(typ="safe").load(CONFIG / "roles.yaml")["roles"]
    return {
        role["role"]: {"reads": "self", "appraisals": "self", "pay": "self", "actions": [], **role} for role in listed
    }


@cache
def parents() -> dict[str, str]:
    return {row["unit"]: row["parent"] for row in table("units")}


@cache
def assigned() -> dict[str, dict[str, str]]:
    """Each person's one assignment: in the example company everybody has one, and none of these has ended."""
    return {row["person"]: row for row in table("assignments")}


def inside(unit: str, top: str) -> bool:
    while unit:
        if unit == top:
            return True
        unit = parents()[unit]
    return False


def role_of(person: str) -> dict:
    return roles()[assigned()[person]["role"]]


def within(person: str, scope: str, subject: Subject) -> bool:
    """Whether a scope of a person's role reaches somebody."""
    mine = assigned()[person]["unit"]
    if scope == "enterprise" or (subject.kind == "person" and subject.owner == person):
        return True
    if scope == "subtree":
        return inside(subject.owner if subject.kind == "unit" else assigned()[subject.owner]["unit"], mine)
    return scope == "reports" and subject.kind == "person" and assigned()[subject.owner]["manager"] == person


def may_at_all(person: str, action: str) -> bool:
    """Whether a person may do something on anybody."""
    role = role_of(person)
    if action in ("read_goals", "read_appraisal", "read_pay"):
        return True
    if action in ("read_team", "read_scores", "read_calibration"):
        return role[ON[action]] != "self"
    return action in role["actions"]


def may(person: str, action: str, subject: Subject) -> bool:
    """Whether a person may do something on somebody."""
    role, on = role_of(person), ON[action]
    if not may_at_all(person, action):
        return False
    if on == "company" or (on == "reads" and subject.kind == "unit"):
        return True
    if on in ("appraisals", "pay") and subject.kind == "unit":
        return role[on] == "enterprise"  # units have neither, so only who reads everybody is not turned away
    if action == "read_calibration" and subject.owner == person:
        return False  # nobody sees their own before it is final
    if on in ("reads", "appraisals", "pay"):
        return within(person, role[on], subject)
    leads = role["reads"] in ("subtree", "enterprise")
    mine = assigned()[person]["unit"]
    if on == "own":
        return subject.owner == (mine if subject.kind == "unit" else person) and (leads or subject.kind == "person")
    if role["reads"] == "enterprise":
        return True
    own = subject.owner in (mine, person)
    return within(person, role["reads"], subject) and not own
