"""What a document and its header say of its encoding, by the names that Python's codecs have.

Names are read as browsers read them (WHATWG Encoding, section 4.2): ISO-8859-1 means windows-1252, and so on,
since what senders name and what they send are cousins, of which the wider one reads both.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_NAME: Final = r"\s{0,20}([A-Za-z][A-Za-z0-9._:-]{0,40})"
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?\bencoding\s{0,20}=\s{0,20}[\"']" + _NAME.encode())
_META = re.compile(rb"<meta\s[^>]{0,200}?charset\s{0,20}=\s{0,20}[\"']?" + _NAME.encode(), re.IGNORECASE)
_SERVED = re.compile(r";\s{0,20}charset\s{0,20}=\s{0,20}[\"']?" + _NAME, re.IGNORECASE)
_REACH_OF_XML: Final = 1024
_REACH_OF_META: Final = 32_768
"""Browsers wait for 1,024 bytes, but heed what they find later in the head."""

_WIDER: Final = {
    "iso8859-1": "cp1252",
    "iso8859-8": "cp1255",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# How names are spelled that Python does not know.
_SPELLINGS: Final = (
    (re.compile(r"^(?:x-|cs)"), ""),
    (re.compile(r"^iso[-_ ]?(?:latin[-_]?1|8859[-_]?1)$"), "iso8859-1"),
    (re.compile(r"^iso[-_]?8859[-_]?(\d{1,2})(?:-[ei])?$"), r"iso8859-\1"),
    (re.compile(r"^(?:windows|win|cp|dos|ms)[-_]?(874|93[26]|949|950|125\d)$"), r"cp\1"),
    (re.compile(r"^(?:unicode[-\d]*utf-?8|utf-?8mb[34])$"), "utf-8"),
    (re.compile(r"^windows-31j$"), "cp932"),
    (re.compile(r"^gb_?2312(?:[-_]80)?$"), "gb2312"),
    (re.compile(r"^(?:cn-|x-)?big5$"), "big5"),
    (re.compile(r"^koi8?$"), "koi8-r"),
    (re.compile(r"^koi8-ru$"), "koi8-u"),
    (re.compile(r"^(?:ks_?c_?5601(?:-?198[79])?|iso-ir-149|euckr|windows-949)$"), "euc_kr"),
    (re.compile(r"^(?:visual|logical)$"), "iso8859-8"),
    (re.compile(r"^mac(?:intosh|-roman)?$"), "mac-roman"),
    (re.compile(r"^mac-(?:cyrillic|ukrainian)$"), "mac-cyrillic"),
    (re.compile(r"^ansi$"), "cp1252"),
)
# Codecs that Python counts as text but no feed is written in, or that take quadratic time.
_REFUSED: Final = frozenset({"idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined", "utf-7"})


def declared_encoding(body: bytes) -> str | None:
    """The encoding that an XML declaration names, wherever in its first kilobyte it stands."""
    found = _DECLARED.search(body, 0, _REACH_OF_XML)
    return codec_of(found[1].decode("ascii")) if found else None


def page_encoding(body: bytes) -> str | None:
    """The encoding that a `<meta>` names."""
    found = _META.search(body, 0, _REACH_OF_META)
    return codec_of(found[1].decode("ascii")) if found else None


def served_encoding(content_type: str) -> str | None:
    """The encoding that a Content-Type field names."""
    found = _SERVED.search(content_type[:500])
    return codec_of(found[1]) if found else None


def codec_of(name: str) -> str | None:
    """Python's name for an encoding, widened; None for unknown ones and those of wide characters.

    A document whose declaration could be read as ASCII is not in UTF-16, whatever it says.
    """
    name = name.strip().lower()
    found = _find_codec(name)
    for spelling, usual in _SPELLINGS if found is None else ():
        name = spelling.sub(usual, name)
        found = found or _find_codec(name)
    if found is None or found in _REFUSED or found.startswith(("utf-16", "utf-32")):
        return None
    return "utf-8" if found == "utf-8-sig" else _WIDER.get(found, found)


def _find_codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
        b"".decode(found)
    except LookupError:
        return None
    return found
