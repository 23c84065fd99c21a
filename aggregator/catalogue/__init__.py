"""feeds.yaml -> Catalogue, or every mistake with its line number.

spec, filters, rewrites, typed_values
                        what may be typed, as models: they check the file and make its JSON Schema
locations, typed_urls, selecting, filter_words, measures
                        where a source is, and its entries within it; how words become patterns; ages, lengths,
                        languages
opt_outs                hosts that asked not to be read, and the sources that are not polled for it
further_paths           where a publication is served besides
load                    the way through all of these
making, list_places     one source, and one list elsewhere, with its defaults
membership              what such lists name: ids that stay, and none lost because a list was cut short
build                   what was typed -> Catalogue, with defaults filled in and names looked up
dated                   the catalogue at the present hour, on which ages of entries depend
typing_in               what people type where a source is meant
live                    the file while it is in use: its edits, its mistakes
shared_catalogue        the same where a database says which of several copies is in force
kept                    what a database keeps of it: what it said before, what others say
comparison              what differs between two catalogues, in a sentence
ended_addresses         who finds the feeds of a publication no more after an edit
apart                   understanding an edit in a process of its own, so that nobody waits
resolved                the same with all that it leaves unsaid, as a feeds.yaml again
secrets                 what in it must never be told
edit, importing, starter
                        change the file for people, keeping their comments; write a first one
subscriptions, opml, planets/
                        what lists from elsewhere name: OPML, configurations of planets
naming                  what is called how that comes from elsewhere
sheet, replace          below them: the file as text, edited line by line; put back whole or not at all
feeds_schema            the JSON Schema that editors complete feeds.yaml with
"""

from aggregator.catalogue.comparison import describe_change
from aggregator.catalogue.dated import DatedCatalogue
from aggregator.catalogue.kept import load_kept, recall
from aggregator.catalogue.live import LiveCatalogue, report
from aggregator.catalogue.load import load, load_draft
from aggregator.catalogue.shared_catalogue import SharedCatalogue

__all__ = [
    "DatedCatalogue",
    "LiveCatalogue",
    "SharedCatalogue",
    "describe_change",
    "load",
    "load_draft",
    "load_kept",
    "recall",
    "report",
]
