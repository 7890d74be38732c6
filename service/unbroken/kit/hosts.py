"""Which addresses are of the open internet, and what a name leads to.

Source: IANA special-purpose address registries (RFC 6890 and its updates); what Python 3.11 calls
global and is not stands in ``NEVER``.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence

LAST_PORT = 65_535
# Other networks wrapped up in an address (NAT64, 6to4, Teredo), and what is of no network at all.
NEVER = tuple(
    ipaddress.ip_network(each)
    for each in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Gives every address that a name and a port lead to; raises ``OSError`` where there is none."""


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Return every address of a name, as this machine resolves it.

    Raises:
        OSError: it leads nowhere.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def is_public(address: Address) -> bool:
    """Return whether an address is one of the open internet, and nothing else wrapped up in it."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return False
    is_odd = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not is_odd and not any(address in each for each in NEVER)
