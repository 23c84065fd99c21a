"""Whether a catalogue still is the one in force, for what may be done by that one only."""

from __future__ import annotations

from aggregator.errors import SchemaTooNewError
from aggregator.model import Catalogue
from aggregator.ports import ReadOnlyStore


async def is_in_force(catalogue: Catalogue, store: ReadOnlyStore) -> bool:
    """False for some seconds after another one was put in force, until this process has taken that over.

    Two that polled and published by different ones meanwhile would undo each other. Also False, until this process
    is ended, once another one has made the tables those of a later version: what that means by them is not known
    here. Raises StoreError.
    """
    standing = catalogue.standing
    if standing.version is None:
        return True
    try:
        if standing.is_superseded or await store.catalogue_version() != standing.version:
            return False
        return not catalogue.lists or await store.lists_version() == standing.lists
    except SchemaTooNewError:
        return False
