from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator import dedupe
from aggregator.model import Entry, Extension, FeedMeta, Item, Rewrite, SourceProfile, Trimming
from aggregator.preview.assessment import judge, measure_rhythm, text_kind
from aggregator.preview.previewed import IdStability, PreviewedEntry, RobotsAnswer, SeenSource, StoredMatch
from aggregator.publish import Rewritten
from tests.support.nouns import NOON, entry, source, stamp

LONG = "Water stands at the second mark, and nobody on the quay could say why it had come so far. " * 4
FORBIDDEN = RobotsAnswer(allowed=False, rule="Disallow: / (for *)")


def item(number: int = 1, **fields: Any) -> Item:
    made = entry(
        id=f"tag:{number}", url=f"https://example.org/{number}", url_key=f"example.org/{number}", **fields
    )
    (change,) = dedupe.decide(source(), (made,), {}, SourceProfile(), NOON).changes
    return change.item


def seen(number: int = 1, **fields: Any) -> PreviewedEntry:
    found = item(number, **{"published": stamp(f"2026-02-{number:02}T09:00:00Z"), "text": LONG, **fields})
    return PreviewedEntry(item=found, text=text_kind(found.entry))


def sight(*entries: PreviewedEntry, **fields: Any) -> SeenSource:
    defaults: dict[str, Any] = {
        "source": source(timezone="UTC"),
        "meta": FeedMeta(),
        "entries": entries,
        "listed": len(entries),
        "ids": IdStability(how="unchanged"),
    }
    return SeenSource(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "none"),
        ("A short one.", "teaser"),
        (LONG, "full"),
        (f"{LONG} and then […]", "teaser"),
        (f"{LONG}...", "teaser"),
        (f"{LONG} Read on →", "teaser"),
        (f"{LONG} Read more", "teaser"),
        (f"{LONG} Weiterlesen »", "teaser"),
        (f"{LONG} « Nous avons de l'eau »", "full"),
    ],
)
def test_a_text_is_told_from_a_teaser_by_its_length_and_its_end(text: str, kind: str):
    assert text_kind(Entry(text=text)) == kind


def test_a_source_with_entries_may_join_and_says_how_often_it_posts():
    found = judge(sight(seen(9), seen(5), seen(3), seen(2)))

    assert (found.result, found.reasons, found.notes, found.text) == ("ok", (), (), "full")
    assert found.rhythm == timedelta(days=2)


def test_how_often_cannot_be_told_by_two_dates():
    assert measure_rhythm([seen(9), seen(5)]) is None
    assert (
        measure_rhythm([seen(9, published=None), seen(8, published=None, updated=stamp("2026-02-01T00:00:00Z"))])
        is None
    )


def test_a_feed_that_cannot_be_read_is_broken_and_says_what_else_it_may_be():
    found = judge(sight(failure="No feed: a web page.", offer="It is a page that lists 7 articles."))

    assert (found.result, found.reasons, found.text) == ("broken", ("No feed: a web page.",), "none")
    assert found.notes == ("It is a page that lists 7 articles.",)


def test_one_that_was_not_asked_is_refused_with_the_rule():
    found = judge(sight(robots=FORBIDDEN, refused=True, failure="It was not asked."))

    assert found.result == "refused"
    assert "Disallow: / (for *)" in found.reasons[0]
    assert found.notes == ()


def test_one_that_was_asked_all_the_same_has_a_note():
    assert "Disallow: / (for *)" in judge(sight(seen(), robots=FORBIDDEN)).notes[0]
    assert judge(sight(seen(), robots=RobotsAnswer(allowed=True, rule=""))).notes == ()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"listed": 0}, "holds no entries now"),
        ({"listed": 3}, "none of its entries would be stored"),
    ],
)
def test_what_brings_no_entry_is_nothing(fields: dict[str, Any], why: str):
    found = judge(sight(**fields))

    assert found.result == "nothing"
    assert why in found.reasons[0]


def test_a_filter_that_lets_nothing_through_is_named():
    kept_out = replace(seen(), filtered="keep python")
    found = judge(sight(kept_out))

    assert (found.result, found.reasons) == (
        "nothing",
        ("Its `filter:` does not let its only entry through: keep python.",),
    )
    assert judge(sight(kept_out, kept_out)).reasons == (
        "Its `filter:` lets none of its 2 entries through: keep python.",
    )
    assert judge(sight(kept_out, seen(2))).result == "ok"


def test_entries_that_would_be_announced_at_each_poll_are_a_reason_and_other_names_a_note():
    again = IdStability(how="compared", renamed=("a", "b"), again=("a", "b", "c", "d"))
    found = judge(sight(seen(), ids=again))

    assert found.result == "broken"
    assert "4 entries would be announced again" in found.reasons[0]
    assert "'a', 'b', 'c' and 1 more" in found.reasons[0]
    assert any("known again: 'a', 'b'" in note for note in found.notes)
    renamed = judge(sight(seen(), ids=replace(again, again=())))
    assert (renamed.result, "known again: 'a', 'b'" in renamed.notes[0]) == ("ok", True)


@pytest.mark.parametrize(
    ("steady", "kind", "advice"),
    [
        ("url", "feed", "Say `identity: url`"),
        ("title", "feed", "Say `identity: title`"),
        (None, "feed", "Neither their addresses nor their titles"),
        (None, "json", "Give `select:` an `id`"),
    ],
)
def test_an_editor_is_advised_to_tell_entries_apart_by_what_stays_as_it_is(steady: Any, kind: Any, advice: str):
    ids = IdStability(how="compared", again=("a",), steady=steady)

    assert f"'a'. {advice}" in judge(sight(seen(), source=source(kind=kind), ids=ids)).reasons[0]


def test_dates_that_are_made_anew_and_ids_that_several_entries_bear_are_notes():
    ids = IdStability(how="compared", redated=("a", "b"))
    found = judge(sight(seen(1), seen(2), seen(3), ids=ids, namesakes=("c", "d")))

    assert found.result == "ok"
    assert len(found.notes) == 2
    assert found.notes[0].startswith("2 entries had another date of publication on the second look")
    assert found.notes[1].startswith("2 of 3 entries share their id with another one")


def test_a_second_look_that_failed_is_a_note():
    failed = IdStability(how="failed", reason="a.example answered 503.")

    assert judge(sight(seen(), ids=failed)).notes == ("The second look failed: a.example answered 503.",)


def test_moves_pages_and_warnings_are_told():
    told = judge(
        sight(
            seen(),
            moved_to="https://b.example/f",
            named_by_page=True,
            address="https://a.example/f",
            warnings=("Something is off.",),
        )
    ).notes

    assert ["https://b.example/f" in told[0], "https://a.example/f" in told[1], told[2]] == [
        True,
        True,
        "Something is off.",
    ]


def test_entries_without_names_dates_and_zones_are_counted():
    nameless = replace(seen(), item=replace(item(), entry=Entry(title="x", text=LONG)))
    zoneless = seen(2, published=replace(stamp("2026-02-01T09:00:00Z"), zone="assumed"))
    told = judge(sight(nameless, zoneless, source=source())).notes

    assert told == (
        "1 of 2 entries have neither id nor address: they are told apart by their words.",
        "1 of 2 entries have no date that can be read: the poll that meets them dates them.",
        "1 of 1 dates name no zone and are read as UTC: `timezone:` says otherwise.",
    )


def test_a_feed_that_only_repeats_what_is_here_is_told():
    copy = StoredMatch(item=replace(item(7), source_id="wire"), reason="the same text", same=False)
    own = replace(copy, same=True)

    told = judge(sight(replace(seen(1), stored=(copy, own)), replace(seen(2), stored=(copy,)), seen(3))).notes

    assert told == ("2 of 3 entries are here already, from wire: it may only repeat them.",)
    assert judge(sight(replace(seen(1), stored=(own,)))).notes == ()


def test_teasers_are_told_where_their_articles_can_be_had():
    short = seen(text="Short.")

    assert "`content: full`" in judge(sight(short)).notes[0]
    for other in (source(kind="page", timezone="UTC"), source(content="full", timezone="UTC")):
        assert judge(sight(short, source=other)).notes == ()


def test_rules_for_readers_that_found_nothing_are_named():
    met, idle = (Rewrite(field="title", pattern=one, replacement="", shown=f"title: {one}") for one in "ab")
    ours = source(timezone="UTC", rewrites=(met, idle), trimming=Trimming(keep=("election",)))
    changed = replace(seen(), rewritten=Rewritten(rules=("title: a",), title="", url=None))
    assert judge(sight(changed, seen(2), source=ours)).notes == (
        "What changes nothing in any of 2 entries: `keep`; `title: b`.",
    )
    trimmed = replace(changed, rewritten=Rewritten(rules=("keep", "title: a", "title: b"), title="", url=None))
    assert judge(sight(trimmed, source=ours)).notes == ()
    assert judge(sight(source=ours)).notes == ()


def test_a_licence_is_told_in_whatever_vocabulary_the_feed_speaks_of_it():
    address = "https://creativecommons.org/licenses/by-nc-nd/4.0/"
    said = (
        Extension(name="creativeCommons:license", text=address),
        Extension(name="cc:license", attributes=(("rdf:resource", address),)),
        Extension(name="podcast:license", text="cc-by-nc-nd-4.0"),
        Extension(name="media:license", attributes=(("href", "https://example.org/terms"),)),
        Extension(name="media:rating", text="adult"),
    )
    assert sight(meta=FeedMeta()).licence is None
    assert sight(meta=FeedMeta(rights="CC BY")).licence == "CC BY"
    told = f"CC BY; {address}; cc-by-nc-nd-4.0; https://example.org/terms"
    assert sight(meta=FeedMeta(rights="CC BY", extensions=said)).licence == told
