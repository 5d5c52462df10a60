"""Where a request comes from."""

import pytest
from django.test import RequestFactory

from annotation_app.web.people.sign_in.addresses import NO_ADDRESS, address_key, client_address


def seen(settings, peer, header="", *, trusted=("10.0.0.0/8", "fd00::/8"), count=1):
    settings.TRUSTED_PROXIES, settings.PROXY_COUNT = list(trusted), count
    extra = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **extra))


@pytest.mark.parametrize(
    ("peer", "header", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "198.51.100.1:4711", "198.51.100.1"),
        ("::ffff:10.0.0.2", "::ffff:198.51.100.1", "198.51.100.1"),
        ("fd00::2", "[2001:db8::7]:4711", "2001:db8::7"),
        ("10.0.0.2", "unknown", "10.0.0.2"),
        ("10.0.0.2", "1.1.1.1,", "10.0.0.2"),
        ("", "198.51.100.1", NO_ADDRESS),
    ],
)
def test_only_a_trusted_proxy_says_who_the_client_is(settings, peer, header, client):
    assert seen(settings, peer, header) == client


def test_with_more_proxies_than_entries_the_header_says_nothing(settings):
    assert seen(settings, "10.0.0.2", "1.1.1.1", count=2) == "10.0.0.2"
    assert seen(settings, "10.0.0.2", "9.9.9.9, 1.1.1.1, 10.0.0.3", count=2) == "1.1.1.1"


def test_a_proxy_at_a_socket_file_is_trusted_by_name_only(settings):
    assert seen(settings, "", "1.1.1.1", trusted=["unix"]) == "1.1.1.1"


def test_another_header_may_carry_the_address(settings):
    settings.TRUSTED_PROXIES, settings.CLIENT_ADDRESS_HEADER = ["127.0.0.1"], "X-Real-IP"
    request = RequestFactory().get("/", HTTP_X_REAL_IP="1.1.1.1", HTTP_X_FORWARDED_FOR="2.2.2.2")
    assert client_address(request) == "1.1.1.1"


def test_an_ipv6_address_counts_by_its_network():
    assert address_key("2001:db8:1:2:3::9") == address_key("2001:db8:1:2::") == "2001:db8:1:2::/64"
    assert address_key("198.51.100.1") == "198.51.100.1"
