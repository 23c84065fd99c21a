"""Which items a publication shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import patterns
from aggregator.model import Category, Drop, Filter, Keep, Limit, Matcher, Person, Publication
from aggregator.publish import Selection, can_show, select, stuck_notice
from aggregator.publish.conditions import is_match
from tests.publish.editions import item
from tests.support.nouns import NOON, entry, source


def matcher(pattern: str, field: str = "any") -> Matcher:
    return Matcher(field=field, pattern=pattern, shown=pattern)


def keep(*patterns: str) -> Keep:
    return Keep(any_of=tuple(matcher(pattern) for pattern in patterns))


def drop(*patterns: str) -> Drop:
    return Drop(any_of=tuple(matcher(pattern, "title") for pattern in patterns))


def publication(**fields) -> Publication:
    return Publication(**({"id": "all", "title": "All"} | fields))


def river(*titles: str, start: int = 0, source_id: str = "river"):
    """Items with these titles, each an hour older than the one before."""
    return [
        item(start + number, NOON - timedelta(hours=start + number), title=title, source_id=source_id, text="")
        for number, title in enumerate(titles)
    ]


def titles(items) -> list[str]:
    return [one.entry.title for one in items]


def chosen(titles_: str, *filters: Filter, **fields) -> str:
    """The titles (one letter each) that pass the filters of the source and the publication's fields."""
    sources = {"river": source(filters=filters)}
    return "".join(titles(select(publication(**fields), sources, river(*titles_))))


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ((), "abcabc"),
        ((keep("a", "c"),), "acac"),
        ((drop("A"),), "bcbc"),
        ((Limit(count=2),), "ab"),
        ((Limit(count=4), drop("b")), "aca"),
        ((drop("b"), Limit(count=4)), "acac"),
        ((Limit(count=0),), ""),
    ],
)
def test_filters_apply_in_the_editors_order(filters, left):
    assert chosen("abcabc", *filters) == left
    assert chosen("abcabc", filters=filters) == left


def test_the_sources_filters_come_before_the_publications():
    assert chosen("abcabc", Limit(count=4), filters=(drop("b"),)) == "aca"
    assert chosen("abcabc", drop("b"), filters=(Limit(count=3),)) == "aca"


def test_limit_and_quota_hold():
    assert chosen("abcabc", limit=2) == "ab"
    assert chosen("abcabc", per_source=2) == "ab"
    assert chosen("abcabc", limit=0) == ""


def test_a_limit_of_a_source_counts_that_source_only():
    sources = {name: source(id=name, filters=(Limit(count=1),)) for name in ("a", "b")}
    items = river("1", "2", source_id="a") + river("3", "4", start=2, source_id="b")
    assert titles(select(publication(), sources, items)) == ["1", "3"]


def test_a_source_that_floods_uses_up_no_limit_beyond_its_quota():
    sources = {name: source(id=name) for name in ("flood", "quiet")}
    items = river(*"x" * 50, source_id="flood") + river("q", start=50, source_id="quiet")
    found = select(publication(per_source=3, filters=(Limit(count=10),)), sources, items)
    assert titles(found) == ["x", "x", "x", "q"]


def test_items_of_other_sources_are_passed_over():
    assert select(publication(), {"river": source()}, river("a", source_id="other")) == ()


@pytest.mark.parametrize(
    ("filters", "found"),
    [((), True), ((keep("a"), Limit(count=0)), True), ((keep("b"),), False), ((drop("a"),), False)],
)
def test_whether_an_item_is_shown_depends_on_filters_of_source_and_publication(filters, found):
    (one,) = river("a")
    assert can_show(publication(limit=0), source(filters=filters), one) is found
    assert can_show(publication(filters=filters), source(), one) is found


def test_a_selection_without_sources_is_full_at_once():
    assert Selection(publication(), {}).is_full


def test_a_selection_tells_when_it_is_full_and_what_it_still_wants():
    sources = {name: source(id=name) for name in ("a", "b")}
    selection = Selection(publication(per_source=1), sources)
    assert selection.wanted == {"a", "b"}
    selection.offer(river("1", "2", source_id="a"))
    assert (selection.is_full, selection.wanted) == (False, {"b"})
    selection.offer(river("3", start=2, source_id="b"))
    assert (selection.is_full, selection.wanted) == (True, frozenset())


@settings(max_examples=60)
@given(
    letters=st.text("abc", max_size=30),
    cut=st.integers(0, 30),
    filters=st.lists(st.sampled_from([keep("a", "b"), drop("a"), Limit(count=5)]), max_size=3),
    limit=st.integers(0, 8),
    quota=st.none() | st.integers(1, 4),
)
def test_batches_give_what_the_whole_gives_and_full_means_full(letters, cut, filters, limit, quota):
    wanted = publication(limit=limit, per_source=quota, filters=tuple(filters))
    sources = {name: source(id=name) for name in "ab"}
    items = [one for n, letter in enumerate(letters) for one in river(letter, start=n, source_id="ab"[n % 2])]
    whole = select(wanted, sources, items)
    selection = Selection(wanted, sources)
    selection.offer(items[:cut])
    if selection.is_full:
        assert selection.items == whole
    selection.offer(items[cut:])
    assert selection.items == whole
    assert len(whole) <= limit


ENTRY = entry(
    title="Über SQLite",
    text="A database in a file",
    url="https://example.org/Blog/1",
    authors=(Person(name="Ada"),),
    categories=(Category(term="db", label="Databases"), Category(term="files")),
)


@pytest.mark.parametrize(
    ("field", "pattern", "found"),
    [
        ("title", "über", True),
        ("title", "database", False),
        ("text", "^a data", True),
        ("author", "^ada$", True),
        ("author", "sqlite", False),
        ("category", "^databases$", True),
        ("category", "^files$", True),
        ("url", "/blog/", True),
        ("url", "sqlite", False),
        ("any", "^ada$", True),
        ("any", "^files$", True),
        ("any", "^a database", True),
        ("any", "blog", False),
    ],
)
def test_a_matcher_looks_into_its_field(field, pattern, found):
    assert is_match(matcher(pattern, field), ENTRY) is found


def test_an_entry_without_url_matches_no_url():
    assert not is_match(matcher("", "url"), entry(url=None))


STALLING = "^(a|aa)+$"
ENDLESS = "a" * 6000 + "b"


@pytest.mark.parametrize("step", [keep, drop])
def test_what_a_pattern_takes_too_long_on_is_kept_out_and_named_and_the_rest_is_judged(step):
    steps = (step(STALLING),)
    where, there = publication(filters=steps), source()
    stalls, goes, stays = river(ENDLESS, "aaa", "b")
    assert not can_show(where, there, stalls)
    assert can_show(where, there, goes) is (step is keep)
    assert can_show(where, there, stays) is (step is drop)
    found = stuck_notice(where, there)
    assert found is not None
    assert STALLING in found
    assert "the publication 'all'" in found
    assert "the source 'river'" in (stuck_notice(publication(), source(filters=steps)) or "")
    patterns.guard_pattern(STALLING).stalled.clear()
    assert stuck_notice(where, there) is None


def test_one_word_that_is_found_is_enough_whatever_another_takes():
    steps = (Keep(any_of=(matcher(STALLING, "title"), matcher("^a", "title"))),)
    assert can_show(publication(filters=steps), source(), river(ENDLESS)[0])
