"""A target as a bar: what is assigned of it, what is left, what is too much; always with the words beside the picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards import words
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Message, Quantity, msg

#: Blocks of a bar that is written into a line of text.
_BLOCKS = 10


@dataclass(frozen=True)
class Standing:
    """How parts stand to the whole: a shape, a tone (`good`, `short`, `over`, `open`), the words, and the share assigned."""

    shape: str
    tone: str
    said: Message
    share: float | None


def standing(row: Mapping[str, Any], measure: Mapping[str, Any]) -> Standing:
    """Return how a reconciliation stands; `measure` has the measure and currency of its numbers."""
    state = row["state"]
    if row["way"] == "sum" and row.get("assigned") is not None:
        return _amount(row, measure, row["assigned"] / row["target"] if row["target"] else None)
    if row["way"] == "volume_weighted" and row.get("weighted_mean") is not None:
        return _rate(row, measure)
    said: dict[str, Message] = {
        "not_split": msg("not handed down yet"),
        "not_splittable": msg("has no parts: give everyone the same"),
        "no_target": msg("has no target"),
        "open": msg("some parts have no target yet"),
        "volumes_missing": msg("no volumes known to weigh the parts by"),
    }
    return Standing("○", "open", said.get(state, msg("not handed down yet")), None)


def _amount(row: Mapping[str, Any], measure: Mapping[str, Any], share: float | None) -> Standing:
    left, over = row.get("unassigned") or 0.0, row.get("over_assigned") or 0.0
    if over:
        return Standing("■", "over", msg("{part} over-assigned", part=_quantity(over, measure)), share)
    if left:
        return Standing("▲", "short", msg("{part} unassigned", part=_quantity(left, measure)), share)
    if row["state"] == "buffered":
        return Standing("●", "good", msg("all assigned, with the buffer"), share)
    return Standing("●", "good", msg("all assigned"), share)


def _rate(row: Mapping[str, Any], measure: Mapping[str, Any]) -> Standing:
    mean, apart = _quantity(row["weighted_mean"], measure), row["difference"] or 0.0
    share = row["weighted_mean"] / row["target"] if row["target"] else None
    gap = Quantity(abs(apart), measure["measure"], measure.get("currency"), difference=True)
    if row["state"] in ("easier", "different"):
        return Standing("▲", "short", msg("mean by volume {mean}: {gap} too easy", mean=mean, gap=gap), share)
    if row["state"] == "harder":
        return Standing("■", "over", msg("mean by volume {mean}: {gap} harder than asked", mean=mean, gap=gap), share)
    return Standing("●", "good", msg("mean by volume {mean}, as asked", mean=mean), share)


def _quantity(value: float, measure: Mapping[str, Any]) -> Quantity:
    return Quantity(value, measure["measure"], measure.get("currency"))


def in_text(stood: Standing, language: str) -> str:
    """Return a bar written into a line of text, with its shape and words, in a colour that Markdown knows."""
    colour = {"good": "green", "short": "orange", "over": "red", "open": "gray"}[stood.tone]
    bar = ""
    if stood.share is not None:
        full = min(round(stood.share * _BLOCKS), _BLOCKS)
        # A part that is left must be seen, however small it is.
        full = min(full, _BLOCKS - 1) if stood.tone == "short" else full
        bar = "█" * full + "░" * (_BLOCKS - full) + ("▌" if stood.tone == "over" else "") + " "
    return f":{colour}[{bar}{stood.shape} {words.say(stood.said, language)}]"


def bar(row: Mapping[str, Any], measure: Mapping[str, Any], language: str, *, title: Message | None = None) -> Markup:
    """Return the bar as a block: assigned, left or too much against the mark of the target."""
    stood = standing(row, measure)
    name = words.say(title, language) if title is not None else None
    said = el("span", f"{stood.shape} {words.say(stood.said, language)}", class_=f"k-tone-{stood.tone}")
    head = el("div", el("span", name, class_="quiet") if name else None, said, class_="k-ends")
    return el("div", head, _picture(row, stood), class_="k k-assigned")


def _picture(row: Mapping[str, Any], stood: Standing) -> Markup | None:
    """The bar itself: only amounts have one, because rates do not fill anything up."""
    if row["way"] != "sum" or stood.share is None:
        return None
    whole = max(stood.share, 1.0)
    inside = min(stood.share, 1.0) / whole * 100
    mark = 100 / whole
    parts = [el("i", class_="full", style=f"width:{inside:.2f}%")]
    if stood.share < 1:
        parts.append(el("i", class_="left", style=f"left:{inside:.2f}%;width:{100 - inside:.2f}%"))
    if stood.share > 1:
        parts.append(el("i", class_="over", style=f"left:{mark:.2f}%;width:{100 - mark:.2f}%"))
    parts.append(el("b", style=f"left:{mark:.2f}%"))
    return el("div", *parts, class_="track", aria_hidden="true")
