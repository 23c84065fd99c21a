"""What is found of an installation, and what is said to do about it."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aggregator import settings
from aggregator import store as stores
from aggregator.app import RELEASED
from aggregator.doctor import Finding, Patient, database, examine, machine, network, places
from aggregator.errors import Mistake
from aggregator.fetch import FetchOptions, Probe
from aggregator.fetch.transport import tls_context
from aggregator.model import Blocked, Catalogue, DatabaseCondition, Failed, Site, Source, SourceState, Trouble
from tests.fetch.test_fetch_tls import Certificate, certificate
from tests.store.migrations.test_store_schema import DUMPS, loaded
from tests.support.databases import lay
from tests.support.fetching import TableResolver
from tests.support.loopback import serving
from tests.support.nouns import source

__all__ = ["certificate"]
MINUTE = timedelta(minutes=1)
NOW = RELEASED + timedelta(days=30)
LOOPBACK = (ip_network("127.0.0.0/8"),)


def listing(*sources: Source) -> Catalogue:
    return Catalogue(site=Site(title="Planet", link=None, contact=None), sources=sources, publications=())


def levels(found: Any) -> list[tuple[str, str]]:
    return [(one.check, one.level) for one in found]


class Table:
    """Hosts and what comes of knocking at them."""

    def __init__(self, answers: Mapping[str, Trouble | None]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def reach(self, location: str) -> Failed | Blocked | None:
        self.asked.append(location)
        trouble = self.answers[location]
        if trouble == "blocked":
            return Blocked(message=f"{location} was not asked")
        return None if trouble is None else Failed(trouble=trouble, message=f"{location}: {trouble}")


async def knock(answers: Mapping[str, Trouble | None]) -> list[Finding]:
    return await network.check_network({name: name for name in answers}, Table(answers))


async def test_that_there_is_no_network_is_told_once_and_not_as_a_fault_of_each_source() -> None:
    (found,) = await knock({"https://a": "dns", "https://b": "connect", "http://c": "timeout"})
    assert (found.check, found.level) == ("network", "fail")
    assert "https://a, https://b, http://c" in found.message
    assert "no fault of the sources" in found.message


async def test_a_host_that_cannot_be_reached_while_others_can_is_a_warning_of_its_own() -> None:
    found = await knock({"https://a": None, "https://b": "dns", "http://c": "timeout", "http://d": "blocked"})
    assert levels(found) == [
        ("network", "ok"),
        ("tls", "ok"),
        ("dns", "warn"),
        ("network", "warn"),
        ("network", "warn"),
    ]
    assert found[0].message.startswith("1 of 4 ")
    assert levels(await knock({"https://a": "dns"})) == [("dns", "warn")], (
        "one host alone says nothing of the network"
    )


async def test_certificates_that_are_refused_everywhere_are_our_own_fault_and_one_is_its_hosts() -> None:
    assert levels(await knock({"https://a": "tls", "https://b": "tls", "http://c": None})) == [
        ("network", "ok"),
        ("tls", "fail"),
    ]
    assert levels(await knock({"https://a": "tls", "https://b": None})) == [
        ("network", "ok"),
        ("tls", "ok"),
        ("tls", "warn"),
    ]


async def test_a_few_hosts_are_tried_each_once_and_none_of_what_is_not_polled() -> None:
    sources = [
        source(id="file", kind="file", location="/tmp/feed.xml"),
        source(id="off", enabled=False, location="https://off.example/feed"),
        *(source(id=f"s{number}", location=f"https://h{number // 2}.example/{number}") for number in range(40)),
    ]
    hosts = network.choose_hosts(sources)
    assert list(hosts) == [f"h{number}.example" for number in range(network.FEW)]
    assert levels(await network.check_network({}, Table({}))) == [("network", "ok")]


async def test_a_knock_goes_by_the_rules_of_fetching_and_asks_nothing(certificate: Certificate) -> None:
    server, authority = certificate("river")
    names = TableResolver({"river.example": ["127.0.0.1"], "gone.example": OSError()})
    async with serving(tls=server) as here:
        port = here.port
        options = FetchOptions(allow_networks=LOOPBACK, timeout=timedelta(seconds=30))
        trusting = Probe(options, resolver=names, tls=tls_context(authority))
        assert await trusting.reach(f"https://river.example:{port}/feed") is None
        gone = await trusting.reach("https://gone.example/")
        assert isinstance(gone, Failed)
        assert gone.trouble == "dns"
        doubting = Probe(options, resolver=names)
        refused = await doubting.reach(f"https://river.example:{port}/feed")
        assert isinstance(refused, Failed)
        assert refused.trouble == "tls"
        closed = await Probe(FetchOptions(), resolver=names).reach(f"https://river.example:{port}/feed")
        assert isinstance(closed, Blocked)
        assert "fetch.allow_networks" in closed.message
        assert here.asked == []
        trusting.close()


def state(**fields: Any) -> SourceState:
    return SourceState(**({"source_id": "river", "next_poll_at": NOW} | fields))


@pytest.mark.parametrize(
    ("due", "polled", "level"),
    [
        (NOW, None, "warn"),
        (NOW + MINUTE, NOW - MINUTE, "ok"),
        (NOW + 90 * MINUTE, NOW - 90 * MINUTE, "ok"),
        (NOW - 5 * MINUTE, NOW - 65 * MINUTE, "ok"),
        (NOW - 90 * MINUTE, NOW - MINUTE, "ok"),
        (NOW - 90 * MINUTE, NOW - 150 * MINUTE, "warn"),
        (NOW - 181 * MINUTE, NOW - 241 * MINUTE, "fail"),
    ],
    ids=["never", "not due", "seldom", "due just now", "much to do", "late", "dead"],
)
def test_a_worker_is_alive_when_what_is_due_is_polled(due: Any, polled: Any, level: str) -> None:
    states = {
        "river": state(next_poll_at=due, last_poll_at=polled),
        "off": state(next_poll_at=NOW - 9999 * MINUTE),
    }
    here = listing(source(id="river"), source(id="off", enabled=False))
    (found,) = database.check_worker(here, states, NOW)
    assert (found.check, found.level) == ("worker", level)
    assert ("that a worker ended is seen once" in found.message) is (level == "ok")


def test_a_clock_before_this_version_was_made_is_wrong_and_one_before_the_last_poll_doubtful() -> None:
    def look(now: Any, *states: SourceState) -> str:
        (found,) = machine.check_clock(now, RELEASED, states)
        return found.level

    ahead = state(last_poll_at=NOW + timedelta(days=3))
    assert [look(NOW), look(NOW, ahead), look(RELEASED - MINUTE)] == ["ok", "warn", "fail"]


@pytest.mark.parametrize(
    ("soft", "level"), [(resource.RLIM_INFINITY, "ok"), (65_536, "ok"), (1024, "warn"), (128, "fail")]
)
def test_too_few_open_files_are_told_with_the_number_that_is_needed(
    monkeypatch: pytest.MonkeyPatch, soft: int, level: str
) -> None:
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (soft, soft))
    (found,) = machine.check_open_files(settings.Settings())
    assert found.level == level
    assert (found.remedy is None) is (level == "ok")
    assert found.remedy is None or "LimitNOFILE=1124" in found.remedy


@pytest.mark.parametrize(
    ("free", "level"), [(10**10, "ok"), (places.SCARCE - 1, "warn"), (10**9, "warn"), (places.FULL - 1, "fail")]
)
def test_a_disk_that_fills_is_told_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    monkeypatch.setattr(places.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    (found,) = places.check_disk(tmp_path / "none" / "store.db", 2 * 10**9)
    assert found.level == level


def test_a_folder_is_tried_not_asked_and_one_that_is_to_be_made_by_where_it_will_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert levels(places.check_database_folder(tmp_path / "a" / "b" / "store.db")) == [("database_folder", "ok")]
    assert levels(places.check_publish_folder(Path("/proc/river"))) == [("publish_folder", "fail")]
    assert levels(places.check_database_folder(Path("/proc/store.db"))) == [("database_folder", "fail")]
    monkeypatch.setattr(places.tempfile, "gettempdir", lambda: (_ for _ in ()).throw(FileNotFoundError()))
    assert levels(places.check_temporary_folder()) == [("temporary_folder", "fail")]


def test_a_folder_of_documents_that_nobody_else_may_enter_is_a_warning(tmp_path: Path) -> None:
    public = tmp_path / "data" / "public"
    public.mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 1:
            folder.chmod(folder.stat().st_mode | 1)  # pytest's own are closed
    assert levels(places.check_publish_folder(public)) == [("publish_folder", "ok")]
    public.parent.chmod(0o700)
    (found,) = places.check_publish_folder(public)
    assert (found.level, f"chmod o+x {public.parent}" in str(found.remedy)) == ("warn", True)


def look_at(path: Path) -> Finding:
    (found,) = database.check_tables(stores.inspect(f"sqlite:///{path}"))
    return found


def test_a_database_is_judged_without_being_made_or_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    assert look_at(path).level == "warn"
    assert not path.exists()
    loaded(DUMPS / "revision_0003.sql", path)
    assert ("0003" in look_at(path).message, look_at(path).level) == (True, "warn")
    assert "0003" in look_at(path).message, "still"
    path.unlink()
    lay(path)
    assert look_at(path).level == "ok"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version"),
        ("PRAGMA application_id = 7", "another program"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_with_what_to_do(tmp_path: Path, harm: str, words: str) -> None:
    path = tmp_path / "store.db"
    lay(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(harm)
        connection.commit()
    found = look_at(path)
    assert (found.level, words in found.message, bool(found.remedy)) == ("fail", True, True)
    path.write_bytes(b"no database" * 999)
    assert "no SQLite database" in look_at(path).message


def test_a_database_of_which_pages_are_damaged_is_told(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    lay(path)
    content = path.read_bytes()
    path.write_bytes(content[: -4096 * 9] + b"\xff" * 4096 * 9)
    assert look_at(path).level == "fail"


async def test_where_the_settings_are_wrong_the_rest_that_can_be_is_looked_at() -> None:
    mistake = Mistake(file="settings.yaml", line=3, path="fetch.timeout", message="a duration is needed")
    found = await examine(
        Patient(settings=None, settings_mistakes=(mistake,), catalogue=listing()), Table({}), NOW, RELEASED
    )
    assert ("settings", "fail") in levels(found)
    assert "settings.yaml:3: fetch.timeout" in found[0].message
    assert ("clock", "ok") in levels(found)


async def test_mistakes_of_feeds_yaml_say_whether_what_was_understood_before_is_in_force() -> None:
    mistake = Mistake(file="feeds.yaml", line=3, path="sources", message="a mapping is needed")
    broken = Patient(settings=settings.Settings(), mistakes=(mistake,), condition=DatabaseCondition())
    alone = await examine(broken, Table({}), NOW, RELEASED)
    kept = await examine(replace(broken, catalogue=listing()), Table({}), NOW, RELEASED)
    assert [
        next(one.message for one in found if one.check == "feeds").endswith(end)
        for found, end in ((alone, "Nothing starts like that."), (kept, "understood before is in force."))
    ] == [True, True]
