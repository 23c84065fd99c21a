"""feeds.yaml while it is in use."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator.catalogue import LiveCatalogue, apart, load, recall
from aggregator.catalogue import live as module
from aggregator.errors import ConfigurationError
from aggregator.model import Catalogue
from tests.support.waiting import PATIENCE, until

GOOD = "sources:\n  one: https://one.example/feed\n"
BROKEN = "sources:\n  one: https://one.example/feed\n  two: [\n"


@pytest.fixture
def _in_process(monkeypatch: pytest.MonkeyPatch):
    """No child process where none is what is tried."""

    async def at_once(*given: Any) -> apart.Understood:
        return apart.understand(*given)

    monkeypatch.setattr(module, "understand_apart", at_once)


in_process = pytest.mark.usefixtures("_in_process")


async def look(current: LiveCatalogue) -> Catalogue:
    await current.look()
    return current()


def write(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, ns=(time.time_ns(), time.time_ns()))


def failing(path: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(path, {})
    return caught.value


@in_process
async def test_an_edit_with_mistakes_changes_nothing_but_is_told_until_it_is_mended(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    write(path, BROKEN)
    with capture_logs() as lines:
        broken = [await look(current), await look(current)]
    assert [one.id for one in broken[0].sources] == ["one"]
    assert ":4:" in str(broken[0].mistakes[0])
    assert broken[0] is broken[1]
    assert [line["event"] for line in lines] == ["mistakes"]
    path.unlink()
    assert "no such file" in str((await look(current)).mistakes[0])
    write(path, GOOD.replace("one:", "three:"))
    assert [one.id for one in (await look(current)).sources] == ["three"]
    assert current().mistakes == ()


@in_process
async def test_an_edit_between_the_start_and_the_first_look_is_not_missed(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    found = load(path, {})
    write(path, GOOD.replace("one:", "three:"))
    current = LiveCatalogue(path, found, {}, 1000)
    assert [one.id for one in current().sources] == ["one"]
    assert [one.id for one in (await look(current)).sources] == ["three"]
    assert current() is await look(current)


@in_process
async def test_a_file_that_could_not_be_read_for_a_while_is_in_force_again_without_an_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    write(path, GOOD.replace("one:", "three:"))

    def refuse(*_: object) -> None:
        raise OSError(24, "Too many open files")

    with capture_logs() as lines, monkeypatch.context() as failing:
        failing.setattr(os, "open", refuse)
        refused = [await look(current), await look(current)]
    assert "Too many open files" in str(refused[0].mistakes[0])
    assert [line["event"] for line in lines] == ["mistakes"]
    assert [one.id for one in (await look(current)).sources] == ["three"]


@in_process
async def test_a_pipe_in_the_place_of_the_file_is_told_and_keeps_no_edit_from_being_seen(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    path.unlink()
    os.mkfifo(path)
    with capture_logs() as lines:
        refused = await asyncio.wait_for(look(current), PATIENCE)
    assert "is no file but a pipe" in str(refused.mistakes[0])
    assert [one.id for one in refused.sources] == ["one"]
    assert [line["event"] for line in lines] == ["mistakes"]
    path.unlink()
    write(path, GOOD.replace("one:", "three:"))
    assert [one.id for one in (await look(current)).sources] == ["three"]


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), MemoryError()])
async def test_an_edit_for_which_there_was_no_process_or_memory_is_told_and_taken_over_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    write(path, GOOD.replace("one:", "three:"))

    def refuse(*_: object) -> None:
        raise error

    with monkeypatch.context() as failing:
        failing.setattr(apart, "_start", refuse)
        assert "could not be read for the moment" in str((await look(current)).mistakes[0])
    assert [one.id for one in (await look(current)).sources] == ["three"]


async def test_an_edit_is_understood_apart_while_the_event_loop_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whatever this process does with it is done in no time: nothing of YAML, patterns or addresses runs in it."""
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    slow = "filter: [ { drop: { title: '^(a|aa)+$' } } ]"
    write(path, f"sources:\n  three: {{ url: 'https://three.example/${{KEY}}', {slow} }}\n")

    def refuse(*_: object) -> None:
        raise AssertionError("in this process")

    monkeypatch.setattr(apart, "load_text", refuse)
    monkeypatch.setattr(current, "_environ", {"KEY": "k-0123456789"})
    found = await look(current)
    assert [one.location for one in found.sources] == ["https://three.example/k-0123456789"]
    assert found.secrets == {"k-0123456789"}
    assert len(found.notices) == 1
    write(path, BROKEN)
    assert ":4:" in str((await look(current)).mistakes[0])
    assert not multiprocessing.active_children()


async def test_who_is_told_to_stop_does_not_wait_for_an_edit_to_be_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    write(path, GOOD.replace("one:", "three:"))
    monkeypatch.setattr(apart, "_tell", _hang)
    monkeypatch.setattr(module, "_LOOK_AGAIN", 0.01)
    following = asyncio.create_task(current.follow())
    await until(lambda: bool(multiprocessing.active_children()))
    following.cancel()
    await asyncio.wait([following])
    assert not multiprocessing.active_children()
    assert [one.id for one in current().sources] == ["one"]


def _hang(*_: object) -> None:
    time.sleep(300)


def test_a_child_tells_what_it_understood_and_heeds_no_signal_of_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    heeded: list[object] = []
    monkeypatch.setattr(signal, "signal", lambda *given: heeded.append(given))
    monkeypatch.setattr(os, "nice", heeded.append)
    ours, theirs = multiprocessing.Pipe(duplex=False)
    apart._tell(theirs, tmp_path / "feeds.yaml", GOOD.encode(), {})
    found = apart._receive(ours, tmp_path / "feeds.yaml")
    assert found.catalogue is not None
    assert [one.id for one in found.catalogue.sources] == ["one"]
    assert heeded == [(signal.SIGINT, signal.SIG_IGN), (signal.SIGHUP, signal.SIG_IGN), apart._NICE]


def test_an_edit_that_takes_too_long_to_understand_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "_SECONDS", 0.01)
    ours, theirs = multiprocessing.Pipe(duplex=False)
    with theirs:
        found = apart._receive(ours, tmp_path / "feeds.yaml")
    assert (found.catalogue, found.passing) == (None, False)
    assert "takes longer than 0.01 seconds to understand" in str(found.mistakes[0])


@in_process
async def test_a_fault_of_our_own_in_an_edit_is_told_and_the_next_edit_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)

    def fail(*_: object) -> None:
        raise KeyError("ours")

    with capture_logs() as lines, monkeypatch.context() as failing:
        failing.setattr(apart, "load_text", fail)
        write(path, GOOD + "  two: https://two.example/\n")
        assert "a fault in this program (KeyError)" in str((await look(current)).mistakes[0])
        assert await look(current) is current()
    assert [line["event"] for line in lines] == ["fault", "mistakes"]
    assert "KeyError: 'ours'" in lines[0]["exception"]
    write(path, GOOD.replace("one:", "three:"))
    assert [one.id for one in (await look(current)).sources] == ["three"]


async def test_whatever_goes_wrong_with_a_look_the_next_one_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    looks: list[int] = []

    async def fail() -> None:
        looks.append(1)
        raise RuntimeError

    monkeypatch.setattr(current, "look", fail)
    monkeypatch.setattr(module, "_LOOK_AGAIN", 0.01)
    with capture_logs() as lines:
        following = asyncio.create_task(current.follow())
        await until(lambda: len(looks) > 2)
        following.cancel()
        await asyncio.wait([following])
    assert {line["event"] for line in lines} == {"fault"}


def test_what_was_understood_before_is_recalled_with_the_mistakes_of_the_present_file(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    write(path, BROKEN)
    found = recall(GOOD.encode(), path, {}, failing(path))
    assert [one.id for one in found.sources] == ["one"]
    assert found.mistakes
    assert found.text == GOOD.encode()


def test_a_variable_that_is_not_set_any_more_costs_only_what_needs_it(tmp_path: Path):
    text = (
        "sources:\n  keyed: https://one.example/${KEY}/feed\n"
        "  headed: { url: https://two.example/, headers: { X: '${KEY}' } }\n"
        "  free: https://three.example/\n"
        "publish:\n  club: { private: '${TOKEN}' }\n  open: { title: '${TITLE}' }\n"
        "  held: { private: '${HELD}' }\n"
    )
    path = tmp_path / "feeds.yaml"
    write(path, text)
    held = {"HELD": "held-0123456789-held"}
    found = recall(text.encode(), path, held, failing(path))
    assert {one.id: one.enabled for one in found.sources} == {"keyed": False, "headed": False, "free": True}
    club, opened, kept = found.publications
    assert len(club.tokens) == 1
    assert "TOKEN" not in club.tokens[0]
    assert recall(text.encode(), path, held, failing(path)).publications[0].tokens != club.tokens
    assert not opened.private
    assert kept.tokens == ("held-0123456789-held",)


def test_where_the_kept_text_cannot_be_understood_either_the_mistakes_are_told(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    write(path, BROKEN)
    error = failing(path)
    with pytest.raises(ConfigurationError) as caught:
        recall(b"sources: 5\n", path, {}, error)
    assert caught.value is error
