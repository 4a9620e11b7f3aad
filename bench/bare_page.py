"""A bare Streamlit page to hold the desks against: a figure, a table of 200 rows and a bar chart, nothing worked out."""

import plotly.graph_objects as go
import polars as pl
import streamlit as st

ROWS = pl.DataFrame({"place": range(200), "value": [(7 * place) % 200 for place in range(200)]})

st.metric("value", 200)
st.dataframe(ROWS)
st.plotly_chart(go.Figure(go.Bar(x=ROWS["place"].to_list()[:20], y=ROWS["value"].to_list()[:20])))
