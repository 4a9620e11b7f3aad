"""A sheet as it lies in the workbook: what each column was taken for, headings marked, and what was left out struck through."""

from dashboards import words
from dashboards.blocks.markup import Markup, el, join
from kpiflow.workspace import Message, msg
from kpiflow.workspace.intake.picturing import Picture, PictureColumn, PictureRow

#: What a column can be taken for: its word, and which of six colours it has; 0 is none.
ROLES: dict[str, tuple[Message, int]] = {
    "unit": (msg("unit"), 1),
    "person": (msg("person"), 2),
    "metric": (msg("metric"), 3),
    "day": (msg("day"), 4),
    "value": (msg("value"), 5),
    "numerator": (msg("numerator"), 5),
    "denominator": (msg("denominator"), 6),
    "entry": (msg("entry"), 4),
    "kind": (msg("measured or planned"), 4),
    "measure": (msg("unit of the numbers"), 4),
    "target": (msg("target, not read"), 0),
    "ignore": (msg("not read"), 0),
}


def role_name(role: str, language: str) -> str:
    """Return what a role is called."""
    return words.say(ROLES[role][0], language) if role in ROLES else role


def grid(drawn: Picture, language: str) -> Markup:
    """Return the picture of a sheet as a table that can be scrolled."""
    top = el("tr", el("th", ""), *(_top(column, language) for column in drawn.columns))
    body = [_row(row, drawn.columns, language) for row in drawn.rows]
    table = el("table", el("thead", top), el("tbody", *body), class_="k-sheet")
    label = words.say(msg("The sheet {name}", name=drawn.name), language)
    box = el("div", table, class_="k-scroll k-sheet-box", tabindex="0", role="region", aria_label=label)
    if drawn.more <= 0:
        return el("div", box, class_="k")
    more = words.say(msg("{count} more {count:row|rows} below.", count=drawn.more), language)
    return el("div", box, el("p", more, class_="k-note"), class_="k")


def _top(column: PictureColumn, language: str) -> Markup:
    """Return the head of a column: its letters, and what it was taken for."""
    label = None
    if column.role in ROLES:
        label = el(
            "span", role_name(column.role or "", language), class_=f"k-role k-role-{ROLES[column.role or ''][1]}"
        )
    why = words.say(column.why, language) if column.why else None
    return el("th", column.letters, label, title=why, scope="col")


def _row(row: PictureRow, columns: tuple[PictureColumn, ...], language: str) -> Markup:
    """Return one row: its number, its cells, and why it was left out where it was."""
    why = words.say(row.why, language) if row.why else None
    mark = msg("heading") if row.heading else msg("left out") if row.why else None
    label = el("span", words.say(mark, language), class_="k-role k-role-0") if mark else None
    side = el("th", str(row.number), label, scope="row", title=why)
    cells = [_cell(text, place, row, columns[place - 1]) for place, text in enumerate(row.cells, start=1)]
    return el("tr", side, join(*cells), class_="head" if row.heading else "out" if row.why else None, title=why)


def _cell(text: str, place: int, row: PictureRow, column: PictureColumn) -> Markup:
    """Return one cell in the colour of what its column was taken for."""
    colour = ROLES[column.role][1] if column.role in ROLES and not row.heading and not row.why else 0
    names = [f"k-cell-{colour}" if colour else "", "wrong" if place in row.wrong else "", "out" if column.why else ""]
    return el("td", text, class_=" ".join(filter(None, names)) or None)
