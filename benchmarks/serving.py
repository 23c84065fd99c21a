"""What an answer costs the web process, beside a bare ASGI application on the same server.

    python -m benchmarks.serving [--seconds 2]

Answers a CPU second of the serving process, whose clients keep 16 connections busy. The bare application knows one
body and nothing else.
"""

from __future__ import annotations

import argparse
import re
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.origin import document
from benchmarks.processes import cpu_seconds, environment

CONNECTIONS = 16
_TOKEN = "0123456789abcdef0123456789abcdef"
_FEEDS = f"""\
sources: {{river: river.xml}}
publish:
  all: {{}}
  secret: {{private: "{_TOKEN}"}}
"""
_BARE = """
import asyncio, sys, uvicorn
body = open(sys.argv[1], "rb").read()
kind, length = b"application/atom+xml", str(len(body)).encode()
sent = [(b"content-type", kind), (b"content-length", length), (b"etag", b'"1"')]
async def app(scope, receive, send):
    held = dict(scope["headers"]).get(b"if-none-match") == b'"1"'
    start = {"status": 304, "headers": sent[2:]} if held else {"status": 200, "headers": sent}
    await send({"type": "http.response.start"} | start)
    await send({"type": "http.response.body", "body": b"" if held else body})
class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)
options = dict(port=0, lifespan="off", ws="none", access_log=False, log_level="critical", loop=sys.argv[2])
Server(uvicorn.Config(app, **options)).run()
"""


def measure(seconds: float) -> dict[str, float]:
    """Answers a CPU second, by what is asked; `bare` is beside each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "river.xml").write_bytes(document(0, 100, "initial"))
        (folder / "feeds.yaml").write_text(_FEEDS)
        subprocess.run(
            [*_AGGREGATOR, "poll"], cwd=folder, env=environment(), stdout=subprocess.DEVNULL, check=True
        )
        with ExitStack() as life:
            ours = life.enter_context(serving(folder, [*_AGGREGATOR, "web", "--port", "0"]))
            body, etag = _first(ours[1])
            (folder / "body").write_bytes(body)
            bare = {
                loop: life.enter_context(serving(folder, [sys.executable, "-c", _BARE, "body", loop]))
                for loop in ("asyncio", "uvloop")
            }
            held, packed = {"If-None-Match": etag, **_READER}, {"Accept-Encoding": "gzip"}
            asked = {
                "304": (ours, request("/all.atom", held)),
                "200": (ours, request("/all.atom", {})),
                "200 gzip": (ours, request("/all.atom", packed)),
                "200 gzip, under a token": (ours, request(f"/{_TOKEN}/secret.atom", packed)),
                "/": (ours, request("/", {})),
                "/status": (ours, request("/status", {})),
            }
            for loop, place in bare.items():
                asked[f"304, bare on {loop}"] = (place, request("/", {"If-None-Match": '"1"', **_READER}))
                asked[f"200, bare on {loop}"] = (place, request("/", {}))
            rounds = [
                {name: rate(*place, what, seconds) for name, (place, what) in asked.items()} for _ in range(3)
            ]
    return {name: statistics.median(one[name] for one in rounds) for name in asked}


_AGGREGATOR = [sys.executable, "-m", "aggregator"]
_READER = {"User-Agent": "Reader/1.0 (+https://reader.example/)", "Accept": "*/*", "Accept-Encoding": "gzip, br"}


@contextmanager
def serving(folder: Path, command: list[str]) -> Iterator[tuple[int, int]]:
    """Pid and port of a server that says its port in its first line, until the block ends."""
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = re.search(r"(\d+)/?(?: .*)?$", process.stdout.readline().strip())
            assert said is not None
            yield process.pid, int(said[1])
        finally:
            process.terminate()


def request(path: str, fields: Mapping[str, str]) -> bytes:
    """A request's bytes."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def rate(pid: int, port: int, asked: bytes, seconds: float) -> float:
    """Answers that a CPU second of the process gives while all connections ask as fast as they are answered."""
    connections = [Connection(port, asked) for _ in range(CONNECTIONS)]
    with selectors.DefaultSelector() as ready:
        for one in connections:
            ready.register(one.socket, selectors.EVENT_READ, one)
            one.ask()
        _turn(ready, time.monotonic() + seconds / 4)
        before, cpu = sum(one.answers for one in connections), cpu_seconds(pid)
        _turn(ready, time.monotonic() + seconds)
        found = (sum(one.answers for one in connections) - before) / (cpu_seconds(pid) - cpu)
    for one in connections:
        one.socket.close()
    return found


def _turn(ready: selectors.BaseSelector, end: float) -> None:
    while time.monotonic() < end:
        for key, _ in ready.select(1.0):
            key.data.read()


class Connection:
    """A client that asks the same again as soon as it has its answer."""

    def __init__(self, port: int, asked: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.answers = 0
        self._asked = asked
        self._missing = 0
        self._room = bytearray(1_000_000)

    def ask(self) -> None:
        """Send the request."""
        self.socket.sendall(self._asked)

    def read(self) -> None:
        """Take what has come; ask again where that was the end of an answer."""
        size = self.socket.recv_into(self._room)
        assert size, "the server has hung up"
        if not self._missing:
            head, _, _ = bytes(self._room[:2000]).partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            self._missing = len(head) + 4 + (int(length[1]) if length and b" 304 " not in head[:20] else 0)
            assert head[9:12] in {b"200", b"304"}, head
        self._missing -= size
        if not self._missing:
            self.answers += 1
            self.ask()


def _first(port: int) -> tuple[bytes, str]:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/all.atom", headers={"Accept-Encoding": "identity"})
    answer = connection.getresponse()
    return answer.read(), str(answer.headers["ETag"])


def table(found: Mapping[str, float]) -> Iterator[str]:
    """Lines of Markdown."""
    yield "| asked | answers a CPU second | of the bare application's |"
    yield "|---|---|---|"
    for name, value in found.items():
        bare = found.get(f"{name[:3]}, bare on uvloop") if name in {"304", "200"} else None
        yield f"| {name} | {value:,.0f} | {f'{value / bare:.2f}' if bare else ''} |"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.5)
    for line in table(measure(parser.parse_args().seconds)):
        print(line)


if __name__ == "__main__":
    main()
