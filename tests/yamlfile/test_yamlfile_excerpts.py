"""A mistake is shown in its line: what is marked is what is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.catalogue import load_draft
from aggregator.errors import ConfigurationError
from aggregator.yamlfile import find_excerpts

CASES = sorted((Path(__file__).parent.parent / "catalogue" / "mistakes").glob("*.yaml"))


def marked(text: str | bytes) -> list[str]:
    """What is marked in each line with a mistake."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(ConfigurationError) as caught:
        load_draft(content, "feeds.yaml", Path("feeds.yaml"), {})
    assert caught.value.contents == {"feeds.yaml": content}
    found = [one for one in find_excerpts(caught.value.mistakes, content) if one is not None]
    return [one.text[one.column - 1 : one.column - 1 + one.width] for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sources:\n  a:\n    url: https://a.example/\n    timezon: UTC\n", ["timezon"]),
        ("sources:\n  a: { url: 'https://a.example/', every: 5 }\n", ["5"]),
        ("sources:\n  a: { url: 'https://a.example/', every: '5 m' } # m\n", ["'5 m'"]),
        ("sources:\n  a: { url: 'https://a.example/', tags: [x, [y], z] }\n", ["[y]"]),
        ("sources:\n  a: { url: 'https://a.example/', tags:\n    [x,\n    3, y] }\n", ["3"]),
        ("sources:\n  a:\n    url: https://a.example/\n    headers:\n      Host: x\n", ["Host"]),
        ("sources:\n  a:\n    url: https://a.example/\n    every: 1h\n    every: 2h\n", ["every"]),
        ("sources:\n  A: https://a.example/\n", ["A"]),
        ("sources:\n  a: ftp://a.example/\n", ["ftp://a.example/"]),
        ("sources:\n  a:\n    title: x\n", ["a"]),
        ("sources:\n  - a\n  - b\n", ["sources"]),
        ("sources:\n  a: https://a.example/\npublish:\n  status: {}\n", ["status"]),
        (
            "sources:\n  x: &x { url: 'https://a.example/', evry: 1h }\n  y: { <<: *x, title: b }\n",
            ["evry", "evry", "{ <<"],
        ),
        ("sources:\r\n  ä: { url: x.xml, ever: 1h }\r\n", ["ä", "ever"]),
        ("\ufeffsources:\n  a: { url: x.xml, ever: 1h }\n", ["ever"]),
        ("sources:\n  a: [x\n  b: c\n", [":"]),
        ("sources:\n\ta: b\n", ["\t".replace("\t", " ")]),
        (b"sources:\n  a: \xff\n", ["a: \N{REPLACEMENT CHARACTER}"]),
        ("- a\n", ["- a"]),
    ],
)
def test_what_is_marked_is_what_is_meant(text: str | bytes, expected: list[str]):
    assert [found[: len(one)] for found, one in zip(marked(text), expected, strict=False)] == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_mistake_with_a_line_has_a_part_of_that_line_marked(case: Path):
    content = case.read_bytes()
    with pytest.raises(ConfigurationError) as caught:
        load_draft(content, "feeds.yaml", case, {})
    lines = content.decode("utf-8-sig", "replace").splitlines()
    for mistake, excerpt in zip(caught.value.mistakes, find_excerpts(caught.value.mistakes, content), strict=True):
        assert (excerpt is None) == (mistake.line is None)
        if excerpt is not None and mistake.line is not None:
            assert len(excerpt.text) == len(lines[mistake.line - 1])
            assert 1 <= excerpt.column <= len(excerpt.text) + 1
            assert excerpt.width >= 1


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  a: { url: 'https://u:geheim@a.example/', evry: 1h }", "'https://********@a.example/', evry: 1h }"),
        ("  a: { url: 'https://a.example/?api_key=geheim&x=1', evry: 1h }", "?api_key=******&x=1', evry: 1h }"),
        (
            "  a: { headers: { Authorization: 'Bearer geheim' }, evry: 1h }",
            "Authorization: *************** }, evry",
        ),
        ("  a: { headers: { X-Token: '${TOKEN}' }, evry: 1h }", "X-Token: '${TOKEN}' }, evry: 1h }"),
    ],
)
def test_a_secret_that_is_written_out_is_masked_and_a_variable_is_not(line: str, shown: str):
    content = f"sources:\n{line}\n".encode()
    with pytest.raises(ConfigurationError) as caught:
        load_draft(content, "feeds.yaml", Path("feeds.yaml"), {"TOKEN": "geheim"})
    for excerpt in find_excerpts(caught.value.mistakes, content):
        assert excerpt is not None
        assert shown in excerpt.text
        assert "geheim" not in excerpt.text
        assert len(excerpt.text) == len(line)
