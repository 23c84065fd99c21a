"""Whether a catalogue still is the one in force, for what may be done by that one only."""

from __future__ import annotations

from aggregator.model import Catalogue
from aggregator.ports import ReadOnlyStore


async def is_in_force(catalogue: Catalogue, store: ReadOnlyStore) -> bool:
    """False for some seconds after another one was put in force, until this process has taken that over.

    Two that polled and published by different ones meanwhile would undo each other. Raises StoreError.
    """
    standing = catalogue.standing
    if standing.version is None:
        return True
    return not standing.is_superseded and await store.catalogue_version() == standing.version
