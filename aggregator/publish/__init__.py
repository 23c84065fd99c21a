"""Publishing: what a publication shows, as documents that readers subscribe to.

    selection.py    filters, quotas, limit: items -> the items of an edition; fairness.py: room for every source;
                    conditions.py: whether what a filter asks for holds
    rewriting.py    what readers are told in the place of what the publisher wrote
    view.py         what an edition says, cleaned and completed, whatever the format; parts.py, sanitize.py
    extension_elements.py  elements of other namespaces, in XML and in JSON
    formats/        the view, spelled: one module per format; format_spec.py: what each tells of itself
    check/          faults of a document; omissions.py: the entries that are left out for one
    render.py       the four together: Edition -> Documents
    splice.py       documents taken apart: what is new since an earlier edition, or all but what was withdrawn
    virtual.py      the feeds of tags, sources and stories, which nobody declared
    changes_feed.py  the feed of a publication's changes; visible_change.py: what readers can see of one
    incident_feed.py  what is or was the matter, for the operator's reader
    outlines.py     the sources as OPML
    definition.py   a digest of what documents depend on besides items

Pure: the bytes depend on the edition alone, but for patterns that are stopped. `patterns.search` reads a clock to
stop one that takes too long on a text, and remembers it while the process lives: a filter then hides the item, a
`rewrite` leaves the text as it was.
"""

from aggregator.publish.changes_feed import CHANGES_LIMIT, changes_edition, changes_id, mark
from aggregator.publish.definition import VERSION, digest
from aggregator.publish.format_spec import FormatSpec
from aggregator.publish.formats import spec_of
from aggregator.publish.incident_feed import render_incidents
from aggregator.publish.outlines import listed_as, write_opml
from aggregator.publish.render import (
    Rendered,
    Rendering,
    find_faults,
    last_modified,
    make_document,
    render,
    render_all,
)
from aggregator.publish.rewriting import Rewritten, find_rewritten, for_readers, link_for_readers, show
from aggregator.publish.selection import Selection, can_show, select, stopping_filter, stuck_notice
from aggregator.publish.splice import keep_changed, leave_out
from aggregator.publish.virtual import (
    SEARCH,
    can_any_show,
    front_id,
    history_edition,
    history_id,
    is_of_source,
    is_virtual,
    public_publications,
    publications_including,
    search_feed,
    source_feed,
    tag_feed,
    touched_publication_ids,
    virtual_publications,
    visible_sources,
)
from aggregator.publish.visible_change import ToldStep, VisibleChange, compare, find_steps, says_the_same

__all__ = [
    "CHANGES_LIMIT",
    "SEARCH",
    "VERSION",
    "FormatSpec",
    "Rendered",
    "Rendering",
    "Rewritten",
    "Selection",
    "ToldStep",
    "VisibleChange",
    "can_any_show",
    "can_show",
    "changes_edition",
    "changes_id",
    "compare",
    "digest",
    "find_faults",
    "find_rewritten",
    "find_steps",
    "for_readers",
    "front_id",
    "history_edition",
    "history_id",
    "is_of_source",
    "is_virtual",
    "keep_changed",
    "last_modified",
    "leave_out",
    "link_for_readers",
    "listed_as",
    "make_document",
    "mark",
    "public_publications",
    "publications_including",
    "render",
    "render_all",
    "render_incidents",
    "says_the_same",
    "search_feed",
    "select",
    "show",
    "source_feed",
    "spec_of",
    "stopping_filter",
    "stuck_notice",
    "tag_feed",
    "touched_publication_ids",
    "virtual_publications",
    "visible_sources",
    "write_opml",
]
