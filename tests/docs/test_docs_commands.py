"""Every command that the README and docs/ have people type is run, in each way that they write it.

What people put in the place of a word in capitals is in `_GIVEN`. What never ends, or needs a site, is named with
the test that runs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from aggregator import settings
from tests.docs.test_docs_promises import names_by_file
from tests.support.commands import Commands
from tests.support.installation import PROJECT, item, rss

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
_SPANS = re.compile(r"`([^`\n]+)`|^ {4}(\S.*)$", re.MULTILINE)
_OURS = re.compile(r"(?:python -m )?aggregator(?= [a-z-]+(?:$| ))")
_VARIABLE = re.compile(r"^(?:[A-Z_]+=\S+ )+")

RUN_BY = {
    "add --page": "cli_adding.a_list_of_articles_is_offered_as_a_page_at_a_terminal_and_by_an_option",
    "demo": "demo.the_demo_shows_what_the_product_does_touches_no_installation_and_leaves_nothing_behind",
    "demo --open": "cli_demo.the_river_is_opened_and_what_the_environment_says_of_others_is_not_heard",
    "run": "engine_embedded.worker_and_web_in_one_process_serve_what_was_polled_and_end_at_a_signal",
    "worker": "processes.worker_and_web_run_from_the_procfile_on_one_database",
    "web": "processes.worker_and_web_run_from_the_procfile_on_one_database",
}
"""Commands that go on until they are told to stop, and the tests that start and stop them."""

_GIVEN = {
    "add URL --page": "add --page",
    "add URL": "add b.xml",
    "add https://hynek.me/index.xml": "add b.xml",
    "preview URL-or-ID": "preview a",
    "preview URL": "preview b.xml",
    "explain ID-or-URL": "explain https://river.example/1",
    "remove ID": "remove c",
    "import FILE.opml": "import some.opml",
    "import FILE": "import some.opml",
    "--published FILE-or-URL": "--published a.xml",
    "diff FILE": "diff other.yaml",
    "poll ID…": "poll a c",
    "--to DIR": "--to public",
    "/var/www/feeds": "public",
    "backup FILE": "backup copy.db",
    "restore FILE": "restore kept.db",
    "--from URL --to URL": "--from sqlite:///data/aggregator.db --to sqlite:///new.db",
    "postgresql://user@host/name": "sqlite:///new.db",
    "postgresql://…": "sqlite:///new.db",
}

_BARE = {
    "add": "add b.xml",
    "backup": "backup copy.db",
    "explain": "explain https://river.example/1",
    "import": "import some.opml",
    "migrate-store": "migrate-store --from sqlite:///data/aggregator.db --to sqlite:///new.db",
    "preview": "preview a",
    "publish": "publish --to public",
    "remove": "remove c",
    "restore": "restore kept.db",
}
"""What is named without what it is about."""

FEEDS = "sources:\n  a: a.xml\n  c: c.xml\n"


def commands() -> Iterator[tuple[str, str]]:
    """(page, command) of all that is written there, once each, without alternatives that are put in brackets."""
    seen: set[str] = set()
    for page in PAGES:
        for span in _SPANS.finditer(page.read_text(encoding="utf-8")):
            for part in (span[1] or span[2]).split("; "):
                text = _VARIABLE.sub("", part)
                if _OURS.match(text) and text not in seen:
                    seen.add(text)
                    yield page.name, text


def ways(command: str) -> Iterator[str]:
    """A command in every way that its brackets allow, with what people put in the place of capitals."""
    parts = re.split(r"\s*\[([^\]]+)\]", _OURS.sub("", command, count=1).strip())
    for chosen in product(*(("", option) for option in parts[1::2])):
        words = " ".join(word for pair in zip(parts[::2], (*chosen, ""), strict=True) for word in pair if word)
        for said, given in _GIVEN.items():
            words = words.replace(said, given)
        yield _BARE.get(words, words)


EVERY = [way for _, command in commands() for way in ways(command)]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """One that has polled and published, and the files that people have."""
    folder = tmp_path_factory.mktemp("commands")
    ours = Commands.at(folder, FEEDS)
    for name, first in (("a", 1), ("b", 20), ("c", 40)):
        (folder / f"{name}.xml").write_text(rss(*(item(number) for number in range(first, first + 3))))
    (folder / "other.yaml").write_text(f"{FEEDS}  b: b.xml\n")
    (folder / "some.opml").write_text(
        '<opml version="2.0"><body><outline type="rss" text="D" xmlUrl="https://d.example/feed"/></body></opml>'
    )
    (folder / "config.ini").write_text("[Planet]\nname = Ours\n\n[https://e.example/feed]\nname = E\n")
    ours.command("poll", "--all")
    ours.command("publish", "--to", "public")
    ours.command("backup", "kept.db")
    return ours


@pytest.mark.parametrize("words", sorted({way for way in EVERY if way not in RUN_BY}))
def test_every_command_of_the_docs_does_what_it_is_for(installation: Commands, tmp_path: Path, words: str):
    folder = tmp_path if words == "init" else installation.folder
    if words != "init":
        (folder / "feeds.yaml").write_text(FEEDS)
    for made in ("copy.db", "new.db"):
        (folder / made).unlink(missing_ok=True)
    allowed = None if words.split(maxsplit=1)[0] in {"diff", "doctor"} else 0  # theirs tells what they found
    told = replace(installation, folder=folder).command(*words.split(), expect=allowed)
    assert not re.search(r"Usage:|No such|Traceback|Error", told), told
    if "--json" in words:
        assert told.lstrip().startswith("{")


def test_commands_that_never_end_are_run_by_the_tests_that_are_named():
    assert RUN_BY.keys() <= set(EVERY)
    for name in RUN_BY.values():
        file, _, test = name.partition(".")
        assert test in names_by_file()[file], name


def test_no_word_in_capitals_is_left_that_nobody_would_know_what_to_put_for():
    assert [way for way in EVERY if re.search(r"\b[A-Z]{2,}\b", way)] == []


def test_every_target_of_make_that_is_named_is_there():
    targets = re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    spans = [span for page in PAGES for span in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))]
    spans += [
        line
        for page in PAGES
        for line in re.findall(r"^ {4}(make .*?)(?: +#.*)?$", page.read_text(), re.MULTILINE)
    ]
    named = {
        word
        for span in spans
        if (made := re.match(r"(?:[A-Z_]+=\S+ )*make ((?:[a-z-]+ ?)+)", span))
        for word in made[1].split()
    }
    assert len(named) > 8
    assert named <= set(targets)


def test_every_module_that_is_to_be_run_is_there():
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    modules = set(re.findall(r"python -m ([a-z_.]+)", texts))
    assert len(modules) > 5
    for module in modules:
        path = PROJECT / Path(*module.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module


def test_every_variable_and_setting_that_the_docs_set_is_one(tmp_path: Path):
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    given = dict(re.findall(r"`(?:[^`]* )?(AGGREGATOR_[A-Z_]+)=([^\s`]+)", texts))
    assert len(given) > 1
    settings.load(tmp_path, given)
    written = re.findall(r"`(fetch: \{[^`]*\})`", texts)
    assert written
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.yaml").write_text("\n".join(written))
    assert settings.load(tmp_path, {}).fetch.allow_networks
