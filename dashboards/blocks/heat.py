"""Units × metrics as a table: each cell has its value, the shape and the wash of its status, and opens its goal."""

from collections.abc import Callable

import polars as pl

from dashboards import words
from dashboards.blocks.markup import Markup, el
from dashboards.statuses import look
from kpiflow.workspace import msg


def heat(cells: pl.DataFrame, language: str, href: Callable[[str], str]) -> Markup:
    """Return the table; units and metrics come in the order of the frame, `href` gives the address of a goal."""
    named = words.named(words.named(cells, language, "unit_label"), language, "metric_label")
    metrics = dict(named.select("metric", "metric_label").unique(maintain_order=True).iter_rows())
    units = dict(named.select("unit", "unit_label").unique(maintain_order=True).iter_rows())
    by_place = {(row["unit"], row["metric"]): row for row in named.iter_rows(named=True)}
    head = el("tr", el("th", ""), *(el("th", label, scope="col") for label in metrics.values()))
    body = [
        el(
            "tr",
            el("th", label, scope="row"),
            *(_cell(by_place.get((unit, metric)), language, href) for metric in metrics),
        )
        for unit, label in units.items()
    ]
    caption = words.say(msg("Units by metrics"), language)
    table = el("table", el("thead", head), el("tbody", *body), class_="k-heat", aria_label=caption)
    return el("div", table, class_="k k-scroll", tabindex="0", role="region", aria_label=caption)


def _cell(row: dict[str, object] | None, language: str, href: Callable[[str], str]) -> Markup:
    if row is None:
        return el("td", "·", class_="none")
    shown = look(str(row["status"]))
    value = words.quantity(row["actual"], row, language)  # type: ignore[arg-type]
    target = words.quantity(row["target"], row, language)  # type: ignore[arg-type]
    said = words.say(
        msg(
            "{unit}, {metric}: {actual} against {target}, {status}",
            unit=row["unit_label"],
            metric=row["metric_label"],
            actual=value,
            target=target,
            status=shown.word,
        ),
        language,
    )
    colours = f"background:var(--k-wash-{shown.status})"
    mark = el("span", shown.shape, style=f"color:var(--k-ink-{shown.status})", aria_hidden="true")
    return el("td", el("a", mark, value, href=href(str(row["goal"])), style=colours, title=said, aria_label=said))
