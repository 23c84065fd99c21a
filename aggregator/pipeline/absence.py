"""What a reading says of the items that it does not list.

A whole one says that they have left. One that is not whole (longer than we read, broken off, only what is new,
with an entry of which nobody can say whose it is) cannot say so of any; yet what none of many such readings had in
a long time is listed nowhere that we could see. Else a source that never gives a whole list would be stored for
ever.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from aggregator.model import Listing, Update

OFTEN: Final = 20
"""So many readings that are not whole, with none of them listing an item,"""

LONG: Final = timedelta(days=30)
"""in so long a time at least, come to the word that it has left."""


def note_listing(update: Update, uids: frozenset[str], *, whole: bool, telling: bool) -> Update:
    """The update of a poll that read a document, with what that document says of the source's items.

    In: the update; the uids of the items that it lists for sure; whether it is whole; whether it is this feed's
    for sure. One that lists nothing, and is not whole, is no reading: so a server that breaks off at once takes
    nothing away, however often it answers.
    """
    state = update.state
    at, partial = state.last_poll_at, state.partial
    if whole:
        partial = ()
    elif telling and uids and at is not None:
        partial = (at, *partial)[:OFTEN]
    before = None
    if at is not None and len(partial) == OFTEN:
        before = min(partial[-1], at - LONG)
    listing = Listing(uids=uids, whole=whole, left_before=before)
    return replace(update, state=replace(state, partial=partial), listing=listing)
