"""What differs between two versions of a letter, line by line, with the reason given for what became easier."""

from collections.abc import Iterator
from typing import Any

from kpiflow.core.letter import Easing, Letter, Party, Promise, Reward, Wording
from kpiflow.language import Message, Quantity, msg
from kpiflow.workspace.letters.answers import Change
from kpiflow.workspace.letters.curves import ANCHOR_WORDS
from kpiflow.workspace.letters.measuring import ABOUT
from kpiflow.workspace.letters.wording import both

#: What the fields of a promise are called; a test holds it to the fields there are.
PROMISE_WORDS: dict[str, Message] = {
    "label": msg("Name"),
    "parent": msg("Goal above"),
    "kind": msg("Kind"),
    "commitment": msg("Commitment"),
    "weight": msg("Weight"),
    "share": msg("Share of the sheet"),
    "metric": msg("Metric"),
    "metric_version": msg("Version of the metric"),
    "metric_label": msg("Name of the metric"),
    "measure": msg("Measure"),
    "currency": msg("Currency"),
    "direction": msg("Direction"),
    **ANCHOR_WORDS,
    "periods": msg("Targets per period"),
    "terms": msg("Definition, curve or phasing"),
}

#: What the fields of a reward are called.
REWARD_WORDS: dict[str, Message] = {
    "version": msg("Version of the plan"),
    "label": msg("Name"),
    "every": msg("Pays for each"),
    "starts": msg("Valid from"),
    "ends": msg("Valid until"),
    "currency": msg("Currency"),
}

#: What the rest of a letter is called.
LETTER_WORDS: dict[str, Message] = {
    "owner_kind": msg("Owner"),
    "owner": msg("Owner"),
    "owner_label": msg("Owner"),
    "company": msg("Company"),
    "cycle": msg("Cycle"),
    "starts": msg("First day"),
    "ends": msg("Last day"),
    "signer": msg("Responsible"),
    "manager": msg("Manager"),
}


def changes(before: Letter, after: Letter) -> tuple[Change, ...]:
    """Return every difference between two versions: the letter itself, then its goals, then its rewards."""
    return (*_whole(before, after), *_promises(before, after), *_rewards(before, after))


def _whole(before: Letter, after: Letter) -> Iterator[Change]:
    subject = both(msg("The letter"))
    for field, word in LETTER_WORDS.items():
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Change(subject, word, _said(was), _said(now))


def _promises(before: Letter, after: Letter) -> Iterator[Change]:
    old, new = ({one.goal: one for one in letter.promises} for letter in (before, after))
    for goal in dict.fromkeys([*new, *old]):
        if goal not in old:
            yield Change(new[goal].label, msg("Goal"), None, both(msg("added")))
        elif goal not in new:
            yield Change(old[goal].label, msg("Goal"), both(msg("promised")), both(msg("taken away")))
        else:
            yield from _promise(old[goal], new[goal])
    if [*old] != [*new] and {*old} == {*new}:
        was, now = (both(msg("{goals}", goals=[one.goal for one in letter.promises])) for letter in (before, after))
        yield Change(both(msg("The letter")), msg("Order of the goals"), was, now)


def _promise(was: Promise, now: Promise) -> Iterator[Change]:
    fresh = [one for one in now.easings if one not in was.easings]
    for field, word in PROMISE_WORDS.items():
        old, new = getattr(was, field), getattr(now, field)
        if old == new or (field == "terms" and was.rules != now.rules):
            continue
        easing = next((one for one in reversed(fresh) if one.field == field), None)
        yield Change(now.label, word, _of(field, old, was), _of(field, new, now), easing is not None,
                     None if easing is None else easing.reason)  # fmt: skip
    for about in dict.fromkeys([one.about for one in (*was.rules, *now.rules)]):
        old, new = _rule(was, about), _rule(now, about)
        if old != new:
            yield Change(now.label, ABOUT.get(about, Message(about)), old, new)
    shown = {field for field in PROMISE_WORDS if getattr(was, field) != getattr(now, field)}
    for one in fresh:
        if one.field not in shown:
            yield Change(now.label, ANCHOR_WORDS[one.field], *_eased(one, now), eased=True, reason=one.reason)
    if was.easings != now.easings and not fresh:
        yield Change(now.label, msg("What was eased"), both(msg("{count} {count:time|times}", count=len(was.easings))),
                     both(msg("{count} {count:time|times}", count=len(now.easings))))  # fmt: skip


def _eased(one: Easing, promise: Promise) -> tuple[Wording, Wording]:
    return amount_said(one.before, promise), amount_said(one.after, promise)


def _rewards(before: Letter, after: Letter) -> Iterator[Change]:
    old, new = ({one.plan: one for one in letter.rewards} for letter in (before, after))
    for plan in dict.fromkeys([*new, *old]):
        if plan not in old:
            yield Change(new[plan].label, msg("Plan"), None, both(msg("added")))
        elif plan not in new:
            yield Change(old[plan].label, msg("Plan"), both(msg("reaches the owner")), both(msg("taken away")))
        else:
            yield from _reward(old[plan], new[plan])


def _reward(was: Reward, now: Reward) -> Iterator[Change]:
    for field, word in REWARD_WORDS.items():
        old, new = getattr(was, field), getattr(now, field)
        if old != new:
            yield Change(now.label, word, _said(old), _said(new))
    steps, since = ({line.label.en: line for line in one.lines} for one in (was, now))
    for label in dict.fromkeys([*since, *steps]):
        before, after = steps.get(label), since.get(label)
        if before != after:
            said = (None if before is None else before.says, None if after is None else after.says)
            yield Change(now.label, msg("{step}", step=label), said[0], said[1])


def _rule(promise: Promise, about: str) -> Wording | None:
    """Return all a promise says about something, in one text."""
    said = [one.says for one in promise.rules if one.about == about]
    return Wording(en=" ".join(one.en for one in said), zh="".join(one.zh for one in said)) if said else None


def amount_said(value: float | None, promise: Promise) -> Wording:
    """Return an anchor of a promise in both languages."""
    return both(msg("{value}", value=Quantity(value, promise.measure, promise.currency)))


def _of(field: str, value: Any, promise: Promise) -> Wording | None:
    """Return a field of a promise in words."""
    if value is None:
        return None
    if field in ANCHOR_WORDS:
        return amount_said(value, promise)
    if field == "share":
        return both(msg("{value}", value=Quantity(value, "attainment")))
    if field == "periods":
        return both(
            msg(
                "{targets}", targets=[msg("{period}: {value}", period=period, value=target) for period, target in value]
            )
        )
    return _said(value)


def _said(value: Any) -> Wording | None:
    """Return any other field in words."""
    if value is None or isinstance(value, Wording):
        return value
    if isinstance(value, Party):
        parts = [part for part in (value.name, value.role, value.unit) if part is not None]
        return Wording(en=" · ".join(part.en for part in parts), zh=" · ".join(part.zh for part in parts))
    return both(msg("{value}", value=value))
