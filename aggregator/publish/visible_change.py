"""What readers can see of a change: two versions of an entry, as its source lets us show them, word by word."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.model import Entry, Source
from aggregator.publish import parts, rewriting, sanitize
from aggregator.text.differences import MOST_WORDS, Passage, difference


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


def _text(entry: Entry, source: Source) -> str:
    """As much of the text as is shown."""
    if source.publish == "full":
        return entry.text
    _, summary = parts.body(entry, source.publish)
    return sanitize.plain(summary) if summary else ""
