"""backup and restore: what they say, and with which status they end."""

from __future__ import annotations

from pathlib import Path

from aggregator import __version__
from tests.support.commands import Commands
from tests.support.installation import item, rss
from tests.support.publisher import publishing


def test_a_copy_is_made_and_put_back_and_both_say_what_they_did(tmp_path: Path):
    with publishing() as publisher:
        ours = Commands.at(tmp_path, f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n")
        assert "there is no database" in ours.command("backup", "safe.db", expect=1)
        ours.command("poll")
        said = ours.command("backup", "safe.db")
        publisher.put("/feed", rss(item(1), item(2)))
        ours.command("poll", "river")
    assert "safe.db: 1 sources, 1 items, 2 publications; 0." in said
    assert "found whole" in said
    assert ours.status()["river"]["items"] == 2
    said = ours.command("restore", "safe.db")
    (kept,) = (tmp_path / "data").glob("aggregator.db.replaced-*")
    assert f"What was there before is kept as {kept};" in said
    assert ours.status()["river"]["items"] == 1
    assert "is no file" in ours.command("restore", "nowhere.db", expect=1)


def test_a_feeds_yaml_with_mistakes_keeps_nobody_from_a_copy(tmp_path: Path):
    with publishing() as publisher:
        ours = Commands.at(tmp_path, f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n")
        ours.command("poll")
    (tmp_path / "feeds.yaml").write_text("surces: {}\n")
    ours.command("backup", "safe.db")
    ours.command("restore", "safe.db")


def test_the_version_is_told_without_a_command(tmp_path: Path):
    ours = Commands(folder=tmp_path, port=0)
    assert ours.command("--version") == f"aggregator {__version__}\n"
    assert ours.command("-h") == ours.command("--help")
