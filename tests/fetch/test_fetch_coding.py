from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.coding import CodingError, ExpandedError, UnaskedError, make_decoder

TEXT = b"The river rises. " * 500
LIMIT = 100_000
Pack = Callable[[bytes], bytes]


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def decode(coding: str, data: bytes, *, size: int = 7, limit: int = LIMIT) -> bytes:
    opened = make_decoder(coding.split(), limit)
    return (
        b"".join(opened.feed(data[place : place + size]) for place in range(0, len(data), size)) + opened.finish()
    )


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", bare(TEXT)),
        ("identity", TEXT),
        ("", TEXT),
    ],
)
def test_a_body_comes_out_whole_in_whatever_pieces_it_came(coding: str, packed: bytes, size: int):
    assert decode(coding, packed, size=size) == TEXT


@pytest.mark.parametrize("size", [1, 10_000])
def test_all_members_of_a_gzip_file_are_read(size: int):
    assert decode("gzip", gzip.compress(b"one ") + gzip.compress(b"two"), size=size) == b"one two"


@pytest.mark.parametrize("size", [1, 10_000])
def test_padding_after_the_last_member_is_ignored(size: int):
    assert decode("gzip", gzip.compress(TEXT, mtime=0) + bytes(20) + b"\x1f\x8b", size=size) == TEXT
    assert decode("deflate", zlib.compress(TEXT) + bytes(20), size=size) == TEXT


@pytest.mark.parametrize(
    ("coding", "packed"),
    [("gzip", gzip.compress(TEXT, mtime=0)), ("deflate", zlib.compress(TEXT)), ("deflate", bare(TEXT))],
)
def test_a_body_cut_short_anywhere_is_an_error(coding: str, packed: bytes):
    for end in (1, 2, 5, len(packed) // 2, len(packed) - 1):
        with pytest.raises(CodingError):
            decode(coding, packed[:end])


def test_a_second_member_cut_short_is_an_error():
    with pytest.raises(CodingError):
        decode("gzip", gzip.compress(TEXT, mtime=0) + gzip.compress(TEXT, mtime=0)[:-3])


def test_a_wrong_checksum_is_an_error():
    packed = bytearray(gzip.compress(TEXT, mtime=0))
    packed[-6] ^= 1
    with pytest.raises(CodingError):
        decode("gzip", bytes(packed))


@pytest.mark.parametrize("size", [1, 5, 10_000])
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "utf-8", "gzip br"])
@pytest.mark.parametrize(
    "text",
    [
        b"<?xml version='1.0'?><rss version='2.0'/>",
        b"\xef\xbb\xbf<rss/>",
        b"\r\n  <!DOCTYPE html><title>News</title>",
        b'{"version": 1}',
        b"[1]",
        "<rss/>".encode("utf-16"),
        "<rss/>".encode("utf-16-be").join([b"\xfe\xff", b""]),
        b"   ",
    ],
)
def test_text_is_text_whatever_coding_is_claimed_for_it(text: bytes, coding: str, size: int):
    assert decode(coding, text, size=size) == text


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip deflate", "gzip gzip"])
def test_what_is_neither_text_nor_coded_as_it_says_is_an_error(coding: str):
    with pytest.raises(CodingError):
        decode(coding, b"\xca\xfe\xba\xbe plain")


@pytest.mark.parametrize("coding", ["", "identity", "utf-8", "UTF8", "none", "binary", "gzip utf-8", "gzip"])
@pytest.mark.parametrize("size", [1, 10_000])
def test_a_packed_file_is_unpacked_whether_or_not_a_field_says_so(coding: str, size: int):
    assert decode(coding, gzip.compress(TEXT), size=size) == TEXT


@pytest.mark.parametrize("size", [1, 10_000])
@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        *(
            (coding, gzip.compress(TEXT, mtime=0))
            for coding in ("deflate", "br", "zstd", "gzip gzip", "gzip deflate")
        ),
        *((coding, pack(TEXT)) for coding in ("gzip", "x-gzip", "gzip gzip") for pack in (zlib.compress, bare)),
    ],
)
def test_a_body_is_unpacked_by_what_it_is_where_another_coding_is_claimed(coding: str, packed: bytes, size: int):
    assert decode(coding, packed, size=size) == TEXT


@pytest.mark.parametrize("size", [1, 10_000])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip gzip"])
def test_what_was_said_before_the_document_is_text_as_well(coding: str, size: int):
    said = b"Warning: foo\n<rss version='2.0'/>"
    assert decode(coding, said, size=size) == said


def test_a_deflated_body_may_begin_with_eight_letters():
    packed = bare(b"ptsvrqptv")
    assert re.match(rb"[\x20-\x7e]{8}", packed)
    assert decode("deflate", packed) == b"ptsvrqptv"


@pytest.mark.parametrize("size", [1, 10_000])
@pytest.mark.parametrize(
    ("coding", "inner", "outer"),
    [
        ("", gzip.compress, gzip.compress),
        ("gzip", gzip.compress, gzip.compress),
        ("gzip gzip", gzip.compress, gzip.compress),
        ("deflate gzip", zlib.compress, gzip.compress),
        ("gzip deflate", gzip.compress, zlib.compress),
        ("deflate", gzip.compress, bare),
    ],
)
def test_a_packed_file_that_was_packed_again_is_unpacked_twice(coding: str, inner: Pack, outer: Pack, size: int):
    assert decode(coding, outer(inner(TEXT)), size=size) == TEXT


@pytest.mark.parametrize("coding", ["", "gzip", "gzip gzip gzip"])
def test_a_file_that_was_packed_three_times_is_refused(coding: str):
    with pytest.raises(UnaskedError):
        decode(coding, gzip.compress(gzip.compress(gzip.compress(TEXT))))


def test_a_second_layer_cut_short_is_an_error():
    with pytest.raises(CodingError):
        decode("gzip", gzip.compress(gzip.compress(TEXT)[:-3]))


@pytest.mark.parametrize("layers", [1, 2])
def test_each_layer_of_a_bomb_is_within_the_limit(layers: int):
    inside = gzip.compress(bytes(3 * LIMIT)) if layers == 2 else bytes(3 * LIMIT)
    with pytest.raises(ExpandedError):
        decode("gzip", gzip.compress(inside), size=64_000)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip br", "gzip gzip gzip"])
@pytest.mark.parametrize("body", [b"\x8b\x02\x80", b"\x28\xb5\x2f\xfd\x00\x00\x00\x00\x00\x00"])
def test_a_coding_that_was_not_offered_is_an_error_of_its_own(coding: str, body: bytes):
    with pytest.raises(UnaskedError):
        decode(coding, body)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity"])
def test_nothing_at_all_is_an_empty_body(coding: str):
    assert decode(coding, b"") == b""


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", bare(TEXT)),
        ("identity", TEXT),
    ],
)
def test_the_limit_is_exact(coding: str, packed: bytes):
    assert decode(coding, packed, limit=len(TEXT)) == TEXT
    with pytest.raises(ExpandedError):
        decode(coding, packed, limit=len(TEXT) - 1)


def test_the_limit_counts_all_members_together():
    with pytest.raises(ExpandedError):
        decode("gzip", gzip.compress(TEXT, mtime=0) * 3, limit=2 * len(TEXT))


def test_a_bomb_yields_no_more_than_the_limit_before_it_is_noticed():
    opened = make_decoder(["gzip"], LIMIT)
    with pytest.raises(ExpandedError):
        opened.feed(gzip.compress(bytes(50_000_000)))


def test_a_file_of_endlessly_many_empty_members_is_an_error():
    with pytest.raises(CodingError):
        decode("gzip", gzip.compress(b"") * 2000, size=64_000)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "identity"]), st.integers(1, 50))
def test_any_bytes_end_in_a_body_or_an_error(data: bytes, coding: str, size: int):
    try:
        out = decode(coding, data, size=size, limit=1000)
    except (CodingError, ExpandedError):
        return
    assert len(out) <= 1000
