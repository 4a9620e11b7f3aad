"""The state of a page is its address: a link shows to others what I see, and the browser's back button goes back."""

import datetime
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

import streamlit as st

from kpiflow.workspace import LOCALES


@dataclass(frozen=True)
class View:
    """What the reader looks at. Absent means: the period under way, the latest day, nobody and nothing in particular."""

    period: str | None = None
    as_of: datetime.date | None = None
    language: str = "en"
    goal: str | None = None
    person: str | None = None
    unit: str | None = None

    def parameters(self) -> dict[str, str]:
        """Return the view as it is written in the address."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {key: str(value) for key, value in found.items() if value is not None}


def current() -> View:
    """Return the view in the address. Nothing is remembered beside it, so that back and forward mean what they say."""
    asked = st.query_params
    language = asked.get("language")
    return View(
        period=asked.get("period") or None,
        as_of=_day(asked.get("as_of")),
        language=language if language in LOCALES else _browser_language(),
        goal=asked.get("goal") or None,
        person=asked.get("person") or None,
        unit=asked.get("unit") or None,
    )


def change(**changes: str | datetime.date | None) -> None:
    """Write changes into the address; the script that runs next reads them there."""
    view = replace(current(), **changes)  # type: ignore[arg-type]
    st.query_params.from_dict(view.parameters())


def link(page: str, view: View, **changes: str | datetime.date | None) -> str:
    """Return the address of a page for this view with changes, relative, so that it works behind any host and path."""
    return f"{page or './'}?{urlencode(replace(view, **changes).parameters())}"  # type: ignore[arg-type]


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _browser_language() -> str:
    return "zh" if (st.context.locale or "").casefold().startswith("zh") else "en"
