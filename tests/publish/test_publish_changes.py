"""The feed of what items came to say instead of something else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import feedparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator import publish
from aggregator.model import Edition, Enclosure, Entry, Publication, RevisedItem, Revision, Rewrite
from aggregator.publish.check.atom import atom_faults
from aggregator.text.visible import strip_tags
from tests.publish.editions import SITE, item, origin
from tests.support.nouns import NOON, entry, source

ALL = Publication(id="all", title="Everything", formats=("rss",), edits="silent")


def revised(before: Entry, after: Entry, number: int = 2) -> RevisedItem:
    seen = NOON + timedelta(hours=number)
    one = replace(item(1), entry=after, updated=seen)
    return RevisedItem(
        item=one,
        before=Revision(number=number - 1, seen_at=NOON, entry=before, reason="never met"),
        after=Revision(number=number, seen_at=seen, entry=after, reason="its text changed"),
    )


def edition(*found: RevisedItem, publication: Publication = ALL, **fields) -> Edition:
    return publish.changes_edition(
        publication,
        found,
        {"river": origin(source(**fields))},
        SITE,
        feed_name="an installation/all",
        created=NOON,
    )


def read(made: Edition):
    body = publish.render(made, "atom").body
    assert atom_faults(body) == ()
    return feedparser.parse(body, sanitize_html=False)


def tell(before: Entry, after: Entry, **fields) -> str:
    """What the entry of one change says, as plain words."""
    (one,) = read(edition(revised(before, after), **fields)).entries
    return " ".join(unescape(strip_tags(one.content[0].value)).split())


def test_each_change_is_an_entry_of_its_own_with_what_was_said_before():
    first = entry(title="Two dead in fire", text="The house burnt. Two people died.")
    second = replace(first, title="Two injured in fire", text="The house burnt. Two people were injured.")
    third = replace(second, text="The house burnt. Three people were injured.", content="<p>…</p>")
    feed = read(edition(revised(second, third, 3), revised(first, second, 2)))
    assert feed.feed.title == "Everything: what changed"
    assert [one.href for one in feed.feed.links if one.rel == "self"] == [
        "https://planet.example.org/all.changes.atom"
    ]
    latest, earlier = feed.entries
    assert (latest.title, earlier.title) == (
        "Text changed: Two injured in fire",
        "Title and text changed: Two injured in fire",
    )
    assert latest.published == latest.updated == "2026-03-01T15:00:00Z" == feed.feed.updated
    assert earlier.published == earlier.updated == "2026-03-01T14:00:00Z"
    assert earlier.link == f"https://planet.example.org/story/{item(1).uid}#said"
    assert [one.href for one in earlier.links if one.rel == "via"] == [first.url]
    assert earlier.source.title == "River News"
    said = earlier.content[0].value
    assert "The title was “<bdi>Two dead in fire</bdi>” and is “<bdi>Two injured in fire</bdi>” now." in said
    assert "In the text “<bdi>died.</bdi>” became “<bdi>were injured.</bdi>”." in said
    assert '<p dir="auto">Two <del>dead</del> <ins>injured</ins> in fire</p>' in said
    assert '<p dir="auto">The house burnt. Two people <del>died.</del> <ins>were injured.</ins></p>' in said


def test_an_id_is_that_of_the_change_alone_whatever_is_changed_later_and_in_whichever_feed_it_is_told():
    one, other = entry(text="A"), entry(text="B")
    now = revised(one, other)
    later = replace(now, item=replace(now.item, updated=NOON + timedelta(days=9), revision=7))
    another = Publication(id="club", title="Club", tokens=("a token of theirs",))
    ids = {
        made.items[0].public_id
        for made in (edition(now), edition(later), edition(now, publication=another), edition(now, title="New"))
    }
    assert len(ids) == 1
    history = publish.history_edition(now.item, [now.before, now.after], origin(), SITE, "x")
    others = {now.item.public_id, *(one.public_id for one in history.items)}
    assert edition(revised(one, other, 3)).items[0].public_id not in ids | others
    assert not ids & others


def test_the_feed_has_an_id_of_its_own_and_is_there_before_anything_changed():
    empty = read(edition())
    own = publish.render(
        Edition(site=SITE, publication=ALL, items=(), origins={}, created=NOON, feed_name="an installation/all"),
        "atom",
    )
    assert (empty.entries, empty.feed.updated) == ([], "2026-03-01T12:00:00Z")
    assert empty.feed.id != feedparser.parse(own.body).feed.id


def test_words_alone_tell_what_came_and_what_went():
    assert "In the text “not” was taken out. guilty not of" in tell(
        entry(text="guilty not of it"), entry(text="guilty of it")
    )
    assert "In the text “not” was added." in tell(
        entry(text="They were guilty"), entry(text="They were not guilty")
    )


def test_of_many_changes_the_first_are_told_in_words():
    before = " ".join(f"a{number} b c d" for number in range(8))
    after = " ".join(f"{'A' if number < 7 else 'a'}{number} b c d" for number in range(8))
    assert "“a4” became “A4”; and 2 more changes." in tell(entry(text=before), entry(text=after))
    six = " ".join(f"{'A' if number < 6 else 'a'}{number} b c d" for number in range(8))
    assert "“a4” became “A4”; and 1 more change." in tell(entry(text=before), entry(text=six))


@pytest.mark.parametrize(
    ("extent", "told"),
    [
        ("link", "The text changed; its source lets us show no more of it than a link. As it is now"),
        ("summary", "The text changed; its source lets us show no more of it than its beginning. As it is now"),
    ],
)
def test_what_a_source_does_not_let_us_show_is_shown_in_no_change(extent: str, told: str):
    before, after = entry(summary="Short.", text="Secret one"), entry(summary="Short.", text="Secret two")
    assert tell(before, after, publish=extent) == told


def test_of_a_source_that_lets_us_show_summaries_their_changes_are_told():
    before, after = entry(summary="Two <b>dead</b>.", text="Long"), entry(summary="Three dead.", text="Longer")
    said = tell(before, after, publish="summary")
    assert "“Two” became “Three”" in said
    assert "Long" not in said


def test_another_file_is_told_and_attached_to_no_entry():
    file = Enclosure(url="https://example.org/1.mp3", type="audio/mpeg")
    (one,) = read(edition(revised(entry(), entry(enclosures=(file,))))).entries
    assert one.title == "Picture or files changed: The river rises"
    assert "The picture or an attached file is another one." in one.content[0].value
    assert not [link for link in one.links if link.rel == "enclosure"]


def superseded(before: str, after: str, later: str) -> RevisedItem:
    """A change of a text that was superseded in silence nine hours after noon."""
    first, second, third = (entry(text=text, content=f"<p>{text}</p>") for text in (before, after, later))
    one, seen = revised(first, second), NOON + timedelta(hours=9)
    then = Revision(number=2, seen_at=seen, entry=third, reason="it says again", is_silent=True)
    return replace(one, item=replace(one.item, entry=then.entry), later=then)


@pytest.mark.parametrize(
    ("texts", "title", "sentences"),
    [
        (
            ("49 to 51", "48 to 51", "49 to 51"),
            "Text changed and went back",
            "In the text “49” became “48”. Since 2026-03-01 21:00 UTC it says again what it said before.",
        ),
        (
            ("49 to 51", "48 to 51", "47 to 51"),
            "Text changed again",
            (
                "In the text “49” became “48”. It was changed again, as seen on 2026-03-01 21:00 UTC. In the text "
                "“48” became “47”."
            ),
        ),
        (
            ("49 to 51", "48 to 51", "48 to 51"),
            "Text changed",
            (
                "In the text “49” became “48”. It said something else in between; since 2026-03-01 21:00 UTC "
                "it says this again."
            ),
        ),
    ],
)
def test_what_superseded_a_change_in_silence_is_told_after_it_under_the_same_id(texts, title: str, sentences: str):
    one = superseded(*texts)
    (made,) = read(edition(one)).entries
    (before,) = read(edition(replace(one, later=None))).entries
    assert (made.id, made.published, made.updated) == (before.id, before.published, "2026-03-01T21:00:00Z")
    assert made.title == f"{title}: The river rises"
    assert " ".join(unescape(strip_tags(made.summary)).split()) == sentences
    assert before.updated == before.published


def test_a_change_of_which_nothing_is_left_says_so_and_stays():
    assert read(edition(revised(entry(text="A"), entry(text="A")))).entries[0].title == (
        "It changed and went back: The river rises"
    )
    assert tell(entry(text="A"), entry(text="A")) == (
        "It changed and went back; what it said in between is not kept. As it is now"
    )


@pytest.mark.parametrize("later", ["A Visits: 1", "A Visits: 2", "A Visits: 3"])
def test_a_change_that_the_editors_rules_leave_out_is_none_whatever_superseded_it(later: str):
    rule = Rewrite(field="text", pattern=r" Visits: \d+", replacement="", shown="…")
    assert edition(superseded("A Visits: 1", "A Visits: 2", later), rewrites=(rule,)).items == ()
    (told,) = read(edition(superseded("A Visits: 1", "A Visits: 2", "B"), rewrites=(rule,))).entries
    assert told.title == "Text changed again: The river rises"


def test_what_superseded_a_revision_has_an_entry_in_the_feed_of_the_story_too():
    one = superseded("A", "B", "A")
    assert one.later is not None
    made = publish.history_edition(one.item, [one.before, one.after, one.later], origin(), SITE, "x")
    assert [told.entry.text for told in made.items] == ["A", "B", "A"]
    assert len({told.public_id for told in made.items}) == 3


def test_a_change_that_the_editors_rules_leave_out_is_none_for_readers():
    rule = Rewrite(field="text", pattern=r"Visits: \d+", replacement="", shown="…")
    before, after = (entry(text=f"A Visits: {n}", content=f"<p>A Visits: {n}</p>") for n in (1, 2))
    assert edition(revised(before, after), rewrites=(rule,)).items == ()


def test_rules_for_readers_are_followed_once():
    rule = Rewrite(field="title", pattern="^", replacement="Ad: ", shown="…")
    (one,) = read(edition(revised(entry(text="A"), entry(text="B")), rewrites=(rule,))).entries
    assert one.title == "Text changed: Ad: The river rises"


def test_a_private_publication_leads_to_the_publisher_and_to_no_page_of_ours():
    club = Publication(id="club", title="Club", tokens=("a token of theirs",))
    (one,) = read(edition(revised(entry(text="A"), entry(text="B")), publication=club)).entries
    assert {link.href for link in one.links} == {"https://example.org/1"}


def test_an_item_without_an_address_has_a_change_as_well():
    (one,) = read(edition(revised(entry(text="A", url=None), entry(text="B", url=None)))).entries
    assert "As it is now" not in one.content[0].value


def test_text_from_right_to_left_stays_so_and_what_we_say_of_it_does_not():
    before = entry(title="آب بالا آمد", text="دو نفر", language="fa", direction="rtl")
    after = replace(before, text="سه نفر")
    said = edition(revised(before, after)).items[0].entry.content or ""
    assert said.startswith('<p lang="en" dir="ltr">In the text')
    assert '<p dir="auto"><del>دو</del> <ins>سه</ins> نفر</p>' in said


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
@example("<script>x</script> a", "</del><img src=x onerror=y> a", "</p>", "&amp;<ins>")
@example("a \ud800 b", "a \x00\x0b b c", "]]>", "\ufffe")
def test_whatever_was_said_is_only_text(before: str, after: str, title: str, then: str):
    made = edition(revised(entry(text=before, title=title), entry(text=after, title=then)))
    body = publish.render(made, "atom").body
    assert atom_faults(body) == ()
    for one in feedparser.parse(body, sanitize_html=False).entries:
        tags = set(re.findall(r"<(/?[a-z]+)", one.content[0].value))
        assert tags <= {"p", "/p", "ins", "/ins", "del", "/del", "bdi", "/bdi", "a", "/a", "div", "/div"}
