import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from lxml.html import defs

from aggregator.catalogue import load, starter
from aggregator.catalogue.rewrites import find_no_elements
from aggregator.errors import ConfigurationError, EditError
from aggregator.model import Catalogue, Drop, FieldSelectors, Format, Keep, Limit, QueryRules, Selectors, Trimming
from aggregator.pipeline import reading

EVERYTHING = """\
site:
  title: Planet Example
  link: HTTPS://Planet.example.org
  contact: feeds@example.org
defaults:
  every: 2h
  tags: [any]
sources:
  hynek: https://hynek.me/index.xml
  iranpress:
    url: https://iranpress.com/rss
    title: Iran Press
    timezone: Asia/Tehran
    tags: [world]
    every: 10m
    priority: 10
  townhall:
    page: https://townhall.example/news
    select: { item: article, link: 'h2 a' }
  example: examples/feed.xml
  hackernews:
    url: https://news.ycombinator.com/rss
    filter: [ { keep: [python, sqlite] }, { drop: { title: '^Ask HN', url: [a, b] } }, { limit: 20 } ]
    headers: { Authorization: 'Bearer ${TOKEN}' }
    publish: summary
    enabled: false
publish:
  all: {}
  python:
    title: Python, from everywhere
    from: { tags: [world], sources: [hynek] }
    filter: [ { keep: python } ]
    limit: 50
    per_source: 3
    edits: silent
    duplicates: keep
    formats: [atom, json]
    private: '${FEED_TOKEN}'
    was: [snakes, reptiles, snakes]
  some-of_them:
    from: [hynek, example]
    was: a-few
"""


def read(folder: Path, text: str, **environ: str) -> Catalogue:
    (folder / "feeds.yaml").write_text(text, encoding="utf-8")
    return load(folder / "feeds.yaml", environ)


@pytest.fixture
def everything(tmp_path: Path) -> Catalogue:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "feed.xml").touch()
    return read(tmp_path, EVERYTHING, TOKEN="s3cret", FEED_TOKEN="0123456789abcdef")


def test_two_lines_are_enough(tmp_path: Path):
    catalogue = read(tmp_path, "sources:\n  hynek: https://hynek.me/index.xml\n")
    (source,) = catalogue.sources
    assert (source.id, source.kind, source.location, source.every) == (
        "hynek",
        "feed",
        "https://hynek.me/index.xml",
        timedelta(hours=1),
    )
    (publication,) = catalogue.publications
    assert (publication.id, publication.limit, publication.formats) == ("all", 100, get_args(Format))
    assert publication.title == catalogue.site.title
    assert catalogue.notices == ()


def test_every_key_of_a_source_arrives(everything: Catalogue, tmp_path: Path):
    hynek, iranpress, townhall, example, hackernews = everything.sources
    assert (hynek.every, hynek.tags) == (timedelta(hours=2), ("any",))
    assert (iranpress.title, iranpress.timezone, iranpress.tags) == ("Iran Press", "Asia/Tehran", ("world",))
    assert (iranpress.every, iranpress.priority) == (timedelta(minutes=10), 10)
    assert (townhall.kind, townhall.select) == ("page", Selectors(item="article", link="h2 a"))
    assert (example.kind, example.location, example.url) == (
        "file",
        str((tmp_path / "examples/feed.xml").resolve()),
        "examples/feed.xml",
    )
    keep, drop, limit = hackernews.filters
    assert isinstance(keep, Keep)
    assert isinstance(drop, Drop)
    assert [matcher.shown for matcher in keep.any_of] == ["python", "sqlite"]
    assert [(matcher.field, matcher.pattern) for matcher in drop.any_of] == [
        ("title", r"^ask\ hn"),
        ("url", "a"),
        ("url", "b"),
    ]
    assert limit == Limit(count=20)
    assert hackernews.headers == (("Authorization", "Bearer s3cret"),)
    assert (hackernews.publish, hackernews.enabled) == ("summary", False)


def test_rules_for_links_and_whole_texts_arrive_and_a_source_replaces_the_defaults(tmp_path: Path):
    (tmp_path / "f.xml").touch()
    catalogue = read(
        tmp_path,
        """\
defaults: { query: { keep: [CMPID], drop: [ref, Source] }, content: full }
sources:
  plain: https://a.example/
  own: { url: https://b.example/, query: { drop: [from] }, content: feed }
  none: { url: https://c.example/, query: }
  page: { page: https://d.example/ }
  file: f.xml
""",
    )
    plain, own, none, page, file = catalogue.sources
    assert plain.query == QueryRules(keep=frozenset({"cmpid"}), drop=frozenset({"ref", "source"}))
    assert (own.query, none.query) == (QueryRules(drop=frozenset({"from"})), QueryRules())
    assert page.query == plain.query
    assert [source.content for source in (plain, own, none)] == ["full", "feed", "full"]
    assert [source.content for source in (page, file)] == ["feed", "feed"]  # these are read whole anyway
    assert plain.conventions.query == plain.query


def test_a_selector_that_goes_on_without_end_is_a_mistake(tmp_path: Path):
    deep = ":is(" * 20_000
    with pytest.raises(
        ConfigurationError, match=r"feeds.yaml:3: sources.a.select.item: not a CSS .* longer than 1000"
    ):
        read(tmp_path, f"sources:\n  a:\n    {{ page: https://a.example/, select: {{ item: '{deep}' }} }}\n")


def test_every_key_of_a_publication_arrives(everything: Catalogue):
    every, python, some = everything.publications
    assert (every.id, every.title, every.tags, every.sources) == ("all", "Planet Example", (), ())
    assert (python.tags, python.sources, python.limit, python.per_source) == (("world",), ("hynek",), 50, 3)
    assert (python.edits, python.duplicates, python.formats) == ("silent", "keep", ("atom", "json"))
    assert python.tokens == ("0123456789abcdef",)
    assert (some.title, some.sources) == ("Some of them – Planet Example", ("hynek", "example"))
    assert everything.site.link == "https://planet.example.org/"


def test_no_secret_is_in_what_is_shown(everything: Catalogue):
    assert "s3cret" not in repr(everything)
    assert "0123456789abcdef" not in repr(everything)


def test_a_shown_url_keeps_variables_and_hides_passwords(tmp_path: Path):
    catalogue = read(
        tmp_path,
        "sources:\n  a: https://me:hunter2@a.example/\n  b: https://me:${PW}@b.example/?k=${KEY}\n"
        "  c: { url: 'https://${HOST}/rss' }\n",
        PW="p",
        KEY="k",
        HOST="c.example",
    )
    assert [source.url for source in catalogue.sources] == [
        "https://me:***@a.example/",
        "https://me:${PW}@b.example/?k=${KEY}",
        "https://${HOST}/rss",
    ]
    assert [source.location for source in catalogue.sources] == [
        "https://me:hunter2@a.example/",
        "https://me:p@b.example/?k=k",
        "https://c.example/rss",
    ]


def test_a_source_replaces_a_default_and_does_not_add_to_it(tmp_path: Path):
    catalogue = read(
        tmp_path,
        "defaults: { tags: [a], enabled: false, filter: [ { limit: 3 } ] }\n"
        "sources:\n  x: { url: 'https://x.example/', tags: [], enabled: true }\n  y: https://y.example/\n",
    )
    x, y = catalogue.sources
    assert (x.tags, x.enabled, x.filters) == ((), True, (Limit(count=3),))
    assert (y.tags, y.enabled) == (("a",), False)


@pytest.mark.parametrize("text", ["sources:\n", "sources: {}\n", "site: { title: X }\n", "publish:\n"])
def test_no_sources_are_worth_a_notice_and_no_mistake(tmp_path: Path, text: str):
    (notice,) = map(str, read(tmp_path, text).notices)
    assert "there are no sources yet" in notice


def test_a_file_that_is_missing_is_worth_a_notice(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    catalogue = read(tmp_path, "sources:\n  a: feeds/index.xml\n  b: folder\n  c: river.xml\n")
    assert [str(notice).partition("feeds.yaml")[2] for notice in catalogue.notices] == [
        ":2: source 'a': there is no such file: feeds/index.xml (a URL begins with https://)",
        ":3: source 'b': this is no file: folder (a URL begins with https://)",
        ":4: source 'c': there is no such file: river.xml (a URL begins with https://)",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https//a.example/rss", "https://a.example/rss"),
        ("http:/a.example/rss", "http://a.example/rss"),
        ("htps://a.example/${WORD}", "https://a.example/${WORD}"),
        ("ttps://a.example/", "https://a.example/"),
    ],
)
@pytest.mark.parametrize("place", ["sources:\n  a: {}\n", "lists:\n  a: {}\n"])
def test_a_mistyped_scheme_is_a_mistake_that_names_what_was_meant(
    tmp_path: Path, typed: str, meant: str, place: str
):
    with pytest.raises(ConfigurationError, match=re.escape(f"; did you mean {meant}?")) as caught:
        read(tmp_path, place.format(typed), WORD="geheim")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("typed", ["mailto:a@b.example", "https//localhost/rss", "urn:isbn:1", "ur", "feeds"])
def test_what_is_neither_an_address_nor_could_be_a_file_is_a_mistake(tmp_path: Path, typed: str):
    with pytest.raises(
        ConfigurationError, match=r"this URL cannot be used|there is no such file beside feeds\.yaml"
    ):
        read(tmp_path, f"sources:\n  a: {typed}\n")
    (tmp_path / "ur").write_text("<rss/>")
    (tmp_path / "notes: x.xml").write_text("<rss/>")
    found = read(tmp_path, "sources:\n  a: ur\n  b: 'notes: x.xml'\n  c: //c.example/feed\n")
    assert [(one.kind, one.url) for one in found.sources] == [
        ("file", "ur"),
        ("file", "notes: x.xml"),
        ("feed", "https://c.example/feed"),
    ]


def test_what_begins_with_a_host_is_an_address_unless_such_a_file_is_there(tmp_path: Path):
    (tmp_path / "lake.example").mkdir()
    text = (
        "sources:\n  a: www.river.example/feed\n  b: { page: quay.example:8080/news }\n"
        "  c: lake.example/feed.xml\n  d: sea.example/${KEY}\n"
    )
    catalogue = read(tmp_path, text, KEY="opensesame")
    assert [(one.kind, one.url) for one in catalogue.sources] == [
        ("feed", "https://www.river.example/feed"),
        ("page", "https://quay.example:8080/news"),
        ("file", "lake.example/feed.xml"),
        ("feed", "https://sea.example/${KEY}"),
    ]
    assert catalogue.sources[3].location == "https://sea.example/opensesame"
    assert str(catalogue.notices[0]).endswith(":2: source 'a' is read as https://www.river.example/feed")
    assert "opensesame" not in str(catalogue.notices)
    again = text + "  e: https://www.river.example/feed\n"
    with pytest.raises(ConfigurationError, match="the same URL as source 'a' on line 2"):
        read(tmp_path, again, KEY="opensesame")


def test_a_tag_that_no_source_bears_is_worth_a_notice(tmp_path: Path):
    text = "sources:\n  a: { url: 'https://a.example/', tags: [python] }\n"
    text += "publish:\n  p: { from: { tags: [pythn, z] } }\n"
    first, second = map(str, read(tmp_path, text).notices)
    assert first.endswith(":4: publication 'p': no source bears the tag 'pythn'. Did you mean 'python'?")
    assert second.endswith("no source bears the tag 'z'.")


def test_words_among_selectors_that_no_element_bears_are_worth_a_notice(tmp_path: Path):
    catalogue = read(
        tmp_path,
        "defaults: { remove: [advert] }\n"
        "sources:\n"
        "  a: { url: 'https://a.example/', keep: [flood, 'div barrage, P'] }\n"
        "  b: { url: 'https://b.example/', keep: [main, MARQUEE, math, my-share], remove: [.flood, '#f', '*'] }\n"
        "  c: { url: 'https://c.example/', remove: ['a[href]', 'p > b', 'h1 ~ figure', 'p:empty'] }\n",
    )
    first, second = (str(notice).partition("feeds.yaml")[2] for notice in catalogue.notices)
    assert first.startswith(":1: defaults.remove: these are CSS selectors, and HTML has no element 'advert'.")
    assert first.endswith("did you mean `filter: [ { drop: [advert] } ]`? For a class, '.advert'?")
    assert second.startswith(":3: sources.a.keep: these are CSS selectors, and HTML has no element 'flood'.")
    assert "did you mean `filter: [ { keep: [flood, barrage] } ]`?" in second


def test_no_element_that_a_library_knows_is_doubted():
    assert find_no_elements(sorted(defs.tags)) == []


def test_a_link_cannot_lead_out_of_the_folder(tmp_path: Path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.xml").touch()
    (tmp_path / "inside" / "link.xml").symlink_to(tmp_path / "secret.xml")
    with pytest.raises(ConfigurationError, match="must lie beside"):
        read(tmp_path / "inside", "sources:\n  a: link.xml\n")


def test_a_mistake_in_one_key_of_a_source_hides_none_elsewhere(tmp_path: Path):
    with pytest.raises(ConfigurationError) as caught:
        read(
            tmp_path,
            "sources:\n  a: { url: 'https://a.example/', every: 90 }\n"
            "  b: { url: 'https://A.example/', limit: 1 }\n"
            "publish:\n  p: { from: [c], limit: no }\n",
        )
    paths = [mistake.path for mistake in caught.value.mistakes]
    assert paths == ["sources.a.every", "sources.b.limit", "sources.b", "publish.p.limit", "publish.p.from[0]"]


def test_a_token_that_is_set_but_empty_never_makes_a_publication_public(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="at least 16 characters"):
        read(tmp_path, "publish:\n  p: { private: '${T}' }\n", T="")


def test_no_mistake_repeats_a_secret(tmp_path: Path):
    with pytest.raises(ConfigurationError) as caught:
        read(
            tmp_path,
            "sources:\n  a: { url: 'https://a.example/', headers: { A: '${S}' } }\n  b: 'https://${S}:x/'\n"
            "publish:\n  p: { private: ['${S}'] }\n",
            S="hunter2\n",
        )
    assert len(caught.value.mistakes) == 3
    assert "hunter2" not in str(caught.value)


def test_a_missing_file_tells_how_to_make_one(tmp_path: Path):
    with pytest.raises(ConfigurationError, match=re.escape("`aggregator init`")):
        load(tmp_path / "feeds.yaml", {})


def test_the_editor_says_which_items_are_one_story(tmp_path: Path):
    found = read(
        tmp_path,
        "sources: { a: https://a.example/ }\n"
        "stories:\n"
        "  merge: [ [https://a.example/1, urn:x:2, https://b.example/3] ]\n"
        "  never_merge: [ [b, a] ]\n",
    )

    assert found.overrides.merge == {
        ("https://a.example/1", "https://b.example/3"),
        ("https://a.example/1", "urn:x:2"),
        ("https://b.example/3", "urn:x:2"),
    }
    assert found.overrides.never_merge == {("a", "b")}


@pytest.mark.parametrize("group", ["[a]", "[a, a]", f"[{', '.join(f'i{n}' for n in range(41))}]", "[]"])
def test_a_group_of_one_or_of_far_too_many_is_a_mistake(tmp_path: Path, group: str):
    with pytest.raises(ConfigurationError, match=r"never_merge.*(at least two items|at most 40 items)"):
        read(tmp_path, f"sources: {{ a: https://a.example/ }}\nstories: {{ never_merge: [ {group} ] }}\n")


def test_a_filter_that_some_text_can_keep_busy_is_named_with_its_line(tmp_path: Path):
    text = """\
sources:
  river:
    url: https://river.example/feed
    filter: [ { drop: { title: '^(a+)+$' } }, { keep: { title: '^Ask HN' } }, { limit: 5 } ]
publish:
  all:
    filter: [ { keep: { text: '(a|aa)+$' } } ]
"""
    first, second = map(str, read(tmp_path, text).notices)
    assert "feeds.yaml:4: the filter title: ^(a+)+$ may take too long" in first
    assert "feeds.yaml:7: the filter text: (a|aa)+$ may take too long" in second


def test_what_is_rewritten_kept_and_removed_arrives_and_a_source_replaces_the_defaults(tmp_path: Path):
    catalogue = read(
        tmp_path,
        """\
defaults: { rewrite: [ { title: ['^Ad: ', ''] } ], remove: .share, keep: [article, '#story'] }
sources:
  plain: https://a.example/feed
  own:
    url: https://b.example/feed
    rewrite: [ { link: ['\\?.*', ''] }, { text: ['(a)(?P<b>b)', '\\g<b>\\1'] } ]
    remove: [aside]
    keep: []
""",
    )
    plain, own = catalogue.sources
    (rule,) = plain.rewrites
    assert (rule.field, rule.pattern, rule.replacement) == ("title", "^Ad: ", "")
    assert rule.shown == "title: ^Ad:  -> nothing"
    assert plain.trimming == Trimming(keep=("article", "#story"), remove=(".share",))
    assert [(one.field, one.shown) for one in own.rewrites] == [
        ("link", "link: \\?.* -> nothing"),
        ("text", "text: (a)(?P<b>b) -> \\g<b>\\1"),
    ]
    assert own.trimming == Trimming(remove=("aside",))
    assert own.conventions.trimming == own.trimming


def test_a_rewrite_that_some_text_can_keep_busy_is_named_with_its_line(tmp_path: Path):
    text = "sources:\n  a:\n    url: https://a.example/\n    rewrite: [ { text: ['^(a+)+$', ''] } ]\n"
    (notice,) = map(str, read(tmp_path, text).notices)
    assert "feeds.yaml:4: the rewrite text: ^(a+)+$ -> nothing may take too long" in notice
    assert "which are shown as they are then" in notice


def test_earlier_ids_arrive_and_name_their_successor(everything: Catalogue):
    assert [publication.was for publication in everything.publications] == [(), ("snakes", "reptiles"), ("a-few",)]
    assert everything.successor("reptiles") is everything.publication("python")
    assert everything.successor("python") is None


@pytest.mark.parametrize("name", ["loop.xml", "a" * 300])
def test_a_path_that_leads_nowhere_is_a_mistake(tmp_path: Path, name: str):
    (tmp_path / "loop.xml").symlink_to(tmp_path / "loop.xml")
    with pytest.raises(ConfigurationError, match="neither a URL nor the path of a file"):
        read(tmp_path, f"sources:\n  a: {name}\n")


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ("link: ftp://planet.example/", "a URL such as https://planet.example.org/ is needed"),
        ("link: 'https://planet.example/?a=1'", "no user, query or fragment"),
        ("contact: nobody", "a mail address or a URL is needed"),
    ],
)
def test_a_site_that_cannot_be_reached_so_is_a_mistake(tmp_path: Path, site: str, words: str):
    with pytest.raises(ConfigurationError, match=re.escape(words)):
        read(tmp_path, f"site: {{ {site} }}\nsources: {{}}\n")


def test_a_site_may_be_reached_by_a_page_too(tmp_path: Path):
    assert read(tmp_path, "site: { contact: 'https://planet.example/us' }\nsources: {}\n").site.contact


def test_once_a_minute_is_the_most_often_that_a_source_may_be_polled(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="more often than once a minute"):
        read(tmp_path, "sources:\n  a: { url: 'https://a.example/', every: 30s }\n")


def test_a_folder_that_cannot_be_written_gets_no_starter(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(EditError, match="cannot be written"):
        starter.init(tmp_path / "file" / "inside")


def test_sources_that_are_no_feeds_arrive_with_their_selectors_and_may_be_read_whole(tmp_path: Path):
    catalogue = read(
        tmp_path,
        "sources:\n"
        "  prices: { json: 'https://api.example/items', select: { item: 'data[]', title: name, published: at } }\n"
        "  board: { xpath: 'https://town.example/', content: full, select: { item: 'css: li', link: .//a } }\n",
    )
    prices, board = catalogue.sources

    assert (prices.kind, prices.location) == ("json", "https://api.example/items")
    assert prices.select == FieldSelectors(item="data[]", title="name", published="at")
    assert (board.kind, board.content) == ("xpath", "full")
    assert board.select == FieldSelectors(item="css: li", link=".//a")


def test_what_the_reading_of_a_page_depends_on_is_as_it_was_before_other_selectors_and_trimming_existed(
    tmp_path: Path,
):
    (page,) = read(
        tmp_path, "sources:\n  a: { page: 'https://a.example/', select: { item: article, link: 'h2 a' } }\n"
    ).sources

    assert reading.digest(page).partition(":")[2] == "1d6897d05eb22ad739c6a6c6"
    trimmed = replace(page, trimming=Trimming(remove=("aside",)))
    assert not reading.has_same_words(reading.digest(page), reading.digest(trimmed))


def test_what_is_withdrawn_is_known_in_every_spelling_with_its_line(tmp_path: Path):
    page = "https://planet.example/story/3d7a0c0e-0000-5000-8000-000000000001.atom"
    (tmp_path / "feeds.yaml").write_text(f"withdraw:\n  - http://www.a.example/1?utm_source=x\n  - {page}\n")
    found = load(tmp_path / "feeds.yaml", {}).withdrawn
    assert found["http://www.a.example/1?utm_source=x"] == 2
    assert found["http://www.a.example/1"] == found["a.example/1"] == 2
    assert found["3d7a0c0e-0000-5000-8000-000000000001"] == 3
    (tmp_path / "feeds.yaml").write_text("withdraw: tag:a.example,2026:1\n")
    assert load(tmp_path / "feeds.yaml", {}).withdrawn["tag:a.example,2026:1"] == 1
