"""Feed any bytes to the reading of feeds: `make fuzz`.

The first byte chooses a Content-Type, the rest is the document. What may come out is a feed or a reason; an
exception, or more than the time limit that the Makefile gives, is a finding, and its input is left in the
folder of findings.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["aggregator", "feedparser", "feedparser_sgmllib"]):
    from aggregator.model import Conventions, ParsedFeed
    from aggregator.normalize import normalize
    from aggregator.parse import parse

CONTENT_TYPES = (
    "",
    "text/xml",
    "application/rss+xml; charset=utf-8",
    "text/xml; charset=iso-8859-1",
    "text/xml; charset=windows-1251",
    "application/json",
    "text/html; charset=shift_jis",
    "text/xml; charset=utf-16",
)


def read(data: bytes) -> None:
    """Read one document; raises only if the program is wrong."""
    content_type = CONTENT_TYPES[data[0] % len(CONTENT_TYPES)] if data else ""
    result = parse(data[1:], content_type=content_type, location="https://x.example/feed")
    if isinstance(result, ParsedFeed):
        normalize(result, Conventions())


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
