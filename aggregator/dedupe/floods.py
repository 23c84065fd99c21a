"""How many new items a source may bring within a day: far more than any real one does, and yet a bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from aggregator.model import Decision, SourceProfile

MOST_A_DAY: Final = 10_000
"""New items of one source. The busiest wires have some thousands a day; a document has a thousand at most, and one
that gives each of its items a new id at every poll would bring 288,000."""

_DAY: Final = timedelta(days=1)


def bound_new(decision: Decision, now: datetime) -> Decision:
    """The decision with no more new items than the source may bring until its day is over.

    The first in the document are taken; the others, counted in `over`, are not among what is `listed`: they are
    new whenever they are found again.
    """
    if not any(change.verdict.kind == "new" for change in decision.changes):
        return decision
    profile = _begin_day(decision.profile, now)
    room = MOST_A_DAY - profile.day_new
    new = [change for change in decision.changes if change.verdict.kind == "new"]
    left = {change.item.uid for change in new[max(room, 0) :]}
    profile = replace(profile, day_new=profile.day_new + len(new))
    if not left:
        return replace(decision, profile=profile)
    return replace(
        decision,
        profile=profile,
        changes=tuple(change for change in decision.changes if change.item.uid not in left),
        listed=decision.listed - left,
        over=len(left),
    )


def flood_notice(profile: SourceProfile) -> str | None:
    """That a source brings more than it may, one sentence; None when it does not."""
    if profile.day is None or profile.day_new <= MOST_A_DAY:
        return None
    return (
        f"It brought more than {MOST_A_DAY} new items within a day; what comes beyond that is taken from "
        f"{profile.day + _DAY:%Y-%m-%d %H:%M} UTC on, if it is still there. If its items get new ids at every "
        "poll, say in feeds.yaml what tells them apart (`identity: url` or `title`)."
    )


def _begin_day(profile: SourceProfile, now: datetime) -> SourceProfile:
    """A day begins with the first new item after the last one ended; a clock set back ends it as well."""
    if profile.day is not None and timedelta() <= now - profile.day < _DAY:
        return profile
    return replace(profile, day=now, day_new=0)
