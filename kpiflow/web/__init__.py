"""The one server: the dashboards under one ASGI process, with one store open."""
