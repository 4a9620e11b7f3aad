"""Home: the root of the site, which leads on to the page that the reader's work begins on."""

import streamlit as st

from dashboards import address, asking
from dashboards.pages import page_named
from kpiflow.workspace import KPIFlowError, current

try:
    ws = current()
    desk = page_named(ws.desk(asking.asker(ws)))
except KPIFlowError:
    desk = page_named("overview")  # that page says what is wrong
st.switch_page(desk.file, query_params=address.current().parameters())
