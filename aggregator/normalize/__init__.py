"""RawEntry -> Entry: one item, clean in every field.

place       where markup stands: what its references mean
html        markup -> the same under one policy; visible text
policy      the policy, as tables; docs/html-policy.md says why
images      lazy, hidden and counting pictures
shorten     markup that is too long, cut where an element ends
titles      any text construct -> one plain line
names       other short fields -> one plain line
bylines     an author field -> the people it names
people      authors, categories and files without repeats
direction   from left to right, or from right to left
links       further reading, origin, discussion
lead        the picture that stands for an entry, and its caption
claims      which of an entry's dates are which
entry       the whole
"""

from aggregator.normalize.document import VERSION, deleted_ids, normalize
from aggregator.normalize.entry import clean_entry

__all__ = ["VERSION", "clean_entry", "deleted_ids", "normalize"]
