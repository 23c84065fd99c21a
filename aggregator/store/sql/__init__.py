"""Everything of the store that is the same in any database: SQLAlchemy Core, no dialect.

store.py        every method of `ports.Store` as a transaction around the functions below;  session.py: runs those;
                publication_store.py, story_store.py, search_store.py: the methods that know publications,
                stories, and what is searched for
sources.py      which sources there are, which is due;  labels.py: those that are called otherwise
commits.py      writing what a poll decided;  listing.py: what it lists
withholding.py  what the editor withdraws
items.py        looking items up;  lookup.py: by their names;  revised.py: by what changed;
                pruning.py: letting old ones go
editions.py     publications and their documents;  archives.py: the pages of their archives
succession.py   publications that come, go and are renamed;  feed_names.py: what the ids of feeds are made from
stories.py      which items are one piece;  sightings.py: how each looks, and its keys;
                nearby.py: what an item is compared with;  glance.py: if with any
indexed_words.py  finding items by what they say;  word_index.py: what a database brings for that
clamping.py     times that a clock set too far ahead;  faults.py: how often we failed;
                tallies.py: how often what was done;  incidents.py: what is or was the matter
catalogues.py   the versions of feeds.yaml that were understood;  followed_lists.py: what lists elsewhere name;
                carrying.py: all rows to another database
turns.py        what only one may write at a time
jobs.py         what only one process does;  turns_of_hosts.py: whose turn it is to ask a host;
                job_store.py: the methods for both
rows.py         nouns <-> rows;  codec.py: nouns <-> JSON
tables/         the tables;  columns.py: their types;  chunks.py: long lists of names in bites;
                many.py: thousands of small rows at once
"""
