"""What the editor's `keep` and `remove` leave of an entry, beside what its publisher wrote.

Done when an entry is read, in a process that can be killed, since the classes and ids that selectors go by do not
get through the sanitizer. The publisher's own words stay what the entry says: by them it is known again and
judged, and they are what readers get once the rules are taken back. What is left is sanitized as any other markup.
"""

from __future__ import annotations

import re
from typing import Any, Final

from aggregator.model import Trimming
from aggregator.normalize.markup import nesting_depth
from aggregator.text.characters import strip_controls

MOST_TAGS: Final = 20_000
"""In a text that is trimmed; half of a second. Longer ones are told whole."""

_LONGEST: Final = 2_000_000
"""Characters; the sanitizer reads no more either."""

_DEEPEST: Final = 200
"""Levels of elements: libxml2 reads no more than 256, and would lose the rest."""

_FRAME: Final = re.compile(r"</?(?:html|body)(?=[\s/>])[^<>]{0,1000}>", re.IGNORECASE)


def trim(markup: str, rules: Trimming) -> str:
    """Raw markup without what the rules take away; the same object where they find nothing."""
    tags = markup.count("<")
    if not tags or tags > MOST_TAGS or len(markup) > _LONGEST or nesting_depth(markup) > _DEEPEST:
        return markup
    from lxml import etree  # few sources are trimmed

    from aggregator.patterns import elements

    whole = f"<html><body>{_FRAME.sub('', strip_controls(markup))}"  # in which it may not end before its end
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False)
    body = etree.fromstring(whole.encode(), parser).find("body")
    removed = elements.find(body, rules.remove)
    kept = _keep_outermost(elements.find(body, rules.keep))
    if not removed and not kept:
        return markup
    gone = set(removed)
    kept = [one for one in kept if not gone.intersection((one, *one.iterancestors()))]
    for one in _keep_outermost(removed):
        _take_out(one)
    if kept:
        return "".join(_serialize(one) for one in kept)
    return _serialize(body).removeprefix("<body>").removesuffix("</body>")


def _keep_outermost(found: list[Any]) -> list[Any]:
    """Those that no other one holds."""
    among = set(found)
    return [one for one in found if not among.intersection(one.iterancestors())]


def _take_out(element: Any) -> None:
    """Remove an element; the text after it stays."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _serialize(element: Any) -> str:
    from lxml import etree

    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
