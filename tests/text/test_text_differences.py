"""What changed between two texts."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import common_words, differences
from aggregator.text.differences import MOST_WORDS, difference

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=30).map(" ".join)


def told(before: str, after: str) -> str:
    marks = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    found = difference(before, after)
    return "".join(f"{'' if one.is_attached else ' '}{marks[one.kind].format(one.words)}" for one in found).strip()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("one  two", "one two", ""),
        ("", "one", "{+one+}"),
        ("one upYour two", "one up Your two", ""),
        ("one upYour two three", "one up Your two four", "one up Your two [-three-] {+four+}"),
        ("one", "", "[-one-]"),
        ("water stands at mark two", "water stands at mark three", "water stands at mark [-two-] {+three+}"),
        ("a b c d e f g h X", "a b c d e f g h Y", "… d e f g h [-X-] {+Y+}"),
        ("X a b c d e f g h", "a b c d e f g h", "[-X-] a b c d e …"),
        (
            "X a b c d e f g h i j k l Y",
            "x a b c d e f g h i j k l y",
            "[-X-] {+x+} a b c d e … h i j k l [-Y-] {+y+}",
        ),
    ],
)
def test_only_what_stands_around_a_change_is_kept(before, after, expected):
    assert told(before, after) == expected


@given(WORDS, WORDS)
def test_leaving_out_what_is_new_gives_the_earlier_text_back_where_nothing_was_shortened(before, after):
    passages = difference(before, after)
    if passages and not any("…" in one.words for one in passages):
        assert " ".join(one.words for one in passages if one.kind != "inserted").split() == before.split()
        assert " ".join(one.words for one in passages if one.kind != "deleted").split() == after.split()


def test_a_change_far_down_a_long_text_is_found():
    long = "word " * 10 * MOST_WORDS
    assert told(f"{long} one {long}", f"{long} two {long}") == (
        "… word word word word word [-one-] {+two+} word word word word word …"
    )


def test_of_texts_that_have_little_in_common_the_beginning_is_compared():
    first, second = (" ".join(f"{name}{number}" for number in range(3 * MOST_WORDS)) for name in "ab")
    deleted, inserted, more = difference(first, second)
    assert [len(one.words.split()) for one in (deleted, inserted)] == [MOST_WORDS, MOST_WORDS]
    assert (more.kind, more.words) == ("kept", "…")


NUMBERED = [f"term{number}" for number in range(800)]
NOTE = [f"note{number}" for number in range(21)]


@pytest.mark.parametrize("most", [500, 100])
def test_a_note_on_top_of_a_long_text_makes_none_of_its_words_go(most: int):
    edited = [*NOTE, *NUMBERED[:750], "edited", *NUMBERED[751:]]
    steps = difference(" ".join(NUMBERED), " ".join(edited), most)
    changed = [(one.kind, one.words) for one in steps if one.kind != "kept"]
    note = ("inserted", " ".join(NOTE))
    assert changed == [note, ("deleted", "term750"), ("inserted", "edited")]
    back = difference(" ".join(edited), " ".join(NUMBERED), most)
    gone = [(one.kind, one.words) for one in back if one.kind != "kept"]
    assert gone == [("deleted", " ".join(NOTE)), ("deleted", "edited"), ("inserted", "term750")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("日曜日に決勝で負けた。", "日曜日に決勝で勝った。", "…日に決勝で[-負け-]{+勝っ+}た。"),
        ("審判は 12 人", "審判は 13 人", "審判は [-12-] {+13+} 人"),
        ("第12回大会", "第13回大会", "第[-12-]{+13+}回大会"),
        ("ที่นี่มีน้ำ", "ที่นั่นมีน้ำ", "ที่[-นี่-]{+นั่น+}มีน้ำ"),
        ("서울은 맑음", "서울은 흐림", "서울은 [-맑음-] {+흐림+}"),
        ("Tokyo 東京 is", "Tokyo 京都 is", "Tokyo [-東-]京{+都+} is"),
    ],
)
def test_texts_without_spaces_differ_by_their_characters(before: str, after: str, expected: str):
    assert told(before, after) == expected


def test_what_stands_further_behind_than_is_compared_is_not_said_to_be_gone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(differences, "REACH", 100)
    assert told(" ".join(NUMBERED), " ".join([*NOTE, *NUMBERED[:750], "edited"])) == (
        f"{{+{' '.join(NOTE)}+}} term0 term1 term2 term3 term4 …"
    )
    assert told(
        " ".join(NUMBERED), " ".join([*NUMBERED[:3], "new", *NUMBERED[3:98], "x", *NUMBERED[98:], "end"])
    ) == ("term0 term1 term2 {+new+} term3 term4 term5 term6 term7 …")


@given(st.integers(1, 60), st.integers(0, 60), st.sets(st.integers(0, 199), max_size=20))
def test_what_is_told_of_long_texts_is_so_in_the_whole(most: int, extra: int, edits: set[int]):
    one = [f"w{number}" for number in range(200)]
    other = [f"n{number}" for number in range(extra)]
    other += [f"e{number}" if number in edits else word for number, word in enumerate(one)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(differences, "REACH", 100)
        told = difference(" ".join(one), " ".join(other), most)
    gone = {word for step in told if step.kind == "deleted" for word in step.words.split()}
    come = {word for step in told if step.kind == "inserted" for word in step.words.split()}
    assert len(gone) <= most
    assert len(come) <= most
    assert come <= {*other} - {*one}
    assert gone <= {*one} - {*other}


@given(WORDS, WORDS, WORDS, WORDS)
def test_what_two_texts_begin_and_end_with_is_no_difference(before, after, start, end):
    assert bool(difference(f"{start} {before} {end}", f"{start} {after} {end}")) == (before != after)


def marked(letters, every):
    """The letters in turn, and now and then a word that is said once."""
    return [f"w{n}" if n % every == 0 else letters[n % len(letters)] for n in range(2000)]


LISTS = st.lists(st.sampled_from("abcdefgh"), max_size=40)


@given(LISTS, LISTS, st.sampled_from([0, 3, 20, 4000]))
def test_what_is_found_in_both_texts_is_in_both_in_order_and_apart(one, other, room):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(common_words, "MOST_PAIRS", room)
        patched.setattr(common_words, "_MOST_IN_ALL", 3 * room)
        found = common_words.blocks(one, other)
    ends = (0, 0)
    for start, new_start, size in found:
        assert size > 0
        assert one[start : start + size] == other[new_start : new_start + size]
        assert start >= ends[0]
        assert new_start >= ends[1]
        assert ends == (0, 0) or (start, new_start) != ends
        ends = (start + size, new_start + size)


@pytest.mark.no_cover
def test_a_long_text_with_many_changes_is_cut_where_both_say_a_word_once():
    before = [word for number in range(200) for word in ("the", "mark", "of", "the", "day", f"w{number}", "is")]
    after = ["high" if word == "is" and place % 3 == 0 else word for place, word in enumerate(before)]
    after[690:700] = ["another", "day", "of", "the", "mark"]
    found = common_words.blocks(before, after)
    everything = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    assert sum(size for *_, size in found) >= 0.99 * sum(size for *_, size in everything)


def test_of_words_that_change_places_the_longest_row_stays():
    assert common_words._unique(list("abcdefg"), list("fbcdgea")) == [(1, 1), (2, 2), (3, 3), (6, 4)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["a"] * 2000, ["b", *["a"] * 1998, "c"]),
        (["a", "a", "b"] * 666, ["a", "b", "b"] * 666),
        (marked("a", 40), marked("b", 40)),
        (marked("ab", 99), marked("aab", 99)),
        (list("ab" * 1000), list("ba" * 1000)),
    ],
)  # fmt: skip
def test_hostile_texts_are_compared_within_bounds(one, other, monkeypatch):
    spent = 0

    def compared(_junk, first, second, *, autojunk):
        nonlocal spent
        spent += common_words._pairs(first, second)
        return SequenceMatcher(None, first, second, autojunk=autojunk)

    monkeypatch.setattr(common_words, "SequenceMatcher", compared)
    found = common_words.blocks(one, other)
    assert spent <= common_words._MOST_IN_ALL
    assert all(one[start : start + size] == other[at : at + size] for start, at, size in found)
