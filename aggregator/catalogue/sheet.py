"""feeds.yaml as text: where its sources stand, and edits that touch no other line.

Reading a document and writing it back, even with comments, moves spaces and quotes that people chose. So only
the positions come from the YAML library; what changes is cut out of the text or put into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from aggregator.catalogue import typed_urls
from aggregator.catalogue.subscriptions import SiftingStep
from aggregator.errors import EditError
from aggregator.yamlfile.read import compose
from aggregator.yamlfile.variables import escape

_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9:/?&=._~%+@;$#-]*[A-Za-z0-9/=_~%+#-]")
_PLAIN_WORDS = re.compile(r"[^\W\d_](?:[\w ./()+-]*[\w.)+])?")
_ADDRESSES = frozenset({"url", "page", "json", "xpath"})
_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key with a value that is to be written below a section of feeds.yaml.

    Attributes:
        key: The key.
        values: What its mapping holds, key by key, each value as YAML on one line; of a single value without a
            mapping the key is "".
    """

    key: str
    values: tuple[tuple[str, str], ...]

    def in_line(self) -> str:
        """It in braces."""
        shown = ", ".join(f"{key}: {value}" if key else value for key, value in self.values)
        return f"{_key(self.key)}: {shown if self.is_single else f'{{ {shown} }}'}"

    def in_lines(self, column: int, step: int) -> list[str]:
        """It on lines of its own."""
        margin, inner = " " * column, " " * (column + step)
        if self.is_single:
            return [f"{margin}{self.in_line()}"]
        return [f"{margin}{_key(self.key)}:", *(f"{inner}{key}: {value}" for key, value in self.values)]

    @property
    def is_single(self) -> bool:
        """Whether the key has a value of its own, and no mapping."""
        return [key for key, _ in self.values] == [""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A source that is to be written into feeds.yaml.

    Attributes:
        id: Its key.
        key: What kind of address it is.
        url: As it shall stand in the file; `${NAME}` refers to the environment there.
        title: None or empty leaves the feed's own.
        tags: In order.
        icon: The address of its picture; "" for none.
        steps: What its entries must pass; `${` is written so that it means itself.
        enabled: Whether it is polled.
    """

    id: str
    url: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    key: Literal["url", "page"] = "url"
    icon: str = ""
    steps: tuple[SiftingStep, ...] = ()
    enabled: bool = True

    def pair(self) -> NewKey:
        """As it is written."""
        found = {
            "title": scalar(self.title) if self.title else "",
            "tags": f"[{', '.join(map(scalar, self.tags))}]" if self.tags else "",
            "icon": scalar(self.icon) if self.icon else "",
            "filter": f"[ {', '.join(map(_step, self.steps))} ]" if self.steps else "",
            "enabled": "" if self.enabled else "false",
        }
        said = tuple((key, value) for key, value in found.items() if value)
        name = self.key if said or self.key != "url" else ""
        return NewKey(key=self.id, values=((name, scalar(self.url)), *said))


class Sheet:
    """The text of a feeds.yaml and the positions in it. Never changed: an edit returns a new text.

    Raises:
        ConfigurationError: The text is not YAML.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self._file = file
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._root = compose(text, file)

    @property
    def ids(self) -> tuple[str, ...]:
        """The keys under `sources`, in order."""
        return self.keys_of("sources")

    @property
    def addresses(self) -> dict[str, str]:
        """The sources' URLs, reduced for comparison (see `comparable`), with the ids that have them."""
        return self.addresses_in("sources")

    def addresses_in(self, section: str) -> dict[str, str]:
        """The same of what stands below a section."""
        found: dict[str, str] = {}
        for key, value in _pairs(self._section(section)[1]):
            written = [value, *(inner for name, inner in _pairs(value) if _word(name) in _ADDRESSES)]
            found.update({comparable(node.value): _word(key) for node in written if isinstance(node, ScalarNode)})
        return found

    def publications_naming(self, source_id: str) -> tuple[str, ...]:
        """The publications that name the source in their `from`."""
        found: list[str] = []
        for key, publication in _pairs(self._section("publish")[1]):
            taken = next((value for name, value in _pairs(publication) if _word(name) == "from"), None)
            listed = next((value for name, value in _pairs(taken) if _word(name) == "sources"), taken)
            if isinstance(listed, SequenceNode) and any(_word(item) == source_id for item in listed.value):
                found.append(_word(key))
        return tuple(found)

    def with_sources(self, additions: Sequence[Addition]) -> str:
        """The text with the additions after the last source. Raises EditError where that is not possible."""
        return self.with_pairs("sources", [new.pair() for new in additions])

    def with_pairs(self, section: str, pairs: Sequence[NewKey]) -> str:
        """The text with the pairs at the end of the section, made where there is none. Raises EditError."""
        key, value = self._section(section)
        if key is None:
            return self._with_section(section, pairs)
        if isinstance(value, MappingNode) and value.value:
            return self._among_flow(value, pairs) if value.flow_style else self._below(value, pairs)
        if value is not None and (value.value or value.start_mark.index < value.end_mark.index):
            return self._replace_empty(section, value, pairs)
        column = key.start_mark.column
        place = self._past_comments(self._line_end(key.end_mark.index), column + 1)
        return self._insert(place, _lines(pairs, column + 2, 2))

    def keys_of(self, section: str) -> tuple[str, ...]:
        """The keys below a section; none where there is no such section."""
        return tuple(_word(key) for key, _ in _pairs(self._section(section)[1]))

    def without_source(self, source_id: str) -> str:
        """The text without the lines of the source; comments above it stay. It must be one of `ids`."""
        _, value = self._section("sources")
        pairs = _pairs(value)
        at = next(index for index, (key, _) in enumerate(pairs) if _word(key) == source_id)
        key = pairs[at][0]
        start, end = key.start_mark.index, self._end_of(pairs[at])
        if isinstance(value, MappingNode) and value.flow_style:
            if at + 1 < len(pairs):
                end = pairs[at + 1][0].start_mark.index
            elif at:
                start = self._end_of(pairs[at - 1])
        else:
            start = self.text.rfind("\n", 0, start) + 1
            end = self._past_comments(self._line_end(end), key.start_mark.column + 1)
        return self.text[:start] + self.text[end:]

    # ------------------------------------------------------------ adding

    def _with_section(self, section: str, pairs: Sequence[NewKey]) -> str:
        if isinstance(self._root, CollectionNode) and (
            self._root.flow_style or not isinstance(self._root, MappingNode)
        ):
            raise EditError(f"{self._file}: write it with one key on each line, then it can be edited.")
        blank = [""] if self.text.strip() else []
        return self._insert(len(self.text), [*blank, f"{section}:", *_lines(pairs, 2, 2)])

    def _below(self, sources: MappingNode, pairs: Sequence[NewKey]) -> str:
        column = sources.start_mark.column
        end = max(self._end_of(pair) for pair in _pairs(sources))
        steps = [
            value.start_mark.column - column
            for _, value in _pairs(sources)
            if isinstance(value, MappingNode) and not value.flow_style
        ]
        step = next((step for step in steps if step > 0), column or 2)
        place = self._past_comments(self._line_end(end), max(column, 1))
        return self._insert(place, _lines(pairs, column, step))

    def _among_flow(self, sources: MappingNode, pairs: Sequence[NewKey]) -> str:
        end = max(self._end_of(pair) for pair in _pairs(sources))
        added = "".join(f", {new.in_line()}" for new in pairs)
        return self.text[:end] + added + self.text[end:]

    def _replace_empty(self, section: str, value: Node, pairs: Sequence[NewKey]) -> str:
        """`sources: {}` or `sources: null`: the empty value gives way to lines."""
        if value.value not in ([], "null", "~"):
            raise EditError(
                f"{self._file}:{value.start_mark.line + 1}: {section}: a mapping is needed: lines `key: value`"
                " below it; correct this first."
            )
        before = self.text[: value.start_mark.index].rstrip(" ")
        shorter = Sheet(before + self.text[value.end_mark.index :], self._file)
        return shorter.with_pairs(section, pairs)

    def _insert(self, place: int, lines: Sequence[str]) -> str:
        before, after = self.text[:place], self.text[place:]
        broken = self._newline if before and not before.endswith("\n") else ""
        return before + broken + "".join(line + self._newline for line in lines) + after

    # ------------------------------------------------------------ finding

    def _section(self, name: str) -> tuple[Node | None, Node | None]:
        return next(((key, value) for key, value in _pairs(self._root) if _word(key) == name), (None, None))

    def _end_of(self, pair: tuple[Node, Node]) -> int:
        """Where the text of a key and its value ends."""
        key, value = pair
        # An alias stands for a node further up; what is empty is said to stand where the next thing begins.
        inside = value.start_mark.index >= key.end_mark.index and value.start_mark.index < value.end_mark.index
        if not inside:
            return len(self.text[: self._line_end(key.end_mark.index)].rstrip("\r\n"))
        if not isinstance(value, CollectionNode):
            return len(self.text[: value.end_mark.index].rstrip())  # a block scalar takes blank lines along
        if value.flow_style:
            return int(value.end_mark.index)
        last = value.value[-1]
        deepest = self._end_of(last) if isinstance(last, tuple) else self._end_of((key, last))
        return max(deepest, self._last_content_before(value.end_mark.index))

    def _last_content_before(self, index: int) -> int:
        """The end of the last line before `index` that is neither blank nor a comment."""
        lines = self.text[:index].splitlines(keepends=True)
        while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
            lines.pop()
        return len("".join(lines).rstrip())

    def _line_end(self, index: int) -> int:
        """The index after the line break that ends the line."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1

    def _past_comments(self, index: int, column: int) -> int:
        """`index` moved on over lines that hold only a comment, indented by `column` or more."""
        while True:
            line = self.text[index : self._line_end(index)]
            if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) < column:
                return index
            index += len(line)


def comparable(url: str) -> str:
    """The URL in a form in which equal ones are equal; text that is none stays as it is."""
    url = typed_urls.complete(url)
    try:
        return typed_urls.comparable_url(url) if typed_urls.is_url(url) else url
    except ValueError:  # a port that is `${PORT}`
        return url


def _pairs(node: Node | None) -> list[tuple[Node, Node]]:
    return list(node.value) if isinstance(node, MappingNode) else []


def _word(node: Node) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""


def _key(source_id: str) -> str:
    """An id that YAML would read as a number or a date stands in quotes."""
    return scalar(source_id) if source_id[0].isalpha() else f"'{source_id}'"


def scalar(value: str) -> str:
    """A text of one line as YAML, in quotes where it needs them."""
    plain = _PLAIN_URL.fullmatch(value) or (_PLAIN_WORDS.fullmatch(value) and value.lower() not in _WORDS_OF_YAML)
    return value if plain else "'" + value.replace("'", "''") + "'"


def _lines(pairs: Iterable[NewKey], column: int, step: int) -> list[str]:
    return [line for new in pairs for line in new.in_lines(column, step)]


def _step(step: SiftingStep) -> str:
    found = [scalar(escape(one)) for one in step.patterns]
    asked = found[0] if len(found) == 1 else f"[{', '.join(found)}]"
    return f"{{ {step.does}: {asked if step.field == 'words' else f'{{ {step.field}: {asked} }}'} }}"
