"""The dashboards' front door: the masthead with the choices every page shares, then the page the address names."""

from pathlib import Path

import streamlit as st

from dashboards import address, masthead, words
from dashboards.pages import PAGES, path

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
