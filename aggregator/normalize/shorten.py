"""Markup that is too long, cut where an element ends."""

from __future__ import annotations

from typing import Final

from aggregator.normalize.markup import VOID, tags

MARK: Final = "<p>…</p>"
"""Stands at the end of what was cut."""

_ENDS: Final = (
    "</p>", "</div>", "</li>", "</ul>", "</ol>", "</tr>", "</table>", "</blockquote>", "</figure>", "</pre>",
    "</section>", "</article>", "</dd>", "</h2>", "</h3>", "</h4>",
)  # fmt: skip
_LONGEST_WORD: Final = 200
_LONGEST_REFERENCE: Final = 40


def shorten(markup: str, limit: int) -> str:
    """Sanitized markup in at most `limit` characters: whole elements from its beginning, and a mark.

    Without the end of a block in the second half of what fits, as in one giant paragraph, it is cut after a word.
    A tenth of the limit is room for the end tags of what is still open.
    """
    if len(markup) <= limit:
        return markup
    room = limit - limit // 10 - len(MARK)
    end = max(markup.rfind(tag, 0, room) + len(tag) for tag in _ENDS)
    kept = markup[:end] if room // 2 < end <= room else _drop_broken_end(markup[:room])
    closing = "".join(f"</{name}>" for name in reversed(_open_elements(kept)))
    return kept + closing + MARK


def _open_elements(markup: str) -> list[str]:
    """The elements that are open at its end, the outermost first."""
    names: list[str] = []
    for tag in tags(markup):
        if tag[1]:
            names.pop()  # the sanitizer's output is balanced
        elif tag[2] not in VOID:
            names.append(tag[2])
    return names


def _drop_broken_end(markup: str) -> str:
    """Without a tag, a reference or a word that the end breaks."""
    if markup.rfind("<") > markup.rfind(">"):
        return markup[: markup.rfind("<")]
    space = markup.rfind(" ", len(markup) - _LONGEST_WORD)
    if space > markup.rfind(">"):
        return markup[:space]
    reference = markup.rfind("&", len(markup) - _LONGEST_REFERENCE)
    return markup[:reference] if reference > markup.rfind(";") else markup
