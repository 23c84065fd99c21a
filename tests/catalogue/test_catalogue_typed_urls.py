import pytest

from aggregator.catalogue import typed_urls


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example",
        "HTTP://a.example:80/x?y#z",
        "https://[2001:db8::1]:8443/",
        "https://münchen.example/",
        "http://a_b.example./",
    ],
)
def test_these_urls_can_be_read(url: str):
    assert typed_urls.complaint(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a.example/",
        "https://",
        "https://a b/",
        "https://a\x00/",
        "https://[::1/",
        "https://a:b/",
        "https://-/\u2028",
        "https://a..b/",
        f"https://{'x' * 64}.example/",
        "https://exa$mple/",
    ],
)
def test_these_cannot(url: str):
    assert typed_urls.complaint(url) is not None


@pytest.mark.parametrize(
    "text",
    [
        "www.a.example/feed",
        "a.example",
        "a.example:8080",
        "münchen.example/x?y=z",
        "a.xn--p1ai#x",
        "x.org/",
    ],
)
def test_what_begins_with_a_host_is_completed(text: str):
    assert typed_urls.complete(text) == f"https://{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "feed.xml",
        "feeds/a.xml",
        "./a.example",
        "../a.example",
        "a.b/c",
        "a",
        "https://a.example",
        "1.2",
        "x.tar.gz",
    ],
)
def test_what_may_be_a_file_or_is_whole_stays_as_it_is(text: str):
    assert typed_urls.complete(text) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://A.example/x", "HTTPS://a.example:443/x#top"),
        ("http://a.example", "http://a.example.:80/"),
        ("http://[::1]:80/", "http://[::1]/"),
    ],
)
def test_these_are_the_same(one: str, other: str):
    assert typed_urls.comparable_url(one) == typed_urls.comparable_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/", "http://a.example/"),
        ("https://u@a.example/", "https://v@a.example/"),
        ("https://a.example/?a", "https://a.example/?b"),
        ("https://a.example:444/", "https://a.example/"),
    ],
)
def test_these_are_not(one: str, other: str):
    assert typed_urls.comparable_url(one) != typed_urls.comparable_url(other)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://u:p@ss@h/", "https://u:***@h/"),
        ("https://u:${P}@h/", "https://u:${P}@h/"),
        ("https://u:x${P}@h/", "https://u:***@h/"),
        ("https://${U}:lit@h/", "https://${U}:***@h/"),
        ("https://u@h/a:b@c", "https://u@h/a:b@c"),
        ("https://h/", "https://h/"),
    ],
)
def test_a_literal_password_is_never_shown(written: str, shown: str):
    assert typed_urls.mask_password(written) == shown


def test_a_base_ends_in_a_slash():
    assert typed_urls.base_url("HTTPS://H.example/a") == "https://h.example/a/"


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("//www.river.example/feed", "https://www.river.example/feed"),
        ("localhost:8000/feed", "http://localhost:8000/feed"),
        ("localhost", "http://localhost"),
        ("127.0.0.1/feed.xml", "http://127.0.0.1/feed.xml"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("intranet:8080/rss", "http://intranet:8080/rss"),
    ],
)
def test_an_address_of_this_network_is_asked_without_tls_and_no_file_is_meant(text: str, completed: str):
    assert typed_urls.complete(text) == completed
    assert typed_urls.complaint(completed) is None


@pytest.mark.parametrize(
    "text", ["./feeds/x.xml", "feeds/x.xml", "feeds/localhost", "1.2.3/x", "/x.example/y", "a:b"]
)
def test_what_names_a_folder_first_is_a_file(text: str):
    assert typed_urls.complete(text) == text


@pytest.mark.parametrize("name", ["page", "json", "url", "xpath"])
def test_a_key_that_ran_into_its_address_is_told_as_that(name: str):
    told = typed_urls.complaint(f"{name}:https://a.example/feed")
    assert told == f"only http:// and https:// can be read; a space is needed after the colon of '{name}:'"
