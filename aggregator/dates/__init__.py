"""Date strings as publishers write them, in any language, to instants.

    all of it       stamps.py: what `read` and `read_pair` are
    tidy            spelling.py: one spelling for digits, dashes, spaces
    machine forms   iso.py, rfc.py: by pattern, nearly all strings end here
    sentences       lexer.py -> sentence.py -> draft.py -> days.py, solve.py: every token must be understood
    words           vocabulary.py: each with every sense; date_words.py, date_labels.py: those not in CLDR
    three numbers   order.py: which is the day, which the month
    two dates       pairs.py: strings that hold both, each told by a word
    the instant     wall.py, zones.py, jalali.py
    the way back    writing.py: instants as we write them
    wrong zones     fitting_zones.py: which one dates may be written in that are off by so much

A wrong instant is worse than none. Nothing is ever filled in from today, so `10:30`, `May 5` and `yesterday` are
no dates; neither is a string with an unknown word, two possible readings, or a year before 1990 or after 2100,
which is what programs write that have no date.

Month and weekday names are from CLDR 47 by way of Babel (`names.json`, written by `_generate.py`).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.dates.stamps import read, read_pair

__all__ = ["read", "read_pair"]


def __getattr__(name: str) -> object:
    """The grammars, once somebody asks for them: most processes read no dates, and write some."""
    if name not in __all__:
        raise AttributeError(name)
    from aggregator.dates import stamps

    return getattr(stamps, name)
