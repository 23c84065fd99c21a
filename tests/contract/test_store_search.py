"""Finding items by what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.model import Category, Entry, Item, Person, WordSearch
from aggregator.pipeline.asked_words import read_search
from aggregator.ports import Store
from aggregator.text.terms import split_terms
from tests.contract.stock import MINUTE, NOON, change, item, listed, put, revised

DAY = timedelta(days=1)


def saying(name: str, text: str, title: str = "", source_id: str = "river", **fields: object) -> Item:
    entry = Entry(id=name, title=title or name, text=text, content=f"<p>{text}</p>")
    return item(name, source_id, entry=replace(entry, **fields.pop("entry", {})), **fields)  # type: ignore[arg-type]


async def found(store: Store, asked: str, *source_ids: str, **bounds: object) -> list[str]:
    search = replace(read_search(asked), **bounds)  # type: ignore[arg-type]
    return [one.entry.title for one in (await store.search(search, source_ids or ("river",), 100)).items]


async def test_items_are_found_by_their_title_text_authors_and_categories_once_they_are_indexed(
    store: Store,
) -> None:
    named = {"authors": (Person(name="Zoë Ŝmid"),), "categories": (Category(term="c1", label="Wahl"),)}
    await put(store, change(saying("one", "Élections à Genève", entry=named)), change(saying("two", "Nothing")))
    assert await found(store, "geneve") == []
    assert (await store.index(10)).count == 2
    for asked in ("geneve", "ÉLECTIONS", "one", "zoe smid", "wahl", "elect*", '"a geneve"'):
        assert await found(store, asked) == ["one"], asked
    for asked in ("genev", '"geneve a"', '"smid wahl geneve"', "c1", "", "-nothing"):
        assert await found(store, asked) == [], asked
    assert (await store.index(10)).count == 0


async def test_a_phrase_does_not_reach_from_a_title_into_the_text(store: Store) -> None:
    await put(store, change(saying("a", "york times", title="All new")))
    await store.index(10)
    assert await found(store, '"new york"') == []
    assert await found(store, "new york") == ["All new"]


async def test_what_must_not_be_said_keeps_an_item_out(store: Store) -> None:
    await put(store, change(saying("both", "rain and sun")), change(saying("one", "rain")))
    await store.index(10)
    assert await found(store, "rain -sun") == ["one"]
    assert await found(store, "rain -sun -and") == ["one"]


async def test_any_part_of_a_text_without_spaces_is_found(store: Store) -> None:
    await put(store, change(saying("tokyo", "新宿は東京都庁の所在地")), change(saying("seoul", "한국어는")))
    await store.index(10)
    for asked in ("東京都庁", "東京", "都", "地", "所在地"):
        assert await found(store, asked) == ["tokyo"], asked
    assert await found(store, "京東") == []
    assert await found(store, "한국어") == ["seoul"]


async def test_the_latest_published_come_first_and_each_once_however_many_pages_there_are(store: Store) -> None:
    same = [saying(f"s{number}", "word", published=NOON) for number in range(6)]
    days = [saying(f"d{number}", "word", published=NOON - number * DAY) for number in range(1, 5)]
    await put(store, *map(change, (*days, *same)))
    await store.index(100)
    seen: list[Item] = []
    after = None
    for _ in range(5):
        part = await store.search(read_search("word"), ["river"], 3, after)
        seen += part.items
        after = part.after
        if after is None:
            break
    assert [one.entry.title for one in seen[6:]] == ["d1", "d2", "d3", "d4"]
    assert {one.entry.title for one in seen[:6]} == {one.entry.title for one in same}


async def test_only_the_sources_and_the_days_that_are_asked_for_are_searched(store: Store) -> None:
    await put(store, change(saying("here", "word")), change(saying("old", "word", published=NOON - DAY)))
    await put(store, change(saying("there", "word", source_id="lake")), source_id="lake")
    await store.index(10)
    assert await found(store, "word") == ["here", "old"]
    assert await found(store, "word", "lake") == ["there"]
    assert await found(store, "word", since=NOON) == ["here"]
    assert await found(store, "word", before=NOON) == ["old"]
    assert await found(store, "word", since=NOON - DAY, before=NOON + DAY) == ["here", "old"]
    assert (await store.search(read_search("word"), [], 10)).items == ()


async def test_many_that_others_brought_do_not_hide_the_few_that_are_asked_for(store: Store) -> None:
    await put(store, change(saying("mine", "word", published=NOON - DAY)))
    await put(store, *(change(saying(f"x{n}", "word", source_id="lake")) for n in range(1200)), source_id="lake")
    assert (await store.index(2000)).count == 1201
    assert await found(store, "word") == ["mine"]


async def test_an_edited_item_is_found_by_what_it_says_now(store: Store) -> None:
    one = saying("one", "before")
    await put(store, change(one))
    await store.index(10)
    await put(store, change(revised(one, "after"), "revised"))
    assert await found(store, "before") == ["one"]
    assert (await store.index(10)).count == 1
    assert await found(store, "before") == []
    assert await found(store, "after") == ["one"]


async def test_an_item_whose_date_was_corrected_stands_where_it_belongs(store: Store) -> None:
    one, two = saying("one", "word"), saying("two", "word", published=NOON - DAY)
    await put(store, change(one), change(two))
    await store.index(10)
    await put(store, change(replace(one, published=NOON - 2 * DAY), "bumped"))
    await store.index(10)
    assert await found(store, "word") == ["two", "one"]


async def test_an_item_that_was_withdrawn_or_let_go_of_is_found_no_more(store: Store) -> None:
    gone, old = saying("gone", "word"), saying("old", "word")
    await put(store, change(gone), change(old))
    await store.index(10)
    await put(store, change(replace(gone, withdrawn_at=NOON, changed_at=NOON + MINUTE), "bumped"))
    assert await found(store, "word") == ["old"]
    await listed(store, at=NOON)
    assert await store.prune(NOON + MINUTE) > 0
    assert await found(store, "word") == []
    await store.index(10)
    assert await found(store, "word") == []


async def test_what_changes_while_it_is_indexed_is_indexed_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = saying("one", "before")
    await put(store, change(one))
    write = store._write  # type: ignore[attr-defined]

    async def change_first(work: object) -> object:
        monkeypatch.setattr(store, "_write", write)
        await put(store, change(revised(one, "after"), "revised"))
        return await write(work)

    monkeypatch.setattr(store, "_write", change_first)
    await store.index(10)
    assert (await store.index(10)).count == 1
    assert await found(store, "after") == ["one"]


async def test_no_text_is_too_much_to_be_found(store: Store) -> None:
    many = [
        " ".join(f"{chr(0x10400 + n % 40)}{start + n}" * 9 for n in range(9_000)) for start in (0, 10_000, 20_000)
    ]
    names = tuple(Category(term=name) for name in many[2].split())
    await put(store, change(saying("long", many[1], title=many[0], entry={"categories": names})))
    await put(store, change(saying("short", "word")))
    assert (await store.index(10)).count == 2
    assert await found(store, "word") == ["short"]
    assert len(await found(store, many[1].split()[0])) == 1


WORDS = ("rain", "sun", "東京", "東京都", "Été", "ete", "x.y", "rainbow")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), min_size=1, max_size=4),
    st.lists(st.sampled_from([*WORDS, "rain*", "-sun", '"rain sun"', "都", "-x"]), min_size=1, max_size=3),
)
async def test_found_is_exactly_what_says_all_that_is_wanted_and_nothing_that_is_not(
    store: Store, texts: list[str], asked: list[str]
) -> None:
    items = [saying(str(number), text, title="-") for number, text in enumerate(texts)]
    known = {one.uid for one in await store.find_items([one.uid for one in items])}
    await put(store, *(change(one, "bumped" if one.uid in known else "new") for one in items))
    await store.index(100)
    search = read_search(" ".join(asked))
    kept = {one.uid for one in items}
    hits = {one.uid for one in (await store.search(search, ["river"], 1000)).items}
    assert hits & kept == {one.uid for one in items if says(one, search)}


def says(one: Item, search: WordSearch) -> bool:
    def has(terms: tuple[str, ...], *, is_beginning: bool) -> bool:
        said = split_terms(one.entry.text)
        for start in range(len(said) - len(terms) + 1):
            part = said[start : start + len(terms)]
            if is_beginning and part[:-1] == [*terms[:-1]] and part[-1].startswith(terms[-1]):
                return True
            if part == [*terms]:
                return True
        return False

    return (
        bool(search.wanted)
        and all(has(phrase.terms, is_beginning=phrase.is_beginning) for phrase in search.wanted)
        and not any(has(phrase.terms, is_beginning=phrase.is_beginning) for phrase in search.unwanted)
    )


async def test_of_items_those_are_told_that_an_earlier_page_had(store: Store) -> None:
    names = ("a", "b", "c", "d", "e")
    many = [saying(name, "word", published=NOON + n * DAY) for n, name in enumerate(names)]
    other = saying("other", "nothing", published=NOON + 9 * DAY)
    await put(store, *map(change, (*many, other)))
    await store.index(10)
    search = read_search("word")
    page = await store.search(search, ["river"], 2)
    assert [one.entry.title for one in page.items] == ["e", "d"]
    assert page.after is not None
    title = {one.uid: one.entry.title for one in (*many, other)}

    async def told(bounded: WordSearch, *uids: str) -> list[str]:
        return sorted(title[uid] for uid in await store.find_saying(bounded, uids, page.after or 0))

    assert await told(search, *title) == ["d", "e"]
    assert await told(search, many[0].uid, many[4].uid, "unknown") == ["e"]
    assert await told(search) == []
    assert await told(replace(search, before=NOON + 4 * DAY), *title) == ["d"]
    assert await told(read_search(""), *title) == []
