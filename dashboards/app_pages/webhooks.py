"""Webhooks: which other systems are told what happened here, how the telling went, and adding, trying out and ending one."""

import polars as pl

from dashboards import address, asking, showing, webhook_forms
from dashboards.asking import Question
from dashboards.blocks import text
from dashboards.blocks.pager import pager, place
from dashboards.blocks.webhook_list import delivery_list, webhook_list
from dashboards.pages import WEBHOOKS, path
from kpiflow.workspace import Message, msg

#: How many deliveries a page of the list has.
PAGE = 25


def page(asked: Question) -> None:
    """Show the page from top to bottom."""
    language = asked.language
    rows = asked.ws.webhooks(asked.asker)
    counted = rows.filter(pl.col("ended").is_null())
    showing.block(text.sentence(opening(counted), language))
    webhook_forms.told(language)
    webhook_forms.adding(asked)
    if rows.is_empty():
        return
    showing.block(webhook_list(rows, language))
    webhook_forms.one(asked, counted)
    first = place(asked.view.start)
    deliveries = asked.ws.webhook_deliveries(asked.asker, limit=PAGE, skip=first)
    showing.block(text.heading(msg("Deliveries"), language, msg("The newest first.")))
    showing.block(delivery_list(deliveries, language))
    showing.block(pager(first, deliveries.height, asked.ws.webhook_delivery_count(asked.asker), size=PAGE, language=language,
                        href=lambda start: address.here(path(WEBHOOKS), asked.view, start=str(start))))  # fmt: skip
    webhook_forms.again(asked, deliveries.filter(pl.col("webhook").is_in(counted["webhook"].implode())))


def opening(rows: pl.DataFrame) -> tuple[Message, ...]:
    """Say how many are told, and what is still to be delivered."""
    if rows.is_empty():
        return (msg("No other system is told what happens here."),)
    said = [msg("Other systems told what happens here: {count}.", count=rows.height)]
    waiting, lost = int(rows["waiting"].sum()), int(rows["given_up"].sum())
    if waiting:
        said.append(msg("Waiting to be delivered: {count}.", count=waiting))
    if lost:
        said.append(msg("Given up: {count}; they can be sent again.", count=lost))
    return tuple(said)


view = address.current()
if showing.ready(view.language, without_company=True):
    with showing.politely(view):
        page(asking.question(view))
