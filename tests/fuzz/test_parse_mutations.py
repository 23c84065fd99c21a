"""Damage any document of the golden corpus in any way: reading it ends, soon, with a feed or a reason."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.model import Conventions, Failed, ParsedFeed
from aggregator.normalize import normalize
from aggregator.parse import parse

GOLDEN = Path(__file__).parent.parent / "golden"
LARGEST = 20_000
SOUND = {path.parent.name: path.read_bytes() for path in sorted(GOLDEN.glob("*/input.*"))}
SMALL = [body for body in SOUND.values() if len(body) <= LARGEST]
CONTENT_TYPES = st.sampled_from(
    ["", "text/xml; charset=iso-8859-1", "application/json", "text/html; charset=utf-16"]
)

SPARE = 2.0
"""Seconds; sound documents of this size take some hundredths."""

PIECES = [
    b"<item>", b"</item>", b"<entry>", b"</entry>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?", b"<!DOCTYPE x [",
    b"<title>", b"</title>", b"<link/>", b"</channel>", b"</rss>", b"</feed>", b"&", b"<", b">", b'"', b"&nbsp;",
    b"&#xD800;", b"&#0;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe2\x82", b"\x1b$B", b"{", b"}", b"],",
    b'"items":[',
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A document with bytes changed, cut out, doubled or brought in from another one."""
    body = bytearray(draw(st.sampled_from(SMALL)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 80)))
        how = draw(st.sampled_from(["change", "cut", "double", "piece", "splice", "end"]))
        if how == "change":
            body[start:end] = draw(st.binary(max_size=4))
        elif how == "cut":
            del body[start:end]
        elif how == "double":
            body[start:start] = body[start:end] * draw(st.integers(1, 30))
        elif how == "piece":
            body[start:start] = draw(st.sampled_from(PIECES)) * draw(st.integers(1, 30))
        elif how == "splice":
            other = draw(st.sampled_from(SMALL))
            body[start:end] = other[draw(st.integers(0, len(other))) :][:500]
        else:
            del body[start:]
    return bytes(body)


def read(body: bytes, content_type: str = "") -> ParsedFeed | Failed:
    result = parse(body, content_type=content_type, location="https://x.example/feed")
    if isinstance(result, ParsedFeed):
        normalize(result, Conventions())
    return result


def seconds_for(body: bytes, content_type: str = "") -> float:
    start = time.process_time()  # of this process alone: a busy machine does not count
    read(body, content_type)
    return time.process_time() - start


@given(damaged(), CONTENT_TYPES)
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_damaged_document_gives_a_feed_or_a_reason_and_soon(body: bytes, content_type: str):
    assert seconds_for(body, content_type) < SPARE


@pytest.mark.parametrize("name", SOUND)
def test_a_document_cut_anywhere_gives_a_feed_or_a_reason(name: str):
    body = SOUND[name]
    for end in range(0, len(body), max(1, len(body) // 40)):
        result = read(body[:end])
        assert isinstance(result, Failed) or len(result.warnings) < 20


HOSTILE = {
    "sections in sections": b"<item><description>" + b"<![CDATA[x" * 30_000,
    "sections without ends": b"<item><a><![CDATA[x</a></item>" * 10_000 + b"]]>",
    "sections with one far end": b"<a><![CDATA[" * 20_000 + b"</a></item>]]>",
    "sections closed twice": b"<item><a><![CDATA[<![CDATA[]]>]]></b>" * 7_000,
    "comments": b"<item><description>" + b"<!--" * 50_000,
    "instructions": b"<?x " * 50_000,
    "nested items": b"<item>" * 10_000,
    "nested markup": b"<item><description>" + b"<b>" * 25_000 + b"</i>" * 25_000,
    "titles within titles": b"<item>" + b"<title>" * 25_000,
    "summaries within content": b"<item><content type='xhtml'>" + b"<summary>" * 15_000 + b"</summary>" * 15_000,
    "attributes": b"<item><title " + b"a='b' " * 30_000 + b"/>",
    "captions": b"<item>" + b"<media:group><media:content url='a.jpg'><media:description>x" * 5_000,
    "links": b"<item>" + b"<link href='a'/>" * 10_000 + b"</item>",
    "ids": b"<item>" + b"<guid>a</guid>" * 10_000 + b"</item>",
    "authors": b"<item>" + b"<author>a@b</author>" * 10_000 + b"</item>",
    "ampersands": b"<item><title>" + b"&" * 150_000,
    "escapes": b"<item><title>\x1b$B" + b"!!" * 50_000,
    "ends": b"</item>" * 30_000,
    "quotes": b"<item " + b'"' * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_repetition_takes_time_that_grows_with_its_square(name: str):
    bodies = (b"<rss version='2.0'><channel><title>T</title>" + HOSTILE[name], HOSTILE[name])

    assert max(map(seconds_for, bodies)) < 5 * SPARE


@pytest.mark.parametrize("bracket", ['[{"a":', "[", '{"id":1},{"a" ', '"\\', '{"id":"1"},"'])
def test_no_broken_json_takes_time_that_grows_with_its_square(bracket: str):
    body = ('{"version":"https://jsonfeed.org/version/1","items":[' + bracket * 20_000).encode()

    assert seconds_for(body) < 5 * SPARE
