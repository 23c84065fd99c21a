"""Each command at a terminal of forty columns, with NO_COLOR, at a dumb one, and behind a pipe."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.cli.exit_statuses import ALWAYS, SPECIAL
from tests.support.effort import cpu_of_ended, within
from tests.support.installation import PROJECT, SETTINGS, Installation
from tests.support.terminals import COLUMNS, IN_PROCESS, Seen, Typed, run_all

pytestmark = pytest.mark.acceptance

CTRL_C = "\x03"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
FILES = "".join(f"  f{number:02}: feeds/{number:02}.xml\n" for number in range(12))
RUN_FOR_GOOD = ("run", "worker", "web", "demo")
COMMANDS: dict[str, tuple[list[str], int]] = {
    "--version": (["--version"], 0),
    "--help": (["--help"], 0),
    "nothing": ([], 2),
    "unknown": (["nonsense"], 2),
    "check": (["check"], 0),
    "check, mistakes": (["check", "--config", "mistakes.yaml"], 1),
    "check --json": (["check", "--json"], 0),
    "check --resolved": (["check", "--resolved"], 0),
    "poll": (["poll", "--all"], 0),
    "publish": (["publish", "--to", "public"], 0),
    "check --outputs": (["check", "--outputs"], 0),
    "status": (["status"], 0),
    "status --json": (["status", "--json"], 0),
    "diff": (["diff"], 0),
    "diff FILE": (["diff", "draft.yaml"], 1),
    "diff, mistakes": (["diff", "mistakes.yaml"], 2),
    "explain": (["explain", "urn:nothing"], 1),
    "preview": (["preview", "f01"], 0),
    "export": (["export"], 0),
    "apply": (["apply"], 0),
    "doctor": (["doctor"], 0),
    "import": (["import", "list.opml"], 0),
    "remove": (["remove", "f11"], 0),
    "init": (["init", "new"], 0),
    "backup": (["backup", "copy.db"], 0),
    "restore": (["restore", "copy.db"], 0),
    "migrate-store": (["migrate-store", "--from", "sqlite:///none.db", "--to", "sqlite:///other.db"], 1),
    "add": (["add", "feeds/12.xml", "--id", "added"], 0),
}
PLAIN = ("check", "check, mistakes", "poll", "status")


def feed(number: int) -> str:
    """A feed of one entry."""
    return (
        f"<rss version='2.0'><channel><title>Feed {number}</title><item><guid>tag:f.example,2026:{number}</guid>"
        f"<title>Report number {number}</title><pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate>"
        f"<description>What became of matter {number} in the valley.</description></item></channel></rss>"
    )


def lay_out(folder: Path) -> Installation:
    """An installation of twelve files, and what its commands are given."""
    (folder / "feeds").mkdir(parents=True)
    for number in range(13):
        (folder / "feeds" / f"{number:02}.xml").write_text(feed(number))
    (folder / "mistakes.yaml").write_text(
        f"sources:\n{FILES}  wrong: {{ url: a.xml, evry: 1h, title: {'x' * 60} }}\n"
    )
    (folder / "draft.yaml").write_text(f"sources:\n{FILES.replace('f03', 'g03').replace('f04', '# f04')}")
    (folder / "list.opml").write_text(
        "<opml version='2.0'><body><outline xmlUrl='https://new.example/feed' text='New'/></body></opml>"
    )
    return Installation.at(folder, f"sources:\n{FILES}")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Seen]]:
    """What is to be seen of each command, by its name and by who reads it."""
    folder = tmp_path_factory.mktemp("terminal")
    ways = {
        "terminal": (Typed([]), list(COMMANDS)),
        "pipe": (Typed([], at_terminal=False), list(COMMANDS)),
        "no colour": (Typed([], environment={"NO_COLOR": "1"}), PLAIN),
        "dumb": (Typed([], environment={"TERM": "dumb"}), ("check", "check, mistakes", "status")),
    }
    found: dict[tuple[str, str], Seen] = {}
    for way, (typed, names) in ways.items():
        ours = lay_out(folder / way.replace(" ", "-"))
        commands = [
            Typed(COMMANDS[name][0], at_terminal=typed.at_terminal, environment=typed.environment)
            for name in names
        ]
        results = run_all(ours.folder, commands, ours.environment | {IN_PROCESS: "1"})
        found |= {(name, way): one for name, one in zip(names, results, strict=True)}
    yield found
    shutil.rmtree(folder)


def test_each_command_ends_with_its_status_whoever_reads_it_and_says_something(
    seen: dict[tuple[str, str], Seen],
):
    wrong = {key: one for key, one in seen.items() if one.status != COMMANDS[key[0]][1]}
    assert wrong == {}
    assert [key for key, one in seen.items() if not one.text.strip() or "Traceback" in one.text] == []
    assert {name.split(",")[0].split(" ")[0] for name in COMMANDS} >= {
        *re.findall(r"^  ([a-z-]+)  ", seen["--help", "pipe"].text.partition("Commands:")[2], re.MULTILINE)
    } - {*RUN_FOR_GOOD}, "each of them is tried here"


def test_colours_and_moving_parts_are_for_terminals_alone(seen: dict[tuple[str, str], Seen]):
    assert [key for key, one in seen.items() if key[1] != "terminal" and "\x1b" in one.text] == []
    assert "\x1b[" in seen["status", "terminal"].text
    assert "Polling" in seen["poll", "terminal"].text
    assert "/s" in seen["poll", "terminal"].text
    assert "Checking documents" in seen["check --outputs", "terminal"].text
    for way in ("pipe", "no colour"):
        assert "Polling" not in seen["poll", way].text


@pytest.mark.parametrize("way", ["terminal", "pipe", "no colour"])
def test_a_poll_tells_of_each_source_on_a_line_of_its_own_and_sums_up(seen: dict[tuple[str, str], Seen], way: str):
    text = ESCAPES.sub("", seen["poll", way].text)
    told = re.findall(r"^f\d\d: 1 new; next poll \S+ \S+Z$", text.replace("\r", "\n"), re.MULTILINE)
    assert len(told) == len(set(told)) == 12
    assert re.search(r"12 sources polled in [\d.]+ s, [\d.]+/s: 12 new; 0 failed\.", " ".join(text.split()))


def test_nothing_that_is_drawn_is_wider_than_the_terminal_and_no_id_is_cut(seen: dict[tuple[str, str], Seen]):
    for name in ("status", "check", "check, mistakes"):
        for way in ("terminal", "no colour", "dumb"):
            lines = ESCAPES.sub("", seen[name, way].text).splitlines()
            drawn = [line for line in lines if line.startswith(("  ", "f")) and "mistakes.yaml" not in line]
            assert [line for line in drawn if len(line.rstrip()) > COLUMNS] == [], (name, way)
    for number in range(12):
        assert f"\nf{number:02}\n" in f"\n{ESCAPES.sub('', seen['status', 'no colour'].text)}"
    marked = seen["check, mistakes", "terminal"].text.splitlines()
    line, carets = next(pair for pair in itertools.pairwise(marked) if "^" in pair[1])
    assert line[carets.index("^") : carets.rindex("^") + 1] == "evry"


def test_behind_a_pipe_each_row_is_one_line_and_machines_read_json(seen: dict[tuple[str, str], Seen]):
    rows = [line for line in seen["status", "pipe"].text.splitlines() if re.match(r"f\d\d ", line)]
    assert len(rows) == 12
    assert "12 sources: 12 ok." in seen["status", "pipe"].text
    for name in ("status --json", "check --json"):
        assert json.loads(seen[name, "pipe"].text)
        assert json.loads(seen[name, "terminal"].text)


def test_the_statuses_stand_in_each_help_and_in_the_readme(tmp_path: Path):
    names = [*SPECIAL, "status", "remove"]
    helps = run_all(
        tmp_path,
        [Typed([name, "-h"], at_terminal=False) for name in names],
        Installation(folder=tmp_path, port=0).environment,
    )
    for name, one in zip(names, helps, strict=True):
        told = " ".join(one.text.split())
        for status, meaning in {**ALWAYS, **SPECIAL.get(name, {})}.items():
            assert f"{status} {meaning}" in told, name
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for meaning in ALWAYS.values():
        assert meaning in readme
    for name, own in SPECIAL.items():
        assert all(
            f"`{name}`" in line for meaning in own.values() for line in readme.splitlines() if meaning in line
        )
        assert all(meaning in readme for meaning in own.values())


def test_ctrl_c_ends_a_poll_with_a_summary_and_what_was_polled_is_stored(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes every connection, and says nothing for an hour
        ours = lay_out(tmp_path / "here")
        slow = f"sources:\n{FILES}  slow: http://127.0.0.1:{silent.getsockname()[1]}/feed\n"
        (ours.folder / "feeds.yaml").write_text(slow)
        (ours.folder / "config" / "settings.yaml").write_text(SETTINGS.replace("5m", "1h"))
        poll = Typed(["poll", "--all"], after="f11: ", then=CTRL_C)
        interrupted, status = run_all(ours.folder, [poll, Typed(["status"], at_terminal=False)], ours.environment)
    assert interrupted.status == 130
    told = " ".join(ESCAPES.sub("", interrupted.text).split())
    summary = re.search(r"Interrupted\. (\d+) sources? polled in [\d.]+ s, .*What was polled is stored\.", told)
    assert summary, told
    assert "Traceback" not in told
    stored, pending = map(int, re.findall(r"13 sources: (\d+) ok, (\d+) pending\.", status.text)[0])
    assert stored + pending == 13
    assert 1 <= int(summary[1]) <= stored <= 12, "f11 at least, whichever came before Ctrl-C, and what it cut off"


@pytest.mark.parametrize("command", RUN_FOR_GOOD)
def test_what_runs_for_good_ends_at_ctrl_c_by_status_zero(tmp_path: Path, command: str):
    ours = lay_out(tmp_path / "here")
    after = "published" if command == "worker" else "Ctrl-C ends it"
    port = {"worker": [], "demo": ["--port", "0"]}.get(command, ["--host", "127.0.0.1", "--port", "0"])
    (seen,) = run_all(ours.folder, [Typed([command, *port], after=after, then=CTRL_C)], ours.environment)
    assert seen.status == 0, seen.text
    assert "Traceback" not in seen.text


def test_shells_complete_commands_options_and_the_ids_of_sources(tmp_path: Path):
    ours = lay_out(tmp_path / "here")
    asked = {"aggregator po": "poll", "aggregator poll f0": "f07", "aggregator poll --a": "--all"}
    scripts = [
        Typed([], at_terminal=False, environment={"_AGGREGATOR_COMPLETE": f"source_{shell}"})
        for shell in ("bash", "zsh", "fish")
    ]
    typed = [
        Typed(
            [],
            at_terminal=False,
            environment={
                "_AGGREGATOR_COMPLETE": "complete_bash",
                "COMP_WORDS": words,
                "COMP_CWORD": str(len(words.split()) - 1),
            },
        )
        for words in asked
    ]
    seen = run_all(ours.folder, [*scripts, *typed], ours.environment)
    assert all("_AGGREGATOR_COMPLETE" in one.text for one in seen[:3])
    for word, one in zip(asked.values(), seen[3:], strict=True):
        assert word in one.text.split()
    (ours.folder / "feeds.yaml").write_text("sources: [\n")
    (broken,) = run_all(ours.folder, typed[1:2], ours.environment)
    assert (broken.text.strip(), broken.status) == ("", 0), "it says nothing while somebody types"


def test_help_answers_at_once(tmp_path: Path):
    with within(0.3, cpu_of_ended):
        Installation(folder=tmp_path, port=0).command("--help")
