"""RawEntry -> Entry: one item, clean in every field.

characters  what may not stand in any text
dates/      strings -> instants, with what they rest on
urls        references -> addresses to show, and keys to compare them by
html        markup -> the same under one policy; visible text; excerpts
images      lazy, hidden and counting pictures
titles      any text construct -> one plain line
people      authors and categories without repeats
claims      which of an entry's dates are which
entry       the whole
"""

from aggregator.normalize.document import VERSION, normalize

__all__ = ["VERSION", "normalize"]
