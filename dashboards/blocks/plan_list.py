"""The list of plans: what each is called, how it stands, its tests, and who stands for it; each name opens its plan."""

from collections.abc import Callable, Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from dashboards.plan_looks import state_mark
from kpiflow.workspace import msg
from kpiflow.workspace.plans.answers import PlanStands


def plan_list(shown: Sequence[PlanStands], language: str, href: Callable[[str], str]) -> Markup:
    """Return the table; `href` writes the address of a plan by its id."""
    heads = (
        (msg("Plan"), None), (msg("State"), None), (msg("Examples that hold"), "num"),
        (msg("Rows not hit"), "num wide-only"), (msg("Published"), "wide-only"),
    )  # fmt: skip
    head = el("tr", *(el("th", words.say(name, language), class_=kind, scope="col") for name, kind in heads))
    body = (_row(one, language, href) for one in shown)
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def _row(one: PlanStands, language: str, href: Callable[[str], str]) -> Markup:
    under = words.say(msg("version {version}", version=one.version), language)
    held = words.say(msg("{held} of {count}", held=one.examples - one.wrong, count=one.examples), language)
    out = one.published
    said = "–"
    if out is not None:
        facts = {"who": one.people[out.who], "by": one.people[out.approved_by], "day": out.at.date()}
        said = words.say(msg("by {who}, approved by {by} on {day}", **facts), language)
    return el(
        "tr",
        el("td", el("a", words.say(one.name, language), href=href(one.plan)),
           el("span", f"{one.plan} · {under}", class_="owner")),
        el("td", state_mark(one.state, language)),
        el("td", held, class_="num"),
        el("td", str(one.missed), class_="num wide-only"),
        el("td", said, class_="wide-only"),
    )  # fmt: skip
