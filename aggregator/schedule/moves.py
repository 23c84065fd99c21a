"""When a permanent redirect of a source is believed, and its new place asked directly.

301 and 308 are meant for ever, but a login wall, a notice of maintenance, a parked domain or a mistake of an
afternoon sends them too. One is believed after it was seen on several polls in a row, spread over days, each time
giving the very feed that the source is. What does not give it is left at once. Until then, and whenever the new
place fails, the address in feeds.yaml is asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import Move, SourceState

POLLS = 3
SPREAD = timedelta(days=2)


def note_answer(move: Move, moved_to: str | None, now: datetime) -> Move:
    """What is known of a move after one more answer that gave the source's feed; `moved_to` as in `Fetched`.

    An answer from the believed new place itself brings no redirect, and changes nothing.
    """
    if moved_to is None:
        return move if is_believed(move) else Move()
    if moved_to != move.to or not move.polls:
        return Move(to=moved_to, since=now, polls=1)
    if is_believed(move):
        return move
    spread = move.since is not None and now - move.since >= SPREAD
    # The last of the polls counts only after the spread, so that `is_believed` needs no clock.
    return replace(move, polls=move.polls + 1 if spread or move.polls + 1 < POLLS else move.polls)


def is_believed(move: Move) -> bool:
    """Whether a move was seen often enough that its new place is asked directly."""
    return move.to is not None and move.polls >= POLLS


def leave_new_place(move: Move) -> Move:
    """The move after its place gave something else than the feed: what was seen of it counts no more.

    The place itself stays known, as the last to ask should the address in feeds.yaml give nothing at all.
    """
    return replace(move, polls=0)


def source_notice(state: SourceState) -> str | None:
    """What the editor should do about a source: move it, remove it, or name its feed; None when nothing."""
    if state.gone_since is not None:
        since = f"{state.gone_since:%Y-%m-%d}"
        return f"Its server says since {since} that it is gone for good (410). Remove it, or mend its URL."
    if is_believed(state.move):
        return f"It has moved for good. Put its new address into feeds.yaml: {state.move.to}"
    if state.discovered is not None:
        return f"Its URL is a page; its feed was found at {state.discovered}. Put that into feeds.yaml."
    return None


def moving_notice(state: SourceState) -> str | None:
    """What the editor may want to do about a move that was seen and is not believed yet; None without one."""
    if not state.move.polls or is_believed(state.move) or state.gone_since is not None:
        return None
    times = "once" if state.move.polls == 1 else f"{state.move.polls} times"
    return (
        f"Its server says that it has moved for good (seen {times}), to {state.move.to}. It is read from there; "
        "if that is right, put that address into feeds.yaml."
    )
