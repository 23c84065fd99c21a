"""CSS selectors find what browsers find, in time that grows with the number of elements only."""

from __future__ import annotations

import time

import cssselect
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.patterns import elements
from aggregator.patterns.elements import read_selector
from aggregator.patterns.selectors import SelectorError

TAGS = st.sampled_from(["div", "p", "a", "li"])
ATTRIBUTES = st.sampled_from(
    [
        "",
        "",
        ' class="x"',
        ' class="y x-1"',
        ' id="i"',
        ' data-a="foo"',
        ' data-a="Foo-bar foo"',
        ' href="/a"',
        ' lang="DE-at"',
        ' lang="en"',
    ]
)
CONDITIONS = (
    ".x", ".x-1", "#i", "[data-a]", '[data-a="foo"]', "[data-a~=foo]", '[data-a|="Foo"]', '[data-a^="F"]',
    '[data-a$="o"]', '[data-a*="-b"]', '[data-a!="foo"]', '[data-a="FOO" i]', '[data-a*=""]', ":first-child",
    ":last-child", ":only-child", ":empty", ":first-of-type", ":last-of-type", ":only-of-type", ":nth-child(2n+1)",
    ":nth-child(3)", ":nth-last-child(even)", ":nth-of-type(-n+2)", ":nth-last-of-type(2)", ":not(.x)",
    ":not(div p)", ":is(.x, p)", ":where(a, .x)", ":has(a)", ":has(> .x, li)",
    ":has(div > p a)", ":has(+ .x)", ":has(~ p + a, > a)", ":link", ":checked", ":root", ":not(:link)",
    ":lang(de)", ":contains(text)", ':contains("other text")',
)  # fmt: skip
COMPOUNDS = st.builds(
    lambda tag, conditions: (tag if tag or conditions else "*") + "".join(conditions),
    st.sampled_from(["div", "p", "a", "LI", "*", ""]),
    st.lists(st.sampled_from(CONDITIONS), max_size=2),
)


def element(within: st.SearchStrategy[list[str]]) -> st.SearchStrategy[str]:
    made = st.tuples(
        TAGS, ATTRIBUTES, st.sampled_from(["", "text", "<!-- other text -->", "other <!-- x -->text"]), within
    )
    return made.map(lambda one: f"<{one[0]}{one[1]}>{one[2]}{''.join(one[3])}</{one[0]}>")


TREES = st.recursive(element(st.just([])), lambda inner: element(st.lists(inner, max_size=4)), max_leaves=12)


PREFIXES = ("descendant::", "descendant-or-self::")


@settings(max_examples=300, deadline=None)
@given(
    trees=st.lists(TREES, min_size=1, max_size=3),
    first=COMPOUNDS,
    rest=st.lists(st.tuples(st.sampled_from([" ", " > ", " + ", " ~ ", ", "]), COMPOUNDS), max_size=2),
)
def test_a_selector_finds_what_its_translation_finds(trees: list[str], first: str, rest: list[tuple[str, str]]):
    root = etree.fromstring(f"<root>{''.join(trees)}</root>")
    written = first + "".join(f"{combinator}{compound}" for combinator, compound in rest)
    try:
        compare(root, written)
    except cssselect.ExpressionError:  # it cannot be asked for in XPath, as `*:first-of-type`
        reject()


def compare(root: etree._Element, written: str) -> None:
    below, path = (cssselect.HTMLTranslator().css_to_xpath(written, prefix) for prefix in PREFIXES)
    assert elements.find(root, [written]) == root.xpath(below), written
    items = [root] if "+" in written or "~" in written else list(root.iter("*"))  # XPath would leave an item
    assert elements.find_in_each(items, written) == [one.xpath(path) for one in items], written


@pytest.mark.parametrize("combinator", ["", " ", " > ", " + ", " ~ ", ", "])
def test_each_condition_of_an_element_finds_what_its_translation_finds_beside_each_other_one(combinator: str):
    told = ('class="x" lang="DE-at"', 'class="y x-1" id="i"', 'data-a="foo"', 'data-a="Foo-bar foo" lang="en"', "")
    inner = "".join(f"<p {one}>text</p><a {one} href='/a'><!-- other text --></a><li/>" for one in told)
    root = etree.fromstring(
        f"<root>{''.join(f'<div {one}>{inner}</div><p>other text</p>' for one in told)}</root>"
    )
    for condition in CONDITIONS:
        compare(root, f"p{combinator}a{condition}" if combinator else f"a{condition}")
        compare(root, f"div{condition}{combinator}p" if combinator else f"div{condition}")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("a[", "Expected ident or '*'"),
        ("p::before", "no element, such as ::before"),
        ("p:hovering", ":hovering is not known here; known are active, checked, disabled, empty, enabled"),
        ("p:dir(ltr)", ":dir() is not known here; known are contains, lang, nth-child"),
        ("p:lang(de-at fr)", ":lang() needs one word, or several in quotes"),
        ("p:contains(a b)", ":contains() needs one word"),
        ("p:nth-child(x)", "needs a number, odd, even or a series"),
        ("p:has(a:hovering)", ":hovering is not known"),
        ("svg|a", "HTML has no namespaces such as svg|"),
        ("[xlink|href]", "HTML has no namespaces such as xlink|"),
        ("a" * 1001, "longer than 1000 characters"),
        ("p:not(" * 160, "Got nested :not()"),
        ("div " * 200 + "p", "too deep"),
        (":has(" * 120 + "p" + ")" * 120, "too deep"),
        (":is(" * 120 + "p" + ")" * 120, "too deep"),
        (".a" * 120, "too deep"),
    ],
)
def test_what_is_no_selector_of_elements_is_a_mistake_in_words(written: str, reason: str):
    with pytest.raises(SelectorError) as caught:
        read_selector(written)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "written", ["div " * 98 + "p", "div>" * 98 + "p", ":has(" * 98 + "p" + ")" * 98, ".a" * 98]
)
def test_the_deepest_selector_there_may_be_is_asked_without_running_out_of_calls(written: str):
    root = etree.HTML("<div class=a>" * 99 + "<p class=a>x</p>" + "</div>" * 99)
    assert elements.find(root, [written])


def test_what_stands_anywhere_below_is_found_once_however_many_stand_above():
    root = etree.fromstring("<root><div><div><p/><a><p/></a></div></div><p/></root>")
    assert elements.find(root, ["div p", "div div p"]) == root.xpath("//div//p")


def test_what_is_found_of_an_item_hangs_on_nothing_around_it_but_on_its_place():
    root = etree.fromstring("<ul><li class='a'><a/></li><li><b><a/></b></li><a/></ul>")
    for written, tags in {
        ":scope > a": [["a"], [], []],
        ".a ~ li, li + a, ul a": [[], [], []],
        "a:last-child": [["a"], ["a"], ["a"]],
        "li:nth-child(2) a": [[], ["a"], []],
        "b:has(+ a), a:has(~ a)": [[], [], []],
        ":has(+ a)": [[], [], []],
    }.items():
        assert [[one.tag for one in found] for found in elements.find_in_each(root, written)] == tags, written


def test_what_only_who_looks_at_a_page_makes_of_it_holds_of_nothing_that_was_fetched():
    root = etree.HTML("<a href=/1>1</a><a>2</a>")
    assert elements.find(root, ["a:hover, a:visited, a:active, a:focus, a:target"]) == []
    assert [one.text for one in elements.find(root, ["a:not(:visited)"])] == ["1", "2"]


def test_controls_are_disabled_by_themselves_or_by_what_they_stand_in_and_enabled_otherwise():
    root = etree.HTML(
        "<input id=a disabled><input id=b><input id=c type=hidden disabled>"
        "<fieldset id=d disabled><button id=e>x</button></fieldset>"
        "<a id=f href=/>x</a><a id=g>x</a><input id=h type=hidden>"
    )
    assert [one.get("id") for one in elements.find(root, [":disabled"])] == ["a", "d", "e"]
    assert [one.get("id") for one in elements.find(root, [":enabled"])] == ["b", "f"]


def test_what_is_ticked_is_checked():
    root = etree.HTML("<input type=radio checked><input type=text checked><input type=checkbox><option selected>x")
    assert [one.get("type") for one in elements.find(root, [":checked"])] == ["radio", None]


@pytest.mark.parametrize(
    ("several", "each"),
    [
        ("p:not(.x, .y)", "p:not(.x):not(.y)"),
        ("p:NOT( .x , a p )", "p:not(.x):not(a p)"),
        ("p:not([title='a,b'],:is(.y, .z))", "p:not([title='a,b']):not(.y):not(.z)"),
    ],
)
def test_none_of_several_is_not_one_and_not_the_other(several: str, each: str):
    made = "<p>1<p class=x>2<p class=y>3<p title='a,b'>4<a><p>5</a>"
    root = etree.HTML(made)

    assert elements.find(root, [several]) == elements.find(root, [each]) != []


@pytest.mark.parametrize("wrong", ["p:not(.x,)", "p:not(,)", "p:not(.x, p::before)"])
def test_several_of_which_one_is_wrong_are_a_mistake(wrong: str):
    with pytest.raises(SelectorError):
        read_selector(wrong)


HEAVY = ["p ~ p ~ .z", "p:nth-last-child(3)", "div div div p.z", "p + p + p.z", ":has(.z)", "p:not(div ~ .z)"]


def test_what_cannot_be_asked_for_in_xpath_is_found_too():
    root = etree.fromstring("<root><p/><a/><p/></root>")
    assert [one.tag for one in elements.find(root, [":first-of-type"])] == ["p", "a"]


def test_four_times_the_elements_take_about_four_times_the_time():
    took = []
    for count in (4_000, 16_000):
        root = etree.HTML("<div>" * 50 + "<p>x</p>" * count + "</div>" * 50)
        begin = time.process_time()
        elements.find(root, HEAVY)
        elements.find_in_each(root.iter("p"), "p:nth-child(2) > a, p:last-of-type")
        took.append(time.process_time() - begin)
    assert took[1] < 12 * took[0]
