"""What strangers learn of sources that are in private publications only: nothing, on any page."""

from __future__ import annotations

from typing import get_args

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from aggregator.model import FeedMeta, Format, Incident, Publication, Revision
from aggregator.web import create_app
from aggregator.web.operators import is_direct
from tests.support.nouns import NOON, entry, source
from tests.support.shelf import Shelf, catalogue, context, document, in_state, item, site

SECRET = ("Hidden Harbour", "harbour.example", "Quiet report")
HIDDEN = source(id="harbour", url="https://harbour.example/feed", title="Hidden Harbour", tags=("sea",))
OPEN = source(id="river", url="https://river.example/feed", title="River News")
CLUB = Publication(id="club", title="Club", sources=("harbour",), tokens=("the token of the club",))
ALL = Publication(id="all", title="All", sources=("river",))
CATALOGUE = catalogue(ALL, CLUB, sources=[HIDDEN, OPEN])
SHELF = Shelf(
    items=[item("quiet", NOON, source_id="harbour", title="Quiet report"), item("loud", NOON, title="Loud news")],
    documents=[document("all", "atom"), document("club", "atom", b"<feed>Hidden Harbour</feed>" * 9)],
    sources={
        "harbour": in_state("harbour", status="error", error="https://harbour.example/feed: 500", items=1,
                            meta=FeedMeta(title="Hidden Harbour")),
        "river": in_state("river", status="ok", items=1),
    },
    history={
        "quiet": (
            Revision(number=1, seen_at=NOON, entry=entry(title="Loud report"), reason="never met"),
            Revision(number=2, seen_at=NOON, entry=entry(title="Quiet report"), reason="its title changed"),
        )
    },
    matters=(Incident(id="urn:uuid:1", kind="failing", subject="harbour", title="Hidden Harbour: cannot be read",
                      text="https://harbour.example/feed: 500", began=NOON, changed=NOON),),
)  # fmt: skip
PATHS = {
    "/": ["/"],
    "/status": ["/status"],
    "/status.atom": ["/status.atom"],
    "/sources.opml": ["/sources.opml"],
    "/robots.txt": ["/robots.txt"],
    "/healthz": ["/healthz"],
    "/readyz": ["/readyz"],
    "/metrics": ["/metrics"],
    "/static/{name}": ["/static/style.css"],
    "/story/{uid}.atom": ["/story/quiet.atom"],
    "/story/{uid}": ["/story/quiet"],
    "/{further:path}": ["/further/club.xml"],
    "/about": ["/about"],
    "/search": ["/search?q=report", "/search?source=harbour", "/search?tag=sea"],
    "/search.": ["/search.atom?q=report", "/search.json?source=harbour"],
    "/source/{source}": ["/source/harbour"],
    "/tag/{tag:path}": ["/tag/sea", "/tag/Sea"],
    "/{publication}.changes.atom": ["/club.changes.atom", "/harbour.changes.atom", "/all.changes.atom"],
    "/{token}/{publication}.changes.atom": ["/wrong/club.changes.atom"],
    "/{publication}": ["/club", "/harbour"],
    "/tag/{tag:path}.": ["/tag/sea.", "/tag/Sea."],
    "/source/{source}.": ["/source/harbour."],
    "/{publication}.": ["/club.", "/harbour.", "/all."],
    "/{token}/{publication}.": ["/wrong/club."],
    "/{publication}/archive/{number}.": ["/club/archive/1.", "/source:harbour/archive/1."],
    "/{token}/{publication}/archive/{number}.": ["/wrong/club/archive/1."],
}
"""Every route there is, with addresses that would tell something; those that end with a dot take a format."""


def app() -> Starlette:
    return create_app(context(SHELF, CATALOGUE))


def addresses() -> list[str]:
    found = []
    for route in app().routes:
        assert isinstance(route, Route)
        pattern, dot, name = route.path.rpartition(".")
        if dot and name in get_args(Format) and route.path not in PATHS:
            found += [path if "?" in path else path + name for path in PATHS[pattern + "."]]
        else:
            found += PATHS[route.path]
    return found


@pytest.mark.parametrize("path", addresses())
async def test_no_page_tells_a_stranger_of_a_private_source(path: str):
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get(path, headers={"X-Forwarded-For": "192.0.2.1"})
    assert not [word for word in SECRET if word.lower() in answer.text.lower()]


@pytest.mark.parametrize("path", ["/status", "/status.atom", "/metrics"])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Host": "planet.example"}, 403),
        ({"Host": "127.0.0.1.planet.example"}, 403),
        ({"Host": "192.168.1.7"}, 403),
        ({"Forwarded": "for=127.0.0.1"}, 403),
        ({"X-Forwarded-Proto": "https"}, 403),
        ({"X-Real-IP": "127.0.0.1"}, 403),
        ({"Via": "1.1 caddy"}, 403),
    ],
)
async def test_without_a_token_the_operators_pages_answer_this_machine_and_no_proxy(
    path: str, fields: dict[str, str], status: int
):
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get(path, headers=fields)
    assert answer.status_code == status
    if status == 403:
        assert "web.status_token" in answer.text


@pytest.mark.parametrize("path", ["/status", "/status.atom", "/metrics"])
async def test_a_token_opens_the_operators_pages_through_a_proxy_too_and_locks_them_on_the_machine(path: str):
    async with site(SHELF, CATALOGUE, status_token="open sesame") as client:
        assert (await client.get(path)).status_code == 401
        fields = {"Authorization": "Bearer open sesame", "X-Forwarded-For": "192.0.2.1", "Host": "planet.example"}
        assert (await client.get(path, headers=fields)).status_code == 200


@pytest.mark.parametrize(
    ("ip", "direct"), [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.9", True), ("192.0.2.1", False)]
)
def test_whoever_asks_from_elsewhere_is_not_on_this_machine(ip: str, direct: bool):
    headers = [(b"host", b"localhost")]
    asked = {"type": "http", "http_version": "1.1", "client": (ip, 1), "headers": headers}
    assert is_direct(Request(asked)) is direct
    assert not is_direct(Request(asked | {"http_version": "1.0"})), "as nginx asks unless it is told otherwise"


async def test_the_connections_of_a_process_are_metrics():
    async with site(SHELF, CATALOGUE) as client:
        await client.get("/healthz")
        assert (await client.post("/", content=b"a" * 100_000)).status_code == 413
        scraped = (await client.get("/metrics")).text
    assert 'aggregator_web_refused_total{reason="body"} 1.0' in scraped
    assert "aggregator_web_connections " in scraped
