from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.coding import CodingError, ExpandedError, decoder

TEXT = b"The river rises. " * 500
LIMIT = 100_000


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def unpack(coding: str, data: bytes, *, size: int = 7, limit: int = LIMIT) -> bytes:
    opened = decoder([coding], limit)
    assert opened is not None
    out = b"".join(opened.feed(data[place : place + size]) for place in range(0, len(data), size))
    opened.finish()
    return out


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
    assert unpack(coding, packed, size=size) == TEXT


@pytest.mark.parametrize("size", [1, 10_000])
def test_all_members_of_a_gzip_file_are_read(size: int):
    assert unpack("gzip", gzip.compress(b"one ") + gzip.compress(b"two"), size=size) == b"one two"


@pytest.mark.parametrize("size", [1, 10_000])
def test_padding_after_the_last_member_is_ignored(size: int):
    assert unpack("gzip", gzip.compress(TEXT, mtime=0) + bytes(20) + b"\x1f\x8b", size=size) == TEXT
    assert unpack("deflate", zlib.compress(TEXT) + bytes(20), size=size) == TEXT


@pytest.mark.parametrize(
    ("coding", "packed"),
    [("gzip", gzip.compress(TEXT, mtime=0)), ("deflate", zlib.compress(TEXT)), ("deflate", bare(TEXT))],
)
def test_a_body_cut_short_anywhere_is_an_error(coding: str, packed: bytes):
    for end in (1, 2, 5, len(packed) // 2, len(packed) - 1):
        with pytest.raises(CodingError):
            unpack(coding, packed[:end])


def test_a_second_member_cut_short_is_an_error():
    with pytest.raises(CodingError):
        unpack("gzip", gzip.compress(TEXT, mtime=0) + gzip.compress(TEXT, mtime=0)[:-3])


def test_a_wrong_checksum_is_an_error():
    packed = bytearray(gzip.compress(TEXT, mtime=0))
    packed[-6] ^= 1
    with pytest.raises(CodingError):
        unpack("gzip", bytes(packed))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_is_not_coded_as_it_says_is_an_error(coding: str):
    with pytest.raises(CodingError):
        unpack(coding, b"<rss version='2.0'/>")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity"])
def test_nothing_at_all_is_an_empty_body(coding: str):
    assert unpack(coding, b"") == b""


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
    assert unpack(coding, packed, limit=len(TEXT)) == TEXT
    with pytest.raises(ExpandedError):
        unpack(coding, packed, limit=len(TEXT) - 1)


def test_the_limit_counts_all_members_together():
    with pytest.raises(ExpandedError):
        unpack("gzip", gzip.compress(TEXT, mtime=0) * 3, limit=2 * len(TEXT))


def test_a_bomb_yields_no_more_than_the_limit_before_it_is_noticed():
    opened = decoder(["gzip"], LIMIT)
    assert opened is not None
    with pytest.raises(ExpandedError):
        opened.feed(gzip.compress(bytes(50_000_000)))


def test_a_file_of_endlessly_many_empty_members_is_an_error():
    with pytest.raises(CodingError):
        unpack("gzip", gzip.compress(b"") * 2000, size=64_000)


@pytest.mark.parametrize(
    "codings", [["br"], ["zstd"], ["gzip", "gzip"], ["gzip", "deflate"], ["utf-8"], ["compress"]]
)
def test_other_and_several_codings_have_no_decoder(codings: list[str]):
    assert decoder(codings, LIMIT) is None


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "identity"]), st.integers(1, 50))
def test_any_bytes_end_in_a_body_or_an_error(data: bytes, coding: str, size: int):
    try:
        out = unpack(coding, data, size=size, limit=1000)
    except (CodingError, ExpandedError):
        return
    assert len(out) <= 1000
