"""Where things stand on the site, for whoever writes a link into a message or a terminal."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from unbroken.notices.rules.feeds import FeedKind
from unbroken.people.commands.links import MadeLink

SIGN_IN = "/sign-in"
FEED_ENDINGS: Mapping[FeedKind, str] = {FeedKind.CALENDAR: "ics", FeedKind.NEWS: "atom"}


def link_address(link: MadeLink, *, base_url: str = "") -> str:
    """Return the address that uses a one-time link; without ``base_url`` it begins with a slash."""
    return f"{base_url.rstrip('/')}{link.path}"


def feed_address(secret: str, *, base_url: str) -> str:
    """Return the address of a feed on money; whoever has it may read the feed."""
    return f"{base_url.rstrip('/')}/feeds/money/{quote(secret)}.atom"


def own_feed_address(kind: FeedKind, secret: str, *, base_url: str) -> str:
    """Return the address of a feed of one's own; whoever has it may read the feed."""
    ending = FEED_ENDINGS[kind]
    return f"{base_url.rstrip('/')}/feeds/{kind.value}/{quote(secret)}.{ending}"


def local_path(wished: str, *, otherwise: str = "/") -> str:
    """Return ``wished`` where it is a path of this site, so that nobody is sent elsewhere."""
    parts = urlsplit(wished)
    is_local = wished.startswith("/") and not wished.startswith(("//", "/\\"))
    is_plain = wished.isprintable() and "\\" not in wished
    if is_local and is_plain and not parts.scheme and not parts.netloc:
        return wished
    return otherwise
