"""What one publisher of the demo shows at present, and what the script does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.demo.content import Outlet, Piece

SINCE = timedelta(minutes=1)
"""How long before it is put up a piece of the script was published, by its own date: an edit is dated later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A piece that is up.

    Attributes:
        piece: What it says now.
        id: What the outlet calls it.
        published: When it was put up, as the outlet tells it.
        updated: When it was last changed, as the outlet tells it.
    """

    piece: Piece
    id: str
    published: datetime
    updated: datetime


@dataclass(slots=True, kw_only=True)
class Desk:
    """A publisher at work.

    Attributes:
        outlet: Which one.
        url: Where it is, without a slash at the end; "" before it is open.
        up: What is up, by name.
        deleted: The ids of what was taken back, and when.
        is_cut: Whether its feed breaks off.
        drips: Whether it sends a byte a second.
        refusal: The status that it answers to everything; "" where all is well.
        wait: With a refusal, in how many seconds one may come back; 0 where it does not say.
    """

    outlet: Outlet
    url: str = ""
    up: dict[str, Printed] = field(default_factory=dict)
    deleted: dict[str, datetime] = field(default_factory=dict)
    is_cut: bool = False
    drips: bool = False
    refusal: str = ""
    wait: int = 0

    def open(self) -> None:
        """Put up what is older than the demo."""
        for name, piece in self.outlet.pieces.items():
            if piece.ago is not None:
                self._put_up(name, piece.ago)

    @property
    def newest_first(self) -> list[Printed]:
        """What is up."""
        return sorted(self.up.values(), key=lambda one: one.published, reverse=True)

    def post(self, name: str) -> None:
        """Put a new piece up."""
        self._put_up(name, SINCE)

    def edit(self, name: str, changed: Mapping[str, str]) -> None:
        """Put other words in the place of some: from -> to."""
        one = self.up[name]
        said = tuple(part.replace(changed["from"], changed["to"]) for part in one.piece.paragraphs)
        self.up[name] = replace(one, piece=replace(one.piece, paragraphs=said), updated=_now())

    def retract(self, name: str) -> None:
        """Take a piece back, and say so in the feed."""
        self.deleted[self.up.pop(name).id] = _now()

    def touch(self) -> None:
        """Date everything anew, and change nothing."""
        self.up = {name: replace(one, updated=_now()) for name, one in self.up.items()}

    def renumber(self) -> None:
        """Call everything otherwise."""
        self.up = {name: replace(one, id=f"{one.id}-2") for name, one in self.up.items()}

    def break_off(self) -> None:
        """Send no feed to its end."""
        self.is_cut = True

    def drip(self) -> None:
        """Send a byte a second."""
        self.drips = True

    def refuse(self, details: Mapping[str, Any]) -> None:
        """Answer to everything with a status, and perhaps with when to come back."""
        self.refusal, self.wait = details["status"], details.get("wait", 0)

    def recover(self) -> None:
        """Be as it should be."""
        self.is_cut = self.drips = False
        self.refusal, self.wait = "", 0

    def _put_up(self, name: str, ago: timedelta) -> None:
        moment = _now() - ago
        called = f"tag:{self.outlet.name}.example,2026:{name}"
        self.up[name] = Printed(piece=self.outlet.pieces[name], id=called, published=moment, updated=moment)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
