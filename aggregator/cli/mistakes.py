"""Mistakes in feeds.yaml and the settings, for people: each with its line, and a caret under the place."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from aggregator.yamlfile import Excerpt, find_excerpts

if TYPE_CHECKING:
    from aggregator.errors import ConfigurationError, Mistake

_LONGEST = 100
"""Columns of an excerpt where no terminal says how many it has."""

_CONTEXT = 0.6
"""Of the columns of a line that is cut, what stands before the marked part at most."""


def tell_mistakes(error: ConfigurationError) -> None:
    """Write all of them to standard error, then what else was noticed."""
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else _LONGEST
    for found, sign in ((error.mistakes, ""), (error.notices, "note: ")):
        for one, excerpt in zip(found, _find_all(found, error.contents), strict=True):
            typer.echo(f"{sign}{one}", err=True)
            for line in draw(excerpt, one.line or 0, width) if excerpt else ():
                typer.echo(line, err=True)
    count = len(error.mistakes)
    typer.echo(f"{count} mistake{'' if count == 1 else 's'}.", err=True)


def facts_of(mistakes: Sequence[Mistake], contents: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Mistakes or notices for machines, as config/check.schema.json describes them."""
    return [
        {
            "file": one.file,
            "line": one.line,
            "column": excerpt.column if excerpt else None,
            "end_column": excerpt.column + excerpt.width if excerpt else None,
            "path": one.path,
            "message": one.message,
            "text": excerpt.text if excerpt else None,
        }
        for one, excerpt in zip(mistakes, _find_all(mistakes, contents), strict=True)
    ]


def _find_all(mistakes: Sequence[Mistake], contents: Mapping[str, bytes]) -> list[Excerpt | None]:
    """The line of each, from whichever file it is in."""
    found: dict[int, Excerpt | None] = {}
    for file in {one.file for one in mistakes}:
        some = [number for number, one in enumerate(mistakes) if one.file == file]
        excerpts = find_excerpts([mistakes[number] for number in some], contents.get(file, b""))
        found.update(zip(some, excerpts, strict=True))
    return [found[number] for number in range(len(mistakes))]


def draw(excerpt: Excerpt, number: int, width: int) -> Iterator[str]:
    """The line with its number, and below it carets under the part; both fit into the width."""
    margin = f"{number:4} | "
    start, end = excerpt.column - 1, excerpt.column - 1 + excerpt.width
    room = max(width - len(margin) - 1, 10)
    text, cut = excerpt.text, 0
    if _columns(text[:end]) > room:
        while _columns(text[cut:start]) > room * _CONTEXT:
            cut += 1
    text = ("…" if cut else "") + _fit(text[cut:], room - (1 if cut else 0))
    shift = 1 if cut else 0
    before = text[: start - cut + shift]
    marked = text[start - cut + shift : end - cut + shift] or " "
    yield margin + text
    yield f"{' ' * (len(margin) - 2)}| {' ' * _columns(before)}{'^' * max(_columns(marked), 1)}"


def _fit(text: str, room: int) -> str:
    if _columns(text) <= room:
        return text
    kept, used = "", 1
    for char in text:
        used += _columns(char)
        if used > room:
            break
        kept += char
    return f"{kept}…"


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
