"""What goes, and what is mended, before a parser sees a document."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.xml.mend import mend_markup, without_comments
from aggregator.parse.xml.prolog import declared_entities, find_root
from aggregator.text.characters import strip_non_xml
from aggregator.text.references import mend_references


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a&#0;b&#x0;c", "abc"),
        ("&#xD800; &#xdfff;", " "),
        ("&#x110000;&#1114112;&#99999999999999999999;", ""),
        ("&#xFFFE;&#65535;&#11;&#x1b;", ""),
        ("&#9;&#10;&#13;&#32;&#x10FFFF;&#000065;", "&#9;&#10;&#13;&#32;&#x10FFFF;&#000065;"),
        ("&#xD83D;&#xDE00;", "\U0001f600"),
        ("&#55357;&#56832;", "\U0001f600"),
        ("&#X0d83d;&#056832;", "\U0001f600"),
        ("&#55357&#xde00", "\U0001f600"),
        ("&amp;#55357;&amp;#56832; and &amp;#8212;", "\U0001f600 and &amp;#8212;"),
        ("&#56832;&#55357;", ""),
        ("&#55000;&#56832;", "&#55000;"),
        ("&#8212", "&#8212"),
        ("& &# &amp;", "& &# &amp;"),
    ],
)
def test_references_to_what_xml_forbids_go(written: str, kept: str):
    assert mend_references(written) == kept


@given(st.text(st.characters(), max_size=80))
def test_no_forbidden_character_is_left(text: str):
    filtered = mend_references(strip_non_xml(text))

    assert filtered.encode("utf-8").decode("utf-8") == filtered
    assert not any(ord(character) < 32 and character not in "\t\n\r" for character in filtered)
    assert "\ufffe" not in filtered
    assert strip_non_xml(filtered) == filtered


@given(st.integers(0, 0x120000), st.booleans())
def test_every_reference_that_is_left_can_be_parsed(number: int, hexadecimal: bool):
    written = f"&#x{number:x};" if hexadecimal else f"&#{number};"

    assert ET.fromstring(f"<a>{mend_references(written)}</a>") is not None


@pytest.mark.parametrize(
    ("text", "name", "qualified", "junk", "entities"),
    [
        ("<rss/>", "rss", "rss", False, False),
        ("<?xml version='1.0'?>\n<!-- <rss> --><RSS>", "rss", "RSS", False, False),
        ("<atom:feed x='1'>", "feed", "atom:feed", False, False),
        ("<!DOCTYPE rss [<!ENTITY a '<b>]>\"'> <!ELEMENT x (y)>]><rss>", "rss", "rss", False, True),
        ("<!DOCTYPE rss PUBLIC \"-//N//'\" 'x>y'><rss>", "rss", "rss", False, False),
        ("Warning: x\n<?xml version='1.0'?><rdf:RDF >", "rdf", "rdf:RDF", True, False),
        ("<br />\n<b>Notice</b><feed>", "feed", "feed", True, False),
        ("<envelope><rss></rss></envelope>", "rss", "rss", True, False),
        ("<html><feed>", "html", "html", False, False),
        ("<a><b/></a>", "a", "a", False, False),
        ("<?xml version='1.0'\n<rss>", "rss", "rss", False, False),
        ("<?xml version='1.0'?\n<rss x='?>'>", "rss", "rss", False, False),
        ("<?xml version='1.0'?> <rs) <channel>", "channel", "channel", True, False),
        ("<error>see <?xml version='1.0'?> <other/></error>", "error", "error", False, False),
    ],
)
def test_the_root_is_found_behind_prolog_and_junk(
    text: str, name: str, qualified: str, junk: bool, entities: bool
):
    root = find_root(text)

    assert root is not None
    assert (root.name, root.qualified, root.junk, root.entities) == (name, qualified, junk, entities)
    assert text.startswith(f"<{qualified}", root.start)


@pytest.mark.parametrize(
    "text",
    ["", "words", "<", "<!DOCTYPE rss [", "<!DOCTYPE 'x", "<?xml ", "words <?xml version='1'?>"],
)
def test_without_a_root_there_is_none(text: str):
    assert find_root(text) is None


@pytest.mark.parametrize(
    ("broken", "warning"),
    [
        ("<rss><a>R&D &nbsp;&rsquo;&made; &#8212;</a></rss>", "Ampersands"),
        ("<rss><a>1 < 2 && 3 <= 4 ]]> x</a></rss>", "Ampersands"),
        ("<rss><a>x</a></rss> <p> & more", "after the end"),
        ("<rss><dc:date>x</dc:date><foo:bar foo:baz='1'/></rss>", "prefixes"),
        ("<rss><a><!-- a -- b --><?php echo ?>x</a></rss>", None),
        ("<rss><a><![CDATA[&nbsp; <br> & <!-- x]]></a></rss>", None),
    ],
)
def test_a_mended_document_is_well_formed(broken: str, warning: str | None):
    mended, warnings = mend_markup(broken, "rss")

    assert ET.fromstring(mended).tag == "rss"
    assert [warning] * len(warnings) == [warning for told in warnings if warning and warning in told]
    assert bool(warnings) == (warning is not None)


def test_cdata_sections_stay_as_they_are():
    section = "<![CDATA[&nbsp; R&D <!-- kept --> <?kept?>]]>"

    assert mend_markup(f"<rss><a>&nbsp;{section}</a></rss>", "rss")[0] == f"<rss><a>\xa0{section}</a></rss>"


def test_an_open_cdata_section_is_closed():
    mended, warnings = mend_markup("<rss><a><![CDATA[never ends", "rss")

    assert mended == "<rss><a><![CDATA[never ends]]>"
    assert warnings == ("The document breaks off before its end.",)


def test_a_comment_that_never_ends_costs_nothing_behind_it():
    mended, _warnings = mend_markup("<rss a='<!--x'><a>kept <!-- too</a><?php <b/></rss>", "rss")

    assert ET.fromstring(mended).findtext("a") == "kept <!-- too"


def test_comments_go_and_nothing_can_open_one():
    text = "<a><!-- gone --><![CDATA[<!-- kept, harmless]]></a><!-- open"

    assert without_comments(text) == "<a><![CDATA[&lt;!-- kept, harmless]]></a>&lt;!-- open"


@pytest.mark.parametrize(("times", "shown"), [(10, True), (3000, False)])
def test_short_texts_stand_where_they_are_referred_to_unless_a_document_would_grow_much(
    times: int, *, shown: bool
):
    prolog = f'<!DOCTYPE rss [<!ENTITY w "{"w" * 500}">]>'
    document = prolog + "<rss><a>" + "&w;" * times + "</a></rss>"
    root = find_root(document)
    assert root is not None
    assert bool(declared_entities(document, root)) == shown
