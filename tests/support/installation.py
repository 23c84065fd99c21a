"""An installation in a folder of its own, run as its operator would: real processes, real signals."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from tests.support.waiting import PATIENCE

PROJECT = Path(__file__).parent.parent.parent
SETTINGS = "fetch:\n  allow_networks: [127.0.0.0/8]\n  host_gap: 0s\n  timeout: 5m\n"


def free_port() -> int:
    """A port that nobody uses now, nor gets before whoever asked for it uses it.

    It is none of those that the system gives to whoever asks for any, as each connection does, and no other
    process of this run takes it.
    """
    while True:
        port = next(_ports)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def own_ports() -> Iterator[int]:
    """The ports of this process over and over, from any of them on."""
    worker, workers = (
        int(os.environ.get(f"PYTEST_XDIST_WORKER{name}", default).removeprefix("gw"))
        for name, default in (("", "gw0"), ("_COUNT", "1"))
    )
    given = Path("/proc/sys/net/ipv4/ip_local_port_range")  # by the system
    end = max(2_048, int(given.read_text().split()[0]) if given.exists() else 32_768)
    own = range(max(1_024, end - 20_000) + worker, end, workers)
    start = secrets.randbelow(len(own))
    return itertools.cycle((*own[start:], *own[:start]))


_ports = own_ports()


@dataclass(frozen=True)
class Installation:
    """feeds.yaml and settings in `folder`; the web process on `port`.

    Runs what is in the tests' own tree, or with another `python` what is installed there. `variables` are what its
    operator sets besides.
    """

    folder: Path
    port: int
    python: Path = Path(sys.executable)
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path, feeds: str, settings: str = SETTINGS) -> Self:
        """Write the two files that an operator writes."""
        (folder / "config").mkdir(parents=True, exist_ok=True)
        (folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
        (folder / "config" / "settings.yaml").write_text(settings, encoding="utf-8")
        return cls(folder=folder, port=free_port())

    @property
    def environment(self) -> MappingProxyType[str, str]:
        """The test's own, without anything that would configure the program; `python` is the installation's.

        Made anew each time, so read-only: what a test sets besides belongs into `variables`.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("AGGREGATOR_")
            and name not in {"DATABASE_URL", "COVERAGE_PROCESS_START", "PYTHONPATH"}
        }
        if self.python == Path(sys.executable):
            kept["PYTHONPATH"] = str(PROJECT)
        path = f"{self.python.parent}{os.pathsep}{kept.get('PATH', '')}"
        return MappingProxyType(kept | {"PORT": str(self.port), "PATH": path} | self.variables)

    def command(self, *arguments: str, expect: int | None = 0) -> str:
        """Run a command to its end; its output. The exit status must be `expect` unless that is None."""
        done = subprocess.run(
            [self.python, "-m", "aggregator", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if expect is not None:
            assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def status(self) -> dict[str, dict[str, Any]]:
        """What `status --json` says, by source id."""
        rows = json.loads(self.command("status", "--json"))["sources"]
        return {row["id"]: row for row in rows}

    @contextmanager
    def running(self, *command: str, status: int | None = 0) -> Iterator[subprocess.Popen[bytes]]:
        """A process until the block ends; then SIGTERM, and it must end of itself.

        With `status`, unless that is None.
        """
        arguments = command or ("-m", "aggregator", "run")
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [self.python, *arguments], cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            ended = process.wait(PATIENCE)
            assert status in {None, ended}, (self.folder / "log").read_text()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def url(self, path: str) -> str:
        """The address of a path of ours."""
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower case) and body of a path; no redirects, no decoding."""
        request = urllib.request.Request(self.url(path), headers=headers)  # our own loopback address
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # the same
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()

    def wait_for(self, path: str, *words: str) -> bytes:
        """The body of a path once it answers 200 and holds the words."""
        deadline = time.monotonic() + PATIENCE
        seen: object = "no answer"
        while time.monotonic() < deadline:
            try:
                status, _, body = self.get(path)
            except OSError as error:
                seen = error
            else:
                seen = (status, body)
                if status == 200 and all(word.encode() in body for word in words):
                    return body
            time.sleep(0.1)
        log = (self.folder / "log").read_text() if (self.folder / "log").exists() else ""
        raise AssertionError(f"{path} never held {words} within {PATIENCE:.0f} s; last: {seen!r}\n{log}")


def rss(*items: str, title: str = "River News") -> str:
    """An RSS document around some items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>https://river.example/</link><description>d</description>"
        f"{''.join(items)}</channel></rss>"
    )


def item(number: int, *, title: str = "", text: str = "", date: str = "Sun, 01 Feb 2026 08:00:00 GMT") -> str:
    """One RSS item, told apart by its number."""
    return (
        f"<item><guid isPermaLink='false'>urn:river:{number}</guid><link>https://river.example/{number}</link>"
        f"<title>{title or f'Report {number}'}</title><pubDate>{date}</pubDate>"
        f"<description>{text or f'Water stands at mark {number}.'}</description></item>"
    )
