"""Serves the bare page as KPIFlow serves its own: one process, heavy packages read first, garbage frozen."""

import gc
import socket
import sys
from pathlib import Path

import pandas  # noqa: F401
import plotly.graph_objects  # noqa: F401
import streamlit as st
import uvicorn
from streamlit import config


def main() -> None:
    """Serve on a free port and print the address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    app = st.App(Path(__file__).with_name("bare_page.py"))
    config.set_option("browser.gatherUsageStats", False)
    gc.collect()
    gc.freeze()
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
