r"""From the claim of a source to its documents: calls the stages in order, hands on what each needs of the others.

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

What a poll asks, and what it makes of the answer, step by step:

    request, whereabouts        where a source is asked; is what came the feed that it is?
    discovery                   a page where a feed was expected -> the feed that it names
    articles, article           entries that only point at their articles -> the articles' text; one article's page
    redacting                   secrets taken out of an answer, before anything is concluded from it
    remembering                 what is remembered of a document, so that of the next one only what is new is read
    recalling                   what is recalled of a source where entries bear no names
    sifting                     editors' filters, away from the event loop
    sparing                     a fault of ours on one entry costs that entry only
    absence                     what a reading says of the items that it does not list
    outcomes, notices           how it ended -> the source's state; what its editor should know and do
    shortfall                   articles that could not be had: how many, why
    browsing                    what a page of a publication shows, or of a search
    shown_changes               what changed of what a publication shows
    asked_words                 what somebody typed to search for -> what is looked for
    withheld_items              what the editor, or a publisher's wish, has shown nowhere
    succession                  which source each stored one is now
    foresight, relabelled       what an edit of feeds.yaml will do to all that; the store as it will be then

Nothing is imported here, so that the process that reads feeds loads no more than it needs.
"""
