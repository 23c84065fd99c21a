"""What a list from elsewhere names: the nouns that OPML files and planets' configurations are read into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Does = Literal["keep", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiftingStep:
    """One step of a filter.

    Attributes:
        does: Whether what is found stays or goes.
        field: Where it is looked for; `words` means literal words anywhere.
        patterns: Regular expressions, or words; one that is found is enough.
    """

    does: Does
    field: Literal["words", "any", "title", "category"]
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """One feed that a list names.

    Attributes:
        url: Trimmed, and else as written, but for the schemes of readers; empty where it cannot be read as a feed.
        title: May be empty.
        tags: Lower-case words, each once.
        titled: Whether the title is one: of OPML, what is `text` alone may be a mere label.
        id: What the list calls it, where that can be an id; "" where it has no such name.
        icon: The address of a picture that stands for it; "" without one.
        steps: What its entries must pass, in order.
        is_hidden: Whether the list has it switched off.
        fault: Why it cannot be read, where the list has something else than a feed there; "" for none.
    """

    url: str
    title: str
    tags: tuple[str, ...] = ()
    titled: bool = True
    id: str = ""
    icon: str = ""
    steps: tuple[SiftingStep, ...] = ()
    is_hidden: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideList:
    """A list elsewhere that a list takes in.

    Attributes:
        url: Its address.
        title: What it is called; may be empty.
    """

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionList:
    """What a file says: the feeds, and who publishes them as a planet, where it is one.

    Attributes:
        feeds: In the file's order; repeats are kept.
        is_planet: Whether it is the configuration of one, which has subscribers of its own.
        lists: OPML lists elsewhere that it follows.
        title: Of the planet; "" for none, as the next two.
        link: Its public address.
        contact: The mail address of its owner.
        limit: Entries in its feeds; None where it does not say.
        per_source: The greatest number of one feed's entries in them; None for any.
        paths: Below `link`, the addresses of its own feeds.
        published: Where its own feeds are published: paths of files beside the list, then addresses.
        notes: What of it could not be taken over; whole sentences.
    """

    feeds: tuple[ListedFeed, ...]
    is_planet: bool = False
    lists: tuple[OutsideList, ...] = ()
    title: str = ""
    link: str = ""
    contact: str = ""
    limit: int | None = None
    per_source: int | None = None
    paths: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
