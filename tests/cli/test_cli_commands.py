"""What the commands print, and with which status they end."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from aggregator import app
from aggregator.app import RELEASED
from aggregator.errors import ConfigurationError
from aggregator.model import Format
from tests.support.commands import Commands, showing
from tests.support.installation import PROJECT, SETTINGS, item, rss
from tests.support.planet import DAY, HOUR
from tests.support.publisher import publishing


def test_an_installation_that_only_polls_from_cron_lets_go_of_what_is_old(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1), item(2)))
        ours = Commands.at(
            tmp_path,
            f"sources:\n  river: {{ url: '{feed}', filter: [ {{ drop: [Report 1] }} ] }}\n",
            settings=f"{SETTINGS}store: {{ retain: 2d }}\n",
        )
        kept = []
        for day, body in enumerate([rss(item(1), item(2)), rss(item(2)), rss(item(2)), rss(item(2))]):
            publisher.put("/feed", body)
            with showing(RELEASED + day * 25 * HOUR):
                ours.command("poll", "river")
            kept.append(ours.status()["river"]["items"])
    assert kept == [2, 2, 2, 1], "two days after it was first missing, not after it was published"


def test_unchanged_feeds_are_asked_with_the_validators_they_gave(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\nsite:\n  contact: feeds@example.org\n")
        ours.command("poll", "river")
        ours.command("poll", "river")
        first, second = publisher.asked("/feed")
        assert "if-none-match" not in first
        assert second["if-none-match"].startswith('"')
        assert "feeds@example.org" in first["user-agent"]
        assert ours.status()["river"]["state"] == "ok"


def test_pages_of_its_archive_that_a_feed_names_are_not_asked_for_however_many_there_are(tmp_path: Path):
    with publishing() as publisher:
        links = "".join(f"<atom:link rel='{rel}' href='/feed?2'/>" for rel in ("next", "prev-archive", "last"))
        said = rss(item(1)).replace("<description>d<", f"{links}<description>d<")
        named = said.replace("<rss ", "<rss xmlns:atom='http://www.w3.org/2005/Atom' ")
        feed = publisher.put("/feed", named)
        publisher.put("/feed?2", named)
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n")
        for _ in range(2):
            ours.command("poll", "river")
        assert [path for path, _ in publisher.requests] == ["/feed", "/feed"]


def test_poll_prints_a_line_per_source_and_fails_only_if_all_did(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n  dry: {publisher.url('/none')}\n")
        output = ours.command("poll", "--all")
        assert "river: 1 new" in output
        assert "dry: failed: 127.0.0.1 answered 404" in output
        ours.command("poll", "dry", expect=1)
        assert "no source 'rivre'" in ours.command("poll", "rivre", expect=1)


def test_a_permanent_redirect_is_told_after_one_poll(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        publisher.moved["/old"] = feed
        ours = Commands.at(tmp_path, f"sources:\n  river: {publisher.url('/old')}\n")
        told = f"Its server says that it has moved for good (seen once), to {feed}."
        assert told in ours.command("poll")
        assert told in " ".join(ours.command("status").split())
        assert f"hint: sources.river: {told}" in " ".join(ours.command("check").split())
        assert told in ours.status()["river"]["notice"]


def test_publish_writes_files_from_the_store_alone(tmp_path: Path):
    with publishing() as publisher:
        ours = Commands.at(tmp_path, f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n")
        ours.command("poll")
    ours.command("publish", "--to", "public")
    public = tmp_path / "public"
    for name in ("all", "source/river"):
        for form in ("atom", "rss", "json"):
            plain = (public / f"{name}.{form}").read_bytes()
            assert gzip.decompress((public / f"{name}.{form}.gz").read_bytes()) == plain
    assert json.loads((public / "all.json").read_bytes())["items"][0]["title"] == "Report 1"
    assert "up to date" in ours.command("publish", "--to", "public")


def test_check_holds_the_published_documents_against_the_rules(tmp_path: Path):
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    ours = Commands.at(tmp_path, "sources:\n  iranpress: examples/iranpress.xml\n")
    assert "Nothing is published yet" in ours.command("check", "--outputs")
    ours.command("poll")
    ours.command("publish", "--to", "out")
    number = 2 * len(get_args(Format))  # one publication, and the feed of one source
    assert f"{number} published documents: no fault." in ours.command("check", "--outputs")
    with closing(sqlite3.connect(tmp_path / "data" / "aggregator.db")) as database:
        broken = "CAST(replace(CAST(body AS TEXT), '<updated>2', '<updated>x') AS BLOB)"
        database.execute(f"UPDATE documents SET body = {broken} WHERE format = 'atom'")  # a constant
        database.commit()
    output = ours.command("check", "--outputs", expect=1)
    assert "all.atom: Entry 1 has the updated date" in output
    assert "report it" in output


def test_explain_tells_where_each_date_comes_from(tmp_path: Path):
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    ours = Commands.at(tmp_path, "sources:\n  iranpress: examples/iranpress.xml\n")
    ours.command("poll")
    items = json.loads((ours.command("publish", "--to", "out"), (tmp_path / "out" / "all.json").read_text())[1])
    dated = next(found for found in items["items"] if found["date_published"].startswith("2018-12-01"))
    told = ours.command("explain", dated["url"])
    assert "Dec 01, 2018 20:33 Asia/Tehran" in told
    assert "2019-09-21T17:56:00Z" in told
    assert "Nothing is stored" in ours.command("explain", "https://nowhere.example/", expect=1)


def test_explain_shows_what_changed_what_is_merged_and_where_an_item_is_shown(tmp_path: Path):
    with publishing() as publisher:
        feed, copy = publisher.put("/feed", rss(item(1))), publisher.put("/copy", rss(item(1), title="Lake News"))
        publications = "publish:\n  all: {title: All}\n  few: {title: Few, from: [lake]}\n"
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n  lake: {copy}\n{publications}")
        ours.command("poll")
        publisher.put("/feed", rss(item(1, text="Water stands at the third mark.")))
        ours.command("poll", "river")
        ours.command("publish", "--to", "public")
    told = json.loads(ours.command("explain", "https://river.example/1", "--json"))
    other = {"river": "lake", "lake": "river"}[told["source"]]
    assert [one["source"] for one in told["merged_with"]] == [other]
    assert told["merged_with"][0]["method"] == "url"
    assert {one["id"]: one["shown"] for one in told["publications"]}["all"]
    told = json.loads(ours.command("explain", told["published_id"], "--json"))
    revisions = [
        json.loads(ours.command("explain", uid, "--json"))["revisions"]
        for uid in (told["page"].removeprefix("/story/"), told["merged_with"][0]["item"])
    ]
    revised = max(revisions, key=len)
    assert {"kind": "inserted", "words": "the third mark."} in revised[1]["text"]
    text = ours.command("explain", "https://river.example/1")
    assert "  - all: shown, " in text
    assert "(url)" in text
    unknown = ours.command("explain", "https://river.exampel/1", expect=1)
    assert "Nothing is stored under 'https://river.exampel/1'." in unknown
    assert "https://river.example/1" in unknown
    assert "'river' is a source" in ours.command("explain", "river", expect=1)
    assert "For example: aggregator explain https://" in " ".join(ours.command("explain", "--help").split())


def test_opml_goes_out_and_comes_in(tmp_path: Path):
    ours = Commands.at(tmp_path / "one", "sources:\n  river: https://river.example/feed\n")
    theirs = Commands.at(tmp_path / "two", "# mine\nsources:\n  lake: https://lake.example/feed\n")
    (tmp_path / "two" / "list.opml").write_text(ours.command("export"))
    theirs.command("import", "list.opml")
    text = (tmp_path / "two" / "feeds.yaml").read_text()
    assert "# mine" in text
    assert "river: https://river.example/feed\n" in text, "no title, for it was never read"
    theirs.command("add", "https://sea.example/feed", "--id", "sea", "--force")
    theirs.command("remove", "lake")
    assert set(theirs.status()) >= {"sea"}
    assert "lake" not in theirs.status()


def test_add_finds_the_feed_of_a_page(tmp_path: Path):
    with publishing() as publisher:
        publisher.put("/news.rss", rss(item(1)))
        link = "<link rel=alternate type=application/rss+xml href=/news.rss>"
        page = publisher.put("/", f"<!doctype html><title>River</title>{link}", "text/html")
        ours = Commands.at(tmp_path, "sources: {}\n")
        output = ours.command("add", page, "--id", "river")
        assert publisher.url("/news.rss") in output
        assert publisher.url("/news.rss") in (tmp_path / "feeds.yaml").read_text()
        assert "river: 1 new" in ours.command("poll", "river")


def test_init_makes_an_installation_that_runs(tmp_path: Path):
    ours = Commands(folder=tmp_path, port=0)
    ours.command("init")
    assert "no mistakes" in ours.command("check")
    ours.command("init", expect=1)


def test_what_shows_the_catalogue_last_understood_says_so_in_plain_lines(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  river: examples/none.xml\n")
    ours.command("poll", expect=None)
    (tmp_path / "feeds.yaml").write_text("surces: {}\n", "utf-8")
    assert ours.command("status").splitlines()[-2:] == [
        "feeds.yaml:1: surces: unknown key; did you mean 'sources'?",
        "feeds.yaml has mistakes; what it said before is in force.",
    ]


def test_export_names_what_no_reader_can_subscribe_to(tmp_path: Path):
    ours = Commands.at(
        tmp_path,
        "sources:\n  river: https://river.example/feed\n  notes: notes.xml\n  more: more.xml\n"
        "  town: { page: https://town.example/news }\n",
    )
    said = ours.command("export").partition("</opml>\n")[2]
    assert said.splitlines() == [
        "notes, more: left out, for nobody else can read files.",
        "town: no feed, listed as a link.",
    ]


def test_mistakes_are_told_all_at_once_with_their_lines(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  a:\n    url: https://a.example/\n    timezon: UTC\n    evry: 1h\n")
    output = ours.command("check", expect=1)
    assert "feeds.yaml:4: sources.a.timezon" in output
    assert "feeds.yaml:5: sources.a.evry" in output
    assert "timezone" in output
    assert "Traceback" not in output


def test_help_names_every_command(tmp_path: Path):
    output = Commands(folder=tmp_path, port=0).command("--help")
    names = "run worker web check poll publish status explain add remove import export init"
    names += " backup restore migrate-store doctor"
    assert [name for name in names.split() if f" {name} " not in output] == []


def test_without_arguments_the_commands_are_listed(tmp_path: Path):
    assert "Start with `aggregator init`" in " ".join(Commands(folder=tmp_path, port=0).command(expect=2).split())


def test_poll_says_when_nothing_is_due_and_that_it_could_be_asked_all_the_same(tmp_path: Path):
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    ours = Commands.at(tmp_path, "sources:\n  iranpress: examples/iranpress.xml\n")
    assert "iranpress: " in ours.command("poll")
    assert "Nothing is due." in ours.command("poll")
    assert "iranpress: nothing new; next poll " in ours.command("poll", "--all")
    assert "disabled in feeds.yaml" in Commands.at(
        tmp_path, "sources:\n  iranpress: { url: examples/iranpress.xml, enabled: false }\n"
    ).command("poll", "iranpress", expect=1)


def test_poll_asks_nobody_while_the_clock_is_not_set(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources:\n  river: https://river.example/feed\n")
    with showing(RELEASED - 20_000 * DAY):
        assert "Set it before polling" in ours.command("poll", expect=1)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("publish", "--to", "feeds.yaml"), "feeds.yaml: cannot be written"),
        (("import", "none.opml"), "none.opml: cannot be read"),
        (("remove", "lake"), "lake"),
        (("poll", "lake"), "There is no source 'lake'"),
        (("check", "--config", "none.yaml"), "none.yaml"),
        (("add", "examples/notes.json"), "there is no such file: examples/notes.json"),
        (("add", "https://lake.example/feed", "--config", "none.yaml"), "`aggregator init` writes one"),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_what_cannot_be_done_is_told_in_a_sentence_and_ends_with_status_1(
    tmp_path: Path, arguments: tuple[str, ...], words: str
):
    ours = Commands.at(tmp_path, "sources:\n  river: https://river.example/feed\n")
    output = ours.command(*arguments, expect=1)
    assert words in output
    assert "Traceback" not in output


def test_add_shows_what_it_adds_and_leaves_out_what_brings_nothing_unless_forced(tmp_path: Path):
    with publishing() as publisher:
        ours = Commands.at(tmp_path, "sources: {}\n")
        feed = publisher.put("/wire", rss(item(1), item(2)))
        output = ours.command("add", feed, "--id", "river")
        assert "  Report 2\n" in output
        assert "2 of 2 entries would join" in output
        bare = publisher.put("/page", "<!doctype html><title>Nothing</title>", "text/html")
        for address, name in ((publisher.url("/none"), "lake"), (bare, "sea")):
            assert "Not added. --force" in ours.command("add", address, "--id", name, expect=1)
            assert list(ours.status()) == ["river"]
        for address, name in ((publisher.url("/none"), "lake"), (bare, "sea")):
            assert f"added '{name}'" in ours.command("add", address, "--id", name, "--force")
    assert list(ours.status()) == ["river", "lake", "sea"]


def test_status_says_of_every_source_how_it_is_when_it_is_due_and_why(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        feeds = (
            f"sources:\n  river: {feed}\n  dry: {publisher.url('/none')}\n"
            "  off: { url: 'https://off.example/feed', enabled: false }\n"
        )
        ours = Commands.at(tmp_path, feeds)
        assert "pending" in ours.command("status")
        ours.command("poll", "--all")
    table = ours.command("status")
    rows = {line.split()[0]: line.split()[1:3] for line in table.splitlines() if line and not line[0].isspace()}
    assert (rows["river"], rows["dry"], rows["off"]) == (["ok", "1"], ["error", "0"], ["disabled", "0"])
    assert "127.0.0.1 answered 404" in table


def test_check_shows_what_was_understood_of_every_source_and_publication(tmp_path: Path):
    feeds = """\
sources:
  river:
    url: https://river.example/feed
    timezone: Asia/Tehran
    publish: summary
    filter: [ { keep: [lake] }, { drop: { title: '^Live' } }, { limit: 5 } ]
  hall: { page: 'https://hall.example/news', enabled: false }
publish:
  all: { limit: 5000, per_source: 3, filter: [ { drop: [advert] } ] }
  club: { private: 'a-token-of-16-characters' }
"""
    output = " ".join(Commands.at(tmp_path, feeds).command("check").split())
    for words in (
        "[Asia/Tehran]",
        "publish: summary",
        "filter: keep",
        "limit 5",
        "(page) (disabled)",
        "per source: 3",
        "(private)",
        "publish.all.limit: 5000 is cut to 1000, the settings' publish.max_entries",
        "2 sources, 2 publications, no mistakes.",
    ):
        assert words in output
    assert "a-token" not in output


def test_what_goes_on_by_a_broken_feeds_yaml_goes_by_what_was_understood_last(tmp_path: Path):
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    ours = Commands.at(tmp_path, "sources:\n  iranpress: examples/iranpress.xml\n")
    (tmp_path / "feeds.yaml").rename(tmp_path / "kept.yaml")
    (tmp_path / "feeds.yaml").write_text("sources: [")
    with ours.inside(), pytest.raises(ConfigurationError):
        app.load(tmp_path / "feeds.yaml", last_known=True)  # nothing is known yet
    (tmp_path / "kept.yaml").replace(tmp_path / "feeds.yaml")
    ours.command("poll", "--all")
    (tmp_path / "feeds.yaml").write_text("sources: [")
    with ours.inside():
        known = app.load(tmp_path / "feeds.yaml", last_known=True).catalogue()
        with pytest.raises(ConfigurationError):
            app.load(tmp_path / "feeds.yaml")
        (tmp_path / "data" / "aggregator.db").write_bytes(b"no database" * 1000)
        with pytest.raises(ConfigurationError):
            app.load(tmp_path / "feeds.yaml", last_known=True)
    assert [source.id for source in known.sources] == ["iranpress"]
