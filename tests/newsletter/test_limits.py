import pytest

from newsletter import limits


@pytest.mark.parametrize(
    ("peer", "address", "block"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7:4711 ", "203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("", "", ""),
        ("unknown", "", ""),
        ("203.0.113.7, 10.0.0.1", "", ""),
        ("x" * 500, "", ""),
        ("\x00", "", ""),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_line(peer, address, block):
    assert limits.network_address(peer) == address
    assert limits.block_of(peer) == block


def test_an_address_of_the_house_is_told_apart():
    assert all(limits.is_our_own(peer) for peer in ("127.0.0.1", "10.1.2.3", "::1"))
    assert not limits.is_our_own("198.41.0.4")
    assert not limits.is_our_own("")
