"""Judging identity and updates: have we met this entry, did it really change, which dates hold?

    identity.py     Entry -> ItemKey, and which stored item an entry is
    changes.py      Entry -> Fingerprint; was the change real?
    times.py        claims and first sight -> published, updated
    decide.py       the three together: entries and stored items -> Changes

Pure: what is known comes in, intents go out; nothing here reads the store or the clock.
"""

from aggregator.dedupe.decide import decide, wanted_keys
from aggregator.dedupe.identity import public_id, uid_of

__all__ = ["decide", "public_id", "uid_of", "wanted_keys"]
