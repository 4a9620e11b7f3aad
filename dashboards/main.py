"""The dashboards' front door: the masthead with the choices every page shares, then the page the address names."""

import sys
from pathlib import Path

import streamlit as st

# Streamlit runs this file as a script: its own folder is on the path, the one that holds the package need not be.
sys.path.insert(0, str(Path(__file__).resolve().parents[1])) if str(Path(__file__).resolve().parents[1]) not in sys.path else None

from dashboards import address, masthead, words  # noqa: E402
from dashboards.pages import PAGES, path  # noqa: E402

view = address.current()
st.set_page_config(page_title="KPIFlow", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide")
pages = {
    entry.id: st.Page(
        entry.file,
        title=words.say(entry.title, view.language),
        url_path=path(entry) or None,
        default=entry is PAGES[0],
    )
    for entry in PAGES
}
chosen = st.navigation(list(pages.values()), position="hidden")
masthead.show(view, pages)
chosen.run()
