"""The paper every figure is drawn on: no legend, no toolbar, quiet axes, the page's own fonts, Chinese included."""

from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from dashboards import words
from dashboards.statuses import look

FONT = "'Source Sans', 'Source Sans 3', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"

#: Handed to Streamlit with every figure: what a reader of a page does not need stays away.
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "displaylogo": False}


@dataclass(frozen=True)
class Ink:
    """The colours of a theme; a figure takes them from here and from nowhere else."""

    dark: bool = False

    @property
    def text(self) -> str:
        """What is read."""
        return "#E7EAEE" if self.dark else "#1A1F26"

    @property
    def quiet(self) -> str:
        """What stands beside: axis labels, notes."""
        return "#A6B0BC" if self.dark else "#56606C"

    @property
    def line(self) -> str:
        """Grid lines and borders."""
        return "#2E3640" if self.dark else "#DFE3E8"

    @property
    def page(self) -> str:
        """What the figure lies on."""
        return "#12161B" if self.dark else "#FFFFFF"

    @property
    def accent(self) -> str:
        """The one accent colour."""
        return "#7FAEE8" if self.dark else "#1D4F91"

    def bands(self) -> tuple[str, str, str]:
        """Return three quiet greys, the darkest first: below threshold, below target, below stretch."""
        return ("#39424D", "#2C343D", "#212830") if self.dark else ("#D3D8DF", "#E3E7EC", "#F1F3F6")

    def hint(self) -> str:
        """Return the accent thinned to a ground on which lines and text stay readable."""
        return _mixed(self.accent, self.page, 0.18)

    def fill(self, status: str | None) -> str:
        """Return the colour that paints a status."""
        return look(status).fill[self.dark]

    def ink(self, status: str | None) -> str:
        """Return the colour a status is written in."""
        return look(status).ink[self.dark]

    def tint(self, status: str | None, part: float = 0.44) -> str:
        """Return a status's fill thinned until the text of the page is easy to read on it."""
        return _mixed(look(status).fill[self.dark], self.page, part)


def _mixed(color: str, ground: str, part: float) -> str:
    """Return `part` of a colour upon a ground, both written #RRGGBB."""
    pairs = zip(bytes.fromhex(color[1:]), bytes.fromhex(ground[1:]), strict=True)
    return "#" + "".join(f"{round(one * part + other * (1 - part)):02X}" for one, other in pairs)


def named(frame: pl.DataFrame, language: str, column: str = "label") -> pl.DataFrame:
    """Return the frame with `column` in the language, as a figure may write it: charts take `<a …>` in a name for a link."""
    shown = pl.col(column).str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)
    return words.named(frame, language, column).with_columns(shown)


def figure(ink: Ink, height: int, *, left: int = 8, right: int = 8, top: int = 8, bottom: int = 28) -> go.Figure:
    """Return an empty figure in the house's hand."""
    axis = {
        "gridcolor": ink.line,
        "zeroline": False,
        "linecolor": ink.line,
        "tickfont": {"color": ink.quiet, "size": 12},
        "fixedrange": True,
        "automargin": True,
    }
    return go.Figure(
        layout={
            "height": height,
            "margin": {"l": left, "r": right, "t": top, "b": bottom},
            "font": {"family": FONT, "size": 13, "color": ink.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "hoverlabel": {
                "bgcolor": ink.page,
                "bordercolor": ink.line,
                "align": "left",
                "font": {"family": FONT, "size": 13, "color": ink.text},
            },
            "dragmode": False,
            "xaxis": axis,
            "yaxis": axis,
            "template": None,
        }
    )
