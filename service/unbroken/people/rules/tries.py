"""How often one account and one address may fail to sign in; pure.

Source: OWASP ASVS 5.0.0, V6.3 (May 2025): limits per account and per address.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from unbroken.people.rules.lives import hash_of

IPV6_HOME = 64  # bits: one household or office commands all addresses behind them


@dataclass(frozen=True, slots=True)
class TryLimits:
    """How many failures one window allows; a window begins at each multiple of its length."""

    per_account: int = 10
    per_address: int = 50
    resets_per_mailbox: int = 5
    window: timedelta = timedelta(minutes=15)

    def window_of(self, at: datetime) -> datetime:
        """Return the instant at which the window around ``at`` began."""
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)

    def seconds_left(self, at: datetime) -> int:
        """Return the seconds until the window around ``at`` is over, at least 1."""
        return max(1, int((self.window_of(at) + self.window - at).total_seconds()))


@dataclass(frozen=True, slots=True)
class Limit:
    """What is counted (a hash of it) and how many failures it may have in a window."""

    subject: str
    most: int


def sign_in_limits(limits: TryLimits, *, login: str, address: str) -> tuple[Limit, Limit]:
    """Return what a failed sign-in of ``login`` from ``address`` counts against."""
    return (
        Limit(f"account:{hash_of(login.casefold())}", limits.per_account),
        Limit(f"address:{hash_of(address_group(address))}", limits.per_address),
    )


def reset_limits(limits: TryLimits, *, mailbox: str, address: str) -> tuple[Limit, Limit]:
    """Return what asking for a password reset counts against, for known mailboxes and others."""
    return (
        Limit(f"reset:{hash_of(mailbox.casefold())}", limits.resets_per_mailbox),
        Limit(f"reset-from:{hash_of(address_group(address))}", limits.per_address),
    )


def look_up_limits(limits: TryLimits, *, address: str) -> tuple[Limit]:
    """Return what asking for a certificate that is not there counts against: the address."""
    return (Limit(f"look-up-from:{hash_of(address_group(address))}", limits.per_address),)


def feed_limits(limits: TryLimits, *, address: str) -> tuple[Limit]:
    """Return what asking for a feed that is not there counts against: the address."""
    return (Limit(f"feed-from:{hash_of(address_group(address))}", limits.per_address),)


def address_group(address: str) -> str:
    """Return what counts as one address: IPv4 as it is, IPv6 by its first 64 bits.

    Text that is no address (a Unix socket) counts as itself.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, IPV6_HOME), strict=False))
