"""The dashboards' front door: the masthead with the choices every page shares, then the page the address names."""

from pathlib import Path

import streamlit as st

from dashboards import address, masthead, reader, showing, words
from dashboards.pages import PAGES, path

view = address.current()
st.set_page_config(page_title="KPIFlow", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide")
if not reader.is_here(view):
    st.stop()
home = st.Page("app_pages/home.py", title="KPIFlow", default=True)
pages = {
    entry.id: st.Page(entry.file, title=words.say(entry.title, view.language), url_path=path(entry)) for entry in PAGES
}
chosen = st.navigation([home, *pages.values()], position="hidden")
if chosen is home:
    chosen.run()
masthead.show(view, pages)
showing.earlier_day(view)
entry = next(entry for entry in PAGES if pages[entry.id] is chosen)
showing.way_back(entry, view)
if showing.open_to_reader(entry, view):
    chosen.run()
