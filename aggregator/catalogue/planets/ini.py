"""Bytes of a configuration file -> its sections, as Python 2's ConfigParser read it, or a reader in Ruby."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator.errors import EditError

MAX_BYTES = 5_000_000
"""Some tens of thousands of feeds."""

_DEPTH = 10
"""Of values that refer to values: Python's own bound."""
_LONGEST = 20_000
"""Characters that a value may have, with what it refers to."""

_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]")
_PAIR = re.compile(r"(?P<key>[^=:\s][^=:]*)[=:](?P<value>.*)", re.DOTALL)
_REFERENCE = re.compile(r"%\(([^()]*)\)s")
_PLANET = re.compile(r"^\[planet\]", re.IGNORECASE | re.MULTILINE)
_COMMENT = {True: re.compile(r"\s;.*"), False: re.compile(r"(?:^|\s)[#;].*")}
"""What ends a value, in a planet's file and in pluto's."""

DEFAULT = "DEFAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What was written behind a key.

    Attributes:
        text: Trimmed; several lines are joined by line breaks.
        line: Where the key stands, counted from 1.
    """

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ini:
    """A configuration file that was read.

    Attributes:
        file: Its name, for messages.
        is_planet: Whether it has the section that each Planet has, and none of pluto's has.
        sections: By name, in the file's order, with their keys in lower case; "" has what stands before any.
        lines: Where each section begins.
    """

    file: str
    is_planet: bool
    sections: Mapping[str, Mapping[str, Value]]
    lines: Mapping[str, int] = field(default_factory=dict)

    def get(self, section: str, *keys: str) -> str:
        """The value of the first of the keys that the section, or DEFAULT, has; "" where none is.

        Raises:
            EditError: What it refers to is not there, or leads in a circle; with file and line.
        """
        found = self.find(section, *keys)
        return "" if found is None else self._expand(section, found)

    def find(self, section: str, *keys: str) -> Value | None:
        """The value as it is written."""
        places = (self.sections.get(section, {}), self.sections.get(DEFAULT, {}))
        return next((place[key] for key in keys for place in places if key in place), None)

    def check(self) -> None:
        """Raise EditError for the first value whose references cannot be followed."""
        for section, pairs in self.sections.items():
            for key, value in pairs.items():
                if key != "log_format":  # its names are those of the log
                    self._expand(section, value)

    def _expand(self, section: str, value: Value) -> str:
        text = value.text
        for _ in range(_DEPTH):
            names = _REFERENCE.findall(text)
            if not names or not (self.is_planet or any(self.find(section, name.lower()) for name in names)):
                return text.replace("%%", "%") if text is not value.text else text
            text = _REFERENCE.sub(lambda match: self._refer(section, match, value), text)
            if len(text) > _LONGEST:
                raise self.fault(value.line, "this value refers to so much that it grows beyond reason")
        raise self.fault(value.line, "this value refers to itself, by way of %(…)s; write out what is meant")

    def _refer(self, section: str, match: re.Match[str], value: Value) -> str:
        found = self.find(section, match[1].strip().lower())
        if found is not None:
            return found.text
        if self.is_planet:
            raise self.fault(value.line, f"%({match[1][:40]})s refers to a key that there is not")
        return match[0]

    def fault(self, line: int, message: str) -> EditError:
        """A mistake of the file, at its line."""
        return EditError(f"{self.file}:{line}: {message}.")


def read_ini(content: bytes, file: str) -> Ini:
    """Read a configuration file.

    In: its bytes; its name, for messages. Keys are `name = value` or `name: value`; an indented line goes on with
    the value above it where the file is a Planet's, and is a key of its own in pluto's.

    Raises:
        EditError: It is no such file, not UTF-8, or larger than any honest one; with the line.
    """
    if len(content) > MAX_BYTES:
        raise EditError(f"{file}:1: it is larger than {MAX_BYTES // 1_000_000} MB; split it.")
    text = _decode(content, file)
    sections: dict[str, dict[str, Value]] = {"": {}}
    lines: dict[str, int] = {}
    ini = Ini(file=file, is_planet=_PLANET.search(text) is not None, sections=sections, lines=lines)
    pairs, last = sections[""], ""
    for number, line in enumerate(text.splitlines(), 1):
        if _is_idle(line):
            continue
        if ini.is_planet and last and line[0].isspace():
            pairs[last] = Value(text=_join(pairs[last].text, _cut(line, ini)), line=pairs[last].line)
            continue
        section, pair = _SECTION.match(line), _PAIR.fullmatch(line.strip())
        if section is not None:
            name = DEFAULT if section["name"].upper() == DEFAULT else section["name"].strip()
            lines.setdefault(name, number)
            pairs, last = sections.setdefault(name, {}), ""
        elif pair is not None:
            last = pair["key"].strip().lower()
            pairs[last] = Value(text=_cut(pair["value"], ini), line=number)
        else:
            raise ini.fault(number, "neither a [section] nor `name = value`")
    ini.check()
    return ini


def _decode(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EditError(f"{file}:{line}: this is not UTF-8; save the file in that encoding.") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise EditError(f"{file}:{line}: this is no text; save the file as UTF-8.")
    return text


def _is_idle(line: str) -> bool:
    """Blank or a comment; `rem` begins one for Python 2."""
    return not line.strip() or line.lstrip()[0] in "#;" or line[:4].lower() == "rem "


def _cut(written: str, ini: Ini) -> str:
    return _COMMENT[ini.is_planet].sub("", written, count=1).strip()


def _join(before: str, more: str) -> str:
    return f"{before}\n{more}" if before else more
