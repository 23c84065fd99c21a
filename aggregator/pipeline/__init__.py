r"""A poll, from the claim of a source to the documents: the order of the stages, and nothing else.

    catalogue   Source
    schedule    | due?                         (SourceStore.claim_due)
    fetch       | fetcher.fetch(source)        -> FetchResult
    parse       | parse(body)                  -> ParsedFeed      \  reading.read(): runs in a
    normalize   | normalize(feed)              -> entries         /   process that can be killed
    dedupe      | decide(entries, known)       -> Decision        judgement.judge_entries(): in such a process too
    schedule    | after_success / _failure     -> Due
    store       | store.commit(Update)         -> one transaction        refresh.refresh()

    stories     | signature(entry)             -> signatures      in such a process too
    stories     | place(item, around it)       -> edges, stories       comparing.compare()
    store       | latest items of the sources
    stories     | one entry per story                                    merging.merge()
    publish     | select, render, check        -> Documents              publication.edition()
    store       | store.save(documents), and the pages of archives       archive.update_archive()

Nothing is imported here, so that the process that reads feeds loads no more than it needs.
"""
