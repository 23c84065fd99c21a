"""Feeds of sources and tags: made when they are asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.engine import on_demand, rendering, rendering_turns
from aggregator.errors import RenderError
from aggregator.model import Edition, Faults
from aggregator.pipeline import archive
from tests.support.client import http_client
from tests.support.installation import item, rss
from tests.support.nouns import source
from tests.support.planet import planet

RIVER = source(id="river", tags=("news",))


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of what was rendered, in order."""
    names: list[str] = []
    render_all = rendering.publish.render_all

    def noting(edition: Edition) -> Any:
        names.append(edition.publication.id)
        return render_all(edition)

    monkeypatch.setattr(rendering.publish, "render_all", noting)
    return names


async def test_many_who_ask_at_once_after_a_change_are_given_one_rendering_of_what_is_now(
    tmp_path: Path, rendered: list[str]
):
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", rss(item(1)))
        async with http_client(base_url=here.url("")) as client:
            answers = await asyncio.gather(*(client.get("/source/river.atom") for _ in range(20)))
            assert {answer.status_code for answer in answers} == {200}
            assert {b"Report 1" in answer.content for answer in answers} == {True}
            assert rendered.count("source/river") == 1
            tag = (await client.get("/tag/news.json")).headers["etag"]
            assert (await client.get("/tag/news.json", headers={"If-None-Match": tag})).status_code == 304
            await here.poll("river", rss(item(2), item(1)))
            assert "Report 2" in (await client.get("/tag/news.json", headers={"If-None-Match": tag})).text
    assert rendered == ["all", "source/river", "tag/news", "all", "tag/news"]


async def test_what_was_made_is_kept_for_every_process(tmp_path: Path, rendered: list[str]):
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", rss(item(1)))
        first = await here.document("source/river")
        await here.stop()
        await here.start()
        assert await here.document("source/river") == first
    assert rendered.count("source/river") == 1


async def test_where_too_much_is_asked_for_at_once_the_last_document_will_do_and_a_first_one_has_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rendering_turns, "PER_SECOND", 0.001)
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", rss(item(1)))
        first = await here.document("source/river")
        await here.poll("river", rss(item(2), item(1)))
        assert await here.document("source/river") == first
        assert await here.document("tag/news") is None
        async with http_client(base_url=here.url("")) as client:
            answer = await client.get("/tag/news.atom")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize("error", [RenderError("it cannot be written"), KeyError("a fault of ours")])
async def test_one_that_cannot_be_rendered_keeps_its_last_documents_and_is_tried_again_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", rss(item(1)))
        before = await here.document("source/river")
        await here.poll("river", rss(item(2), item(1)))
        tries: list[int] = []

        def broken(_: object) -> None:
            tries.append(1)
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(rendering.publish, "render_all", broken)
            assert await here.document("source/river") == before
            assert await here.document("source/river") == before
        assert len(tries) == 1
        assert await here.store.faults() == (Faults(stage="render", count=1),)
        assert await here.document("source/river") == before, "it has not changed since"
        await here.poll("river", rss(item(3), item(2), item(1)))
        assert await here.document("source/river") != before


async def test_a_page_of_an_archive_is_rendered_for_the_first_who_asks_and_kept(
    tmp_path: Path, rendered: list[str]
):
    async with planet(tmp_path) as here:
        await here.poll("river", rss(*(item(number) for number in range(60))))
        assert rendered == ["all"]
        async with http_client(base_url=here.url("")) as client:
            answers = await asyncio.gather(*(client.get("/all/archive/1.rss") for _ in range(9)))
            assert {(answer.status_code, answer.content.count(b"<item>")) for answer in answers} == {(200, 50)}
            assert (await client.get("/all/archive/1.json")).status_code == 200
            assert (await client.get("/all/archive/2.atom")).status_code == 404
    assert rendered == ["all", "all"]


async def test_a_page_waits_where_too_much_is_rendered_and_one_that_cannot_be_is_tried_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with planet(tmp_path) as here:
        await here.poll("river", rss(*(item(number) for number in range(120))))
        publication = here.catalogue.publications[0]
        tries: list[int] = []

        def broken(_: object) -> None:
            tries.append(1)
            raise RenderError("it cannot be written")

        with monkeypatch.context() as patched:
            patched.setattr(archive.publish, "render_all", broken)
            for _ in range(2):
                assert await here.on_demand.page(publication, 1, "atom") is None
        assert len(tries) == 1
        assert await here.store.faults() == (Faults(stage="render", count=1),)
        monkeypatch.setattr(rendering_turns, "PER_SECOND", 0.001)
        monkeypatch.setattr(on_demand, "PATIENCE", 0.0)
        assert await here.on_demand.page(publication, 2, "atom") is not None
        async with http_client(base_url=here.url("")) as client:
            answer = await client.get("/all/archive/1.atom")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_each_eighth_of_a_second_has_room_for_one_and_at_once_there_is_room_for_a_second_s_worth(
    monkeypatch: pytest.MonkeyPatch,
):
    turns, moment = rendering_turns.Turns(), 100.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: moment)
    found = [turns.take() for _ in range(12)]
    moment += 1 / rendering_turns.PER_SECOND
    then = [turns.take() for _ in range(3)]
    monkeypatch.undo()
    assert found == [True] * (rendering_turns.PER_SECOND + 1) + [False] * 3
    assert then == [True, False, False]


async def test_the_feed_of_a_source_and_of_a_tag_leads_to_the_page_of_the_same(tmp_path: Path):
    async with planet(tmp_path, sources=[source(id="river", tags=("news", "a/b"))]) as here:
        named = replace(here.catalogue.site, link="https://planet.example")
        here.catalogue = replace(here.catalogue, site=named)
        await here.poll("river", rss(item(1)))
        for path in ("source/river", "tag/news", "tag/a%2Fb"):
            document = await here.document(path)
            assert document is not None
            assert f'/{path}" rel="alternate" type="text/html"'.encode() in document.body
        declared = await here.store.document("all", "atom")
        assert declared is not None
        assert b'<link href="https://planet.example/" rel="alternate" type="text/html"/>' in declared.body
