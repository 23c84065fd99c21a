"""Feeds as a reader gets them: real server, real client."""

from __future__ import annotations

import base64
import re
from dataclasses import replace

import httpx
import pytest
from structlog.testing import capture_logs

from aggregator.catalogue.opt_outs import heed
from aggregator.model import FeedMeta, Publication
from tests.support.nouns import source
from tests.support.shelf import Shelf, catalogue, document, in_state, site

ALL = Publication(id="all", title="Everything", formats=("atom", "json"))
SECRET = Publication(id="club", title="Club", sources=("den",), tokens=("first-token", "zweites-Tökken"))
CATALOGUE = catalogue(
    ALL,
    SECRET,
    sources=[source(title="River News"), source(id="den", url="https://den.example/feed", title="The Den")],
)
SHELF = Shelf(
    documents=[document("all", "atom"), document("all", "rss"), document("club", "atom"), document("club", "rss")]
)


def basic(password: str, user: str = "anybody") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


async def test_the_stored_bytes_are_served_with_their_validators():
    stored = SHELF.documents[0]
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get("/all.atom")
    assert answer.status_code == 200
    assert answer.content == stored.body
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["etag"] == stored.etag
    assert answer.headers["last-modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert answer.headers["cache-control"] == "public, max-age=300, stale-if-error=86400"
    assert answer.headers["vary"] == "A-IM, Accept-Encoding, Sec-Fetch-Dest"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


async def test_gzip_is_the_stored_form_under_its_own_tag():
    stored = SHELF.documents[0]
    async with (
        site(SHELF, CATALOGUE) as client,
        client.stream("GET", "/all.atom", headers={"Accept-Encoding": "br;q=1, gzip;q=0.8"}) as answer,
    ):
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert raw == stored.gzip
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["etag"] == stored.etag[:-1] + '-gz"'
    assert answer.headers["vary"] == "A-IM, Accept-Encoding, Sec-Fetch-Dest"


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_a_reader_that_holds_the_document_gets_304_without_a_body(coding: str):
    stored = SHELF.documents[0]
    async with site(SHELF, CATALOGUE) as client:
        for known in ("{}", "W/{}", '"x", {}', "*"):
            headers = {"Accept-Encoding": coding, "If-None-Match": known.format(stored.etag)}
            answer = await client.get("/all.atom", headers=headers)
            assert answer.status_code == 304, known
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == (stored.etag if coding == "identity" else stored.etag[:-1] + '-gz"')
    assert answer.headers["cache-control"].startswith("public")
    assert answer.headers["vary"] == "A-IM, Accept-Encoding, Sec-Fetch-Dest"
    assert "content-type" not in answer.headers


async def test_several_if_none_match_lines_are_one_list():
    stored = SHELF.documents[0]
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get("/all.atom", headers=[("If-None-Match", '"x"'), ("If-None-Match", stored.etag)])
    assert answer.status_code == 304


async def test_if_modified_since_counts_only_without_if_none_match():
    date = {"If-Modified-Since": "Sun, 01 Mar 2026 12:00:00 GMT"}
    async with site(SHELF, CATALOGUE) as client:
        assert (await client.get("/all.atom", headers=date)).status_code == 304
        assert (await client.get("/all.atom", headers=date | {"If-None-Match": '"old"'})).status_code == 200
        older = {"If-Modified-Since": "Sun, 01 Mar 2026 11:59:59 GMT"}
        assert (await client.get("/all.atom", headers=older)).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_head_is_get_without_the_body(coding: str):
    async with site(SHELF, CATALOGUE) as client:
        get = await client.get("/all.atom", headers={"Accept-Encoding": coding})
        head = await client.head("/all.atom", headers={"Accept-Encoding": coding})
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}
    assert int(head.headers["content-length"]) > 0


@pytest.mark.parametrize(
    "path",
    ["/none.atom", "/all.rss", "/all.xml", "/.atom", "/all.atom/", "/x/all.atom", "/first-token/all.atom"],
)
async def test_what_is_not_published_is_404_even_when_the_store_has_it(path: str):
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("Nothing here.")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_feeds_can_only_be_read(method: str):
    async with site(SHELF, CATALOGUE) as client:
        for path in ("/all.atom", "/club.atom", "/none.atom", "/sources.opml", "/"):
            answer = await client.request(method, path)
            assert answer.status_code == 405, path
            assert answer.headers["allow"] == "GET, HEAD"


async def test_a_publication_without_its_first_edition_says_so():
    async with site(Shelf(), CATALOGUE) as client:
        answer = await client.get("/all.atom")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["cache-control"] == "no-store"
    assert "first edition has not been written yet" in answer.text


async def test_a_publication_taken_out_of_the_catalogue_is_gone_at_once():
    current = [CATALOGUE]
    async with site(SHELF, catalogue=lambda: current[0]) as client:
        assert (await client.get("/all.atom")).status_code == 200
        current[0] = catalogue(SECRET)
        assert (await client.get("/all.atom")).status_code == 404


@pytest.mark.parametrize(
    "request_",
    [
        ("/first-token/club.atom", {}),
        ("/zweites-T%C3%B6kken/club.atom", {}),
        ("/club.atom", basic("first-token")),
        ("/club.atom", basic("zweites-Tökken", user="")),
        ("/club.atom", {"Authorization": "bearer first-token"}),
        ("/first-token/club.rss", {}),
    ],
)
async def test_every_token_opens_a_private_publication(request_: tuple[str, dict[str, str]]):
    path, headers = request_
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get(path, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert b"club" in answer.content


WRONG: list[dict[str, str]] = [
    {},
    basic("wrong"),
    basic(""),
    basic("First-token"),
    {"Authorization": "Basic first-token"},
    {"Authorization": "Basic w6ko"},
    {"Authorization": "Basic /w=="},
    {"Authorization": "Bearer"},
    {"Authorization": "Digest first-token"},
    {"Authorization": ""},
]


def shape(answer: httpx.Response) -> object:
    return answer.status_code, answer.content, {**answer.headers, "date": ""}


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
async def test_a_wrong_token_looks_exactly_like_a_publication_that_does_not_exist(accept: str):
    async with site(SHELF, CATALOGUE) as client:
        for wrong in WRONG:
            headers = wrong | {"Accept": accept}
            for folder in ("", "/wrong"):
                locked = await client.get(f"{folder}/club.atom", headers=headers)
                missing = await client.get(f"{folder}/nothing.atom", headers=headers)
                assert locked.status_code == 404, headers
                assert shape(locked) == shape(missing), headers


async def test_a_token_opens_only_its_own_publication():
    other = Publication(id="other", title="Other", tokens=("other-token",))
    async with site(Shelf(documents=[document("other", "atom")]), catalogue(SECRET, other)) as client:
        assert (await client.get("/first-token/other.atom")).status_code == 404
        assert (await client.get("/other-token/other.atom")).status_code == 200


async def test_tokens_and_query_strings_never_reach_the_log():
    with capture_logs() as lines:
        async with site(SHELF, CATALOGUE) as client:
            await client.get("/first-token/club.atom?utm=first-token")
            await client.get("/first-token/club.xml")
            await client.get("/club.atom", headers=basic("first-token"))
            await client.get("/first-token.atom")
            await client.get("/all.atom?key=first-token")
    assert "first-token" not in str(lines)
    assert [(line["route"], line["publication"], line["status"]) for line in lines] == [
        ("/{token}/{publication}.atom", "club", 200),
        ("none", None, 404),
        ("/{publication}.atom", "club", 200),
        ("/{publication}.atom", None, 404),
        ("/{publication}.atom", "all", 200),
    ]


async def test_the_opml_lists_public_sources_under_the_titles_they_are_known_by():
    shelf = Shelf(sources={"river": in_state("river")})
    async with site(shelf, CATALOGUE) as client:
        answer = await client.get("/sources.opml", headers={"Accept-Encoding": "gzip"})
        again = await client.get("/sources.opml", headers={"If-None-Match": answer.headers["etag"]})
    # The Den is in a private publication, but `all` shows every source.
    assert re.findall(r'text="([^"]*)"', answer.text) == ["River News", "The Den"]
    assert "<title>Planet Example</title>" in answer.text
    assert answer.headers["content-type"] == "text/x-opml; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert again.status_code == 304


async def test_the_opml_leaves_out_sources_that_only_private_publications_show():
    some = Publication(id="some", title="Some", sources=("river",))
    found = catalogue(some, SECRET, sources=CATALOGUE.sources)
    async with site(Shelf(), found) as client:
        answer = await client.get("/sources.opml")
    assert re.findall(r'text="([^"]*)"', answer.text) == ["River News"]


async def test_what_a_feed_says_of_itself_is_told_nowhere_once_its_host_asked_not_to_be_read():
    """Neither of a source there, nor of one that was read there behind a redirect."""
    own = {"location": "https://own.example/f", "url": "https://own.example/f"}
    sources = (source(id="led", **own), source(id="asked"), source(id="free", **own))
    said = FeedMeta(title="Opted Times", link="https://times.example.org/")
    places = {
        "led": "https://feeds.example.org/f",
        "asked": "https://example.org/feed",
        "free": "https://own.example/f",
    }
    states = {name: in_state(name, meta=said, read_from=place) for name, place in places.items()}
    wished = {"example.org": 1}
    found = catalogue(Publication(id="all", title="All"), sources=tuple(heed(one, wished) for one in sources))
    async with site(Shelf(sources=states), replace(found, opted_out=wished)) as client:
        opml = (await client.get("/sources.opml")).text
        pages = {name: await client.get(f"/source/{name}") for name in places}
    assert re.findall(r'text="([^"]*)"', opml) == ["led", "Opted Times"]
    assert opml.count("htmlUrl") == 1
    assert [name for name, page in pages.items() if "Opted Times" in page.text] == ["free"]
    assert [name for name, page in pages.items() if "times.example.org" in page.text] == ["free"]
    assert "It asked not to be read." in pages["asked"].text
    assert [name for name, page in pages.items() if "Nothing yet" in page.text] == ["led", "free"]
    assert {page.status_code for page in pages.values()} == {200}, "its feed goes on to say what was deleted"


async def test_the_host_field_reaches_no_answer():
    async with site(SHELF, CATALOGUE) as client:
        for path in ("/", "/all.atom", "/all.atom/", "/nothing", "/sources.opml", "//evil.example/"):
            answer = await client.get(path, headers={"Host": "evil.example", "Accept": "text/html"})
            assert "evil" not in answer.text + str(answer.headers)
            assert not answer.has_redirect_location


RENAMED = catalogue(
    Publication(id="new", title="New", formats=("atom", "json"), was=("old", "older")),
    Publication(id="team", title="Team", formats=("atom",), tokens=("first-token",), was=("club",)),
    sources=[source()],
)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/old.atom", "/new.atom"),
        ("/older.json?x=1", "/new.json"),
        ("/old/archive/3.atom", "/new/archive/3.atom"),
        ("/first-token/club.atom", "/first-token/team.atom"),
        ("/first-token/club/archive/12.atom", "/first-token/team/archive/12.atom"),
    ],
)
async def test_an_address_under_an_earlier_id_leads_to_the_present_one(path: str, location: str):
    async with site(SHELF, RENAMED) as client:
        answer = await client.get(path, follow_redirects=False)
        head = await client.head(path, follow_redirects=False)
    assert (answer.status_code, head.status_code) == (301, 301)
    assert answer.request.url.join(answer.headers["location"]).path == location
    assert not answer.headers["location"].startswith(("/", "http")), "right behind a proxy too"
    assert "first-token" not in answer.headers["location"]
    private = "token" in path
    assert answer.headers["cache-control"].startswith("private, no-store" if private else "public")
    assert "another address" in answer.text


async def test_credentials_open_the_way_to_the_present_address():
    async with site(SHELF, RENAMED) as client:
        answer = await client.get("/club.atom", headers=basic("first-token"), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "team.atom")


@pytest.mark.parametrize(
    "path",
    [
        "/club.atom",
        "/club/archive/1.atom",
        "/wrong-token/club.atom",
        "/first-token/old.atom",
        "/first-token/club.json",
        "/old.rss",
        "/old/archive/1.rss",
    ],
)
async def test_an_earlier_id_tells_no_more_than_the_present_one(path: str):
    async with site(SHELF, RENAMED) as client:
        answer = await client.get(path, follow_redirects=False)
        nowhere = await client.get("/nowhere.atom")
    assert (answer.status_code, answer.content) == (404, nowhere.content)


STREAM, LAKE, DEN = (source(id=name, url=f"https://{name}.example/feed") for name in ("stream", "lake", "den"))
LABELS = {
    "stream": in_state("stream", labels=("river", "brook", "both", "lake", "den")),
    "lake": in_state("lake", labels=("both",)),
    "den": in_state("den", labels=("cave",)),
    "gone": in_state("gone", labels=("ghost",)),
}
RELABELLED = catalogue(
    Publication(id="all", title="Everything", sources=("stream", "lake")),
    Publication(id="club", title="Club", sources=("den",), tokens=("first-token",)),
    sources=[STREAM, LAKE, DEN],
)


@pytest.mark.parametrize("label", ["river", "brook"])
@pytest.mark.parametrize("name", ["atom", "rss", "json"])
async def test_the_feed_of_a_source_under_a_label_that_it_had_leads_to_its_present_one(label: str, name: str):
    async with site(Shelf(sources=LABELS), RELABELLED) as client:
        answer = await client.get(f"/source/{label}.{name}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, f"stream.{name}")
    assert answer.headers["cache-control"].startswith("public, max-age=300"), "another may be called so tomorrow"


@pytest.mark.parametrize(
    "label",
    ["both", "den", "cave", "ghost", "nowhere"],
    ids=["two had it", "a private one has it", "a private one had it", "one that went had it", "none had it"],
)
async def test_a_label_that_tells_of_no_public_source_leads_nowhere(label: str):
    async with site(Shelf(sources=LABELS), RELABELLED) as client:
        answer = await client.get(f"/source/{label}.atom", follow_redirects=False)
        nowhere = await client.get("/source/nothing.atom")
    assert (answer.status_code, answer.content) == (404, nowhere.content)


async def test_a_label_that_another_source_has_now_is_that_sources():
    shelf = Shelf(sources=LABELS, documents=[document("source/lake", "atom")])
    async with site(shelf, RELABELLED) as client:
        answer = await client.get("/source/lake.atom", follow_redirects=False)
    assert answer.status_code == 200
