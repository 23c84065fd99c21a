"""A YAML file as plain data that still knows where everything was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aggregator.errors import Mistake, Notice
from aggregator.yamlfile.variables import Expanded

Place = tuple[str | int, ...]
"""Where in a document: the keys and list indexes that lead there; () is the document itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlDocument:
    """A YAML file as it was read: its data, and where everything in it stands.

    Attributes:
        file: Its name, as messages shall show it.
        content: Its bytes; b"" for a document that nobody wrote.
        data: Dictionaries with string keys, lists, strings, numbers, booleans and None.
        lines: The line of every key and list item, counted from 1.
        written: Strings as they stand in the file, for those in which a variable was expanded.
        expanded: The values of the variables that went into a string.
        mistakes: What reading found; the data is usable all the same.
        unreadable: The places of strings whose variables are not set; nothing can be said of their values.
        variables: The environment variable's name for values that came from one instead of the file.
    """

    file: str
    data: dict[str, Any] = field(repr=False)
    content: bytes = field(default=b"", repr=False)
    lines: Mapping[Place, int] = field(default_factory=dict, repr=False)
    written: Mapping[Place, str] = field(default_factory=dict, repr=False)
    expanded: Mapping[Place, tuple[str, ...]] = field(default_factory=dict, repr=False)
    mistakes: tuple[Mistake, ...] = ()
    unreadable: frozenset[Place] = frozenset()
    variables: Mapping[Place, str] = field(default_factory=dict)

    def locate(self, place: Sequence[str | int]) -> Place:
        """The place without the steps that the document does not have.

        A model may fold a short form into a longer one, so its errors can name steps that nobody wrote.
        """
        found: Place = ()
        value: Any = self.data
        for step in place:
            in_list = isinstance(value, list) and isinstance(step, int) and step < len(value)
            if in_list or (isinstance(value, dict) and step in value):
                value = value[step]
                found = (*found, step)
        return found

    def value(self, place: Place) -> Any:
        """What stands at a place that the document has."""
        value: Any = self.data
        for step in place:
            value = value[step]
        return value

    def section(self, name: str) -> dict[str, Any]:
        """The mapping under a key of the document; empty if there is none."""
        value = self.data.get(name)
        return value if isinstance(value, dict) else {}

    def as_written(self, place: Place) -> str:
        """The text at the place as written, variables unexpanded."""
        return self.written.get(place) or str(self.value(place))

    def line(self, place: Place) -> int:
        """The line of the place, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def mistake(self, place: Sequence[str | int], message: str, *, at_key: bool = False) -> Mistake:
        """A mistake at the place, or in its key; it names the variable where the value came from one."""
        found = self.locate(place)
        for length in range(len(found), 0, -1):
            variable = self.variables.get(found[:length])
            if variable is not None:
                return Mistake(file="environment", line=None, path=variable, message=message)
        return Mistake(
            file=self.file,
            line=self.line(found),
            path=dotted_path(found),
            message=message,
            place=found,
            at_key=at_key,
        )

    def notice(self, place: Sequence[str | int], message: str) -> Notice:
        """What people may want to know of the place."""
        found = self.locate(place)
        path = dotted_path(found)
        return Notice(file=self.file, line=self.line(found), path=path, message=message, place=found)

    def overlay(self, place: tuple[str, ...], value: str, variable: str) -> YamlDocument:
        """The document with the value at the place taken from the environment variable."""
        data = dict(self.data)
        inner = data
        for step in place[:-1]:
            below = inner.get(step)
            inner[step] = below = dict(below) if isinstance(below, dict) else {}
            inner = below
        inner[place[-1]] = Expanded(value)
        return replace(self, data=data, variables={**self.variables, place: variable})


def dotted_path(place: Place) -> str:
    """For people: `sources.hynek.filter[0].keep`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
