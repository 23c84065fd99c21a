"""Which of many new items have nothing like them near."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from aggregator import stories
from aggregator.model import FormerUse, Glance, Item, Overrides, Signature
from aggregator.stories import alone as alone_module
from aggregator.stories.limits import REACH, RECURS, WINDOW
from tests.contract.stock import NOON, item
from tests.support.nouns import entry

PIER = (
    "The harbour of Varesh was closed on Monday after the eastern pier gave way under forty lorries that waited."
)
FROST = (
    "Apple growers in the valley of Sorn expect a poor harvest since frost came in the last week of April again."
)
NEWS = "Trains between Dumar and the islands run every hour from now on, said the railway, which has new engines."


def signed(uid: str, text: str = PIER, title: str = "", *, source_id: str = "river", **fields: Any) -> Any:
    """A new item with its signature."""
    url = fields.pop("url", f"https://{source_id}.example/{uid}")
    said = entry(id=uid, url=url, url_key=url.partition("//")[2], title=title or f"Title {uid}", text=text)
    said = replace(said, content=f"<p>{text}</p>" if text else "")
    found = replace(item(uid, source_id, entry=said, **({"compared": 0} | fields)), uid=uid)
    return found, stories.sign(said)


def alone(*batch: tuple[Item, Signature], glance: Glance | None = None, overrides: Overrides | None = None) -> Any:
    return [one.uid for one, _ in stories.find_alone(batch, glance or Glance(), overrides or Overrides())]


def glanced(*stored: tuple[Item, Signature]) -> Glance:
    """The store's answer where these are stored."""
    sightings = {one.uid: stories.sighting(one, signature) for one, signature in stored}
    keys = {key for _, signature in stored for key in signature.keys}
    met = {key: tuple(one.uid for one, signature in stored if key in signature.keys) for key in keys}
    return Glance(met=met, sightings=sightings)


def test_items_that_have_nothing_in_common_are_alone_and_copies_are_not():
    pier, frost = signed("a", PIER), signed("b", FROST, source_id="lake")
    assert alone(pier, frost) == ["a", "b"]
    assert alone(pier, frost, signed("c", PIER, source_id="sea")) == ["b"]


def test_an_item_like_a_stored_one_is_not_alone():
    stored = glanced(signed("old", PIER, source_id="lake"))
    assert alone(signed("a", PIER), signed("b", FROST), glance=stored) == ["b"]


def test_who_stands_under_a_key_by_chance_keeps_nobody_from_being_alone():
    pier, frost = signed("a", PIER), signed("b", FROST, source_id="lake")
    shared = pier[1].keys[0]
    stored = Glance(
        met={shared: ("b", "unread")}, sightings={"b": stories.sighting(*frost)}
    )  # one of which nothing is known any more is no candidate
    assert alone(pier, glance=stored) == ["a"]


def test_who_is_dated_too_far_off_is_not_compared_unless_they_share_an_address():
    late = NOON + WINDOW + timedelta(days=1)
    far = signed("old", PIER, source_id="lake", published=late)
    assert alone(signed("a", PIER), glance=glanced(far)) == ["a"]
    same = signed("old", PIER, source_id="lake", published=late, url="https://river.example/a")
    assert alone(signed("a", PIER), glance=glanced(same)) == []


def test_under_a_crowded_key_or_among_too_many_nobody_is_taken_for_alone():
    pier = signed("a", PIER)
    assert alone(pier, glance=Glance(crowded=frozenset(pier[1].keys[:1]))) == []
    crowd = {pier[1].keys[0]: tuple(f"u{number}" for number in range(REACH.candidates + 1))}
    assert alone(pier, glance=Glance(met=crowd)) == []


def test_an_item_that_changed_is_alone_unless_it_was_joined_to_another_or_kept_apart_from_one():
    for before in (1, -1):
        assert alone(signed("a", compared=before)) == ["a"]
        assert alone(signed("a", compared=before), glance=Glance(tied=frozenset({"a"}))) == []
        assert alone(signed("a", compared=before, story="urn:x")) == []


def test_one_that_changes_in_the_same_batch_is_met_as_it_was_and_as_it_is():
    was, now = signed("old", PIER, source_id="lake"), signed("old", FROST, source_id="lake", compared=1)
    assert alone(now, signed("a", PIER), signed("b", FROST), signed("c", NEWS), glance=glanced(was)) == ["c"]


def test_the_editors_word_is_looked_up():
    assert alone(signed("a"), overrides=Overrides(merge=frozenset({("a", "elsewhere")}))) == []
    apart = Overrides(never_merge=frozenset({("a", "old")}))
    assert alone(signed("a", PIER), glance=glanced(signed("old", PIER, source_id="lake")), overrides=apart) == []


def test_an_old_item_of_another_source_at_its_address_is_looked_at():
    one = signed("a")
    there = Glance(far={"river.example/a": frozenset({"lake"})})
    assert alone(one, glance=there) == []
    assert alone(one, glance=Glance(far={"river.example/a": frozenset({"river"})})) == ["a"]
    assert alone(one, glance=replace(there, addresses={"a": 1})) == ["a"], "many items of its source are there"
    home = signed("a", url="https://river.example/")
    assert alone(home, glance=Glance(far={"river.example/": frozenset({"lake"})})) == ["a"]
    nowhere = signed("a", url="")
    assert alone((nowhere[0], nowhere[1])) == ["a"]


def test_headlines_are_looked_at_with_what_their_sources_are_called():
    bare = signed("a", "", "Pier collapses in Varesh after forty lorries waited on it for the ferry")
    assert "headline" in bare[1].traits
    other = signed(
        "b", "", "Pier collapses in Varesh after forty lorries waited on it for the ferry", source_id="lake"
    )
    assert alone(bare, other) == []
    assert alone(bare) == ["a"]


def test_uses_of_titles_and_addresses_count_those_that_are_stored_and_those_before_in_the_batch():
    batch = [signed(name, text, "Weather today", url="https://river.example/w") for name, text in
             (("a", PIER), ("b", FROST), ("c", NEWS))]  # fmt: skip
    found = stories.find_alone(batch, Glance(titles={"a": (NOON, NOON - timedelta(days=90))}), Overrides())
    flags = {one.uid: (look.recurring, look.shared_url) for one, look in found}
    every = stories.find_alone(batch[:1], Glance(titles={"a": (NOON, NOON)}, addresses={"a": 2}), Overrides())
    assert [(look.recurring, look.shared_url) for _, look in every] == [(True, True)]
    assert all(not flag for flag in flags.get("a", (False, False)))


def test_one_of_the_batch_that_was_compared_before_counts_as_it_was_until_its_turn_has_come():
    weather, other = "Weather today for the coast", "Frost in the valley of Sorn"
    key = stories.count_key(signed("x", NEWS, weather)[1].title_key)
    then = FormerUse(source_id="river", published=NOON, title=key)
    glance = Glance(former={"old": then, "older": then})
    new = signed("a", NEWS, weather)
    changed = [signed(name, FROST, other, compared=1, source_id="river") for name in ("old", "older")]

    def recurs(*batch: tuple[Item, Signature]) -> bool:
        uses = alone_module._Uses(glance)
        return {one.uid: uses.count(one, signature)[0] for one, signature in batch}["a"] >= RECURS

    assert RECURS == 3
    assert recurs(new, *changed)
    assert not recurs(changed[0], new, changed[1])
