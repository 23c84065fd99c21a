"""Editors' regular expressions: they find what Python's `re` finds, and no text can make them run for ever.

    exact.py    a pattern of `re` -> the same pattern for an engine that can be stopped
    search.py   searching within a limit

Python's own engine cannot be stopped while it searches, and holds up the whole process meanwhile.
"""

from aggregator.patterns.search import SECONDS, GuardedPattern, can_stall, guard_pattern

__all__ = ["SECONDS", "GuardedPattern", "can_stall", "guard_pattern"]
