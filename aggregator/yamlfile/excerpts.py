"""The line of a mistake, and the place in it: looked up again in the file, for who shows it to people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from aggregator.errors import ConfigurationError, Mistake
from aggregator.yamlfile.nodes import Builder, TooMuchError
from aggregator.yamlfile.read import compose
from aggregator.yamlfile.yaml_document import Place

_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What the YAML library counts as the end of a line."""

_WORDS: Final = "auth|cookie|key|token|secret|pass|private|session|signature"
_SECRETS: Final = (
    re.compile(r"(?<=://)[^/?#\s'\"@]*:[^/?#\s'\"@]*(?=@)"),
    re.compile(rf"(?<=[?&])[^=&#?\s'\"]*(?:{_WORDS})[^=&#\s'\"]{{0,64}}=(?P<value>[^&#\s'\"]+)", re.IGNORECASE),
    re.compile(
        rf"(?:^|[\s{{,])['\"]?[\w.-]*(?:{_WORDS})[\w.-]*['\"]?:\s+(?P<value>'[^']*'|\"[^\"]*\"|\[.*?\]|[^,}}#]+)",
        re.IGNORECASE,
    ),
)
"""What may be a secret that is written out: passwords and keys in addresses, values of keys that sound like it."""

_VARIABLE: Final = "${"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A line of a file with a part of it marked.

    Attributes:
        text: The line, without its break; tabs are spaces, and what may be a secret is masked.
        column: Where the part begins, counted from 1.
        width: How many characters it has, at least one.
    """

    text: str
    column: int
    width: int


def find_excerpts(mistakes: Sequence[Mistake], content: bytes) -> tuple[Excerpt | None, ...]:
    """The line of each mistake, the faulty part marked; None for one that has no line in the content."""
    text = content.decode("utf-8-sig", "replace")
    lines = _BREAK.split(text)
    wanted = {one.place for one in mistakes if one.place}
    nodes = _find_nodes(text, frozenset(wanted)) if wanted else {}
    return tuple(_excerpt(one, lines, nodes) for one in mistakes)


class _Locator(Builder):
    """Finds the nodes of places."""

    def __init__(self, wanted: frozenset[Place]) -> None:
        super().__init__("", {})
        self.nodes: dict[Place, tuple[Node, Node]] = {}
        self._wanted = wanted

    def note(self, place: Place, name: Node, value: Node) -> None:
        super().note(place, name, value)
        if place in self._wanted:
            self.nodes[place] = (name, value)


def _find_nodes(text: str, wanted: frozenset[Place]) -> dict[Place, tuple[Node, Node]]:
    """The key and the value of each place that there is; with YAML's whole grammar, which knows columns."""
    locator = _Locator(wanted)
    try:
        root = compose(text, "")
        if isinstance(root, MappingNode):
            locator.mapping(root, ())
    except (ConfigurationError, TooMuchError):
        pass
    return locator.nodes


def _excerpt(mistake: Mistake, lines: Sequence[str], nodes: dict[Place, tuple[Node, Node]]) -> Excerpt | None:
    if mistake.line is None or not 0 < mistake.line <= len(lines):
        return None
    line = lines[mistake.line - 1]
    start, end = _find_part(mistake, line, nodes.get(mistake.place))
    return Excerpt(text=_conceal(line), column=start + 1, width=max(end - start, 1))


def _find_part(mistake: Mistake, line: str, found: tuple[Node, Node] | None) -> tuple[int, int]:
    """Where in the line the faulty part begins and ends."""
    if mistake.column is not None:
        return mistake.column - 1, mistake.column
    if found is not None:
        name, value = found
        node = name if mistake.at_key or not _is_on_one_line(value) else value
        if node.start_mark.line + 1 == mistake.line:
            return _extent(node, line)
    key = re.escape(str(mistake.place[-1])) if mistake.place else ""
    seen = re.search(rf"(?<![\w.-]){key}(?=['\"]?\s*:)", line) if key else None
    return seen.span() if seen else (len(line) - len(line.lstrip()), len(line.rstrip()))


def _is_on_one_line(value: Node) -> bool:
    if value.start_mark.line != value.end_mark.line or value.start_mark.column == value.end_mark.column:
        return False
    return isinstance(value, ScalarNode) or (isinstance(value, CollectionNode) and bool(value.flow_style))


def _extent(node: Node, line: str) -> tuple[int, int]:
    ends_here = node.end_mark.line == node.start_mark.line
    return node.start_mark.column, node.end_mark.column if ends_here else len(line.rstrip())


def _conceal(line: str) -> str:
    line = line.replace("\t", " ")
    for pattern in _SECRETS:
        line = pattern.sub(_mask, line)
    return line


def _mask(found: re.Match[str]) -> str:
    """As many asterisks as the secret has characters, so that what follows stays in its column."""
    value = found.groupdict().get("value", found[0])
    if _VARIABLE in value:
        return found[0]
    kept = found[0][: len(found[0]) - len(value)]
    body = value.rstrip()
    return f"{kept}{'*' * len(body)}{value[len(body) :]}"
