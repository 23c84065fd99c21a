"""The part of the store that changes nothing: what pages, feeds and explanations are made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol

from aggregator.model import (
    Copy,
    Document,
    Edge,
    Faults,
    FollowedLists,
    Format,
    FoundItems,
    Incident,
    Item,
    KeptCatalogue,
    NearMiss,
    RevisedItem,
    Revision,
    RevisionKey,
    SortKey,
    SourceState,
    SourceStatus,
    SourceTotals,
    StoreSize,
    TallyKey,
    Trouble,
    Withheld,
    Withholding,
    WordSearch,
)


class ReadOnlyStore(Protocol):
    """The part of the store that only reads; whoever is given no more than this can change nothing."""

    async def ping(self) -> None:
        """Raise StoreError unless the database answers."""
        ...

    async def kept_catalogue(self) -> KeptCatalogue | None:
        """feeds.yaml as it was last taken into use, variables unexpanded; None before it ever was."""
        ...

    async def catalogue_version(self) -> int:
        """The number of that version, 0 before the first; cheap enough to be asked every second."""
        ...

    async def followed_lists(self) -> FollowedLists:
        """What is remembered of lists elsewhere; of some that feeds.yaml does not follow any more, too."""
        ...

    async def lists_version(self) -> int:
        """The version of what they name, 0 before any named anything; cheap enough to be asked every second."""
        ...

    async def faults(self) -> tuple[Faults, ...]:
        """How often such faults struck, ever; those of polls stand in the states of sources."""
        ...

    async def tallies(self) -> Mapping[TallyKey, int]:
        """How often what was done, ever; what was never done is left out."""
        ...

    async def incidents(self, since: datetime, limit: int) -> tuple[Incident, ...]:
        """Those that stand and those that ended since then, by (began descending, id)."""
        ...

    async def size(self) -> StoreSize:
        """How much of the disk the database takes now."""
        ...

    async def states(self, source_ids: Collection[str] | None = None) -> Mapping[str, SourceState]:
        """The state of every source ever registered, by id, with the number of its items that were not pruned.

        Of the named ones only, where there are such names.

        Those that are not polled (see `register`) have the status `disabled`.
        """
        ...

    async def polled_since(self, moment: datetime) -> Mapping[str, SourceState]:
        """Of `states`, those of the sources that were asked then or later."""
        ...

    async def remarkable_states(self) -> Mapping[str, SourceState]:
        """Of `states`, those that say what few do.

        That is: of a fault of this program, of an earlier label, of a seed, or of a first poll after months.
        """
        ...

    async def totals(self) -> SourceTotals:
        """What all sources come to; far less work than `states`."""
        ...

    async def standings(self) -> Mapping[str, tuple[SourceStatus, Trouble | None, int]]:
        """Of each of `states` its status, its trouble and the number of its items; far less work."""
        ...

    async def latest(
        self, source_ids: Collection[str], limit: int, after: SortKey | None = None
    ) -> tuple[Item, ...]:
        """Standing items of the sources by their sort key, descending; `after` continues from that one."""
        ...

    async def search(
        self, search: WordSearch, source_ids: Collection[str], limit: int, after: int | None = None
    ) -> FoundItems:
        """Standing items of the sources that say what is searched for, the latest published first.

        `after` continues where an earlier answer ended. What a worker has not indexed yet is not found.
        """
        ...

    async def find_saying(self, search: WordSearch, uids: Collection[str], place: int) -> frozenset[str]:
        """Those of the items that say what is searched for and stand before `place`, which `search` once told.

        So an answer of `search` that ended there held them, or one before it, if they stood then.
        """
        ...

    async def item(self, name: str) -> Item | None:
        """The item whose uid, public id, publisher's id, URL or URL key is `name`, or None.

        Tried in that order; of several, the latest published.
        """
        ...

    async def find_withheld(self, asked: Withholding) -> tuple[Withheld, ...]:
        """What `SourceStore.withhold` would do; nothing is done."""
        ...

    async def revisions(self, uid: str) -> tuple[Revision, ...]:
        """What the item said over time, oldest first, with what superseded that in silence."""
        ...

    async def said(self, names: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], tuple[Revision, ...]]:
        """What items said at revisions, by uid and number; what was let go of is left out.

        Each is the revision, and what superseded it in silence, if anything did.
        """
        ...

    async def find_revised(
        self, source_ids: Collection[str], limit: int, after: RevisionKey | None = None
    ) -> tuple[tuple[RevisedItem, ...], RevisionKey | None]:
        """Changes of standing items of the sources, the latest seen first, and where the next part begins.

        One that was superseded in silence has its place by when that was seen.

        `after` continues there; None at the end. A part may be short, or empty, and not be the last: no more than
        a thousand changes of all sources are looked at. Of what was let go of nobody can tell what changed.
        """
        ...

    async def copies(self, uids: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
        """Those of the items that are in a story with others: uid -> all members of the story, by uid."""
        ...

    async def edges_of(self, uids: Collection[str]) -> tuple[Edge, ...]:
        """What speaks for each of the items being one piece with others."""
        ...

    async def evidence(self, uid: str) -> tuple[tuple[Edge, ...], tuple[NearMiss, ...]]:
        """What speaks for the item's being one piece with others, and which looked alike and were kept apart."""
        ...

    @property
    def saves(self) -> int:
        """How often this object has stored documents: where it is another number, others may be stored."""
        ...

    async def commits(self) -> int:
        """Another number than before if anything was committed since it was last asked, by whomever."""
        ...

    def listen(self, hear: Callable[[], None]) -> bool:
        """Call `hear` soon after another process has stored documents, until the store is closed.

        False where nobody tells of that, so that whoever wants to know has to ask often. Some may go unheard.
        """
        ...

    async def document_etags(self, publication_ids: Collection[str]) -> Mapping[tuple[str, Format], str]:
        """The ETags of the publications' stored documents, by publication and format."""
        ...

    async def document(self, publication_id: str, format: Format) -> Document | None:  # noqa: A002 # the field's word
        """The document as last rendered, or None."""
        ...

    async def edition_date(self, publication_id: str, format: Format, etag: str) -> datetime | None:  # noqa: A002 # the field's word
        """The last_modified of the document when it had the ETag, or None when that is not remembered (any more).

        Several thousand editions are remembered of each document. The digests of the present one compare with
        the date: later ones are of entries that are new or changed since.
        """
        ...

    async def feed_name(self, publication_id: str) -> str:
        """What the id of the publication's feed is made from; so it is of feeds that are stored nowhere.

        The id that it had first, behind what this installation has for itself: no two feeds ever have the same.
        """
        ...

    async def archive_numbers(self, publication_id: str) -> range:
        """The numbers of the pages of the publication's archive; empty before the first."""
        ...

    async def archive_page(self, publication_id: str, number: int, format: Format) -> Document | None:  # noqa: A002 # the field's word
        """A page of the publication's archive, or None."""
        ...

    async def find_unrendered_pages(self, publication_id: str) -> tuple[int, ...]:
        """The numbers of those pages of the publication's archive that nobody has asked for yet, in any format."""
        ...

    async def leads(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """Those of the items under whose ids the publication ever showed a story of several."""
        ...

    async def find_noted(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """Those of the items that were noted for the publication's archive, on a page or not."""
        ...
