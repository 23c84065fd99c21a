"""What is told while people wait, and where a table has no room; in this process, so that all is measured."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from aggregator.cli import diff, progress, shared
from aggregator.model import Difference, EntryChange, ListChange, PublicationChange, SourceChange
from tests.support.commands import Commands

RIVERS = "".join(f"  r{number}: r{number}.xml\n" for number in range(3))


@pytest.mark.parametrize("total", [None, 3, 30])
def test_lines_are_told_and_things_counted_whether_their_number_is_known_or_not(
    capsys: pytest.CaptureFixture[str], total: int | None
):
    with patch.object(progress, "is_lively", lambda: True), progress.progress("Polling", total) as shown:
        for number in range(3):
            shown.say(f"r{number} [x]")
            shown.advance()
    assert capsys.readouterr().out == "r0 [x]\nr1 [x]\nr2 [x]\n"


@pytest.mark.parametrize(
    ("variables", "lively"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_nothing_moves_where_nobody_wants_it(variables: dict[str, str], lively: bool):
    with (
        patch.dict("os.environ", variables, clear=True),
        patch("sys.stderr", SimpleNamespace(isatty=lambda: True)),
    ):
        assert progress.is_lively() is lively


def test_a_poll_that_is_interrupted_says_what_came_of_it(tmp_path: Path):
    ours = Commands.at(tmp_path, f"sources:\n{RIVERS}")

    def interrupt(work: object) -> None:
        work.close()  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    with patch.object(shared, "run", interrupt):
        told = ours.command("poll", "--all", expect=130)
    assert (
        "Interrupted. 0 sources polled in 0.0 s, 0.0/s: nothing new; 0 failed. What was polled is stored." in told
    )


def test_on_a_narrow_terminal_each_row_is_a_block(tmp_path: Path):
    ours = Commands.at(tmp_path, f"sources:\n{RIVERS}")
    with patch.dict("os.environ", {"COLUMNS": "40"}):
        assert "\nr1\n  every: 1h" in ours.command("check")
        assert "\nr2\n  state: pending" in ours.command("status")


def test_ids_are_completed_from_whichever_file_is_named(tmp_path: Path):
    (tmp_path / "other.yaml").write_text(f"sources:\n{RIVERS}")
    context = SimpleNamespace(params={"config": tmp_path / "other.yaml"})
    assert shared.complete_source(context, "r") == ["r0", "r1", "r2"]  # type: ignore[arg-type]
    assert shared.complete_source(context, "x") == []  # type: ignore[arg-type]
    context = SimpleNamespace(params={"config": tmp_path / "none.yaml"})
    assert shared.complete_source(context, "r") == []  # type: ignore[arg-type]


def test_a_difference_is_told_line_by_line():
    again = tuple(f"tag:{number}" for number in range(7))
    found = Difference(
        sources=(
            SourceChange(id="a", fate="added", address="a.xml", items=3),
            SourceChange(
                id="b", fate="edited", address="n.xml", was="c", moved_from="o.xml", keys=("every", "tags")
            ),
            SourceChange(id="d", fate="removed", address="https://d.example/", items=2),
        ),
        publications=(
            PublicationChange(id="p", fate="removed"),
            PublicationChange(
                id="q",
                fate="edited",
                was="r",
                keys=("limit",),
                entries=EntryChange(
                    shown=9,
                    added=again,
                    dropped=("tag:x",),
                    again=again[:2],
                    titles={"tag:0": "News", "tag:x": ""},
                ),
            ),
        ),
        sections=("stories", "withdraw"),
    )
    assert list(diff._tell(found)) == [
        "+ source a: a.xml; 3 items are here already",
        "~ source b: was c; from o.xml to n.xml; every, tags",
        "- source d: https://d.example/; its 2 items are kept, and not shown",
        "- publication p: its addresses answer 404; all of it is kept for when it comes back",
        "~ publication q: was r; limit; 7 entries added, 1 dropped; 2 announced again",
        "    added: News",
        *(f"    added: {name}" for name in again[1:5]),
        "    and 2 more added: --json has all of them",
        "    dropped: tag:x",
        "    announced again: News",
        "    announced again: tag:1",
        "~ stories",
        "~ withdraw",
        "note: what `stories` brings together or apart is compared anew by the worker, and not counted.",
        "note: what is taken out of `withdraw` again comes back under its id, and is not counted.",
        "note: no entries are counted: no store was asked.",
        "",
    ]


def test_that_a_host_asked_not_to_be_read_or_does_so_no_more_is_told_of_its_sources_and_lists():
    moved = SourceChange(
        id="b",
        fate="edited",
        address="https://b.example/n",
        moved_from="https://a.example/",
        items=3,
        polling="ends",
    )
    found = Difference(
        sources=(SourceChange(id="a", fate="edited", address="https://a.example/", polling="resumes"), moved),
        lists=(ListChange(id="l", fate="edited", address="https://l.example/", polling="ends"),),
        sections=("opt_out",),
        uncounted="",
    )
    asked = "its host asked not to be read: it is not polled, and"
    assert list(diff._tell(found)) == [
        f"~ list l: {asked} what it named stays known",
        "~ source a: its host does not ask any more not to be read: it is polled again",
        f"~ source b: from https://a.example/ to https://b.example/n; {asked} nothing of it is shown",
        "~ opt_out",
        "note: what is taken out of `opt_out` again comes back under its id, and is not counted.",
        "",
    ]
    assert found.unseen == (), "nobody looks there"
