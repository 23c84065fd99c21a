"""What status tells of lists elsewhere, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from aggregator.cli.shared import instant
from aggregator.model import Catalogue, ListState


def tell_lists(catalogue: Catalogue, states: Mapping[str, ListState], now: datetime | None) -> Iterator[str]:
    """A line for each list that feeds.yaml follows; without `now` only where something is the matter."""
    from aggregator.explain.list_reports import list_reports
    from aggregator.schedule import format_span

    for one in list_reports(catalogue, states):
        if one.status == "pending":
            yield f"list {one.id}: not asked yet: {one.url}"
        elif now is None and one.status in {"ok", "disabled"}:
            continue
        elif one.status == "disabled":
            yield f"list {one.id}: {one.wish}"
        else:
            read = f"read {format_span(now - one.last_read)} ago" if now and one.last_read else "never read"
            told = [f"{one.feeds} feed{'' if one.feeds == 1 else 's'}", *([read] if now is not None else [])]
            told += [f"not read: {one.trouble.removesuffix('.')}"] if one.trouble else []
            told += [f"held: {one.held}"] if one.held else []
            yield f"list {one.id}: {'; '.join(told)}"


def facts_of_lists(catalogue: Catalogue, states: Mapping[str, ListState]) -> list[dict[str, Any]]:
    """What `status --json` prints of them."""
    return [_facts(one.id, one.source.url, states.get(one.id)) for one in catalogue.lists]


def _facts(name: str, url: str, state: ListState | None) -> dict[str, Any]:
    found = {"id": name, "url": url, "feeds": 0, "last_check": None, "last_success": None, "next_check": None}
    if state is None:
        return {**found, "error": None, "held_since": None, "missing": 0}
    return {
        **found,
        "feeds": _count(state),
        "last_check": instant(state.checked_at),
        "last_success": instant(state.succeeded_at),
        "next_check": instant(state.next_check_at),
        "error": state.error or None,
        "held_since": instant(state.held_since),
        "missing": state.missing,
    }


def _count(state: ListState) -> int:
    return sum(one.listed for one in state.members)
