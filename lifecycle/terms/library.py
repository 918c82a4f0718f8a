"""The Terms that a history names, found by id and digest, under the readings the parties agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lifecycle.errors import UnknownTerms
from lifecycle.terms.loading import load, published, under
from lifecycle.terms.model import Terms


class Library:
    """Terms at hand: those given, then those published here. ``supposing`` replaces agreed readings, to ask what would
    hold under others: each is taken wherever the Terms have a reading of that key.
    """

    __slots__ = ("_given", "_supposing")

    def __init__(self, terms: Iterable[Terms] = (), supposing: Mapping[str, str] | None = None) -> None:
        self._given = tuple(terms)
        self._supposing = dict(supposing or {})

    def supposing(self, readings: Mapping[str, str]) -> Library:
        """The same Terms, read otherwise."""
        return Library(self._given, {**self._supposing, **readings})

    def holding(self, terms: Terms) -> Library:
        """The same with further Terms at hand."""
        return Library((*self._given, terms), self._supposing)

    @property
    def supposes(self) -> bool:
        """Whether it asks what would hold under other readings than those agreed."""
        return bool(self._supposing)

    def find(self, terms_id: str, digest: str, readings: Mapping[str, str]) -> Terms:
        """The Terms with an id and a digest, under readings.

        Raises UnknownTerms where they are not at hand or are another text, InvalidFact for readings they do not have.
        """
        found = self._with_id(terms_id, digest)
        if self._supposing:
            supposed = {reading.key for reading in found.readings} & set(self._supposing)
            readings = {**readings, **{key: self._supposing[key] for key in supposed}}
        return under(found, readings)

    def _with_id(self, terms_id: str, digest: str) -> Terms:
        known = [terms for terms in self._given if terms.id == terms_id]
        if not known and terms_id in published():
            known = [load(terms_id)]
        if not known:
            raise UnknownTerms(
                terms_id, f"not at hand: give the Terms the history names, or publish them ({', '.join(published())})"
            )
        if found := next((terms for terms in known if terms.digest == digest), None):
            return found
        texts = ", ".join(terms.digest[:12] for terms in known)
        raise UnknownTerms(terms_id, f"the agreement pins the text {digest[:12]}; this is {terms_id} {texts}")
