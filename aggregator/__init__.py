"""A feed aggregator: many feeds in, merged RSS, Atom and JSON feeds out.

The stages, in the order in which data flows through them:

    catalogue   feeds.yaml -> Catalogue, or every mistake with its line
    schedule    when a source is due next, and why
    fetch       Source -> FetchResult: politely, within bounds
    parse       bytes -> ParsedFeed: whatever publishers emit
    normalize   RawEntry -> Entry: clean text, HTML, URLs, dates
    dedupe      Entry -> Change: met before? changed? which dates?
    stories     Items -> Edges: which of several sources' are copies of one piece?
    store       Update -> one transaction
    publish     Edition -> Document: Atom, RSS, JSON Feed, OPML
    web         Document -> HTTP: feeds for readers, pages for people

`text`, `dates` and `patterns` are the floor that the stages stand on, `model` the nouns that they pass on,
`errors` what is raised, `ports` what a poll asks of the world, `settings` how this installation runs. `pipeline`
calls the stages in this order, `engine` decides when, `app` wires them, `cli` starts them. `explain` tells why an
item is there, `preview` what a source would bring, `doctor` what is amiss; `upkeep` wires what needs no running
installation, `edits` what is asked about an edit of feeds.yaml;
`demo` plays publishers of its own to all of it.
"""

__version__ = "0.1.0"

PRODUCT = "aggregator"
"""By which publishers know us: the first word of our User-Agent, and the name that robots.txt may speak of."""
