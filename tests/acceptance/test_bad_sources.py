"""Sources that are broken in every way: each shows its own error, and every other one is published."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.installation import SETTINGS, Installation, item, rss
from tests.support.publisher import publishing

pytestmark = pytest.mark.acceptance

HTML = "<!doctype html><html><head><title>Welcome</title></head><body><p>News</p></body></html>"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)


@contextmanager
def hostile(head: bytes, chunk: bytes, pause: float = 0) -> Iterator[str]:
    """A server that sends a head and then one chunk again and again for ever; its address."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def pour(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(head)
                while not over.wait(pause):
                    connection.sendall(chunk)
            except OSError:
                pass

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=pour, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/feed"
    finally:
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
BOMB = gzip.compress(b" " * 200_000_000)


def test_every_broken_source_says_what_is_wrong_and_costs_nothing_else(tmp_path: Path):
    poison = item(7).replace("Report 7", "Bad \x01 &#xD800; \x00 title")
    nameless = "<item><description>No id, no title, no link.</description></item>"
    with (
        publishing() as publisher,
        hostile(OK + b"Content-Length: 1073741824\r\n\r\n", b"<rss>" + b" " * 65536) as endless,
        hostile(OK + b"\r\n<rss>", b" ", pause=0.2) as drip,
        hostile(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB, b"") as bomb,
        socket.socket() as refused,
    ):
        refused.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        sources = {
            "good": publisher.put("/good", rss(item(1), item(2))),
            "poison": publisher.put("/poison", rss(item(3), poison, nameless, item(4))),
            "html": publisher.put("/html", HTML, "text/html"),
            "png": publisher.put("/png", PNG, "image/png"),
            "empty": publisher.put("/empty", ""),
            "missing": publisher.url("/missing"),
            "refused": f"http://127.0.0.1:{refused.getsockname()[1]}/",
            "endless": endless,
            "drip": drip,
            "bomb": bomb,
            "private": "http://10.0.0.1/feed",
            "nofile": "examples/none.xml",
        }
        lines = "".join(f"  {name}: {location}\n" for name, location in sources.items())
        ours = Installation.at(tmp_path, f"sources:\n{lines}")
        # What never ends would take the settings' minutes, which the others may need on a busy machine.
        output = ours.command("poll", *(sources.keys() - {"drip"}))
        (tmp_path / "config" / "settings.yaml").write_text(SETTINGS.replace("5m", "3s"))
        output += ours.command("poll", "drip", expect=1)
        here = Commands(ours.folder, ours.port)
        status = here.status()
        here.command("publish", "--to", "out")
    published = (tmp_path / "out" / "all.atom").read_text()

    assert "Traceback" not in output
    trouble = {name: row["trouble"] for name, row in status.items()}
    assert trouble == {
        "good": None,
        "poison": None,
        "html": "not_a_feed",
        "png": "not_a_feed",
        "empty": "not_a_feed",
        "missing": "http",
        "refused": "connect",
        "endless": "too_large",
        "drip": "timeout",
        "bomb": "too_large",
        "private": "blocked",
        "nofile": "file",
    }
    assert status["private"]["state"] == "blocked"
    assert all(row["error"] for row in status.values() if row["trouble"])
    for number in (1, 2, 3, 4):
        assert f"Report {number}" in published
    assert "No id, no title" in published
    assert status["poison"]["items"] >= 3


@pytest.mark.parametrize(
    "text", ["", "sources: [", "\tsources: {}", "just words", "- a\n- b\n", "sources: {a: 1}"]
)
def test_a_broken_feeds_yaml_is_a_clear_error_and_no_traceback(tmp_path: Path, text: str):
    ours = Commands.at(tmp_path, text)
    for command in ("check", "poll", "worker", "web", "run"):
        output = ours.command(command, expect=1)
        assert "feeds.yaml" in output
        assert "Traceback" not in output


def test_a_missing_feeds_yaml_names_the_remedy(tmp_path: Path):
    ours = Installation(folder=tmp_path, port=0)
    assert "aggregator init" in ours.command("check", expect=1)
