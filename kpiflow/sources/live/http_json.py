"""An address that answers with JSON: pages of rows, asked only for what changed where it can say so."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from kpiflow.core.live_source import Address, LiveSource, without_secret
from kpiflow.language import Message, msg
from kpiflow.sources.live.asked import Fetched, Look, Since


def _all_without_secret(given: dict[str, str]) -> dict[str, str]:
    return {name: without_secret(name, text) for name, text in given.items()}


#: Headers or parameters, secrets only by name.
Named = Annotated[dict[str, str], AfterValidator(_all_without_secret)]


class HttpJsonSource(LiveSource):
    """Rows of a JSON answer. Fields are named by their way down, such as `amount.net`; numbers are taken as written."""

    kind: Literal["http_json"] = "http_json"
    url: Address = Field(description="The address of the first page.")
    headers: Named = Field(default_factory=dict, description="Such as Authorization: Bearer ${TOKEN}.")
    parameters: Named = Field(default_factory=dict, description="What stands after the ? of each page.")
    rows: str = Field(
        default="", description="The way down to the list of rows, such as data.items; absent: all of it."
    )
    next: str | None = Field(default=None, description="The way down to what leads to the next page.")
    page_parameter: str | None = Field(
        default=None, description="The parameter that counts pages from 1, or that takes what `next` gives."
    )
    since_parameter: str | None = Field(default=None, description="The parameter that takes the watermark.")

    summary: ClassVar[Message] = msg("pages of JSON behind an address")

    @model_validator(mode="after")
    def _can_be_asked(self) -> "HttpJsonSource":
        if not self.url.startswith(("https://", "http://", "${")):
            raise ValueError("the address begins with https:// or http://")
        if self.since_parameter and not self.watermark:
            raise ValueError("since_parameter needs a watermark: the field whose highest value it takes")
        return self

    def fetch(self, since: Since) -> Fetched:
        """Return the rows of all pages, or nothing when the address says that nothing changed; raises SourceFailed."""
        from kpiflow.sources.live import paging  # here, because most commands need no client of addresses

        return paging.fetched(self, since)

    def look(self, since: Since) -> Look:
        """Return the first rows of the first page, and how it is asked, without its secrets; raises SourceFailed."""
        from kpiflow.sources.live import paging  # as above

        return paging.looked_at(self, since)
