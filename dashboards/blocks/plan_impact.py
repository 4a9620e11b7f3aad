"""What a changed plan would pay: both totals, how many get more and less, and the people it changes most."""

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import msg
from kpiflow.workspace.plans.answers import Impact

#: How many people are listed.
LISTED = 20


def impact(shown: Impact, language: str) -> Markup:
    """Return the figures, and the table of those whose payout changes most."""
    money = (words.money(value, shown.currency, language) for value in (shown.before, shown.after))
    before, after = money
    figures = el(
        "div",
        figure(msg("By version {version}", version=shown.since), before, language),
        figure(msg("As it is now"), after, language),
        figure(msg("People who get more"), str(shown.more), language),
        figure(msg("People who get less"), str(shown.less), language),
        class_="k k-figures",
    )
    moved = shown.rows.filter(shown.rows["difference"] != 0).head(LISTED)
    if moved.is_empty():
        return figures
    heads = ((msg("Person"), None), (msg("Before"), "num"), (msg("After"), "num"), (msg("Difference"), "num"))
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    body = (
        el(
            "tr",
            el("td", words.name(row, language)),
            *(el("td", words.money(row[name], shown.currency, language), class_="num") for name in ("before", "after")),
            el("td", words.money(row["difference"], shown.currency, language), class_="num"),
        )
        for row in moved.iter_rows(named=True)
    )
    table = el("table", el("thead", head), el("tbody", *body), class_="k-table")
    return el("div", figures, el("div", table, class_="k-scroll"), class_="k")
