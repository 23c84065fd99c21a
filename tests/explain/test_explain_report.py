"""What is said of an item: its copies, its near misses, and why a publication shows it or does not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from aggregator import stories
from aggregator.catalogue.dated import at_hour
from aggregator.cli.explain import _tell
from aggregator.cli.facts import facts_of
from aggregator.explain.lookup import NotFound
from aggregator.explain.report import Explanation, explain
from aggregator.model import Drop, Keep, Matcher, OfAge, Overrides, Placement, Publication, Refusal, Rewrite, Story
from aggregator.publish import Rewritten
from tests.pipeline.test_pipeline_comparing import LAKE, REPORT, RIVER, SEA, named, report, withdraw
from tests.support.installation import item, rss
from tests.support.planet import MINUTE, Planet, planet
from tests.support.retention import let_go

ALL = Publication(id="all", title="Everything")
SCHEMA = Path(__file__).parents[2] / "config" / "explain.schema.json"
FIRST = "https://river.example/1"


async def explained(here: Planet, name: str = FIRST) -> Explanation:
    found = await explain(name, here.store, here.catalogue)
    assert isinstance(found, Explanation)
    return found


async def reasons(here: Planet, name: str = FIRST) -> dict[str, tuple[bool, str]]:
    return {one.publication: (one.holds, one.reason) for one in (await explained(here, name)).shown}


async def test_nothing_is_said_of_what_nobody_knows(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER]) as here:
        found = await explain("https://nowhere.example/", here.store, here.catalogue)
        assert found == NotFound(name="https://nowhere.example/", remarks=(), near=())


async def test_copies_are_told_with_their_evidence_from_either_side(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        one, other = await explained(here), await explained(here, "https://lake.example/1")
        assert [related.item and related.item.source_id for related in one.merged] == ["lake"]
        assert [related.item and related.item.source_id for related in other.merged] == ["river"]
        assert one.merged[0].found == other.merged[0].found
        assert len(one.copies) == len(other.copies) == 2
        assert one.shown[0].reason == "entry 1 of 1"
        assert other.shown[0].reason == f"named as a copy in entry 1 of 1, {one.item.public_id}"
        assert other.shown[0].holds


async def test_whose_words_are_shown_under_anothers_id_is_told(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER, named("lake", priority=5)]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"), after=5 * MINUTE)
        lead = (await explained(here)).item.public_id
        words = "entry 1 of 1, which has its id and date, and the words of lake"
        assert (await reasons(here))["all"] == (True, words)
        assert (await reasons(here, "https://lake.example/1"))["all"] == (
            True,
            f"its words stand in entry 1 of 1, {lead}",
        )


async def test_what_looked_alike_and_was_kept_apart_is_told_with_the_rule(tmp_path: Path):
    other_numbers = REPORT.replace("40 lorries", "52 lorries").replace("1931", "1944").replace("eleven", "12")
    async with planet(tmp_path, ALL, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake", title="Part 2: Pier collapses in Varesh", text=other_numbers))
        found = await explained(here)
        assert found.merged == ()
        assert [getattr(one.found, "rule", None) for one in found.apart] != []
        assert found.apart[0].found.reason


async def test_items_joined_through_a_third_are_told_with_what_joins_them_to_it(tmp_path: Path):
    """Two digests of different halves of a report share nothing with each other, and both much with the report."""
    paragraphs = REPORT.split("<p>")
    first, second = f"<p>{paragraphs[1]}<p>{paragraphs[2]}", f"<p>{paragraphs[2]}<p>{paragraphs[3]}"
    async with planet(tmp_path, ALL, sources=[RIVER, LAKE, SEA]) as here:
        await here.poll("river", report("river", text=first))
        await here.poll("lake", report("lake", text=second, title="Work was put off twice"))
        await here.poll("sea", report("sea", text=REPORT))
        pairs = [
            ("https://river.example/1", "https://sea.example/1"),
            ("https://sea.example/1", "https://lake.example/1"),
        ]
        here.catalogue = replace(here.catalogue, overrides=Overrides(merge=frozenset(pairs)))
        await here.publisher.publish_outdated()
        found = await explained(here)
        sea = await here.store.item("https://sea.example/1")
        assert sea is not None
        told = {one.item.source_id: one for one in found.merged if one.item}
        assert (told["sea"].through, told["lake"].through) == (None, sea.uid)
        assert told["lake"].found.reason == "the editor says that they are one piece"
        assert found.apart == (), "what is joined through another is not kept apart"


async def test_what_the_editor_parted_is_not_called_merged_for_the_likeness_that_is_left(tmp_path: Path):
    pair = (FIRST, "https://lake.example/1")
    async with planet(tmp_path, ALL, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        assert len((await explained(here)).merged) == 1
        here.catalogue = replace(here.catalogue, overrides=Overrides(never_merge=frozenset({pair})))
        await here.publisher.publish_outdated()
        found = await explained(here)
        assert (found.merged, found.copies) == ((), ())
        assert [one.found.reason for one in found.apart] == ["the editor keeps them apart"]


async def test_evidence_that_did_not_join_two_stories_is_told_as_what_it_is(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        found = await explained(here)
        (edge,), _ = await here.store.evidence(found.item.uid)
        for copy in found.copies:  # each is placed alone, as when a story of both would be too large
            alone = Story(id=copy.item.public_id, members=(copy.item.uid,), primary=copy.item.uid)
            await here.store.place(
                copy.item,
                stories.sighting(copy.item, stories.sign(copy.item.entry)),
                Placement(story=alone, stories=(alone,)),
                publications=["all"],
            )
        (one,) = (await explained(here)).apart
        assert isinstance(one.found, Refusal)
        assert one.found.rule == "limits"
        assert one.found.reason.startswith(f"{edge.evidence.reason}; but ")


@pytest.mark.parametrize(
    ("publication", "words"),
    [
        (replace(ALL, sources=("lake",)), "its source does not belong to it"),
        (
            replace(ALL, filters=(Drop(any_of=(Matcher(field="title", pattern="pier", shown="title: pier"),)),)),
            "a filter of the publication drops what has title: pier",
        ),
        (
            replace(ALL, filters=(Keep(any_of=(Matcher(field="title", pattern="bread", shown="title: bread"),)),)),
            "a filter of the publication keeps only title: bread",
        ),
    ],
)
async def test_what_keeps_an_item_out_is_named(tmp_path: Path, publication: Publication, words: str):
    async with planet(tmp_path, publication, sources=[RIVER, LAKE]) as here:
        await here.poll("river", report("river"))
        holds, reason = (await reasons(here))["all"]
        assert not holds
        assert words in reason


async def test_a_filter_of_the_source_is_named_as_that(tmp_path: Path):
    drop = Drop(any_of=(Matcher(field="any", pattern="pier", shown="pier"),))
    async with planet(tmp_path, ALL, sources=[named("river", filters=(drop,))]) as here:
        await here.poll("river", report("river"))
        assert (await reasons(here))["all"] == (False, "a filter of the source river drops what has pier")


async def test_what_was_withdrawn_pruned_or_not_compared_yet_is_said_to_be(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER]) as here:
        await here.poll("river", report("river"), publish=False)
        assert "waits to be compared" in (await reasons(here))["all"][1]
        await here.publisher.publish_outdated()
        assert (await reasons(here))["all"] == (True, "entry 1 of 1")
        await let_go(here.store, here.at)
        assert "retention let go" in (await reasons(here))["all"][1]
        await withdraw(here, "river", FIRST)
        assert "its publisher took it back" in (await reasons(here))["all"][1]


async def test_before_the_first_rendering_there_is_nothing_to_be_shown_in(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=[RIVER]) as here:
        await here.poll("river", report("river"))
        here.catalogue = replace(here.catalogue, publications=(ALL, replace(ALL, id="new")))
        assert "not rendered yet" in (await reasons(here))["new"][1]


async def test_want_of_room_is_told_from_a_quota_and_from_a_fair_share(tmp_path: Path):
    def many(source: str, *numbers: int) -> str:
        found = (
            item(
                number,
                title=f"{source} {number}",
                text=f"Of {source} {number}",
                date=f"01 Mar 2026 08:{number:02}:00 GMT",
            )
            for number in numbers
        )
        return rss(*found, title=source).replace("river", source)

    publications = [
        replace(ALL, limit=4),
        replace(ALL, id="quota", per_source=2),
        replace(ALL, id="alone", sources=("river",), limit=3),
    ]
    async with planet(tmp_path, *publications, sources=[RIVER, LAKE, named("sea")]) as here:
        await here.poll("lake", many("lake", 1, 2))
        await here.poll("sea", many("sea", 3, 4))
        await here.poll("river", many("river", 5, 6, 7, 8, 9))
        found = await reasons(here, "urn:river:6")
        assert "fair share" in found["all"][1]
        assert found["quota"][1] == "newer entries of river have all of its quota (`per_source: 2`)"
        assert found["alone"][1] == "newer entries have all the room that there is (`limit: 3`)"


async def test_what_readers_get_instead_is_told_with_the_rules_that_make_it(tmp_path: Path):
    rules = (
        Rewrite(field="title", pattern="^Pier", replacement="Bridge", shown="title: ^Pier -> Bridge"),
        Rewrite(field="title", pattern="^Never", replacement="", shown="title: ^Never -> nothing"),
        Rewrite(field="link", pattern="/1$", replacement="/one", shown="link: /1$ -> /one"),
    )
    async with planet(tmp_path, ALL, sources=[named("river", rewrites=rules), LAKE]) as here:
        await here.poll("river", report("river"))
        await here.poll("lake", report("lake"))
        found = await explained(here)
        assert found.item.entry.title == "Pier collapses in Varesh"
        assert found.rewritten == Rewritten(
            rules=("title: ^Pier -> Bridge", "link: /1$ -> /one"),
            title="Bridge collapses in Varesh",
            url="https://river.example/one",
        )
        assert (await explained(here, "https://lake.example/1")).rewritten is None
        told = list(_tell(facts_of(found)))
        assert "what readers get instead:" in told
        assert "  title: Bridge collapses in Varesh" in told
        assert "  by link: /1$ -> /one" in told
        jsonschema.validate(json.loads(json.dumps(facts_of(found))), json.loads(SCHEMA.read_text("utf-8")))


async def test_a_filter_by_age_that_hides_an_item_is_named(tmp_path: Path):
    old = OfAge(than=timedelta(days=30), older=True, shown="older_than: 30d")
    async with planet(tmp_path, replace(ALL, filters=(Drop(any_of=(old,)),)), sources=[RIVER]) as here:
        here.catalogue = at_hour(here.catalogue, here.at + timedelta(days=40))
        await here.poll("river", report("river"))
        shown, reason = (await reasons(here))["all"]
    assert not shown
    assert reason == "a filter of the publication drops what has older_than: 30d"
