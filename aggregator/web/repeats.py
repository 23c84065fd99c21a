"""Answers that were given before to the same question, while what they were made from still stands.

Nearly all that is asked is asked again: by each of many readers, each minute, in the same few fields. The second
time nothing is looked up, compared or put together. Query strings change nothing in a document.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.types import Message, Scope

from aggregator.model import Catalogue, Document, Format
from aggregator.web.documents import Documents
from aggregator.web.limits import Traffic

MOST: Final = 4_000
"""Answers held; the bytes of their bodies are those of the documents."""

_LONGEST = 1_000
"""Bytes of the fields of a question worth remembering: readers ask in fewer, and nobody fills our memory."""

_DECIDING = frozenset(
    {b"accept-encoding", b"authorization", b"if-none-match", b"if-modified-since", b"a-im", b"sec-fetch-dest"}
)
"""The fields of a request that the answer for a document depends on; all others change nothing in it."""

_Question = tuple[str, str, tuple[tuple[bytes, bytes], ...]]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was sent, to be sent again to whoever asks the same.

    Attributes:
        status: Its status.
        fields: All header fields of its own, as bytes on the wire.
        body: What followed them.
        document: What it was made from.
    """

    status: int
    fields: bytes
    body: bytes
    document: Document


class Repeats:
    """Remembers answers that hold a document, or say that the client has it.

    Only such: so a wrong token leaves nothing behind, and is compared anew each time it is given. The question is
    found by its hash, so how long that takes tells nothing about how much of a token was right.
    """

    def __init__(self, documents: Documents, catalogue: Callable[[], Catalogue], traffic: Traffic) -> None:
        self.catalogue = catalogue
        self._documents = documents
        self._traffic = traffic
        self._given: dict[_Question, Given] = {}
        self._questions: defaultdict[tuple[str, Format], set[_Question]] = defaultdict(set)
        self._known = catalogue()
        documents.tell_dropped(self._forget)
        self._log = structlog.get_logger("aggregator.web")

    def find(self, scope: Scope) -> Given | None:
        """The answer to the request, counted, where it was given before and nothing has changed since."""
        began = time.perf_counter()
        found = self._given.get(_question(scope)) if self._is_in_force(self.catalogue()) else None
        if found is None:
            return None
        name = found.document.publication_id
        if self._documents.peek(name, found.document.format) is not found.document:
            return None
        took = time.perf_counter() - began
        self._traffic.count(found.status, took)
        self._log.debug(
            "request again", method=scope["method"], publication=name, status=found.status, seconds=took
        )
        return found

    def keep(self, scope: Scope, messages: Sequence[Message], document: Document, catalogue: Catalogue) -> None:
        """Remember the answer that these messages (ASGI) were, unless the question is no reader's.

        Nor where meanwhile the document is held no more, as one that is rendered on demand never is, or the
        catalogue, which said who may read it, and where, is not in force any more.
        """
        start, end = messages
        question, name, form = _question(scope), document.publication_id, document.format
        if self._documents.peek(name, form) is not document or not self._is_in_force(catalogue):
            return
        if sum(len(name) + len(value) for name, value in question[2]) > _LONGEST:
            return
        if len(self._given) >= MOST:
            self._clear()  # a reader's next question fills it again
        self._questions[name, form].add(question)
        self._given[question] = Given(
            status=start["status"],
            fields=b"".join(b"%b: %b\r\n" % pair for pair in start["headers"]),
            body=b"" if scope["method"] == "HEAD" else end["body"],
            document=document,
        )

    def _is_in_force(self, catalogue: Catalogue) -> bool:
        """Whether it is what all answers were given by; those given by an earlier one are forgotten."""
        now = self.catalogue()
        if now is not self._known:
            self._known = now
            self._clear()
        return catalogue is now

    def _forget(self, document: Document) -> None:
        """Every answer that was made from it."""
        for question in self._questions.pop((document.publication_id, document.format), ()):
            self._given.pop(question, None)

    def _clear(self) -> None:
        self._given.clear()
        self._questions.clear()


def _question(scope: Scope) -> _Question:
    return scope["method"], scope["path"], tuple([pair for pair in scope["headers"] if pair[0] in _DECIDING])
