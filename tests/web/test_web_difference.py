"""What is new since a reader asked last (RFC 3229 with `feed`), and content codings: real server, real client."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import brotli
import httpx
import pytest

from aggregator.model import Document, Format, Publication
from aggregator.publish import render_all
from tests.publish.editions import edition, item
from tests.support.nouns import NOON
from tests.support.shelf import Shelf, catalogue, site

LATER = NOON + timedelta(hours=1)
OLD = render_all(edition(item(2, title="Stands"), item(1, title="Old"))).documents
NOW = tuple(
    replace(one, last_modified=LATER, digests=(replace(one.digests[0], since=LATER), *one.digests[1:]))
    for one in render_all(edition(item(3, title="Came later"), item(2, title="Stands"))).documents
)
EDITIONS = {("all", one.format, one.etag): NOON for one in OLD} | {
    ("all", one.format, one.etag): LATER for one in NOW
}
SHELF = Shelf(documents=list(NOW), editions=EDITIONS)
FOUND = catalogue(Publication(id="all", title="Everything"))


def known(document: Document, **fields: str) -> dict[str, str]:
    return {"If-None-Match": document.etag, "A-IM": "feed"} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }


@pytest.mark.parametrize(("old", "new"), list(zip(OLD, NOW, strict=True)), ids=get_args(Format))
async def test_a_reader_that_asks_for_it_gets_only_what_is_new(old: Document, new: Document):
    async with site(SHELF, FOUND) as client:
        answer = await client.get(f"/all.{old.format}", headers=known(old))
    assert answer.status_code == 226
    assert answer.headers["im"] == "feed"
    assert answer.headers["etag"] == new.etag
    assert answer.headers["content-type"] == new.media_type
    assert answer.headers["cache-control"] == "no-store, im"
    assert {name.strip() for name in answer.headers["vary"].split(",")} == {
        "A-IM",
        "Accept-Encoding",
        "If-None-Match",
    }
    assert "Came later" in answer.text
    assert "Stands" not in answer.text


async def test_the_tag_of_any_form_in_any_list_will_do():
    old = OLD[2]
    forms = [f'W/{old.etag[:-1]}-gz"', f'"x", {old.etag[:-1]}-br"', f'"x", "y", {old.etag}']
    async with site(SHELF, FOUND) as client:
        for form in forms:
            answer = await client.get("/all.json", headers={"If-None-Match": form, "A-IM": "gzip, feed"})
            assert answer.status_code == 226, form
            assert [one["title"] for one in json.loads(answer.content)["items"]] == ["Came later"]


async def test_who_holds_the_present_edition_gets_304():
    async with site(SHELF, FOUND) as client:
        assert (await client.get("/all.atom", headers=known(NOW[0]))).status_code == 304
        assert (await client.get("/all.atom", headers={"A-IM": "feed", "If-None-Match": "*"})).status_code == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": OLD[0].etag},
        {"If-None-Match": OLD[0].etag, "A-IM": "vcdiff"},
        {"If-None-Match": OLD[0].etag, "A-IM": "feed;q=0"},
        {"If-None-Match": '"forgotten"', "A-IM": "feed"},
        {"If-None-Match": ", ".join(f'"{n}"' for n in range(9)) + f", {OLD[0].etag}", "A-IM": "feed"},
        {"A-IM": "feed"},
    ],
)
async def test_everybody_else_gets_the_whole(headers: dict[str, str]):
    async with site(SHELF, FOUND) as client:
        answer = await client.get("/all.atom", headers=headers)
    assert answer.status_code == 200
    assert answer.content == NOW[0].body
    assert "im" not in answer.headers
    assert answer.headers["vary"] == "A-IM, Accept-Encoding, Sec-Fetch-Dest"


async def test_a_document_without_marks_is_given_whole():
    bare = Shelf(documents=[replace(NOW[0], digests=())], editions=EDITIONS)
    async with site(bare, FOUND) as client:
        assert (await client.get("/all.atom", headers=known(OLD[0]))).status_code == 200


async def test_the_difference_is_coded_like_anything_else():
    async with site(SHELF, FOUND) as client:
        answer = await raw(client, "/all.atom", known(OLD[0], Accept_Encoding="br, gzip"))
        head = await client.head("/all.atom", headers=known(OLD[0]))
    assert answer.headers["content-encoding"] == "gzip", "coded while somebody waits"
    assert answer.headers["etag"] == NOW[0].etag[:-1] + '-gz"'
    assert b"Came later" in gzip.decompress(answer.content)
    assert (head.status_code, head.content) == (226, b"")


async def test_a_private_feed_s_difference_is_nobody_else_s():
    club = catalogue(Publication(id="all", title="Club", tokens=("first-token",)))
    async with site(SHELF, club) as client:
        answer = await client.get("/first-token/all.atom", headers=known(OLD[0]))
        wrong = await client.get("/wrong/all.atom", headers=known(OLD[0]))
    assert answer.status_code == 226
    assert "no-store" in answer.headers["cache-control"]
    assert wrong.status_code == 404


async def test_brotli_is_the_stored_form_under_its_own_tag():
    new = NOW[0]
    async with site(SHELF, FOUND) as client:
        answer = await raw(client, "/all.atom", {"Accept-Encoding": "gzip, deflate, br"})
        again = await client.get(
            "/all.atom", headers={"If-None-Match": answer.headers["etag"], "Accept-Encoding": "br"}
        )
    assert answer.content == new.br
    assert brotli.decompress(answer.content) == new.body
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["etag"] == new.etag[:-1] + '-br"'
    assert again.status_code == 304


async def raw(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> httpx.Response:
    """An answer as it came over the wire."""
    async with client.stream("GET", path, headers=headers) as answer:
        body = b"".join([chunk async for chunk in answer.aiter_raw()])
    fields = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
    coded = {"content-encoding": answer.headers.get("content-encoding", "")}
    made = httpx.Response(answer.status_code, headers=fields, content=body)
    made.headers.update(coded)
    return made
