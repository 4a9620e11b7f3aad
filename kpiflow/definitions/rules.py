"""The rules that models of plans and appraisal state themselves, written out so that they have a translation.

Floor 5: knows language. Reads no clock, file or database.
"""

from kpiflow.language import Message, msg

#: As `sentences` says them: a capital at the beginning and a stop at the end. Those with facts are raised as `BrokenRule`.
STATED: tuple[Message, ...] = (
    msg("Items and raters belong to a section 'from: ratings', and it needs both."),
    msg("Metrics and kinds choose goals; a section 'from: ratings' has none."),
    msg("Each item of a section has an id of its own."),
    msg("The weight of a rater must be above 0."),
    msg("The points of a rubric lie on the scale in 'rated'."),
    msg("Each group of grades is named once."),
    msg("The shares that are to be equal come to more than 100 %."),
    msg("Expected a number, not yes or no."),
    msg("Places of an organisation have no order: tree_agg is sum, mean, min or max."),
    msg("Low must be below high."),
    msg("Name either metrics or sections."),
    msg("Name one of metrics, sections or count."),
    msg("Give one of below, at_most, above or at_least."),
    msg("Give the grade or the score that a veto forces."),
    msg("An accelerator has either times, or beyond and slope."),
    msg("An accelerator with times says when; to multiply always, use a product."),
    msg("Lowest must not be above highest."),
    msg(
        "A penalty takes nothing from wages: write a step of kind wage_recovery, which needs a legal_cap and evidence."
    ),
    msg("Eligibility asks for something: hired_before, employed_on, least_days, grades or needs."),
    msg("A grade begins below the score where it ends."),
    msg("Cells has one list per line of down_from, each with one ratio per column of across_from."),
    msg("Lines and columns go up: each begins above the one before."),
    msg("The first tier is above 0 and each next one above the last."),
    msg(
        "Rates on the whole amount with an amount credited earlier (before) say earlier: keep or recalculate; "
        "marginal rates fill slices and need neither."
    ),
    msg(
        "Base is for two tiers or more, marginal or flat; for a rate on a line divide by it (quotient) and use a factor."
    ),
    msg("By must be above 0."),
    msg("A round step says how: rounding: {{places: 0, mode: half_up}}."),
    msg("A row is for words (one_of) or for a range (low, high), not both."),
    msg("Low must not be above high."),
    msg("A veto says either what the grade becomes or what it is at_best."),
    msg("At_best needs an order of all grades, best first, with the grade in it once."),
    msg("A condition has exactly one of at_least, more_than, at_most, less_than, one_of and none_of."),
    msg("The points of a curve go up: each result is greater than the one before."),
    msg("Above the last point of a step curve its value holds: write above: cap, or add a point."),
    msg("Only a line of at least two points has a slope to extend."),
)
