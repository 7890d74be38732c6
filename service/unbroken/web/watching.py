"""Who may see how the service runs: whoever asks from this machine, or with the token for it.

A proxy on this machine also asks from here, for the whole world. So whatever was forwarded counts
by whom it was forwarded for: every address named must be of this machine, and where proxies are
announced (``UNBROKEN_FORWARDED_HOPS``) they must have named somebody.
"""

import hmac
import ipaddress

from starlette.requests import Request

from unbroken.kit.errors import SignInNeeded
from unbroken.kit.languages import gettext as _
from unbroken.kit.settings import secret_named
from unbroken.web.dependencies import house_of

TOKEN_NAME = "UNBROKEN_SECRET_METRICS"  # noqa: S105 - the name of the variable that holds it
LONGEST = 200


def may_watch(request: Request) -> bool:
    """Return whether ``request`` comes from this machine or carries the token."""
    return _is_from_here(request) or _has_token(request)


def not_for_strangers() -> SignInNeeded:
    """Return the refusal for everybody else."""
    return SignInNeeded(
        _("This is shown to whoever asks from the same machine, or sends the token for it."),
        remedy=_("Ask whoever runs this service for the token of its metrics."),
    )


def _is_from_here(request: Request) -> bool:
    if request.client is None or "forwarded" in request.headers:
        return False
    named = ",".join(
        request.headers.getlist("x-forwarded-for") + request.headers.getlist("x-real-ip")
    )
    addresses = [each.strip() for each in named.split(",") if each.strip()]
    if len(addresses) < house_of(request).settings.forwarded_hops:
        return False
    return all(_is_loopback(each) for each in (request.client.host, *addresses))


def _is_loopback(told: str) -> bool:
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _has_token(request: Request) -> bool:
    wanted = secret_named(TOKEN_NAME)
    scheme, _space, told = request.headers.get("authorization", "").partition(" ")
    is_like_one = scheme.lower() == "bearer" and 0 < len(told) <= LONGEST
    if not wanted or not is_like_one:
        return False
    return hmac.compare_digest(told.strip().encode(), wanted.encode())
