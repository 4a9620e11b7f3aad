"""What is off track in groups that unfold where they stand: how many, why, and the worst of each."""

from collections.abc import Callable, Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, OffTrackGroup, msg


def off_track_groups(
    title: Message,
    groups: Sequence[OffTrackGroup],
    language: str,
    href: Callable[[str], str],
    all_of: Callable[[str], str],
    *,
    total: int,
) -> Markup:
    """Return the groups of one kind; `href` leads to a goal, `all_of` to the list of a whole group.

    Where there are too many groups to show, the last line says how many of the `total` goals are in the others.
    """
    rest = total - sum(one.count for one in groups)
    others = msg("{count} more {count:goal|goals} in other groups stand in the list below.", count=rest)
    return el(
        "section",
        el("h3", words.say(title, language)),
        *(_group(one, language, href, all_of) for one in groups),
        el("p", words.say(others, language), class_="quiet") if rest else None,
        class_="k k-groups",
    )


def _group(one: OffTrackGroup, language: str, href: Callable[[str], str], all_of: Callable[[str], str]) -> Markup:
    name = words.say(one.name, language)
    said = words.say(msg("{unit} itself", unit=one.name), language) if one.itself else name
    who = el("span", f" · {words.say(one.who, language)}", class_="quiet") if one.who else None
    why = el("span", words.say(one.why, language), class_="why") if one.why else None
    summary = el("summary", el("span", el("b", said), who, class_="name"), _counts(one, language), why)
    items = [
        el(
            "li",
            el("a", words.name(row, language), href=href(row["goal"])),
            el("span", f" · {words.name(row, language, 'owner_label')} · ", class_="quiet"),
            el("b", words.quantity(row["gap"], row, language, difference=True, signed=True)),
            el("span", f" · {words.say(cause, language)}", class_="quiet") if cause else None,
        )
        for row, cause in zip(one.rows.iter_rows(named=True), one.causes, strict=True)
    ]
    # The goals of a unit itself are no filter of the list: it holds all below them as well.
    more = msg("All {count} in the list", count=one.count)
    rest = (
        el("li", el("a", words.say(more, language), href=all_of(one.id)))
        if one.count > one.rows.height and not one.itself
        else None
    )
    return el("details", summary, el("ul", *items, rest))


def _counts(one: OffTrackGroup, language: str) -> Markup:
    """How many are behind and how many at risk: shape, number and word, each only where there are any."""
    risk = one.count - one.behind
    behind = words.say(msg("■ {count} behind", count=one.behind), language)
    at_risk = words.say(msg("▲ {count} at risk", count=risk), language)
    return el(
        "span",
        el("b", behind, style="color:var(--k-ink-behind)") if one.behind else None,
        " " if one.behind and risk else None,
        el("b", at_risk, style="color:var(--k-ink-at_risk)") if risk else None,
        class_="counts",
    )
