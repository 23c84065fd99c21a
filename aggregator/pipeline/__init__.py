r"""The order of the stages, and nothing else.

    catalogue   Source
    schedule    | due?                         (SourceStore.claim_due)
    fetch       | fetcher.fetch(source)        -> FetchResult
    parse       | parse(body)                  -> ParsedFeed      \  reading.read(): runs in a
    normalize   | normalize(feed)              -> entries         /   process that can be killed
    dedupe      | decide(entries, known)       -> Decision        judgement.judged(): in such a process too
    schedule    | after_success / _failure     -> Due
    store       | store.commit(Update)         -> one transaction        refresh.refresh()

    dedupe      | signature(entry)             -> signatures      in such a process too
    dedupe      | place(item, around it)       -> edges, stories         stories.compare()
    store       | latest items of the sources
    dedupe      | one entry per story                                    merging.merged()
    publish     | select, render, check        -> Documents              publication.edition()
    store       | store.save(documents), and the pages of archives       archive.archived()

    explaining.py says of an item all that is known: naming.py finds it, recognition.py tells what it is known by,
    presence.py why a publication shows it or not.

Nothing is imported here, so that the process that reads feeds loads no more than it needs.
"""
