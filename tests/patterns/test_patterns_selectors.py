from __future__ import annotations

import pytest
from lxml import etree

from aggregator.patterns.selectors import SelectorError, compile_jmespath, compile_xpath

TREE = etree.fromstring("<div><h2>One <a href='/1'>more</a></h2><p class='by'>Ann</p></div>")


@pytest.mark.parametrize(
    ("selector", "wrong"),
    [
        ("data[", "it ends too early"),
        (" ", "it ends too early"),
        ("a..b", r"'\.' does not fit at character 3"),
        ("'abc", "Unclosed ' delimiter at character 1"),
        ("lenght(@)", r"no function lenght\(\); did you mean length\(\)\?"),
        ("a[].zzzz(@)", r"no function zzzz\(\)$"),
        ("length(@, @)", "expected 1 argument for function length"),
        ("!" * 900, "too deep"),
        ("a" * 1001, "longer than 1000 characters"),
    ],
)
def test_what_is_wrong_with_jmespath_is_told_on_one_line(selector: str, wrong: str):
    with pytest.raises(SelectorError, match=wrong):
        compile_jmespath(selector)


@pytest.mark.parametrize(
    ("selector", "wrong"),
    [
        ("//a[", "invalid expression"),
        ("concat()", "invalid number of arguments"),
        ("normalise-space(.)", r"no function normalise-space\(\); did you mean normalize-space\(\)\?"),
        ("//a[@title = $name]", r"no variable \$name"),
        ("css: a[", "Expected ident"),
    ],
)
def test_what_is_wrong_with_xpath_is_told_before_any_document_is_read(selector: str, wrong: str):
    with pytest.raises(SelectorError, match=wrong):
        compile_xpath(selector)


@pytest.mark.parametrize("selector", ["re:test(., '(a+)+$')", "str:tokenize(.)", "document('file:///etc/passwd')"])
def test_extensions_of_xpath_are_refused_for_they_may_run_for_ever_or_read_files(selector: str):
    with pytest.raises(SelectorError, match=r"XPath 1\.0 has no function"):
        compile_xpath(selector)


def test_words_in_quotes_are_no_functions_and_prefixes_are_left_to_the_document():
    assert compile_xpath("//p[contains(., 'foo(bar) $x')]")(TREE) == []
    assert compile_xpath("//dc:date").path == "//dc:date"
    assert compile_xpath("//p | //media:thumbnail/@url").path == "//p | //media:thumbnail/@url"


def test_functions_that_exist_are_fine_wherever_they_stand():
    assert compile_jmespath("sort_by(a, &b)[].join(', ', c)").search({"a": [{"b": 1, "c": ["x", "y"]}]}) == [
        "x, y"
    ]
    assert compile_xpath("(//h2 or //h3) and //p[last()]/text()")(TREE) is True


def test_css_may_end_in_an_attribute_where_xpath_is_usual():
    assert compile_xpath("css: h2 a @href")(TREE) == ["/1"]
    assert compile_xpath("css: .by, h2 @class")(TREE) == ["by"]
    assert compile_xpath("css: @class")(TREE.find("p")) == ["by"]
    assert [one.text for one in compile_xpath("css:.by")(TREE)] == ["Ann"]


def test_css_that_goes_down_without_end_is_too_deep():
    with pytest.raises(SelectorError, match="too deep"):
        compile_xpath("css:" + "a " * 497 + "a")
