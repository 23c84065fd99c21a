"""RawEntry -> Entry: one item, clean in every field.

markup_context  where markup stands: what its references mean
sanitizer       markup -> the same under one policy; visible text
policy          the policy, as tables; docs/html-policy.md says why
images          lazy, hidden and counting pictures
twins           what stands twice for browsers with and without scripts
players         sound and film without a source
stand_ins       what stands in for elements that go: players, drawings
missing_ends    elements that would swallow what follows
unfilled        empty elements that scripts would fill
old_elements    old elements, tasks, painted pictures -> what the policy has for them
embeds          players -> the pages that show the same
mathml          formulas as they are written -> MathML Core, or TeX in text
formulas        formulas that stand twice
trimming        what the editor's `keep` and `remove` leave
shorten         markup that is too long, cut where an element ends
title_text      any text construct -> one plain line
names           other short fields -> one plain line
author_names    an author field -> the people it names
people          authors, categories and files without repeats
direction       from left to right, or from right to left
links           further reading, origin, discussion
lead            the picture that stands for an entry, and its caption
extensions      elements of other namespaces; extension_rules: as tables; extension_values: one value
entry_dates     which of an entry's dates are which
one_entry       the whole of one entry
all_entries     the whole of a document
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aggregator.normalize.all_entries import deleted_ids, normalize
    from aggregator.normalize.extensions import clean_meta
    from aggregator.normalize.one_entry import clean_entry

__all__ = ["VERSION", "clean_entry", "clean_meta", "deleted_ids", "normalize"]

VERSION: Final = 14
"""Of the rules of this stage; raised with every change to them, so that bodies are read again."""


def __getattr__(name: str) -> object:
    """What cleans, once somebody asks for it: most processes clean nothing, and want to know the version."""
    if name not in __all__:
        raise AttributeError(name)
    from aggregator.normalize import all_entries, extensions, one_entry

    homes = {"clean_entry": one_entry, "clean_meta": extensions}
    return getattr(homes.get(name, all_entries), name)
