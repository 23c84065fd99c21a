"""What is remembered of the lists elsewhere that we follow, and of what they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model.catalogue import Source
from aggregator.model.fetched import Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedList:
    """A list of somebody else's that feeds.yaml follows.

    Attributes:
        id: Names it in logs, and begins the ids of its sources.
        source: What is asked for it; its `url` may be shown.
        template: What each source that it names starts from: what holds for all sources but for their headers, and
            the tags that the editor gives them.
        without: What it names and is not read all the same: addresses, or the ids of its sources.
        line: Where it stands in feeds.yaml.
    """

    id: str
    source: Source
    template: Source
    without: tuple[str, ...] = ()
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMember:
    """A feed that a list names, or named.

    Attributes:
        id: The id of its source, for good; "" before it has one.
        url: http or https.
        title: May be empty.
        tags: The list's own, each once.
        listed: Whether the list names it now; one that it does not is remembered for its id.
    """

    id: str = ""
    url: str
    title: str = ""
    tags: tuple[str, ...] = ()
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """What is remembered of a list that is followed.

    Attributes:
        list_id: Which list.
        url: Where it was asked for, as it may be shown; another address has other validators.
        members: All that it ever named, in its order.
        checked_at: When it was asked for last.
        succeeded_at: When it last could be read, or was as before; None before it ever was.
        next_check_at: When it is to be asked for again.
        validators: As its server gave them.
        error: Why it could not be read the last time; "" where it could.
        held_since: Since when it names so few that those which it lost are kept; None where that is not so.
        missing: How many are kept so.
    """

    list_id: str
    url: str
    members: tuple[ListMember, ...] = ()
    checked_at: datetime
    succeeded_at: datetime | None = None
    next_check_at: datetime
    validators: Validators = field(default_factory=Validators)
    error: str = ""
    held_since: datetime | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedLists:
    """What the store remembers of all lists.

    Attributes:
        version: Rises with each change of what a list names.
        states: By the list's id.
    """

    version: int = 0
    states: Mapping[str, ListState] = field(default_factory=dict)
