"""A link by mail that opens straight on one act: one person, one act, once.

Opening it uses nothing up, because mail scanners open links too; signing does. What must stand
behind it (a sign-in now, one on this device lately, nothing) is a setting of the instance.
"""

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import RedirectResponse, Response

from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Signing
from unbroken.transfers.commands.act_links import (
    OpenedLink,
    open_act_link,
    require_own_link,
    sign_by_link,
    was_here_lately,
)
from unbroken.transfers.rules.links import LINK_ACTS, SignInBy
from unbroken.web.act_forms import open_acts
from unbroken.web.cookies import device_cookie
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import sent_once
from unbroken.web.pages.capacities import (
    SIGNED,
    WAITS,
    CapacityPage,
    Filled,
    again,
    subject,
)
from unbroken.web.rendering import page, see_other
from unbroken.web.security import Anyone

router = APIRouter()
Secret = Annotated[str, Path(max_length=100)]
ANSWERS = LINK_ACTS[Signing.SIGNS]


@router.get("/act/{secret}")
def act_page(visit: Anyone, secret: Secret) -> Response:
    """Return the act that the link opens on, or the way to the sign-in that must stand behind it.

    Raises:
        LinkUnknown, LinkUsed, LinkExpired, LinkOfAnother: it opens nothing for the reader.
    """
    link = _opened(visit, secret)
    asked = _behind(visit, link)
    if asked is None:
        return RedirectResponse(f"/sign-in?to={quote(f'/act/{secret}')}", status_code=303)
    return page(visit, _shown(asked, link, secret))


@router.post("/act/{secret}")
def sign_here(visit: Anyone, secret: Secret, filled: Filled) -> Response:
    """Sign one act and use the link up, or show the form again with what was refused.

    Raises:
        LinkUnknown, LinkUsed, LinkExpired, LinkOfAnother: it signs nothing for the reader.
    """
    link = _opened(visit, secret)
    asked = _behind(visit, link)
    if asked is None:
        return RedirectResponse(f"/sign-in?to={quote(f'/act/{secret}')}", status_code=303)

    def act() -> Response:
        order = filled.order(link.capacity_uid)
        at = visit.house.machine_clock.now()
        signed = sign_by_link(visit.sessions, secret, order, clock=visit.clock, at=at)
        return _after(visit, link.capacity_uid, waits=signed.waits)

    try:
        return sent_once(asked, filled.key, filled.model_dump(mode="json"), act)
    except Refused as refusal:
        content = again(asked, link.capacity_uid, filled, refusal)
        return page(visit, _bounded(content, link, secret), status=refusal.status)


def _opened(visit: Visit, secret: str) -> OpenedLink:
    at = visit.house.machine_clock.now()
    with visit.sessions.reading() as session:
        return open_act_link(session, secret, at=at)


def _behind(visit: Visit, link: OpenedLink) -> Visit | None:
    """Return the visit as the link's account makes it; ``None`` where a sign-in is needed first.

    Raises:
        LinkOfAnother: another account is signed in.
    """
    account = visit.actor.account_uid
    if account is not None:
        require_own_link(link, account)
        return visit
    wanted = SignInBy(visit.house.settings.act_link_sign_in)
    if wanted is SignInBy.ALWAYS or (wanted is SignInBy.RECENT and not _was_here(visit, link)):
        return None
    return replace(visit, visitor=replace(visit.visitor, actor=link.actor))


def _was_here(visit: Visit, link: OpenedLink) -> bool:
    secret = visit.request.cookies.get(device_cookie(visit.house.settings), "")
    at = visit.house.machine_clock.now()
    with visit.sessions.reading() as session:
        return bool(secret) and was_here_lately(session, secret, link, at=at)


def _shown(asked: Visit, link: OpenedLink, secret: str) -> CapacityPage:
    about = subject(asked, link.capacity_uid)
    return _bounded(CapacityPage(about, open_acts(about.detail, tried=link.act)), link, secret)


def _bounded(content: CapacityPage, link: OpenedLink, secret: str) -> CapacityPage:
    """Return the page with answers only, sent by the link."""
    acts = tuple(each for each in content.acts if each.act in ANSWERS)
    return replace(
        content,
        acts=acts,
        action=f"/act/{secret}",
        link_until=link.expires_at,
        link_changed=link.changed,
        signatories=(),
    )


def _after(visit: Visit, uid: UUID, *, waits: bool) -> Response:
    """Return the way on: to the receipt for who is signed in, else to the first page."""
    said = WAITS if waits else SIGNED
    if visit.is_signed_in:
        return see_other(visit, f"/capacities/{uid}#receipts", notice=said)
    return see_other(visit, "/sign-in", notice=WAITS if waits else LEFT)


LEFT = _("Signed. Your receipt stands on the capacity's page; sign in to read it.")
