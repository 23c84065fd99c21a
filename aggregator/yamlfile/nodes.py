"""YAML nodes -> plain data, with the line of everything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from aggregator.errors import Mistake
from aggregator.yamlfile.variables import expand, values
from aggregator.yamlfile.yaml_document import Place, dotted_path

MAX_DEPTH = 40
MAX_REPEATED = 100_000
"""How many values aliases may add. Ten lines of aliases to aliases can stand for a billion values."""

_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?\Z")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_PREFIX = "tag:yaml.org,2002:"


class TooMuchError(Exception):
    """Nesting or aliases beyond reason."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


class Builder:
    """Turns the nodes of one file into data, noting lines and mistakes on the way.

    Attributes:
        lines, written, expanded: As in YamlDocument.
        unreadable: As in YamlDocument.
        mistakes: Duplicate keys, tags, keys that are no text, variables that are not set.
    """

    def __init__(self, file: str, environ: Mapping[str, str]) -> None:
        self.lines: dict[Place, int] = {}
        self.written: dict[Place, str] = {}
        self.expanded: dict[Place, tuple[str, ...]] = {}
        self.unreadable: set[Place] = set()
        self.mistakes: list[Mistake] = []
        self._file = file
        self._environ = environ
        self._seen: set[int] = set()
        self._repeated = 0

    def mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        """The mapping's data; merge keys (`<<`) give what the mapping does not say itself."""
        data: dict[str, Any] = {}
        for name, (key, value) in self._pairs(node, place).items():
            below = (*place, name)
            self.note(below, key, value)
            data[name] = self._value(value, below)
        return data

    def _pairs(self, node: MappingNode, place: Place) -> dict[str, tuple[Node, Node]]:
        pairs: dict[str, tuple[Node, Node]] = {}
        merged: list[tuple[Node, Node]] = []
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self._fault(place, line, "a key must be a single word or text, not a list or a mapping")
            elif key.tag == f"{_PREFIX}merge":
                merged.append((key, value))
            elif key.value in pairs:
                first = pairs[key.value][0].start_mark.line + 1
                message = f"this key is given twice, first on line {first}; remove one of them"
                self._fault((*place, key.value), line, message)
            else:
                pairs[key.value] = (key, value)
        for key, value in merged:
            for part in value.value if isinstance(value, SequenceNode) else [value]:
                for name, pair in self._merge_keys(part, (*place, "<<"), key).items():
                    pairs.setdefault(name, pair)
        return pairs

    def _merge_keys(self, node: Node, place: Place, key: Node) -> dict[str, tuple[Node, Node]]:
        self._count(node, place)
        if isinstance(node, MappingNode):
            return self._pairs(node, place)
        self._fault(place, key.start_mark.line + 1, "`<<` needs a mapping to merge, such as `<<: *name`")
        return {}

    def _value(self, node: Node, place: Place) -> Any:
        self._count(node, place)
        if isinstance(node, MappingNode):
            self._check_tag(node, place)
            return self.mapping(node, place)
        if isinstance(node, SequenceNode):
            self._check_tag(node, place)
            return [self._item(item, (*place, index)) for index, item in enumerate(node.value)]
        self._check_tag(node, place)
        # A plain scalar has no style; only it can stand for anything but text.
        if isinstance(node, ScalarNode) and node.style is None and node.tag != f"{_PREFIX}str":
            return _plain(str(node.value))
        return self._text(str(node.value), place)

    def _item(self, node: Node, place: Place) -> Any:
        self.note(place, node, node)
        return self._value(node, place)

    def note(self, place: Place, name: Node, value: Node) -> None:  # noqa: ARG002 # see `excerpts`
        """Remember where a key or an item of a list stands."""
        self.lines[place] = name.start_mark.line + 1

    def _text(self, text: str, place: Place) -> str:
        expanded, complaints = expand(text, self._environ)
        if expanded != text or complaints:
            self.written[place] = text
            self.expanded[place] = values(text, self._environ)
        for complaint in complaints:
            self.unreadable.add(place)
            self._fault(place, self.lines[place], complaint)
        return expanded

    def _check_tag(self, node: Node, place: Place) -> None:
        tag = str(node.tag)
        if not tag.startswith(_PREFIX) or tag.removeprefix(_PREFIX) in {"binary", "set", "omap", "pairs"}:
            self._fault(place, self.lines[place], "tags such as `!name` have no meaning here; remove it")

    def _count(self, node: Node, place: Place) -> None:
        """Refuse what would grow beyond reason. A node met again can only have come through an alias."""
        line = node.start_mark.line + 1
        if len(place) > MAX_DEPTH:
            raise TooMuchError(line, "values are nested too deeply to be read; take some levels out")
        if id(node) in self._seen:
            self._repeated += 1
            if self._repeated > MAX_REPEATED:
                raise TooMuchError(line, "aliases (`*name`) repeat far too many values; write out what is meant")
        self._seen.add(id(node))

    def _fault(self, place: Place, line: int, message: str) -> None:
        path = dotted_path(place)
        self.mistakes.append(Mistake(file=self._file, line=line, path=path, message=message, place=place))


def _plain(text: str) -> Any:
    """What an unquoted word stands for: only what YAML 1.2 and a person agree on."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text
