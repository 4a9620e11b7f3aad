"""What a kind of live source is: fields that a company fills in, and the two questions it answers with them."""

from typing import ClassVar, Protocol

from kpiflow.language import Message
from kpiflow.sources.live.asked import Fetched, Look, Since


class Connector(Protocol):
    """A kind of live source. Each is a frozen definition, `LiveSource` with fields of its own, in a module of this package."""

    kind: str
    source: str
    summary: ClassVar[Message]

    def fetch(self, since: Since) -> Fetched:
        """Return what came since the last pull, in the tidy form as text; raises SourceFailed, never writes anything."""
        ...

    def look(self, since: Since) -> Look:
        """Return the first rows and the question as it would be asked; raises SourceFailed."""
        ...
