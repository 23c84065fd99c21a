"""The node tree of YAML that is as plain as most of it: a mapping of words to words, lists of words and mappings.

Ten thousand sources take YAML's whole grammar a second of CPU, and these few lines a tenth of it. What they do not
know for certain, they leave to it: one line is enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tag import Tag

_STR, _INT, _NULL, _MAP, _SEQ = (
    Tag(suffix=f"tag:yaml.org,2002:{name}") for name in ("str", "int", "null", "map", "seq")
)
"""One object each: a tag of ruamel.yaml takes longer to make than the rest of a node."""

_NOTHING = re.compile(r" *(?:#.*)?")
_LINE = re.compile(
    r"(?P<indent> *)(?P<key>[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}):"
    r"(?: +(?P<value>"
    r"(?P<text>[A-Za-z](?:[^\s:#]|:(?=\S)|(?<=\S)#| +(?=[^\s#]))*|[1-9][0-9]{0,3}[smhd])"
    r"|(?P<number>0|[1-9][0-9]{0,8})"
    r"|'(?P<single>[^']*)'"
    r'|"(?P<double>[^"\\]*)"'
    r"|\[ *(?P<words>[A-Za-z][\w-]*(?: *, *[A-Za-z][\w-]*)*)? *\]"
    r"))?(?: +#.*| *)"
)
_MEANING = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that stand for something else in some version of YAML, in some spelling."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a node begins.

    Attributes:
        line: Counted from 0.
    """

    line: int


@dataclass(slots=True)
class _Open:
    """A mapping that may go on.

    Attributes:
        indent: Of its keys.
        node: Its own.
        waiting: Its last key, while nothing was said of it.
    """

    indent: int
    node: MappingNode
    waiting: Node | None = None

    def say(self, value: Node) -> None:
        """The value of the waiting key."""
        self.node.value.append((self.waiting, value))
        self.waiting = None


def compose_plain(text: str) -> MappingNode | None:
    """The tree of a text that is all plain, as YAML's grammar would have it; None for any other text."""
    opened: list[_Open] = []
    for number, line in enumerate(text.split("\n")):
        if not line.isprintable():
            return None
        if not line or _NOTHING.fullmatch(line):
            continue
        found, mark = _LINE.fullmatch(line), _Mark(number)
        if found is None or not _enter(opened, len(found["indent"]), mark):
            return None
        here = opened[-1]
        here.waiting = ScalarNode(_STR, found["key"], start_mark=mark)
        if found["value"]:
            value = _value(found, mark)
            if value is None:
                return None
            here.say(value)
    return _close(opened)


def _enter(opened: list[_Open], indent: int, mark: _Mark) -> bool:
    """Have the mapping on top whose keys have the indent; whether there is one."""
    if not opened and not indent:
        opened.append(_Open(0, _mapping(mark)))
        return True
    while opened and opened[-1].indent > indent:
        _leave(opened)
    if not opened:
        return False
    here = opened[-1]
    if here.indent < indent:
        if here.waiting is None:
            return False
        inner = _mapping(mark)
        here.say(inner)
        opened.append(_Open(indent, inner))
    elif here.waiting is not None:
        here.say(_make_null(here.waiting))
    return True


def _leave(opened: list[_Open]) -> None:
    gone = opened.pop()
    if gone.waiting is not None:
        gone.say(_make_null(gone.waiting))


def _close(opened: list[_Open]) -> MappingNode | None:
    root = opened[0].node if opened else None
    while opened:
        _leave(opened)
    return root


def _value(found: re.Match[str], mark: _Mark) -> Node | None:
    if found["number"]:
        return ScalarNode(_INT, found["number"], start_mark=mark)
    for group, style in (("single", "'"), ("double", '"')):
        if found[group] is not None:
            return ScalarNode(_STR, found[group], start_mark=mark, style=style)
    text = found["text"]
    if text is not None:
        return None if text.lower() in _MEANING else _word(text, mark)
    words = found["words"].replace(" ", "").split(",") if found["words"] else []
    if any(word.lower() in _MEANING for word in words):
        return None
    return SequenceNode(_SEQ, [_word(word, mark) for word in words], start_mark=mark)


def _word(text: str, mark: _Mark) -> ScalarNode:
    return ScalarNode(_STR, text, start_mark=mark)


def _mapping(mark: _Mark) -> MappingNode:
    return MappingNode(_MAP, [], start_mark=mark)


def _make_null(key: Node) -> ScalarNode:
    return ScalarNode(_NULL, "", start_mark=key.start_mark)
