"""Pages for browsers are told apart from feeds and from ordinary refusals."""

from __future__ import annotations

import gzip

import pytest

from aggregator.fetch.bot_wall import is_shown_by_page
from aggregator.model import Failed, Fetched, Throttled, Validators
from tests.support.fetching import FEED, feed_at, fetching, once
from tests.support.loopback import answer, serving

PAGE = b"<!DOCTYPE html><title>Just a moment...</title><script>window._cf_chl_opt = {}</script>"
HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "reply",
    [
        answer(403, PAGE, content_type=HTML),
        answer(503, PAGE, content_type=HTML),
        answer(403, gzip.compress(PAGE, mtime=0), content_type=HTML, content_encoding="gzip"),
        answer(403, b"", cf_mitigated="challenge"),
        answer(503, b"x", cf_mitigated="challenge", content_encoding="br"),
        answer(202, b"", x_amzn_waf_action="challenge"),
        answer(405, PAGE, content_type=HTML),
        answer(200, PAGE, content_type=HTML),
        answer(200, FEED, cf_mitigated="challenge"),
    ],
)
async def test_a_challenge_is_a_refusal_of_its_own_kind(reply: bytes):
    async with serving({"/": reply}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert found.trouble == "blocked"
        assert "browsers" in found.message


@pytest.mark.parametrize(
    "reply",
    [
        answer(403, b"<h1>Forbidden</h1>", content_type=HTML),
        answer(403, PAGE, content_type="text/plain"),
        answer(403, b"\x8b\x02\x80" + PAGE, content_type=HTML, content_encoding="br"),
        answer(403, b"not gzip", content_type=HTML, content_encoding="gzip"),
        answer(404, PAGE, content_type=HTML),
    ],
)
async def test_an_ordinary_refusal_stays_one(reply: bytes):
    async with serving({"/": reply}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert found.trouble == "http"


async def test_too_many_requests_stays_what_it_is():
    async with serving({"/": answer(429, PAGE, content_type=HTML, cf_mitigated="challenge")}) as server:
        assert isinstance(await once(server.url("/")), Throttled)


async def test_a_challenge_of_any_length_is_known_by_its_beginning():
    page = PAGE + b"<p>no</p>" * 50_000
    for reply in (
        answer(403, page, content_type=HTML),
        answer(403, gzip.compress(page), content_type=HTML, content_encoding="gzip"),
    ):
        async with serving({"/": reply}) as server:
            found = await once(server.url("/"))
            assert isinstance(found, Failed)
            assert found.trouble == "blocked"


async def test_of_an_endless_error_page_only_the_beginning_is_read():
    page = b"<p>no</p>" * 50_000 + PAGE
    async with serving({"/": answer(403, page, content_type=HTML)}) as server:
        found = await once(server.url("/"), max_bytes=10_000_000)
        assert isinstance(found, Failed)
        assert found.trouble == "http"


async def test_a_feed_that_writes_about_challenges_is_a_feed():
    async with serving({"/": answer(200, FEED + PAGE, content_type="application/xml")}) as server:
        assert isinstance(await once(server.url("/")), Fetched)


async def test_a_page_source_may_hold_a_captcha_among_its_articles():
    page = b"<html><div class='g-recaptcha'></div><article>news</article></html>"
    async with serving({"/": answer(200, page, content_type=HTML)}) as server, fetching() as fetcher:
        assert isinstance(await fetcher.fetch(feed_at(server.url("/"), kind="page"), Validators()), Fetched)
        assert isinstance(await fetcher.fetch(feed_at(server.url("/")), Validators(), "article"), Fetched)


async def test_a_wall_in_the_place_of_robots_txt_is_no_robots_txt():
    async with serving({"/": answer(200, PAGE, content_type=HTML)}) as server, fetching() as fetcher:
        found = await fetcher.fetch(feed_at(server.url("/"), kind="page"), Validators(), "robots")
        assert isinstance(found, Failed)
        assert found.trouble == "blocked"


def test_marks_are_found_whatever_their_case():
    assert is_shown_by_page("TEXT/HTML", PAGE.upper())
