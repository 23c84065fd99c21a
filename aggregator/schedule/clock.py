"""What a clock that ran ahead left behind: stored times that lie in the future.

Small machines without a battery start with any date, and are set right minutes later. What was stored meanwhile
must not silence a source, nor stand on top of every list, until that date comes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import ClockJump, SourceProfile, SourceState
from aggregator.schedule.moves import moving_notice

SLACK = timedelta(minutes=5)
"""So far ahead a stored time may lie without any harm: clocks are adjusted, and those of two machines differ."""

TOLD = timedelta(days=7)
"""How long the editor is told of it."""

_SECOND = timedelta(seconds=1)


def future_poll_time(state: SourceState, now: datetime) -> datetime | None:
    """Until when the clock had run when the source was last asked, if that lies in the future now; else None.

    When a source was asked is never a wish or a forecast, so it proves that the clock was wrong then or is now.
    """
    last = state.last_poll_at
    return last if last is not None and last > now + SLACK else None


def clamp_state_to_now(state: SourceState, now: datetime) -> SourceState:
    """The state as it can be used now: nothing in it has happened later than that.

    Its due time is left alone: whoever claims a source replaces that.
    """
    ahead = future_poll_time(state, now)
    if ahead is None:
        return state
    move = state.move
    return replace(
        state,
        last_poll_at=now,
        last_success_at=_no_later(state.last_success_at, now),
        whole_at=_no_later(state.whole_at, now),
        gone_since=_no_later(state.gone_since, now),
        article_at=_no_later(state.article_at, now),
        missed=tuple(replace(one, since=_no_later(one.since, now)) for one in state.missed),
        move=replace(move, since=_no_later(move.since, now)),
        posted=tuple(moment for moment in state.posted if moment <= now),
        partial=tuple(moment for moment in state.partial if moment <= now),
        profile=_clamp_profile(state.profile, now),
        clock=ClockJump(ahead=ahead, noticed=now),
    )


def all_notices(state: SourceState, now: datetime) -> str | None:
    """What the editor is told of a source: its notice, a move that was seen, the clock; None when nothing."""
    return " ".join(one for one in (state.notice, moving_notice(state), _clock_notice(state, now)) if one) or None


def _clock_notice(state: SourceState, now: datetime) -> str | None:
    """A sentence for a week after the clock was seen to have been ahead, and as long as it is not mended."""
    ahead = future_poll_time(state, now)
    if ahead is not None:
        return (
            f"This machine's clock was at {ahead:%Y-%m-%d %H:%M}Z when it was last asked. It is due, and what was "
            "stored then is taken for seen now."
        )
    if state.clock is None or not timedelta(0) <= now - state.clock.noticed < TOLD:
        return None
    return (
        f"This machine's clock had run ahead, to {state.clock.ahead:%Y-%m-%d %H:%M}Z. It was found out at "
        f"{state.clock.noticed:%Y-%m-%d %H:%M}Z, and all times stored in between were set to that."
    )


def _clamp_profile(profile: SourceProfile, now: datetime) -> SourceProfile:
    """As if judged a second ago, so that this poll teaches something and what was held is judged by it."""
    before = now - _SECOND
    return replace(
        profile,
        since=_no_later(profile.since, before),
        judged_at=_no_later(profile.judged_at, before),
        quarantined=tuple(replace(one, since=min(one.since, before)) for one in profile.quarantined),
        unordered=tuple(one for one in profile.unordered if one.at <= now),
    )


def _no_later(moment: datetime | None, bound: datetime) -> datetime | None:
    return None if moment is None else min(moment, bound)
