"""The part of the door that keeps webhooks: who is told what happened here, and how the telling went."""

from collections.abc import Sequence

import polars as pl

from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.webhooks import keeping
from kpiflow.workspace.webhooks.keeping import Delivered, NewWebhook


class WebhookDesk(Books):
    """A store opened for whoever connects other systems. All of it raises Refused without the right to manage webhooks."""

    def webhooks(self, asker: Asker) -> pl.DataFrame:
        """Return webhook, url, events, added, who, ended, ended_by, why, waiting and given_up of every webhook."""
        return keeping.webhooks(self, asker)

    def webhook_deliveries(
        self, asker: Asker, webhook: int | None = None, *, limit: int = 200, skip: int = 0
    ) -> pl.DataFrame:
        """Return how each delivery stands, the newest first but `skip`; raises NotFound for a webhook that there is not."""
        return keeping.deliveries(self, asker, webhook, limit=limit, skip=skip)

    def webhook_delivery_count(self, asker: Asker) -> int:
        """Return how many deliveries there are in all."""
        return keeping.delivery_count(self, asker)

    def rotate_webhook(
        self, asker: Asker, webhook: int, *, hours: float = keeping.OVERLAP, who: str | None = None
    ) -> NewWebhook:
        """Give a webhook a new secret and return it this once; the old one signs beside it for so many hours."""
        return keeping.rotate(self, asker, webhook, hours=hours, who=who)

    def add_webhook(self, asker: Asker, url: str, events: Sequence[str], *, who: str | None = None) -> NewWebhook:
        """Add a webhook and return it with its secret, this once; raises NotFound, or InvalidInput."""
        return keeping.add(self, asker, url, events, who=who)

    def end_webhook(self, asker: Asker, webhook: int, *, reason: str | None = None, who: str | None = None) -> None:
        """End a webhook: nothing more is sent to it; raises NotFound, or InvalidInput when it has ended."""
        keeping.end(self, asker, webhook, reason=reason, who=who)

    def test_webhook(self, asker: Asker, webhook: int, *, who: str | None = None) -> Delivered:
        """Send a test event now and return what the receiver answered; raises as `end_webhook`."""
        return keeping.try_out(self, asker, webhook, who=who)

    def redeliver(self, asker: Asker, webhook: int, event: int, *, who: str | None = None) -> Delivered:
        """Send an event to a webhook once more, now; raises as `end_webhook`, and NotFound for no such event."""
        return keeping.redeliver(self, asker, webhook, event, who=who)
