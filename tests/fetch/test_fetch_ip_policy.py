from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.ip_policy import ips_carried_by, literal_ip, refusal

LOCAL = ip_network("127.0.0.0/8")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.2",
        "127.0.0.2.",
        "127.2",
        "127.0.2",
        "2130706434",
        "0x7f000002",
        "0x7F.2",
        "017700000002",
        "0177.0.0.2",
        "0x7f.0.0.0x2",
        "0177.0x0.2",
    ],
)
def test_every_spelling_of_an_ipv4_address_is_read_as_the_c_library_reads_it(host: str):
    assert literal_ip(host) == IPv4Address("127.0.0.2")


@pytest.mark.parametrize(
    "host", ["example.org", "1.example", "deadbeef", "0x7f.example", "a.0xz", "localhost", "-"]
)
def test_a_name_is_left_to_be_looked_up(host: str):
    assert literal_ip(host) is None


@pytest.mark.parametrize(
    "host",
    [
        *("256.0.0.1", "1.2.3.4.5", "127.0.0.256", "4294967296", "1..2", "a.1", "08.0.0.1", "0x1ffffffff"),
        *("fe80::1%1", "::g", "1:2", ".1", "9" * 300, "x%y::1"),
    ],
)
def test_what_looks_like_an_address_but_is_none_is_refused(host: str):
    with pytest.raises(ValueError, match=r"."):
        literal_ip(host)


def test_an_empty_hexadecimal_part_is_zero_as_in_browsers():
    assert literal_ip("0x") == IPv4Address("0.0.0.0")


@pytest.mark.parametrize(
    "text",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254"),
        *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170"),
        *("192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "224.0.0.1"),
        *("239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::2", "::127.0.0.2", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("::ffff:0:127.0.0.1", "64:ff9b::127.0.0.2", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8"),
        *("64:ff9b:1::127.0.0.1", "64:ff9b:2::1", "100::1", "2001::1", "2001:0:7f00:2::", "2001:10::1"),
        *("2001:20::1", "2001:2::1", "2001:db8::1", "2002:7f00:2::", "2002:808:808::", "3fff::1", "4000::1"),
        *("5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "1::1"),
    ],
)
def test_what_is_not_public_unicast_is_refused(text: str):
    assert refusal(ip_address(text)) is not None


@pytest.mark.parametrize(
    "text",
    [
        *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1"),
        *("223.255.255.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2400::1"),
    ],
)
def test_public_addresses_may_be_asked(text: str):
    assert refusal(ip_address(text)) is None


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("::ffff:127.0.0.2", "127.0.0.2"),
        ("::127.0.0.2", "127.0.0.2"),
        ("64:ff9b::7f00:2", "127.0.0.2"),
        ("64:ff9b:1::7f00:2", "127.0.0.2"),
        ("2002:7f00:2::", "127.0.0.2"),
        ("2001:0:7f00:2:0:ffff:80ff:fffd", "127.0.0.2"),
    ],
)
def test_an_ipv4_address_is_found_in_each_of_its_wrappers(text: str, inside: str):
    assert ip_address(inside) in ips_carried_by(ip_address(text))


def test_the_refusal_names_the_innermost_ip():
    assert refusal(ip_address("64:ff9b::10.0.0.1")) == "10.0.0.1 is a private IP"


def test_an_opened_network_opens_its_mapped_addresses_too():
    assert refusal(ip_address("127.0.0.2"), (LOCAL,)) is None
    assert refusal(ip_address("::ffff:127.0.0.2"), (LOCAL,)) is None
    assert refusal(ip_address("10.0.0.1"), (LOCAL,)) is not None


def test_an_opened_gateway_does_not_open_the_networks_behind_it():
    gateway = ip_network("64:ff9b:1::/48")
    assert refusal(ip_address("64:ff9b:1::10.0.0.1"), (gateway,)) == "10.0.0.1 is a private IP"
    assert refusal(ip_address("64:ff9b:1::8.8.8.8"), (gateway,)) is None
    assert refusal(ip_address("::ffff:10.0.0.1"), (ip_network("::/0"),)) is not None


def test_an_address_with_a_zone_is_refused_even_in_an_opened_network():
    assert "link" in (refusal(ip_address("fe80::1%eth0"), (ip_network("fe80::/10"),)) or "")


@given(st.ip_addresses(v=4))
def test_a_wrapper_never_makes_an_ip_acceptable(address: IPv4Address):
    number = int(address)
    wrapped = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(number),
        IPv6Address(0x64FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80),
    ]
    if refusal(address) is not None:
        assert all(refusal(one) is not None for one in wrapped)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_what_python_calls_not_global_is_refused_here_too(address: IPv4Address | IPv6Address):
    if not address.is_global or address.is_multicast:
        assert refusal(address) is not None


@given(st.ip_addresses(v=4), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_one_number_spells_the_whole_ip(address: IPv4Address, spelling: str):
    assert literal_ip(spelling.format(int(address))) == address


@given(st.text(alphabet="0123456789abcdefxX.:%-", max_size=40))
def test_any_host_is_an_address_or_a_name_or_refused(host: str):
    try:
        found = literal_ip(host)
    except ValueError:
        return
    assert found is None or isinstance(found, IPv4Address | IPv6Address)
