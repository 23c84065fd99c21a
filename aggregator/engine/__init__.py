"""When things happen: the tick that polls what is due, the pool that reads, the renderer of publications.

embedded.py     the engine of one process: APScheduler's few jobs
distributed.py  the engine of several workers on one database: the same, sharing out what is due
shards.py       which sources one worker polls at a time
held.py         the polls that run, and the leases that keep others from the same
poller.py       takes due sources and sends each through the pipeline
publisher.py    renders publications whose documents are outdated
on_demand.py    renders feeds of sources and tags when somebody asks
found_feeds.py  renders feeds of searches and of changes when somebody asks
rendering_turns.py  how much is rendered for those who ask
rendering.py    one publication, for both of these
chores.py       what one worker does for all beside that: the three that follow
indexing.py     has search find what is new
following.py    lists elsewhere are asked for once a day
housekeeping.py letting go of what is old, and giving its room back
watch.py        looks whether something is the matter, and keeps what it finds
measuring.py    what one poll took, stage by stage
jobs.py         which of the jobs that one process at a time does are this one's
tallies.py      counts that wait to be added to the store
in_force.py     whether the catalogue is still the one that all go by
labels.py       what is stored goes by the labels that feeds.yaml gives now
reading.py      the pool of killable processes in which feeds are parsed
confinement.py  what runs in these before and around the work
files.py        documents as files for a static host
clockwatch.py   whether this machine's clock can be relied on
"""
