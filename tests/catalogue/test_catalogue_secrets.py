"""What in feeds.yaml is a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.catalogue.load import load_text

ENVIRON = {
    "KEY": "k-0123456789",
    "HOST": "feeds.example.org",
    "FEED": "https://me:p%40ssw0rd9@private.example.org/member-4711/feed.xml?auth=a1b2c3d4e5",
    "PATH_": "members/member-4711/feed.xml",
    "BEARER": "Bearer t0ken-0123456789",
    "AGENT": "Feed reader of the town hall",
    "TOKEN": "club-token-0123456789",
    "TITLE": "Planet Example",
    "EMPTY": "",
}


def secrets(text: str) -> frozenset[str]:
    return load_text(text.encode(), Path("feeds.yaml"), ENVIRON).secrets


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("https://h.example/${KEY}/feed", {"k-0123456789"}),
        ("https://h.example/feed?key=${KEY}&x=${EMPTY}", {"k-0123456789"}),
        ("{ url: 'https://h.example/feed?key=${KEY}' }", {"k-0123456789"}),
        ("{ page: 'https://h.example/${KEY}/' }", {"k-0123456789"}),
        ("https://${HOST}/feed", set()),
        ("{ url: 'https://h.example/feed', title: 'https://[${KEY}' }", set()),
        ("https://h.example/feed?key=written-out", set()),
        ("${FEED}", {"p%40ssw0rd9", "p@ssw0rd9", "bWU6cEBzc3cwcmQ5", "me", "member-4711", "auth",
                     "a1b2c3d4e5"}),
        ("https://h.example/${PATH_}", {"members/member-4711/feed.xml"}),
        ("https://me:plain-password@h.example/feed", {"plain-password", "bWU6cGxhaW4tcGFzc3dvcmQ="}),
        ("https://${KEY}:x@h.example/feed", {"k-0123456789", "x", "ay0wMTIzNDU2Nzg5Ong="}),
    ],
)  # fmt: skip
def test_what_variables_put_into_an_address_is_secret_but_for_its_host(source: str, expected: set[str]):
    found = secrets(f"sources:\n  a: {source}\n")
    assert expected <= found | {"me", "auth"}
    assert not {one for one in found - expected if len(one) >= 8}


@pytest.mark.parametrize(
    ("headers", "secret", "open_"),
    [
        ("{ Authorization: 'Bearer ${KEY}' }", "k-0123456789", None),
        ("{ Authorization: '${BEARER}' }", "t0ken-0123456789", None),
        ("{ Authorization: Bearer written-out-token }", "written-out-token", None),
        ("{ Authorization: Basic bWU6aHVudGVyMmh1bnRlcjI= }", "hunter2hunter2", None),
        ("{ Cookie: 'session=abcdef012345; theme=dark' }", "abcdef012345", None),
        ("{ X-Api-Key: abcdef012345 }", "abcdef012345", None),
        ("{ X-Agent: '${AGENT}' }", "Feed reader of the town hall", "reader"),
        ("{ Accept: application/rss+xml }", None, "application/rss+xml"),
    ],
)
def test_headers_are_secret_where_a_variable_or_a_credential_stands_in_them(
    headers: str, secret: str | None, open_: str | None
):
    for text in (
        f"sources:\n  a: {{ url: 'https://h.example/', headers: {headers} }}\n",
        f"defaults: {{ headers: {headers} }}\nsources:\n  a: https://h.example/\n",
    ):
        found = secrets(text)
        assert secret is None or secret in found
        assert open_ not in found


def test_tokens_of_publications_are_secret_and_titles_and_the_site_are_not():
    found = secrets(
        "site: { title: '${TITLE}', link: 'https://${HOST}/' }\n"
        "sources:\n  a: { url: https://h.example/, title: '${TITLE}', tags: ['${HOST}'] }\n"
        "publish:\n  one: { private: '${TOKEN}' }\n  two: { private: [written-out-token-1, '${TOKEN}'] }\n"
    )
    assert found == {"club-token-0123456789", "written-out-token-1"}


def test_secrets_are_absent_from_repr():
    found = load_text(b"sources:\n  a: https://h.example/${KEY}/feed\n", Path("feeds.yaml"), ENVIRON)
    assert "k-0123456789" not in repr(found)
