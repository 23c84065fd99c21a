"""Publishing what changed, once, and nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

import brotli
import pytest
from structlog.testing import capture_logs

from aggregator.engine import publisher, rendering
from aggregator.engine.files import Folder
from aggregator.errors import RenderError, StoreError
from aggregator.model import Edition, Faults, Format, Publication, SourceState
from aggregator.pipeline import archive, comparing
from aggregator.pipeline.publication import Output
from aggregator.publish.omissions import Omission
from aggregator.publish.render import Rendering
from tests.support.installation import item, rss
from tests.support.nouns import source
from tests.support.planet import planet

NEWS = source(id="news", url="https://news.example/feed", tags=("world",), title="The News")
DEN = source(id="den", url="https://den.example/feed", tags=("world", "den"))
OPEN = Publication(id="open", title="Open", sources=("news",), limit=10)
CLUB = Publication(id="club", title="Club", tokens=("first-token",))


def feed(*numbers: int) -> str:
    return rss(*(item(number) for number in numbers))


async def test_nothing_that_did_not_change_is_rendered_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rendered: list[str] = []
    render_all = rendering.publish.render_all

    def noted(edition):
        rendered.append(edition.publication.id)
        return render_all(edition)

    async with planet(tmp_path, OPEN, CLUB, sources=[NEWS, DEN]) as here:
        await here.publisher.publish_outdated()
        monkeypatch.setattr(rendering.publish, "render_all", noted)
        await here.poll("news", feed(1))
        assert rendered == ["open", "club"], "nobody has asked for those of sources and tags"
        assert await here.document("tag/world") == await here.document("tag/world")
        assert rendered == ["open", "club", "tag/world"]
        rendered.clear()
        await here.poll("news", feed(1))
        assert await here.publisher.publish_outdated() == 0
        assert rendered == []
        await here.poll("den", feed(1))
        assert rendered == ["club"]
        here.catalogue = replace(here.catalogue, publications=(replace(OPEN, title="Anew"), CLUB))
        rendered.clear()
        await here.publisher.publish_outdated()
        assert rendered == ["open"]


async def test_what_only_a_private_publication_shows_is_in_no_feed_for_everybody(tmp_path: Path):
    folder = Folder(path=tmp_path / "public")
    async with planet(tmp_path, OPEN, CLUB, sources=[NEWS, DEN], public=folder) as here:
        await here.poll("den", rss(item(1, title="Whispered")))
        await here.poll("news", rss(item(2, title="Shouted")))
        for name in ("source/den", "tag/den"):
            assert await here.store.document(name, "atom") is None
        shared = await here.store.document("tag/world", "atom")
        assert shared is not None
        assert b"Shouted" in shared.body
        assert b"<title>world (Planet Example)</title>" in shared.body
        own = await here.store.document("source/news", "atom")
        assert own is not None
        assert b"<title>The News (Planet Example)</title>" in own.body
        private = await here.store.document("club", "atom")
        assert private is not None
        assert b"Whispered" in private.body
    for file in folder.path.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            plain = {".gz": gzip.decompress, ".br": brotli.decompress}.get(file.suffix, bytes)(data)
            assert b"Whispered" not in plain
    assert not list(folder.path.rglob("club*"))


async def test_what_the_editor_declared_comes_before_thousands_of_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(publisher, "AT_ONCE", 2)
    sources = [source(id=f"s{number}", url=f"https://s{number}.example/") for number in range(5)]
    async with planet(tmp_path, sources=sources, public=Folder(path=tmp_path / "public")) as here:
        assert await here.publisher.publish_outdated() == 6
        for one in sources:
            assert await here.store.document(f"source/{one.id}", "atom") is not None


async def test_a_flood_of_new_items_is_published_now_and_then_and_not_for_each_batch_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(comparing, "AT_ONCE", 5)
    async with planet(tmp_path) as here:
        before = await here.store.document("all", "atom")
        with capture_logs() as logs:
            await here.poll("river", feed(*range(30)))
        assert [one["entries"] for one in logs if one["event"] == "published"] == [5, 30]
        monkeypatch.setattr(publisher, "FLOOD", 0)
        with capture_logs() as logs:
            await here.poll("river", feed(*range(40)))
        assert [one["entries"] for one in logs if one["event"] == "published"] == [35, 40]
        assert await here.store.document("all", "atom") != before


@pytest.mark.parametrize(
    ("error", "event"),
    [(RenderError("no page can be written"), "not published"), (KeyError("a fault of ours"), "fault")],
)
async def test_a_publication_that_cannot_be_rendered_keeps_its_last_documents_and_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, event: str
):
    async with planet(tmp_path) as here:
        await here.poll("river", feed(1))
        before = await here.store.document("all", "atom")

        async def broken(*_: object) -> None:
            raise error

        monkeypatch.setattr(archive, "update_archive", broken)
        with capture_logs() as lines:
            await here.poll("river", feed(2))
            assert await here.publisher.publish_outdated() == 0
        assert [line["publication"] for line in lines if line["event"] == event] == ["all"]
        assert await here.store.document("all", "atom") == before
        assert (await here.document("source/river")) is not None
        assert await here.store.faults() == (Faults(stage="render", count=1),)
        monkeypatch.undo()
        await here.poll("river", feed(3))
        assert await here.store.document("all", "atom") != before


async def test_an_entry_on_which_rendering_a_page_of_an_archive_fails_by_us_is_told_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    render_all = archive.publish.render_all

    def failing(edition: Edition) -> Rendering:
        omitted = (Omission(notice="one is left out", trace="Traceback"),) if edition.archive_page else ()
        return replace(render_all(edition), omitted=omitted)

    async with planet(tmp_path) as here:
        monkeypatch.setattr(archive.publish, "render_all", failing)
        with capture_logs() as lines:
            await here.poll("river", feed(*range(1, 60)))
            await here.page(1)
        assert [line["page"] for line in lines if line["event"] == "fault"] == [1]
        assert await here.store.faults() == (Faults(stage="render", count=1),)


async def test_an_entry_on_which_rendering_fails_by_us_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    render_all = rendering.publish.render_all

    def failing(edition: Edition) -> Rendering:
        ours, theirs = (
            Omission(notice="one is left out", trace="Traceback"),
            Omission(notice="another is left out"),
        )
        return replace(render_all(edition), omitted=(ours, theirs))

    async with planet(tmp_path) as here:
        monkeypatch.setattr(rendering.publish, "render_all", failing)
        with capture_logs() as lines:
            await here.poll("river", feed(1))
        logged = [line for line in lines if line["event"] == "fault"]
        assert logged
        assert await here.store.faults() == (Faults(stage="render", count=len(logged)),)


async def test_a_database_that_does_not_answer_is_no_fault_of_a_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with planet(tmp_path) as here:

        async def locked(*_: object) -> None:
            raise StoreError("the database is locked")

        monkeypatch.setattr(archive, "update_archive", locked)
        with pytest.raises(StoreError):
            await here.poll("river", feed(1))
        monkeypatch.undo()
        assert await here.publisher.publish_outdated() > 0


async def test_a_folder_holds_what_the_web_serves_with_archives_and_coded_forms(tmp_path: Path):
    folder = Folder(path=tmp_path / "public")
    async with planet(tmp_path, OPEN, sources=[NEWS], public=folder) as here:
        await here.poll("news", feed(*range(8)))
        names = {str(file.relative_to(folder.path)) for file in folder.path.rglob("*") if file.is_file()}
        documents = [
            f"{stem}.{form}"
            for stem in ("open", "open/archive/1", "tag/world", "source/news")
            for form in get_args(Format)
        ]
        coded = [f"{name}{suffix}" for name in documents for suffix in (".gz", ".br")]
        assert names == {*documents, *coded, ".aggregator.json"}
        for name in documents:
            body = (folder.path / name).read_bytes()
            assert gzip.decompress((folder.path / f"{name}.gz").read_bytes()) == body
            assert brotli.decompress((folder.path / f"{name}.br").read_bytes()) == body
        (folder.path / "mine.txt").write_text("not yours")
        page = folder.path / "open" / "archive" / "1.atom"
        touched = page.stat().st_mtime_ns
        await here.poll("news", feed(*range(8, 20)))
        assert page.stat().st_mtime_ns == touched
        assert (folder.path / "open" / "archive" / "2.atom").is_file()

        here.catalogue = replace(here.catalogue, publications=(replace(OPEN, id="other", formats=("rss",)),))
        await here.publisher.publish_outdated()
        left = {str(file.relative_to(folder.path)) for file in folder.path.rglob("*") if file.is_file()}
        assert not any(name.startswith("open") for name in left)
        assert {"other.rss", "mine.txt"} <= left


async def test_a_folder_that_cannot_be_written_is_reported_and_stops_nothing(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    async with planet(tmp_path, public=Folder(path=tmp_path / "file" / "public")) as here:
        with capture_logs() as lines:
            await here.poll("river", feed(1))
        assert "files not written" in [line["event"] for line in lines]
        assert await here.store.document("all", "atom") is not None


async def test_a_turn_with_nothing_to_do_looks_at_no_definition_of_a_source_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Counted(dict[str, Output]):
        walks = 0

        def items(self):
            self.walks += 1
            return super().items()

    made = Counted()
    outputs = publisher.pipeline.outputs

    def noting(catalogue):
        made.update(outputs(catalogue))
        return made

    monkeypatch.setattr(publisher.pipeline, "outputs", noting)
    async with planet(tmp_path, sources=[source(id=f"s{number}") for number in range(9)]) as here:
        await here.publisher.publish_outdated()
        begun = made.walks
        for _ in range(3):
            assert await here.publisher.publish_outdated() == 0
        assert begun
        assert made.walks == begun


async def test_comparing_and_rendering_read_the_states_of_those_sources_alone_that_they_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    many = [NEWS, *(source(id=f"quiet-{number}") for number in range(30))]
    async with planet(tmp_path, sources=many) as here:
        await here.publisher.publish_outdated()
        await here.poll("news", feed(1), publish=False)
        asked: list[Collection[str] | None] = []
        states = here.store.states

        async def noting(source_ids: Collection[str] | None = None) -> Mapping[str, SourceState]:
            asked.append(source_ids)
            return await states(source_ids)

        monkeypatch.setattr(here.store, "states", noting)
        await here.publisher.publish_outdated()
        await here.poll("news", feed(1, 2, 3), publish=False)
        await here.publisher.publish_outdated()
        assert asked
        assert {name for some in asked for name in (some or ["all of them"])} == {"news"}
