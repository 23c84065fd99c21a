"""What lists elsewhere name joins with ids that stay; nothing is lost because a list was cut short."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.catalogue.load import load_text
from aggregator.catalogue.membership import HELD, take_in, with_lists
from aggregator.errors import ConfigurationError
from aggregator.model import Catalogue, FollowedLists, ListMember, ListState
from tests.support.nouns import NOON

DAY = timedelta(days=1)
EMPTY = ListState(list_id="planet", url="https://p.example/l.opml", checked_at=NOON, next_check_at=NOON)


def named(*names: str, **fields: str) -> list[ListMember]:
    return [ListMember(url=f"https://{name}.example/feed", title=name.title(), **fields) for name in names]


def listed(state: ListState) -> list[str]:
    return [one.id for one in state.members if one.listed]


def read(text: str) -> Catalogue:
    return load_text(text.encode(), Path("feeds.yaml"), {"TOKEN": "opensesame-42"})


def test_a_feed_that_returns_has_the_id_that_it_had():
    names = [chr(letter) * 3 for letter in range(ord("a"), ord("k"))]
    first = take_in(EMPTY, named(*names), (), NOON)
    assert listed(first)[0] == "planet-aaa"
    second = take_in(first, named(*names[2:]), (), NOON + DAY)
    assert listed(second) == [f"planet-{name}" for name in names[2:]], "two of ten are let go of"
    again = take_in(second, [replace(one, title="Else") for one in named(*names)], (), NOON + 2 * DAY)
    assert {one.url: one.id for one in again.members} == {one.url: one.id for one in first.members}
    assert len(listed(again)) == 10


@pytest.mark.parametrize(("had", "kept", "is_held"), [(10, 8, False), (10, 7, True), (3, 2, True), (4, 3, False)])
def test_a_list_that_loses_three_tenths_at_once_is_held(had: int, kept: int, is_held: bool):
    names = [f"n{number}" for number in range(had)]
    before = take_in(EMPTY, named(*names), (), NOON)
    after = take_in(before, named(*names[:kept], "new"), (), NOON + DAY)
    assert (after.held_since == NOON + DAY) is is_held
    assert after.missing == (had - kept if is_held else 0)
    assert len(listed(after)) == (had if is_held else kept) + 1, "what is new joins all the same"


def test_a_loss_is_believed_after_a_week_and_forgotten_when_the_feeds_are_back():
    before = take_in(EMPTY, named("a", "b"), (), NOON)
    held = take_in(before, named("a"), (), NOON + DAY)
    assert take_in(held, named("a", "b"), (), NOON + 2 * DAY).held_since is None
    still = take_in(held, named("a"), (), NOON + HELD)
    assert listed(still) == ["planet-a", "planet-b"]
    over = take_in(still, named("a"), (), NOON + DAY + HELD)
    assert (listed(over), over.held_since, over.missing) == (["planet-a"], None, 0)


def test_an_editor_who_names_another_address_is_not_doubted():
    before = take_in(EMPTY, named("a", "b"), (), NOON)
    assert listed(take_in(before, named("a"), (), NOON, doubting=False)) == ["planet-a"]


def test_a_feed_that_goes_on_under_its_title_on_its_site_keeps_its_id():
    before = take_in(EMPTY, named("a", "b", "c"), (), NOON)
    moved = ListMember(url="https://blog.a.example/atom.xml", title="A")
    after = take_in(before, [moved, *named("b", "c")], (), NOON + DAY)
    assert listed(after) == ["planet-a", "planet-b", "planet-c"]
    assert after.members[0].url == moved.url
    elsewhere = ListMember(url="https://b.elsewhere.example/feed", title="B")
    assert "planet-b-2" in listed(take_in(after, [moved, elsewhere, *named("c")], (), NOON + 2 * DAY))


def test_nothing_but_addresses_of_the_web_titles_and_tags_comes_from_elsewhere():
    wrong = [
        "file:///etc/passwd",
        "/etc/passwd",
        "feeds.yaml",
        "ftp://a.example/",
        "https://ann:pw@a.example/",
        "",
    ]
    told = ListMember(url="https://a.example/${TOKEN}", title="${TOKEN}\n\x1b[1m title", tags=("x",))
    state = take_in(EMPTY, [*(ListMember(url=url) for url in wrong), told], (), NOON)
    catalogue = with_lists(
        read(
            "defaults: { headers: { Authorization: 'Bearer ${TOKEN}' }, every: 2h, tags: [d] }\n"
            "lists: { planet: { url: 'https://p.example/l.opml', tags: [p] } }\n"
        ),
        FollowedLists(version=3, states={"planet": state}),
    )
    (source,) = catalogue.sources
    assert (source.kind, source.location) == ("feed", "https://a.example/${TOKEN}")
    assert (source.title, source.tags) == ("${TOKEN} [1m title", ("d", "p", "x"))
    assert (source.headers, source.every) == ((), timedelta(hours=2)), "defaults, but for headers"
    assert catalogue.lists[0].source.headers == ()


def test_what_feeds_yaml_declares_is_the_editors_and_what_several_lists_name_has_the_tags_of_all():
    text = (
        "sources: { mine: 'https://a.example/feed', one-b: 'https://other.example/' }\n"
        "lists: { one: 'https://p.example/1', two: { url: 'https://p.example/2', tags: [second] } }\n"
    )
    one = take_in(replace(EMPTY, list_id="one"), named("a", "c"), (), NOON)
    clash = replace(one, members=(*one.members, ListMember(id="one-b", url="https://b.example/feed")))
    two = take_in(replace(EMPTY, list_id="two"), named("c", tags=("wet",)), (), NOON)  # type: ignore[arg-type]
    whole = with_lists(read(text), FollowedLists(version=1, states={"one": clash, "two": two}))
    assert [source.id for source in whole.sources] == ["mine", "one-b", "one-c"]
    assert whole.sources[2].tags == ("second", "wet")
    assert whole.sources[0].tags == ()
    plain = read("sources: { mine: 'https://a.example/feed' }\n")
    assert with_lists(plain, FollowedLists()) is plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lists: { a: {} }", "feeds.yaml:1: lists.a: a list needs `url`"),
        ("lists: { a: file.opml }", "lists.a: this list cannot be read: only http:// and https://"),
        ("lists: { a: { url: 'ftp://x.example/' } }", "lists.a.url: this list cannot be read"),
        ("lists: { a: { url: 'https://x.example/', headers: {} } }", "lists.a.headers: unknown key"),
        ("lists: { A: 'https://x.example/' }", "lists.A"),
    ],
)
def test_mistakes_below_lists_are_told_with_their_place(text: str, words: str):
    with pytest.raises(ConfigurationError) as error:
        read(text)
    assert words in str(error.value)


def test_what_opens_a_list_is_a_secret():
    text = "lists: { a: 'https://x.example/${TOKEN}', b: { url: 'https://ann:pass-word@x.example/' } }"
    found = read(text)
    assert {"opensesame-42", "pass-word"} <= found.secrets
    assert [one.source.url for one in found.lists] == ["https://x.example/${TOKEN}", "https://ann:***@x.example/"]


@given(st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1), min_size=1, max_size=6))
def test_whatever_lists_name_in_turn_an_address_has_one_id_for_ever(turns: list[set[str]]):
    state, seen = EMPTY, {}
    for number, names in enumerate(turns):
        state = take_in(state, named(*sorted(names)), ("planet-a",), NOON + number * DAY)
        for one in state.members:
            assert seen.setdefault(one.url, one.id) == one.id
        assert len({one.id for one in state.members} | {"planet-a"}) == len(state.members) + 1
        assert {f"https://{name}.example/feed" for name in names} <= {
            one.url for one in state.members if one.listed
        }
