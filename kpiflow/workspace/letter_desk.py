"""The part of the door that keeps letters: who promised what, signed by both sides, as it was known on any day."""

import datetime
from dataclasses import dataclass

from kpiflow.errors import InvalidInput, not_found
from kpiflow.language import msg
from kpiflow.storage.letters import LetterKey
from kpiflow.workspace.books import Asker, Books
from kpiflow.workspace.letters import drawing, listing, printing, reading, signing
from kpiflow.workspace.letters.answers import LetterList, LetterPage
from kpiflow.workspace.letters.listing import EVERY, Wanted


@dataclass(frozen=True)
class Printed:
    """A document ready to be saved: its file name and its bytes."""

    name: str
    content: bytes


class LetterDesk(Books):
    """Questions and changes of whoever draws up, signs or reads a letter. An owner is a unit or a person, by kind and id."""

    def letter(
        self,
        asker: Asker,
        owner_kind: str,
        owner: str,
        cycle: str,
        as_of: datetime.date | None = None,
        *,
        version: int | None = None,
        against: int | None = None,
    ) -> LetterPage:
        """Answer one letter: its newest version or the one asked for, beside the one before or the one in `against`.

        Raises Refused for whoever is no part of it, or NotFound for an owner, cycle or version that there is not.
        """
        key = LetterKey(owner_kind, owner, cycle)
        return reading.letter(self, asker, key, as_of, version=version, against=against)

    def letters(
        self, asker: Asker, cycle: str, as_of: datetime.date | None = None, wanted: Wanted = EVERY
    ) -> LetterList:
        """Answer which letters of a cycle the person asking may see and how they stand, a page at a time."""
        return listing.letters(self, asker, cycle, as_of, wanted)

    def draw_up_letter(
        self,
        asker: Asker,
        owner_kind: str,
        owner: str,
        cycle: str,
        *,
        who: str | None = None,
        reason: str | None = None,
    ) -> drawing.DrawnUp:
        """Write the next version of a letter from the goals that are agreed now; raises Refused with the reason."""
        return drawing.draw_up(self, asker, LetterKey(owner_kind, owner, cycle), who=who, reason=reason)

    def sign_letter(self, asker: Asker, owner_kind: str, owner: str, cycle: str, fingerprint: str) -> signing.SignedNow:
        """Sign the letter that was shown; raises Refused, or InvalidInput when it is not that letter any more."""
        return signing.sign(self, asker, LetterKey(owner_kind, owner, cycle), fingerprint)

    def letter_pdf(
        self,
        asker: Asker,
        owner_kind: str,
        owner: str,
        cycle: str,
        as_of: datetime.date | None = None,
        *,
        language: str = "en",
        version: int | None = None,
        against: int | None = None,
    ) -> Printed:
        """Return a letter to print, in `en`, `zh` or `both`, as the person asking may see it; raises as `letter` does."""
        if language not in printing.EDITIONS:
            raise not_found(msg("language"), language, printing.EDITIONS)
        page = self.letter(asker, owner_kind, owner, cycle, as_of, version=version, against=against)
        if page.letter is None:
            raise InvalidInput(msg("This letter has not been drawn up, so there is nothing to print."))
        return Printed(printing.file_name(page, language), printing.letter_pdf(page, language))
