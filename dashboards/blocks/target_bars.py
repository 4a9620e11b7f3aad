"""A target distribution beside what is there: a bar per part with its mark, in words whether it is met, and by how much not."""

from collections.abc import Mapping, Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, msg
from kpiflow.workspace.calibration.answers import BOUND_WORDS, Owed


def grade_heads(before: Mapping[str, int], now: Mapping[str, int], language: str) -> Markup:
    """Return one bar per grade: how many people have it now, and how many had it before."""
    most = max([1, *before.values(), *now.values()])
    rows = [
        el(
            "div",
            el("b", grade),
            el("span", el("i", style=f"width:{count / most * 100:.1f}%"),
               el("u", style=f"left:{before[grade] / most * 100:.1f}%"), class_="k-bar k-bar-before", aria_hidden="true"),
            el("span", _heads(before[grade], count, language), class_="num"),
            class_="k-grade",
        )
        for grade, count in now.items()
    ]  # fmt: skip
    said = ", ".join(f"{grade} {count}" for grade, count in now.items())
    return el(
        "div", *rows, class_="k k-grades", role="img", aria_label=words.say(msg("Grades: {said}", said=said), language)
    )


def _heads(before: int, now: int, language: str) -> str:
    if before == now:
        return str(now)
    return words.say(msg("{now} (was {before})", now=now, before=before), language)


def target_parts(parts: Sequence[tuple[Owed, int]], language: str) -> Markup:
    """Return each part of a target with the people there are and whether that meets it."""
    rows = []
    for one, there in parts:
        off = one.off
        share = f"{float(one.quota.share * 100):g} %"
        asks = msg(
            "{bound} {share}: {target}", bound=BOUND_WORDS[one.quota.bound], share=share, target=one.quota.target
        )
        tone = "k-tone-good" if off == 0 else "k-tone-short"
        rows.append(
            el("tr", el("td", el("b", " + ".join(one.quota.grades))), el("td", words.say(asks, language)),
               el("td", str(there), class_="num"), el("td", words.say(_standing(off), language), class_=tone))
        )  # fmt: skip
    names = (msg("Grade"), msg("Target share"), msg("There are"), msg("So"))
    head = el("tr", *(el("th", words.say(name, language), scope="col") for name in names))
    table = el("table", el("thead", head), el("tbody", *rows), class_="k-table")
    return el("div", table, class_="k k-scroll")


def _standing(off: int) -> Message:
    if off == 0:
        return msg("● met")
    return msg("▲ {count} too many", count=off) if off > 0 else msg("▼ {count} too few", count=-off)
