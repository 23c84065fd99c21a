"""Words by SQLite's FTS5 (https://www.sqlite.org/fts5.html)."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, bindparam, text

from aggregator.model import Phrase, WordSearch
from aggregator.store.sql.word_index import Saying

_FIND = text("SELECT rowid FROM words WHERE words MATCH :asked AND rowid < :below ORDER BY rowid DESC LIMIT :most")
_SIFT = text("SELECT rowid FROM words WHERE words MATCH :asked AND rowid IN :numbers").bindparams(
    bindparam("numbers", expanding=True)
)
_KNOWN = text("SELECT number, parts FROM sayings WHERE uid IN :uids").bindparams(bindparam("uids", expanding=True))
_FORGET = text("DELETE FROM sayings WHERE number = :number")
_SAYING = text("INSERT INTO sayings (number, uid, parts) VALUES (:number, :uid, :parts)")
_WORDS = text("INSERT INTO words (rowid, title, body, names) VALUES (:number, :title, :body, :names)")
_NO_WORDS = text(
    "INSERT INTO words (words, rowid, title, body, names) VALUES ('delete', :number, :title, :body, :names)"
)
_BORDER = "\n"


class Fts5Index:
    """Fulfils `WordIndex`.

    The table of FTS5 holds no texts, and takes words out only if it is told them: they are kept beside, packed.
    """

    def put(self, connection: Connection, sayings: Sequence[Saying]) -> None:
        """See `WordIndex.put`."""
        if not sayings:
            return
        written = [(one, _BORDER.join(map(" ".join, one.parts))) for one in sayings]
        packed = [
            {"number": one.number, "uid": one.uid, "parts": zlib.compress(said.encode(), 4)}
            for one, said in written
        ]
        connection.execute(_SAYING, packed)
        connection.execute(_WORDS, [_row(one.number, said) for one, said in written])

    def drop(self, connection: Connection, uids: Sequence[str]) -> None:
        """See `WordIndex.drop`."""
        known = connection.execute(_KNOWN, {"uids": list(uids)}).all()
        if known:
            said = [_row(row.number, zlib.decompress(row.parts).decode()) for row in known]
            connection.execute(_NO_WORDS, said)
            connection.execute(_FORGET, [{"number": row.number} for row in known])

    def find(self, connection: Connection, search: WordSearch, below: int, limit: int) -> Collection[int]:
        """See `WordIndex.find`."""
        asked = {"asked": _write(search), "below": below, "most": limit}
        return connection.scalars(_FIND, asked).all()

    def sift(self, connection: Connection, search: WordSearch, numbers: Sequence[int]) -> Collection[int]:
        """See `WordIndex.sift`."""
        return connection.scalars(_SIFT, {"asked": _write(search), "numbers": list(numbers)}).all()


def _row(number: int, said: str) -> dict[str, object]:
    title, body, names = said.split(_BORDER)
    return {"number": number, "title": title, "body": body, "names": names}


def _write(search: WordSearch) -> str:
    """A search in FTS5's language; terms hold no quotation marks."""
    wanted = _join(" AND ", search.wanted)
    return f"{wanted} NOT ({_join(' OR ', search.unwanted)})" if search.unwanted else wanted


def _join(how: str, phrases: Iterable[Phrase]) -> str:
    written = (f'"{" ".join(one.terms)}"{" *" if one.is_beginning else ""}' for one in phrases)
    return f"({how.join(written)})"
