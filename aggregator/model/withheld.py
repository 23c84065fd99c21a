"""What the editor has shown nowhere, and what that does to items that are stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """Which items feeds.yaml says are to be shown nowhere.

    Attributes:
        names: By their names: uids, published ids, addresses as shown or their keys, publishers' ids.
        hosts: By the host of their own address: names as `opt_out` has them.
        sources: By who brought them: ids of sources, each with the name in `opt_out` that it is read from.
    """

    names: Collection[str] = frozenset()
    hosts: Collection[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """An item that is shown nowhere from now on, or may be shown again.

    Attributes:
        uid: The item's.
        public_id: The id that it has in our documents.
        gone: Whether it is withheld; else it was, and is given back.
        opt_out: The name in `opt_out` that it goes for; None for one that is named itself, or is given back.
    """

    uid: str
    public_id: str
    gone: bool
    opt_out: str | None = None
