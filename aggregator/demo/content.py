"""content/*.yaml -> who publishes, what they ever write, and in which order it happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from typing import Any, Literal, get_args

from aggregator.yamlfile import read
from aggregator.yamlfile.types import parse_duration

Form = Literal["rss", "atom", "json", "page"]
"""As what an outlet publishes: a feed of a format, or a page of links without any feed."""

Deed = Literal[
    "post",
    "edit",
    "retract",
    "touch",
    "renumber",
    "cut",
    "drip",
    "well",
    "answer",
    "follow",
    "withdraw",
    "await",
]
"""What one act of the script does; content/script.yaml says what each of them means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Something that an outlet writes.

    Attributes:
        name: Within its outlet; the last part of its address.
        title: Its headline.
        paragraphs: What it says.
        author: Who wrote it; "" where nobody is named.
        ago: How long before the start it was published; None if it waits for the script.
        picture: The file of its picture; "" without one.
        caption: What stands below the picture.
    """

    name: str
    title: str
    paragraphs: tuple[str, ...]
    author: str = ""
    ago: timedelta | None = None
    picture: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher of the demo.

    Attributes:
        name: Its id in feeds.yaml.
        title: What it calls itself.
        form: As what it publishes.
        language: BCP 47.
        tags: Which the editor gives it.
        priority: Which the editor gives it.
        pieces: All that it ever writes, by name.
    """

    name: str
    title: str
    form: Form
    language: str
    tags: tuple[str, ...]
    priority: int
    pieces: Mapping[str, Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that somebody does.

    Attributes:
        deed: What is done.
        outlet: By whom, or to whom.
        piece: With what; "" where the outlet as a whole is meant.
        details: What else the deed needs, by name.
    """

    deed: Deed
    outlet: str
    piece: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happens at once, and is told on one line.

    Attributes:
        told: What the publishers do.
        look: What is to be seen of it.
        acts: In this order.
        is_awaited: Whether the script goes on only once the worker has read what changed.
    """

    told: str
    look: str
    acts: tuple[Act, ...]
    is_awaited: bool


def load_outlets() -> tuple[Outlet, ...]:
    """Who publishes, in the order in which feeds.yaml lists them."""
    return tuple(_outlet(name, given) for name, given in _load("outlets.yaml").items())


def load_script() -> tuple[Happening, ...]:
    """What happens, in this order."""
    return tuple(_scene(given) for given in _load("script.yaml")["steps"])


def load_picture(name: str) -> bytes:
    """A drawing, as SVG."""
    return (resources.files(__package__) / "content" / name).read_bytes()


def _load(name: str) -> Mapping[str, Any]:
    return read(load_picture(name), name, {}).data


def _outlet(name: str, given: Mapping[str, Any]) -> Outlet:
    return Outlet(
        name=name,
        title=given["name"],
        form=given["form"],
        language=given["language"],
        tags=tuple(given["tags"]),
        priority=given.get("priority", 0),
        pieces={piece: _piece(piece, said) for piece, said in given["pieces"].items()},
    )


def _piece(name: str, given: Mapping[str, Any]) -> Piece:
    return Piece(
        name=name,
        title=given["title"],
        paragraphs=tuple(" ".join(part.split()) for part in given["text"].split("\n\n")),
        author=given.get("author", ""),
        ago=parse_duration(given["ago"]) if "ago" in given else None,
        picture=given.get("picture", ""),
        caption=given.get("caption", ""),
    )


def _scene(given: Mapping[str, Any]) -> Happening:
    acts = tuple(_act(one) for one in given["do"])
    is_awaited = not any(act.details.get("soon") for act in acts)
    return Happening(told=given["told"], look=given["look"], acts=acts, is_awaited=is_awaited)


def _act(given: Mapping[str, Any]) -> Act:
    details = dict(given)
    deed = next(name for name in get_args(Deed) if name in details)
    outlet, _, piece = details.pop(deed).partition("/")
    return Act(deed=deed, outlet=outlet, piece=piece, details=details)
