"""Finds out what a document is, and hands it to the reader of its format."""

from __future__ import annotations

import re
from dataclasses import replace

from aggregator.model import DocumentDigests, Failed, ParsedFeed
from aggregator.parse import detect
from aggregator.parse.charsets.decode import decode
from aggregator.parse.json.feed import read_json_feed
from aggregator.parse.xml.feed import read_rootless_feed, read_xml_feed
from aggregator.parse.xml.prolog import FEED_ROOTS, find_root
from aggregator.text.characters import strip_non_xml
from aggregator.text.references import join_halves, mend_references
from aggregator.text.urls import is_web

_JSON = re.compile(r"""[{\[]\s*(?:["{\[\]}]|$)""")
_CHARACTERS = "Characters that XML does not allow were removed."


def parse(
    body: bytes, *, content_type: str, location: str, known: DocumentDigests | None = None
) -> ParsedFeed | Failed:
    """Read a document as a feed.

    In: its bytes; the Content-Type field's value, which counts for nothing but a hint at the encoding; where
    it came from: the base of relative references when it is an http(s) URL; digests of entries that were read
    before: such entries of this document are passed over (`ParsedFeed.same`), if they stand in the same context.
    Out: the feed as its publisher wrote it, with what was broken as warnings; Failed with `not_a_feed` (it is
    something else, and the message says what) or `malformed` (a feed, but broken beyond recovery).
    Pure and total: does not raise, whatever the bytes are.
    """
    failed = detect.failure_for_binary(body)
    if failed is not None:
        return failed
    decoded = decode(body, content_type)
    text = strip_non_xml(decoded.text)
    warnings = decoded.warnings if len(text) == len(decoded.text) else (*decoded.warnings, _CHARACTERS)
    result = _parse_text(text, location if is_web(location) else "", known)
    if isinstance(result, ParsedFeed):
        return replace(result, warnings=(*warnings, *result.warnings))
    return result


def _parse_text(text: str, base: str, known: DocumentDigests | None) -> ParsedFeed | Failed:
    text = text.lstrip("\ufeff \t\r\n")
    if not text:
        return detect.failure_for_empty()
    if _JSON.match(text):
        return read_json_feed(join_halves(text), base=base, known=known)
    text = mend_references(text)
    root = find_root(text)
    if root is not None and root.name in FEED_ROOTS:
        return read_xml_feed(text, root, base=base, known=known)
    if root is None or detect.is_unknown(root.name):
        feed = read_rootless_feed(text, base=base)
        if feed is not None:
            return feed
    return detect.failure_for_text(text) if root is None else detect.failure_for_root(root.name, text)
