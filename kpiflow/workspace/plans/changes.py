"""What differs between two versions of a plan, in words: whom it pays, and each step that was added, changed or dropped."""

import json
from dataclasses import dataclass
from typing import Any

from kpiflow.definitions.company import Company
from kpiflow.definitions.facts import adapter
from kpiflow.definitions.plain import plain
from kpiflow.incentives.plan import Plan
from kpiflow.language import Message, Name, msg
from kpiflow.workspace.plans.wording import about, steps_said

#: The fields of a plan that its sentences and steps say, and those that decide no amount.
IN_WORDS = frozenset(
    ("plan", "version", "who", "starts", "ends", "every", "currency", "rounding", "segments", "budget", "absent", "components",
     "examples", "label", "label_zh")
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One difference: what it is about, how it read before and how it reads now; None: it was not there."""

    subject: Name | Message
    before: Message | None
    after: Message | None


def plan_from(content: str) -> Plan:
    """Return a plan as it was published, without its examples; fields that were empty may be unknown by now."""
    body = json.loads(content)
    body.pop("examples", None)
    plan: Plan = adapter("plan").validate_json(json.dumps(_filled(body)))
    return plan


def _filled(value: Any) -> Any:
    """Return a definition without its empty fields."""
    if isinstance(value, dict):
        return {key: _filled(one) for key, one in value.items() if one is not None}
    return [_filled(one) for one in value] if isinstance(value, list) else value


def changes(before: Plan, after: Plan, company: Company) -> tuple[Change, ...]:
    """Return what differs, in the order of the new plan; the same words on both sides mean a detail no sentence names."""
    found = [
        Change(msg("The plan"), old, new)
        for old, new in _paired(about(before, company), about(after, company))
        if old != new
    ]
    was = {step.component: step for step in steps_said(before, company)}
    now = {step.component: step for step in steps_said(after, company)}
    raw_was, raw_now = ({one.id: plain(one) for one in plan.components} for plan in (before, after))
    for name, step in now.items():
        if name not in was:
            found.append(Change(step.label, None, step.rule))
        elif raw_was[name] != raw_now[name]:
            found.append(Change(step.label, *_said(raw_was[name], raw_now[name], (was[name].rule, step.rule))))
    found += [Change(step.label, step.rule, None) for name, step in was.items() if name not in now]
    kept = [name for name in was if name in now]
    if kept != [name for name in now if name in was]:
        order = [msg("{names}", names=[steps[name].label for name in steps]) for steps in (was, now)]
        found.append(Change(msg("The order of the steps"), order[0], order[1]))
    found += _details(plain(before), plain(after))
    return tuple(found)


def _paired(one: tuple[Message, ...], other: tuple[Message, ...]) -> list[tuple[Message | None, Message | None]]:
    """Put beside each other what stands in only one of two lists of sentences, those of one form together."""
    old, new = [said for said in one if said not in other], [said for said in other if said not in one]
    pairs: list[tuple[Message | None, Message | None]] = []
    for said in old:
        match = next((other_ for other_ in new if other_.text == said.text), None)
        if match is not None:
            new.remove(match)
        pairs.append((said, match))
    return pairs + [(None, said) for said in new]


def _said(was: Any, now: Any, rules: tuple[Message, Message]) -> tuple[Message, Message]:
    """Return the two rules of a step; where they read the same, the fields that differ."""
    if rules[0] != rules[1]:
        return rules
    differing = [name for name in now if now.get(name) != was.get(name)]
    one, other = (
        msg("{fields}", fields=[msg("{field}: {value}", field=name, value=str(part.get(name))) for name in differing])
        for part in (was, now)
    )
    return one, other


def _details(was: Any, now: Any) -> list[Change]:
    """Return the fields of the plan itself that differ and that no sentence names, such as inputs and rates of exchange."""
    return [
        Change(Name(name), *(msg("{value}", value=_written(part.get(name))) for part in (was, now)))
        for name in now
        if name not in IN_WORDS and now[name] != was.get(name)
    ]


def _written(value: Any) -> str:
    """Return a field as a person would write it on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_written(one)}" for key, one in value.items())
    return ", ".join(map(_written, value)) if isinstance(value, list) else str(value)
