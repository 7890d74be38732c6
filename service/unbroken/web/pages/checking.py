"""Checking a certificate, by anybody: by its code, or by the file itself."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from fastapi import APIRouter
from fastapi import Form as FormField
from starlette.responses import Response

from unbroken.documents.commands.looking_up import Asker, LookedUp, look_up, look_up_file
from unbroken.documents.rules.labels import AUDIENCE
from unbroken.kit.errors import Invalid, Refused
from unbroken.kit.languages import gettext as _
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import Page, page
from unbroken.web.security import Anyone, client_address
from unbroken.web.uploads import Uploaded
from unbroken.workbooks.limits import KILO

router = APIRouter()
Text = Annotated[str, FormField(max_length=120)]
ROLES = frozenset({"planner", "country-team", "co-chair", "donor", "observer", "steward"})


@dataclass(frozen=True, slots=True)
class CheckPage(Page):
    """The form and, where something was asked, what was found; ``readers`` is English."""

    template: ClassVar[str] = "documents/check.html"

    most: int
    found: LookedUp | None = None
    readers: str = ""
    has_role: bool = False
    form: Form = field(default_factory=Form)


@router.get("/check")
def check_form(visit: Anyone) -> Response:
    """Return the form."""
    return page(visit, CheckPage(_most(visit)))


@router.get("/check/{code}")
def check_code(visit: Anyone, code: str) -> Response:
    """Say what stands behind a code; the address that a certificate's QR code leads to."""
    return _answer(visit, code[:120], None)


@router.post("/check")
def check(visit: Anyone, file: Uploaded, code: Text = "") -> Response:
    """Say what stands behind a code, or whether a file is a certificate, byte for byte."""
    return _answer(visit, code, file.raw if file and file.raw else None)


def asker_of(visit: Visit) -> Asker:
    """Return where the question of a visit comes from."""
    house = visit.house
    return Asker(client_address(visit.request), house.limits, house.machine_clock)


def _answer(visit: Visit, code: str, raw: bytes | None) -> Response:
    try:
        found = _found(visit, code, raw)
    except Refused as refusal:
        form = refused_form(refusal, {"code": code}, reader=visit.reader)
        return page(visit, CheckPage(_most(visit), form=form), status=refusal.status)
    shown = CheckPage(
        _most(visit),
        found=found,
        readers=AUDIENCE[found.view.audience.value],
        has_role=found.view.role in ROLES,
        form=Form({"code": found.view.code}),
    )
    return page(visit, shown)


def _found(visit: Visit, code: str, raw: bytes | None) -> LookedUp:
    if raw is not None:
        return look_up_file(
            visit.sessions, raw, asker=asker_of(visit), languages=visit.house.languages
        )
    if not code.strip():
        raise Invalid(
            _("Type a code or choose a file."),
            remedy=_("The code stands at the top of every page of a certificate."),
        )
    return look_up(visit.sessions, code, asker=asker_of(visit))


def _most(visit: Visit) -> int:
    return visit.house.settings.upload_limit_kb // KILO
