"""The pool of reading processes: what hostile input can do to it, and what it cannot."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator import dedupe, stories
from aggregator.engine.reading import ReadingLimits, ReadingPool
from aggregator.model import (
    EntryFault,
    Failed,
    FeedMeta,
    Fetched,
    FieldSelectors,
    Reading,
    SourceProfile,
    Validators,
)
from aggregator.pipeline import reading
from tests.support.effort import worked
from tests.support.installation import item, rss
from tests.support.nouns import NOON, source
from tests.support.waiting import PATIENCE, until


def fetched(body: bytes) -> Fetched:
    """A body as an honest server would send it."""
    return Fetched(
        url="https://river.example/feed",
        status=200,
        body=body,
        body_hash=blake2b(body).hexdigest(),
        content_type="application/rss+xml",
        content_location="https://river.example/feed",
        validators=Validators(),
    )


PATIENT = ReadingLimits(seconds=PATIENCE, start_seconds=PATIENCE)
"""As long as a busy machine may need."""


def patient(**limits: float) -> ReadingPool:
    """A pool that waits for its children so long, but for what is said."""
    return ReadingPool(replace(PATIENT, **limits))  # type: ignore[arg-type]


UNSTARTED = "No process could be started"
GOOD = fetched(rss(item(1), item(2)).encode())
# A hundred thousand categories keep the XML library busy for more than twenty seconds.
STALLING = fetched(rss("<item><title>t</title>" + "<category>c</category>" * 100_000 + "</item>").encode())


async def test_a_feed_is_read_in_a_process_of_its_own():
    async with patient() as pool:
        found = await pool.read(GOOD, source())
    assert isinstance(found, Reading)
    assert [entry.title for entry in found.entries] == ["Report 1", "Report 2"]
    assert found.meta.title == "River News"


async def test_a_child_that_nobody_needs_leaves_and_the_next_feed_gets_another():
    async with patient(idle_seconds=0.1) as pool:
        first = await pool._in_child(os.getpid)
        await until(lambda: not Path(f"/proc/{first}").exists())
        assert isinstance(await pool.read(GOOD, source()), Reading)
        assert await pool._in_child(os.getpid) != first


async def test_what_is_no_feed_is_told_as_such():
    async with patient() as pool:
        outcome = await pool.read(fetched(b"<!doctype html><p>Hello</p>"), source())
    assert isinstance(outcome, Failed)
    assert outcome.trouble == "not_a_feed"


async def test_a_selector_that_stalls_on_a_page_is_given_up_and_the_next_page_is_read():
    slow = FieldSelectors(item="//p[count(//p[count(//p) > 1]) > 1]", title=".")
    board = source(kind="xpath", select=slow)
    page = "<title>Board</title><p>one</p>"
    async with patient(seconds=1) as pool:
        outcome = await pool.read(fetched(f"{page}{'<p>more</p>' * 20_000}".encode()), board)
        pool._limits = PATIENT
        good = await pool.read(fetched(page.encode()), replace(board, select=replace(slow, item="//p")))
    assert isinstance(outcome, Failed)
    assert "1 seconds" in outcome.message
    assert isinstance(good, Reading)


async def test_a_feed_that_stalls_the_parser_is_given_up_and_the_next_one_is_read():
    async with patient(seconds=1) as pool:
        outcome = await pool.read(STALLING, source())
        pool._limits = PATIENT
        good = await pool.read(GOOD, source())
    # Either the parser refuses it in time or the process is killed; it never gets more than its seconds.
    if isinstance(outcome, Failed):
        assert "1 seconds" in outcome.message
    assert isinstance(good, Reading)


async def test_a_feed_that_needs_too_much_cpu_is_ended_by_the_kernel():
    nested = fetched(rss(f"<item><title>x</title>{'<a>' * 300_000}").encode())
    async with patient(cpu_seconds=1) as pool:
        outcome = await pool.read(nested, source())
        again = await pool.read(GOOD, source())
    assert isinstance(outcome, Failed)
    assert "crashed" in outcome.message
    assert isinstance(again, Reading)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_to_all_of_our_processes_is_held_against_no_feed(number: signal.Signals):
    async with patient() as pool:
        await pool.read(GOOD, source())
        (child,) = multiprocessing.active_children()
        before = worked(child.pid)
        reading = asyncio.create_task(pool.read(STALLING, source()))
        await until(lambda: worked(child.pid) > before + 0.1)
        os.kill(child.pid, number)
        if number == signal.SIGTERM:
            outcome = await reading
            assert isinstance(outcome, Failed)
            assert (outcome.trouble, "ended from outside" in outcome.message) == ("internal", True)
        else:
            await asyncio.sleep(0.1)
            assert child.is_alive()
            reading.cancel()


async def test_the_event_loop_goes_on_while_a_feed_is_read():
    async with patient() as pool:
        reading = asyncio.create_task(pool.read(STALLING, source()))
        await until(lambda: any(worked(one.pid) > 1 for one in multiprocessing.active_children()))
        assert not reading.done(), "a loop that waits for the reading goes on when it is done"
        reading.cancel()


async def test_a_feed_that_needs_too_much_memory_is_given_up():
    async with patient(memory=160 * 2**20) as pool:
        huge = fetched(rss(item(1, text="x" * 60_000_000)).encode())
        outcome = await pool.read(huge, source())
        again = await pool.read(GOOD, source())
    assert isinstance(outcome, Failed)
    assert isinstance(again, Reading)


# In a process of its own: what tells of leaked semaphores is one for all pools, and cannot be started here either.
_UNSTARTABLE = """
import asyncio, multiprocessing, multiprocessing.spawn, os, resource, sys
from multiprocessing import resource_tracker
from aggregator.engine.reading import ReadingLimits, ReadingPool
from tests.engine.test_engine_reading import GOOD, patient, source

async def main():
    python = multiprocessing.spawn.get_executable()
    if sys.argv[1] == "program broken, tracker running":
        resource_tracker.ensure_running()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with ReadingPool(ReadingLimits(seconds=0.5, start_seconds=0.5)) as pool:
        if sys.argv[1] == "no descriptors":
            resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")), most[1]))
        else:
            multiprocessing.set_executable("/bin/false")
        outcome = await pool.read(GOOD, source())
        print(outcome.trouble, outcome.message)
        multiprocessing.set_executable(python)
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    async with patient() as pool:
        print(type(await pool.read(GOOD, source())).__name__)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("why", ["program broken, tracker running", "program broken", "no descriptors"])
def test_where_no_child_can_start_a_poll_says_so_and_the_next_one_has_a_new_pool(why: str, tmp_path: Path):
    script = tmp_path / "unstartable.py"
    script.write_text(_UNSTARTABLE)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run(
        [sys.executable, script, why],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = ran.stdout.splitlines()
    assert any(line.startswith(f"internal {UNSTARTED}") for line in said), ran
    assert said[-1] == "Reading"


async def test_a_pool_that_was_stopped_under_us_is_replaced():
    async with patient() as pool:
        pool._pool.stop()
        outcome = await asyncio.wait_for(pool.read(GOOD, source()), 300)
        assert isinstance(outcome, Failed)
        assert outcome.trouble == "internal"
        assert isinstance(await asyncio.wait_for(pool.read(GOOD, source()), 300), Reading)


async def test_a_child_that_never_takes_the_work_up_is_not_waited_for():
    async with patient() as pool:
        await pool.read(GOOD, source())
        (child,) = _children()
        pool._limits = ReadingLimits(seconds=0.5, start_seconds=0.5)
        os.kill(child, signal.SIGSTOP)
        outcome = await asyncio.wait_for(pool.read(GOOD, source()), 300)
        assert isinstance(outcome, Failed)


async def test_closing_leaves_no_process_behind():
    pool = patient()
    await pool.read(GOOD, source())
    children = set(_children())
    assert children
    await pool.close()
    assert not children & set(_children())


def _children() -> list[int]:
    """The reading processes that this one started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_ = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended between the listing and the reading
            continue
        reads = b"spawn_main" in (stat.parent / "cmdline").read_bytes()
        if reads and int(parent) == os.getpid() and state != "Z":
            found.append(int(stat.parent.name))
    return found


async def test_entries_are_judged_and_signed_in_a_process_of_their_own():
    async with patient() as pool:
        found = await pool.read(GOOD, source())
        assert isinstance(found, Reading)
        decision = await pool.judge(source(), found.entries, {}, SourceProfile(), NOON)
        signatures = await pool.sign(found.entries)
    assert decision == dedupe.decide(source(), found.entries, {}, SourceProfile(), NOON)
    assert signatures == tuple(stories.sign(entry) for entry in found.entries)


async def test_whatever_reading_raises_is_a_fault_of_ours_with_its_traceback_in_the_log(monkeypatch):
    async with patient() as pool:
        for fault in (AttributeError, RecursionError, ValueError, UnicodeError, KeyError, OSError):
            monkeypatch.setattr(reading, "read", partial(_broken, fault))
            with capture_logs() as log:
                outcome = await pool.read(GOOD, source())
            assert isinstance(outcome, Failed)
            assert outcome.trouble == "internal"
            assert fault.__name__ in outcome.message
            assert "a publisher's words" not in outcome.message
            (line,) = log
            assert (line["event"], line["log_level"]) == ("fault", "error")
            assert "_broken" in str(line["exc_info"].__cause__)


async def test_a_library_that_is_missing_is_named(monkeypatch):
    async with patient() as pool:
        for work in ("read", "article"):
            monkeypatch.setattr(reading, work, partial(_broken, ImportError))
            outcome = await getattr(pool, work)(GOOD, source())
            assert isinstance(outcome, Failed)
            assert (outcome.trouble, "a publisher's words" in outcome.message) == ("internal", True)


async def test_looking_for_a_feed_does_not_hide_our_faults_and_gives_up_what_takes_too_long(monkeypatch):
    async with patient() as pool:
        monkeypatch.setattr(reading, "discover", partial(_broken, KeyError))
        fault = await pool.discover(GOOD)
        pool._limits = replace(pool._limits, seconds=1)
        monkeypatch.setattr(reading, "discover", _endless)
        endless = await pool.discover(GOOD)
    assert isinstance(fault, Failed)
    assert isinstance(endless, Failed)
    assert (fault.trouble, endless.trouble) == ("internal", "malformed")


@pytest.mark.parametrize(
    ("end", "trouble"), [(-signal.SIGSEGV, "malformed"), (-signal.SIGKILL, "malformed"), (3, "internal")]
)
async def test_a_child_that_is_ended_was_ended_by_the_input_and_one_that_ends_itself_by_us(
    monkeypatch, end, trouble
):
    monkeypatch.setattr(reading, "read", partial(_end, end))
    async with patient() as pool:
        # The pool takes a child for one that never started when it ends before its first word is looked at.
        while UNSTARTED in (outcome := await pool.read(GOOD, source())).message:
            pass
    assert outcome.trouble == trouble


async def test_memory_that_runs_out_is_the_inputs_doing(monkeypatch):
    monkeypatch.setattr(reading, "read", partial(_broken, MemoryError))
    async with patient() as pool:
        outcome = await pool.read(GOOD, source())
    assert isinstance(outcome, Failed)
    assert outcome.trouble == "malformed"


def _faulty(*_: object) -> Reading:
    """A reading in which one entry is missing by a fault of ours."""
    fault = EntryFault(entry="Report 3", error="KeyError", trace="Traceback: in _faulty")
    return Reading(meta=FeedMeta(), entries=(), faults=(fault,))


async def test_a_fault_on_one_entry_comes_into_the_log_with_the_childs_traceback(monkeypatch):
    monkeypatch.setattr(reading, "read", _faulty)
    async with patient() as pool:
        with capture_logs() as log:
            outcome = await pool.read(GOOD, source())
    assert isinstance(outcome, Reading)
    (line,) = log
    assert (line["event"], line["log_level"], line["source"], line["entry"]) == (
        "fault",
        "error",
        "river",
        "Report 3",
    )
    assert "in _faulty" in line["exception"]


def _broken(fault: type[Exception], *_: object) -> None:
    raise fault("a publisher's words")


def _endless(*_: object) -> None:
    while True:
        pass


def _end(status: int, *_: object) -> None:
    if status > 0:
        os._exit(status)
    os.kill(os.getpid(), -status)
