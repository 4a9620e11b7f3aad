"""The pages people keep open: Streamlit and Plotly over the workspace, and nothing else of the package."""
