"""The script that everybody would write first, of httpx, feedparser, a table and feedgen: the measure.

Run in a folder with a file `urls`; keeps `plain.db` there and writes `all.atom`. Twenty requests at a time,
validators sent back, nothing compared, cleaned, or kept from harm.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import feedparser
import httpx
from feedgen.feed import FeedGenerator

_TABLES = """
CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT, modified TEXT);
CREATE TABLE IF NOT EXISTS entries (
    url TEXT, id TEXT, title TEXT, link TEXT, published TEXT, content TEXT, PRIMARY KEY (url, id));
"""


async def poll(client: httpx.AsyncClient, database: sqlite3.Connection, url: str) -> None:
    """One feed."""
    kept = database.execute("SELECT etag, modified FROM feeds WHERE url = ?", (url,)).fetchone() or (None, None)
    fields = {
        name: value for name, value in zip(("If-None-Match", "If-Modified-Since"), kept, strict=True) if value
    }
    answer = await client.get(url, headers=fields)
    if answer.status_code != 200:
        return
    found = feedparser.parse(answer.content)
    rows = [
        (
            url,
            one.get("id") or one.get("link"),
            one.get("title"),
            one.get("link"),
            one.get("published"),
            one.summary,
        )
        for one in found.entries
    ]
    database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)", rows)
    validators = (answer.headers.get("etag"), answer.headers.get("last-modified"))
    database.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)", (url, *validators))
    database.commit()


def publish(database: sqlite3.Connection) -> None:
    """A merged feed of the latest hundred."""
    feed = FeedGenerator()
    feed.id("urn:plain")
    feed.title("All")
    for row in database.execute("SELECT id, title, link, content FROM entries ORDER BY rowid DESC LIMIT 100"):
        entry = feed.add_entry()
        entry.id(row[0])
        entry.title(row[1])
        entry.link(href=row[2])
        entry.content(row[3], type="html")
    Path("all.atom").write_bytes(feed.atom_str())


async def main(urls: Sequence[str]) -> None:
    """Poll all, then publish."""
    database = sqlite3.connect("plain.db")
    database.executescript(_TABLES)
    room = asyncio.Semaphore(20)

    async def one(url: str) -> None:
        async with room:
            await poll(client, database, url)

    async with httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0), timeout=60) as client:
        await asyncio.gather(*(one(url) for url in urls))
    publish(database)
    database.close()


if __name__ == "__main__":
    asyncio.run(main(Path("urls").read_text().split()))
