from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.catalogue import load
from aggregator.catalogue.edit import add_source, remove_source
from aggregator.catalogue.importing import import_opml
from aggregator.catalogue.replace import take
from aggregator.errors import EditError

NEW = "https://new.example.org/feed.xml"

RICH = """\
# The river's sources.    Kept by hand.
site:   { title: "Planet Example" }   # quotes stay

sources:
    # ---- people
    hynek:   https://hynek.me/index.xml      # aligned
    'simon': "https://simonwillison.net/atom/everything/"

    # ---- news
    iranpress:
          url: https://iranpress.com/rss
          tags:   [ world,   iran ]
          # headers: { Accept: text/xml }

# What is published.
publish:
    all: {}
    few: { from: [ hynek ] }
    many:
        from: { sources: [hynek, simon], tags: [world] }
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "feeds.yaml"
    file.write_text(RICH)
    return file


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def ids(path: Path) -> list[str]:
    return [source.id for source in load(path, os.environ).sources]


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def opml(*outlines: str) -> bytes:
    return f"<opml version='2.0'><head/><body>{''.join(outlines)}</body></opml>".encode()


# ---------------------------------------------------------------- adding


def test_adding_inserts_one_line_and_leaves_every_other_byte_alone(path: Path):
    assert add_source(path, NEW) == "new-example"

    here = "          # headers: { Accept: text/xml }\n"
    assert path.read_text() == RICH.replace(here, f"{here}    new-example: {NEW}\n")


def test_adding_with_title_and_tags_indents_them_as_the_neighbours_are(path: Path):
    add_source(path, NEW, source_id="new", title="It's: new", tags=["world", "yes", "über uns"])

    expected = f"""\
    new:
          url: {NEW}
          title: 'It''s: new'
          tags: [world, 'yes', über uns]
"""
    assert expected in path.read_text()
    source = load(path, {}).source("new")
    assert source is not None
    assert (source.title, source.tags) == ("It's: new", ("world", "yes", "über uns"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"sources:\n  new: {NEW}\n"),
        ("# mine\n", f"# mine\n\nsources:\n  new: {NEW}\n"),
        ("site:\n  title: X", f"site:\n  title: X\n\nsources:\n  new: {NEW}\n"),
        ("sources:\n", f"sources:\n  new: {NEW}\n"),
        (
            "sources:   # none yet\n  # a: https://a.example/\n\npublish:\n",
            f"sources:   # none yet\n  # a: https://a.example/\n  new: {NEW}\n\npublish:\n",
        ),
        ("sources: {}  # none\nsite: {}\n", f"sources:  # none\n  new: {NEW}\nsite: {{}}\n"),
        ("sources: ~\n", f"sources:\n  new: {NEW}\n"),
        ("sources: {a: https://a.example/}\n", f"sources: {{a: https://a.example/, new: {NEW}}}\n"),
        ("sources:\n a: https://a.example/", f"sources:\n a: https://a.example/\n new: {NEW}\n"),
        ("sources:\r\n  a: a.xml\r\n\r\n", f"sources:\r\n  a: a.xml\r\n  new: {NEW}\r\n\r\n"),
        (
            "sources:\n  a:\n    url: a.xml\n    title: |\n      # Title\n\n# end\n",
            f"sources:\n  a:\n    url: a.xml\n    title: |\n      # Title\n  new: {NEW}\n\n# end\n",
        ),
        (
            "sources:\n  a: {url: a.xml,\n    tags: [x]}\n",
            f"sources:\n  a: {{url: a.xml,\n    tags: [x]}}\n  new: {NEW}\n",
        ),
        (
            "defaults:\n  tags: &t [x]\nsources:\n  a:\n    url: a.xml\n    tags: *t  # same\npublish:\n  all:\n",
            f"defaults:\n  tags: &t [x]\nsources:\n  a:\n    url: a.xml\n    tags: *t  # same\n  new: {NEW}\npublish:\n  all:\n",  # noqa: E501 # one file
        ),
        (
            "sources:\n  a:\n    url: a.xml\n    tags:\n    - x\n    - y\n",
            f"sources:\n  a:\n    url: a.xml\n    tags:\n    - x\n    - y\n  new: {NEW}\n",
        ),
        ("sources:\n  a:\n    url: a.xml\n    select:\n", None),
        ("\ufeffsources:\n  a: a.xml\n", f"\ufeffsources:\n  a: a.xml\n  new: {NEW}\n"),
    ],
)
def test_adding_finds_its_place_in_files_of_many_shapes(tmp_path: Path, before: str, after: str | None):
    path = written(tmp_path / "feeds.yaml", before)
    if after is None:
        with pytest.raises(EditError, match="holds mistakes"):
            add_source(path, NEW, source_id="new")
        after = before
    else:
        add_source(path, NEW, source_id="new")
    assert path.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("given", "written_as"),
    [
        ({"title": "New"}, f"{{ url: {NEW}, title: New }}"),
        ({"tags": ["x"]}, f"{{ url: {NEW}, tags: [x] }}"),
        ({"title": "New", "tags": ["x", "z"]}, f"{{ url: {NEW}, title: New, tags: [x, z] }}"),
    ],
)
def test_what_is_given_and_no_more_is_written_in_braces(tmp_path: Path, given: dict[str, Any], written_as: str):
    path = written(tmp_path / "feeds.yaml", "sources: {a: a.xml}\n")
    add_source(path, NEW, source_id="new", **given)
    assert path.read_text() == f"sources: {{a: a.xml, new: {written_as}}}\n"


def test_an_address_whose_port_comes_from_the_environment_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PORT_OF_A", "8080")
    path = written(tmp_path / "feeds.yaml", "sources:\n  a: 'https://a.example:${PORT_OF_A}/'\n")
    add_source(path, "https://a.example/", source_id="new")
    assert load(path, {"PORT_OF_A": "8080"}).source("new") is not None


def test_a_title_in_a_file_written_in_braces_is_written_in_braces(tmp_path: Path):
    path = written(tmp_path / "feeds.yaml", "sources: {a: a.xml}\n")
    add_source(path, NEW, title="New", tags=["x"])
    assert path.read_text() == f"sources: {{a: a.xml, new: {{ url: {NEW}, title: New, tags: [x] }}}}\n"


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        ("https://hynek.me/feed", None, "hynek-2"),
        ("https://feeds.bbci.co.uk/persian/rss.xml", None, "bbci"),
        ("https://www.example.com/feed", None, "example"),
        ("https://feeds.planet.example.org/", None, "planet-example"),
        ("http://127.0.0.1:8000/feed", None, "127-0-0-1"),
        ("http://[::1]/feed", None, "1"),
        ("http://localhost/feed", None, "localhost"),
        ("https://خبر.example/feed", None, "feed"),
        ("https://x.example/feed", "Ça & là, 2. Teil", "ca-la-2-teil"),
        ("https://x.example/feed", "خبرگزاری", "x"),
        ("https://x.example/feed", "2020-01-01", "2020-01-01"),
        ("https://x.example/feed", "True", "true"),
        ("https://x.example/feed", "word " * 20, "word-word-word-word-word-word-word-word"),
    ],
)
def test_an_id_is_made_from_the_title_or_else_the_host(path: Path, url: str, title: str | None, expected: str):
    assert add_source(path, url, title=title) == expected
    assert ids(path)[-1] == expected


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/feed", "only http:// and https://"),
        ("examples/notes.json", "there is no such file: examples/notes.json"),
        ("nofile.xml", "there is no such file: nofile.xml"),
        ("https//example.org/x", r"did you mean https://example\.org/x\?$"),
        ("https://", "no valid host"),
        ("https://exa mple.org/", "no spaces"),
        ("https://HYNEK.me:443/index.xml#top", "source 'hynek' reads this URL already"),
        ("https://iranpress.com/rss", "source 'iranpress' reads this URL already"),
    ],
)
def test_a_url_that_cannot_be_read_or_is_read_already_is_refused(path: Path, url: str, words: str):
    with pytest.raises(EditError, match=words):
        add_source(path, url)
    assert path.read_text() == RICH


def test_a_refused_url_is_shown_without_its_password_and_control_characters(path: Path):
    with pytest.raises(EditError) as caught:
        add_source(path, "ftp://me:secret@example.org/\x1b[2J" + "x" * 500)
    assert "secret" not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("source_id", "words"),
    [
        ("Hacker News", "for example 'hacker-news'"),
        ("../x", "for example 'x'"),
        ("؟", "for example 'my-feed'"),
        ("hynek", "there is a source 'hynek' already"),
    ],
)
def test_an_id_that_is_wrong_or_taken_is_refused(path: Path, source_id: str, words: str):
    with pytest.raises(EditError, match=words):
        add_source(path, NEW, source_id=source_id)
    assert path.read_text() == RICH


def test_adding_to_a_file_that_does_not_exist_names_the_remedy(tmp_path: Path):
    for edit in (lambda path: add_source(path, NEW), lambda path: import_opml(path, opml())):
        with pytest.raises(EditError, match="`aggregator init`"):
            edit(tmp_path / "feeds.yaml")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"sources:\n  a: [\n", "holds mistakes"),
        (b"sources:\n  a: a.xml\n  b: 7\n", "feeds.yaml:3: sources.b: "),
        (b"sources: \xff\n", "not UTF-8"),
        (b"- a\n", "one key on each line"),
        (b"{site: {title: X}}\n", "one key on each line"),
        (b"{sources: {}}\n", "one key on each line"),
        (b"sources: [a.xml]\n", "a mapping is needed"),
        (b"sources: soon\n", "a mapping is needed"),
        (b"x: &x\n  a: a.xml\nsources: *x\n", "holds mistakes"),
    ],
)
def test_a_file_that_cannot_be_edited_is_left_as_it_was(tmp_path: Path, content: bytes, words: str):
    path = tmp_path / "feeds.yaml"
    path.write_bytes(content)
    with pytest.raises(EditError, match=words):
        add_source(path, NEW)
    assert path.read_bytes() == content
    assert names_in(tmp_path) == ["feeds.yaml"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=st.text(max_size=40), tag=st.text(max_size=20))
def test_any_title_and_tag_come_back_as_they_were_given_white_space_aside(path: Path, title: str, tag: str):
    path.write_text(RICH)
    name = add_source(path, NEW, title=title, tags=[tag])
    source = load(path, {}).source(name)
    assert source is not None
    for typed, kept in ((title, source.title or ""), (tag, "".join(source.tags))):
        expected = " ".join(typed.split())
        assert kept == "".join(char for char in expected if category(char) not in {"Cc", "Cs", "Cn"}).strip()


# ---------------------------------------------------------------- removing


@pytest.mark.parametrize(
    ("source_id", "gone"),
    [
        (
            "iranpress",
            RICH[RICH.index("    iranpress:") : RICH.index("\n# What is published")],
        ),
        ("hynek", "    hynek:   https://hynek.me/index.xml      # aligned\n"),
    ],
)
def test_removing_takes_out_the_lines_of_the_source_and_no_others(path: Path, source_id: str, gone: str):
    text = RICH.partition("    few:")[0]
    path.write_text(text)
    remove_source(path, source_id)
    assert path.read_text() == text.replace(gone, "")


@pytest.mark.parametrize(
    ("source_id", "after"),
    [
        ("a", "sources: {b: b.xml, c: c.xml} # x\n"),
        ("b", "sources: {a: a.xml, c: c.xml} # x\n"),
        ("c", "sources: {a: a.xml, b: b.xml} # x\n"),
    ],
)
def test_removing_works_inside_braces_too(tmp_path: Path, source_id: str, after: str):
    path = written(tmp_path / "feeds.yaml", "sources: {a: a.xml, b: b.xml, c: c.xml} # x\n")
    remove_source(path, source_id)
    assert path.read_text() == after


@pytest.mark.parametrize("before", ["sources: {a: a.xml}\n", "sources:\n  a: a.xml\n"])
def test_the_last_source_can_be_removed_and_another_be_added_in_its_place(tmp_path: Path, before: str):
    path = written(tmp_path / "feeds.yaml", before)
    remove_source(path, "a")
    assert ids(path) == []
    add_source(path, NEW, source_id="new")
    assert path.read_text() == f"sources:\n  new: {NEW}\n"


def test_removing_what_is_not_there_names_the_nearest_id(path: Path):
    with pytest.raises(EditError, match="did you mean 'iranpress'"):
        remove_source(path, "iranpres")
    with pytest.raises(EditError, match="aggregator status"):
        remove_source(path, "zzz")


def test_removing_a_source_that_publications_name_says_which(path: Path):
    with pytest.raises(EditError, match=r"publish\.few\.from, publish\.many\.from"):
        remove_source(path, "hynek")
    assert path.read_text() == RICH


def test_removing_can_mend_a_file_whose_only_mistake_is_that_source(tmp_path: Path):
    path = written(tmp_path / "feeds.yaml", "sources:\n  a: a.xml\n  b: ftp://b.example/\n")
    remove_source(path, "b")
    assert ids(path) == ["a"]


def test_removing_an_anchor_that_others_use_is_refused_with_the_mistake(tmp_path: Path):
    text = "sources:\n  a:\n    url: a.xml\n    tags: &t [x]\n  b:\n    url: b.xml\n    tags: *t\n"
    path = written(tmp_path / "feeds.yaml", text)
    with pytest.raises(EditError, match=r"Nothing was changed(?s:.*)feeds.yaml:\d+"):
        remove_source(path, "a")
    assert path.read_text() == text


def test_adding_and_then_removing_gives_the_same_bytes_again(path: Path):
    add_source(path, NEW, source_id="new", title="New", tags=["x"])
    remove_source(path, "new")
    assert path.read_text() == RICH


# ---------------------------------------------------------------- replacing the file


def test_the_file_keeps_its_mode_and_leaves_nothing_beside_it(path: Path):
    path.chmod(0o640)
    add_source(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names_in(path.parent) == ["feeds.yaml"]


def test_a_link_stays_a_link_and_its_target_is_edited(path: Path, tmp_path: Path):
    elsewhere = tmp_path / "here"
    elsewhere.mkdir()
    (elsewhere / "feeds.yaml").symlink_to(path)
    add_source(elsewhere / "feeds.yaml", NEW)
    assert (elsewhere / "feeds.yaml").is_symlink()
    assert NEW in path.read_text()


def test_a_loop_of_links_is_refused(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    path.symlink_to(path)
    with pytest.raises(EditError, match="cannot be read"):
        add_source(path, NEW)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path):
    with pytest.raises(EditError, match="cannot be read"):
        remove_source(tmp_path, "a")


def test_an_edit_by_somebody_else_meanwhile_is_not_overwritten(path: Path):
    original = take(path)
    path.write_text(RICH + "# theirs\n")
    with pytest.raises(EditError, match="changed by somebody else"):
        original.replace(RICH + "# mine\n", original.sheet.ids)
    assert path.read_text() == RICH + "# theirs\n"
    assert names_in(path.parent) == ["feeds.yaml"]


def test_a_file_that_vanished_meanwhile_is_not_brought_back(path: Path):
    original = take(path)
    path.unlink()
    with pytest.raises(EditError, match="cannot be written"):
        original.replace(RICH, original.sheet.ids)
    assert names_in(path.parent) == []


def test_a_text_that_holds_other_sources_than_intended_is_refused(path: Path):
    original = take(path)
    with pytest.raises(EditError, match="edit it by hand"):
        original.replace(RICH, ["something-else"])
    assert path.read_text() == RICH


# ---------------------------------------------------------------- importing


def test_an_import_adds_what_is_new_and_says_why_the_rest_is_left_out(path: Path):
    outcome = import_opml(
        path,
        opml(
            "<outline text='News'><outline text='New' xmlUrl='https://new.example.org/feed.xml'/></outline>",
            "<outline text='New' xmlUrl='https://other.example.org/feed.xml'/>",
            "<outline text='Hynek' xmlUrl='https://hynek.me/index.xml'/>",
            "<outline text='Again' xmlUrl='https://NEW.example.org/feed.xml'/>",
            "<outline text='Bare' xmlUrl='www.hynek.me/index.xml'/>",
            "<outline text='Bare' xmlUrl='new.example.org/feed.xml'/>",
            "<outline text='Odd' xmlUrl='gopher://x.example/'/>",
            "<outline text='File' xmlUrl='feeds.yaml'/>",
            "<outline text='Empty' type='rss'/>",
        ),
    )
    assert outcome.added == ("new", "new-2", "bare")
    assert [line.partition(": ")[2] for line in outcome.skipped] == [
        "only http:// and https:// can be read",
        "only http:// and https:// can be read",
        "it has no address, so there is nothing to read",
    ]
    assert outcome.skipped[-1].startswith("Empty: ")
    assert outcome.present == 3
    source = load(path, {}).source("new")
    assert source is not None
    assert (source.title, source.tags, source.location) == ("New", ("news",), NEW)


def test_a_feed_that_is_listed_in_several_groups_gets_the_tags_of_all(path: Path):
    outcome = import_opml(
        path,
        opml(
            "<outline text='New' xmlUrl='https://new.example.org/feed.xml'/>",
            "<outline text='News'><outline text='Again' xmlUrl='https://new.example.org/feed.xml'/></outline>",
            "<outline text='North' type='rss'>"
            "<outline text='Again' xmlUrl='https://NEW.example.org/feed.xml' category='News,Sea'/></outline>",
            "<outline text='North'><outline text='Hynek' xmlUrl='https://hynek.me/index.xml'/></outline>",
        ),
    )
    assert outcome.added == ("new",)
    catalogue = load(path, {})
    new, hynek = catalogue.source("new"), catalogue.source("hynek")
    assert new is not None
    assert hynek is not None
    assert (new.title, new.tags) == ("New", ("news", "north", "sea"))
    assert "north" not in hynek.tags


def test_a_label_is_no_title_where_the_id_says_the_same(path: Path):
    outcome = import_opml(
        path,
        opml(
            "<outline text='quay' xmlUrl='https://quay.example/feed'/>",
            "<outline text='pier' title='pier' xmlUrl='https://pier.example/feed'/>",
            "<outline text='The Mole' xmlUrl='https://mole.example/feed'/>",
            "<outline type='link' text='Town' url='https://town.example/'/>",
        ),
    )
    found = load(path, {})
    titles = [source.title for source in found.sources if source.id in outcome.added]
    assert titles == [None, "pier", "The Mole"]
    page = "`aggregator add https://town.example/` looks for its feed"
    assert outcome.skipped == (f"Town: no feed is named, only a page; {page}",)


def test_an_import_that_adds_nothing_does_not_touch_the_file(path: Path):
    before = path.stat()
    assert import_opml(path, opml()).added == ()
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_import_cannot_reach_the_environment(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET", "hush")
    outline = "<outline text='${SECRET}' xmlUrl='https://evil.example/?x=${SECRET}'/>"
    (name,) = import_opml(path, opml(outline)).added
    source = load(path, os.environ).source(name)
    assert source is not None
    assert source.location == "https://evil.example/?x=${SECRET}"
    assert source.title == "${SECRET}"


def test_importing_the_same_list_again_adds_nothing(path: Path):
    content = opml(
        "<outline text='A' xmlUrl='https://a.example/?q=${X}'/>", "<outline xmlUrl='http://b.example'/>"
    )
    assert len(import_opml(path, content).added) == 2
    again = import_opml(path, content)
    assert (again.added, again.present) == ((), 2)


def test_an_added_url_may_refer_to_the_environment(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FEED_TOKEN", "t0ken")
    name = add_source(path, "https://x.example/feed?token=${FEED_TOKEN}")
    source = load(path, os.environ).source(name)
    assert source is not None
    assert source.location == "https://x.example/feed?token=t0ken"
