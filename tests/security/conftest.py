"""What attacks start from: the way in without a browser, as its own tests use it."""

from tests.web.conftest import made, reader, store, ws

__all__ = ["made", "reader", "store", "ws"]
