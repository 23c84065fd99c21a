"""Why an item is there or not, and what is the matter where one is not.

lookup           what people type -> an item; else what is known instead
identity_report  by what an item is told from others
visibility       whether a publication shows it, and if not, what keeps it out
source_status    how a source is doing; list_reports: how the lists elsewhere are that are followed
symptoms         what is the matter now
mendable, advice what an editor can mend, and which key to write for it; from what is stored
unmet            what stands in feeds.yaml and comes to nothing: names that nothing bears, lists that are none
incidents        the same over time: what began, what is over
report           everything that is known of one item
"""
