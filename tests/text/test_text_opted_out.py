"""Hosts that asked not to be read: which hosts and addresses that means, in any spelling, and which not."""

from __future__ import annotations

import pytest

from aggregator.text.opted_out import find_opt_out, find_opt_out_of_url, normal_host, tell_opt_out
from aggregator.text.sites import is_listed_suffix

ASKED = {
    "site.example": 3,
    "xn--bcher-kva.example": None,
    "www.narrow.example": 5,
    "192.0.2.7": 6,
    "2001:db8::1": 7,
    "localhost": 8,
}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://site.example/feed", "site.example"),
        ("HTTP://WWW.Site.Example.:8080/", "site.example"),
        (" https://a.b.site.example/?x=1 ", "site.example"),
        ("https://user:word@site.example/", "site.example"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://NEWS.BÜCHER.example/1", "xn--bcher-kva.example"),
        ("http://B%C3%BCcher.example:1/", "xn--bcher-kva.example"),
        ("http://%73ite%2eexample/", "site.example"),
        ("http://%C3%9F.site.example/", "site.example"),
        ("http://site.example%2f.other.example/", None),
        ("https://www.narrow.example/", "www.narrow.example"),
        ("https://narrow.example/", "www.narrow.example"),
        ("http://192.0.2.7/", "192.0.2.7"),
        ("http://[2001:0db8:0::1]:80/", "2001:db8::1"),
        ("http://localhost:8000/", "localhost"),
        ("https://mysite.example/", None),
        ("https://site.example.org/", None),
        ("https://blog.narrow.example/", None),
        ("https://other.example/https://site.example/", None),
        ("http://192.0.2.70/", None),
        ("http://[nothing", None),
        ("http://[fe80::1%25eth0]/", None),
        ("http://%C3%BC%20%C3%A4.example/", None),
        (f"http://{'%C3%BC' * 64}.site.example/", "site.example"),
        ("magnet:?xt=urn:btih:site.example", None),
        ("", None),
        (None, None),
    ],
)
def test_a_host_is_opted_out_with_all_below_it_in_any_spelling_and_no_other(url: str | None, name: str | None):
    assert find_opt_out_of_url(url, ASKED) == name
    assert find_opt_out_of_url(url, {}) is None


def test_a_host_alone_is_found_as_in_an_address():
    assert find_opt_out("Feeds.Site.Example.", ASKED) == "site.example"
    assert find_opt_out("[2001:DB8::1]", ASKED) == "2001:db8::1"
    assert find_opt_out("example", ASKED) is None
    assert find_opt_out("site.example", {}) is None


def test_what_can_be_no_host_stays_as_it_is():
    assert normal_host("1:2") == "1:2"
    assert normal_host("a ü b.Example") == normal_host(normal_host("a ü b.Example"))


def test_the_words_for_it_name_the_line_where_there_is_one():
    assert (
        tell_opt_out("site.example", ASKED)
        == "site.example asked not to be read (`opt_out` in feeds.yaml, line 3)"
    )
    assert tell_opt_out("x.example", {}) == "x.example asked not to be read (`opt_out` in feeds.yaml)"


@pytest.mark.parametrize(
    ("host", "listed"),
    [("com", True), ("co.uk", True), ("github.io", True), ("localhost", False), ("a.example", False)],
)
def test_a_name_of_which_the_list_says_nothing_is_no_listed_suffix(host: str, listed: bool):
    assert is_listed_suffix(host) == listed
