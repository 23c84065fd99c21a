"""Feeds that somebody opens in a browser: the same documents, in a form that browsers show."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from aggregator.model import Format, Publication
from aggregator.publish import render
from aggregator.publish.splice import digest_entries
from tests.publish.golden.river.edition import EDITION
from tests.support.nouns import NOON, source
from tests.support.shelf import Shelf, catalogue, document, item, site

WINDOW = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
}
"""What Firefox 153 and Chromium 156 send for a window; so does RSS-Bridge, which reads feeds."""

TOKEN = "a-token-of-some-length"
CATALOGUE = catalogue(
    Publication(id="all", title="All"),
    Publication(id="club", title="Club", tokens=(TOKEN,)),
    sources=[source(tags=("far/off",))],
)
FORMATS: tuple[Format, ...] = ("atom", "rss", "json")
SHELF = Shelf(
    items=[item("one", title="One", url="https://press.example/1")],
    documents=[
        document(name, form, render(EDITION, form).body)
        for name in ("all", "club", "source/river", "tag/far%2Foff")
        for form in FORMATS
    ],
)
LINE = re.compile(rb'<\?xml-stylesheet type="text/css" href="([^"]+)"\?>\n')


def without_style(body: bytes) -> bytes:
    found = LINE.search(body)
    assert found, body[:200]
    assert body[: found.start()] == b"<?xml version='1.0' encoding='UTF-8'?>\n"
    return body[: found.start()] + body[found.end() :]


@pytest.mark.parametrize("form", ["atom", "rss"])
async def test_a_browser_window_gets_the_feed_itself_as_xml_with_a_style_sheet(form: Format):
    async with site(SHELF, CATALOGUE) as client:
        reader = await client.get(f"/all.{form}")
        window = await client.get(f"/all.{form}", headers=WINDOW)
    assert window.headers["content-type"] == "application/xml; charset=utf-8"
    assert window.headers["x-content-type-options"] == "nosniff"
    assert without_style(window.content) == reader.content
    assert digest_entries(window.content, form, NOON) == digest_entries(reader.content, form, NOON)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"Accept": "text/html"},
        {"Accept": WINDOW["Accept"], "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Firefox/153.0"},
        {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Mode": "navigate"},
    ],
)
@pytest.mark.parametrize("form", FORMATS)
async def test_whoever_else_asks_gets_the_stored_bytes_whatever_they_say_to_accept(
    form: Format, asked: dict[str, str]
):
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get(f"/all.{form}", headers=asked)
    assert answer.content == render(EDITION, form).body
    assert answer.headers["content-type"] == document("all", form).media_type


async def test_a_json_feed_is_the_same_for_all():
    async with site(SHELF, CATALOGUE) as client:
        reader, window = await client.get("/all.json"), await client.get("/all.json", headers=WINDOW)
    assert window.content == reader.content
    assert window.headers["vary"] == reader.headers["vary"] == "A-IM, Accept-Encoding"


async def test_caches_keep_both_forms_apart_and_each_has_its_own_tag():
    async with site(SHELF, CATALOGUE) as client:
        for _ in range(2):  # the second time from memory
            reader, window = await client.get("/all.atom"), await client.get("/all.atom", headers=WINDOW)
            assert reader.headers["etag"] != window.headers["etag"]
            assert reader.headers["vary"] == window.headers["vary"] == "A-IM, Accept-Encoding, Sec-Fetch-Dest"
            assert b"xml-stylesheet" not in reader.content
            assert b"xml-stylesheet" in window.content
        again = await client.get("/all.atom", headers=WINDOW | {"If-None-Match": window.headers["etag"]})
        other = await client.get("/all.atom", headers=WINDOW | {"If-None-Match": reader.headers["etag"]})
        held = await client.get("/all.atom", headers={"If-None-Match": reader.headers["etag"]})
    assert (again.status_code, other.status_code, held.status_code) == (304, 200, 304)


@pytest.mark.parametrize(
    "path",
    [
        "/all.atom",
        f"/{TOKEN}/club.rss",
        "/source/river.atom",
        "/tag/far/off.rss",
        "/tag/far%2Foff.atom",
        "/search.atom?q=one",
        "/story/one.atom",
        "/status.atom",
    ],
)
async def test_the_style_sheet_is_found_from_every_address_of_a_feed(path: str):
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get(path, headers=WINDOW)
        found = LINE.search(answer.content)
        assert found, answer.text
        sheet = await client.get(urljoin(path, found[1].decode()))
    assert sheet.status_code == 200
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "style-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
async def test_a_window_gets_its_form_in_whatever_coding_it_takes(coding: str):
    async with site(SHELF, CATALOGUE) as client:
        plain = await client.get("/all.atom", headers=WINDOW | {"Accept-Encoding": "identity"})
        coded = await client.get("/all.atom", headers=WINDOW | {"Accept-Encoding": coding})
        head = await client.head("/all.atom", headers=WINDOW)
    assert coded.content == plain.content
    assert head.content == b""
    assert head.headers["content-type"] == "application/xml; charset=utf-8"


async def test_what_a_private_feed_answers_without_its_token_does_not_depend_on_who_asks():
    async with site(SHELF, CATALOGUE) as client:
        closed, nothing = [await client.get(f"/{name}.atom", headers=WINDOW) for name in ("club", "no")]
    assert (closed.status_code, closed.content) == (nothing.status_code, nothing.content)
    assert closed.status_code == 404
