"""What stands before the root element, and which root it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from aggregator.text.references import unescape

FEED_ROOTS: Final = frozenset({"rss", "rdf", "feed", "channel", "entry"})
"""Local names, lower case: RSS 0.9x and 2.0, RSS 0.90 and 1.0, Atom, CDF, an Atom entry document."""

_ROOT = re.compile(r"<(?:([A-Za-z_][\w.-]{0,40}):)?([A-Za-z_][\w.-]{0,60})(?=[\s/>])")
_FEED_START = re.compile(r"<\?xml\s|<(?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|rdf|feed|channel)[\s>]", re.IGNORECASE)
_HTML = frozenset({"html", "head", "body"})
_SPACE = re.compile(r"\s*")
_ENTITY = re.compile(
    r"<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+(?:\"((?:[^\"&%<]|&#\d{1,7};){0,500})\"|'((?:[^'&%<]|&#\d{1,7};){0,500})')\s*>"
)
_MOST_GROWTH: Final = 1_000_000
"""Characters by which a document may grow when its entities are put in."""

_QUOTES_OR_MARKS = re.compile(r"""["'\[\]>]""")
_TRIES: Final = 10
_REACH: Final = 100_000
"""Characters of junk before a feed that we are willing to look through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The root element of an XML document: its name, and what stands before it.

    Attributes:
        name: Its local name, lower case.
        qualified: Its name as written, with its prefix.
        start: Where it begins.
        junk: Whether text that belongs to no XML document stands before it.
        entities: Whether entity declarations stand before it.
    """

    name: str
    qualified: str
    start: int
    junk: bool = False
    entities: bool = False


def find_root(text: str) -> Root | None:
    """The root element of a document, past declarations, comments, DOCTYPE and junk; None without one.

    The document from `start` on can be parsed without its prolog: it is left out, since entities are the way to
    swell a small document and to reach other files. See `declared_entities` for those that can do neither.
    """
    first = _root_at(text, 0, junk=False)
    if first is not None and (first.name in FEED_ROOTS or first.name in _HTML):
        return first
    # A warning that some program printed first, text, a broken start: does a feed begin further down?
    start = first.start + 1 if first else 0
    for later in islice(_FEED_START.finditer(text, start, start + _REACH), _TRIES):
        found = _root_at(text, later.start(), junk=True)
        if found is not None and found.name in FEED_ROOTS:
            return found
    return first


def declared_entities(document: str, root: Root) -> dict[str, str]:
    """The entities that stand for a short text, as the prolog declares them, with their texts.

    XML 1.0, section 4.4 has internal entities included. Those that refer to others, to files or to servers are
    left out; and all are where the document would grow much by them.
    """
    if not root.entities:
        return {}
    found = {name: unescape(one or other) for name, one, other in _ENTITY.findall(document, 0, root.start)}
    growth = sum(document.count(f"&{name};", root.start) * len(text) for name, text in found.items())
    return found if growth <= _MOST_GROWTH else {}


def _root_at(text: str, position: int, *, junk: bool) -> Root | None:
    entities = False
    while True:
        position = _SPACE.match(text, position).end()  # type: ignore[union-attr] # matches nothing too
        if text.startswith("<?", position):
            end = _end_of_instruction(text, position)
        elif text.startswith("<!--", position):
            end = _after(text, "-->", position)
        elif text.startswith("<!", position):
            end = _end_of_declaration(text, position)
            entities = entities or "<!entity" in text[position:end].lower()
        else:
            break
        position = end
    found = _ROOT.match(text, position)
    if found is None:
        return None
    return Root(name=found[2].lower(), qualified=found[0][1:], start=position, junk=junk, entities=entities)


def _end_of_instruction(text: str, position: int) -> int:
    """Past `<?xml ... ?>`; one that is not closed before the next tag ends there."""
    tag = text.find("<", position + 1)
    limit = tag if tag >= 0 else len(text)
    end = text.find("?>", position, limit)
    return end + 2 if end >= 0 else limit


def _after(text: str, mark: str, position: int) -> int:
    end = text.find(mark, position)
    return len(text) if end < 0 else end + len(mark)


def _end_of_declaration(text: str, position: int) -> int:
    """Past `<!DOCTYPE ... [ ... ]>`: quotes may hold brackets, brackets hold declarations."""
    depth = 0
    found = _QUOTES_OR_MARKS.search(text, position)
    while found:
        mark, position = found[0], found.end()
        if mark in "\"'":
            closing = text.find(mark, position)
            position = len(text) if closing < 0 else closing + 1
        elif mark == ">" and depth == 0:
            return position
        elif mark != ">":
            depth = max(0, depth + (1 if mark == "[" else -1))
        found = _QUOTES_OR_MARKS.search(text, position)
    return len(text)
