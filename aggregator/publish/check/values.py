"""What values must look like, whatever the format; and elements, counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from lxml import etree

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9;/?:@&=+$.\-_!~*'()%,#\[\]]+")
_REFERENCE = re.compile(r"[A-Za-z0-9;/?:@&=+$.\-_!~*'()%,#]+")
_MEDIA_TYPE = re.compile(r"[^\s/;]+/[^\s/;]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def is_rfc3339(text: str) -> bool:
    """Whether it is a date as RFC 3339 writes them, and one that exists."""
    if not _RFC3339.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_rfc822(text: str) -> bool:
    """Whether it is a date as we write them for RSS: four digits of the year, the right weekday, a zone."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and format_datetime(moment) == text


def is_iri(text: str) -> bool:
    """Whether it is an absolute IRI (RFC 3987, roughly)."""
    return _IRI.fullmatch(text) is not None


def is_uri(text: str) -> bool:
    """Whether it is an absolute URI (RFC 3986, roughly): ASCII only."""
    return _URI.fullmatch(text) is not None


def is_reference(text: str) -> bool:
    """Whether it is a URI, absolute or relative (RFC 3986, section 4.1, roughly)."""
    return _REFERENCE.fullmatch(text) is not None


def is_media_type(text: str) -> bool:
    """Whether it is `type/subtype`."""
    return _MEDIA_TYPE.fullmatch(text) is not None


def is_language(text: str) -> bool:
    """Whether it has the form of a BCP 47 tag."""
    return _LANGUAGE.fullmatch(text) is not None


def is_size(text: str) -> bool:
    """Whether it is a number of bytes."""
    return text.isascii() and text.isdigit()


def parse_xml(body: bytes) -> Any:
    """The root of an XML document.

    Raises:
        ValueError: It is not well-formed; the text says where.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"The XML is not well-formed: {error}.") from error


def text_of(element: Any, name: str) -> str:
    """The text of the child of that name; empty when either is missing."""
    return element.findtext(name) or ""


def count_faults(
    element: Any, place: str, *, exactly_one: Iterable[str] = (), at_most_one: Iterable[str] = ()
) -> Iterator[str]:
    """Faults for children that are missing, empty, or too many."""
    counts = Counter(child.tag for child in element)
    for name in exactly_one:
        if counts[name] != 1 or not text_of(element, name).strip():
            yield f"{place} must have exactly one {_short(name)} that is not empty."
    for name in at_most_one:
        if counts[name] > 1:
            yield f"{place} has {counts[name]} {_short(name)} elements; one is allowed."


def repeat_faults(ids: Iterable[str], what: str) -> Iterator[str]:
    """Faults for values that occur more than once."""
    for value, count in Counter(ids).items():
        if value and count > 1:
            yield f"{count} entries have the {what} {value!r}."


def _short(name: str) -> str:
    return name.rpartition("}")[2]
