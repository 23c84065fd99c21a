"""import tells in a line what came of a list, and what a planet's subscribers would see again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator import upkeep
from tests.support.commands import Commands
from tests.support.installation import rss
from tests.support.publisher import Publisher, publishing

_OUTLINE = "<outline text='{0}' xmlUrl='https://a{0}.example/feed'/>"
_ENTRY = (
    "<entry><id>{0}</id><title>T</title><updated>2026-11-01T10:00:00Z</updated><link href='{1}'/>"
    "<content>What was said at the river.</content></entry>"
)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as one:
        yield one


@pytest.fixture
def ours(tmp_path: Path) -> Commands:
    return Commands.at(tmp_path, "sources: {}\n")


def atom(*entries: tuple[str, str]) -> str:
    inner = "".join(_ENTRY.format(*one) for one in entries)
    head = "<id>urn:x:planet</id><title>Planet</title><updated>2026-11-01T10:00:00Z</updated>"
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{inner}</feed>"


def named(guid: str, link: str) -> str:
    """An item of RSS with that guid and address; none of the two where it is empty."""
    name = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    said = f"<title>T {link}</title><link>{link}</link><description>A text of {link}.</description>"
    return f"<item>{name}{said}</item>"


def test_what_came_of_a_list_of_many_is_told_on_one_line(ours: Commands):
    (ours.folder / "all.opml").write_text(
        f"<opml version='2.0'><body>{''.join(map(_OUTLINE.format, range(204)))}</body></opml>", encoding="utf-8"
    )
    assert ours.command("import", "all.opml") == "feeds.yaml: 204 added.\n"
    again = ours.command("import", "all.opml").splitlines()
    assert again == ["feeds.yaml: 0 added, 204 there already."]


def test_what_cannot_be_read_is_named_and_of_much_only_a_part(ours: Commands):
    outlines = "".join(f"<outline type='rss' text='Empty {one}'/>" for one in range(9))
    (ours.folder / "all.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>", encoding="utf-8")
    output = ours.command("import", "all.opml").splitlines()
    assert output[0] == "feeds.yaml: 0 added, 9 left out."
    assert len(output) == 7
    assert output[-1] == "  and 4 more"


def test_of_a_list_nothing_is_dropped_without_being_counted(ours: Commands):
    outlines = (
        "<outline text='Gamma' url='feed://g.example/rss'/><outline text='All' type='include' url='list.opml'/>"
        "<outline text='Page' htmlUrl='https://p.example/'/><outline text='Mail' url='mailto:a@b.example'/>"
    )
    (ours.folder / "all.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>", encoding="utf-8")
    output = ours.command("import", "all.opml").splitlines()
    assert output[0] == "feeds.yaml: 1 added, 3 left out."
    assert output[2] == (
        "  left out: Page: no feed is named, only a page; `aggregator add https://p.example/` looks for its feed"
    )
    assert "url: https://g.example/rss" in (ours.folder / "feeds.yaml").read_text("utf-8")


def test_a_list_elsewhere_is_asked_for_once_and_how_to_follow_it_is_said(ours: Commands, publisher: Publisher):
    listed = f"<opml version='2.0'><body>{_OUTLINE.format(1)}</body></opml>"
    where = publisher.put("/subscriptions", listed, "text/x-opml")
    output = ours.command("import", where.replace("http://", "feed:http://")).splitlines()
    assert output[0] == "feeds.yaml: 1 added."
    assert output[1] == f"note: It was read once. To follow it, write `127-0-0-1: {where}` under `lists:`."
    assert "https://a1.example/feed" in (ours.folder / "feeds.yaml").read_text("utf-8")
    assert len(publisher.asked("/subscriptions")) == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/gone.opml", "cannot be read: "),
        ("/page.opml", "This is a web page, and no list of feeds (OPML)."),
        ("/config.ini", "the list members.ini stands beside it, elsewhere; import that by its own address"),
    ],
)
def test_a_list_elsewhere_that_is_none_is_refused_and_reaches_no_file_of_ours(
    ours: Commands, publisher: Publisher, path: str, words: str
):
    publisher.put("/page.opml", "<!doctype html><p>Sign in", "text/html")
    publisher.put("/config.ini", "[Planet]\nname = P\n[members.ini]\ncontent_type = config\n", "text/plain")
    (ours.folder / "members.ini").write_text("[https://a.example/feed]\n", encoding="utf-8")
    output = ours.command("import", publisher.url(path), expect=1)
    assert output.startswith(publisher.url(path))
    assert words in output
    assert (ours.folder / "feeds.yaml").read_text() == "sources: {}\n"


def test_a_planet_elsewhere_is_reckoned_with_by_the_feed_at_its_address(ours: Commands, publisher: Publisher):
    put_planet(ours, publisher, publisher.url("/down"))
    where = publisher.put("/config.ini", (ours.folder / "config.ini").read_bytes(), "text/plain")
    output = ours.command("import", where)
    assert f"entries again, by {publisher.url('/planet/atom.xml')}" in output
    assert "lists:" not in output
    assert "this URL cannot be used" in ours.command("import", "ftp://a.example/list.opml", expect=1)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.opml", b"<!doctype html><title>Sign in</title><p>Sign in", "a.opml: "),
        ("a.ini", b"[Planet]\nname = %(name)s\n[https://a.example/]\n", "a.ini:2: "),
        ("a.ini", b"[Planet]\nname = \xff\n", "a.ini:2: "),
        ("a.ini", b"x" * 10_000_000, "a.ini:1: "),
        ("a.opml", b"<opml>" + b" " * 10_000_000, "a.opml: "),
    ],
    ids=["a-page", "a-circle", "an-encoding", "ten-megabytes", "ten-megabytes-of-opml"],
)
def test_a_list_that_is_none_is_refused_and_nothing_is_changed(
    ours: Commands, name: str, content: bytes, words: str
):
    (ours.folder / name).write_bytes(content)
    output = ours.command("import", name, expect=1)
    assert output.startswith(words)
    assert "Traceback" not in output
    assert (ours.folder / "feeds.yaml").read_text() == "sources: {}\n"


def put_planet(ours: Commands, publisher: Publisher, *feeds: str) -> str:
    """A planet's configuration, and what it published: ids handed on, and addresses for entries without one."""
    where = publisher.url("")
    sections = "".join(f"[{feed}]\nname = A feed\n" for feed in feeds)
    (ours.folder / "config.ini").write_text(
        f"[Planet]\nname = P\nlink = {where}/planet/\ntemplate_files = atom.xml.tmpl\n{sections}", encoding="utf-8"
    )
    shown = [
        ("tag:a,2026:1", f"{where}/1"),
        ("77", f"{where}/2"),
        *((f"{where}/{n}", f"{where}/{n}") for n in (3, 4)),
    ]
    return publisher.put("/planet/atom.xml", atom(*shown), "application/atom+xml")


def test_how_many_entries_a_planets_subscribers_see_again_is_reckoned_by_its_own_feed_and_its_sources(
    ours: Commands, publisher: Publisher
):
    where = publisher.url("")
    last = named("", f"{where}/3") + named(f"{where}/4", f"{where}/4")
    feed = rss(named("tag:a,2026:1", f"{where}/1"), named("77", f"{where}/2"), last)
    address = put_planet(ours, publisher, publisher.put("/feed", feed))

    told = f"Subscribers would see 2 of 4 entries again, by {address}; the others keep their ids."
    assert told in ours.command("import", "config.ini"), "77 names nothing for the world, and 3 has no id"
    ours.command("poll", "--all")
    asked = len(publisher.asked("/feed"))
    assert told in ours.command("import", "config.ini"), "what is stored says the same"
    assert len(publisher.asked("/feed")) == asked, "and no feed need be asked"


def test_where_neither_stored_items_nor_sources_tell_what_an_address_names_that_is_said(
    ours: Commands, publisher: Publisher
):
    address = put_planet(ours, publisher, publisher.url("/down"))
    told = ours.command("import", "config.ini")
    assert f"Subscribers would see 1 of 4 entries again, by {address}. Of 2 more the id is the address" in told


def test_without_a_feed_of_the_planet_its_sources_are_reckoned_with_and_one_can_be_named(
    ours: Commands, publisher: Publisher
):
    feeds = publisher.put(
        "/feed", rss(named("tag:a,2026:1", "https://a.example/1"), named("7", "https://a.example/2"))
    )
    (ours.folder / "config.ini").write_text(
        f"[Planet]\nname = P\n[{feeds}]\n[{publisher.url('/down')}]\n", "utf-8"
    )
    told = ours.command("import", "config.ini")
    assert "Subscribers would see 1 of 2 entries again, by what 1 of its 2 feeds carry now;" in told
    (ours.folder / "old.xml").write_text(atom(("tag:a.example,2026:1", "https://a.example/1")), encoding="utf-8")
    told = ours.command("import", "config.ini", "--published", "old.xml")
    assert "Subscribers would see 0 of 1 entries again, by old.xml; the others keep their ids." in told
    (ours.folder / "planet.ini").write_text(f"[down]\nfeed = {publisher.url('/down')}\n", encoding="utf-8")
    assert "cannot be told: no feed of the planet could be read." in ours.command("import", "planet.ini")


def test_who_edits_a_copy_that_is_not_in_force_is_told(ours: Commands, monkeypatch: pytest.MonkeyPatch):
    async def different(_: object) -> str:
        return "feeds.yaml is another feeds.yaml than the one in force."

    monkeypatch.setattr(upkeep, "find_difference", different)
    (ours.folder / "all.opml").write_text(
        f"<opml version='2.0'><body>{_OUTLINE.format(1)}</body></opml>", encoding="utf-8"
    )
    for arguments in (
        ("import", "all.opml"),
        ("add", "https://lake.example/feed", "--id", "lake", "--force"),
        ("remove", "lake"),
    ):
        assert "is another feeds.yaml than the one in force." in ours.command(*arguments)
