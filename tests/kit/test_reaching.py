"""Where outside servers may be, and how long they are waited for."""

import ipaddress
from datetime import UTC, datetime

import pytest

from unbroken.kit.clock import FixedClock
from unbroken.kit.hosts import is_public
from unbroken.kit.reaching import Bounds, Reach, Trouble, Unreached, same_server

PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.0.8", "198.18.0.1"),  # noqa: S104
    *("::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "ff02::1"),
    *("64:ff9b::169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "64:ff9b:1::1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_open_internet_is_not_reached(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "203.0.112.7"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def _refused(url: str, *found: str, hosts: frozenset[str] = frozenset()) -> Trouble:
    reach = Reach(Bounds(tries=1, private_hosts=hosts), resolve=lambda _host, _port: found)
    with pytest.raises(Unreached) as refused:
        reach.get_json(url, headers={})
    return refused.value.trouble


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    assert Trouble.NO_ADDRESS is _refused("https://kobo.example.org/", address)


def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    assert Trouble.NO_ADDRESS is _refused("https://kobo.example.org/", "8.8.8.8", "10.0.0.1")


@pytest.mark.parametrize(
    "url",
    [
        "http://kobo.example.org/",
        "ftp://kobo.example.org/",
        "https://user:pass@kobo.example.org/",
        "https:///path",
        "file:///etc/passwd",
        "https://a.org:99999999/",
    ],
)
def test_only_https_without_a_name_in_it_is_asked(url: str) -> None:
    assert Trouble.NO_ADDRESS is _refused(url, "8.8.8.8")


def test_plain_http_is_for_this_machine_alone_even_where_the_host_is_named() -> None:
    named = frozenset({"forms.local"})

    assert Trouble.NO_ADDRESS is _refused("http://forms.local/", "10.0.0.5", hosts=named)


def test_a_secret_that_fits_no_header_opens_nothing() -> None:
    reach = Reach(Bounds(tries=1), resolve=lambda _host, _port: ["8.8.8.8"])

    with pytest.raises(Unreached) as refused:
        reach.get_json("https://kobo.example.org/", headers={"authorization": "Token \u0661"})
    assert Trouble.NOT_ALLOWED is refused.value.trouble


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("17", 17),
        ("0", 0),
        ("99999999999999", 86400),
        ("Mon, 02 Mar 2026 09:00:30 GMT", 31),
        ("Mon, 02 Mar 2020 09:00:30 GMT", 0),
        ("soon", 0),
        ("", 0),
        ("-5", 0),
        ("١٧", 0),
    ],
)
def test_retry_after_is_read_in_both_forms_and_bounded(told: str, seconds: int) -> None:
    clock = FixedClock(datetime(2026, 3, 2, 9, tzinfo=UTC))

    assert seconds == Reach(clock=clock)._wait(told)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.org/x", "https://a.org/y?z=1", True),
        ("https://a.org/x", "https://a.org:443/y", True),
        ("https://a.org/x", "http://a.org/y", False),
        ("https://a.org/x", "https://a.org:8443/y", False),
        ("https://a.org/x", "https://a.org.evil.org/y", False),
        ("https://a.org/x", "/relative", False),
        ("https://a.org/x", "https://[", False),
        ("https://a.org/x", "https://a.org:99999999/", False),
    ],
)
def test_a_server_is_scheme_host_and_port(one: str, other: str, *, same: bool) -> None:
    assert same is same_server(one, other)
