"""CDATA sections without an end, and within others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.xml.cdata import close_sections, flatten_sections


@pytest.mark.parametrize(
    ("written", "closed"),
    [
        ("<d><![CDATA[a]]></d>", "<d><![CDATA[a]]></d>"),
        ("<d><![CDATA[a</d></item>", "<d><![CDATA[a]]></d></item>"),
        ("<d x='y'> said: <![CDATA[a</d>", "<d x='y'> said: <![CDATA[a]]></d>"),
        (
            "<d><![CDATA[a</d></item><item><d><![CDATA[b]]></d></item>",
            "<d><![CDATA[a]]></d></item><item><d><![CDATA[b]]></d></item>",
        ),
        (
            "<d><![CDATA[a</d></item><item><d><![CDATA[b</d></item><item><d><![CDATA[c]]></d>",
            "<d><![CDATA[a]]></d></item><item><d><![CDATA[b]]></d></item><item><d><![CDATA[c]]></d>",
        ),
        (
            "<d><![CDATA[a</d><e><![CDATA[b</e></item><item><d><![CDATA[c]]></d>",
            "<d><![CDATA[a]]></d><e><![CDATA[b]]></e></item><item><d><![CDATA[c]]></d>",
        ),
    ],
)
def test_a_section_without_an_end_ends_where_its_element_does(written: str, closed: str):
    assert close_sections(written) == closed


@pytest.mark.parametrize(
    "text",
    [
        "no section",
        "<d><![CDATA[half a sent",
        "<![CDATA[no element",
        "<d><![CDATA[<d>an example</d></item> in a text]]></d>",
        "<d><![CDATA[how to write <![CDATA[ in a text</d> and more]]></d>",
        "<d><![CDATA[<![CDATA[</item>]]></d>",
        "<d><![CDATA[a</d>b]]></d><d><![CDATA[c</d>d]]></d></item>",
        "<d><![CDATA[a <![CDATA[ b</d></item>]]></d>",
    ],
)
def test_what_may_be_meant_stays(text: str):
    assert close_sections(text) == text


@pytest.mark.parametrize(
    ("written", "flat"),
    [
        ("<d><![CDATA[a]]></d>", "<d><![CDATA[a]]></d>"),
        ("<d><![CDATA[a<![CDATA[b]]>c]]></d><e>f</e>", "<d><![CDATA[abc]]></d><e>f</e>"),
        ("<![CDATA[a<![CDATA[b<![CDATA[c]]>d]]>e]]>", "<![CDATA[abcde]]>"),
        ("<![CDATA[a<![CDATA[b]]><![CDATA[c]]>", "<![CDATA[a<![CDATA[b]]><![CDATA[c]]>"),
        ("<d><![CDATA[a<![CDATA[b]]></d></item>]]>", "<d><![CDATA[a<![CDATA[b]]></d></item>]]>"),
        ("<![CDATA[a<![CDATA[b]]>c", "<![CDATA[a<![CDATA[b]]>c"),
        ("<![CDATA[a", "<![CDATA[a"),
    ],
)
def test_sections_within_a_section_become_one(written: str, flat: str):
    assert flatten_sections(written) == flat


@given(st.lists(st.sampled_from(["<![CDATA[", "]]>", "<d>", "</d>", "</item>", "x"])).map("".join))
def test_nothing_but_marks_comes_and_goes(text: str):
    def without_marks(value: str) -> str:
        return value.replace("<![CDATA[", "").replace("]]>", "")

    assert without_marks(close_sections(text)) == without_marks(text)
    assert without_marks(flatten_sections(text)) == without_marks(text)
    assert close_sections(close_sections(text)) == close_sections(text)
