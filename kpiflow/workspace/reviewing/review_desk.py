"""The part of the door through which people are rated and reviews are signed."""

import datetime
from collections.abc import Sequence

from kpiflow.core.review import ReviewState
from kpiflow.storage.evidence import Evidence
from kpiflow.workspace.answers import Choice
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.reviewing import adjusting, listing, peers, reading, writing
from kpiflow.workspace.reviewing.answers import Asked, Given, Review, ReviewList, Wanted


class ReviewDesk(Books):
    """Questions and changes of whoever rates, checks, signs or adjusts; every method hears who is asking."""

    def review(self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Review:
        """Answer one review with its ratings, steps and what may be done now; raises Refused, or NotFound."""
        return reading.review(self, asker, person, period, as_of)

    def reviews(
        self, asker: Asker, period: str, as_of: datetime.date | None = None, wanted: Wanted = listing.EVERY
    ) -> ReviewList:
        """Answer how the reviews somebody may see stand and which are late, a page at a time; raises NotFound."""
        return listing.reviews(self, asker, period, as_of, wanted)

    def peer_form(self, asker: Asker, person: str, period: str, as_of: datetime.date | None = None) -> Asked:
        """Answer what a peer rates; raises Refused for whoever is not asked."""
        return reading.asked_of(self, asker, person, period, as_of)

    def rate(self, asker: Asker, person: str, period: str, given: Sequence[Given]) -> int:
        """Write ratings for the step that is the asker's now; they count once sent. Raises Refused, or InvalidInput."""
        return writing.rate(self, asker, person, period, given)

    def rate_peer(self, asker: Asker, person: str, period: str, given: Sequence[Given]) -> int:
        """Write ratings as a peer who was asked; raises Refused, or InvalidInput."""
        return writing.rate_peer(self, asker, person, period, given)

    def send_review(
        self, asker: Asker, person: str, period: str, words: str | None = None, *, given: Sequence[Given] = ()
    ) -> ReviewState:
        """Take the step that is the asker's now, with ratings `given` just before; return the new state.

        Raises Refused, or InvalidInput while an item is not rated.
        """
        return writing.send(self, asker, person, period, words, given=given)

    def send_review_back(self, asker: Asker, person: str, period: str, to: str, *, reason: str | None) -> ReviewState:
        """Send a review back with a reason; raises Refused, NotFound for a state, or InvalidInput without a reason."""
        return writing.send_back(self, asker, person, period, to, reason=reason)

    def sign_review(
        self, asker: Asker, person: str, period: str, mark: str, *, remark: str | None = None, agrees: bool = True
    ) -> str:
        """Sign the result that was shown (`mark` is its fingerprint); raises Refused, or InvalidInput."""
        return writing.sign(self, asker, person, period, mark, remark=remark, agrees=agrees)

    def peers_found(self, asker: Asker, person: str, period: str, text: str) -> tuple[Choice, ...]:
        """Return colleagues whose name or id has a text, to be asked as peers of a review; raises Refused."""
        return peers.peers_found(self, asker, person, period, text)

    def name_peers(self, asker: Asker, person: str, period: str, peers: Sequence[str]) -> int:
        """Say who is asked to rate somebody; raises Refused, NotFound, or InvalidInput."""
        return writing.name_peers(self, asker, person, period, peers)

    def adjust_score(
        self,
        asker: Asker,
        person: str,
        period: str,
        amount: float,
        *,
        reason: str | None,
        kind: str = "points",
        file: tuple[str, bytes] | None = None,
    ) -> int:
        """Write an adjustment with its reason and a file that proves it; return its number. Raises Refused, InvalidInput."""
        return adjusting.adjust(self, asker, person, period, adjusting.Wish(amount, reason, kind, file))

    def answer_adjustment(self, asker: Asker, adjustment: int, *, agree: bool, reason: str | None = None) -> bool:
        """Agree to an adjustment, or turn it down, as the second person; raises Refused, NotFound, or InvalidInput."""
        return adjusting.answer_adjustment(self, asker, adjustment, agree=agree, reason=reason)

    def adjustment_evidence(self, asker: Asker, adjustment: int) -> Evidence:
        """Return the file beside an adjustment; raises NotFound when there is none that the asker may open."""
        return adjusting.adjustment_evidence(self, asker, adjustment)
