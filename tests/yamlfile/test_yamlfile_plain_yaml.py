"""Plain YAML, read without the whole grammar: the same data on the same lines, or left to the grammar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from aggregator.errors import ConfigurationError
from aggregator.yamlfile import compose
from aggregator.yamlfile.plain_yaml import compose_plain

ROOT = Path(__file__).parent.parent.parent

PLAIN = """\
# What we read.
site:
  title: Planet Example # ours
  contact: 'feeds@example.org'

sources:
  hynek: https://hynek.me/index.xml#top
  iran-press:
    url: "https://iranpress.com/rss?a=1&b=2"
    title: Iran Press:the #1
    tags: [world, iran]
    every: 10m
    priority: 10
    query:
  2_x.y: http://127.0.0.1:80/${TOKEN}
publish:
"""


def tree(node: Node | None) -> Any:
    """What `nodes` reads of a tree; of a key, whatever it looks like, the text."""
    if node is None:
        return None
    below: Any = node.value
    if isinstance(node, MappingNode):
        below = [(key.value, key.start_mark.line, tree(value)) for key, value in node.value]
    elif not isinstance(node, ScalarNode):
        below = [tree(one) for one in node.value]
    quoted = isinstance(node, ScalarNode) and node.style is not None
    return type(node).__name__, node.tag, below, quoted, node.start_mark.line


def test_a_usual_file_is_plain_and_has_the_tree_that_the_grammar_gives_it():
    found = compose_plain(PLAIN)
    assert found is not None
    assert lines(tree(found)) == lines(tree(compose(PLAIN, "x")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "a: yes",
        "a: True",
        "a: [b, no]",
        "a: 010",
        "a: 1.5",
        "a: {b: c}",
        "a: &x b",
        "a: *x",
        "a: !t b",
        "a: |\n  b",
        "a: b\n  c",
        "a: b\n  c: d",
        "a:\n  - b",
        "a:\n    b: c\n  d: e",
        " a: b\n c: d",
        "a:\tb",
        "a: b\r\nc: d",
        "a: b\x85c: d",
        "- a",
        "a: 'it''s'",
        'a: "\\n"',
        "--- \na: b",
        "%YAML 1.2\n---\na: b",
        "? a\n: b",
        "a b: c",
        "a:b",
        "a: @b",
    ],
)
def test_what_is_not_plain_for_certain_is_left_to_the_grammar(text: str):
    assert compose_plain(text) is None


VALUES = [
    *("a", "b1", "no", "null", "~", "x-y", "<<", "1", "007", "10m", "1e3", "0x1f", "http://x.example/a?b=c#d"),
    *("two words", "a  b", "a #b", "a#b", "a: b", "a:b", "ends:", ":a", "#", "'q'", '"q"', "'", "[a, b]", "[]"),
    *(
        "[a,]",
        "[ ,a]",
        "{}",
        "- a",
        "&a",
        "*a",
        "!t",
        "|",
        "é",
        "日本",
        "a\tb",
        "",
        " ",
        "...",
        "---",
        "2026-01-01",
    ),
]
PLAIN_VALUES = [
    "a",
    "two  words #x",
    "x:y",
    "http://x.example/a#b",
    "10m",
    "7",
    "'no'",
    '"# :"',
    "[a, b]",
    "[]",
    "",
    "é",
]


def _line(indent: int, key: str, colon: str, value: str, end: str) -> str:
    return f"{'  ' * indent}{key}{colon}{value}{end}"


PLAIN_LINES = st.builds(
    _line,
    st.integers(0, 2),
    st.sampled_from(["a", "b", "no", "null", "1", "x.y-z", "007"]),
    st.sampled_from([": ", ":  "]),
    st.sampled_from([*PLAIN_VALUES, "", "", "", ""]),
    st.sampled_from(["", " ", " # c"]),
)
LINES = st.builds(
    _line,
    st.integers(0, 2),
    st.sampled_from(["a", "b", "c", "no", "null", "1", "x.y-z", "007"]) | st.sampled_from(VALUES),
    st.sampled_from([": ", ":  "]) | st.sampled_from([":", "", " : "]),
    st.sampled_from(PLAIN_VALUES) | st.sampled_from(VALUES),
    st.sampled_from(["", " ", " # c"]) | st.sampled_from(["#c", "\r", ":"]),
)


@given(st.lists(PLAIN_LINES, max_size=6) | st.lists(LINES | st.sampled_from(["", "# c", "   "]), max_size=6))
def test_whatever_is_taken_for_plain_has_the_tree_that_the_grammar_gives_it(written: list[str]):
    text = "\n".join(written)
    found = compose_plain(text)
    if found is None:
        return
    try:
        whole = compose(text, "x")
    except ConfigurationError as error:
        pytest.fail(f"{text!r} is no YAML: {error}")
    assert lines(tree(found)) == lines(tree(whole))


def lines(found: Any) -> Any:
    """Without the lines of what is not there, which nobody asks for."""
    if found is None:
        return None
    name, tag, below, quoted, line = found
    if tag == "tag:yaml.org,2002:null":
        return tag
    if isinstance(below, list):
        below = [(*one[:2], lines(one[2])) if len(one) == 3 else lines(one) for one in below]
    return name, tag, below, quoted, line if name == "ScalarNode" else None


@pytest.mark.parametrize("path", sorted(ROOT.glob("**/feeds.yaml"))[:40], ids=str)
def test_files_that_people_wrote_have_the_tree_that_the_grammar_gives_them(path: Path):
    text = path.read_text(encoding="utf-8")
    found = compose_plain(text)
    assert found is None or lines(tree(found)) == lines(tree(compose(text, "x")))
