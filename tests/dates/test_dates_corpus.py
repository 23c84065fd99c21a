"""The corpora: strings of other parsers' test suites and of real sites, with the instants they mean."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from aggregator.dates import read, read_pair

HERE = Path(__file__).parent

READ_OTHERWISE = {
    # A year that no feed can mean; programs write such when they have no date, and guarding against all of them
    # is worth more than this one.
    "Thu, 01 Jan 0100 00:00:01 +0100": None,
}
"""Where we differ from the corpus on purpose: string -> our verdict."""


def load(name: str) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def shown(stamp):
    return None if stamp is None else f"{stamp.utc:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("case", load("dates.jsonl"), ids=lambda case: case["raw"] or "empty")
def test_a_string_of_the_corpus_means_its_instant_or_is_refused(case):
    expected = READ_OTHERWISE.get(case["raw"], case["utc"])
    assert shown(read(case["raw"])) == expected


def test_the_corpus_is_whole_and_our_differences_are_in_it():
    raws = {case["raw"]: case["utc"] for case in load("dates.jsonl")}
    assert len(raws) == 187
    assert all(raws[raw] != verdict for raw, verdict in READ_OTHERWISE.items())


@pytest.mark.parametrize("case", load("unseen.jsonl"), ids=lambda case: case["raw"])
def test_a_string_met_elsewhere_means_its_instant_or_is_refused(case):
    assert shown(read(case["raw"], zone=case.get("zone"), language=case.get("language"))) == case["utc"]


@pytest.mark.parametrize("case", load("pairs.jsonl"), ids=lambda case: case["raw"])
def test_a_pair_means_its_two_instants(case):
    published, updated = read_pair(case["raw"])
    assert (shown(published), shown(updated)) == (case["published"], case["updated"])


@pytest.mark.parametrize("case", load("dates.jsonl"), ids=lambda case: case["raw"] or "empty")
def test_a_string_without_labels_is_a_pair_of_itself_and_nothing(case):
    assert read_pair(case["raw"]) == (read(case["raw"]), None)


def test_instants_are_aware_utc_and_keep_the_string_as_written():
    stamp = read(" Sat,  01 Dec 2018 20:33:00.9 +0330 ")
    assert stamp is not None
    assert stamp.raw == " Sat,  01 Dec 2018 20:33:00.9 +0330 "
    assert stamp.utc == datetime.fromisoformat("2018-12-01T17:03:00+00:00")
    assert stamp.utc.microsecond == 0
