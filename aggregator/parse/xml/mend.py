"""Repairs that make many broken documents well-formed without guessing at their structure."""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from aggregator.parse.xml import cdata
from aggregator.text.namespaces import NAMESPACES

BREAKS_OFF: Final = "The document breaks off before its end."
_OPENING = re.compile(r"<!\[CDATA\[|<!--|<\?")
_CLOSING: Final = {cdata.OPENING: cdata.CLOSING, "<!--": "-->", "<?": "?>"}
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,40});)?")
_XML_NAMES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_BARE_ANGLE = re.compile(r"<(?=[\s\d<=>&;,.()'\"+*-]|$)")
_PREFIX = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_DECLARED = re.compile(r"\sxmlns:([A-Za-z_][\w.-]{0,40})\s*=")
_RSS: Final = "http://backend.userland.com/rss"
_USUAL: Final = {
    **NAMESPACES,
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def mend_markup(text: str, root: str, entities: Mapping[str, str] = _NONE) -> tuple[str, tuple[str, ...]]:
    """Mend a document that is not well-formed.

    In: the document from its root element on; the root's name as written; entities of its own, with their texts.
    Out: the mended text and what was wrong, one sentence each. Comments and processing instructions are gone;
    CDATA sections stay as they are. Does not touch the nesting of elements.
    """
    warnings: list[str] = []
    flat = cdata.flatten_sections(text)
    if flat != text:
        warnings.append("CDATA sections within others were made one.")
        text = flat
    end = text.rfind(f"</{root}")
    close = text.find(">", end) + 1 if end >= 0 else 0
    if close and without_comments(text[close:]).strip():
        warnings.append("Text after the end of the feed was left out.")
    elif not close:
        warnings.append(BREAKS_OFF)
    pieces = list(_pieces(text[: close or len(text)]))
    mended = "".join(piece if verbatim else _references(piece, entities) for piece, verbatim in pieces)
    if mended != "".join(piece for piece, _verbatim in pieces):
        warnings.append("Ampersands, angle brackets or entities that XML does not allow were mended.")
    unbound = _find_unbound(mended, root)
    if unbound:
        warnings.append("Namespace prefixes without a declaration were given their usual meaning.")
        declared = "".join(f" xmlns:{name}={quoteattr(uri)}" for name, uri in unbound)
        mended = f"<{root}{declared}{mended[len(root) + 1 :]}"
    return mended, tuple(warnings)


def without_comments(text: str, entities: Mapping[str, str] = _NONE) -> str:
    """The text for the loose parser: references mended, with neither comments nor what could open one.

    Many comments would cost that parser dearly, and it takes every ampersand for a reference.
    """
    mended = (piece if verbatim else _references(piece, entities) for piece, verbatim in _pieces(text))
    return "".join(mended).replace("<!--", "&lt;!--")


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into markup (False) and CDATA sections (True), without comments and instructions.

    A comment or instruction that never ends is none: its first character is escaped. A CDATA section that never
    ends is closed at the end of the text.
    """
    position, endless = 0, set[str]()
    while match := _OPENING.search(text, position):
        opening, start = match[0], match.start()
        yield text[position:start], False
        # Looked for once only: many openings without a closing would take quadratic time.
        end = -1 if opening in endless else text.find(_CLOSING[opening], match.end())
        position = end + len(_CLOSING[opening]) if end >= 0 else len(text)
        if opening == cdata.OPENING:
            yield text[start:position] + ("" if end >= 0 else cdata.CLOSING), True
        elif end < 0:
            endless.add(opening)
            yield "&lt;" + opening[1:], False
            position = match.end()
    yield text[position:], False


def _references(piece: str, entities: Mapping[str, str]) -> str:
    """Entities become characters; ampersands and angles that mean themselves are escaped."""
    resolved = _AMPERSAND.sub(lambda match: _reference(match[1], entities), piece)
    return _BARE_ANGLE.sub("&lt;", resolved.replace("]]>", "]]&gt;"))


def _reference(name: str | None, entities: Mapping[str, str]) -> str:
    if name is None:
        return "&amp;"
    if name.startswith("#") or name in _XML_NAMES:
        return f"&{name};"
    meaning = entities.get(name) or html.entities.html5.get(f"{name};")
    return escape(meaning) if meaning else f"&amp;{name};"


def _find_unbound(text: str, root: str) -> list[tuple[str, str]]:
    """Prefixes without a declaration and what they mean; that of the root is the feed's own."""
    bound = {"xml", "xmlns", *_DECLARED.findall(text)}
    used = dict.fromkeys(_PREFIX.findall(text))
    prefix, _, name_of_root = root.rpartition(":")
    own = _USUAL["atom"] if name_of_root.lower() in {"feed", "entry"} else _RSS
    usual = {prefix: own, **_USUAL}
    return [(name, usual.get(name, f"urn:undeclared:{name}")) for name in used if name not in bound]
