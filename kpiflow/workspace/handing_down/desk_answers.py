"""What the workspace answers a head of a unit with: drafts of splits, proposals with both sides, the sheet, the team."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import polars as pl

from kpiflow.language import Message, Name
from kpiflow.workspace.answers import SplitPreview

#: A table of amounts by goal that can be a key of a cache.
Amounts = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Draft:
    """A split somebody is working on: nothing of it is written before it is proposed.

    `held` are the targets written down or locked, `weights` those of a split by weight, `words` what is said to single
    owners; each by child goal. `buffer` is a share such as "2%".
    """

    method: str
    held: Amounts = ()
    weights: Amounts = ()
    buffer: str = "0%"
    words: tuple[tuple[str, str], ...] = ()

    def holding(self, **changes: float | None) -> Self:
        """Return the draft with other targets held; None lets a child go."""
        return replace(self, held=_changed(self.held, changes))

    def weighing(self, **changes: float | None) -> Self:
        """Return the draft with other weights; None takes a written weight away."""
        return replace(self, weights=_changed(self.weights, changes))

    def saying(self, **changes: str | None) -> Self:
        """Return the draft with other words to single owners; None or nothing takes them away."""
        said = {name: text for name, text in {**dict(self.words), **changes}.items() if text and text.strip()}
        return replace(self, words=tuple(sorted(said.items())))


def _changed(amounts: Amounts, changes: Mapping[str, float | None]) -> Amounts:
    kept = {name: value for name, value in {**dict(amounts), **changes}.items() if value is not None}
    return tuple(sorted(kept.items()))


@dataclass(frozen=True, eq=False)
class Drafted:
    """A draft worked out. `shown` is None when it cannot be split so, and `why_not` says why.

    lines: goal, label, label_zh, owner_kind, owner, owner_label, owner_label_zh, people, people_zh (who answers for it, as one
      text), last (last year's rate or amount), target_before, target, locked, weight, words, is_new, state (of the line that
      waits for an answer, else null), measure, currency; one row per child.
    before: the reconciliation of the plan as it is, the columns of `Reconciled.row`.
    """

    draft: Draft
    goal: str
    name: Name
    row: Mapping[str, Any]
    lines: pl.DataFrame
    before: Mapping[str, Any]
    shown: SplitPreview | None
    why_not: Message | None = None


@dataclass(frozen=True, eq=False)
class ProposalAsked:
    """What proposing a draft would ask: whom, what changes for each, and what stands in the way.

    lines: the rows of `Drafted.lines` that are asked about, with `eased`. `unled` names units in which nobody may agree.
    `needs_words`: a target becomes easier to reach, so proposing it needs a written reason.
    """

    sentence: tuple[Message, ...]
    drafted: Drafted
    lines: pl.DataFrame
    people: int
    needs_words: bool
    obstacles: tuple[Message, ...]


@dataclass(frozen=True)
class Proposed:
    """What was written: the number of the proposal, its line in the journal, and how many owners are asked."""

    proposal: int
    entry: int
    owners: int


@dataclass(frozen=True)
class Answered:
    """What an answer did: how the line stands now, and the change of the plan it made (None: none)."""

    line: int
    state: str
    change: int | None


@dataclass(frozen=True, eq=False)
class Proposals:
    """Lines of proposals with both sides.

    lines: line, proposal, parent, parent_label, parent_label_zh, parent_target and parent_now (the target above then and
      now), goal, label, label_zh, owner_kind, owner, owner_label, owner_label_zh, proposed_by, proposed_by_label,
      proposed_by_label_zh, proposed_at, proposal_words, words, is_new, before, target, counter, counter_words, counter_at,
      value, answer_words, answered_by, answered_at, state, eased, measure, currency, side (`owner`: it waits for the
      asker's answer; `head`: the asker may review it), waits (for whom: `owner`, `head` or null); the newest first.
    sums: parent → what the parts come to: now, as proposed, and with the counter-proposals taken.
    """

    lines: pl.DataFrame
    sums: Mapping[str, "Sums"] = field(default_factory=dict)


@dataclass(frozen=True)
class Sums:
    """What the targets below a goal come to: reconciliation rows of the plan now, as proposed, and as countered."""

    now: Mapping[str, Any]
    proposed: Mapping[str, Any]
    countered: Mapping[str, Any]


@dataclass(frozen=True)
class SheetRead:
    """A sheet that was read: the draft it makes, what differs, what was set aside, and what must be mended first.

    differences: goal, label, label_zh, field, before, after; empty when nothing differs. With any of `wrong` there is no draft.
    """

    draft: Draft | None
    differences: pl.DataFrame
    aside: tuple[Message, ...]
    wrong: tuple[Message, ...]


@dataclass(frozen=True, eq=False)
class Team:
    """Who is below, who is behind and who has gone quiet.

    rows: owner_kind, owner, label, label_zh, unit_label, unit_label_zh, role_label, role_label_zh, points, behind, at_risk,
      on_pace, silent (goals without data or outdated), goals, worst, worst_label, worst_label_zh, worst_status, last_day, quiet
      (nothing is heard of most of their goals), days (since then); one page of them, who needs attention first.
    total: how many rows fit the filter; people and units count all of the team, behind its people, quiet both.
    """

    sentence: tuple[Message, ...]
    rows: pl.DataFrame
    total: int
    people: int
    units: int
    behind: int
    quiet: int
