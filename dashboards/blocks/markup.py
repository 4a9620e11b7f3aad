"""HTML from plain calls: whatever is not markup already is escaped, so a name can never become a tag."""

from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(tag: str, *children: str | None, **attributes: str | None) -> Markup:
    """Return one element; `class_` is written `class`, `aria_label` is written `aria-label`, None is left out.

    >>> el("b", "a < b", class_="loud")
    '<b class="loud">a &lt; b</b>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value, quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{tag}{written}>{join(*children)}</{tag}>")


def join(*children: str | None) -> Markup:
    """Return pieces one after the other, escaping those that are plain text."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children if child))
