"""Units × metrics as a table: each cell has its value, the shape and the wash of its status, and opens its goal."""

from collections.abc import Callable

import polars as pl

from dashboards import words
from dashboards.blocks import text
from dashboards.blocks.markup import Markup, el
from dashboards.statuses import look
from kpiflow.workspace import msg


def around(cells: pl.DataFrame, unit: str | None) -> pl.DataFrame:
    """Return the cells of one unit and of those right below it; without a unit, or an unknown one, of the topmost."""
    known = set(cells["unit"])
    focus = unit if unit in known else cells["unit"][0]
    return cells.filter((pl.col("unit") == focus) | (pl.col("unit_parent") == focus))


def heat(cells: pl.DataFrame, language: str, goal: Callable[[str], str], unit: Callable[[str], str]) -> Markup:
    """Return the table: `goal` and `unit` give the addresses of a goal's page and of a unit's own table."""
    named = words.named(words.named(cells, language, "unit_label"), language, "metric_label")
    by_weight = named.sort("weighty", descending=True, maintain_order=True)
    metrics = dict(by_weight.select("metric", "metric_label").unique(maintain_order=True).iter_rows())
    units = dict(named.select("unit", "unit_label").unique(maintain_order=True).iter_rows())
    by_place = {(row["unit"], row["metric"]): row for row in named.iter_rows(named=True)}
    body = [
        el(
            "tr",
            el("th", el("a", label, href=unit(one)), scope="row"),
            *(_cell(by_place.get((one, metric)), language, goal) for metric in metrics),
            class_=None if place else "up",
        )
        for place, (one, label) in enumerate(units.items())
    ]
    invented = set(named.filter(pl.col("example"))["metric"])
    head = el(
        "tr",
        el("th", ""),
        *(
            el(
                "th",
                label,
                " " if key in invented else None,
                text.example_mark(language) if key in invented else None,
                scope="col",
            )
            for key, label in metrics.items()
        ),
    )
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
