"""A publisher of the demo as its visitors meet it, by HTTP."""

from __future__ import annotations

import asyncio

import httpx

from aggregator.demo.content import load_outlets
from aggregator.demo.desk import Desk
from aggregator.demo.newsstand import LISTING, Newsstand
from tests.support.client import http_client

OUTLETS = {outlet.name: outlet for outlet in load_outlets()}


async def ask(stand: Newsstand, path: str, **headers: str) -> httpx.Response:
    async with http_client() as client:
        return await client.get(f"{stand.desk.url}{path}", headers=headers)


async def test_every_page_that_an_outlet_names_is_there_and_nothing_else():
    stand = Newsstand(Desk(outlet=OUTLETS["pictures"]))
    async with stand.open("127.0.0.1"):
        front = await ask(stand, "/")
        piece = await ask(stand, "/lighthouse")
        picture = await ask(stand, "/lighthouse.svg")
        missing = await ask(stand, "/nothing")
    assert '<a href="/lighthouse">' in front.text
    assert f'<img src="{stand.desk.url}/lighthouse.svg"' in piece.text
    assert picture.headers["content-type"] == "image/svg+xml"
    assert missing.status_code == 404


async def test_who_has_the_feed_is_told_that_it_is_unchanged_and_each_question_for_it_is_counted():
    stand = Newsstand(Desk(outlet=OUTLETS["wire"]))
    async with stand.open("127.0.0.1"):
        first = await ask(stand, LISTING)
        again = await ask(stand, LISTING, **{"If-None-Match": first.headers["etag"]})
        await ask(stand, "/")
    assert (first.status_code, again.status_code) == (200, 304)
    assert stand.asked == 2


async def test_an_outlet_opens_where_it_can_if_this_machine_has_no_such_address_of_its_own():
    stand = Newsstand(Desk(outlet=OUTLETS["mina"]))
    async with stand.open("192.0.2.1"):  # for documentation (RFC 5737): nobody's
        page = await ask(stand, "/cat")
    assert stand.desk.url.startswith("http://127.0.0.1:")
    assert '<html lang="ar" dir="rtl">' in page.text


async def test_an_outlet_closes_though_somebody_waits_for_its_dripping_feed():
    stand = Newsstand(Desk(outlet=OUTLETS["houseboat"]))
    async with stand.open("127.0.0.1"):
        stand.desk.drip()
        host, port = stand.desk.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET {LISTING} HTTP/1.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    writer.close()
    await writer.wait_closed()
