"""A real reader, newsboat from Debian, subscribed to our feeds while entries come and are edited."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.installation import PROJECT, Installation
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.acceptance


class Newsboat:
    """One subscriber with one feed, in a folder of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        program = shutil.which("newsboat")
        assert program, "newsboat is missing: apt-get install newsboat"
        folder.mkdir()
        (folder / "urls").write_text(f"{url}\n")
        (folder / "config").write_text("max-items 0\n")
        self._cache = folder / "cache.db"
        self._command = [
            program,
            *("--url-file", str(folder / "urls")),
            *("--config-file", str(folder / "config")),
            *("--cache-file", str(self._cache)),
            *("--execute", "reload"),
        ]

    def reload(self) -> None:
        """Fetch the feed as its user does."""
        done = subprocess.run(self._command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def shown(self) -> list[tuple[str, str, str]]:
        """Guid, title and text of every entry that the reader shows."""
        with closing(sqlite3.connect(self._cache)) as cache:
            rows = cache.execute("select guid, title, content from rss_item where deleted = 0 order by guid")
            return [(str(guid), str(title), str(text)) for guid, title, text in rows]


@pytest.mark.parametrize("extension", ["atom", "rss"])
def test_a_reader_shows_each_entry_once_and_sees_edits(tmp_path: Path, extension: str):
    shutil.copytree(PROJECT / "examples", tmp_path / "site" / "examples")
    names = {"iranpress": "iranpress.xml", "planet": "planet.atom", "notes": "notes.json"}
    lines = "".join(f"  {name}: examples/{file}\n" for name, file in names.items())
    ours = Installation.at(tmp_path / "site", f"sources:\n{lines}")
    here = Commands(ours.folder, ours.port)
    with ours.running():
        ours.wait_for("/all.json", "iranpress", "planet", "notes")
        reader = Newsboat(tmp_path / "reader", ours.url(f"/all.{extension}"))
        # Three times: this reader sends validators only from its third request on.
        for _ in range(3):
            reader.reload()
        before = reader.shown()
        assert len(before) == sum(row["items"] for row in here.status().values())
        assert len({guid for guid, _, _ in before}) == len(before)

        edited = tmp_path / "site" / "examples" / "iranpress.xml"
        old = next(title for _, title, _ in before if f"<title>{title}</title>" in edited.read_text())
        edited.write_text(edited.read_text().replace(f"<title>{old}</title>", "<title>Corrected headline</title>"))
        here.command("poll", "--all")
        ours.wait_for(f"/all.{extension}", "Corrected headline")
        for _ in range(3):
            reader.reload()
        after = reader.shown()
    assert [guid for guid, _, _ in after] == [guid for guid, _, _ in before]
    titles = [title for _, title, _ in after]
    assert titles.count("Corrected headline") == 1
    assert old not in titles
