"""What config/settings.yaml and the README say of a key is what comes of it, from the file to the effect."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import asdict
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from aggregator import app, fetch, settings, web
from aggregator.cli import shared
from tests.support.client import http_client
from tests.support.commands import Commands
from tests.support.installation import SETTINGS, free_port, item, rss
from tests.support.publisher import publishing

EXAMPLES = "sources:\n  river: { url: 'https://river.example/feed', enabled: false }\n"


def loaded(folder: Path, text: str) -> app.Application:
    ours = Commands.at(folder, EXAMPLES, text)
    with ours.inside():
        return app.load(folder / "feeds.yaml")


@pytest.mark.parametrize(
    ("written", "seconds"), [("45s", 45), ("10m", 600), ("1h30m", 5400), ("2d", 172_800), ("1w", 604_800)]
)
def test_durations_have_a_unit(tmp_path: Path, written: str, seconds: int):
    assert settings.load(tmp_path, {"AGGREGATOR_FETCH__TIMEOUT": written}).fetch.timeout == timedelta(0, seconds)


@pytest.mark.parametrize(("written", "size"), [("", None), ("2GB", 2_000_000_000)])
async def test_the_ceiling_of_the_store_reaches_whoever_holds_it_and_tells_of_it(
    tmp_path: Path, written: str, size: int | None
):
    ours = loaded(tmp_path, f"store: {{ max_size: {written or 'null'} }}\n")
    async with ours.store() as store:
        assert ours.chores(store).housekeeping._max_size == size
        async with ours.engine(store) as engine:
            assert engine._chores.housekeeping._max_size == size


@pytest.mark.parametrize(("written", "size"), [("500kB", 500_000), ("10MB", 10_000_000), ("70000", 70_000)])
def test_sizes_have_a_unit_or_are_bytes(tmp_path: Path, written: str, size: int):
    assert settings.load(tmp_path, {"AGGREGATOR_FETCH__MAX_BYTES": written}).fetch.max_bytes == size


def test_the_database_is_where_the_settings_say_or_beside_feeds_yaml(tmp_path: Path):
    Commands.at(tmp_path / "one", EXAMPLES).command("status")
    assert (tmp_path / "one" / "data" / "aggregator.db").is_file()
    Commands.at(tmp_path / "two", EXAMPLES, f"database: sqlite:///{tmp_path}/kept/here.db\n").command("status")
    assert (tmp_path / "kept" / "here.db").is_file()
    assert not (tmp_path / "two" / "data").exists()


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path):
    ours = Commands.at(tmp_path, EXAMPLES, "database: postgresql://me:hunter2@127.0.0.1:1/d\n")
    output = ours.command("status", expect=1)
    assert "the database d at 127.0.0.1:1 does not answer" in output
    assert "hunter2" not in output


def test_private_networks_are_refused_but_those_that_the_settings_name(tmp_path: Path):
    with publishing() as publisher:
        feeds = f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n"
        ours = Commands.at(tmp_path, feeds, "fetch: { host_gap: 0s }\n")
        assert "river: failed: 127.0.0.1 was not asked: 127.0.0.1 is a loopback IP" in ours.command(
            "poll", expect=1
        )
        assert publisher.requests == []
        Commands.at(tmp_path, feeds, "fetch: { host_gap: 0s, allow_networks: [127.0.0.0/8] }\n")
        assert "river: 1 new" in ours.command("poll", "river")


async def test_every_bound_of_fetching_reaches_the_fetcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    given: list[fetch.FetchOptions] = []

    class Fetcher(fetch.SourceFetcher):
        def __init__(self, options: fetch.FetchOptions, clock: Any, pacing: object, **others: Any) -> None:
            assert pacing is None, "the processes on one file need not ask it for each request"
            given.append(options)
            super().__init__(options, clock, **others)

    monkeypatch.setattr(fetch, "SourceFetcher", Fetcher)
    fields: dict[str, Any] = {
        "allow_networks": ["10.0.0.0/8"],
        "timeout": "7s",
        "max_bytes": 11,
        "max_decoded_bytes": 12,
        "concurrency": 13,
        "per_host": 5,
        "host_gap": "3s",
        "min_interval": "17m",
    }
    assert fields.keys() == settings.FetchSettings.model_fields.keys()
    ours = loaded(tmp_path, json.dumps({"fetch": fields}))
    async with ours.store() as store, ours.reader() as reader, ours.poller(store, reader) as poller:
        assert poller.services.pace.min_interval == timedelta(minutes=17)
        assert poller._concurrency == 13
    (options,) = given
    said = {name: value for name, value in asdict(options).items() if name not in {"user_agent", "opted_out"}}
    assert said == {
        "allow_networks": (ip_network("10.0.0.0/8"),),
        "timeout": timedelta(seconds=7),
        "max_bytes": 11,
        "max_decoded_bytes": 12,
        "concurrency": 13,
        "per_host": 5,
        "host_gap": timedelta(seconds=3),
    }


def test_no_publication_is_longer_than_the_settings_allow_and_check_says_so(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(*map(item, range(5))))
        feeds = f"sources:\n  river: {feed}\npublish:\n  all: {{ limit: 4 }}\n"
        ours = Commands.at(tmp_path, feeds, f"{SETTINGS}publish: {{ max_entries: 3 }}\n")
        ours.command("poll")
    ours.command("publish", "--to", "out")
    assert len(json.loads((tmp_path / "out" / "all.json").read_text())["items"]) == 3
    assert "publish.all.limit: 4 is cut to 3" in " ".join(ours.command("check").split())


def test_a_folder_beside_feeds_yaml_gets_every_document_for_everybody_and_no_private_one(tmp_path: Path):
    with publishing() as publisher:
        feeds = (
            f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n"
            "publish:\n  all: {}\n  club: { private: a-token-of-16-characters }\n"
        )
        ours = Commands.at(tmp_path, feeds, f"{SETTINGS}publish: {{ directory: public }}\n")
        ours.command("poll")
    written = {str(path.relative_to(tmp_path / "public")) for path in (tmp_path / "public").rglob("*")}
    for name in ("all", "source/river"):
        assert {f"{name}.{form}" for form in ("atom", "rss", "json")} <= written
    assert not [name for name in written if "club" in name]


async def test_the_web_listens_at_the_address_and_port_that_the_settings_say(tmp_path: Path):
    port = free_port()
    ours = loaded(tmp_path, "{}")
    ours = app.Application(
        config=ours.config,
        catalogue=ours.catalogue,
        clock=ours.clock,
        settings=settings.load(tmp_path, {"AGGREGATOR_WEB__HOST": "127.0.0.3", "AGGREGATOR_WEB__PORT": str(port)}),
    )
    async with ours.store() as store, ours.web(store) as bound, http_client() as client:
        assert bound == port
        assert (await client.get(f"http://127.0.0.3:{port}/healthz")).status_code == 200
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/healthz")


async def test_every_bound_of_the_web_reaches_its_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    given: dict[str, Any] = {}

    class Server:
        def __init__(self, _: object, **fields: Any) -> None:
            given.update(fields)

        async def start(self) -> int:
            return 1

        async def stop(self) -> None:
            pass

    monkeypatch.setattr(web, "Server", Server)
    ours = loaded(tmp_path, "web: { connections: 9, per_client: 3, trusted_proxies: [10.0.0.0/8] }\n")
    async with ours.store() as store, ours.web(store):
        pass
    limits = given["limits"]
    assert (limits.connections, limits.per_client, limits.trusted) == (9, 3, (ip_network("10.0.0.0/8"),))


async def test_what_crawlers_may_read_reaches_robots_txt(tmp_path: Path):
    for wish, closed in (("pages", False), ("feeds", True)):
        ours = loaded(tmp_path, f"web: {{ port: 0, robots: {wish} }}\n")
        async with ours.store() as store, ours.web(store) as port, http_client() as client:
            text = (await client.get(f"http://127.0.0.1:{port}/robots.txt")).text
        assert ("Disallow: /\n" in text) is closed


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("written", "stream", "machine"),
    [
        ("auto", Terminal(), False),
        ("auto", io.StringIO(), True),
        ("console", io.StringIO(), False),
        ("json", Terminal(), True),
    ],
)
def test_the_log_is_for_people_on_a_terminal_and_json_elsewhere_unless_the_settings_say_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, stream: io.StringIO, machine: bool
):
    ours = Commands.at(tmp_path, EXAMPLES, f"log: {{ format: {written} }}\n")
    with ours.inside(), monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        shared.load(tmp_path / "feeds.yaml")
        structlog.get_logger().info("polled", source="river")
    line = stream.getvalue()
    assert "polled" in line
    assert line.startswith("{") is machine
    assert not machine or json.loads(line)["source"] == "river"


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_the_log_has_what_is_of_its_level_or_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: str):
    stream = io.StringIO()
    ours = Commands.at(tmp_path, EXAMPLES, f"log: {{ format: json, level: {level} }}\n")
    levels = ["debug", "info", "warning", "error"]
    with ours.inside(), monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        shared.load(tmp_path / "feeds.yaml")
        for one in levels:
            getattr(structlog.get_logger(), one)("said")
    assert [json.loads(line)["level"] for line in stream.getvalue().splitlines()] == levels[levels.index(level) :]


TWO = rss(
    item(1, title="Ferry sails", date="01 Feb 2026 12:00:00"),
    item(2, title="Live: the vote", date="01 Feb 2026 13:00:00"),
)


@pytest.mark.parametrize(
    ("said", "feed", "shown"),
    [
        ("", TWO, [("Live: the vote", "13:00"), ("Ferry sails", "12:00")]),
        ("timezone: Asia/Tehran", TWO, [("Live: the vote", "09:30"), ("Ferry sails", "08:30")]),
        ("filter: [ { drop: { title: '^Live:' } } ]", TWO, [("Ferry sails", "12:00")]),
        ("filter: [ { keep: [vote] } ]", TWO, [("Live: the vote", "13:00")]),
        ("filter: [ { limit: 1 } ]", TWO, [("Live: the vote", "13:00")]),
        ("tags: [world]", TWO, [("Live: the vote", "13:00"), ("Ferry sails", "12:00")]),
        ("tags: [sport]", TWO, []),
        ("enabled: false", TWO, []),
    ],
)
def test_what_a_source_says_in_feeds_yaml_takes_effect(
    tmp_path: Path, said: str, feed: str, shown: list[tuple[str, str]]
):
    with publishing() as publisher:
        chosen = "{ tags: [world] }" if "tags" in said else "[river]"
        ours = Commands.at(
            tmp_path,
            f"sources:\n  other: {{ url: 'https://other.example/', tags: [world], enabled: false }}\n"
            f"  river:\n    url: {publisher.put('/feed', feed)}\n    {said}\n"
            f"publish:\n  all: {{ from: {chosen} }}\n",
        )
        ours.command("poll", "--all", expect=None)
    ours.command("publish", "--to", "out")
    found = json.loads((tmp_path / "out" / "all.json").read_text())["items"]
    assert sorted((one["title"], one["date_published"][11:16]) for one in found) == sorted(shown)


LONG = " ".join(f"word{number} of the ferry" for number in range(40))


@pytest.mark.parametrize(
    ("said", "before", "after", "count"),
    [
        ("", ("a", "", "Ferry"), ("b", "", "Ferry"), 2),
        ("query: { drop: [part] }", ("a", "", "Ferry"), ("b", "", "Ferry"), 1),
        ("identity: url", ("a", "urn:1", "Ferry"), ("a", "urn:2", "Ferry"), 1),
    ],
)
def test_what_tells_items_of_a_source_apart_is_the_editors_to_say(
    tmp_path: Path, said: str, before: tuple[str, str, str], after: tuple[str, str, str], count: int
):
    def body(part: str, guid: str, title: str, day: int) -> str:
        found = item(1, title=title, text=f"{LONG} {day}" if day == 1 else LONG[::-1])
        named = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
        return rss(
            found.replace("river.example/1<", f"river.example/1?part={part}<").replace(
                "<guid isPermaLink='false'>urn:river:1</guid>", named
            )
        )

    with publishing() as publisher:
        feed = publisher.put("/feed", body(*before, 1))
        ours = Commands.at(tmp_path, f"sources:\n  river:\n    url: {feed}\n    {said}\n")
        ours.command("poll", "--all")
        publisher.put("/feed", body(*after, 2))
        ours.command("poll", "--all")
    assert ours.status()["river"]["items"] == count


def test_a_source_bears_the_title_that_the_editor_gave_and_otherwise_the_feeds_own(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1), title="River News"))
        ours = Commands.at(tmp_path, f"sources:\n  one: {feed}?1\n  two: {{ url: '{feed}?2', title: My River }}\n")
        publisher.pages |= {f"/feed?{number}": publisher.pages["/feed"] for number in (1, 2)}
        ours.command("poll")
    titles = {name: row["title"] for name, row in ours.status().items()}
    assert titles == {"one": "River News", "two": "My River"}
    assert 'text="My River"' in ours.command("export")


def test_the_picture_that_an_editor_gives_a_source_stands_beside_its_entries(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Commands.at(
            tmp_path, f"sources:\n  one: {{ url: '{feed}', icon: 'https://river.example/face.png' }}\n"
        )
        ours.command("poll")
        ours.command("publish", "--to", "out")
    atom, rendered = ((tmp_path / "out" / f"all.{kind}").read_text() for kind in ("atom", "json"))
    assert "<icon>https://river.example/face.png</icon>\n    </source>" in atom
    assert json.loads(rendered)["items"][0]["_source"]["icon"] == "https://river.example/face.png"
    (tmp_path / "feeds.yaml").write_text(f"sources:\n  one: {{ url: '{feed}', icon: face.png }}\n", "utf-8")
    assert "icon: a URL such as" in ours.command("check", expect=1)
