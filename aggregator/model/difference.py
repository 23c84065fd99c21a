"""What an edit of feeds.yaml does, told before or when it is taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Fate = Literal["added", "removed", "edited"]
"""What becomes of a source, list or publication. `edited`: it is there before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """What was found at the address to which an edit moves a source.

    Attributes:
        entries: How many there are.
        known: Those that are stored: they keep their ids, and nobody is told of them again.
        again: What those are called that are new by their names, and were shown already under another id.
        failure: Why it could not be read, whole sentences; "" where it could.
    """

    entries: int = 0
    known: int = 0
    again: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """What an edit does to one source.

    Attributes:
        id: Its label afterwards; of one that is removed, its last.
        fate: What becomes of it.
        address: Where it is afterwards, as it may be shown; of one that is removed, where it was.
        was: The label that it had; None where that stays, or there was none.
        moved_from: The address that it had; None where that stays.
        keys: What else of it is changed, by the keys of feeds.yaml.
        items: How many items of it are stored already; None where no store was asked.
        there: What was found at its new address; None where it stays, or nobody asked.
        polling: `ends` where its host is among those that asked not to be read from then on, `resumes` where it is
            no more; None where that stays.
    """

    id: str
    fate: Fate
    address: str
    was: str | None = None
    moved_from: str | None = None
    keys: tuple[str, ...] = ()
    items: int | None = None
    there: NewAddress | None = None
    polling: Literal["ends", "resumes"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """What an edit does to one list elsewhere; what becomes of sources that are known is told of each of those.

    Attributes:
        id: Its name afterwards; of one that is removed, its last.
        fate: What becomes of it.
        address: Where it is afterwards, as it may be shown; of one that is removed, where it was.
        was: The name that it had; None where that stays, or there was none.
        moved_from: The address that it had; None where that stays.
        keys: What else of it is changed, by the keys of feeds.yaml.
        polling: As of a source.
    """

    id: str
    fate: Fate
    address: str
    was: str | None = None
    moved_from: str | None = None
    keys: tuple[str, ...] = ()
    polling: Literal["ends", "resumes"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """What an edit does to the entries that a publication shows; all by their published ids.

    Attributes:
        shown: How many it shows afterwards.
        added: Those that it did not show before, newest first.
        dropped: Those that it shows no more, newest first.
        again: Of the added ones those that subscribers were shown already, under another id: they would take them
            for new.
        titles: What those that are added and dropped are called, by their ids; "" where they have no title.
    """

    shown: int
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationChange:
    """What an edit does to one publication.

    Attributes:
        id: Its id afterwards; of one that is removed, its last.
        fate: What becomes of it.
        was: The id that it had and whose place it takes; None where it stays.
        keys: What else of it is changed, by the keys of feeds.yaml; () where only its entries are.
        becomes: What it becomes that it was not, a token aside; None where who may read it stays.
        lost_tokens: How many tokens open it no more, though it stays private.
        ends: Paths of its feeds that lead nowhere any more, without the token that is before some.
        resembles: Of one that is added, the id of one that goes and chooses the same; None where there is none.
        entries: What that does to its entries; None where that was not computed.
    """

    id: str
    fate: Fate
    was: str | None = None
    keys: tuple[str, ...] = ()
    becomes: Literal["public", "private"] | None = None
    lost_tokens: int = 0
    ends: tuple[str, ...] = ()
    resembles: str | None = None
    entries: EntryChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs between two versions of feeds.yaml, and what that does to what is published.

    Attributes:
        sources: Those that differ, in the order of the later version; then those that it lacks.
        publications: Likewise.
        lists: Likewise.
        sections: Of `site`, `stories`, `withdraw` and `opt_out` those that differ.
        notes: What the editor may want to know besides; whole sentences.
        uncounted: Why the entries were not computed, one sentence; "" where they were.
    """

    sources: tuple[SourceChange, ...] = ()
    publications: tuple[PublicationChange, ...] = ()
    lists: tuple[ListChange, ...] = ()
    sections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    uncounted: str = "no store was asked"

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.sources or self.publications or self.lists or self.sections)

    @property
    def again(self) -> int:
        """How many entries subscribers would be shown a second time, as far as anybody looked; see `unseen`."""
        stored = sum(len(one.entries.again) for one in self.publications if one.entries)
        return stored + sum(len(one.there.again) for one in self.sources if one.there)

    @property
    def unseen(self) -> tuple[str, ...]:
        """The sources that move to an address of which nobody knows what it holds."""
        moved = [one for one in self.sources if one.moved_from and one.items != 0 and one.polling != "ends"]
        return tuple(one.id for one in moved if one.there is None or one.there.failure)
