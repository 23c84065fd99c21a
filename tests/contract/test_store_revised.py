"""Which items came to say something else lately."""

from __future__ import annotations

from dataclasses import replace

from aggregator.model import Change, Item, RevisionKey, Verdict, Withholding
from aggregator.ports import Store
from aggregator.store.sql.commits import KEPT_REVISIONS
from tests.contract.stock import MINUTE, NOON, change, item, put, revised


async def revise(store: Store, of: Item, *texts: str, minute: int = 1) -> Item:
    """The item after it came to say each of the texts, a minute after the other."""
    for number, text in enumerate(texts):
        of = revised(of, text, NOON + (minute + number) * MINUTE)
        await put(store, change(of, "revised", reason="its text changed"), source_id=of.source_id)
    return of


async def said(store: Store, *sources: str, limit: int = 10) -> list[tuple[str, str]]:
    found, after = await store.find_revised(sources or ("river",), limit)
    assert after is None
    return [(one.before.entry.text, one.after.entry.text) for one in found]


async def test_each_change_is_told_with_what_was_said_before_and_after_the_latest_first(store: Store) -> None:
    one, other = item("1"), item("2")
    await put(store, change(one), change(other), change(item("3")))
    one = await revise(store, one, "Two dead", "Three dead")
    await revise(store, other, "Open again", minute=9)
    assert await said(store) == [
        ("Text 2", "Open again"),
        ("Two dead", "Three dead"),
        ("Text 1", "Two dead"),
    ]
    found, _ = await store.find_revised(["river"], 3)
    assert [(told.after.number, told.after.seen_at, told.item.revision) for told in found] == [
        (2, NOON + 9 * MINUTE, 2),
        (3, NOON + 2 * MINUTE, 3),
        (2, NOON + MINUTE, 3),
    ]


async def test_what_changed_silently_since_is_part_of_what_is_said_now_and_no_change_of_its_own(
    store: Store,
) -> None:
    one = item("1")
    await put(store, change(one))
    one = await revise(store, one, "Two dead")
    more = replace(one, entry=replace(one.entry, text="Two dead."), changed_at=NOON + 5 * MINUTE)
    await put(store, Change(item=more, verdict=change(more, "bumped").verdict))
    assert await said(store) == [("Text 1", "Two dead.")]


async def test_what_was_taken_back_and_what_other_sources_say_is_not_told(store: Store) -> None:
    gone, lake = item("1"), item("1", "lake")
    await put(store, change(gone), change(item("2")))
    await put(store, change(lake), source_id="lake")
    gone = await revise(store, gone, "Wrong")
    await revise(store, lake, "Right", minute=3)
    assert await said(store, "river", "lake") == [("Text 1", "Right"), ("Text 1", "Wrong")]
    assert await said(store, "lake") == [("Text 1", "Right")]
    await put(store, change(replace(gone, withdrawn_at=NOON + 3 * MINUTE), "bumped"))
    assert await said(store, "river") == []


async def test_what_the_editor_withdraws_is_not_told_until_it_is_given_back(store: Store) -> None:
    one = item("1")
    await put(store, change(one))
    one = await revise(store, one, "Wrong")
    await store.withhold(Withholding(names={one.uid}), NOON + 9 * MINUTE)
    assert await said(store) == []
    await store.withhold(Withholding(), NOON + 10 * MINUTE)
    assert await said(store) == [("Text 1", "Wrong")]


async def test_the_parts_go_on_where_the_last_one_ended_even_where_others_change_much_more(store: Store) -> None:
    quiet, loud = item("1"), [item(str(number), "lake") for number in range(1100)]
    await put(store, change(quiet))
    await revise(store, quiet, "A", "B", "C")
    await put(store, *map(change, loud), source_id="lake")
    later = [revised(one, "More", NOON + MINUTE * 30) for one in loud]
    await put(store, *(change(one, "revised") for one in later), source_id="lake")
    found: list[str] = []
    parts = 0
    after: RevisionKey | None = None
    while parts == 0 or after is not None:
        some, after = await store.find_revised(["river"], 2, after)
        found += [one.after.entry.text for one in some]
        parts += 1
    assert found == ["C", "B", "A"]
    assert parts > 1


async def test_a_change_is_told_as_long_as_what_was_said_before_it_is_kept(store: Store) -> None:
    one = item("1")
    await put(store, change(one))
    for number in range(1, 60):
        one = revised(one, f"Minute {number}", NOON + number * MINUTE)
        await put(store, change(one, "revised"))
    told = await said(store, limit=100)
    assert told[0] == ("Minute 58", "Minute 59")
    assert len(told) == 49  # of what is kept, the oldest has lost the one before it
    assert all(before != "Text 1" for before, _ in told)


async def test_what_was_said_at_a_revision_is_found_for_many_items_at_once(store: Store) -> None:
    one, other = item("1"), item("2")
    await put(store, change(one), change(other))
    await revise(store, one, "Two dead", "Three dead")
    asked = [(one.uid, 2), (one.uid, 3), (one.uid, 4), (other.uid, 1), ("nobody", 1)]
    found = await store.said(asked)
    assert {name: [told.entry.text for told in every] for name, every in found.items()} == {
        (one.uid, 2): ["Two dead"],
        (one.uid, 3): ["Three dead"],
        (other.uid, 1): ["Text 2"],
    }
    assert found[one.uid, 3][0].number == 3
    assert await store.said([]) == {}


async def supersede(store: Store, of: Item, text: str, minute: int) -> Item:
    """The item after it came to say something else in silence, which superseded its last revision."""
    entry = replace(of.entry, text=text)
    said_now = replace(of, entry=entry, changed_at=NOON + minute * MINUTE)
    verdict = Verdict(kind="bumped", reason="it says again what it said before", supersedes=True)
    await put(store, Change(item=said_now, verdict=verdict))
    return said_now


async def test_what_was_told_is_kept_beside_what_superseded_it_in_silence_and_what_follows_that(
    store: Store,
) -> None:
    one = item("1")
    await put(store, change(one))
    one = await revise(store, one, "Two dead")
    one = await supersede(store, one, "Text 1", 5)
    one = await supersede(store, one, "One dead", 6)
    more = replace(one, entry=replace(one.entry, text="One dead."), changed_at=NOON + 7 * MINUTE)
    await put(store, Change(item=more, verdict=change(more, "bumped").verdict))
    (found,), _ = await store.find_revised(["river"], 9)
    assert found.later is not None
    assert (found.before.entry.text, found.after.entry.text, found.later.entry.text) == (
        "Text 1",
        "Two dead",
        "One dead.",
    )
    assert (found.later.number, found.later.seen_at) == (2, NOON + 6 * MINUTE)
    await revise(store, more, "Three dead", minute=9)
    assert [(told.number, told.is_silent, told.entry.text) for told in await store.revisions(one.uid)] == [
        (1, False, "Text 1"),
        (2, False, "Two dead"),
        (2, True, "One dead."),
        (3, False, "Three dead"),
    ]
    assert await said(store) == [("One dead.", "Three dead"), ("Text 1", "Two dead")]
    assert [told.is_silent for told in (await store.said([(one.uid, 2)]))[one.uid, 2]] == [False, True]


async def test_a_change_that_was_superseded_is_found_by_when_that_was_and_once(store: Store) -> None:
    one, other = item("1"), item("2")
    await put(store, change(one), change(other))
    one = await revise(store, one, "Wrong")
    await revise(store, other, "A", "B", "C", minute=2)
    await supersede(store, one, "Right", 9)
    (found,), after = await store.find_revised(["river"], 1)
    assert found.later is not None
    assert found.later.entry.text == "Right"
    rest: list[str] = []
    while after is not None:
        some, after = await store.find_revised(["river"], 1, after)
        rest += [told.after.entry.text for told in some]
    assert rest == ["C", "B", "A"]


async def test_what_superseded_a_revision_is_let_go_of_with_it(store: Store) -> None:
    one = item("1")
    await put(store, change(one))
    one = await revise(store, one, "Wrong")
    one = await supersede(store, one, "Right", 2)
    for number in range(3, 60):
        one = revised(one, f"Minute {number}", NOON + number * MINUTE)
        await put(store, change(one, "revised"))
    kept = await store.revisions(one.uid)
    assert [told.entry.text for told in kept if told.is_silent] == []
    assert len(kept) == KEPT_REVISIONS + 1
