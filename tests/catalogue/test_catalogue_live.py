"""feeds.yaml while it is in use."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.catalogue import LiveCatalogue, load, recall
from aggregator.catalogue import live as module
from aggregator.errors import ConfigurationError

GOOD = "sources:\n  one: https://one.example/feed\n"
BROKEN = "sources:\n  one: https://one.example/feed\n  two: [\n"


@pytest.fixture(autouse=True)
def _always_look(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_LOOK_AGAIN", 0.0)


def write(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, ns=(time.time_ns(), time.time_ns()))


def failing(path: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(path, {})
    return caught.value


def test_an_edit_with_mistakes_changes_nothing_but_is_told_until_it_is_mended(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    write(path, BROKEN)
    with capture_logs() as lines:
        broken = [current(), current()]
    assert [one.id for one in broken[0].sources] == ["one"]
    assert ":4:" in str(broken[0].mistakes[0])
    assert broken[0] is broken[1]
    assert [line["event"] for line in lines] == ["mistakes"]
    path.unlink()
    assert "no such file" in str(current().mistakes[0])
    write(path, GOOD.replace("one:", "three:"))
    assert [one.id for one in current().sources] == ["three"]
    assert current().mistakes == ()


def test_a_file_that_could_not_be_read_for_a_while_is_in_force_again_without_an_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    write(path, GOOD.replace("one:", "three:"))

    def refuse(*_: object) -> None:
        raise OSError(24, "Too many open files")

    with capture_logs() as lines, monkeypatch.context() as failing:
        failing.setattr(Path, "open", refuse)
        refused = [current(), current()]
    assert "Too many open files" in str(refused[0].mistakes[0])
    assert [line["event"] for line in lines] == ["mistakes"]
    assert [one.id for one in current().sources] == ["three"]


def test_an_edit_for_which_there_was_no_memory_is_taken_over_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "feeds.yaml"
    write(path, GOOD)
    current = LiveCatalogue(path, load(path, {}), {}, 1000)
    write(path, GOOD.replace("one:", "three:"))

    def refuse(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as failing:
        failing.setattr(module, "load", refuse)
        with pytest.raises(MemoryError):
            current()
    assert [one.id for one in current().sources] == ["three"]


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
