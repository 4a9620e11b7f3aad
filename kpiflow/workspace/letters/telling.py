"""A letter told in sentences, one after the other, for places that have no page: the terminal."""

from collections.abc import Iterator

from kpiflow.core.letter import Letter
from kpiflow.language import Message, Quantity, msg
from kpiflow.workspace.letters.answers import SIDE_WORDS, STATE_WORDS, LetterPage
from kpiflow.workspace.letters.curves import ANCHOR_WORDS
from kpiflow.workspace.letters.printing import about, columns, eased_lines, plan_line, preamble, signed_line
from kpiflow.workspace.letters.wording import name_of


def told(page: LetterPage) -> tuple[Message, ...]:
    """Return a letter as sentences: its state, parties, goals, rewards, and what changed."""
    return tuple(_told(page))


def _told(page: LetterPage) -> Iterator[Message]:
    facts = {"owner": name_of(page.name), "cycle": page.cycle, "state": STATE_WORDS[page.state]}
    yield msg("Responsibility letter of {owner}, {cycle}: {state}.", **facts)
    if page.letter is None:
        yield page.draw_up.reason
        return
    yield about(page)
    for one in page.signed:
        yield msg(
            "{side}: {name}. {signed}.",
            side=SIDE_WORDS[one.side],
            name=name_of(one.party.name),
            signed=signed_line(one),
        )
    yield from preamble(page.letter)
    yield from _goals(page.letter)
    for reward in page.letter.rewards:
        yield msg("{plan}: {line}", plan=name_of(reward.label), line=plan_line(reward))
        for line in reward.lines:
            yield msg("  {step}: {says}", step=name_of(line.label), says=name_of(line.says))
    yield msg("Fingerprint: {fingerprint}", fingerprint=page.letter.fingerprint)
    for change in page.changes:
        before, after = (None if said is None else name_of(said) for said in (change.before, change.after))
        facts = {"subject": name_of(change.subject), "field": change.field, "before": before, "after": after}
        yield msg(
            "Changed since version {version}: {subject}, {field}: {before} → {after}", version=page.compared, **facts
        )


def _goals(letter: Letter) -> Iterator[Message]:
    for one in letter.promises:
        anchors = [
            msg("{anchor} {value}", anchor=ANCHOR_WORDS[name],
                value=Quantity(getattr(one, name), one.measure, one.currency))
            for name in columns(letter)
            if getattr(one, name) is not None
        ]  # fmt: skip
        weight = Quantity(one.share, "attainment")
        yield msg("  {goal}: weight {weight}; {anchors}.", goal=name_of(one.label), weight=weight, anchors=anchors)
        yield from eased_lines(one)
