"""What polling asks of a store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model import Item, ItemKey, ListState, SourceState, Takeover, Update, Withheld, Withholding
from aggregator.ports.read_only import ReadOnlyStore


class SourceStore(ReadOnlyStore, Protocol):
    """The part of the store that knows the sources and writes what their polls brought."""

    async def keep_catalogue(self, content: bytes, now: datetime, *, replacing: int | None = None) -> int | None:
        """Keep feeds.yaml as it was understood, as the newest version; its number.

        Nothing is written where it is as it was kept last. With `replacing`, nor where the newest is another one
        than that (0: where there is any): somebody else was faster, and the answer is None.
        """
        ...

    async def keep_list(self, state: ListState) -> None:
        """Remember what came of asking for a list; their version rises where it names other feeds than before."""
        ...

    async def register(self, due: Mapping[str, datetime], disabled: Collection[str], now: datetime) -> None:
        """Make the stored sources those of the catalogue.

        Sources not met before get the first due time that `due` has for them; known ones keep theirs, so a
        restart does not poll what is not due. Those in `disabled`, and stored ones in neither, are not polled
        but lose nothing. A source that comes back is polled when it was due.
        """
        ...

    async def take_over(self, takeovers: Sequence[Takeover]) -> bool:
        """Call stored sources otherwise, with all that they brought; in one transaction, all or none.

        What is being polled meanwhile can write no more. Uids, published ids and dates stay.
        False, and nothing done, if any of them is not as it was when this was decided, or its new label is
        another's: somebody else took them over.
        """
        ...

    async def withhold(self, asked: Withholding, now: datetime, *, arrived: bool = False) -> tuple[Withheld, ...]:
        """Withhold the items that are meant, whatever polls bring; give back what was withheld for other reasons.

        Those of which that is news. Of publishers' ids those count that one item has. All publications are
        outdated then. What is given back has the dates that it had. With `arrived` nothing is given back, and
        hosts and sources mean only items that no document has shown yet as they are: for as often as one likes.
        """
        ...

    async def claim_due(
        self,
        now: datetime,
        lease: timedelta,
        limit: int,
        patience: timedelta = timedelta(minutes=5),
        *,
        but_not: Collection[str] = (),
        among: Collection[str] | None = None,
    ) -> tuple[SourceState, ...]:
        """Take up to `limit` enabled sources that are due and that nobody polls, the longest overdue first.

        Not those in `but_not`, whoever holds them: what the caller itself is polling, be its lease over or not.
        With `among` only such as are in it; of more than some hundred, the first in its order come first.

        One whose due time lies more than 31 days ahead is due as well: only a wrong clock sets such a time. Each
        is leased to this store object until `now + lease`, and its lease number rises, in one transaction; nobody
        else takes it until then. Its due time stays, so a crash delays it by no more than the lease; where nothing
        came of five claims in a row, by `patience` more. The states returned carry the new number.
        """
        ...

    async def find_due(
        self,
        now: datetime,
        limit: int,
        patience: timedelta = timedelta(minutes=5),
        *,
        but_not: Collection[str] = (),
    ) -> tuple[str, ...]:
        """The ids of what `claim_due` would take, in its order; nothing is taken."""
        ...

    async def claim(self, source_ids: Sequence[str], now: datetime, lease: timedelta) -> tuple[SourceState, ...]:
        """Take the named sources whether due, enabled, or not, but for those that somebody polls.

        In the order given; unknown names are left out.
        """
        ...

    async def renew(self, source_ids: Collection[str], now: datetime, lease: timedelta) -> frozenset[str]:
        """Hold those of the sources that this store object took, and has not committed, until `now + lease`.

        Returns which these are.
        """
        ...

    async def release(self, state: SourceState) -> None:
        """Give a source that was taken back as it was; nothing happens if somebody else has taken it since."""
        ...

    async def clamp_to_now(self, now: datetime, due: Collection[str]) -> int:
        """Set all times in the future to `now`; how many items were first seen, or are dated, later than that.

        For when this machine's clock is seen to have run ahead. Publishers' claims stay, and the due times of
        sources that are not in `due`; these are due now. Nothing is lost, no id changes.
        """
        ...

    async def find_known(self, source_id: str, keys: Collection[ItemKey]) -> Mapping[ItemKey, tuple[Item, ...]]:
        """The stored items of the source that bear any of the keys, as their own or as an alias.

        Out: key -> its bearers, the one whose own it is first, then by uid; nothing for a key that none bears.
        An item that bears several of the keys is one object under all of them.
        """
        ...

    async def find_items(self, uids: Collection[str]) -> tuple[Item, ...]:
        """The stored items that bear the uids and still have what they said, in no order."""
        ...

    async def commit(self, update: Update) -> bool:
        """Write a poll's outcome in one transaction; False, and nothing written, if its lease was lost.

        A `public_id` that another item bears already is replaced by `urn:uuid:<uid>`. A new item whose key is
        stored already changes nothing. Items new or revised get a row in the revisions; so does what superseded
        the last one, in the place of what did before. The aliases of all are noted. Of a stored item the uid, the
        key, the public id and the first sight never change.
        Items of the source that a whole `listing` lacks are absent since `state.last_poll_at`, unless they were
        absent before; those that a listing has are not.
        Committing the same update again changes nothing. A source that was never registered has no lease: False.
        """
        ...
