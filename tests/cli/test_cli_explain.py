"""What `aggregator explain` prints, for people and for machines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aggregator.cli import explain as command
from aggregator.cli.facts import facts_of
from aggregator.explain.lookup import NotFound
from aggregator.explain.report import Explanation, Related, explain
from aggregator.explain.visibility import Visibility
from aggregator.model import Evidence, Likeness, Publication, Refusal, Revision
from tests.pipeline.test_pipeline_comparing import LAKE, REPORT, RIVER, report
from tests.support.nouns import NOON, entry
from tests.support.planet import Planet, planet
from tests.support.retention import let_go
from tests.support.shelf import item

SCHEMA = Path(__file__).parents[2] / "config" / "explain.schema.json"
DATE = "Sun, 01 Mar 2026 09:00:00 GMT"
BEFORE = "eastern pier gave way under"


async def explained(here: Planet, name: str = "https://river.example/1") -> Explanation:
    found = await explain(name, here.store, here.catalogue)
    assert isinstance(found, Explanation)
    return found


def told(found: Explanation) -> str:
    return "\n".join(command._tell(facts_of(found)))


async def test_people_read_sentences(tmp_path: Path):
    changed = report("river", text=REPORT.replace("40 lorries", "45 lorries and a bus"))
    other = Publication(id="other", title="Other", sources=("lake",))
    async with planet(tmp_path, Publication(id="all", title="All"), other, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", title="Varesh pier collapses"))
        await here.poll("river", changed)
        found = await explained(here)
        text, lead = told(found), found.item
    for line in [
        "title: Pier collapses in Varesh",
        "  known by: id river-1, the id that its publisher gave it",
        "  why by that: items of its source are told apart by its publisher's ids, as measured",
        "  also known by: 2 more ids and addresses",
        "first seen: 2026-03-01T13:00:00Z by a poll of river",
        "published: 2026-03-01T09:00:00Z (claimed)",
        "updated: 2026-03-01T15:00:00Z (observed: the publisher gave no new date)",
        f"  - published: {DATE!r}, read as 2026-03-01T09:00:00Z, zone explicit, to the second",
        "  2. 2026-03-01T15:00:00Z: its text changed",
        f"     text: … {BEFORE} [-40-] {{+45+}} lorries {{+and a bus+}} that waited for the evening …",
        f"story: {lead.public_id}",
        "  - Varesh pier collapses (lake)",
        "    their texts are the same word for word, boilerplate aside (exact)",
        "  - all: shown, entry 1 of 1",
        "  - other: not shown: its source does not belong to it: neither its tags nor its sources name it",
        "source's last poll: 2026-03-01T15:00:00Z (ok)",
    ]:
        assert line in text.splitlines(), line


async def test_what_went_back_in_silence_is_told_with_what_changed_and_never_without_a_word(tmp_path: Path):
    other = REPORT.replace("40 lorries", "45 lorries")
    async with planet(tmp_path, sources=[RIVER]) as here:
        for text in (REPORT, other, REPORT, other, REPORT):
            await here.poll("river", report("river", text=text))
        found = await explained(here)
        facts, lines = facts_of(found), told(found).splitlines()
    assert [(one["number"], one.get("silent", False)) for one in facts["revisions"]] == [
        (1, False),
        (2, False),
        (3, False),
        (3, True),
    ]
    at = lines.index("  then 2026-03-01T17:00:00Z: it says again what it said before")
    assert lines[at + 1] == "     it changed and went back; what it said in between is not kept"
    jsonschema.validate(facts, json.loads(SCHEMA.read_text("utf-8")))


async def test_machines_get_the_same_as_json(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        facts = facts_of(await explained(here))
    assert json.loads(json.dumps(facts)) == facts
    (merged,) = facts["merged_with"]
    assert (merged["method"], merged["score"], merged["likeness"]["jaccard"]) == ("exact", 1.0, 1.0)
    (shown,) = facts["publications"]
    assert (shown["shown"], shown["rule"], shown["entry"]) == (True, "shown", facts["published_id"])


async def test_retention_and_withdrawal_are_said(tmp_path: Path):
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        await let_go(here.store, here.at)
        found = await explained(here)
    text = told(replace(found, item=replace(found.item, withdrawn_at=NOON)))
    assert f"missing from its feed since: {here.at:%Y-%m-%dT%H:%M:%SZ}" in text
    assert "retention: let go of its text, and of what it said before" in text
    assert "withdrawn: 2026-03-01T12:00:00Z" in text
    assert "revisions:" not in text


@pytest.mark.parametrize(
    ("edit", "due"),
    [
        ({}, True),
        ({"enabled": False}, False),
        ({"enabled": False, "opted_out": "river.example"}, False),
        (None, False),
    ],
    ids=["polled", "disabled", "opted out", "removed"],
)
async def test_of_a_source_that_is_not_polled_no_next_poll_is_promised(
    tmp_path: Path, edit: dict[str, Any] | None, due: bool
):
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        now = () if edit is None else (replace(RIVER, **edit),)
        here.catalogue = replace(here.catalogue, sources=now)
        text = told(await explained(here))
    assert ("source's next poll: " in text) == due
    assert "source's last poll: " in text


async def test_what_is_long_is_cut_for_people_and_whole_for_machines(tmp_path: Path):
    refusal = Refusal(rule="numbers", likeness=Likeness(), reason="only 3% of the numbers agree")
    apart = tuple(Related(uid=f"u{n}", item=None, found=refusal) for n in range(25))
    new = " ".join(f"word{n}" for n in range(100))
    texts = ("", new)
    history = tuple(
        Revision(number=n, seen_at=NOON, entry=entry(text=said), reason="x") for n, said in enumerate(texts, 1)
    )
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        found = replace(await explained(here), apart=apart, revisions=history)
    lines = told(found).splitlines()
    assert sum("only 3%" in line for line in lines) == 20
    assert "  and 5 more: --json has all of them" in lines
    assert any("word29 … word70" in line for line in lines)
    facts = facts_of(found)
    assert len(facts["kept_apart_from"]) == 25
    assert facts["revisions"][1]["text"] == [{"kind": "inserted", "words": new}]


async def test_what_joins_two_through_a_third_and_what_an_archive_has_is_said(tmp_path: Path):
    evidence = Evidence(
        method="near", likeness=Likeness(jaccard=0.8), reason="80% of all phrases are in both texts"
    )
    related = Related(uid="b", item=item("b", title="Pier down", url=None), found=evidence, through="c")
    place = Visibility(
        publication="all", holds=False, rule="limit", reason="it is old", entry="urn:x:1", archived=True
    )
    async with planet(tmp_path, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        found = replace(await explained(here), merged=(related,), shown=(place,), state=None)
    lines = told(found).splitlines()
    assert "  - Pier down (river)" in lines
    assert "    80% of all phrases are in both texts (near, through c)" in lines
    assert "  - all: not shown: it is old; its archive has it" in lines
    assert not any(line.startswith("source's") for line in lines)


def test_of_a_name_that_no_item_bears_it_says_what_to_try():
    def said(*remarks: str, near: tuple[str, ...] = ()) -> list[str]:
        return list(command._tell_not_found(NotFound(name="x", remarks=remarks, near=near)))

    assert said()[0] == "Nothing is stored under 'x'."
    assert "`aggregator status`" in said()[1]
    assert said("It waits.") == ["Nothing is stored under 'x'.", "It waits."]
    assert said(near=("https://river.example/1",))[1:] == [
        "Did you mean one of these?",
        "  https://river.example/1",
    ]
