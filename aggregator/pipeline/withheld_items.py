"""What feeds.yaml has shown nowhere: items by their names, and all that is of hosts which asked not to be read."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.model import Catalogue, SourceState, Withholding
from aggregator.text.opted_out import find_opt_out_of_url


def withholding(catalogue: Catalogue, states: Mapping[str, SourceState]) -> Withholding:
    """Which items that means.

    In: the states of the sources, where they are known: what was read behind a redirect to such a host goes, too.
    """
    hosts = catalogue.opted_out.keys()
    sources = {
        name: found for name, state in states.items() if (found := find_opt_out_of_url(state.read_from, hosts))
    }
    sources |= {one.id: one.opted_out for one in catalogue.sources if one.opted_out is not None}
    return Withholding(names=catalogue.withdrawn.keys(), hosts=hosts, sources=sources)
