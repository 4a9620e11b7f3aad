"""Which unit, person or metric a written name means: taken when it is the same, asked when it is near, never guessed.

Floor 4: knows core and frames. Reads no clock, file or store.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from difflib import get_close_matches

from kpiflow.sources.workbooks.known import Called, Known
from kpiflow.sources.workbooks.numerals import both_languages, plain, remembered, simplified, unmarked
from kpiflow.sources.workbooks.writing import Amount, scale_of

#: For how many unknown names of a sheet the nearest are looked up: each takes milliseconds when a company has thousands.
_LOOKED_UP = 200

_NUMBERED = re.compile(r"^(?:\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.)、,]\s*|[-•·●◆*]\s*|其中[::]?\s*)(?=\S)")


@dataclass(frozen=True)
class Match:
    """What a name may mean: `id` when it is certain, else the nearest there are, nearest first."""

    id: str | None
    near: tuple[Called, ...] = ()


@dataclass
class Names:
    """Everything one role may be called, for looking names up."""

    called: tuple[Called, ...]
    confirmed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._exact: dict[str, dict[str, Called]] = {}
        self._both: dict[str, set[str]] = {}
        for one in self.called:
            for word in one.words:
                for form in keys(word):
                    self._exact.setdefault(form, {})[one.id] = one
        for one in self.called:  # `EWR - Newark` and `Newark (EWR)`, where no name is exactly that
            for word in one.words:
                for both in (key(one.id + word), key(word + one.id)) if key(word) != key(one.id) else ():
                    self._both.setdefault(both, set()).add(one.id)
        self._ids = {one.id: one for one in self.called}
        self._answers = {key(written): meant for written, meant in self.confirmed.items()}
        self._found: dict[str, Match] = {}
        self._sure: dict[str, str | None] = {}
        self._left = _LOOKED_UP

    def match(self, written: str) -> Match:
        """Return what a name means; an id of "" is a name whose rows a person has left out."""
        if written not in self._found:
            self._found[written] = self._looked_up(written)
        return self._found[written]

    def certain(self, written: str) -> str | None:
        """Return the id when a name is certainly one of these."""
        if written not in self._sure:
            self._sure[written] = self._surely(written)
        return self._sure[written]

    def _surely(self, written: str) -> str | None:
        if written in self._ids:
            return written
        if (answer := self._answers.get(key(written))) is not None:
            return answer
        for one in keys(written):
            same = self._exact.get(one, {})
            if len(same) == 1:
                return next(iter(same))
        both = self._both.get(key(written), set()) if not self._exact.get(key(written)) else set()
        if len(both) == 1:
            return next(iter(both))
        halves = both_languages(written)
        said = {self.certain(half.strip("()[] ")) for half in halves} if halves else set()
        return said.pop() if len(said) == 1 else None

    def above(self, id_: str) -> list[str]:
        """Return the ids that one of these lies below, the nearest first."""
        found: list[str] = []
        while (one := self._ids.get(id_)) is not None and one.above and one.above not in found:
            found.append(id_ := one.above)
        return found

    def behind(self, written: str) -> Amount | None:
        """Return what is written behind a name for what its numbers are in; None when it is a part of the name."""
        scaled = scale_of(_NUMBERED.sub("", plain(written)))
        if scaled is None or not scaled[1] or key(written) in self._exact:
            return None
        return scaled[0]

    def _looked_up(self, written: str) -> Match:
        if (sure := self.certain(written)) is not None:
            return Match(sure)
        folded = key(written)
        if same := self._exact.get(folded):
            return Match(None, tuple(same.values()))
        if not self._left or not folded:
            return Match(None)
        self._left -= 1
        near = [
            word for word in self._exact if len(folded) > 1 and len(word) > 1 and (folded in word or word in folded)
        ]
        near.sort(key=lambda word: abs(len(word) - len(folded)))
        near += get_close_matches(folded, self._exact, n=3, cutoff=0.6)
        turned = "".join(sorted(re.findall(r"\w+", plain(written).casefold())))
        near += [word for word in self._exact if sorted(word) == sorted(turned)][:2]
        found = {one.id: one for word in near[:6] for one in self._exact[word].values()}
        return Match(None, tuple(found.values())[:5])


def names(known: Known, role: str, confirmed: dict[str, str] | None = None) -> Names:
    """Return the names of one role: `metric`, `unit` or `person`."""
    return Names(known.called(role), confirmed or {})


@remembered
def key(written: str) -> str:
    """Return what two spellings of one name have in common: letters and digits, in one case and without marks.

    >>> key(" North　Station* "), key("华东 分公司（上海）") == key("华东分公司(上海)"), key("***")
    ('northstation', True, '***')
    """
    text = simplified(unicodedata.normalize("NFKC", unmarked(plain(written))).casefold())
    return "".join(sign for sign in text if sign.isalnum()) or text


def keys(written: str) -> list[str]:
    """Return the spelling as it is, and without a number in front or a unit of measure behind."""
    found = [key(written)]
    bare = _NUMBERED.sub("", plain(written))
    if bare != plain(written):
        found.append(key(bare))
    if (scaled := scale_of(bare)) is not None and scaled[1]:
        found.append(key(scaled[1]))
    return found
