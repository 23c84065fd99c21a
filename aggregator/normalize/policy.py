"""Which elements and attributes of a publisher's markup stay.

* Text with its structure, links, pictures, sound, film, tables and formulas stay, from http and https; links also
  to people (`TO_PEOPLE`) and by magnet.
* Scripts, styles, frames, embedded documents and the controls of forms go with their content; what they showed is
  linked to, and what a drawing says is left (`stand_ins`).
* Every other element goes and leaves its content.
* Every attribute that is not named here goes, above all classes, ids, styles and event handlers.
* Links bear `rel="noopener noreferrer"`: the address of a private publication must not be told to others. They
  bear no `nofollow`: we link to publishers whom the editor chose.
"""

from __future__ import annotations

from typing import Final

from aggregator.normalize.images import DOUBTFUL, LARGER, LAZY, LAZY_SETS
from aggregator.text.word_tables import word_set

_HTML: Final = word_set(
    "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup data dd del"
    " details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main"
    " mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody"
    " td tfoot th thead time tr tt u ul var wbr audio video source"
)
MATH: Final = word_set(
    "math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle"
    " msub msubsup msup mtable mtd mtext mtr munder munderover semantics"
)
"""MathML Core, without annotations, which repeat a formula in another language."""

TAGS: Final = _HTML | MATH

CONTENT_GOES: Final = word_set(
    "script style iframe frame frameset noframes object embed applet svg annotation annotation-xml template title"
    " head select option optgroup button datalist noembed dialog"
)
ATTRIBUTES: Final = {
    "*": frozenset({"dir", "lang"}),
    "a": frozenset({"href", "hreflang", "title"}),
    "abbr": frozenset({"title"}),
    "audio": frozenset({"controls", "src"}),
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "data": frozenset({"value"}),
    "del": frozenset({"cite", "datetime"}),
    "img": frozenset({"src", "alt", "title", "width", "height"}),
    "ins": frozenset({"cite", "datetime"}),
    "li": frozenset({"value"}),
    "math": frozenset({"alttext", "display", "dir", "lang"}),
    "mfrac": frozenset({"linethickness"}),
    "mi": frozenset({"mathvariant"}),
    "mo": frozenset({"form", "fence", "separator", "stretchy", "lspace", "rspace", "largeop", "movablelimits"}),
    "mover": frozenset({"accent"}),
    "mpadded": frozenset({"width", "height", "depth", "lspace", "voffset"}),
    "mspace": frozenset({"width", "height", "depth"}),
    "mstyle": frozenset({"displaystyle", "scriptlevel"}),
    "mtd": frozenset({"columnspan", "rowspan"}),
    "munder": frozenset({"accentunder"}),
    "munderover": frozenset({"accent", "accentunder"}),
    "ol": frozenset({"reversed", "start", "type"}),
    "q": frozenset({"cite"}),
    "source": frozenset({"src", "type"}),
    "td": frozenset({"colspan", "headers", "rowspan"}),
    "th": frozenset({"colspan", "headers", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
    "video": frozenset({"controls", "height", "poster", "src", "width"}),
}
TO_PEOPLE: Final = ("mailto", "tel", "sms", "xmpp", "irc", "ircs", "matrix", "sip", "geo")
"""Schemes of links that lead to people, rooms where they talk, and points on the map."""

SCHEMES: Final = frozenset({"http", "https", "magnet", *TO_PEOPLE})

READ_TAGS: Final = TAGS | {"picture"}
"""What the sanitizer lets through to our own steps, which make one `img` of a `picture`."""

LAZY_MEDIA: Final = ("data-lazy-src", "data-src")
"""Where scripts find the source of a sound or a film."""

READ_ONLY: Final = {
    "a": frozenset({"aria-label"}),
    "audio": frozenset(LAZY_MEDIA),
    "video": frozenset(LAZY_MEDIA),
    "img": frozenset({*LAZY, *DOUBTFUL, *LARGER, *LAZY_SETS, "srcset", "style", "hidden", "class"}),
    "source": frozenset({*LAZY_MEDIA, *LAZY_SETS, "media", "srcset"}),
    "span": frozenset({"aria-hidden"}),
}
"""What the sanitizer lets through to our own steps, which drop it when they have read it."""

READ: Final = {
    **ATTRIBUTES,
    **{name: ATTRIBUTES.get(name, frozenset()) | more for name, more in READ_ONLY.items()},
}
"""What the sanitizer lets through."""
