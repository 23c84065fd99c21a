"""Words by PostgreSQL's text search (https://www.postgresql.org/docs/15/textsearch.html)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, text

from aggregator.model import Phrase, WordSearch
from aggregator.store.sql.word_index import Saying

_FURTHEST: Final = 16_383
"""The greatest place of a word that is told from others (section 12.11)."""

_PLACES: Final = 256
"""Places of one word that are kept (same section)."""

_FIND = text(
    "SELECT number FROM sayings WHERE words @@ CAST(:asked AS tsquery) AND number < :below"
    " ORDER BY number DESC LIMIT :most"
)
_SIFT = text(
    "SELECT number FROM sayings WHERE words @@ CAST(:asked AS tsquery) AND number IN :numbers"
).bindparams(bindparam("numbers", expanding=True))
_FORGET = text("DELETE FROM sayings WHERE uid IN :uids").bindparams(bindparam("uids", expanding=True))
_PUT = text("INSERT INTO sayings (number, uid, words) VALUES (:number, :uid, CAST(:words AS tsvector))")


class TsvectorIndex:
    """Fulfils `WordIndex`. Knows no language: terms are given as they are."""

    def put(self, connection: Connection, sayings: Sequence[Saying]) -> None:
        """See `WordIndex.put`."""
        if sayings:
            connection.execute(
                _PUT, [{"number": one.number, "uid": one.uid, "words": _place(one.parts)} for one in sayings]
            )

    def drop(self, connection: Connection, uids: Sequence[str]) -> None:
        """See `WordIndex.drop`."""
        if uids:
            connection.execute(_FORGET, {"uids": list(uids)})

    def find(self, connection: Connection, search: WordSearch, below: int, limit: int) -> Collection[int]:
        """See `WordIndex.find`."""
        asked = {"asked": _write(search), "below": below, "most": limit}
        return connection.scalars(_FIND, asked).all()

    def sift(self, connection: Connection, search: WordSearch, numbers: Sequence[int]) -> Collection[int]:
        """See `WordIndex.sift`."""
        return connection.scalars(_SIFT, {"asked": _write(search), "numbers": list(numbers)}).all()


def _place(parts: Iterable[Sequence[str]]) -> str:
    """Terms with their places, as a tsvector is written; between two parts is a gap."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    place = 0
    for part in parts:
        for term in part:
            place += 1
            if len(places[term]) < _PLACES:
                places[term].append(min(place, _FURTHEST))
        place += 1
    return " ".join(f"'{term}':{','.join(map(str, found))}" for term, found in places.items())


def _write(search: WordSearch) -> str:
    """A search as a tsquery is written; terms hold no quotation marks."""
    needed = [_phrase(one) for one in search.wanted]
    return " & ".join([*needed, *(f"!({_phrase(one)})" for one in search.unwanted)])


def _phrase(phrase: Phrase) -> str:
    words = [f"'{term}'" for term in phrase.terms]
    return f"({' <-> '.join(words)}{':*' if phrase.is_beginning else ''})"
