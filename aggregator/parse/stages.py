"""Staged recovery: strict, then mended, then loose. The stage that finds the most entries wins."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from xml.sax import expatreader
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

from aggregator.parse.handlers import EnoughError, Loose, Strict
from aggregator.parse.limits import MAX_ENTRIES
from aggregator.parse.mend import BREAKS_OFF, mend, without_comments

_LOST = "The document is broken; entries behind the damage may be missing."
_LOOSE = "The document is not well-formed XML and was read loosely."
_MANY = f"The feed holds more than {MAX_ENTRIES} entries; only the first {MAX_ENTRIES} were read."
_CUT = "The last entry is incomplete and has no id; it was left out."
_ODD = "Some elements stand where they do not belong and were skipped."


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the parsing library found.

    Attributes:
        handler: Its handler, with `feeddata`, `entries`, `version` and what `handlers` adds.
        complete: Whether the document was read to its end, or to the greatest number of entries.
        warnings: What was broken.
    """

    handler: Any
    complete: bool
    warnings: tuple[str, ...] = ()


def read_xml(text: str, *, root: str, base: str) -> Found:
    """Read a feed.

    In: the document from its root element on, free of forbidden characters; the root's name as written; the
    absolute base URL, or "".
    Out: the best that any stage found. Does not raise.
    """
    first = _strict(text, base, ())
    if first.complete:
        return first
    mended, warnings = mend(text, root)
    second = _strict(mended, base, warnings)
    if second.complete:
        return second
    third = _loose(without_comments(text), base, (*warnings, _LOOSE))
    # On a tie the strict reading is the more exact one: loose reading resolves some entities twice.
    best = max((second, third), key=lambda found: len(found.handler.entries))
    if best is third:
        return best
    told = dict.fromkeys((*warnings, *best.warnings, _LOST))
    return Found(handler=best.handler, complete=False, warnings=tuple(told))


def _strict(text: str, base: str, warnings: tuple[str, ...]) -> Found:
    handler = Strict(base, None, "utf-8")
    # This driver by name: make_parser would prefer an installed libxml2, which opens files that a DOCTYPE names.
    parser = expatreader.create_parser(namespaceHandling=1)  # noqa: S315 # no prolog, hence no entities
    parser.setFeature(feature_namespaces, 1)
    parser.setFeature(feature_external_ges, 0)
    parser.setContentHandler(handler)
    parser.setErrorHandler(handler)
    source = InputSource()
    source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
    source.setEncoding("utf-8")
    complete = True
    try:
        parser.parse(source)
    except EnoughError:
        warnings = (*warnings, _MANY)
    except Exception:  # noqa: BLE001 # not well-formed, or a handler failed: this stage ends here
        complete = False
    return _found(handler, complete, warnings)


def _loose(text: str, base: str, warnings: tuple[str, ...]) -> Found:
    handler = Loose(base, None, "utf-8", {})
    complete = True
    try:
        handler.feed(text)
    except EnoughError:
        warnings = (*warnings, _MANY)
    except Exception:  # noqa: BLE001 # as above; what was found until then counts
        complete = False
    return _found(handler, complete, warnings)


def _found(handler: Any, complete: bool, warnings: tuple[str, ...]) -> Found:
    if BREAKS_OFF in warnings and handler.inentry and handler.entries and "id" not in handler.entries[-1]:
        # Cut off before its id: it would be taken for another item than the whole one of the next poll.
        handler.entries.pop()
        warnings = (*warnings, _CUT)
    if handler.troubles:
        warnings = (*warnings, _ODD)
    return Found(handler=handler, complete=complete, warnings=warnings)
