"""``/me/notices``: how one's own account is told, and what its next letter would tell."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import BaseModel
from starlette.responses import Response

from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.notices.commands.wishing import ChooseWish, choose_wish
from unbroken.notices.queries.wishes import WishView, wish_view
from unbroken.notices.rules.wishes import Wish
from unbroken.notices.rules.words import Cadence
from unbroken.web.act_forms import Short
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.notice_words import NOTICE_LABELS, WEEKDAYS
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Account

router = APIRouter(prefix="/me/notices")
HERE = "/me/notices"
NOWHERE = -1
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NoticesPage(Page):
    """How the account is told."""

    template: ClassVar[str] = "notices/own.html"

    view: WishView
    cadences: Options
    weekdays: Options
    hours: Options
    form: Form = field(default_factory=Form)


class WishInput(BaseModel):
    """What the form sends."""

    version: Short = ""
    cadence: Short = ""
    weekday: Short = ""
    hour: Short = ""
    zone: Short = ""
    at_once: Short = ""
    only_own: Short = ""

    def order(self) -> ChooseWish:
        """Return the order; what is no number is refused like one that is out of range."""
        known = {each.value for each in Cadence}
        wish = Wish(
            cadence=Cadence(self.cadence) if self.cadence in known else Cadence.DAILY,
            weekday=_number(self.weekday),
            hour=_number(self.hour),
            zone=self.zone.strip(),
            at_once=bool(self.at_once),
            only_own=bool(self.only_own),
        )
        return ChooseWish(wish, _number(self.version))


@router.get("")
def notices_page(visit: Account) -> Response:
    """Return how the account is told and what its next letter would tell."""
    return page(visit, _shown(visit))


@router.post("")
def choose(visit: Account, filled: Annotated[WishInput, FormField()]) -> Response:
    """Say how the account is to be told."""
    try:
        choose_wish(visit.sessions, filled.order(), actor=visit.actor, clock=visit.clock)
    except Refused as refusal:
        form = refused_form(refusal, filled.model_dump(), reader=visit.reader)
        return page(visit, _shown(visit, form), status=refusal.status)
    return see_other(visit, HERE, notice=_("From now on you are told this way."))


@router.post("/role")
def leave_to_role(visit: Account, version: Short = "") -> Response:
    """Have the account told by its role again."""
    order = ChooseWish(None, _number(version))
    choose_wish(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    return see_other(visit, HERE, notice=_("You are told as your role is."))


def _shown(visit: Visit, form: Form | None = None) -> NoticesPage:
    with visit.sessions.reading() as session:
        view = wish_view(session, actor=visit.actor, now=visit.clock.now())
    reader = visit.reader
    cadences = tuple(
        (key, reader.gettext(label)) for key, label in NOTICE_LABELS["cadence"].items()
    )
    weekdays = tuple((str(n), reader.gettext(name)) for n, name in enumerate(WEEKDAYS))
    hours = tuple((str(hour), f"{hour:02}:00") for hour in range(24))
    return NoticesPage(view, cadences, weekdays, hours, form or Form(_typed(view)))


def _typed(view: WishView) -> dict[str, str]:
    return {
        "at_once": "yes" if view.wish.at_once else "",
        "only_own": "yes" if view.wish.only_own else "",
    }


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() else NOWHERE
