"""Reading of broken XML in stages: strict, then mended, then loose. The stage that finds the most entries wins."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from typing import Any
from xml.sax import expatreader
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

from aggregator.parse.limits import MAX_ELEMENTS, MAX_ENTRIES, MAX_LINKS
from aggregator.parse.xml.cdata import close_sections
from aggregator.parse.xml.fields import dicts_field, text_field
from aggregator.parse.xml.handlers import EnoughError, Loose, Strict
from aggregator.parse.xml.mend import BREAKS_OFF, mend_markup, without_comments
from aggregator.parse.xml.prolog import Root, declared_entities

ENTRY = re.compile(r"</?(?:item|entry)\s*/?>", re.IGNORECASE)
_LOST = "The document is broken; entries behind the damage may be missing."
_LOOSE = "The document is not well-formed XML and was read loosely."
_MANY = f"The feed holds more than {MAX_ENTRIES} entries; only the first {MAX_ENTRIES} were read."
_LONG = f"The feed holds more than {MAX_ELEMENTS} elements; only the entries before those were read."
_CUT = "The last entry is incomplete and has no id; it was left out."
_UNCLOSED = "CDATA sections that did not end were ended."
_SHORTER = frozenset({_LOST, _MANY, _LONG, _CUT, BREAKS_OFF})
_ODD = "Some elements stand where they do not belong and were skipped."


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntries:
    """The entries that the parsing library found in a feed, and whether these are all.

    Attributes:
        handler: Its handler, with `feeddata`, `version` and what `handlers` adds.
        entries: In document order.
        complete: Whether the document was read to its end, or to the greatest number of entries.
        warnings: What was broken.
        document: What was read, where nothing was broken.
        unfinished: Whether the document breaks off within the last of them.
    """

    handler: Any
    entries: tuple[Any, ...]
    complete: bool
    warnings: tuple[str, ...] = ()
    document: bytes = b""
    unfinished: bool = False

    @property
    def whole(self) -> bool:
        """Whether these are all entries that the document had, as far as can be told."""
        return self.complete and _SHORTER.isdisjoint(self.warnings)


def read_xml(document: str, *, root: Root, base: str) -> FoundEntries:
    """Read an XML feed however broken, in up to three stages.

    In: the document, free of forbidden characters; its root; the absolute base URL, or "".
    Out: the best that any stage found. Does not raise.
    """
    text = close_sections(document[root.start :])
    noted = () if text == document[root.start :] else (_UNCLOSED,)
    data = text.encode("utf-8", "replace")
    first = read_strictly(data, base=base, warnings=noted)
    before = ENTRY.search(document, 0, root.start)
    if first.complete and not before:
        return first if first.warnings else replace(first, document=data)
    entities = declared_entities(document, root)
    mended, mending = mend_markup(text, root.qualified, entities)
    warnings = (*noted, *mending)
    second = read_strictly(mended.encode("utf-8", "replace"), base=base, warnings=warnings)
    if second.complete and not before and not ENTRY.search(text, max(0, text.rfind(f"</{root.qualified}"))):
        return second
    third = _read_loosely(without_comments(document[: root.start] + text, entities), base, (*warnings, _LOOSE))
    # On a tie the strict reading is the more exact one: loose reading resolves some entities twice.
    best = max((second, third), key=_fullness)
    if best is third:
        return best
    return best if best.complete else replace(best, warnings=tuple(dict.fromkeys((*best.warnings, _LOST))))


def read_loosely(text: str, *, base: str, warnings: tuple[str, ...] = (_LOOSE,)) -> FoundEntries:
    """Read the elements of a feed wherever they stand, with or without a root. Does not raise."""
    return _read_loosely(without_comments(text), base, warnings)


def _fullness(found: FoundEntries) -> tuple[int, int]:
    """How much was found: entries, then names of entries."""
    names = sum(bool(dict.get(entry, name)) for entry in found.entries for name in ("title", "id"))
    return len(found.entries), names + sum(map(_has_address, found.entries))


def _has_address(entry: Any) -> bool:
    return any(text_field(link, "href") for link in dicts_field(entry, "links", MAX_LINKS))


def whole_document(document: str, root: Root) -> bytes | None:
    """What the first stage would read of a document, as it stands there; None if it is not read as it stands."""
    text = document[root.start :]
    if ENTRY.search(document, 0, root.start) or close_sections(text) != text:
        return None
    return text.encode("utf-8", "replace")


def read_strictly(document: bytes, *, base: str, warnings: tuple[str, ...] = ()) -> FoundEntries:
    """Read an XML document in UTF-8, up to where it is not well-formed. Does not raise."""
    handler = Strict(base, None, "utf-8")
    # This driver by name: make_parser would prefer an installed libxml2, which opens files that a DOCTYPE names.
    parser = _Driver(namespaceHandling=1)  # no prolog, hence no entities
    parser.setFeature(feature_namespaces, 1)
    parser.setFeature(feature_external_ges, 0)
    parser.setContentHandler(handler)
    parser.setErrorHandler(handler)
    source = InputSource()
    source.setByteStream(io.BytesIO(document))
    source.setEncoding("utf-8")
    complete = True
    try:
        parser.parse(source)
    except EnoughError:
        warnings = (*warnings, _LONG if handler.elements > MAX_ELEMENTS else _MANY)
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 # not well-formed, or a handler failed: this stage ends here
        complete = False
    return _collect(handler, complete, warnings)


class _Driver(expatreader.ExpatParser):
    """Expat, with each text handed on in one piece."""

    def reset(self) -> None:
        """Begin with a new parser."""
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined] # typeshed leaves it out


def _read_loosely(text: str, base: str, warnings: tuple[str, ...]) -> FoundEntries:
    handler = Loose(base, None, "utf-8", {})
    complete = True
    try:
        handler.feed(text)
    except EnoughError:
        warnings = (*warnings, _LONG if handler.elements > MAX_ELEMENTS else _MANY)
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 # as above; what was found until then counts
        complete = False
    return _collect(handler, complete, warnings)


def _collect(handler: Any, complete: bool, warnings: tuple[str, ...]) -> FoundEntries:
    entries = handler.in_order
    unfinished = bool(BREAKS_OFF in warnings and handler.inentry and entries)
    if _LONG in warnings and handler.inentry:
        entries = entries[:-1]
    elif unfinished and _lacks_its_id(entries):
        # It would be taken for another item than the whole one of the next poll.
        entries, unfinished = entries[:-1], False
        warnings = (*warnings, _CUT)
    if handler.troubles:
        warnings = (*warnings, _ODD)
    return FoundEntries(
        handler=handler, entries=tuple(entries), complete=complete, warnings=warnings, unfinished=unfinished
    )


def _lacks_its_id(entries: list[Any]) -> bool:
    """Whether the last entry has no id though entries of this feed have one, or nothing at all to know it by."""
    *others, last = entries
    if dict.get(last, "id"):
        return False
    return not _has_address(last) or any(dict.get(other, "id") for other in others)
