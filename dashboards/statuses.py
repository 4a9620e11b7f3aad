"""How a status looks: always a word, a shape and a colour together, so that no one has to tell red from green."""

from dataclasses import dataclass

from kpiflow.workspace import STATUS_WORDS, Message


@dataclass(frozen=True)
class Look:
    """The word, shape and colours of one status; each colour is (light theme, dark theme).

    `fill` paints blocks, bars and marks; `ink` is the same hue dark or light enough to be read as text on the page.
    """

    status: str
    word: Message
    shape: str
    symbol: str  # the same shape in Plotly's words
    fill: tuple[str, str]
    ink: tuple[str, str]


#: In the order of attention a reader gives them; the colours stay apart for the three common kinds of colour blindness.
LOOKS: tuple[Look, ...] = (
    Look("behind", STATUS_WORDS["behind"], "■", "square", ("#C8452E", "#EC7560"), ("#A93520", "#F59A88")),
    Look("at_risk", STATUS_WORDS["at_risk"], "▲", "triangle-up", ("#EDB232", "#E9B84A"), ("#7D5700", "#F0C766")),
    Look("on_pace", STATUS_WORDS["on_pace"], "●", "circle", ("#2B9C8A", "#3DAF9C"), ("#0F6B5D", "#63CDBB")),
    Look("done", STATUS_WORDS["done"], "✓", "star", ("#2F6DB5", "#6CA3E4"), ("#1D4F91", "#8FBAF0")),
    Look("outdated", STATUS_WORDS["outdated"], "◌", "circle-open-dot", ("#A79BBD", "#8579A0"), ("#62557D", "#BDB1D6")),
    Look("no_data", STATUS_WORDS["no_data"], "○", "circle-open", ("#C4CAD2", "#4A535E"), ("#56606C", "#A6B0BC")),
)

_BY_STATUS = {look.status: look for look in LOOKS}


def look(status: str | None) -> Look:
    """Return the look of a status; what is not known looks like no data, never like good news."""
    return _BY_STATUS.get(status or "no_data", _BY_STATUS["no_data"])
