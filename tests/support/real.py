"""The door for tools that replay real histories: an installation that is stepped through time, in this process.

Such tools know the product by what stands here and by its commands and documents, so that its inside can move.
`Installation` polls what `serve` puts on a loopback server, at the hours that the tool says; `article` reads the
page of one article. Rows are those of the database, dates in seconds since 1970.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import sqlite3
import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any, Self

import structlog

from aggregator import app, stories
from aggregator.model import Failed, Fetched, Source, Validators
from aggregator.pipeline import reading
from aggregator.ports import Store

COLUMNS = (
    "uid, source_id, public_id, entry_id, url, key_value, published, updated, published_reason, updated_reason, "
    "story"
)


class SteppedClock:
    """A clock that stands until it is set; it only goes forward."""

    def __init__(self) -> None:
        self._seconds = 0

    def set(self, seconds: float) -> None:
        """Make it that many seconds since 1970, at least a second later than it was."""
        self._seconds = max(self._seconds + 1, int(seconds))

    def now(self) -> datetime:
        """See `ports.Clock`."""
        return datetime.fromtimestamp(self._seconds, UTC)


@dataclass
class Names:
    """The stored items by what they are called: ids, addresses, keys; exactly or nearly."""

    exact: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    loose: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, source_id: str, name: str | None, uid: str) -> None:
        """Note that an item of the source goes by the name."""
        if name:
            self.exact[source_id, name].add(uid)
            self.loose[source_id, _simplified(name)].add(uid)

    def find(self, source_id: str, item: dict[str, Any]) -> set[str]:
        """The uids of what bears the `id` or the `link` of an item that was read elsewhere, exactly or nearly."""
        given = [name for name in (item["id"], item["link"]) if name]
        for bearers, spelt in ((self.exact, str), (self.loose, _simplified)):
            for name in given:
                if found := bearers.get((source_id, spelt(name))):
                    return found
        return set()


class Installation:
    """The product in a folder of its own, with one publication `all` of all sources."""

    def __init__(self, folder: Path, sources: Sequence[str], limit: int = 200) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "config").mkdir(parents=True)
        self._folder = folder
        self._clock = SteppedClock()
        self._bodies: dict[str, tuple[bytes, str]] = {}
        self._sources = list(sources)
        self._limit = limit

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Self]:
        """Start the loopback server and build the product; both end with the block."""
        for name in ("DATABASE_URL", "PORT"):
            os.environ.pop(name, None)
        async with AsyncExitStack() as life:
            life.enter_context(_quiet())
            server = await life.enter_async_context(await asyncio.start_server(self._answer, "127.0.0.1", 0))
            self._configure(server.sockets[0].getsockname()[1])
            product = replace(app.load(self._folder / "feeds.yaml"), clock=self._clock)
            self._store: Store = await life.enter_async_context(product.store())
            reader = await life.enter_async_context(product.reader())
            self._poller = await life.enter_async_context(product.poller(self._store, reader))
            self._publisher = product.publisher(self._store, reader)
            yield self

    def serve(self, source: str, body: bytes, seconds: float) -> None:
        """From now on the source answers with that body, last modified at that time."""
        self._bodies[source] = (body, formatdate(seconds, usegmt=True))

    async def poll(self, sources: Sequence[str], seconds: float) -> dict[str, str]:
        """Poll the sources at that time and publish what is outdated; the errors, by source."""
        self._clock.set(seconds)
        polled = await self._poller.poll(sources)
        await self._publisher.publish_outdated()
        return {one.source.id: one.state.error for one in polled if one.state.error}

    def items(self, sources: Collection[str]) -> tuple[list[sqlite3.Row], Names]:
        """The rows of the stored items of the sources, and the names by which they are found."""
        wanted = [json.dumps(sorted(sources))]
        rows = self._rows(
            f"SELECT {COLUMNS} FROM items WHERE source_id IN (SELECT value FROM json_each(?))", wanted
        )
        names = Names()
        for row in rows:
            for column in ("entry_id", "url", "key_value"):
                names.add(row["source_id"], row[column], row["uid"])
        aliases = "SELECT source_id, value, uid FROM aliases WHERE source_id IN (SELECT value FROM json_each(?))"
        for row in self._rows(aliases, wanted):
            names.add(row["source_id"], row["value"], row["uid"])
        return rows, names

    def published(self) -> list[dict[str, Any]]:
        """The items of the JSON feed, as a subscriber gets them."""
        found = self._rows("SELECT body FROM documents WHERE publication_id = 'all' AND format = 'json'")
        return list(json.loads(found[0]["body"])["items"]) if found else []

    def evidence(self) -> tuple[dict[tuple[str, str], tuple[str, str]], dict[tuple[str, str], tuple[str, str]]]:
        """What joins pairs of items and what keeps pairs apart: (uid, uid) -> (method or rule, reason)."""
        return self._pairs("edges", "method", "evidence"), self._pairs("near_misses", "rule", "refusal")

    async def verdict(self, one: str, other: str) -> tuple[str, str]:
        """(method or rule, reason) if two items were compared now, whatever is stored of them."""
        items = [await self._store.item(uid) for uid in (one, other)]
        first, second = (stories.sighting(item, stories.sign(item.entry)) for item in items if item is not None)
        found = stories.verify(first, second)
        rule = getattr(found, "rule", None)
        return rule or f"never met, else {getattr(found, 'method', '')}", found.reason

    def _pairs(self, table: str, kind: str, words: str) -> dict[tuple[str, str], tuple[str, str]]:
        rows = self._rows(f"SELECT one, other, {kind} AS kind, {words} AS words FROM {table}")
        return {
            (row["one"], row["other"]): (row["kind"], json.loads(row["words"]).get("reason", "")) for row in rows
        }

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(self._folder / "data" / "aggregator.db")) as database:
            database.row_factory = sqlite3.Row
            return database.execute(query, values).fetchall()

    def _configure(self, port: int) -> None:
        feeds = {
            "site": {"title": "Real", "link": "https://river.example.org/"},
            "defaults": {"every": "5m"},
            "sources": {name: {"url": f"http://127.0.0.1:{port}/{name}"} for name in self._sources},
            "publish": {"all": {"limit": self._limit, "formats": ["json"]}},
        }
        fetch = {"allow_networks": ["127.0.0.0/8"], "min_interval": "1s", "per_host": 20, "host_gap": "0s"}
        (self._folder / "feeds.yaml").write_text(json.dumps(feeds), "utf-8")
        settings = {"fetch": fetch, "log": {"level": "error"}}
        (self._folder / "config" / "settings.yaml").write_text(json.dumps(settings), "utf-8")

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        name = head.split(" ", 2)[1].strip("/")
        body, modified = self._bodies.get(name, (b"", ""))
        asked = re.search(r"(?im)^if-modified-since: *([^\r\n]+)", head)
        status = "404 Not Found" if not modified else "200 OK"
        if modified and asked is not None and asked.group(1) == modified:
            status, body = "304 Not Modified", b""
        kind = "application/feed+json" if body.lstrip().startswith(b"{") else "application/xml"
        lines = [
            f"HTTP/1.1 {status}",
            f"Content-Length: {len(body)}",
            f"Content-Type: {kind}",
            "Connection: close",
        ]
        lines += [f"Last-Modified: {modified}"] if modified else []
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        writer.close()


def article(url: str, body: bytes) -> dict[str, Any]:
    """What is read on the page of one article: title, text, and the days (in UTC, and as written) it may be of.

    `refused` with the reason where the page is taken for no article.
    """
    page = Fetched(
        url=url,
        status=200,
        body=body,
        body_hash="",
        content_type="text/html",
        content_location=url,
        validators=Validators(),
    )
    found = reading.article(page, Source(id="page", kind="page", location=url, url=url).conventions)
    if isinstance(found, Failed):
        return {"refused": found.message}
    days = set()
    told = found.published or found.updated  # which is what an item without a date of publication gets
    if told is not None:
        days.add(told.utc.date().isoformat())
        if written := re.search(r"(\d{4})-?([01]\d)-?([0-3]\d)", told.raw):
            days.add("-".join(written.groups()))
    return {"title": found.title, "text": found.text, "published": days}


def mirrored(repository: str, commit: str, path: str) -> bytes | None:
    """A file of a public repository, from a bare mirror `owner+name` in the folder `$MIRRORS`; None without it."""
    folder = Path(os.environ.get("MIRRORS", "mirrors")) / repository.replace("/", "+")
    place = next((one for one in (folder / "repo", folder, folder / ".git") if (one / "HEAD").is_file()), None)
    if place is None:
        return None
    shown = subprocess.run(["git", "-C", place, "show", f"{commit}:{path}"], capture_output=True, check=False)
    return shown.stdout if shown.returncode == 0 else None


@contextmanager
def _quiet() -> Iterator[None]:
    """Only errors are logged meanwhile."""
    before = structlog.get_config() if structlog.is_configured() else None
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield
    finally:
        structlog.reset_defaults()
        if before is not None:
            structlog.configure(**before)


def _simplified(name: str) -> str:
    """A name without case, space, scheme, `www.`, fragment and last slash."""
    folded = re.sub(r"\s", "", name.casefold()).partition("#")[0]
    return re.sub(r"^[a-z]+://(?:www\.)?|/$", "", folded).replace("/?", "?")
