"""Pictures: the real source of lazy ones; counters that nobody sees are no pictures."""

from __future__ import annotations

import re
from typing import Final

from aggregator.normalize.urls import absolute

LAZY: Final = ("data-src", "data-original", "data-lazy-src", "data-orig-file")
"""Where scripts find the source that they put in when the reader scrolls."""

_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])(?:\s+([0-9.]{1,8})[wx])?\s*(?:,|$)")
_NUMBER = re.compile(r"^\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*$")
_COUNTERS = re.compile(
    r"^https?://(?:pixel\.|[^/]*\bdoubleclick\.net/|feeds\.feedburner\.com/~r/|pi\.feedsportal\.com/"
    r"|stats\.wordpress\.com/|pixel\.wp\.com/|[^/]*/wf/open\?|www\.google-analytics\.com/)",
    re.IGNORECASE,
)
_TEXTS: Final[tuple[str, ...]] = ("alt", "title")
_SIZES: Final[tuple[str, ...]] = ("width", "height")


def picture(values: dict[str, str], base: str | None) -> dict[str, str] | None:
    """The attributes of an img under our policy; None for a counter, or when there is no source to show.

    A lazy picture's own `src` is a placeholder, so that the sources for scripts come first.
    """
    written = [values[name] for name in LAZY if name in values]
    if "data-srcset" in values:
        written.append(widest(values["data-srcset"]))
    written.append(values.get("src", ""))
    if "srcset" in values:
        written.append(widest(values["srcset"]))
    source = next((url for reference in written if (url := absolute(reference, base))), None)
    if source is None or _is_counter(source, values):
        return None
    kept = {name: values[name] for name in _TEXTS if name in values}
    sizes = {name: match[1] for name in _SIZES if (match := _NUMBER.match(values.get(name, "")))}
    return {"src": source, **kept, **sizes}


def widest(srcset: str) -> str:
    """The candidate of a srcset with the greatest descriptor (HTML, section 4.8.4.2.1); "" without one."""
    candidates = [
        (float(size or 1), url) for url, size in _CANDIDATE.findall(srcset[:20_000]) if size.count(".") < 2
    ]
    return max(candidates, key=lambda candidate: candidate[0])[1] if candidates else ""


def _is_counter(source: str, values: dict[str, str]) -> bool:
    sizes = [int(match[1]) for name in _SIZES if (match := _NUMBER.match(values.get(name, "")))]
    return (bool(sizes) and max(sizes) <= 1) or bool(_COUNTERS.match(source))
