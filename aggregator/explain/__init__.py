"""Why an item is there or not: for `aggregator explain` and for the page of a story.

lookup           what people type -> an item; else what is known instead
identity_report  by what an item is told from others
visibility       whether a publication shows it, and if not, what keeps it out
source_status    how a source is doing
report           everything that is known of one item
"""
