"""What an account is told of about money: listed, added, ended; the address of a feed, once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import BaseModel
from starlette.responses import Response

from unbroken.functions.queries import edition_names, loaded_edition
from unbroken.functions.rules import Function
from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.kit.languages import gettext as _
from unbroken.money.commands.watching import (
    MakeWatch,
    end_feed,
    end_watch,
    make_feed,
    make_watch,
)
from unbroken.money.queries.watches import WatchView, watch_views
from unbroken.money.rules.watching import Filters
from unbroken.plans.queries import plan_list
from unbroken.web.act_forms import Short
from unbroken.web.addresses import feed_address
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit, site_of
from unbroken.web.forms import Form, refused_form
from unbroken.web.pages.interests import AMOUNT, MOST_PLANS, SPACES, Options
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Account

router = APIRouter(prefix="/money/watches")
HERE = "/money/watches"


@dataclass(frozen=True, slots=True)
class WatchesPage(Page):
    """The watches of the account; ``address`` is that of a feed just made and stands here only."""

    template: ClassVar[str] = "money/watches.html"

    watches: tuple[WatchView, ...]
    countries: Options
    plans: Options
    functions: Options
    tiers: Options
    themes: Options
    address: str = ""
    form: Form = field(default_factory=Form)


class WatchInput(BaseModel):
    """What the form sends; what is empty leaves nothing out."""

    country: Short = ""
    plan: Short = ""
    function: Short = ""
    tier: Short = ""
    theme: Short = ""
    least: Short = ""
    by_mail: Short = ""
    by_feed: Short = ""

    def order(self) -> MakeWatch:
        """Return the order.

        Raises:
            Invalid: the limit cannot be read, or it would tell nobody.
        """
        typed = SPACES.sub("", self.least)
        problems = []
        if typed and not AMOUNT.fullmatch(typed):
            remedy = _("Write digits, with a point for decimals: 250000.50")
            problems.append(Problem("least", _("is no amount"), remedy))
        if not self.by_mail and not self.by_feed:
            problems.append(Problem("by_mail", _("is missing"), _("Choose mail, a feed or both.")))
        if problems:
            raise Invalid(problems=problems)
        filters = Filters(
            countries=_some(self.country),
            plans=_some(self.plan),
            functions=_some(self.function),
            tiers=tuple(
                int(each) for each in _some(self.tier) if each.isascii() and each.isdigit()
            ),
            themes=_some(self.theme),
        )
        least = Decimal(typed) if typed else Decimal(0)
        return MakeWatch(filters=filters, least=least, by_mail=bool(self.by_mail))


@router.get("")
def watches_page(visit: Account) -> Response:
    """Return what the account is told of."""
    return page(visit, _shown(visit))


@router.post("")
def add_watch(visit: Account, filled: Annotated[WatchInput, FormField()]) -> Response:
    """Make a watch and, where asked for, show the address of its feed, once."""
    try:
        uid = make_watch(visit.sessions, filled.order(), actor=visit.actor, clock=visit.clock)
    except Refused as refusal:
        form = refused_form(refusal, _typed(filled), reader=visit.reader)
        return page(visit, _shown(visit, form=form), status=refusal.status)
    if filled.by_feed:
        return _with_feed(visit, uid)
    return see_other(visit, HERE, notice=_("From now on you are told of it by mail."))


@router.post("/{uid}/feed")
def add_feed(visit: Account, uid: UUID) -> Response:
    """Make the address of a feed, or another one, and show it, once."""
    return _with_feed(visit, uid)


@router.post("/{uid}/feed/end")
def revoke_feed(visit: Account, uid: UUID) -> Response:
    """Revoke the address of a feed."""
    end_feed(visit.sessions, uid, actor=visit.actor, clock=visit.clock)
    return see_other(visit, HERE, notice=_("The address leads nowhere any more."))


@router.post("/{uid}/end")
def end_here(visit: Account, uid: UUID) -> Response:
    """End a watch, and its feed."""
    end_watch(visit.sessions, uid, actor=visit.actor, clock=visit.clock)
    return see_other(visit, HERE, notice=_("You are told of it no more."))


def _with_feed(visit: Visit, uid: UUID) -> Response:
    made = make_feed(visit.sessions, uid, actor=visit.actor, clock=visit.clock)
    address = feed_address(made.secret, base_url=site_of(visit))
    return page(visit, _shown(visit, address=address))


def _shown(visit: Visit, *, address: str = "", form: Form | None = None) -> WatchesPage:
    with visit.sessions.reading() as session:
        watches = watch_views(session, actor=visit.actor)
        plans = plan_list(session, sight=visit.sight, limit=MOST_PLANS)
        names = edition_names(session)
        functions = list(loaded_edition(session, names[0]).functions.values()) if names else []
        texts = texts_for(session, visit, [each.title for each in functions])
    return WatchesPage(
        watches=watches,
        countries=_same(plan.country_iso3 for plan in plans),
        plans=tuple((plan.slug, plan.title) for plan in plans),
        functions=_functions(functions, texts),
        tiers=_same(str(each.tier) for each in functions),
        themes=_same(each.group for each in functions),
        address=address,
        form=form or Form({"by_mail": "yes"}),
    )


def _functions(functions: Iterable[Function], texts: CatalogueTexts) -> Options:
    return tuple((each.code, f"{texts.plain(each.title)} ({each.code})") for each in functions)


def _same(values: Iterable[str]) -> Options:
    return tuple((value, value) for value in sorted(set(values)))


def _some(value: str) -> tuple[str, ...]:
    return (value.strip(),) if value.strip() else ()


def _typed(filled: WatchInput) -> dict[str, str]:
    return {name: value for name, value in filled.model_dump().items() if isinstance(value, str)}
