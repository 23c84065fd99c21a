r"""The order of the stages, and nothing else.

    catalogue   Source
    schedule    | due?                         (SourceStore.claim_due)
    fetch       | fetcher.fetch(source)        -> FetchResult
    parse       | parse(body)                  -> ParsedFeed      \  reading.read(): runs in a
    normalize   | normalize(feed)              -> entries         /   process that can be killed
    dedupe      | decide(entries, known)       -> Changes
    schedule    | after_success / _failure     -> Due
    store       | store.commit(Update)         -> one transaction        refresh.refresh()

    store       | latest items of the sources
    publish     | select, render, check        -> Documents
    store       | store.save(documents)                                  publication.publish()

Nothing is imported here, so that the process that reads feeds loads no more than it needs.
"""
