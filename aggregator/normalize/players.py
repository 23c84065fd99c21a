"""Players of sound and film in sanitized markup that have nothing to play, as with addresses for scripts alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aggregator.normalize.images import write_picture
from aggregator.normalize.markup import attributes, tags

PLAYERS: Final = frozenset({"audio", "video"})


@dataclass(slots=True)
class _Player:
    """A player whose end tag was not met yet.

    Attributes:
        start: Where its start tag begins.
        end: Where that ends.
        poster: The address of its poster; "" where it has none.
        plays: Whether a source was found, on itself or within it.
    """

    start: int
    end: int
    poster: str
    plays: bool


def without_empty_players(markup: str) -> str:
    """Each player without a source as its poster and what it holds for browsers that play nothing.

    A sentence alone beside a poster goes, for it says that the browser cannot play.
    """
    if "<video" not in markup and "<audio" not in markup:
        return markup
    opened: list[_Player] = []
    changes: list[tuple[int, int, str]] = []
    for tag in tags(markup):
        if tag[2] == "source" and opened:
            opened[-1].plays = True
        elif tag[2] in PLAYERS and not tag[1]:
            values = attributes(markup[tag.start() + 1 + len(tag[2]) : tag.end() - 1])
            opened.append(_Player(tag.start(), tag.end(), values.get("poster", ""), "src" in values))
        elif tag[2] in PLAYERS and opened and not (player := opened.pop()).plays:
            changes += _unwrap(player, markup, tag.start(), tag.end())
    return _apply(markup, sorted(changes))


def _unwrap(player: _Player, markup: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """What takes the place of a player's start tag and of its end tag; or of all, where words are within."""
    poster = write_picture({"src": player.poster}, None)
    if poster and "<" not in markup[player.end : start]:
        return [(player.start, end, poster)]
    return [(player.start, player.end, poster), (start, end, "")]


def _apply(markup: str, changes: list[tuple[int, int, str]]) -> str:
    parts, read = [], 0
    for start, end, written in changes:
        parts += [markup[read:start], written]
        read = end
    return "".join([*parts, markup[read:]])
