"""What comes of a poll, for whoever waits for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from aggregator.model import Source, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """A source that was polled, with what was decided of it; nothing of its texts, of which there may be many.

    Attributes:
        source: The source that was polled, as feeds.yaml has it.
        state: What was decided of it, and written unless the claim was lost.
        kinds: How many changes there were of each kind of verdict.
    """

    source: Source
    state: SourceState
    kinds: Counter[str]


Poll = asyncio.Task[PollOutcome | None]
"""A poll under way; what it brings is its source and state, or None where nothing could be stored."""
