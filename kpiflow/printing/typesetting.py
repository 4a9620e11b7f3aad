"""Typesetting: the one owner of the typesetter and of the fonts that every printed document carries inside it.

Floor 4: knows nothing of what is printed. Reads no clock, database or user.
"""

import datetime
import json
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

#: Where the templates lie; a template may import `house.typ` beside it and nothing else.
TEMPLATES = Path(__file__).with_name("templates")

#: Archival and accessible: every font inside, every page tagged, so that it opens the same in ten years.
STANDARDS: list[Any] = ["a-2a"]

_ONE_AT_A_TIME = threading.Lock()


def typeset(template: str, facts: Mapping[str, Any], made: datetime.datetime) -> bytes:
    """Return a PDF of a template (its name without `.typ`) filled with facts; the same facts and moment, the same bytes.

    Facts reach the template as data and never as markup, so nothing that people wrote can become an instruction.
    `made` is when the document says it was made: that of its content, not of its printing.
    """
    # The compiler keeps what it has worked out; one at a time, its memory stays that of one document.
    with _ONE_AT_A_TIME:
        made_of = _compiler(template).compile(
            format="pdf",
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
            timestamp=made.replace(microsecond=0, tzinfo=made.tzinfo or datetime.UTC),
            pdf_standards=STANDARDS,
        )
    assert isinstance(made_of, bytes)  # one file for all pages
    return made_of


@cache
def _compiler(template: str) -> typst.Compiler:
    """Return the compiler of a template; it sees the fonts of this project and none of the machine's."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])
    source = str(TEMPLATES / f"{template}.typ")
    return typst.Compiler(source, root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)
