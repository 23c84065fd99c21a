"""feeds.yaml where several machines have a copy of it each, and the store says which is in force."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import pytest
from structlog.testing import capture_logs

from aggregator.catalogue import SharedCatalogue, apart, load, recall, shared_catalogue
from aggregator.catalogue import describe_change as describe
from aggregator.errors import ConfigurationError, StoreError
from aggregator.model import KeptCatalogue
from tests.support.nouns import NOON
from tests.support.shelf import Watch

ONE = "sources:\n  one: https://one.example/feed\n"
TWO = ONE + "  two: https://two.example/feed\n"
THREE = TWO + "  three: https://three.example/feed\n"
BROKEN = ONE + "  two: [\n"


class Versions:
    """As much of a store as keeps versions."""

    def __init__(self) -> None:
        self.kept: list[KeptCatalogue] = []
        self.is_away = False

    async def catalogue_version(self) -> int:
        if self.is_away:
            raise StoreError("the database does not answer")
        return len(self.kept)

    async def kept_catalogue(self) -> KeptCatalogue | None:
        return self.kept[-1] if self.kept else None

    async def keep_catalogue(self, content: bytes, now: datetime, *, replacing: int | None = None) -> int | None:
        if self.kept and self.kept[-1].content == content:
            return len(self.kept)
        if replacing not in {None, len(self.kept)}:
            return None
        self.kept.append(KeptCatalogue(version=len(self.kept) + 1, content=content, kept_at=now))
        return len(self.kept)

    @property
    def texts(self) -> list[str]:
        return [one.content.decode() for one in self.kept]


class Machine:
    """One with its copy of feeds.yaml, and a process that runs there."""

    def __init__(self, folder: Path, text: str, environ: dict[str, str] | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.path, self.environ = folder / "feeds.yaml", environ or {}
        self.edit(text)

    def edit(self, text: str) -> None:
        self.path.write_text(text)
        os.utime(self.path, ns=(time.time_ns(), time.time_ns()))

    async def start(self, store: Versions, *, polls: bool = True) -> Self:
        found = load(self.path, self.environ)
        self.catalogue = SharedCatalogue(self.path, found, self.environ, 1000, Watch())
        await self.catalogue.join(store)  # type: ignore[arg-type] # as much as it needs
        if polls:
            await self.catalogue.begin()
        return self

    async def look(self) -> list[str]:
        await self.catalogue.look()
        return self.sources

    @property
    def sources(self) -> list[str]:
        return [one.id for one in self.catalogue().sources]

    @property
    def difference(self) -> str:
        return self.catalogue().standing.difference


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(*given: Any, **fields: Any) -> apart.Understood:
        return apart.understand(*given, **fields)

    monkeypatch.setattr(shared_catalogue, "understand_apart", at_once)


@pytest.fixture
def store() -> Versions:
    return Versions()


async def test_the_first_copy_of_a_worker_is_in_force_and_a_web_process_puts_none_there(
    tmp_path: Path, store: Versions
):
    web = await Machine(tmp_path / "a", ONE).start(store, polls=False)
    assert (web.sources, store.texts) == (["one"], [])
    await Machine(tmp_path / "b", TWO).start(store)
    assert store.texts == [TWO]
    assert await web.look() == ["one", "two"]
    assert web.catalogue().standing.version == 1


async def test_a_copy_that_is_merely_another_one_follows_what_is_in_force_and_says_so(
    tmp_path: Path, store: Versions
):
    await Machine(tmp_path / "a", TWO).start(store)
    with capture_logs() as lines:
        old = await Machine(tmp_path / "b", ONE).start(store)
        assert await old.look() == ["one", "two"]
        old.edit(ONE)  # touched, not changed
        assert await old.look() == ["one", "two"]
    assert store.texts == [TWO]
    assert "version 1" in old.difference
    assert "aggregator apply" in old.difference
    assert [line["event"] for line in lines] == ["taken over", "not in force"]


async def test_an_edit_of_what_is_in_force_is_so_everywhere_and_rolled_out_copies_change_nothing(
    tmp_path: Path, store: Versions
):
    first = await Machine(tmp_path / "a", ONE).start(store)
    second = await Machine(tmp_path / "b", ONE).start(store)
    first.edit(TWO)
    assert await first.look() == ["one", "two"]
    assert await second.look() == ["one", "two"]
    assert second.difference
    second.edit(TWO)
    assert await second.look() == ["one", "two"]
    assert not second.difference
    second.edit(THREE)  # and now from there
    assert await second.look() == await first.look() == ["one", "two", "three"]
    assert store.texts == [ONE, TWO, THREE]


async def test_a_late_copy_in_a_roll_out_takes_nothing_back(tmp_path: Path, store: Versions):
    first = await Machine(tmp_path / "a", ONE).start(store)
    late = await Machine(tmp_path / "b", ONE).start(store)
    for text in (TWO, THREE):
        first.edit(text)
        await first.look()
    late.edit(TWO)
    assert await late.look() == ["one", "two", "three"]
    assert late.difference
    late.edit(THREE)
    assert await late.look() == ["one", "two", "three"]
    assert not late.difference
    assert store.texts == [ONE, TWO, THREE]


async def test_of_two_edits_at_once_the_first_is_in_force_and_the_other_is_told(tmp_path: Path, store: Versions):
    first = await Machine(tmp_path / "a", ONE).start(store)
    second = await Machine(tmp_path / "b", ONE).start(store)
    first.edit(TWO)
    second.edit(ONE.replace("one:", "four:"))
    known = store.catalogue_version
    store.catalogue_version = lambda: _answer(1)  # type: ignore[method-assign] # it looks before the other writes
    await first.look()
    looked = [1, 2]
    store.catalogue_version = lambda: _answer(looked.pop(0))  # type: ignore[method-assign]
    assert await second.look() == ["one", "two"]
    store.catalogue_version = known  # type: ignore[method-assign]
    assert second.difference
    assert store.texts == [ONE, TWO]


async def _answer(number: int) -> int:
    return number


async def test_a_broken_copy_is_refused_with_its_lines_and_the_mended_one_is_in_force(
    tmp_path: Path, store: Versions
):
    ours = await Machine(tmp_path / "a", ONE).start(store)
    other = await Machine(tmp_path / "b", ONE).start(store)
    ours.edit(BROKEN)
    assert await ours.look() == ["one"]
    assert ":4:" in str(ours.catalogue().mistakes[0])
    ours.edit(TWO)
    assert await ours.look() == await other.look() == ["one", "two"]
    assert ours.catalogue().mistakes == other.catalogue().mistakes == ()
    ours.path.unlink()
    assert await ours.look() == ["one", "two"]
    assert "no such file" in str(ours.catalogue().mistakes[0])
    ours.edit(TWO)
    assert await ours.look() == ["one", "two"]
    assert ours.catalogue().mistakes == ()
    assert store.texts == [ONE, TWO]


async def test_who_starts_with_a_broken_copy_follows_all_the_same_and_wins_nothing_by_mending_it(
    tmp_path: Path, store: Versions
):
    await Machine(tmp_path / "a", ONE).start(store)
    ours = Machine(tmp_path / "b", BROKEN)
    with pytest.raises(ConfigurationError) as caught:
        load(ours.path, {})
    found = recall(store.kept[-1].content, ours.path, {}, caught.value)
    ours.catalogue = SharedCatalogue(ours.path, found, {}, 1000, Watch())
    await ours.catalogue.join(store)  # type: ignore[arg-type] # as much as it needs
    assert (ours.sources, bool(ours.catalogue().mistakes), ours.difference) == (["one"], True, "")
    ours.edit(TWO)
    assert await ours.look() == ["one"]
    assert ours.difference
    assert ours.catalogue().mistakes == ()
    assert store.texts == [ONE]


async def test_apply_puts_any_copy_in_force_and_says_what_changes(tmp_path: Path, store: Versions):
    running = await Machine(tmp_path / "a", TWO).start(store)
    other = Machine(tmp_path / "b", ONE.replace("feed", "rss"))
    by_hand = SharedCatalogue(other.path, load(other.path, {}), {}, 1000, Watch())
    told = await by_hand.apply(store)  # type: ignore[arg-type] # as much as it needs
    assert "version 2: 1 source moved (one); 1 source removed (two)." in told
    assert await running.look() == ["one"]
    assert running.difference, "its copy is another one now"
    assert "in force already, as version 2" in await by_hand.apply(store)  # type: ignore[arg-type] # the same
    store.keep_catalogue = lambda *_, **__: _refuse()  # type: ignore[method-assign,assignment]
    other.edit(THREE)
    late = SharedCatalogue(other.path, load(other.path, {}), {}, 1000, Watch())
    with pytest.raises(StoreError, match="at this moment"):
        await late.apply(store)  # type: ignore[arg-type] # as much as it needs


async def _refuse() -> None:
    return None


async def test_who_does_not_understand_what_is_in_force_leaves_the_work_and_undoes_nothing(
    tmp_path: Path, store: Versions
):
    ours = await Machine(tmp_path / "a", ONE).start(store)
    later = "sources:\n  one: { url: https://one.example/feed, of_a_later_version: 1 }\n"
    await store.keep_catalogue(later.encode(), NOON)
    with capture_logs() as lines:
        await ours.look()
        await ours.look()
    assert ours.catalogue().standing.is_superseded
    assert "of_a_later_version" in ours.difference
    assert [line["event"] for line in lines] == ["superseded"]
    ours.edit(TWO)
    await ours.look()
    assert store.texts == [ONE, later]
    await store.keep_catalogue(TWO.encode(), NOON)
    assert await ours.look() == ["one", "two"]
    assert not ours.catalogue().standing.is_superseded
    assert not ours.difference


async def test_what_the_machine_could_not_understand_for_the_moment_is_tried_again(
    tmp_path: Path, store: Versions, monkeypatch: pytest.MonkeyPatch
):
    ours = await Machine(tmp_path / "a", ONE).start(store)
    other = await Machine(tmp_path / "b", ONE).start(store)
    other.edit(TWO)

    async def fail(path: Path, *_: Any, **__: Any) -> apart.Understood:
        return apart._put_off(path, OSError(24, "Too many open files"))

    with monkeypatch.context() as failing:
        failing.setattr(shared_catalogue, "understand_apart", fail)
        await other.look()
        assert "Too many open files" in str(other.catalogue().mistakes[0])
        await store.keep_catalogue(THREE.encode(), NOON)
        await ours.look()
        assert ours.catalogue().standing.is_superseded
    assert await ours.look() == await other.look() == ["one", "two", "three"]
    assert store.texts == [ONE, THREE]


async def test_variables_are_each_machines_own_and_who_lacks_one_leaves_its_sources_to_the_others(
    tmp_path: Path, store: Versions
):
    text = ONE + "  keyed: https://two.example/${KEY}\n"
    has = await Machine(tmp_path / "a", text, {"KEY": "k-0123456789"}).start(store)
    lacks = await Machine(tmp_path / "b", ONE).start(store)
    assert b"${KEY}" in store.kept[-1].content
    assert has.catalogue().secrets == {"k-0123456789"}
    keyed = lacks.catalogue().source("keyed")
    assert keyed is not None
    assert not keyed.enabled
    assert lacks.catalogue().standing.unset == {"keyed"}
    assert lacks.catalogue().disabled == frozenset(), "the others poll it"


async def test_without_the_database_all_goes_on_and_it_is_told_once(tmp_path: Path, store: Versions):
    ours = await Machine(tmp_path / "a", ONE).start(store)
    store.is_away = True
    ours.edit(TWO)
    with capture_logs() as lines:
        assert await ours.look() == await ours.look() == ["one"]
    assert [line["event"] for line in lines] == ["not followed"]
    store.is_away = False
    assert await ours.look() == ["one", "two"]


def test_a_change_is_told_by_what_joins_leaves_and_differs(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    path.write_text(ONE)
    before = load(path, {})
    assert describe(before, before) == "no source and no publication changes"
    path.write_text("sources:\n" + "".join(f"  s{n}: https://s{n}.example/\n" for n in range(7)))
    many = load(path, {})
    assert describe(before, many) == "7 sources added (s0, s1, s2, s3, s4, …); 1 source removed (one)"
    path.write_text(ONE + "publish:\n  all: {}\n  club: { private: 0123456789-0123456789 }\n")
    club = load(path, {})
    assert describe(before, club) == "1 publication added (club)"
    path.write_text(path.read_text().replace("-0", "-1"))
    lost = "club loses 1 token: its addresses under such a token end"
    assert describe(club, load(path, {})) == f"1 publication changed (club); {lost}"
    assert describe(before, replace(before, site=replace(before.site, title="Other"))) == "site changed"


async def test_of_several_processes_that_share_a_copy_none_takes_its_edit_for_another_one(
    tmp_path: Path, store: Versions
):
    first = await Machine(tmp_path / "here", ONE).start(store)
    second = await Machine(tmp_path / "here", ONE).start(store)
    with capture_logs() as lines:
        for text, found in ((TWO, ["one", "two"]), (THREE, ["one", "two", "three"]), (ONE, ["one"])):
            first.edit(text)
            assert await first.look() == found
            assert await second.look() == found
            assert (first.difference, second.difference) == ("", "")
    assert {line["event"] for line in lines} == {"taken over"}
    assert store.texts == [ONE, TWO, THREE, ONE]
