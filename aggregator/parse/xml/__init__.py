"""Feeds in XML: RSS, RDF, Atom, CDF, and what only means to be XML.

prolog      entity declarations and junk before the root go; which document is this?
stages      strict, then mended, then loose: the most entries win; cdata, mend: what is mended
handlers    feedparser's handlers with bounds and fields kept that it drops
            inline: markup within texts stays there; kept_apart: Dublin Core and itunes beside the format's own;
            described: what Media RSS speaks of; deleted: taken back; extended: elements of other namespaces
slices      where its entries begin and end, so that only those that are new are read
fields      the library's dictionaries, read with suspicion
feed, feed_entry, media_rss, hints      the library's shapes -> ours
"""
