"""Elements that swallow all that follows where their end tag is missing, with that tag.

`<iframe src="..." />` is whole in XHTML, and in HTML an element that never ends, whose content goes with it: of an
article whose author or system writes so nothing would be left after the first film.
"""

from __future__ import annotations

import re
from typing import Final

_RAW: Final = frozenset({"iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"})
"""In these nothing is a tag but their own end tag."""

_NAMES: Final = (*sorted(_RAW), "audio", "button", "dialog", "noscript", "object", "select", "video")
_TAGS: Final = tuple(f"<{name}" for name in _NAMES)
_START = re.compile(rf"<({'|'.join(_NAMES)})(?=[\s/>])((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_LOADS = re.compile(r"\ssrc\s*=", re.IGNORECASE)
_NEXT: Final = {name: re.compile(rf"<(/?){name}(?=[\s/>])", re.IGNORECASE) for name in _NAMES}
_END: Final = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}


def with_missing_ends(markup: str, folded: str) -> str:
    """Markup, and the same in small letters -> with an end tag behind each such start tag that has none.

    It has none where it is closed as in XML, or only loads something, and another one begins before the next end.
    What holds its content itself, such as a script without an address, is left to the parser.
    """
    if not [tag for tag in _TAGS if tag in folded]:  # a list is found sooner than by `any`
        return markup
    parts, end, place = [], 0, 0
    while start := _START.search(markup, place):
        name, place = start[1].lower(), start.end()
        if _is_open(start, markup):
            parts += [markup[end:place], f"</{name}>"]
            end = place
        elif name in _RAW:
            stop = _END[name].search(markup, place)
            place = stop.end() if stop else len(markup)
    return "".join([*parts, markup[end:]])


def _is_open(start: re.Match[str], markup: str) -> bool:
    name, written = start[1].lower(), start[2]
    if not written.endswith("/") and not (name in {"iframe", "script"} and _LOADS.search(written)):
        return False
    following = _NEXT[name].search(markup, start.end())
    return following is None or not following[1]
