from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Failed, FieldSelectors, ParsedFeed
from aggregator.parse.selected import page_items, read_selected_json, read_selected_page

SELECT = FieldSelectors(item="data.posts[]", title="name", link="url")
ON_PAGE = FieldSelectors(item="//article", title=".//h2", link=".//a")
POSTS: list[dict[str, Any]] = [{"name": f"No {number}", "url": f"/{number}"} for number in range(3)]


def read_json(document: object, select: FieldSelectors = SELECT, **more: Any) -> ParsedFeed | Failed:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read_selected_json(
        body, select=select, content_type="application/json", location="https://a.example/", **more
    )


def read_page(body: str | bytes, select: FieldSelectors = ON_PAGE) -> ParsedFeed | Failed:
    body = body if isinstance(body, bytes) else body.encode()
    return read_selected_page(body, select=select, content_type="", location="https://a.example/")


def feed(found: ParsedFeed | Failed) -> ParsedFeed:
    assert isinstance(found, ParsedFeed), found
    return found


def refusal(found: ParsedFeed | Failed) -> str:
    assert isinstance(found, Failed)
    assert found.trouble in {"not_a_feed", "malformed"}
    return found.message


def titles(found: ParsedFeed | Failed) -> list[str | None]:
    return [one.title.value if one.title else None for one in feed(found).entries]


def test_a_selector_that_finds_nothing_in_json_names_the_lists_that_are_there():
    document = {"data": {"my posts": POSTS, "tags": ["a"], "pages": [[1], [2]], "none": []}, "n": 3, "ok": [True]}

    told = refusal(read_json(document))

    assert "`select.item: data.posts[]` finds nothing" in told
    assert '`data."my posts"[]` (3 × {name, url}), `data.pages[]` (2 lists)' in told
    assert "`data.tags[]` (1 text)" in told
    assert "`ok[]` (1 value)" in told
    assert told.endswith("Correct `select:` in feeds.yaml.")


def test_json_without_any_list_says_so_and_one_object_is_one_item():
    assert "it has no lists" in refusal(read_json({"data": {"posts": None}}))
    assert titles(read_json({"data": {"posts": [POSTS[0]]}})) == ["No 0"]
    assert titles(read_json(POSTS[0], replace(SELECT, item="@"))) == ["No 0"]


def test_keys_that_nobody_would_type_are_cut_or_left_out():
    deep: object = [1]
    for _ in range(60):
        deep = {"deeper": deep}
    told = refusal(read_json({"a" * 70: [1], "of": {"c": deep}}))

    assert f'`"{"a" * 60}"[]` (1 value)' in told
    assert "deeper" not in told


def test_looking_for_lists_ends_in_a_document_of_many_values():
    assert "it has no lists" in refusal(read_json({f"k{number}": number for number in range(5000)}))


def test_fields_that_find_nothing_anywhere_are_told_with_what_an_item_has():
    found = feed(read_json({"data": {"posts": POSTS}}, replace(SELECT, published="at")))

    assert found.warnings == ("`select.published: at` finds nothing in any of 3 items; the first has name, url",)
    told = refusal(read_json({"data": {"posts": POSTS}}, replace(SELECT, title="titel", link="href")))
    assert "3 items in which `select.title: titel` and `select.link: href` finds nothing" in told
    assert "the first has name, url" in told
    assert "the first has 1 text" in refusal(read_json({"data": {"posts": ["x"]}}))


def test_a_function_that_does_not_fit_an_item_leaves_that_field_out():
    posts = [*POSTS, {"name": None, "url": "/9"}, {"name": 5, "url": "/10"}]
    select = replace(SELECT, title="starts_with(name, 'No') && name")

    assert titles(read_json({"data": {"posts": posts}}, select)) == ["No 0", "No 1", "No 2", None, None]


@pytest.mark.parametrize("item", ["data[?length(@) > `1`]", "sort(data)", "data[?@ < 'x']", "abs(data)"])
def test_an_item_selector_that_does_not_fit_the_document_says_why(item: str):
    assert "finds nothing" in refusal(read_json({"data": [1, "a", {}]}, replace(SELECT, item=item)))


def test_names_of_objects_stand_for_them_and_truth_values_for_nothing():
    select = replace(SELECT, author="by", categories="tags", id="n", image="n")
    posts = [{"name": "x", "by": [{"name": "Ann"}, {"mail": "b"}, True], "tags": ["a", " ", 7], "n": 12.5}]

    entry = feed(read_json({"data": {"posts": posts}}, select)).entries[0]

    assert [one.name for one in entry.authors] == ["Ann"]
    assert [one.term for one in entry.categories] == ["a", "7"]
    assert (entry.id, entry.image, entry.links) == ("12.5", None, ())


def test_numbers_that_python_would_not_read_are_taken_as_they_are_written():
    body = b'{"data": {"posts": [{"name": ' + b"7" * 5000 + b'}, {"name": 1e999}, {"name": NaN}]}}'

    assert titles(read_json(body)) == ["7" * 5000, "1e999", None]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty document"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"<html><body>Hello", "write `xpath:` or `page:`"),
        (b'{"data": {"posts": [{"name": "x"', "broken JSON"),
        (b"[" * 100_000, "broken JSON"),
    ],
)
def test_what_is_no_json_is_refused_with_what_it_is(body: bytes, told: str):
    assert told in refusal(read_json(body))


def test_items_that_were_read_before_are_passed_over_in_the_same_document_only():
    first = feed(read_json({"data": {"posts": POSTS}}))
    more = {"data": {"posts": [{"name": "new", "url": "/n"}, *POSTS]}}

    again = feed(read_json(more, known=first.digests))
    other = feed(read_json(more, replace(SELECT, id="url"), known=first.digests))

    assert ([one.title.value for one in again.entries if one.title], again.same) == (["new"], (1, 2, 3))
    assert (len(other.entries), other.same) == (4, ())


def test_nothing_is_told_of_fields_where_all_items_were_read_before():
    select = replace(SELECT, published="at")
    first = feed(read_json({"data": {"posts": POSTS}}, select))

    assert feed(read_json({"data": {"posts": POSTS}}, select, known=first.digests)).warnings == ()


def test_of_more_items_than_are_read_the_first_are_and_that_is_told():
    found = feed(read_json({"data": {"posts": [{"name": str(number)} for number in range(1001)]}}))

    assert (len(found.entries), found.whole) == (1000, False)
    assert "There are more than 1000 items; only the first were read." in found.warnings


def test_a_selector_that_finds_nothing_on_a_page_names_the_elements_that_are_there():
    page = "<title>News</title>" + "<div class='post big'><h3>x</h3><p>y</p></div>" * 4

    told = refusal(read_page(page))

    assert "a page titled “News” on which `select.item: //article` finds nothing" in told
    assert "it has 4 × <div class=post>, 4 × <h3>" in told
    assert "a page on which" in refusal(read_page("<p>x"))


def test_an_item_without_elements_says_that():
    assert "the first has no elements" in refusal(read_page("<article>x</article>"))


def test_a_prefix_that_the_document_does_not_have_is_told():
    assert "undefined namespace prefix" in refusal(read_page("<p>x", replace(ON_PAGE, item="//dc:item")))


def test_items_may_be_attributes_and_values():
    select = FieldSelectors(item="//a/@href", link=".", title="title")
    found = feed(read_page("<a href=/1>x</a><a href=/2>y</a>", select))

    assert [one.links[0].href for one in found.entries] == ["/1", "/2"]
    assert found.warnings == ("`select.title: title` finds nothing in any of 2 items; they are empty",)
    assert titles(read_page("<a>x</a>", FieldSelectors(item="count(//a)", title="."))) == ["1"]


def test_addresses_pictures_and_dates_are_taken_from_what_stands_for_them():
    page = (
        "<a href=/around><article><h2>T</h2><time datetime=2024-05-01>May</time><b class=d content=2024-06-01></b>"
        "<img src=/p.jpg><picture data-x=1></picture></article></a>"
    )
    select = FieldSelectors(
        item="//article",
        title="h2",
        link="h2",
        published=".",
        updated="b",
        image=".",
        summary="time",
        content="h2/text()",
    )

    entry = feed(read_page(page, select)).entries[0]

    assert entry.links[0].href == "/around"
    assert (entry.published, entry.updated, entry.image) == ("2024-05-01", "2024-06-01", "/p.jpg")
    assert entry.summary is not None
    assert (entry.summary.value, entry.contents[0].type) == ("May", "guess")
    assert feed(read_page(page, replace(select, image="picture"))).entries[0].image is None
    assert feed(read_page(page, replace(select, image="img/@src"))).entries[0].image == "/p.jpg"
    assert feed(read_page("<article><h2>T</h2></article>", ON_PAGE)).entries[0].links == ()


def test_texts_and_markup_together_are_one_text():
    select = FieldSelectors(item="//article", content="h2 | p/text()", title="true()")

    entry = feed(read_page("<article><h2>A <i>b</i></h2><p>1 &lt; 2</p></article>", select)).entries[0]

    assert entry.contents[0].value.split("\n") == ["A <i>b</i>", "<p>1 &lt; 2</p>"]
    assert (entry.contents[0].type, entry.title) == ("html", None)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "empty document"),
        ("<rss version='2.0'><channel/></rss>", "a feed"),
        ("<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "write `url:` instead of `xpath:`"),
        (
            "<?xml version='1.0'?><urlset/>",
            "XML on which `select.item: //article` finds nothing; it has no elements",
        ),
    ],
)
def test_what_holds_no_items_is_refused_with_what_it_is(body: str, told: str):
    assert told in refusal(read_page(body))


def test_xml_that_breaks_off_is_read_as_far_as_it_goes():
    body = "<?xml version='1.0'?><all xmlns='urn:x'><article><h2>One</h2></article><article><h2>Tw"

    assert titles(read_page(body))[0] == "One"
    assert "finds nothing" in refusal(read_page("<?xml version='1.0'?><all><<<"))
    assert "plain text" in refusal(read_page("<?xml version='1.0'?><![CDATA[x]]>"))
    assert "finds nothing" in refusal(read_page("<?xml version='1.0'?><![CDATA[x]]><all/>"))


def test_xml_whose_beginning_goes_on_beyond_what_is_read_is_no_xml(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page_items, "MAX_TEXT", 20)

    for beginning in (f"<!-- {'x' * 50} -->", " " * 50):
        assert "finds nothing" in refusal(read_page(f"<?xml version='1.0'?>{beginning}<all/>"))


def test_names_that_are_none_in_xml_stay_as_they_are():
    body = "<?xml version='1.0'?><all xmlns='urn:x'><a:b:c/><article><h2>One</h2></article></all>"

    assert titles(read_page(body)) == ["One"]


def test_pages_in_xhtml_are_pages():
    body = "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><article><h2>One</h2></article></html>"

    assert titles(read_page(body)) == ["One"]


PIECES = st.sampled_from(
    [
        "<article>",
        "</article>",
        "<h2>",
        "<a href='x'>",
        "<?xml version='1.0'?>",
        "&x;",
        "<!DOCTYPE a [",
        "<b:c>",
        "é",
        "\0",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["data", "posts", "name"]), inner),
    max_leaves=12,
)


@settings(max_examples=80)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_markup_makes_reading_raise(body: str):
    assert isinstance(
        read_page(body, replace(ON_PAGE, published=".", content=".", image=".")), ParsedFeed | Failed
    )


@settings(max_examples=80)
@given(
    VALUES, st.sampled_from(["data.posts[]", "[]", "@", "data[?name > `1`]", "sort_by(data, &name)", "keys(@)"])
)
def test_no_json_makes_reading_raise(document: object, item: str):
    select = FieldSelectors(item=item, title="name || @", content="join('', @)", author="max(@)")

    assert isinstance(read_json(document, select), ParsedFeed | Failed)
