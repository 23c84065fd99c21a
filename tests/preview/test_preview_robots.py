from __future__ import annotations

from pathlib import Path

import pytest

from aggregator import app, preview
from aggregator.preview.robots import judge_robots
from tests.support.commands import Commands

RULES = b"""\
\xef\xbb\xbf# who reads here
User-agent: Other
User-agent: *
Disallow: /private/   # not for you
Allow: /private/open
Disallow: /*.json$
Disallow: /search?*q=
Disallow:
Crawl-delay: 9

User-agent: AGGREGATOR
Disallow: /only/ours
"""


def answer(path: str, body: bytes) -> tuple[bool | None, bool]:
    found = judge_robots(body, f"https://a.example{path}")
    return found.allowed, found.ours


EVERYBODY = RULES.partition(b"User-agent: AGGREGATOR")[0]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("", True),
        ("/feed", True),
        ("/private/feed", False),
        ("/private/open/feed", True),
        ("/a/b.json", False),
        ("/a/b.json?x", True),
        ("/search?a=1&q=2", False),
        ("/search?a=1", True),
        ("/only/ours", True),
    ],
)
def test_the_longest_path_that_fits_decides_for_all_programs(path: str, allowed: bool):
    assert answer(path, EVERYBODY) == (allowed, False)


def test_rules_for_us_by_name_stand_for_all_others():
    assert answer("/only/ours/feed", RULES) == (False, True)
    assert answer("/private/feed", RULES) == (True, True)
    assert judge_robots(RULES, "https://a.example/only/ours").rule == "Disallow: /only/ours (for aggregator)"


def test_a_site_names_us_as_we_introduce_ourselves_whatever_we_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for module in (app, preview.robots):
        monkeypatch.setattr(module, "PRODUCT", "planetarium")
    ours = Commands.at(tmp_path, "sources: {}\n")
    with ours.inside():
        introduced = app.load(tmp_path / "feeds.yaml").user_agent()
    name = introduced.partition("/")[0]
    body = f"User-agent: {name}\nDisallow: /".encode()
    assert (name, answer("/feed", body)) == ("planetarium", (False, True))


def test_of_two_rules_as_long_the_one_that_allows_holds():
    assert answer("/a", b"User-agent: *\nDisallow: /a\nAllow: /a\n") == (True, False)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/*/x$", "/a/x", True),
        ("/*/x$", "/a/xy", False),
        ("/a*a$", "/a", False),
        ("/a*b*c", "/axbxc/d", True),
        ("/a*b*c", "/axcxb", False),
        ("*", "/any", True),
    ],
)
def test_a_star_is_anything_and_a_dollar_the_end(pattern: str, path: str, fits: bool):
    assert answer(path, f"User-agent: *\nDisallow: {pattern}\n".encode()) == (not fits, False)


@pytest.mark.parametrize(
    "body", [b"", b"<html>no robots here</html>", b"Disallow: /\n", b"User-agent: *\n", b"\xff\x00:"]
)
def test_a_file_without_rules_for_anybody_allows_everything(body: bytes):
    found = judge_robots(body, "https://a.example/x")

    assert (found.allowed, found.rule) == (True, "nothing in it speaks of this address")


def test_a_hostile_file_takes_time_in_proportion_to_its_length():
    body = b"User-agent: *\n" + b"Disallow: /" + b"a*" * 200_000 + b"b\n" + b"Disallow: *\n" * 9_000

    assert answer("/" + "a" * 2_000, body)[0] is False
