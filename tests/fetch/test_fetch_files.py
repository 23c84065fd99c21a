# ruff: noqa: ASYNC240 # nothing else runs while a test prepares its files
from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.fetch import FetchOptions, FileFetcher, SourceFetcher
from aggregator.model import Failed, Fetched, Source, Unchanged, Validators
from tests.support.fetching import FEED, LOOPBACK, StoppedClock, feed_at
from tests.support.loopback import answer, serving


def file_source(path: Path, shown: str = "feeds/river.xml") -> Source:
    return Source(id="river", kind="file", location=str(path), url=shown)


async def read(path: Path, validators: Validators | None = None) -> Fetched | Unchanged | Failed:
    found = await FileFetcher(FetchOptions(max_decoded_bytes=1000)).fetch(
        file_source(path), validators or Validators()
    )
    assert isinstance(found, Fetched | Unchanged | Failed)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "river.xml"
    path.write_bytes(FEED)
    return path


async def test_a_file_is_read_and_known_by_the_name_that_the_editor_gave_it(path: Path):
    found = await read(path)
    assert isinstance(found, Fetched)
    assert (found.url, found.content_location, found.status) == ("feeds/river.xml", "feeds/river.xml", 200)
    assert (found.body, found.content_type) == (FEED, "application/xml")


async def test_a_file_that_is_as_it_was_is_unchanged(path: Path):
    first = await read(path)
    assert isinstance(first, Fetched)
    second = await read(path, first.validators)
    assert second == Unchanged(url="feeds/river.xml", validators=first.validators)


async def test_a_file_that_was_written_or_replaced_is_read_again(path: Path):
    first = await read(path)
    assert isinstance(first, Fetched)
    os.utime(path, ns=(1, 1))
    assert isinstance(await read(path, first.validators), Fetched)
    path.write_bytes(FEED + b" ")
    assert isinstance(await read(path, first.validators), Fetched)


async def test_a_file_swapped_for_one_of_the_same_size_and_time_is_read_again(path: Path):
    first = await read(path)
    assert isinstance(first, Fetched)
    times = path.stat()
    other = path.with_name("other")
    other.write_bytes(FEED.replace(b"River", b"Delta"))
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(path)
    assert isinstance(await read(path, first.validators), Fetched)


async def test_a_missing_file_is_an_error_with_the_remedy(tmp_path: Path):
    found = await read(tmp_path / "none.xml")
    assert isinstance(found, Failed)
    assert found.trouble == "file"
    assert found.message == "feeds/river.xml: there is no such file. Put it there or correct feeds.yaml."


async def test_a_folder_is_no_file(tmp_path: Path):
    found = await read(tmp_path)
    assert isinstance(found, Failed)
    assert found.trouble == "file"


async def test_a_named_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    found = await read(tmp_path / "pipe")
    assert isinstance(found, Failed)
    assert "this is no file" in found.message


async def test_a_path_that_leads_through_a_file_or_in_a_circle_cannot_be_read(path: Path):
    circle = path.with_name("circle")
    circle.symlink_to(circle)
    for odd in (path / "below", circle, Path("a\0b")):
        found = await read(odd)
        assert isinstance(found, Failed)
        assert found.trouble == "file"


async def test_a_file_that_is_too_large_is_an_error(path: Path):
    path.write_bytes(b"x" * 1000)
    assert isinstance(await read(path), Fetched)
    path.write_bytes(b"x" * 1001)
    found = await read(path)
    assert isinstance(found, Failed)
    assert "fetch.max_decoded_bytes" in found.message


async def test_an_empty_file_is_no_feed(path: Path):
    path.write_bytes(b"\n")
    found = await read(path)
    assert isinstance(found, Failed)
    assert found.trouble == "not_a_feed"


async def test_the_door_opens_both_ways(path: Path):
    options = FetchOptions(allow_networks=LOOPBACK)
    async with (
        serving({"/": answer(200, FEED)}) as server,
        SourceFetcher(options, StoppedClock()) as fetcher,
    ):
        article = replace(file_source(path), location=server.url("/"))
        for found in (
            await fetcher.fetch(file_source(path), Validators()),
            await fetcher.fetch(feed_at(server.url("/")), Validators()),
            await fetcher.fetch(article, Validators(), "article"),
        ):
            assert isinstance(found, Fetched)
            assert found.body == FEED
