"""Publishing: what a publication shows, as documents that readers subscribe to.

    selection.py    filters, quotas, limit: items -> the items of an edition
    view.py         what an edition says, cleaned and completed, whatever the format; parts.py, clean.py
    formats/        the view, spelled: one module per format; format_spec.py: what each tells of itself
    check/          faults of a document
    render.py       the four together: Edition -> Documents
    splice.py       documents taken apart: what is new since an earlier edition, or all but what was withdrawn
    virtual.py      the feeds of tags, sources and stories, which nobody declared
    outlines.py     the sources as OPML
    definition.py   a digest of what documents depend on besides items

Pure: the bytes depend on the edition alone.
"""

from aggregator.publish.definition import VERSION, digest
from aggregator.publish.format_spec import FormatSpec
from aggregator.publish.formats import spec_of
from aggregator.publish.outlines import opml
from aggregator.publish.render import Rendered, Rendering, document, documents, faults, last_modified, render
from aggregator.publish.selection import Selection, select, shows, stopped_by, stuck
from aggregator.publish.splice import since, without
from aggregator.publish.virtual import (
    admits,
    is_of_source,
    is_virtual,
    public_publications,
    showing,
    source_feed,
    story,
    tag_feed,
    touched_by,
    virtual,
    visible,
)

__all__ = [
    "VERSION",
    "FormatSpec",
    "Rendered",
    "Rendering",
    "Selection",
    "admits",
    "digest",
    "document",
    "documents",
    "faults",
    "is_of_source",
    "is_virtual",
    "last_modified",
    "opml",
    "public_publications",
    "render",
    "select",
    "showing",
    "shows",
    "since",
    "source_feed",
    "spec_of",
    "stopped_by",
    "story",
    "stuck",
    "tag_feed",
    "touched_by",
    "virtual",
    "visible",
    "without",
]
