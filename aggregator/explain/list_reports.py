"""How the lists elsewhere are that feeds.yaml follows, as /status and `aggregator status` tell it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from aggregator.model import Catalogue, FollowedList, ListState
from aggregator.text.opted_out import tell_opt_out

ListStatus = Literal["ok", "failed", "held", "pending", "disabled"]

LIST_STATUSES: Final[tuple[ListStatus, ...]] = ("failed", "held", "pending", "ok", "disabled")
"""Those that want an eye on them first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReport:
    """One list that is followed.

    Attributes:
        id: Its name in feeds.yaml.
        url: Where it is, as it may be shown.
        status: In one word; `failed`: it could not be read when it was asked last; `held`: it lost so much at once
            that this is not believed; `pending`: nobody has asked for it yet; `disabled`: its host asked not to be
            read.
        feeds: How many feeds it names, or named when it could be read last.
        last_read: When that was; None before it could be.
        trouble: Why it could not be read, and what holds instead, whole sentences; "" where it could.
        held: What it lost, and until when that goes on being read; "" where nothing is held.
        wish: Who asked not to be read; "" where nobody did.
    """

    id: str
    url: str
    status: ListStatus
    feeds: int = 0
    last_read: datetime | None = None
    trouble: str = ""
    held: str = ""
    wish: str = ""


def list_reports(catalogue: Catalogue, states: Mapping[str, ListState]) -> tuple[ListReport, ...]:
    """Each list of the catalogue, in its order; `states` is what the store remembers, by the list's id."""
    return tuple(_report(one, states.get(one.id), catalogue) for one in catalogue.lists)


def _report(one: FollowedList, state: ListState | None, catalogue: Catalogue) -> ListReport:
    name, url, opt_out = one.id, one.source.url, one.source.opted_out
    if opt_out is not None:
        wish = f"{tell_opt_out(opt_out, catalogue.opted_out)}: it is not asked"
        return ListReport(id=name, url=url, status="disabled", wish=wish)
    if state is None:
        return ListReport(id=name, url=url, status="pending")
    return ListReport(
        id=name,
        url=url,
        status="failed" if state.error else "held" if state.held_since is not None else "ok",
        feeds=sum(one.listed for one in state.members),
        last_read=state.succeeded_at,
        trouble=_tell_trouble(state),
        held=_tell_held(state),
    )


def _tell_trouble(state: ListState) -> str:
    if not state.error:
        return ""
    return f"{state.error}{' What it named before holds.' if state.members else ''}"


def _tell_held(state: ListState) -> str:
    if state.held_since is None:
        return ""
    lost, they = ("1 feed", "it goes") if state.missing == 1 else (f"{state.missing} feeds", "they go")
    return (
        f"since {state.held_since:%Y-%m-%d} it lacks {lost}, lost at once; {they} on being read until that is so "
        "for a week, or `url:` of the list is another"
    )
