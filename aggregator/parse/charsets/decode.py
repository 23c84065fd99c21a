"""Decodes a document's bytes into text: by its label, unless the bytes speak against that.

The order of trust: a byte order mark; the zero bytes of UTF-16 and UTF-32; UTF-8 that is valid, since other
encodings hardly ever are by accident; a label under which the bytes make sense, that of the header before the
document's own (RFC 7303, section 3; HTML, section 13.2.3.2), but Western ones last; UTF-8 with some foreign bytes;
then what the bytes look like. A label is overruled only by what the bytes say against it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from aggregator.parse.charsets import encoding_labels, twice, utf8
from aggregator.parse.charsets.guess import guess_encoding
from aggregator.parse.charsets.plausible import makes_sense

_BOMS: Final = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_SEVEN_BIT: Final = ("iso2022", "hz")
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")
"""Begins kanji in ISO-2022-JP; XML allows the character nowhere."""
_WEAK: Final = frozenset({"cp1252"})
"""As a header it is often a server's default and says less than another label."""
_TWICE: Final = "The text had been encoded twice and was read as it was meant."
_REPLACED: Final = "Some bytes were not valid UTF-8 and were replaced."


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
    """Decode a feed.

    In: its bytes; the Content-Type field's value, which may be empty.
    Out: text; characters that cannot be read are U+FFFD. Does not raise.
    """
    return _decode(body, encoding_labels.declared_encoding(body), encoding_labels.served_encoding(content_type))


def decode_page(body: bytes, content_type: str) -> Decoded:
    """Decode a web page, whose `<meta>` may name its encoding (HTML, section 4.2.5.4); else as `decode`."""
    return _decode(
        body,
        encoding_labels.page_encoding(body) or encoding_labels.declared_encoding(body),
        encoding_labels.served_encoding(content_type),
    )


def _decode(body: bytes, declared: str | None, served: str | None) -> Decoded:
    wide = _encoding_by_mark(body) or _encoding_by_zeros(body)
    if wide == "utf-8":
        body = body.removeprefix(codecs.BOM_UTF8)  # some program put it before bytes of another encoding, too
    elif wide:
        text = body.decode(wide, "replace").lstrip("\ufeff")
        return Decoded(text=text, encoding=wide)
    if body.isascii():
        return _decode_seven_bit(body, declared, served)
    text, encoding, *more = _decode_eight_bit(body, declared, served)
    claim = served if served == "utf-8" and declared == encoding else declared or served
    wrong = claim != encoding and (claim is not None or encoding != "utf-8")
    return Decoded(
        text=text, encoding=encoding, warnings=(*more, *([_say_claim(claim, encoding)] if wrong else []))
    )


def _decode_seven_bit(body: bytes, declared: str | None, served: str | None) -> Decoded:
    for name in (declared, served):
        if name and name.startswith(_SEVEN_BIT):
            return Decoded(text=body.decode(name, "replace"), encoding=name)
    if _JAPANESE_ESCAPE.search(body):
        name = "iso2022_jp"
        return Decoded(text=body.decode(name, "replace"), encoding=name, warnings=(_say_claim(declared, name),))
    return Decoded(text=body.decode("ascii"), encoding="utf-8")


def _decode_eight_bit(body: bytes, declared: str | None, served: str | None) -> tuple[str, ...]:
    """The text, its encoding and what else is wrong with it."""
    body = utf8.join_surrogates(body)
    text = utf8.decode_if_valid(body)
    if text is not None:
        return _undo_twice(text)
    names = [name for name in (served, declared) if name and name not in {"utf-8", "ascii"}]
    names.sort(key=lambda name: name in _WEAK)  # stable: the header stays before the declaration
    label = names[0] if names else None
    seen = utf8.inspect(body)
    if seen.wholly and not (label and seen.by_chance(label) and _is_sensible(body, label)):
        return _undo_twice(body.decode("utf-8", "replace"), *([_REPLACED] if seen.cut else []))
    if seen.mostly or (seen.partly and seen.good > 1 and label in {None, *_WEAK}):
        return utf8.decode_patched(body, label), "utf-8", _REPLACED
    fitting = [name for name in dict.fromkeys(names) if _is_sensible(body, name)]
    if not fitting and (seen.partly or seen.only_cut):
        return utf8.decode_patched(body, label), "utf-8", _REPLACED
    name = _choose_label(fitting, body) if fitting else _encoding_by_looks(body, label)
    return body.decode(name, "replace"), name


def _undo_twice(text: str, *wrong: str) -> tuple[str, ...]:
    once = twice.undo_double_encoding(text)
    return (text, "utf-8", *wrong) if once is None else (once, "utf-8", *wrong, _TWICE)


def _choose_label(fitting: list[str], body: bytes) -> str:
    """Of several labels under which the bytes make sense the first, unless they look more like another."""
    strong = [name for name in fitting if name not in _WEAK]
    looks = encoding_labels.codec_of(guess_encoding(body)) if len(strong) > 1 else None
    return looks if looks in strong else fitting[0]


def _encoding_by_looks(body: bytes, label: str | None) -> str:
    """What the bytes look like; where that makes no more sense than the label, what the label says."""
    looks = encoding_labels.codec_of(guess_encoding(body)) or "cp1252"
    return looks if label is None or _is_sensible(body, looks) else label


def _is_sensible(body: bytes, name: str) -> bool:
    return makes_sense(body.decode(name, "replace"))


def _encoding_by_mark(body: bytes) -> str | None:
    return next((name for mark, name in _BOMS if body.startswith(mark)), None)


def _encoding_by_zeros(body: bytes) -> str | None:
    """UTF-16 and UTF-32 without a mark: the first two characters of any feed are ASCII."""
    pattern = "".join("0" if byte == 0 else "x" for byte in body[:4])
    return {"000x": "utf-32-be", "x000": "utf-32-le", "0x0x": "utf-16-be", "x0x0": "utf-16-le"}.get(pattern)


def _say_claim(claim: str | None, encoding: str) -> str:
    said = f"was labelled {claim}" if claim else "named no encoding"
    return f"The document {said}, but was read as {encoding}."
