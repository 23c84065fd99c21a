"""Texts that make a pattern that backtracks work for ever: its own literals, repeated, and their pairs.

python -m tests.support.pumps [SIZE]     prints the patterns of the package that do not stand them
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import aggregator

MOST_ATOMS = 8
"""Literals of one pattern that are paired with each other."""

FEW = 3
"""Alternatives of one group that are looked into: hundreds of phrases behave like the first."""

LIMIT = 2.0
"""CPU seconds for one text: a linear pattern takes some hundredths of one."""

FACTOR = 30
"""How much longer ten times the text may take: ten for a linear pattern, a hundred for a quadratic."""

SLOW = 6e-6
"""CPU seconds a character below which nothing is suspected; ordinary patterns take a tenth of that."""

_METHODS = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_ANY = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: "-",
}


@dataclass(frozen=True)
class Found:
    """A pattern and where it stands; `methods` are those by which the package applies it, as far as it shows."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


@dataclass
class _Atoms:
    """What a pattern is made of: pieces of text that it may match, and whole samples of what it matches."""

    pieces: dict[str, None] = field(default_factory=dict)

    def sample(self, parsed: Iterable[tuple[Any, Any]]) -> str:
        """A text that the items match in a row, look-arounds aside; notes its pieces."""
        text, run = "", ""
        for kind, value in parsed:
            if kind is codes.LITERAL:
                run += chr(value)
                continue
            self._note(run)
            text += run
            run = ""
            text += self._one(kind, value)
        self._note(run)
        return text + run

    def _note(self, piece: str) -> None:
        if piece:
            self.pieces[piece] = None
            if len(piece) > 1:
                self.pieces[piece[0]] = None

    def _one(self, kind: Any, value: Any) -> str:
        if kind is codes.IN:
            return self._set(value)
        if kind in (codes.ANY, codes.NOT_LITERAL):
            return "x" if value != ord("x") else "y"
        if kind is codes.BRANCH:
            found = [self.sample(branch) for branch in [*value[1][:FEW], *value[1][-1:]]]
            for one in found:
                self._note(one)
            return found[0]
        return self._group(kind, value)

    def _group(self, kind: Any, value: Any) -> str:
        if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            least, most, inner = value
            one = self.sample(inner)
            self._note(one)
            return one * max(least, min(2, int(most)))
        if kind in (codes.ASSERT, codes.ASSERT_NOT):
            self.sample(value[1])
            return ""
        inside = {codes.SUBPATTERN: lambda: value[3], codes.ATOMIC_GROUP: lambda: value}.get(kind)
        return self.sample(inside()) if inside else ""

    def _set(self, members: Iterable[tuple[Any, Any]]) -> str:
        found = [_member(kind, value) for kind, value in members if kind is not codes.NEGATE]
        negated = any(kind is codes.NEGATE for kind, _ in members)
        inside = next(letter for letter in "a1 -.<é" if letter not in found) if negated else found[0]
        for one in [*found[:2], *found[-1:], inside]:
            self._note(one)
        return inside


def _member(kind: Any, value: Any) -> str:
    if kind is codes.CATEGORY:
        return _ANY[value]
    return chr(value[0] if kind is codes.RANGE else value)


def pumps(pattern: re.Pattern[Any], *, paired: bool = True) -> list[str]:
    """Short texts to be repeated: a sample, the pattern's pieces, and the pieces' pairs if they are wanted."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    atoms = _Atoms()
    sample = atoms.sample(parser.parse(source, pattern.flags & (re.VERBOSE | re.ASCII | re.IGNORECASE)))
    pieces = list(dict.fromkeys([*sorted(atoms.pieces, key=len)[:MOST_ATOMS], " "]))
    pairs = (one + other for one in pieces for other in pieces if one != other)
    cut = [sample, sample[:-1], sample[1:], *(sample + piece for piece in pieces)]
    return [one for one in dict.fromkeys([*pieces, *cut, *(pairs if paired else ())]) if one]


def texts(pump: str, size: int) -> Iterator[str]:
    """The pump repeated, with ends and beginnings that do not fit."""
    body = pump * (size // len(pump))
    yield f"{body}\x00"
    yield f"x{body}"


def patterns() -> list[Found]:
    """Every compiled pattern of the package: those that modules hold, and those that functions spell out."""
    found: list[Found] = []
    for module in _modules():
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        used = _used(tree)
        for name, value in vars(module).items():
            for pattern in _within(value):
                methods = used.get(name) or frozenset({"search", "match", "fullmatch", "sub"})
                found.append(Found(place=f"{module.__name__}.{name}", pattern=pattern, methods=methods))
        found += _spelt_out(module.__name__, tree)
    unique = {(one.pattern, one.methods): one for one in found}
    return list(unique.values())


def _modules() -> Iterator[Any]:
    for info in pkgutil.walk_packages(aggregator.__path__, "aggregator."):
        if "migrations" not in info.name and not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def _within(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    for one in _parts(value) if depth < 3 else ():
        yield from _within(one, depth + 1)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, tuple | list | frozenset | set):
        return value
    if isinstance(value, type) and value.__module__.startswith("aggregator"):
        return list(vars(value).values())
    return ()


def _used(tree: ast.Module) -> dict[str, frozenset[str]]:
    """By the name of a pattern, the methods that are called on it; nothing for one that is handed on."""
    called: dict[str, set[str]] = {}
    owners: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            called.setdefault(node.value.id, set()).add(node.attr)
            owners.add(id(node.value))
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Name) and isinstance(node.target, ast.Name):
            owners.add(id(node.iter))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    handed = {node.id for node in names if id(node) not in owners}
    for node in ast.walk(tree):  # each of several patterns is called by the name that a loop gives it
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Name) and isinstance(node.target, ast.Name):
            called.setdefault(node.iter.id, set()).update(called.get(node.target.id, ()))
    return {name: frozenset(methods & _METHODS) for name, methods in called.items() if name not in handed}


def _spelt_out(module: str, tree: ast.Module) -> Iterator[Found]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if getattr(node.func.value, "id", "") != "re" or node.func.attr not in _METHODS:
            continue
        if isinstance(node.args[0], ast.Constant):
            flags = re.IGNORECASE if "re.IGNORECASE" in ast.unparse(node) else re.NOFLAG
            pattern = re.compile(node.args[0].value, flags)
            yield Found(place=f"{module}:{node.lineno}", pattern=pattern, methods=frozenset({node.func.attr}))


def applied(found: Found, text: str) -> Iterator[Callable[[], object]]:
    """The pattern's methods, ready to be called with the text."""
    subject: Any = text if isinstance(found.pattern.pattern, str) else text.encode("utf-8", "replace")
    empty: Any = "" if isinstance(subject, str) else b""
    every = found.methods
    if every & {"sub", "subn", "split", "findall", "finditer"}:
        yield lambda: found.pattern.sub(empty, subject)
    if "search" in every:
        yield lambda: found.pattern.search(subject)
    if "match" in every:
        yield lambda: found.pattern.match(subject)
    if "fullmatch" in every:
        yield lambda: found.pattern.fullmatch(subject)


class TooSlowError(Exception):
    """The limit is over."""


def seconds(work: Callable[[], object], limit: float = LIMIT) -> float:
    """CPU seconds that some work takes; infinite beyond the limit. SRE looks for signals, so it can be ended."""

    def ring(*_: object) -> None:
        raise TooSlowError

    signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    begin = time.process_time()
    try:
        with suppress(ValueError):  # numbers with too many digits, say: quick enough
            work()
    except TooSlowError:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begin


def slow(found: Found, size: int, *, paired: bool = True) -> str | None:
    """The first pump that the pattern does not stand, and how long that took; None without one."""
    limit = max(LIMIT, 2 * SLOW * size)
    for pump in pumps(found.pattern, paired=paired):
        for large, small in zip(texts(pump, size), texts(pump, size // 10), strict=True):
            for much, little in zip(applied(found, large), applied(found, small), strict=True):
                after = seconds(much, limit)
                if (
                    SLOW * size < after <= limit
                ):  # which a collection of garbage may come to as well, but not each time
                    after = min(after, seconds(much, limit), seconds(much, limit))
                if after > SLOW * size and (
                    after > limit or after > FACTOR * max(seconds(little) for _ in range(3))
                ):
                    return f"{pump[:60]!r}: {after:.2f} s"
    return None


def failing(size: int, *, paired: bool) -> list[str]:
    """A line for each pattern of the package that does not stand its pumps."""
    found = ((one, slow(one, size, paired=paired)) for one in patterns())
    return [f"{one.place} {one.pattern.pattern!r:.120} {what}" for one, what in found if what]
