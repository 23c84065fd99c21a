"""What editors write to have something found: regular expressions in texts, selectors in documents.

    exact.py      a pattern of `re` -> the same pattern for an engine that can be stopped
    search.py     searching and replacing within a limit
    template.py   what stands in the place of what was found
    selectors.py  CSS, XPath and JMESPath, compiled or told what is wrong with them
    elements.py   the elements that CSS finds, in time that grows with their number only;
                  element_traits.py: what is asked of one alone

Python's own engine cannot be stopped while it searches, and holds up the whole process meanwhile; no text can make
ours run for ever. Selectors are used only in processes that can be killed.
"""

from aggregator.patterns.search import SECONDS, GuardedPattern, can_stall, guard_pattern
from aggregator.patterns.template import Template, read_template

__all__ = ["SECONDS", "GuardedPattern", "Template", "can_stall", "guard_pattern", "read_template"]
