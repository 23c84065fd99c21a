"""References that can only be mistyped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.mistyped import mend_backslashes, mend_reference


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://x.example/?a=1&amp;b=2", "https://x.example/?a=1&b=2"),
        ("?a=1&#038;b=2&#x26;c=3", "?a=1&b=2&c=3"),
        ("/?a=1&amp;amp;#38;b=2", "/?a=1&b=2"),
        ("www.other.example/x", "https://www.other.example/x"),
        ("WWW.Other.example", "https://WWW.Other.example"),
        ("www.bücher.example?x", "https://www.bücher.example?x"),
        ("https://https://x.example/a", "https://x.example/a"),
        ("http://https://x.example/a", "https://x.example/a"),
        ("https://http//x.example/a", "http://x.example/a"),
        ("http://http://http://x.example:80/", "http://x.example:80/"),
        ("http://https:/x.example/", "https://x.example/"),
        ("https://www.https://x.example/a", "https://x.example/a"),
        ("www.http://x.example/a", "http://x.example/a"),
        ("https:/x.example/a", "https://x.example/a"),
        ("https:///x.example/a", "https://x.example/a"),
        ("HTTPS:x.example/a", "HTTPS://x.example/a"),
        ("https//x.example/a", "https://x.example/a"),
        ("http;//x.example/a", "http://x.example/a"),
        ("http:://x.example/a", "http://x.example/a"),
        ("htp://x.example/a", "http://x.example/a"),
        ("feed://x.example/a", "http://x.example/a"),
        ("feed:https://x.example/a", "https://x.example/a"),
        ("itpc://http://x.example/a", "http://x.example/a"),
        ("hhttps://x.example/a", "https://x.example/a"),
        ("ttps://x.example/a", "https://x.example/a"),
        ("https:// x.example/a", "https://x.example/a"),
        ("://x.example/a", "https://x.example/a"),
        ("\ufeffhttps://x.example/a\u200b", "https://x.example/a"),
        ("https://x.example/a\u200b", "https://x.example/a"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("“https://x.example/a”", "https://x.example/a"),
        ("[ www.x.example/a ]", "https://www.x.example/a"),
        ("'https://x.example/a", "https://x.example/a"),
        ('<a class="b" href="https://x.example/a">words</a>', "https://x.example/a"),
    ],
)
def test_what_can_only_be_mistyped_is_mended(written: str, meant: str):
    assert mend_reference(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "", "a", "/a?b=1&c=2", "&ampersand", "https://x.example/a?u=https://y.example/", "https://x.example//a",
        "https://web.archive.org/web/2026/https://x.example/", "http.html", "https", "http://", "https:///a",
        "https:/a/b.c", "https:index.html", "https://https/", "https://https.example/", "http://http:8080/x",
        "www.html", "www.index.html", "www.news.php?x=1", "www/x.example", "wwwx.example.org/", "www.", "www.x",
        "http://x.example/#&", "https:/page.html", "ttp/x.example", "https//page.html", "://page.html", "(a)/b",
        "'a'", "<a name='https://x.example/'>", "ftp://x.example/", "htt://x.example/", "https;/x.example",
    ],
)  # fmt: skip
def test_what_may_be_meant_as_it_stands_stays(written: str):
    assert mend_reference(written) == written


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"https:\/\/x.example\/a", "https://x.example/a"),
        (r"https://x.example/a?b=1\u0026c\u003D2", "https://x.example/a?b=1&c=2"),
        (r"\a\b", "/a/b"),
        (r"\a\/b", "/a//b"),
        (r"a\u0009", "a/u0009"),
        ("a", "a"),
    ],
)
def test_a_backslash_is_a_slash_unless_it_can_only_be_of_json(written: str, meant: str):
    assert mend_backslashes(written) == meant


PARTS = st.sampled_from(
    [
        "http",
        "https",
        "HTTP",
        ":",
        "/",
        "//",
        "www.",
        "x",
        "example",
        ".",
        "html",
        "&",
        "amp;",
        "#038;",
        "?",
        "é",
        "<",
        ">",
        "'",
        "\ufeff",
        ";",
        " ",
    ]
)


@given(st.lists(PARTS, max_size=10).map("".join))
def test_mending_twice_changes_nothing(written: str):
    mended = mend_reference(written)

    assert mend_reference(mended) == mended
