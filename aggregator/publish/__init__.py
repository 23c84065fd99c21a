"""Publishing: what a publication shows, as documents that readers subscribe to.

    selection.py    filters, quotas, limit: items -> the items of an edition
    view.py         what an edition says, cleaned and completed, whatever the format; parts.py, clean.py
    atom.py, rss.py, jsonfeed.py    the view, spelled
    check/          faults of a document
    render.py       the four together: Edition -> Documents
    outlines.py     the sources as OPML
    definition.py   a digest of what documents depend on besides items

Pure: the bytes depend on the edition alone.
"""

from aggregator.publish.check import faults
from aggregator.publish.definition import VERSION, digest
from aggregator.publish.outlines import opml
from aggregator.publish.render import Rendered, Rendering, documents, render
from aggregator.publish.selection import Selection, select, shows

__all__ = [
    "VERSION",
    "Rendered",
    "Rendering",
    "Selection",
    "digest",
    "documents",
    "faults",
    "opml",
    "render",
    "select",
    "shows",
]
