"""The words of statuses, roll-ups and kinds, said the same everywhere."""

from kpiflow.language import Message, msg
from kpiflow.scoring.moment import Moment

#: The word of each status; faces add a shape and a colour.
STATUS_WORDS: dict[str, Message] = {
    "on_pace": msg("On pace"),
    "at_risk": msg("At risk"),
    "behind": msg("Behind"),
    "done": msg("Done"),
    "no_data": msg("No data"),
    "outdated": msg("Outdated"),
}

#: Where points come from, as the end of a sentence.
ROLLUPS: dict[str, Message] = {
    "own": msg("those of its own metric"),
    "children": msg("the weighted mean of its children's points, over those with data"),
    "worst": msg("the lowest of its children's points"),
}


def not_begun(moment: Moment) -> tuple[Message, ...]:
    """Return the sentence to open with when the period lies ahead: what is shown then is what has piled up before it."""
    if moment.period.starts <= moment.as_of:
        return ()
    return (msg("{period} begins on {day}.", period=moment.period.period, day=moment.period.starts),)


#: What each convention of attainment is called; the configuration writes the key.
CONVENTION_WORDS: dict[str, Message] = {
    "band": msg("distance from the band"),
    "baseline": msg("way from the baseline"),
    "closeness": msg("closeness"),
    "inverse": msg("inverse ratio"),
    "mirror": msg("mirrored ratio"),
    "ratio": msg("ratio"),
    "reached": msg("reached or not"),
    "share_in_band": msg("share of months within the band"),
}
