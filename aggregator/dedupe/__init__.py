"""Judging identity and updates: have we met this entry, did it really change, which dates hold?

    keys.py            Entry -> its own key, and the others under which its item can be found
    identity.py        entries and stored items -> which is which; judging.py: what a name is worth;
                       entry_likeness.py: by their words; relisting.py: articles listed anew under other ids
    changes.py         Entry -> Fingerprint; was the change real? noise.py: words that change by themselves;
                       lines.py: lines that a template fills anew; media_names.py: files under any address;
                       dressed_titles.py: titles with a name beside them; teasers.py: beginnings of texts;
                       redesign.py: a new template of the whole site
    times.py           claims and first sight -> published, updated; corrections.py: claims that move it afterwards
    clocks.py          feeds whose clocks are wrong
    document_order.py  the order in which a document lists its items
    verdicts.py        new, revised, or a bump only, as by a new date on the same words? entry and item -> Change
    floods.py          how many new items a source may bring within a day
    learning.py        what a poll teaches of its source
    decide.py          all together: entries, stored items and profile -> Decision
    unnamed.py         items found again by their words and places, where no name leads to them;
                       rereading.py: those that are read otherwise now
    withdrawal.py      what a publisher takes back
    unfinished.py      the entry within which a document breaks off

Pure: what is known comes in, intents go out; nothing here reads the store or the clock.
"""

from aggregator.dedupe.decide import decide
from aggregator.dedupe.floods import bound_new
from aggregator.dedupe.keys import public_id, uid_of, wanted_keys
from aggregator.dedupe.learning import behaviour_notice, learn_addresses
from aggregator.dedupe.unfinished import without_unfinished
from aggregator.dedupe.unnamed import wants_recall
from aggregator.dedupe.withdrawal import deleted_keys, withdraw

__all__ = [
    "behaviour_notice",
    "bound_new",
    "decide",
    "deleted_keys",
    "learn_addresses",
    "public_id",
    "uid_of",
    "wanted_keys",
    "wants_recall",
    "withdraw",
    "without_unfinished",
]
