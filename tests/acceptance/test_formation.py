"""What is done to one of four workers, or to what they share, costs seconds and nothing else."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.support.formation import HOSTS, POLL_NEW, Formation, forming, lay_later_version

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def formation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formation]:
    with forming(tmp_path_factory.mktemp("formation")) as made:
        yield made


@contextmanager
def killed(formation: Formation) -> Iterator[None]:
    """A worker is killed (kill -9), and started again later."""
    name = formation.busiest()[0]
    formation.processes[name].kill()
    formation.processes.pop(name).wait()
    yield
    formation.start(name)


@contextmanager
def stopped(formation: Formation) -> Iterator[None]:
    """A worker stands still (SIGSTOP), and goes on when others have done its work."""
    process = formation.processes[formation.busiest()[0]]
    process.send_signal(signal.SIGSTOP)
    yield
    process.send_signal(signal.SIGCONT)


@contextmanager
def blocked(formation: Formation) -> Iterator[None]:
    """The event loop of a worker is blocked while its threads go on, until others have done its work."""
    machine = formation.machines[formation.busiest()[-1]]
    machine.tell(held=True)
    yield
    machine.tell()


@contextmanager
def felled(formation: Formation) -> Iterator[None]:
    """All three at once, so that of four workers one is left."""
    with killed(formation), blocked(formation), stopped(formation):
        yield


@contextmanager
def restarted(formation: Formation) -> Iterator[None]:
    """PostgreSQL crashes while answers come, and is there again after two seconds."""
    formation.server.crash()
    formation.origin.gate.set()
    time.sleep(2)
    formation.server.start()
    yield


@contextmanager
def exchanged(formation: Formation) -> Iterator[None]:
    """Two workers are told to end, and two more are started."""
    formation.end(*formation.workers[:2])
    for number in range(2):
        formation.start(f"w{len(formation.machines) + number}")
    yield


@contextmanager
def apart(formation: Formation) -> Iterator[None]:
    """The clocks of two machines are set an hour ahead and an hour behind, and right again later."""
    machines = [formation.machines[name] for name in formation.workers[:2]]
    for machine, hour in zip(machines, (3600, -3600), strict=True):
        machine.tell(clock=hour)
    yield
    for machine in machines:
        machine.tell()


@contextmanager
def edited(formation: Formation) -> Iterator[None]:
    """One machine's feeds.yaml gets a source more, then another's old one is edited."""
    first, second = (formation.machines[name].folder / "feeds.yaml" for name in formation.workers[:2])
    number, old = formation.ask("SELECT count(*) FROM sources"), formation.feeds
    url = formation.origin.add(HOSTS[0], f"/more{number}")
    formation.feeds = old.replace("sources:\n", f"sources:\n  more{number}: {url}\n")
    replace(first, formation.feeds)
    formation.origin.gate.set()
    formation.wait(lambda: formation.ask("SELECT count(*) FROM sources") > number)
    replace(second, f"{old}# an edit of the old one\n")
    formation.ask(POLL_NEW)
    yield
    for machine in formation.machines.values():
        replace(machine.folder / "feeds.yaml", formation.feeds)


def replace(path: Path, text: str) -> None:
    """Write a file anew, at once."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


FAULTS = [
    pytest.param(killed, 18, id="killed", marks=pytest.mark.trial),
    pytest.param(stopped, 18, id="stopped", marks=pytest.mark.trial),
    pytest.param(blocked, 18, id="blocked", marks=pytest.mark.trial),
    pytest.param(felled, 18, id="felled"),
    pytest.param(restarted, 15, id="restarted"),
    pytest.param(exchanged, 10, id="exchanged"),
    pytest.param(apart, 10, id="apart"),
    pytest.param(edited, 10, id="edited"),
]
"""What is done, and the seconds after which all is published on a machine that does nothing else."""


@pytest.mark.parametrize(("fault", "within"), FAULTS)
def test_whatever_is_done_amid_polls_everything_is_published_once_by_its_id_and_soon(
    formation: Formation, fault: Callable[[Formation], AbstractContextManager[None]], within: float
):
    formation.hold()
    with fault(formation):
        began = time.monotonic()
        formation.origin.gate.set()
        formation.settle()
        took = time.monotonic() - began
    print(f"{fault.__name__}: {took:.1f} s, where a turn takes {formation.usual:.1f} s")  # noqa: T201 # the figure
    formation.turn()
    formation.check()
    assert took < 4 * (within + 3 * formation.usual), "and not a lease of hours or the next poll"


def test_once_a_later_version_has_upgraded_the_tables_those_before_it_rest_and_write_no_more(tmp_path: Path):
    with forming(tmp_path, workers=("w1", "w2"), patient=60) as formation:
        later = lay_later_version(tmp_path / "later")
        earlier = formation.workers
        formation.hold()
        for name in ("w3", "web2"):
            formation.start(name, tree=later)
        formation.wait(lambda: formation.ask("SELECT count(*) FROM pg_tables WHERE tablename = 'written'") == 1)
        began = time.monotonic()
        formation.origin.gate.set()
        formation.settle()
        print(f"upgraded: {time.monotonic() - began:.1f} s")  # noqa: T201 # the figure
        formation.turn()
        formation.check()
        told = [formation.machines[name].log.count("written by a newer version") for name in earlier]
        assert min(told) >= 1
        assert formation.machines["web"].get("/all.json")[2] == formation.machines["web2"].get("/all.json")[2]
        assert formation.ask("SELECT count(*) FROM written WHERE who LIKE 'later-%'")
        others = (
            "SELECT count(*) FROM written WHERE who LIKE '%-%' AND who NOT LIKE 'later-%'"  # without: the test
        )
        assert not formation.ask(others)
        formation.end(*earlier)
        formation.turn()
