"""add looks before it writes, asks where only an editor knows, and refuses what cannot be read; remove tells."""

from __future__ import annotations

import os
import pty
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
import typer

from aggregator.cli import adding
from aggregator.preview import assessment
from tests.support.commands import Commands
from tests.support.installation import Installation, item, rss
from tests.support.publisher import Publisher, publishing
from tests.support.waiting import PATIENCE

_LINK = "<link rel=alternate type=application/rss+xml href='{}' title='{}'>"
_LIST = "".join(
    f"<article><h2><a href='/news/2026/{number}-a-long-name-of-what-happened'>What happened at the river on day "
    f"{number}</a></h2><time datetime='2026-11-0{number}'>{number} November</time></article>"
    for number in range(1, 7)
)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as one:
        yield one


@pytest.fixture
def ours(tmp_path: Path) -> Commands:
    return Commands.at(tmp_path, "sources: {}   # ours\n")


def feeds_yaml(ours: Commands) -> str:
    return (ours.folder / "feeds.yaml").read_text(encoding="utf-8")


def with_answers(ours: Commands, answers: list[object], *arguments: str, expect: int = 0) -> str:
    """The command as at a terminal, where somebody gives these answers in turn."""

    def answer(*_: object, **__: object) -> object:
        return answers.pop(0)

    with (
        patch.object(adding, "_is_asking", lambda: True),
        patch("typer.prompt", answer),
        patch("typer.confirm", answer),
    ):
        output = ours.command(*arguments, expect=expect)
    assert answers == [], "all were asked for"
    return output


def put_site(publisher: Publisher) -> str:
    publisher.put("/news.rss", rss(item(1), item(2)).replace("<title>", "<title>News of ", 1))
    publisher.put("/letters.rss", rss(item(3)))
    links = _LINK.format("/news.rss", "News") + _LINK.format("/letters.rss", "Letters")
    return publisher.put("/", f"<!doctype html><title>River</title>{links}", "text/html")


def test_of_several_feeds_that_a_page_names_a_terminal_asks_which(ours: Commands, publisher: Publisher):
    site = put_site(publisher)
    output = with_answers(ours, [7, 2], "add", site, "--id", "river")
    assert f"  2  {publisher.url('/letters.rss')} (Letters)" in output.splitlines()
    assert f"river: {publisher.url('/letters.rss')}" in feeds_yaml(ours)
    assert "1 of 1 entries would join" in output, "the one that was chosen was looked at as well"
    assert "2 of 2 entries" not in output, "of what was not chosen nothing is told but where it is"


def test_without_a_terminal_the_likeliest_feed_is_taken_and_the_others_are_named(
    ours: Commands, publisher: Publisher
):
    output = ours.command("add", put_site(publisher), "--id", "river")
    assert f"That page names other feeds too: {publisher.url('/letters.rss')} (Letters)." in output
    assert f"river: {publisher.url('/news.rss')}" in feeds_yaml(ours)


def test_a_list_of_articles_is_offered_as_a_page_at_a_terminal_and_by_an_option(
    ours: Commands, publisher: Publisher
):
    where = publisher.put("/list", f"<!doctype html><title>Town</title><main>{_LIST}</main>", "text/html")
    refused = ours.command("add", where, "--id", "town", expect=1)
    assert "It is a page that lists 6 articles" in refused
    assert "Not added" in with_answers(ours, [False], "add", where, "--id", "town", expect=1)
    for number in range(1, 7):
        text = f"<p>{'The river rose, and the town looked on from its bridges. ' * 12}</p>"
        body = (
            f"<!doctype html><title>What happened {number}</title><article><h1>What {number}</h1>{text}</article>"
        )
        publisher.put(f"/news/2026/{number}-a-long-name-of-what-happened", body, "text/html")
    with_answers(ours, [True], "add", where, "--id", "town")
    assert f"town:\n    page: {where}\n" in feeds_yaml(ours)
    ours.command("remove", "town")
    ours.command("add", where, "--page", "--id", "town")
    assert f"town:\n    page: {where}\n" in feeds_yaml(ours)


def test_what_is_added_is_told_in_a_few_lines_and_whole_if_asked_for(ours: Commands, publisher: Publisher):
    text = "A text that is long enough to be taken for an article, and not for the beginning of one. " * 20
    entries = [item(day, text=text, date=f"Sun, {day:02} Feb 2026 08:00:00 GMT") for day in range(1, 13)]
    told = ours.command("add", publisher.put("/feed", rss(*entries)), "--id", "river").splitlines()
    assert told[0] == "River News: 12 of 12 entries would join; one every 1d; full texts"
    assert told[1:4] == [f"  2026-02-{day}  Report {day}" for day in (12, 11, 10)]
    assert told[4].startswith("feeds.yaml: added 'river': http://127.0.0.1:")
    assert len(told) == 5
    whole = ours.command("add", publisher.put("/other", rss(*entries)), "--id", "lake", "--verbose")
    assert "robots.txt: allows it" in whole
    assert "written 'Sun, 12 Feb 2026 08:00:00 GMT'" in whole
    assert "and 7 more: `aggregator preview --json` has all of them" in whole


def test_of_what_is_the_matter_with_a_feed_five_notes_are_told_before_it_is_added(
    ours: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
):
    judge = assessment.judge
    notes = tuple(f"Note {number}." for number in range(7))
    monkeypatch.setattr(assessment, "judge", lambda sight: replace(judge(sight), notes=notes))
    told = ours.command("add", publisher.put("/feed", rss(item(1))), "--id", "river")
    assert told.count("note: ") == 5
    assert "and 2 more notes: --verbose has them" in told


def test_what_is_not_added_is_not_said_to_be_asked_again(ours: Commands):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    told = ours.command("add", f"127.0.0.1:{port}/feed", expect=1)
    assert told.splitlines()[0] == "127.0.0.1 could not be reached: nobody listens there."


@pytest.mark.parametrize("status", [410, 503])
def test_what_is_gone_or_down_is_refused_and_added_only_by_force(
    ours: Commands, publisher: Publisher, status: int
):
    publisher.statuses["/feed"] = status
    before = feeds_yaml(ours)
    output = ours.command("add", publisher.url("/feed"), "--id", "river", expect=1)
    assert str(status) in output
    assert feeds_yaml(ours) == before
    ours.command("add", publisher.url("/feed"), "--id", "river", "--force")
    assert "river" in feeds_yaml(ours)


@pytest.mark.parametrize("insisting", [(), ("--force",)])
def test_what_leads_to_a_host_that_asked_not_to_be_read_is_not_added_whoever_insists(
    ours: Commands, publisher: Publisher, insisting: tuple[str, ...]
):
    publisher.put("/feed", rss(item(1)))
    publisher.moved["/there"] = publisher.url("/feed").replace("127.0.0.1", "localhost")
    (ours.folder / "feeds.yaml").write_text("opt_out: [localhost]\nsources: {}\n", encoding="utf-8")
    before = feeds_yaml(ours)
    output = ours.command("add", publisher.url("/there"), "--id", "there", *insisting, expect=1)
    assert "localhost asked not to be read (`opt_out` in feeds.yaml, line 1)" in output
    assert "Not added.\n" in output
    assert feeds_yaml(ours) == before
    assert publisher.asked("/feed") == []


@pytest.mark.parametrize("written", ["/feed", "/old"])
def test_what_moved_for_good_to_where_a_source_reads_already_is_added_only_by_force(
    ours: Commands, publisher: Publisher, written: str
):
    feed = publisher.put("/feed", rss(item(1), item(2)))
    publisher.moved |= {"/old": feed, "/older": feed}
    (ours.folder / "feeds.yaml").write_text(f"sources:\n  river: {publisher.url(written)}\n", encoding="utf-8")
    ours.command("poll", "river")
    before = feeds_yaml(ours)
    output = ours.command("add", publisher.url("/older"), "--id", "again", expect=1)
    assert f"{feed}: source 'river' reads this already: not added." in output
    assert "write that address" not in output
    assert feeds_yaml(ours) == before
    ours.command("add", publisher.url("/older"), "--id", "again", "--force")
    assert f"again: {publisher.url('/older')}\n" in feeds_yaml(ours)


@pytest.mark.parametrize("key", [KeyboardInterrupt, EOFError])
@pytest.mark.parametrize("path", ["/", "/list"])
def test_ctrl_c_at_a_question_ends_with_130_and_nothing_is_changed(
    ours: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, path: str, key: type[BaseException]
):
    put_site(publisher)
    publisher.put("/list", f"<!doctype html><title>Town</title><main>{_LIST}</main>", "text/html")
    before = feeds_yaml(ours)

    def press(*_: object) -> str:
        raise key

    monkeypatch.setattr(adding, "_is_asking", lambda: True)
    monkeypatch.setattr(f"{typer.prompt.__module__}.visible_prompt_func", press)
    output = ours.command("add", publisher.url(path), expect=130 if key is KeyboardInterrupt else 1)
    assert ("Aborted!" in output) == (key is EOFError)
    assert feeds_yaml(ours) == before


def test_an_address_that_hangs_ends_in_time_with_an_error_and_nothing_is_changed(
    ours: Commands, monkeypatch: pytest.MonkeyPatch
):
    before = feeds_yaml(ours)
    monkeypatch.setattr(adding, "_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"http://ann:opensesame@127.0.0.1:{silent.getsockname()[1]}/feed"
        output = ours.command("add", where, expect=1)
    assert "kept us waiting for 0.5 seconds: not added, nothing was changed" in output
    assert "opensesame" not in output
    assert feeds_yaml(ours) == before


def test_remove_tells_what_becomes_of_the_items(ours: Commands, publisher: Publisher):
    feed = publisher.put("/feed", rss(item(1), item(2)))
    ours.command("add", feed, "--id", "river")
    ours.command("add", publisher.put("/other", rss(item(3))), "--id", "lake")
    ours.command("poll", "river")
    assert "2 items of it stay in the database" in ours.command("remove", "river")
    assert "Nothing of it was stored yet." in ours.command("remove", "lake")
    ours.command("add", feed, "--id", "brook")
    assert "brook: nothing new" in ours.command("poll", "brook")


@pytest.mark.acceptance
def test_a_terminal_of_forty_columns_is_asked_and_shown_no_colours_where_it_wants_none(
    tmp_path: Path, publisher: Publisher
):
    installed = Installation.at(tmp_path, "sources: {}\n")
    site = put_site(publisher)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "aggregator", "add", site, "--id", "river"]
    environment = installed.environment | {"NO_COLOR": "1", "COLUMNS": "40", "TERM": "xterm"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as adds:
        os.close(theirs)
        os.write(ours, b"2\n")
        assert adds.wait(PATIENCE) == 0
        shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Which one" in shown
    assert "\x1b[3" not in shown
    assert f"river: {publisher.url('/letters.rss')}" in (tmp_path / "feeds.yaml").read_text()
