"""Bytes -> text, whatever the header and the document claim.

The order of trust: a byte order mark; the zero bytes of UTF-16 and UTF-32; valid UTF-8 with at least one
sequence of several bytes, which other encodings hardly ever produce by accident; the document's own
declaration and the header (RFC 7303, section 3); then what the bytes look like.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from aggregator.parse.guess import guess

_BOMS: Final = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._:-]{0,40})["']""")
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z][A-Za-z0-9._:-]{0,40})""", re.IGNORECASE)
_STRAY = re.compile("[\udc80-\udcff]")
_NOT_LATIN = re.compile("[\u0370-\u1dff\u3040-\ud7ff]")

# What senders name and what they send are cousins; the wider one reads both (WHATWG Encoding, section 4.2).
_WIDER: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Codecs that Python counts as text but no feed is written in, or that take quadratic time.
_REFUSED: Final = frozenset({"idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined", "utf-7"})
_SEVEN_BIT: Final = ("iso2022", "hz")
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")
"""Begins kanji in ISO-2022-JP; XML allows the character nowhere."""
_WEAK: Final = frozenset({"cp1252"})
"""Decodes anything; as a header it is often a server's default and says little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text with the encoding it was read in.

    Attributes:
        text: Without byte order marks at its start.
        encoding: A name of Python's codecs.
        warnings: What was claimed wrongly.
    """

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(body: bytes, content_type: str) -> Decoded:
    """Decode a document.

    In: its bytes; the Content-Type field's value, which may be empty.
    Out: text; characters that cannot be read are U+FFFD. Does not raise.
    """
    wide = _by_mark(body) or _by_zeros(body)
    if wide == "utf-8":
        body = body.removeprefix(codecs.BOM_UTF8)  # some program put it before bytes of another encoding, too
    elif wide:
        text = body.decode(wide, "replace").lstrip("\ufeff")
        return Decoded(text=text, encoding=wide)
    declared, served = _declared(body), _served(content_type)
    for name in (declared, served):
        if name and name.startswith(_SEVEN_BIT):
            return Decoded(text=body.decode(name, "replace"), encoding=name)
    if body.isascii() and _JAPANESE_ESCAPE.search(body):
        name = "iso2022_jp"
        return Decoded(text=body.decode(name, "replace"), encoding=name, warnings=(_claimed(declared, name),))
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body, declared, served)
    claim = declared or served
    wrong = claim is not None and claim != "utf-8" and not body.isascii()
    return Decoded(text=text, encoding="utf-8", warnings=(_claimed(claim, "utf-8"),) if wrong else ())


def _legacy(body: bytes, declared: str | None, served: str | None) -> Decoded:
    """What is not UTF-8: by declaration, by header, by looks; strictly first, then with replacements."""
    names = [name for name in (declared, served) if name and name != "utf-8"]
    names.sort(key=lambda name: name in _WEAK)  # stable: the declaration stays before the header
    for name in names:
        if name in _WEAK:
            break  # it fits everything, so that looking closer is worth more
        text = _strictly(body, name)
        if text is not None:
            wrong = "utf-8" in (declared, served)
            return Decoded(text=text, encoding=name, warnings=(_claimed("utf-8", name),) if wrong else ())
    patched = _patched(body)
    if patched is not None:
        return Decoded(
            text=patched, encoding="utf-8", warnings=("Some bytes were not valid UTF-8 and were replaced.",)
        )
    name = names[0] if names and names[0] not in _WEAK else guess(body)
    claim = declared or served
    warnings = () if name == claim else (_claimed(claim, name),)
    return Decoded(text=body.decode(name, "replace"), encoding=name, warnings=warnings)


def _patched(body: bytes) -> str | None:
    """UTF-8 with a few foreign bytes in it, those read as windows-1252; None if it is mostly not UTF-8."""
    text = body.decode("utf-8", "surrogateescape")
    strays = len(_STRAY.findall(text))
    good = sum(character > "\x7f" for character in text) - strays
    if strays > 2 * good:  # bytes of other encodings rarely form valid sequences
        return None
    if _NOT_LATIN.search(text):
        return _STRAY.sub("\ufffd", text)  # a cut character of another script, not a Western one
    return _STRAY.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _by_mark(body: bytes) -> str | None:
    return next((name for mark, name in _BOMS if body.startswith(mark)), None)


def _by_zeros(body: bytes) -> str | None:
    """UTF-16 and UTF-32 without a mark: the first two characters of any feed are ASCII."""
    pattern = "".join("0" if byte == 0 else "x" for byte in body[:4])
    return {"000x": "utf-32-be", "x000": "utf-32-le", "0x0x": "utf-16-be", "x0x0": "utf-16-le"}.get(pattern)


def _declared(body: bytes) -> str | None:
    found = _DECLARED.match(body[:1024])
    return _codec(found[1].decode("ascii")) if found else None


def _served(content_type: str) -> str | None:
    found = _CHARSET.search(content_type[:500])
    return _codec(found[1]) if found else None


def _codec(name: str) -> str | None:
    """Python's name for an encoding, widened; None for unknown ones and those of wide characters.

    A document whose declaration could be read as ASCII is not in UTF-16, whatever it says.
    """
    try:
        found = codecs.lookup(name).name
        b"".decode(found)
    except LookupError:
        return None
    if found in _REFUSED or found.startswith(("utf-16", "utf-32")):
        return None
    return "utf-8" if found == "utf-8-sig" else _WIDER.get(found, found)


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def _claimed(claim: str | None, encoding: str) -> str:
    said = f"was labelled {claim}" if claim else "named no encoding"
    return f"The document {said}, but was read as {encoding}."
