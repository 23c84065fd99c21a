"""Elements of other namespaces, cleaned: each value as its kind is written, nothing twice, nothing without end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import (
    Conventions,
    Enclosure,
    Entry,
    Extension,
    FeedMeta,
    ParsedFeed,
    Person,
    RawEntry,
    RawText,
)
from aggregator.normalize import clean_entry, clean_meta
from aggregator.normalize import extension_rules as rules
from aggregator.normalize.extension_values import MAX_WORDS, ValueContext
from aggregator.normalize.extensions import MAX_ELEMENTS, MAX_SIZE, Said, clean_extensions
from aggregator.text.namespaces import NAMESPACES

BASE = "https://news.example/feed/"


def make(name: str, text: str = "", *children: Extension, **attributes: str) -> Extension:
    named = tuple((key.replace("__", ":").replace("_", "-"), value) for key, value in attributes.items())
    return Extension(name=name, text=text, attributes=named, children=children)


def entry(*extensions: Extension, **fields: object) -> Entry:
    defaults: dict[str, object] = {
        "id": "1",
        "title": RawText(value="High water", type="text"),
        "summary": RawText(value="<p>All about tides, from the moon to the mill, in one hour.</p>"),
        "base": BASE,
    }
    raw = RawEntry(extensions=extensions, **(defaults | fields))  # type: ignore[arg-type]
    found = clean_entry(raw, Conventions(timezone="Asia/Tehran"), position=0)
    assert found is not None
    return found


def clean(*extensions: Extension, **fields: object) -> tuple[Extension, ...]:
    return entry(*extensions, **fields).extensions


TEXTS = [
    ("itunes:duration", "1:02:03", "3723"),
    ("itunes:duration", " 95.5 ", "95"),
    ("itunes:duration", "0", ""),
    ("itunes:duration", "an hour", ""),
    ("itunes:duration", "PT1H2M3S", "3723"),
    ("itunes:duration", "P0DT0H62M03.0S", "3723"),
    ("itunes:duration", "1h 2m 3s", "3723"),
    ("itunes:duration", "1 hr, 2 min", "3720"),
    ("itunes:duration", "2 hours", "7200"),
    ("itunes:duration", "1h02", "3720"),
    ("itunes:duration", "45 Minutes", "2700"),
    ("itunes:duration", "PT", ""),
    ("itunes:duration", "3 m 2 h", ""),
    ("itunes:explicit", "Yes", "true"),
    ("itunes:explicit", "clean", "false"),
    ("itunes:explicit", "maybe", ""),
    ("itunes:block", "TRUE", "yes"),
    ("itunes:episode", "007", "7"),
    ("itunes:episode", "0", ""),
    ("itunes:episode", "1.5", ""),
    ("itunes:episode", "E07", "7"),
    ("itunes:episode", "Folge #12", "12"),
    ("itunes:season", "Season 2", "2"),
    ("itunes:season", "S2 E4", ""),
    ("itunes:episodeType", " Full", "full"),
    ("itunes:episodeType", "Sonderfolge", ""),
    ("itunes:summary", "<p>Waves &amp; wind</p>", "Waves & wind"),
    ("itunes:summary", "x" * 5000, "x" * (MAX_WORDS - 1) + "…"),
    ("podcast:episode", "2.5", "2.5"),
    ("podcast:episode", "two", ""),
    ("podcast:person", " Ann\n Archer ", "Ann Archer"),
    ("podcast:person", "<a href='javascript:x'>Ann</a> &lt;script>x&lt;/script>", "Ann x"),
    ("podcast:person", "a <<b>script> b", "a b"),
    ("podcast:person", "&lt;script&gt;x", "x"),
    ("podcast:person", "&" + "amp;" * 40 + "lt; R", "amp;" * 34 + "lt; R"),
    ("media:rating", "NonAdult", "nonadult"),
    ("media:rating", "fine", ""),
    ("media:rating", "", ""),
    ("media:hash", "D41D8CD98F00B204E9800998ECF8427E", "D41D8CD98F00B204E9800998ECF8427E"),
    ("media:hash", "abc", ""),
    ("media:adult", "true", "true"),
    ("georss:point", "45.256,-71.92", "45.256 -71.92"),
    ("georss:point", "59,9 10,7", "59.9 10.7"),
    ("georss:point", "59.9, 10.7", "59.9 10.7"),
    ("georss:point", "59.91387000000000001 10.7 120", "59.91387000000000001 10.7"),
    ("georss:point", "59 9 10 7", ""),
    ("georss:point", "north", ""),
    ("georss:circle", "42,5 -71,0 500,5", "42.5 -71.0 500.5"),
    ("georss:box", "42,5 -71 43 -69", ""),
    ("geo:long", "10,75", "10.75"),
    ("gml:coordinates", "45.2 , -71.9 46.4,-72.1", "45.2,-71.9 46.4,-72.1"),
    ("gml:coordinates", "45.2 -71.9", "45.2 -71.9"),
    ("gml:coordinates", "45.2;-71.9", ""),
    ("dcterms:license", "https://cc.example/by/4.0/", "https://cc.example/by/4.0/"),
    ("cc:license", "CC BY 4.0", "CC BY 4.0"),
    ("georss:line", "1 " * 5000, ""),
    ("geo:lat", "45.2", "45.2"),
    ("dc:language", "EN_us", "en-US"),
    ("dc:language", "none of them", ""),
    ("dc:rights", "© 2026 <b>Harbour</b> News", "© 2026 Harbour News"),
    ("dcterms:created", "2026-03-01", "2026-03-01"),
    ("dcterms:created", "2026-03", "2026-03"),
    ("dcterms:created", "2026-03-01 12:00", "2026-03-01T08:30:00Z"),
    ("dcterms:created", "lately", ""),
    ("creativeCommons:license", "//cc.example/by/4.0/", "https://cc.example/by/4.0/"),
    ("creativeCommons:license", "javascript:alert(1)", ""),
    ("prism:doi", "10.1000/182", "10.1000/182"),
    ("prism:url", "HTTPS://Doi.example/1%zz", "https://doi.example/1%25zz"),
    ("prism:url", "https://doi.example/ is where", "https://doi.example/ is where"),
]


@pytest.mark.parametrize(("name", "written", "said"), TEXTS)
def test_a_text_is_written_as_its_kind_is(name: str, written: str, said: str):
    assert [one.text for one in clean(make(name, written))] == ([said] if said else [])


ATTRIBUTES = [
    ("podcast:person", {"href": "../ann", "role": "Host"}, {"href": "https://news.example/ann", "role": "host"}),
    ("podcast:person", {"href": "data:text/html,x"}, {}),
    ("podcast:source", {"uri": "ipfs://bafy/1.mp3"}, {"uri": "ipfs://bafy/1.mp3"}),
    ("podcast:source", {"uri": "mailto:ann@x.example"}, {"uri": "mailto:ann@x.example"}),
    (
        "podcast:transcript",
        {"url": "1.vtt", "type": "Text/VTT; charset=x"},
        {"url": f"{BASE}1.vtt", "type": "text/vtt"},
    ),
    ("podcast:transcript", {"url": "1.vtt", "type": "?"}, {"url": f"{BASE}1.vtt"}),
    ("media:thumbnail", {"url": "a.jpg", "width": "0", "height": "9"}, {"url": f"{BASE}a.jpg", "height": "9"}),
    (
        "media:content",
        {"url": "a", "medium": "Video", "isDefault": "1"},
        {"url": f"{BASE}a", "medium": "video", "isDefault": "true"},
    ),
    ("media:content", {"url": "a", "medium": "smell", "bitrate": "fast"}, {"url": f"{BASE}a"}),
    ("cc:license", {"rdf:resource": "/terms"}, {"rdf:resource": "https://news.example/terms"}),
    ("cc:license", {"href": "/terms"}, {"rdf:resource": "https://news.example/terms"}),
    ("media:content", {"url": "a", "duration": "PT3M"}, {"url": f"{BASE}a", "duration": "180"}),
    ("media:content", {"url": "a", "duration": "95.5"}, {"url": f"{BASE}a", "duration": "95.5"}),
    ("podcast:soundbite", {"startTime": "1:13", "duration": "60.0"}, {"startTime": "73", "duration": "60.0"}),
    ("media:content", {"url": "a", "lang": "de_DE"}, {"url": f"{BASE}a", "lang": "de-DE"}),
    ("thr:in-reply-to", {"ref": "tag:x.example,2026:1"}, {"ref": "tag:x.example,2026:1"}),
    ("itunes:image", {"url": "a.jpg"}, {"href": f"{BASE}a.jpg"}),
    (
        "psc:chapter",
        {"start": "00:01:00", "title": "Ebb", "onclick": "x()", "style": "y", "a:b": "z"},
        {"start": "00:01:00", "title": "Ebb"},
    ),
]


@pytest.mark.parametrize(("name", "written", "said"), ATTRIBUTES)
def test_an_attribute_is_written_as_its_kind_is(name: str, written: dict[str, str], said: dict[str, str]):
    found = clean(
        Extension(name=name, text="Ann" if name == "podcast:person" else "", attributes=tuple(written.items()))
    )

    assert [dict(one.attributes) for one in found] == [said]


@pytest.mark.parametrize(
    "useless",
    [
        make("podcast:transcript", "words", type="text/vtt"),
        make("podcast:transcript", url="javascript:x"),
        make("thr:in-reply-to", ref="no iri"),
        make("media:restriction", "de", relationship="perhaps"),
        make("media:content", width="640"),
        make("media:group"),
        make("itunes:season", number="1"),
        make("podcast:season"),
        make("podcast:tränke", "x"),
        make("media:embed", url="https://x.example/1.swf", type="application/x-shockwave-flash"),
        *(make(name, "x", url="https://x.example/") for name in sorted(rules.LEFT_OUT | rules.IN_FIELDS)),
    ],
    ids=lambda one: one.name,
)
def test_what_says_nothing_or_is_said_elsewhere_is_left_out(useless: Extension):
    assert clean(useless) == ()


def test_an_address_that_stands_as_text_is_put_where_it_belongs():
    assert clean(make("itunes:image", "/a.jpg"), make("media:thumbnail", "/b.jpg", width="9")) == (
        make("itunes:image", href="https://news.example/a.jpg"),
        make("media:thumbnail", url="https://news.example/b.jpg", width="9"),
    )
    assert clean(
        make("podcast:funding", "https://x.example/give"), make("podcast:chapters", "https://x.example/c.json")
    ) == (
        make("podcast:funding", url="https://x.example/give"),
        make("podcast:chapters", url="https://x.example/c.json"),
    )
    words = make("podcast:funding", "Support us", url="https://x.example/give")
    assert clean(words, make("podcast:transcript", "none")) == (words,)


def test_what_the_entry_says_is_not_said_again():
    same = (
        make("itunes:title", "High  Water"),
        make("itunes:summary", "All about tides, from the moon to the mill, in one hour."),
        make("itunes:subtitle", "All about tides, from the moon"),
        make("media:description", "<p>All about tides, from the moon to the mill, in one hour.</p>"),
        make("itunes:author", "ann archer"),
    )
    other = (make("itunes:title", "High"), make("itunes:summary", "About the moon."), make("itunes:author", "Bo"))

    assert clean(*same, *other, authors=(Person(name="Ann Archer"),)) == other


def test_a_file_that_is_attached_is_told_again_only_with_more():
    files = (Enclosure(url="/a.mp4"),)
    plain = make("media:content", url="/a.mp4", type="video/mp4", fileSize="9")
    wide = make("media:content", url="https://news.example/a.mp4", width="640")
    titled = make("media:content", "", make("media:title", "Ebb"), url="https://news.example/a.mp4")

    assert clean(plain, wide, titled, enclosures=files) == (wide, titled)


def test_a_group_is_of_several_renditions():
    one, two = (make("media:content", url=f"https://x.example/{name}") for name in "ab")
    title, picture = make("media:title", "Ebb"), make("media:thumbnail", url="https://x.example/c")

    assert clean(make("media:group", "", one, title, picture)) == (one, title, picture)
    assert clean(make("media:group", "", one, two, title)) == (make("media:group", "", one, two, title),)


def test_a_film_without_an_address_is_none_but_for_its_player():
    picture, player = (
        make("media:thumbnail", url="https://x.example/c"),
        make("media:player", url="https://x.example/p"),
    )

    assert clean(make("media:content", "", picture, medium="video")) == (picture,)
    assert clean(make("media:content", "", player, picture)) == (make("media:content", "", player, picture),)


def test_the_first_counts_of_what_an_entry_has_once():
    assert clean(
        make("itunes:season", "1"), make("itunes:season", "2"),
        make("podcast:chapters", url="https://x.example/1"), make("podcast:chapters", url="https://x.example/2"),
        make("podcast:person", "Ann"), make("podcast:person", "Bo"), make("podcast:person", "Ann"),
    ) == (
        make("itunes:season", "1"), make("podcast:chapters", url="https://x.example/1"),
        make("podcast:person", "Ann"), make("podcast:person", "Bo"),
    )  # fmt: skip


def test_counters_stand_apart_wherever_they_are():
    views = make("media:community", "", make("media:statistics", views="7"))
    found = entry(make("media:group", "", make("media:title", "Ebb"), views), make("slash:comments", "0"))

    assert found.extensions == (make("media:title", "Ebb"),)
    assert found.fleeting == (views, make("slash:comments", "0"))


def test_an_entry_that_counts_on_says_the_same():
    one, two = (entry(make("slash:comments", count), make("dcterms:modified", day)) for count, day in
                (("1", "2026-03-01"), ("2", "2026-03-02")))  # fmt: skip

    assert one == two
    assert hash(one) == hash(two)
    assert one.fleeting != two.fleeting


def test_what_is_too_much_does_not_cost_the_rest():
    many = tuple(make("podcast:person", f"P{number}") for number in range(MAX_ELEMENTS + 9))
    large = make(
        "psc:chapters", "", *(make("psc:chapter", start="1", title=f"{n} " + "x" * 900) for n in range(60))
    )

    assert len(clean(*many)) == MAX_ELEMENTS
    assert clean(large, make("podcast:season", "1")) == (make("podcast:season", "1"),)
    assert MAX_SIZE < 60 * 900


def test_of_a_feed_that_is_kept_which_it_says_of_all_its_entries():
    said = (
        make("itunes:explicit", "no"), make("itunes:image", href="/a.jpg"), make("podcast:guid", "1"),
        make("podcast:funding", "Give", url="give"), make("slash:comments", "1"),
    )  # fmt: skip
    found = clean_meta(ParsedFeed(meta=FeedMeta(title="N", link=BASE, extensions=said), entries=()), Conventions())

    assert found == FeedMeta(
        title="N", link=BASE,
        extensions=(make("itunes:explicit", "false"), make("podcast:funding", "Give", url=f"{BASE}give")),
    )  # fmt: skip


NAMES = st.sampled_from(
    [*sorted(rules.TEXTS), *sorted(rules.NEEDED), *sorted(rules.ONCE), "media:group", "media:content", "x:y"]
)
VALUES = st.sampled_from(
    ["", "1", "1:02", "yes", "plain", "https://x.example/a?b=1", "a b", "<b>x</b>", "&amp;amp;"]
) | st.text(max_size=9)
KEYS = st.sampled_from(
    ["url", "href", "type", "ref", "start", "title", "width", "relationship", "uri", "xml:lang"]
)
PAIRS = st.lists(st.tuples(KEYS, VALUES), max_size=4).map(tuple)
LEAVES = st.builds(Extension, name=NAMES, text=VALUES, attributes=PAIRS)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        Extension, name=NAMES, text=VALUES, attributes=PAIRS, children=st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TREES, max_size=6).map(tuple))
def test_cleaning_twice_is_cleaning_once(trees: tuple[Extension, ...]):
    context, said = ValueContext(base=BASE), Said(texts=lambda: frozenset({"x"}))
    kept, fleeting = clean_extensions(trees, context, said)

    assert clean_extensions((*kept, *fleeting), context, said) == (kept, fleeting)


def test_each_rule_is_of_a_namespace_of_ours():
    named = {*rules.IN_FIELDS, *rules.LEFT_OUT, *rules.REPEATING, *rules.FLEETING, *rules.ONCE, *rules.NEEDED,
             *rules.TEXTS, *rules.INHERITED, *rules.MISPLACED, *rules.MEDIA_TYPES}  # fmt: skip

    assert {name.partition(":")[0] for name in named} | rules.ONCE_WHOLLY <= set(NAMESPACES)
