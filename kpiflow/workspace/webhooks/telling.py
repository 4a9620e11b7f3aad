"""Writing an event into the outbox, in the transaction of what it tells about.

What is told holds ids and fingerprints and never anybody's score, grade or pay: a webhook leaves the house under no
person's rights, so whoever hears of an event asks the API for the rest, with a token and within its rights.
"""

import datetime
from collections.abc import Mapping

from kpiflow.storage.store import Cursor
from kpiflow.storage.webhooks import add_event


def tell(cursor: Cursor, kind: str, data: Mapping[str, object]) -> int:
    """Write an event; the worker delivers it once the transaction is kept. Return its number."""
    return add_event(cursor, kind, data, datetime.datetime.now(datetime.UTC))
