"""The row of figures under the sentence: score and its change, how the goals stand, how much is covered by data."""

from typing import Any

from dashboards import words
from dashboards.blocks.markup import Markup, el
from dashboards.statuses import LOOKS
from kpiflow.workspace import Headline, Message, msg


def headline(shown: Headline, language: str, *, pay_ahead: Any = None) -> Markup:
    """Return the row; a figure that is absent is a dash, and one that does not exist is left out.

    `pay_ahead` is what pay will cost as forecast, while the period runs; without it, what it costs as measured.
    """
    return el(
        "div",
        figure(msg("Score"), words.points(shown.score, language), language, beside=_change(shown, language)),
        _standing(shown, language),
        figure(
            msg("Covered by data"),
            words.share(shown.coverage, language),
            language,
            beside=words.say(msg("of the weight"), language),
        ),
        _pay(shown, pay_ahead, language),
        class_="k k-figures",
    )


def figure(name: Message, value: str, language: str, *, beside: str | Markup | None = None) -> Markup:
    """Return one figure: its name, its value, and a small word beside."""
    small = el("small", beside) if beside else None
    return el(
        "div",
        el("div", words.say(name, language), class_="name"),
        el("div", value, small, class_="value"),
        class_="k-figure",
    )


def _change(shown: Headline, language: str) -> str | None:
    if shown.score is None or shown.score_before is None:
        return None
    # Rounded apart and then subtracted, 87.4 − 86.2 must read 1.2.
    moved = round(shown.score, 1) - round(shown.score_before, 1)
    arrow = "↑" if moved > 0 else "↓" if moved < 0 else "→"
    return f"{arrow} {words.points(moved, language, signed=True)}"


def _standing(shown: Headline, language: str) -> Markup:
    """How many of the goals are where: a bar of shares with the words below it."""
    present = [look for look in LOOKS if shown.shares.get(look.status)]
    bar = [
        el("i", style=f"flex:{shown.shares[look.status]:.4f};background:var(--k-fill-{look.status})")
        for look in present
    ]
    keys = [
        el(
            "span",
            el(
                "b",
                f"{look.shape} {words.share(shown.shares[look.status], language)}",
                style=f"color:var(--k-ink-{look.status})",
            ),
            f" {words.say(look.word, language)}",
        )
        for look in present
    ]
    name = words.say(msg("{count} measured {count:goal|goals}", count=shown.goals), language)
    return el(
        "div",
        el("div", name, class_="name"),
        el("div", *bar, class_="k-stack", aria_hidden="true"),
        el("div", *keys, class_="k-keys"),
        class_="k-figure wide",
    )


def _pay(shown: Headline, ahead: Any, language: str) -> Markup | None:
    if shown.pay_total is None:
        return None
    if ahead is not None:
        return figure(msg("Cost of pay, forecast"), words.money(ahead, shown.currency, language), language)
    return figure(msg("Cost of pay, as measured"), words.money(shown.pay_total, shown.currency, language), language)
