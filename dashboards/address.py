"""The state of a page is its address: a link shows to others what I see, and the browser's back button goes back."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

import streamlit as st

from kpiflow.workspace import LOCALES


@dataclass(frozen=True)
class View:
    """What the reader looks at. Absent means: the period under way, the latest day, nobody and nothing in particular.

    `choices` are those that one page alone knows, such as the filter of a list; a link to another page leaves them out.
    """

    period: str | None = None
    as_of: datetime.date | None = None
    language: str = "en"
    goal: str | None = None
    person: str | None = None
    unit: str | None = None
    metric: str | None = None
    find: str | None = None
    start: str | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def parameters(self) -> dict[str, str]:
        """Return what every page shares, as it is written in the address."""
        found = {name: getattr(self, name) for name in SHARED}
        return {key: str(value) for key, value in found.items() if value is not None}

    def choice(self, name: str) -> str | None:
        """Return a choice that this page alone knows."""
        return dict(self.choices).get(name)

    def changed(self, changes: Mapping[str, str | datetime.date | None]) -> "View":
        """Return the view with changes of what is shared and of what this page alone knows; None takes a choice away."""
        own = dict(self.choices) | {name: str(value or "") for name, value in changes.items() if name not in SHARED}
        shared = {name: value for name, value in changes.items() if name in SHARED}
        return replace(self, **shared, choices=tuple((name, value) for name, value in own.items() if value))  # type: ignore[arg-type]


#: The fields of a view that every page understands.
SHARED: tuple[str, ...] = tuple(field.name for field in fields(View) if field.name != "choices")


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
        metric=asked.get("metric") or None,
        find=asked.get("find") or None,
        start=asked.get("start") or None,
        choices=tuple((name, str(asked[name])) for name in asked if name not in SHARED),
    )


def change(**changes: str | datetime.date | None) -> None:
    """Write changes into the address; the script that runs next reads them there."""
    view = current().changed(changes)
    st.query_params.from_dict(view.parameters() | dict(view.choices))


def link(page: str, view: View, **changes: str | datetime.date | None) -> str:
    """Return the address of a page for this view with changes, relative, so that it works behind any host and path."""
    return f"{page or './'}?{urlencode(replace(view, **changes).parameters())}"  # type: ignore[arg-type]


def here(page: str, view: View, /, **changes: str | datetime.date | None) -> str:
    """Return the address of the page looked at, with its own choices, after changes."""
    after = view.changed(changes)
    return f"{page}?{urlencode(after.parameters() | dict(after.choices))}"


def there(page: str, view: View, /, **changes: str | datetime.date | None) -> str:
    """Return the address of another page, with choices that only that page knows."""
    return here(page, replace(view, choices=()), **changes)


def _day(text: str | None) -> datetime.date | None:
    """Return the day in an address; none for what is no day, and for one that has not come: of that nothing is known."""
    try:
        day = datetime.date.fromisoformat(text) if text else None
    except ValueError:
        return None
    today = datetime.datetime.now(datetime.UTC).astimezone().date()
    return None if day is None or day > today else day


def _browser_language() -> str:
    return "zh" if (st.context.locale or "").casefold().startswith("zh") else "en"
