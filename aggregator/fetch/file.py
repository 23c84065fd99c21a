"""Reads a source that is a file on this machine."""

from __future__ import annotations

import asyncio
import os
import stat
from hashlib import blake2b
from pathlib import PurePath

from aggregator.fetch.coding import CodingError, ExpandedError, unpack
from aggregator.fetch.fetch_errors import StoppedError, failed_error
from aggregator.fetch.options import FetchOptions
from aggregator.model import Failed, Fetched, FetchResult, Source, Unchanged, Validators

_TYPES = {
    ".atom": "application/atom+xml",
    ".htm": "text/html",
    ".html": "text/html",
    ".json": "application/feed+json",
    ".rdf": "application/rdf+xml",
    ".rss": "application/rss+xml",
    ".xml": "application/xml",
}


class FileFetcher:
    """Reads files; fulfils `ports.Fetcher` for sources of the kind `file`.

    A file's "ETag" is its modification time, size and inode: a private matter between two polls.
    """

    def __init__(self, options: FetchOptions) -> None:
        self._limit = options.max_decoded_bytes

    async def fetch(self, source: Source, validators: Validators) -> FetchResult:
        """Read the source, unless it is as `validators` say."""
        try:
            return await asyncio.to_thread(_read_file, source, validators, self._limit)
        except StoppedError as stopped:
            return stopped.result


def _read_file(source: Source, validators: Validators, limit: int) -> FetchResult:
    """What `FileFetcher.fetch` answers. Blocks; raises StoppedError."""
    try:
        with open(source.location, "rb", opener=_open_without_waiting) as file:  # Path.open knows no opener
            status = os.fstat(file.fileno())  # before reading: what is written meanwhile is seen by the next poll
            if not stat.S_ISREG(status.st_mode):
                return _no_file(source)
            etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'
            if etag == validators.etag:
                return Unchanged(url=source.url, validators=Validators(etag=etag))
            return _make_fetched(source, file.read(limit + 1), Validators(etag=etag), limit)
    except FileNotFoundError:
        raise failed_error(
            "file", f"{source.url}: there is no such file. Put it there or correct feeds.yaml."
        ) from None
    except IsADirectoryError:
        return _no_file(source)
    except (OSError, ValueError):
        raise failed_error(
            "file", f"{source.url}: the file cannot be read. Check its path and permissions."
        ) from None


def _no_file(source: Source) -> Failed:
    return Failed(trouble="file", message=f"{source.url}: this is no file. Correct feeds.yaml.")


def _open_without_waiting(path: str, flags: int) -> int:
    """Opening a named pipe would wait for a writer, for ever."""
    return os.open(path, flags | os.O_NONBLOCK)


def _make_fetched(source: Source, body: bytes, validators: Validators, limit: int) -> Fetched:
    try:
        body = unpack(body, limit)
    except ExpandedError:
        raise failed_error(
            "file", f"{source.url}: more than {limit} bytes. If that is right, raise fetch.max_decoded_bytes."
        ) from None
    except CodingError:
        raise failed_error("file", f"{source.url}: the compressed file is damaged or cut short.") from None
    if not body.strip():
        raise failed_error("not_a_feed", f"{source.url}: the file is empty.")
    return Fetched(
        url=source.url,
        status=200,
        body=body,
        body_hash=blake2b(body, digest_size=32).hexdigest(),
        content_type=_TYPES.get(PurePath(source.location.removesuffix(".gz")).suffix.lower(), ""),
        content_location=source.url,
        validators=validators,
    )
