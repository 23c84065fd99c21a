"""Whose site an address is on."""

from __future__ import annotations

import pytest

from aggregator.text.sites import host_of, is_public_suffix, labels_of, path_of, same_site, site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://news.bbc.co.uk/1", "bbc.co.uk"),
        ("https://www.impots.gouv.fr/", "impots.gouv.fr"),
        ("https://www.service-public.fr/", "service-public.fr"),
        ("https://me.hatenablog.com/entry/1", "me.hatenablog.com"),
        ("https://someone.github.io/x", "someone.github.io"),
        ("https://a.b.someone.netlify.app/", "someone.netlify.app"),
        ("https://www.city.kobe.jp/", "city.kobe.jp"),  # an exception of the list
        ("https://www.example.com.au:8443/", "example.com.au"),
        ("https://feeds.example/", "feeds.example"),
        ("https://a.b.example/", "b.example"),
        ("https://EXAMPLE.org./", "example.org"),
        ("https://me@xn--fa-hia.de/", "xn--fa-hia.de"),
        ("https://a.fa%C3%9F.de/", "xn--fa-hia.de"),
        ("https://github.io/", "github.io"),
        ("http://localhost:8000/", "localhost"),
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://[nothing/", ""),
        ("mailto:me@example.org", ""),
        ("", ""),
    ],
)
def test_a_site_is_what_somebody_registered(url: str, site: str):
    assert site_of(url) == site


def test_two_addresses_are_of_one_site_by_what_was_registered():
    assert same_site("https://sport.impots.gouv.fr/1", "http://impots.gouv.fr")
    assert not same_site("https://one.gouv.fr/", "https://other.gouv.fr/")
    assert not same_site("https://one.github.io/", "https://other.github.io/")
    assert not same_site("", "")


@pytest.mark.parametrize(
    ("url", "labels"),
    [
        ("https://feeds.bbci.co.uk/rss", ("feeds", "bbci")),
        ("https://blog.someone.github.io/", ("blog", "someone")),
        ("https://a.b.example/", ("a", "b")),
        ("https://co.uk/", ("co.uk",)),
        ("http://10.0.0.1/", ("10.0.0.1",)),
        ("http://localhost/", ("localhost",)),
        ("/path", ()),
    ],
)
def test_the_labels_that_a_sites_owner_chose(url: str, labels: tuple[str, ...]):
    assert labels_of(url) == labels


def test_a_host_is_named_without_www_and_a_path_without_its_last_slash():
    assert [host_of(url) for url in ("https://WWW.Example.org/x", "http://[bad/", None)] == ["example.org", "", ""]
    assert [path_of(url) for url in ("https://e.org/", "https://e.org/a/b/?c")] == ["", "/a/b"]


@pytest.mark.parametrize(
    ("host", "anybodys"),
    [
        ("com", True),
        ("co.uk", True),
        ("github.io", True),
        ("bbc.co.uk", False),
        ("me.github.io", False),
        ("", False),
    ],
)
def test_a_suffix_is_public_when_anybody_can_register_below_it(host: str, anybodys: bool):
    assert is_public_suffix(host) == anybodys
