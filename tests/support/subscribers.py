"""Real readers, as their users run them: newsboat from Debian, and the library `reader` from PyPI."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from reader import make_reader


@dataclass(frozen=True)
class Shown:
    """An entry as a reader shows it."""

    id: str
    title: str
    text: str


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
        done = subprocess.run(self._command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def shown(self) -> list[Shown]:
        """Every entry that the reader shows."""
        with closing(sqlite3.connect(self._cache)) as cache:
            rows = cache.execute("select guid, title, content from rss_item where deleted = 0 order by guid")
            return [Shown(str(guid), str(title), str(text)) for guid, title, text in rows]


class Library:
    """One subscriber that uses the library `reader`."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir()
        self._url = url
        self._place = str(folder / "reader.db")
        with closing(make_reader(self._place)) as reader:
            reader.add_feed(url)

    def reload(self) -> None:
        """Update the feed as a program that uses the library does."""
        with closing(make_reader(self._place)) as reader:
            reader.update_feed(self._url)

    def shown(self) -> list[Shown]:
        """Every entry that the library gives."""
        with closing(make_reader(self._place)) as reader:
            entries = list(reader.get_entries())
        found = [
            Shown(entry.id, entry.title or "", content.value if (content := entry.get_content()) else "")
            for entry in entries
        ]
        return sorted(found, key=lambda one: one.id)
