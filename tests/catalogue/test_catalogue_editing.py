from pathlib import Path

import pytest

from aggregator.catalogue import load
from aggregator.catalogue.edit import add_source, remove_source
from aggregator.catalogue.importing import import_opml
from aggregator.catalogue.starter import init
from aggregator.errors import EditError

FEEDS = """\
# ours
sources:   # what we read
    hynek:  https://hynek.me/index.xml   # a blog
    # the next one
    python: { url: 'https://blog.python.org/feeds', tags: [python] }

publish: { all: {}, p: { from: [python] } }   # kept
"""

OPML = b"""<opml version="2.0"><body>
<outline text="News"><outline text="A &amp; ${HOME}" xmlUrl="https://new.example/rss?k=${HOME}"/></outline>
<outline text="B" category="/x/y,z" xmlUrl="https://HYNEK.me/index.xml"/>
<outline text="C" xmlUrl="ftp://c.example/"/></body></opml>"""


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(FEEDS, encoding="utf-8")
    path.chmod(0o640)
    return path


def test_adding_inserts_one_line_and_touches_no_other(feeds: Path):
    assert add_source(feeds, "https://www.example.org/rss") == "example"
    before, after = FEEDS.splitlines(), feeds.read_text(encoding="utf-8").splitlines()
    assert after == [*before[:5], "    example: https://www.example.org/rss", *before[5:]]
    assert feeds.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in feeds.parent.iterdir()] == ["feeds.yaml"]


def test_removing_what_was_added_gives_the_file_back(feeds: Path):
    remove_source(feeds, add_source(feeds, "https://example.org/rss", title="Übung: 'x'"))
    assert feeds.read_text(encoding="utf-8") == FEEDS


@pytest.mark.parametrize(
    "text", ["sources:\n", "sources: {}\n", "site: { title: x }\n", "sources: { a: https://a.example/ }"]
)
def test_there_is_a_place_in_every_layout(feeds: Path, text: str):
    feeds.write_text(text, encoding="utf-8")
    add_source(feeds, "https://b.example/", source_id="b")
    assert load(feeds, {}).source("b") is not None


@pytest.mark.parametrize(
    ("url", "source_id"),
    [
        ("https://HYNEK.me/index.xml#x", None),
        ("ftp://x/", None),
        ("https://x.example/", "hynek"),
        ("https://x.example/", "No Id"),
    ],
)
def test_what_cannot_be_added_changes_nothing(feeds: Path, url: str, source_id: str | None):
    with pytest.raises(EditError):
        add_source(feeds, url, source_id=source_id)
    assert feeds.read_text(encoding="utf-8") == FEEDS


@pytest.mark.parametrize("source_id", ["python", "nobody"])
def test_a_source_that_is_named_elsewhere_or_missing_is_not_removed(feeds: Path, source_id: str):
    with pytest.raises(EditError):
        remove_source(feeds, source_id)
    assert feeds.read_text(encoding="utf-8") == FEEDS


def test_an_import_adds_what_is_new_and_cannot_reach_the_environment(feeds: Path):
    outcome = import_opml(feeds, OPML)
    assert (len(outcome.added), len(outcome.skipped), outcome.present) == (1, 1, 1)
    source = load(feeds, {}).source(outcome.added[0])
    assert source is not None
    assert (source.location, source.title, source.tags) == (
        "https://new.example/rss?k=${HOME}",
        "A & ${HOME}",
        ("news",),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<opml",
        b"<rss/>",
        b'<!DOCTYPE opml [<!ENTITY a "x">]><opml><body><outline xmlUrl="https://x/&a;"/></body></opml>',
    ],
)
def test_what_is_no_harmless_opml_is_refused(feeds: Path, content: bytes):
    with pytest.raises(EditError):
        import_opml(feeds, content)
    assert feeds.read_text(encoding="utf-8") == FEEDS


def test_a_starter_loads_and_is_never_written_twice(tmp_path: Path):
    for path in init(tmp_path / "new"):
        assert path.is_file()
    assert load(tmp_path / "new" / "feeds.yaml", {}).notices == ()
    with pytest.raises(EditError, match=r"feeds\.yaml"):
        init(tmp_path / "new")


def test_the_starter_has_the_shipped_settings():
    root = Path(__file__).parents[2]
    starter = root / "aggregator/catalogue/starter/settings.yaml"
    assert starter.read_bytes() == (root / "config/settings.yaml").read_bytes()
