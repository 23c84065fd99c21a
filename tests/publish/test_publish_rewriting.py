"""What readers are told in the place of what a publisher wrote."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import patterns
from aggregator.model import Rewrite, Source, Trimmed, Trimming
from aggregator.publish import digest, find_rewritten, for_readers, link_for_readers, show, stuck_notice
from aggregator.publish.rewriting import LONGEST, Rewritten
from tests.publish.editions import SITE, item
from tests.publish.test_publish_selection import publication
from tests.support.nouns import NOON, entry, source


def rule(field: str, pattern: str, replacement: str = "") -> Rewrite:
    shown = f"{field}: {pattern} -> {replacement}"
    return Rewrite(field=field, pattern=pattern, replacement=replacement, shown=shown)


def rewriting(*rules: Rewrite, **fields: Any) -> Source:
    return source(rewrites=rules, **fields)


@pytest.mark.parametrize(
    ("rules", "title"),
    [
        ([rule("title", "^ad: ")], "The river rises"),
        ([rule("title", "river", "lake"), rule("title", "lake", "sea")], "AD: The sea rises"),
        ([rule("title", r"(\w+) rises", r"\1 \g<1> \\")], "AD: The river river \\"),
        ([rule("title", r"(?P<what>\w+) rises(!)?", r"\g<what>\2 falls")], "AD: The river falls"),
        ([rule("title", ".*")], ""),
        ([rule("text", "river", "lake"), rule("link", "river", "lake")], "AD: The river rises"),
    ],
)
def test_rules_change_a_title_one_after_the_other(rules, title):
    assert for_readers(entry(title="AD: The river rises"), rewriting(*rules)).title == title


@pytest.mark.parametrize(
    ("pattern", "replacement", "content", "text"),
    [
        (
            "second",
            "third",
            '<p title="second">At the <b>third</b> mark &amp; more</p>',
            "At the third mark & more",
        ),
        ("mark & ", "", '<p title="second">At the <b>second</b> more</p>', "At the second more"),
        (
            "second",
            "<script>x</script>",
            '<p title="second">At the <b>&lt;script&gt;x&lt;/script&gt;</b> mark &amp; more</p>',
            "At the <script>x</script> mark & more",
        ),
        ("the second", "a", '<p title="second">At the <b>second</b> mark &amp; more</p>', "as it was"),
        ("</?p", "x", '<p title="second">At the <b>second</b> mark &amp; more</p>', "as it was"),
    ],
)
def test_a_text_is_rewritten_between_its_tags_and_never_its_markup(pattern, replacement, content, text):
    whole = entry(content='<p title="second">At the <b>second</b> mark &amp; more</p>', text="as it was")
    told = for_readers(whole, rewriting(rule("text", pattern, replacement)))
    assert (told.content, told.text) == (content, text)


def test_a_summary_is_rewritten_too_and_an_entry_without_any_text_stays():
    rules = rewriting(rule("text", "Water", "Ice"))
    assert for_readers(entry(content=None, summary="<p>Water</p>"), rules).summary == "<p>Ice</p>"
    bare = entry(content=None, summary=None, text="")
    assert for_readers(bare, rules) is bare


@pytest.mark.parametrize(
    ("pattern", "replacement", "url"),
    [
        ("^https://example", "https://mirror.example", "https://mirror.example.org/1"),
        ("^https:", "ftp:", "https://example.org/1"),
        (".*", "", "https://example.org/1"),
        ("1$", "é", "https://example.org/%C3%A9"),
    ],
)
def test_a_link_is_rewritten_only_to_an_address_of_a_page(pattern, replacement, url):
    rules = rewriting(rule("link", pattern, replacement), rule("title", "x", "y"))
    assert for_readers(entry(), rules).url == url
    assert link_for_readers(entry(), rules) == url
    assert link_for_readers(entry(url=None), rules) is None


def test_what_was_trimmed_is_told_as_long_as_the_source_is_trimmed():
    left = Trimmed(
        content="<p>Short.</p>", summary="<i>S</i>", text="Short.", image="https://a.example/1", image_caption="A"
    )
    whole = entry(trimmed=left)
    told = for_readers(whole, source(trimming=Trimming(keep=("p",), remove=("aside",))))
    assert (told.content, told.summary, told.text) == ("<p>Short.</p>", "<i>S</i>", "Short.")
    assert (told.image, told.image_caption) == ("https://a.example/1", "A")
    assert for_readers(whole, source()) is whole
    assert for_readers(entry(), source(trimming=Trimming(remove=("aside",)))).trimmed is None


def test_what_readers_get_instead_is_told_with_the_rules_that_change_it_in_their_order():
    rules = (rule("title", "river", "lake"), rule("title", "sea"), rule("text", "Water", "Ice"))
    trimmed = rewriting(*rules, trimming=Trimming(remove=("aside",)))
    cut = entry(title="The river", text="Water. Share!", trimmed=Trimmed(content="<p>Water.</p>", text="Water."))
    assert find_rewritten(cut, trimmed) == Rewritten(
        rules=("remove", "title: river -> lake", "text: Water -> Ice"),
        title="The lake",
        url="https://example.org/1",
        text="Ice.",
    )
    assert find_rewritten(entry(title="x"), rewriting(rules[0])) is None
    renamed = find_rewritten(entry(title="The river"), rewriting(rules[0]))
    assert renamed is not None
    assert renamed.text is None, "the publisher's"


def test_an_item_is_shown_as_the_rules_of_its_source_say_and_else_is_the_same_object():
    whole = item(1, NOON)
    assert show(whole, rewriting(rule("title", "^.*$", "Another"))).entry.title == "Another"
    assert show(whole, source()) is whole


@settings(max_examples=60)
@given(
    fields=st.lists(
        st.tuples(
            st.sampled_from(["title", "text", "link"]),
            st.sampled_from(["e", "^", "$", ".", r"\w+", "river|mark", "(t)h?", r"\s+"]),
            st.sampled_from(["", "x", "<b>", "&amp;", "[y]"]),
        ),
        max_size=4,
    )
)
def test_nothing_but_what_a_rule_names_differs_of_an_item(fields):
    rules = [rule(field, pattern, replacement) for field, pattern, replacement in fields]
    whole = item(1, NOON)
    told = show(whole, rewriting(*rules))
    for name in ("uid", "public_id", "key", "published", "updated", "revision", "fingerprint"):
        assert getattr(told, name) == getattr(whole, name)
    named = {one.field for one in rules}
    assert told.entry.title == whole.entry.title or "title" in named
    assert (told.entry.content, told.entry.text) == (whole.entry.content, whole.entry.text) or "text" in named
    assert told.entry.url == whole.entry.url or "link" in named
    assert told.entry.id == whole.entry.id
    assert told.entry.url_key == whole.entry.url_key


STALLING = "^(x|xx)+$"


def test_a_rule_that_takes_too_long_leaves_the_text_as_it_was_and_is_named():
    stalls = entry(title="x" * 6000 + "b")
    rules = rewriting(rule("title", STALLING, "y"))
    assert for_readers(stalls, rules).title == stalls.title
    assert for_readers(entry(title="xxx"), rules).title == "y"
    found = stuck_notice(publication(), rules) or ""
    assert f"The rewrite title: {STALLING} -> y of the source 'river'" in found
    assert "shown as it was" in found
    patterns.guard_pattern(STALLING).stalled.clear()
    assert stuck_notice(publication(), rules) is None


def test_a_rule_that_makes_a_text_too_long_leaves_it_as_it_was():
    rules = rewriting(rule("title", "e", "e" * 500))
    long, short = "e" * 10, "e" * (LONGEST["title"] // 500)
    assert for_readers(entry(title=long), rules).title == long
    assert for_readers(entry(title=short), rules).title == short * 500


def test_documents_are_rendered_anew_when_a_rule_comes_or_goes():
    declared = publication()
    sources = [
        source(),
        rewriting(rule("title", "a", "b")),
        rewriting(rule("title", "a", "c")),
        source(trimming=Trimming(remove=("aside",))),
        source(trimming=Trimming(keep=("aside",))),
    ]
    assert len({digest(SITE, declared, [one]) for one in sources}) == len(sources)
