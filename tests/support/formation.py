"""Four workers and a web process, each on a machine of its own, on one PostgreSQL database that only they use.

What they ask is served by an origin of several hosts, which notes when each request was sent and can keep all of
them waiting, so that whatever is done to the formation is done amid polls.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import LiteralString

import psycopg

from aggregator.store.migrations import HEAD
from tests.support import postgresql
from tests.support.arrival import came
from tests.support.faults import OnMachine
from tests.support.installation import PROJECT, item, rss
from tests.support.stillness import Stillness, watching
from tests.support.waiting import PATIENCE, wait

HOSTS = tuple(f"127.0.0.{number}" for number in range(2, 8))
GAP, PLACES = 1, 2
SETTINGS = f"""\
database: {{url}}
fetch:
  allow_networks: [127.0.0.0/8]
  host_gap: {GAP}s
  per_host: {PLACES}
  timeout: {{patient}}s
  concurrency: 6
"""
WORKERS = ("w1", "w2", "w3", "w4")
ROOM = 0.1
"""Seconds by which requests may be closer than their gap: what passes between a look at the clock and sending."""

POLL_NEW = "UPDATE sources SET next_poll_at = 0 WHERE item_count = 0 RETURNING 0"
"""Sources that are new are spread over a few seconds; these are polled at once."""

_USERS = "SELECT count(DISTINCT application_name) FROM pg_stat_activity WHERE application_name LIKE '%-%'"

LATER = f"""\
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{HEAD}", None, None

def upgrade():
    op.execute("ALTER TABLE items ADD COLUMN later INTEGER NOT NULL DEFAULT 0")
    op.execute("CREATE TABLE written (who TEXT, what TEXT)")
    op.execute('''CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO written VALUES (current_setting('application_name'), TG_TABLE_NAME); RETURN NULL; END $$''')
    for name in ("sources", "items", "documents", "jobs", "publications"):
        op.execute(f"CREATE TRIGGER note AFTER INSERT OR UPDATE ON {{name}} FOR EACH ROW EXECUTE FUNCTION note()")
"""


@dataclass
class Request:
    """A request for a feed: when it came, and when it was answered or given up."""

    host: str
    path: str
    begin: float
    end: float = float("inf")


class Origin:
    """Feeds on several hosts, each of which lists all items that it ever had; see `serving`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[Request] = []
        self.gate = threading.Event()
        self.gate.set()
        self._feeds: dict[tuple[str, str], list[int]] = {}

    def add(self, host: str, path: str) -> str:
        """One more feed, with one item; its address."""
        self._feeds[host, path] = [1000 * len(self._feeds)]
        return f"http://{host}:{self.port}{path}"

    def grow(self) -> None:
        """One item more in each feed."""
        for number, items in enumerate(self._feeds.values()):
            items.append(1000 * number + len(items))

    @property
    def titles(self) -> set[str]:
        """Of all items that there are."""
        return {f"Report {number}" for items in self._feeds.values() for number in items}

    @property
    def waiting(self) -> set[str]:
        """The hosts at which requests are kept waiting."""
        return {one.host for one in self.requests if one.end == float("inf")}

    def waited_for(self) -> float:
        """Seconds for which the first of them has been waiting."""
        begun = [one.begin for one in self.requests if one.end == float("inf")]
        return time.monotonic() - min(begun) if begun else 0.0

    def body(self, host: str, path: str) -> bytes | None:
        """What is at an address."""
        items = self._feeds.get((host, path))
        return None if items is None else rss(*map(item, reversed(items)), title=f"{host}{path}").encode()


class _Handler(BaseHTTPRequestHandler):
    server: _Host

    def do_GET(self) -> None:
        host, origin = str(self.server.server_address[0]), self.server.origin
        body = origin.body(host, self.path)
        if body is None:
            self.send_error(404)
            return
        request = Request(host, self.path, came(self.connection))
        origin.requests.append(request)
        while not origin.gate.wait(0.02):
            if self._is_left():
                request.end = time.monotonic()
                return
        with suppress(OSError):  # whoever asked is gone
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            request.end = time.monotonic()
            self.wfile.write(body)
        request.end = min(request.end, time.monotonic())

    def _is_left(self) -> bool:
        """Whether whoever asked does not wait any more."""
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


class _Host(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, origin: Origin) -> None:
        super().__init__((host, origin.port), _Handler)
        self.origin = origin
        origin.port = self.server_address[1]


@contextmanager
def serving() -> Iterator[Origin]:
    """An origin that answers until the block ends."""
    origin = Origin(0)
    with ExitStack() as life:
        for host in HOSTS:
            server = life.enter_context(_Host(host, origin))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            life.callback(thread.join)
            life.callback(server.shutdown)
        life.callback(origin.gate.set)
        yield origin


@dataclass(frozen=True)
class Machine(OnMachine):
    """A machine with one process, which runs the program that lies in `tree`."""

    tree: Path = PROJECT

    @property
    def environment(self) -> MappingProxyType[str, str]:
        """See `Installation.environment`."""
        return MappingProxyType(super().environment | {"PYTHONPATH": str(self.tree)})

    def start(self, role: str) -> subprocess.Popen[bytes]:
        """A process; what it logs is added to the machine's log."""
        command = [self.python, "-m", "aggregator", role]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)

    @property
    def log(self) -> str:
        """All that was logged."""
        return (self.folder / "log").read_text()


@dataclass
class Formation:
    """The processes while they run, what they ask, and what they have published so far."""

    folder: Path
    origin: Origin
    server: postgresql.OwnServer
    feeds: str
    patient: int
    """Seconds for which an origin is waited for."""
    stillness: Stillness
    machines: dict[str, Machine] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    """The id under which each title was published."""
    usual: float = 0.0
    """Seconds that a turn takes while all is well, on this machine and beside whatever else it does."""
    _checked: int = 0

    def start(self, name: str, *, tree: Path = PROJECT) -> None:
        """Start a worker, or a web process by such a name, on a machine that may be new."""
        if name not in self.machines:
            settings = SETTINGS.format(
                url=f"{self.server.url}&application_name={tree.name}-{name}", patient=self.patient
            )
            machine = Machine.at(self.folder / name, self.feeds, settings)
            self.machines[name] = replace(machine, tree=tree)
        self.processes[name] = self.machines[name].start("web" if name.startswith("web") else "worker")

    def end(self, *names: str) -> None:
        """Tell processes to end: each does, and well."""
        ended = {name: self.processes.pop(name) for name in names}
        for process in ended.values():
            process.terminate()
        statuses = {name: process.wait(PATIENCE) for name, process in ended.items()}
        assert not any(statuses.values()), f"{statuses}\n{''.join(self.machines[name].log for name in names)}"

    def busiest(self) -> list[str]:
        """The names of the workers, those first that keep most requests under way."""
        asking = _inodes_of_connections(self.origin.port)
        held = {name: len(asking & _inodes_of(self.processes[name].pid)) for name in self.workers}
        return sorted(held, key=lambda name: held[name], reverse=True)

    @property
    def workers(self) -> list[str]:
        """The names of the workers that run."""
        return [name for name in self.processes if not name.startswith("web")]

    def grow(self) -> None:
        """All feeds have something new, and are due."""
        self.origin.grow()
        self.ask("UPDATE sources SET next_poll_at = 0 RETURNING 0")

    def ask(self, query: LiteralString) -> int:
        """The number that the database answers."""
        with psycopg.connect(self.server.url) as connection:
            return int((connection.execute(query).fetchone() or (0,))[0])

    def hold(self) -> None:
        """The same; and from now on every host keeps waiting who asks, which is not so long that they give up."""
        self.wait(lambda: self.ask(_USERS) >= len(self.processes))  # also those that were started a moment ago
        self.origin.gate.clear()
        self.grow()
        self.wait(
            lambda: self.origin.waited_for() > (0 if len(self.origin.waiting) == len(HOSTS) else self.patient / 3)
        )

    def settle(self) -> None:
        """Wait until all that there is to publish is published."""
        self.wait(lambda: self.look().keys() >= self.origin.titles)

    def wait(self, look: Callable[[], bool]) -> None:
        """Wait until something holds, while all processes live."""

        def look_at_all() -> bool:
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {process.poll()}\n{self.machines[name].log}"
            return look()

        wait(look_at_all)

    def turn(self) -> float:
        """All grow and are polled once each; seconds until all of it is published."""
        began, asked = time.monotonic(), len(self.origin.requests)
        self.grow()
        self.settle()
        feeds = Counter((one.host, one.path) for one in self.origin.requests[asked:])
        assert set(feeds.values()) == {1}, feeds
        return time.monotonic() - began

    def look(self) -> dict[str, str]:
        """What is published: ids by title. Nothing is there twice, or no more, or under another id."""
        status, _, body = self.machines["web"].get("/all.json")
        if status != 200:
            assert not self.published
            return {}
        shown = [(one["title"], one["id"]) for one in json.loads(body)["items"]]
        found = dict(shown)
        assert len(found) == len(set(found.values())) == len(shown), "doubled"
        assert found.items() >= self.published.items(), "lost, or under another id"
        self.published = found
        return found

    def check(self) -> None:
        """No host was asked too fast or too much at once since the last check, and nobody is to blame.

        Where the machine stood still for a moment, who had leave to ask asked later, and the next one on time:
        then a third of the hosts may have been asked too fast.
        """
        forgiven = len(HOSTS) / 3 if self.stillness.take() > ROOM else 0
        spans = defaultdict[str, list[Request]](list)
        for one in self.origin.requests[self._checked :]:
            spans[one.host].append(one)
        self._checked = len(self.origin.requests)
        hurried: dict[str, float] = {}
        for host, requests in spans.items():
            begun = sorted(one.begin for one in requests)
            least = min((later - earlier for earlier, later in pairwise(begun)), default=float(GAP))
            if least < GAP - ROOM:
                hurried[host] = least
            at_once = [sum(one.begin <= moment < one.end for one in requests) for moment in begun]
            assert max(at_once) <= PLACES, f"{host}: {max(at_once)} at once"
        assert len(hurried) <= forgiven, f"seconds from one to the next: {hurried}"
        for name, machine in self.machines.items():
            assert not re.search(r"Traceback|\bfault\b", machine.log), f"{name}:\n{machine.log}"
        metrics = self.machines["web"].get("/metrics")[2].decode()
        faults = re.findall(r"^aggregator_internal_faults_total\{.*\} (.*)$", metrics, re.MULTILINE)
        assert set(faults) == {"0.0"}, metrics
        assert "aggregator_failing_sources{" not in metrics


@contextmanager
def forming(folder: Path, *, workers: Sequence[str] = WORKERS, patient: int = 10) -> Iterator[Formation]:
    """A formation that has polled and published; in the end its processes are told to end, and do so well."""
    with ExitStack() as life:
        origin = life.enter_context(serving())
        server = life.enter_context(postgresql.own_server())
        paths = [(host, f"/{number}") for host in HOSTS for number in range(2)]
        lines = (f"  s{number}: {origin.add(*where)}\n" for number, where in enumerate(paths))
        feeds = f"sources:\n{''.join(lines)}publish:\n  all: {{ limit: 1000 }}\n"
        formation = Formation(folder, origin, server, feeds, patient, life.enter_context(watching()))
        life.callback(_kill, formation.processes)
        for name in (*workers, "web"):
            formation.start(name)
        formation.wait(lambda: _answers(formation.machines["web"]))
        formation.wait(lambda: formation.ask("SELECT count(*) FROM sources") == len(paths))
        formation.ask(POLL_NEW)
        formation.settle()
        formation.usual = formation.turn()
        formation.check()
        yield formation
        formation.end(*formation.processes)


def lay_later_version(folder: Path) -> Path:
    """A program that is this one, but for a revision of the tables that this one does not know.

    Since then the tables note who writes to which of them: the name of the program's folder and the machine's.
    """
    shutil.copytree(PROJECT / "aggregator", folder / "aggregator", ignore=shutil.ignore_patterns("__pycache__"))
    migrations = folder / "aggregator" / "store" / "migrations"
    listed = (migrations / "__init__.py").read_text()
    (migrations / "__init__.py").write_text(listed.replace(f'"{HEAD}",', f'"{HEAD}",\n    "9999",'))
    (migrations / "versions" / "r9999_later.py").write_text(LATER)
    return folder


def _kill(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        process.kill()
        process.wait()


def _answers(machine: Machine) -> bool:
    try:
        return machine.get("/all.json")[0] == 200
    except OSError:
        return False


def _inodes_of_connections(port: int) -> set[str]:
    """The sockets of this machine that are connected to a port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if int(row[2].partition(":")[2], 16) == port}


def _inodes_of(pid: int) -> set[str]:
    """The sockets that a process has open."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
    return found
