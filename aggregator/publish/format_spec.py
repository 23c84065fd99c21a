"""What an output format is, to everything that does not spell it: its names, its writer, its judge, its seams."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aggregator.publish.view import FeedView


@dataclass(frozen=True, slots=True, kw_only=True)
class Seams:
    """Where the entries of a document stand in its bytes, as we write them.

    Attributes:
        begins: Finds the beginning of an entry.
        ends: Finds the end of an entry; what follows is the next one, or what closes the document.
        id: Finds an entry's id in its bytes, as its first group.
        escape: An id as it is spelt in the document.
        join: Entries as they were cut out -> the bytes of all of them, in a row.
        empty: A document from which all entries were taken -> as one without any is written.
    """

    begins: re.Pattern[bytes]
    ends: re.Pattern[bytes]
    id: re.Pattern[bytes]
    escape: Callable[[str], str]
    join: Callable[[Sequence[bytes]], bytes]
    empty: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSpec:
    """One output format. Each module of `formats` has one, named `SPEC`.

    Attributes:
        label: What people call it, on a page.
        media_type: Of its documents, without parameters.
        compose: Writes a feed as a document in UTF-8, byte for byte the same for the same feed. Raises ValueError
            for what cannot be written.
        faults: What a strict validator would fault in a document, whole sentences; empty when all is well.
        seams: Where its entries stand, so that some can be left out without rendering anew.
    """

    label: str
    media_type: str
    compose: Callable[[FeedView], bytes]
    faults: Callable[[bytes], tuple[str, ...]]
    seams: Seams


def xml_seams(begins: bytes, ends: bytes, name: bytes) -> Seams:
    """The seams of a format in XML: markup of entries is escaped, so that their tags occur nowhere else.

    Args:
        begins: A pattern for the start tag of an entry with the white space before it.
        ends: Its end tag with the line end after it.
        name: A pattern for the element that holds an entry's id, the id as its first group.
    """
    return Seams(
        begins=re.compile(begins),
        ends=re.compile(re.escape(ends)),
        id=re.compile(name),
        # Ids are IRIs, so of all that XML escapes, only the ampersand occurs in them.
        escape=lambda written: written.replace("&", "&amp;"),
        join=b"".join,
        empty=lambda body: body,
    )
