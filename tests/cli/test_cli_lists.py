"""Lists elsewhere are followed: what they name is polled, and nothing that they do announces anything twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aggregator.app import RELEASED
from tests.cli.test_cli_schemas import schema
from tests.support.commands import Commands, showing
from tests.support.installation import item, rss
from tests.support.publisher import Publisher, publishing

DAY = timedelta(days=1, minutes=1)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as one:
        for number in range(1, 5):
            one.put(f"/{number}", rss(item(number)))
        yield one


def put_list(publisher: Publisher, *numbers: int) -> str:
    feeds = "".join(f"<outline text='F{one}' xmlUrl='{publisher.url(f'/{one}')}'/>" for one in numbers)
    body = f"<opml version='2.0'><body><outline text='North'>{feeds}</outline></body></opml>"
    return publisher.put("/list.opml", body, "text/x-opml")


def follow(folder: Path, where: str) -> Commands:
    return Commands.at(
        folder,
        f"lists:\n  planet: {where}\npublish:\n  all: {{}}\n  north: {{ from: {{ tags: [north] }} }}\n",
    )


def shown(ours: Commands, name: str = "all") -> set[str]:
    ours.command("publish", "--to", "out")
    feed = json.loads((ours.folder / "out" / f"{name}.json").read_text(encoding="utf-8"))
    return {one["id"] for one in feed["items"]}


def lists(ours: Commands) -> dict[str, Any]:
    found = json.loads(ours.command("status", "--json"))["lists"][0]
    assert isinstance(found, dict)
    return found


def test_what_a_list_names_is_polled_and_what_it_drops_and_names_again_is_announced_once(
    tmp_path: Path, publisher: Publisher
):
    ours = follow(tmp_path, put_list(publisher, 1, 2, 3, 4))
    with showing(RELEASED):
        assert "planet-f4: 1 new" in ours.command("poll")
        first = shown(ours)
        assert (len(first), shown(ours, "north")) == (4, first)
        assert "list planet: 4 feeds; read 0s ago" in ours.command("status")
        assert f"list planet: {publisher.url('/list.opml')}" in ours.command("check")
        assert "no source and no publication changes." in ours.command("diff"), "the list's are in both"
    put_list(publisher, 1, 2, 3)
    with showing(RELEASED + DAY):
        ours.command("poll")
        assert set(ours.status()) == {"planet-f1", "planet-f2", "planet-f3"}
        assert len(shown(ours)) == 3
    put_list(publisher, 4, 3, 2, 1)
    with showing(RELEASED + 2 * DAY):
        assert "planet-f4: nothing new" in ours.command("poll")
        assert shown(ours) == first


def test_a_list_is_asked_once_a_day_with_the_validators_that_it_gave(tmp_path: Path, publisher: Publisher):
    ours = follow(tmp_path, put_list(publisher, 1))
    for moment in (RELEASED, RELEASED + timedelta(hours=3), RELEASED + DAY):
        with showing(moment):
            ours.command("poll")
    first, second = publisher.asked("/list.opml")
    assert "if-none-match" not in first
    assert second["if-none-match"].startswith('"')
    assert lists(ours)["error"] is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!doctype html><title>Sign in</title><p>Sign in", "This is a web page, and no list of feeds (OPML)."),
        ("\n<HTML><body>Maintenance</body></HTML>", "This is a web page, and no list of feeds (OPML)."),
        ("<rss version='2.0'><channel/></rss>", "This is not OPML"),
        ("<opml version='2.0'><body/></opml>", "The list names no feeds."),
        ("<opml><body><outline htmlUrl='https://a.example/'/></body></opml>", "The list names no feeds."),
        (None, "404"),
    ],
    ids=["broken-page", "page", "a-feed", "empty", "no-feed", "gone"],
)
def test_an_answer_that_is_no_list_changes_nothing_and_is_told(
    tmp_path: Path, publisher: Publisher, body: str | None, words: str
):
    ours = follow(tmp_path, put_list(publisher, 1, 2))
    with showing(RELEASED):
        ours.command("poll")
    if body is None:
        del publisher.pages["/list.opml"]
    else:
        publisher.put("/list.opml", body, "text/html")
    with showing(RELEASED + DAY):
        assert "list planet: 2 feeds; not read: " in ours.command("poll")
        told = lists(ours)
        assert words in told["error"]
        assert "What it named before holds" in ours.command("status")
        assert set(ours.status()) == {"planet-f1", "planet-f2"}
    put_list(publisher, 1, 2, 3)
    with showing(RELEASED + DAY + timedelta(hours=7)):
        ours.command("poll")
        assert (lists(ours)["error"], len(ours.status())) == (None, 3), "asked again within hours"


def test_a_list_that_loses_many_at_once_is_held_and_status_tells(tmp_path: Path, publisher: Publisher):
    ours = follow(tmp_path, put_list(publisher, 1, 2, 3, 4))
    with showing(RELEASED):
        ours.command("poll")
    put_list(publisher, 1, 2)
    for day in (1, 2):
        with showing(RELEASED + day * DAY):
            assert "list planet: 4 feeds; held: since" in ours.command("poll")
            assert len(ours.status()) == 4
            assert lists(ours)["missing"] == 2
            assert "held: since 2026-11-02 it lacks 2 feeds" in ours.command("status")
    with showing(RELEASED + 9 * DAY):
        ours.command("poll")
        assert (len(ours.status()), lists(ours)["held_since"]) == (2, None)


def test_a_source_of_a_list_that_an_editor_makes_his_own_keeps_its_items(tmp_path: Path, publisher: Publisher):
    ours = follow(tmp_path, put_list(publisher, 1, 2))
    with showing(RELEASED):
        ours.command("poll")
        before = shown(ours)
        feeds = ours.folder / "feeds.yaml"
        feeds.write_text(f"sources:\n  mine: {publisher.url('/1')}\n{feeds.read_text('utf-8')}", encoding="utf-8")
        assert "mine: nothing new" in ours.command("poll", "--all")
        assert shown(ours) == before
        assert set(ours.status()) == {"mine", "planet-f2"}
        refused = ours.command("remove", "planet-f2", expect=1)
        told = (
            f"'planet-f2' is not in it: it comes from the list 'planet' ({publisher.url('/list.opml')}). To leave"
        )
        assert told in refused
        assert "there is no source 'planet-f3'" in ours.command("remove", "planet-f3", expect=1), (
            "no list names it"
        )


def test_what_remove_says_to_write_leaves_a_feed_out_of_a_list_and_taken_back_it_announces_nothing(
    tmp_path: Path, publisher: Publisher
):
    where = put_list(publisher, 1, 2, 3, 4)
    ours = Commands.at(tmp_path, f"lists:\n  my_planet:\n    url: {where}\n")
    ours.command("poll")
    before, plain = shown(ours), (tmp_path / "feeds.yaml").read_text()
    refused = ours.command("remove", "my-planet-f2", expect=1)
    (key,) = re.findall(r"write `(without: .*?)` under `lists.my_planet`", refused)
    (tmp_path / "feeds.yaml").write_text(f"{plain}    {key}\n")
    told = ours.command("diff", expect=1)
    assert "~ list my_planet: without\n" in told
    assert "- source my-planet-f2: " in told
    assert "all: 0 entries added, 1 dropped; 0 announced again." in told
    ours.command("poll", "--all")
    assert len(shown(ours)) == 3
    (tmp_path / "feeds.yaml").write_text(f"{plain}    without: [my-planet-f2, nobody.example/feed]\n")
    assert "list names no feed that is called `nobody.example/feed`" in ours.command("check")
    ours.command("poll", "--all")
    assert len(shown(ours)) == 3, "by its id as well"
    (tmp_path / "feeds.yaml").write_text(plain)
    assert "my-planet-f2: nothing new" in ours.command("poll", "--all")
    assert shown(ours) == before


def test_lists_that_cannot_be_read_are_told_by_poll_check_and_status(tmp_path: Path, publisher: Publisher):
    page = publisher.put("/page", "<html><body>Maintenance</body></html>", "text/html")
    ours = Commands.at(
        tmp_path,
        f"lists:\n  one: {put_list(publisher, 1, 2)}\n  page: {page}\n  none: {publisher.url('/none')}\n"
        f"sources:\n  four: {publisher.url('/4')}\n",
    )
    told = ours.command("poll", "--all")
    assert told.endswith("; 0 failed; 2 lists could not be read.\n")
    assert "holds" not in told, "they named nothing before"
    told = ours.command("check")
    assert "note: feeds.yaml:3: the list 'page' could not be read: This is a web page" in told
    assert "note: feeds.yaml:4: the list 'none' could not be read: 127.0.0.1 answered 404" in told
    assert "1 source and 2 from lists, 1 publication, no mistakes." in told
    told = ours.command("status")
    assert told.count("This is a web page") == 1, "once is enough"
    assert "\nlist page: 0 feeds; never read; not read: This is a web page" in told
    facts = json.loads(ours.command("check", "--json"))
    jsonschema.validate(facts, schema("check"))
    assert (facts["sources"], facts["listed"], [one["line"] for one in facts["notes"]]) == (1, 2, [3, 4])


def test_where_nothing_is_due_lists_that_cannot_be_read_are_counted_all_the_same(
    tmp_path: Path, publisher: Publisher
):
    ours = Commands.at(tmp_path, f"lists: {{ none: {publisher.url('/none')} }}\n")
    told = ours.command("poll", expect=1)
    assert "\n1 list could not be read: `aggregator status` says why.\nNothing is due." in told
    assert "list none: 0 feeds; not read: 127.0.0.1 answered 404" in told
    assert "1 list could not be read" in ours.command("poll"), "it is not asked again yet, so nothing failed now"


def test_a_poll_by_which_only_lists_are_asked_fails_where_none_of_them_can_be_read(
    tmp_path: Path, publisher: Publisher
):
    none, feed = publisher.url("/none"), publisher.put("/1", rss(item(1)))
    ours = Commands.at(tmp_path, f"lists: {{ a: {none} }}\nsources: {{ river: {feed} }}\n")
    ours.command("poll")
    for feeds, status in (
        (f"lists: {{ a: {none}, b: {none}?b }}\nsources: {{ river: {feed} }}\n", 1),
        (f"lists: {{ a: {none}, c: {put_list(publisher, 1)} }}\nsources: {{ river: {feed} }}\n", 0),
    ):
        (tmp_path / "feeds.yaml").write_text(feeds, encoding="utf-8")
        assert "Nothing is due." in ours.command("poll", expect=status)
