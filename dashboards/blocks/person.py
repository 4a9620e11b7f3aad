"""A person's own line and score: who, in which role and unit; score, grade and coverage, and why."""

from dashboards import words
from dashboards.blocks.headline import figure
from dashboards.blocks.markup import Markup, el
from kpiflow.workspace import Progress, msg


def person_line(shown: Progress, language: str) -> Markup:
    """Return the name with role and unit."""
    held = [words.say(name, language) for name in (shown.role_name, shown.unit_name) if name is not None]
    return el(
        "p", el("b", words.say(shown.name, language)), " · " if held else None, " · ".join(held), class_="k k-crumbs"
    )


def appraisal(shown: Progress, language: str) -> Markup:
    """Return score, grade and coverage with the sentences that say why; nothing when there is nothing to appraise."""
    if shown.appraisal is None:
        return Markup()
    row = shown.appraisal
    if not row.get("coverage"):
        row = dict(row, score=None, grade=None)  # what a policy gives for silence is no score to show
    pay = [
        figure(
            msg("Would pay for {period}", period=one.period),
            words.money(one.total, one.currency, language),
            language,
            beside=words.say(one.label, language) if len(shown.pays) > 1 else None,
        )
        for one in shown.pays
        if one.total is not None
    ]
    numbers = el(
        "div",
        figure(msg("Score so far"), words.points(row["score"], language), language),
        figure(msg("Grade"), str(row.get("grade") or "–"), language),
        figure(msg("Covered by data"), words.share(row.get("coverage"), language), language),
        *pay,
        class_="k k-figures",
    )
    if not shown.appraisal_why:
        return numbers
    lines = (el("p", words.say(line, language)) for line in shown.appraisal_why)
    why = el("details", el("summary", words.say(msg("Why this score"), language)), *lines, class_="k k-details")
    return el("div", numbers, why)
