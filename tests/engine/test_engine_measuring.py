"""One line of the log for each poll, and counts that add up whoever reports them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from structlog.testing import capture_logs

from aggregator.engine.measuring import _OUTCOMES
from aggregator.engine.poller import Poller
from aggregator.engine.tallies import Tallies
from aggregator.errors import StoreError
from aggregator.model import Blocked, Failed, FetchResult, Gone, TallyKey, Throttled, Unchanged, Validators
from aggregator.pipeline import reading
from tests.pipeline.test_pipeline_refresh import HOUR, River, answer
from tests.support import databases
from tests.support.installation import item, rss
from tests.support.nouns import NOON


@pytest.fixture
async def river(tmp_path: Path) -> AsyncIterator[River]:
    async with databases.opened(tmp_path / "river.db") as store:
        found = River(store=store)
        await store.register({found.source.id: NOON}, (), NOON)
        yield found


def poller(river: River) -> Poller:
    return Poller(lambda: river.catalogue, river.services, concurrency=1)


async def lines(polling: Poller, river: River, script: FetchResult) -> list[dict[str, Any]]:
    """What the log says of a poll an hour later."""
    river.time, river.script = river.time + HOUR, script
    with capture_logs() as logs:
        await polling.poll(["river"])
    return [dict(line) for line in logs if line.get("source") == "river"]


def without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    times = {name for name in line if name.endswith("_ms")} | {"next", "why", "log_level"} | set(names)
    return {name: value for name, value in line.items() if name not in times}


async def test_one_line_tells_all_that_matters_of_a_poll(river: River):
    body = rss(item(1), item(2))
    (line,) = await lines(polling := poller(river), river, answer(body))
    assert without(line) == {
        "event": "polled",
        "source": "river",
        "result": "fetched",
        "status": 200,
        "requests": 1,
        "bytes": len(body.encode()),
        "new": 2,
        "revised": 0,
        "bumped": 0,
        "unchanged": 0,
        "faults": 0,
    }
    assert [line["fetch_ms"] >= 0, line["read_ms"] >= 0, line["judge_ms"] >= 0, line["store_ms"] >= 0] == [
        True
    ] * 4
    assert line["next"] > river.time.isoformat()
    assert line["why"]
    (line,) = await lines(polling, river, answer(rss(item(1), item(2, text="Another text altogether."), item(3))))
    assert [line[kind] for kind in ("new", "revised", "bumped", "unchanged")] == [1, 1, 0, 1]


@pytest.mark.parametrize(
    ("script", "event", "result", "status"),
    [
        (Unchanged(url="u", validators=Validators()), "polled", "unchanged", 304),
        (Gone(message="It is gone."), "failed", "gone", 410),
        (Throttled(status=429, message="Slow down.", retry_at=None), "failed", "throttled", 429),
        (Blocked(message="A private network."), "failed", "blocked", None),
        (Blocked(message="It asked not to be read.", opted_out=True), "polled", "blocked", None),
        (Failed(trouble="http", message="No.", status=503), "failed", "failed", 503),
        (Failed(trouble="dns", message="No name."), "failed", "failed", None),
    ],
)
async def test_a_poll_that_brings_nothing_has_the_same_line_with_the_trouble(
    river: River, script: FetchResult, event: str, result: str, status: int | None
):
    well = (await lines(polling := poller(river), river, answer(rss(item(1)))))[0]
    (line,) = await lines(polling, river, script)
    assert (line["event"], line["result"], line["status"]) == (event, result, status)
    assert line.keys() - {"trouble", "error"} == well.keys()
    assert ("trouble" in line) is (not isinstance(script, Unchanged))


def test_every_result_of_a_fetch_has_a_word_of_its_own_for_charts():
    assert set(_OUTCOMES) == set(get_args(FetchResult))
    assert len({word for word, _ in _OUTCOMES.values()}) == len(_OUTCOMES)


async def test_a_fault_of_our_own_is_in_the_line_too(river: River, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "read", None)
    fault, line = await lines(poller(river), river, answer(rss(item(1))))
    assert fault["event"] == "fault"
    assert (line["event"], line["trouble"], line["result"]) == ("failed", "internal", "fetched")


async def test_what_was_done_is_counted_and_reported_by_whoever_reads_the_store(river: River):
    polling = poller(river)
    await lines(polling, river, answer(body := rss(item(1), item(2))))
    await lines(polling, river, Unchanged(url="u", validators=Validators()))
    assert await river.store.tallies() == {}, "not one write for each poll"
    await polling.tallies.flush(river.store)
    await polling.tallies.flush(river.store)
    found = await river.store.tallies()
    counted = {(one.name, one.label): count for one, count in found.items() if not one.name.startswith("took")}
    assert counted == {
        ("fetched", "fetched"): 1,
        ("fetched", "unchanged"): 1,
        ("bytes", ""): len(body.encode()),
        ("entries", ""): 2,
        ("verdicts", "new"): 2,
    }
    pieces = {stage: total(found, stage) for stage in ("fetch", "read", "judge")}
    assert pieces == {"fetch": 2, "read": 1, "judge": 1}
    assert total(found, "store") >= 3
    assert not [one for one in found if "river" in one.label], "no source is a label"


def total(found: Any, stage: str) -> int:
    return sum(count for one, count in found.items() if one.name == "took" and one.label.split()[0] == stage)


async def test_counts_that_cannot_be_written_wait(river: River, monkeypatch: pytest.MonkeyPatch):
    tallies = Tallies()
    tallies.add("entries", count=2)

    async def full(_: Collection[object]) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(river.store, "tally", full)
        with pytest.raises(StoreError):
            await tallies.flush(river.store)
        await tallies.flush_at_end(river.store)
    tallies.add("entries")
    await tallies.flush(river.store)
    assert await river.store.tallies() == {TallyKey(name="entries"): 3}


@pytest.mark.parametrize(("seconds", "label"), [(0.0, "0.01"), (0.01, "0.01"), (0.2, "0.25"), (31.0, "inf")])
async def test_a_piece_of_work_counts_under_the_time_that_it_does_not_exceed(
    river: River, seconds: float, label: str
):
    tallies = Tallies()
    tallies.took("render", seconds)
    await tallies.flush(river.store)
    found = dict(await river.store.tallies())
    found.pop(TallyKey(name="took_ms", label="render"), None)
    assert found == {TallyKey(name="took", label=f"render {label}"): 1}
    assert replace(next(iter(found)), label="") == TallyKey(name="took")
