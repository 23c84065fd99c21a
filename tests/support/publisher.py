"""A publisher on loopback: serves what a test puts up, answers conditional requests, remembers who asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.arrival import came


@dataclass
class Publisher:
    """What is put up, by path, where paths have moved to for good, and the requests that came: (path, headers).

    `statuses` has what paths answer where nothing is put up; `moments` when each request came, on the monotonic
    clock.
    """

    port: int = 0
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    def put(self, path: str, body: str | bytes, content_type: str = "application/xml") -> str:
        """Put a body up; returns its address."""
        self.pages[path] = (content_type, body if isinstance(body, bytes) else body.encode())
        return self.url(path)

    def url(self, path: str) -> str:
        """The address of a path, put up or not."""
        return f"http://127.0.0.1:{self.port}{path}"

    def asked(self, path: str) -> list[dict[str, str]]:
        """The headers of each request for a path."""
        return [headers for asked, headers in self.requests if asked == path]


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A publisher that answers until the block ends."""
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.moments.append(came(self.connection))
            publisher.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            if self.path in publisher.moved:
                self.send_response(301)
                self.send_header("Location", publisher.moved[self.path])
                self.end_headers()
                return
            if self.path not in publisher.pages:
                self.send_error(publisher.statuses.get(self.path, 404))
                return
            content_type, body = publisher.pages[self.path]
            etag = f'"{sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.send_header("ETag", etag)
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    publisher.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
