"""What readers can see of a change: two versions of an entry, as its source lets us show them, word by word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aggregator.model import Entry, RevisedItem, Revision, Source
from aggregator.publish import parts, rewriting, sanitize
from aggregator.text.differences import MOST_WORDS, Passage, difference

AND_BACK: Final = "and went back"
"""What is said of a change that cannot be seen any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleChange:
    """How an entry changed, as readers are told it.

    Attributes:
        before: What they were told until then.
        after: What they are told from then on.
        title: How its title changed; empty where it did not.
        text: How its text changed, as far as it is shown; empty where it did not.
        is_withheld: Whether its text changed where its source does not let us show it.
        has_other_files: Whether its picture or what is attached to it did.
    """

    before: Entry
    after: Entry
    title: tuple[Passage, ...] = ()
    text: tuple[Passage, ...] = ()
    is_withheld: bool = False
    has_other_files: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """What of it changed, in words; none where nothing did that readers are told."""
        found = {
            "title": bool(self.title),
            "text": bool(self.text) or self.is_withheld,
            "picture or files": self.has_other_files,
        }
        return tuple(name for name, changed in found.items() if changed)


def compare(before: Entry, after: Entry, source: Source, most: int = MOST_WORDS) -> VisibleChange:
    """How an entry of the source changed; of its text no more than so many words between changes are compared."""
    one, other = rewriting.for_readers(before, source), rewriting.for_readers(after, source)
    text = difference(_text(one, source), _text(other, source), most)
    return VisibleChange(
        before=one,
        after=other,
        title=difference(one.title, other.title, most),
        text=text,
        is_withheld=not text and one.text.split() != other.text.split(),
        has_other_files=(one.image, one.enclosures) != (other.image, other.enclosures),
    )


def says_the_same(before: Entry, after: Entry) -> bool:
    """Whether all that is compared is the same in both, whatever readers are told: what changed went back."""
    one, other = ((said.title.split(), said.text.split(), said.image, said.enclosures) for said in (before, after))
    return one == other


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStep:
    """One after the other, what became of a change; each is told, and the last is how it stands.

    Attributes:
        change: How the entry changed.
        heading: What is said of the whole where this is the last step.
        seen_at: When that was seen.
        sentence: What is to be said beside what changed; empty for nothing.
        is_back: Whether it went back, so that what changed is told already.
    """

    change: VisibleChange
    heading: str
    seen_at: datetime
    sentence: str = ""
    is_back: bool = False


def find_steps(one: RevisedItem, source: Source, most: int = MOST_WORDS) -> tuple[ToldStep, ...]:
    """A change, and what superseded it in silence; none where readers are told nothing of either."""
    change = compare(one.before.entry, one.after.entry, source, most)
    heading, seen_at = "changed", one.after.seen_at
    if change.parts:
        first: tuple[ToldStep, ...] = (ToldStep(change=change, heading=heading, seen_at=seen_at),)
    elif says_the_same(one.before.entry, one.after.entry):
        heading, sentence = (
            f"{heading} {AND_BACK}",
            f"It {heading} {AND_BACK}; what it said in between is not kept.",
        )
        first = (ToldStep(change=change, heading=heading, seen_at=seen_at, sentence=sentence, is_back=True),)
    else:
        first = ()
    later = _find_later(one, one.later, source, most) if one.later else None
    # What came back to what was told says nothing to readers who are not told of it.
    return (*first, later) if later and (first or later.change.parts) else first


def _find_later(one: RevisedItem, later: Revision, source: Source, most: int) -> ToldStep | None:
    change = compare(one.after.entry, later.entry, source, most)
    since = f"{later.seen_at:%Y-%m-%d %H:%M} UTC"
    if says_the_same(one.after.entry, later.entry):
        sentence = f"It said something else in between; since {since} it says this again."
        return ToldStep(change=change, heading="changed", seen_at=later.seen_at, sentence=sentence, is_back=True)
    if not change.parts:
        return None
    if says_the_same(one.before.entry, later.entry):
        heading, sentence = f"changed {AND_BACK}", f"Since {since} it says again what it said before."
        return ToldStep(change=change, heading=heading, seen_at=later.seen_at, sentence=sentence, is_back=True)
    sentence = f"It was changed again, as seen on {since}."
    return ToldStep(change=change, heading="changed again", seen_at=later.seen_at, sentence=sentence)


def _text(entry: Entry, source: Source) -> str:
    """As much of the text as is shown."""
    if source.publish == "full":
        return entry.text
    _, summary = parts.body(entry, source.publish)
    return sanitize.plain(summary) if summary else ""
