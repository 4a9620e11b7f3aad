"""Where a file is given: the box says in the reader's language which kinds it takes and how large a file may be."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards import words
from kpiflow.workspace import Message, msg

#: What may be given as evidence, and how large, in megabytes.
EVIDENCE = ("pdf", "png", "jpg", "jpeg", "webp", "txt", "csv", "xlsx", "docx")
EVIDENCE_MOST = 10


def file_given(what: Message, language: str, *, kinds: Sequence[str], most: int, key: str) -> Any:
    """Show a box for one file of at most `most` megabytes and return the file, or None while there is none.

    Streamlit says kinds and size in English only, so its own words are hidden and ours stand in the label.
    """
    listed = ", ".join(kind.removeprefix(".").upper() for kind in kinds)
    label = msg("{what} ({kinds}, up to {most} MB)", what=words.say(what, language), kinds=listed, most=most)
    return st.file_uploader(words.literal(label, language), type=list(kinds), max_upload_size=most, key=key)
