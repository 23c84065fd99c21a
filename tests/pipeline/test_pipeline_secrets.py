"""Secrets that a publisher's server repeats: nothing stores, shows or logs them, whatever field they stand in."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.catalogue.load import load_text
from aggregator.model import Failed, Fetched, FetchResult, Source, Validators
from aggregator.pipeline.asked_words import read_search
from aggregator.text.redaction import MASK
from tests.support.client import http_client
from tests.support.databases import read_rows
from tests.support.planet import Planet, planet

KEY = "s3cr3t-4711/x=y"
FEEDS = b"""
sources:
  river:
    url: https://river.example/${KEY}/feed?auth=${KEY}
    headers: { X-Custom: '${KEY}' }
  plain: https://plain.example/feed
"""
FORMS = {
    "as it is": KEY,
    "in a URL": quote(KEY, safe=""),
    "in a URL within one": quote(quote(KEY, safe=""), safe=""),
    "in a path": quote(KEY),
    "in capitals": KEY.upper(),
}

RSS = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>River {S}</title><link>https://river.example/{S}/</link><description>about {S}</description>
<atom:link rel="self" href="https://river.example/{S}/feed"/><atom:link rel="hub" href="https://hub.example/{S}"/>
<image><url>https://river.example/{S}/logo.png</url><title>{S}</title><link>https://river.example/{S}</link></image>
<generator>{S}</generator><copyright>{S}</copyright><managingEditor>{S}@river.example ({S})</managingEditor>
<item><title>One {S}</title><guid isPermaLink="false">urn:{S}:1</guid><link>https://river.example/{S}/1?k={S}</link>
<author>{S}@river.example ({S})</author><dc:creator>Ann {S}</dc:creator><category domain="{S}">sea {S}</category>
<comments>https://river.example/{S}/1#comments</comments><source url="https://other.example/{S}">Other {S}</source>
<enclosure url="https://river.example/{S}/1.mp3" type="audio/mpeg" length="5"/>
<media:thumbnail url="https://river.example/{S}/1.png"/><media:title>{S}</media:title>
<pubDate>Sun, 01 Feb 2026 08:00:00 GMT</pubDate><description>Report of {S}</description>
<content:encoded><![CDATA[<p>Words, {S}, <a href="https://river.example/{S}/2">link</a>
<img src="/{S}/2.png" alt="{S}"> <b>{HEAD}</b>{TAIL}</p>]]></content:encoded></item>
<item><link>2.html</link><title>Relative</title><description><![CDATA[<p>A <a href="3.html">relative</a> link and
<img src="4.png" alt="picture"> in it.</p>]]></description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://river.example/{S}/"><title>River {S}</title>
<id>urn:{S}</id><link href="/{S}/"/><link rel="self" href="feed"/><link rel="next" href="feed?page=2&amp;k={S}"/>
<icon>/{S}.ico</icon><logo>/{S}.png</logo><subtitle type="html">&lt;b&gt;{S}&lt;/b&gt;</subtitle>
<rights>{S}</rights>
<author><name>{S}</name><uri>https://river.example/{S}</uri><email>{S}@river.example</email></author>
<updated>2026-02-01T08:00:00Z</updated>
<entry><id>tag:river.example,2026:{S}</id><title type="html">One &lt;i&gt;{S}&lt;/i&gt;</title><link href="1/{S}"/>
<link rel="enclosure" href="/{S}/1.mp3" type="audio/mpeg" title="{S}"/><link rel="related" href="/{S}/related"/>
<updated>2026-02-01T08:00:00Z</updated><category term="{S}" label="Sea {S}"/><rights>{S}</rights>
<author><name>Ann {S}</name></author><contributor><name>Bob {S}</name></contributor><summary>About {S}</summary>
<content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>Words <em>{HEAD}</em>{TAIL}, {S}</p></div></content>
<source><id>urn:{S}</id><title>{S}</title><link href="https://other.example/{S}"/></source></entry></feed>"""

JSON = """{{"version": "https://jsonfeed.org/version/1.1", "title": "River {S}", "home_page_url":
"https://river.example/{S}/", "feed_url": "https://river.example/{S}/feed.json", "description": "{S}",
"icon": "https://river.example/{S}.png", "favicon": "https://river.example/{S}.ico", "user_comment": "{S}",
"next_url": "https://river.example/{S}/2.json", "authors": [{{"name": "{S}", "url": "https://a.example/{S}",
"avatar": "https://a.example/{S}.png"}}], "language": "en", "items": [{{"id": "{S}/1", "url":
"https://river.example/{S}/1", "external_url": "https://other.example/{S}", "title": "One {S}",
"content_html": "<p>Words {S} <b>{HEAD}</b>{TAIL}</p>", "summary": "About {S}",
"image": "https://a.example/{S}/1.png",
"banner_image": "https://a.example/{S}/2.png", "tags": ["{S}"], "date_published": "2026-02-01T08:00:00Z",
"authors": [{{"name": "Ann {S}"}}], "attachments": [{{"url": "https://river.example/{S}/1.mp3",
"mime_type": "audio/mpeg",
"title": "{S}"}}]}}, {{"id": "https://river.example/2?k={S}", "content_text": "Words of {S}"}}]}}"""

PAGES = (
    "<!doctype html><title>{S}</title><h1>You asked with {S}</h1><p>That is <b>{HEAD}</b>{TAIL}, no feed.</p>",
    "This key is not valid: {S}",
    "{{'{S}': }}",
    "",
)

DOCUMENTS = {"RSS": RSS, "Atom": ATOM, "JSON": JSON} | {f"page {n}": page for n, page in enumerate(PAGES)}


PATHS = (
    "/ /status /metrics /sources.opml /all.atom /all.rss /all.json /source/river.atom /source/plain.json".split()  # noqa: SIM905
)


class Echoing(Planet):
    """A planet whose publishers repeat what they were asked with, in fields too."""

    async def fetch(self, source: Source, *asked: object) -> FetchResult:
        if source.id == "river" and self.bodies[source.id] == b"":
            return Failed(trouble="http", message=f"{source.location} answers 500", status=500)
        found = await super().fetch(source, *asked)
        assert isinstance(found, Fetched)
        return replace(found, validators=Validators(etag=f'"{KEY}"', given_by=KEY), moved_to=found.url)


def filled(document: str, form: str) -> bytes:
    text = escape(form) if document in {RSS, ATOM} else form
    return document.format(S=text, HEAD=text[:6], TAIL=text[6:]).encode()


def stored(folder: Path) -> str:
    """Every text in the database, also by which it is searched."""
    return repr(read_rows(folder / "planet.db"))


def leaks(text: str) -> list[str]:
    return [text[max(0, at - 80) : at + 40] for form in FORMS.values() if (at := text.find(form)) >= 0]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_secret_that_an_answer_repeats_is_nowhere(
    tmp_path: Path, name: str, form: str, capsys: pytest.CaptureFixture[str]
):
    declared = load_text(FEEDS, tmp_path / "feeds.yaml", {"KEY": KEY})
    database = f"sqlite:///{tmp_path}/planet.db"
    here = Echoing(database=database, catalogue=declared)
    await here.start()
    try:
        for _ in range(2):
            await here.poll("river", filled(DOCUMENTS[name], FORMS[form]).decode())
        await here.poll("plain", filled(RSS, FORMS[form]).decode())
        items = await here.store.latest(["river", "plain"], 50)
        states = await here.store.states()
        async with http_client(base_url=here.url("")) as client:
            paths = [*PATHS, *(f"/story/{one.uid}" for one in items)]
            pages = [(await client.get(path)).text for path in paths]
        await here.store.index(100)
        found = await here.store.search(read_search(f'"{KEY}"'), ["river", "plain"], 10)
    finally:
        await here.stop()
    assert not leaks("\n".join(pages))
    assert not leaks(repr(items) + repr(states))
    assert not leaks(stored(tmp_path))
    assert not found.items
    assert not leaks("".join(capsys.readouterr()))
    assert len(items) == {"RSS": 4, "Atom": 3, "JSON": 4}.get(name, 2)
    assert states["river"].validators == Validators()
    assert MASK in pages[4]


async def test_items_keep_their_identity_when_the_key_is_exchanged(tmp_path: Path):
    declared = load_text(FEEDS, tmp_path / "feeds.yaml", {"KEY": KEY})
    async with planet(tmp_path) as here:
        here.catalogue = declared
        await here.store.register({"river": here.at, "plain": here.at}, (), here.at)
        await here.poll("river", filled(RSS, KEY).decode())
        before = {one.uid: one for one in await here.store.latest(["river"], 50)}
        here.catalogue = load_text(FEEDS, tmp_path / "feeds.yaml", {"KEY": "another-0815/z"})
        await here.poll("river", filled(RSS, "another-0815/z").decode())
        after = {one.uid: one for one in await here.store.latest(["river"], 50)}
    assert before.keys() == after.keys()
    assert [one.updated for one in before.values()] == [one.updated for one in after.values()]


@pytest.mark.parametrize("name", ["RSS", "Atom", "JSON"])
async def test_what_was_stored_with_a_secret_in_it_is_neither_new_nor_updated_and_is_stored_without(
    tmp_path: Path, name: str
):
    """Before a version that knows secrets, or before the editor made a variable of it."""
    after = load_text(FEEDS, tmp_path / "feeds.yaml", {"KEY": KEY})
    written_out = FEEDS.replace(b"${KEY}", KEY.encode()).replace(b"    headers:", b"    # headers:")
    before = load_text(written_out, tmp_path / "feeds.yaml", {})
    here = Echoing(database=f"sqlite:///{tmp_path}/planet.db", catalogue=before)
    await here.start()
    try:
        await here.poll("river", filled(DOCUMENTS[name], KEY).decode())
        old = {one.uid: one for one in await here.store.latest(["river"], 50)}
        assert KEY in repr(old)
        here.catalogue = after
        update = await here.poll("river", filled(DOCUMENTS[name], KEY).decode())  # the same bytes are read anew
        assert {change.verdict.kind for change in update.changes} == {"bumped"}
        new = {one.uid: one for one in await here.store.latest(["river"], 50)}
        assert new.keys() == old.keys()
        for uid, one in new.items():
            assert (one.public_id, one.published, one.updated, one.revision) == (
                old[uid].public_id, old[uid].published, old[uid].updated, old[uid].revision
            )  # fmt: skip
            assert not leaks(repr(one.entry))
        again = await here.poll("river", filled(DOCUMENTS[name], KEY).decode() + "\n\n")
        assert again.changes == ()
    finally:
        await here.stop()
