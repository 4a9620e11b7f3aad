"""The pages, one file each, reading from top to bottom like the screen.

Not named `pages`: Streamlit would adopt them.
"""
