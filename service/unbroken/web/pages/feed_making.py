"""Feeds of one's own: made, made anew, ended; the address of each stands here once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import BaseModel
from starlette.responses import Response

from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.kit.languages import gettext as _
from unbroken.notices.commands.feeds import (
    MadeFeed,
    NewFeed,
    end_feed,
    make_feed,
    make_feed_anew,
)
from unbroken.notices.queries.feeds import FeedView, feed_views
from unbroken.notices.rules.calendar import DateGroup
from unbroken.notices.rules.feeds import FeedFilters, FeedKind
from unbroken.plans.queries import plan_list
from unbroken.web.act_forms import Short
from unbroken.web.addresses import own_feed_address
from unbroken.web.dependencies import Visit, site_of
from unbroken.web.forms import Form, refused_form
from unbroken.web.pages.interests import MOST_PLANS, Options
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Account

router = APIRouter(prefix="/me/feeds")
HERE = "/me/feeds"
KINDS: Mapping[str, str] = {
    FeedKind.CALENDAR.value: _("Dates, for a calendar"),
    FeedKind.NEWS.value: _("News, for a reader"),
}
GROUPS: Mapping[str, str] = {
    DateGroup.ENDS.value: _("Ends of mandates, closings, last days"),
    DateGroup.DEADLINES.value: _("Deadlines: receivers, agreements, confirmations"),
    DateGroup.CHECKS.value: _("Checks after 3, 6 and 12 months"),
    DateGroup.ANSWERS.value: _("Answers that offers to you wait for"),
}


@dataclass(frozen=True, slots=True)
class FeedsPage(Page):
    """The feeds of the account; ``address`` is that of one just made and stands here only.

    ``kinds`` and ``groups`` are the words for kinds of feeds and of dates, by their names.
    """

    template: ClassVar[str] = "notices/feeds.html"

    feeds: tuple[FeedView, ...]
    plans: Options
    kinds: Mapping[str, str]
    groups: Mapping[str, str]
    address: str = ""
    form: Form = field(default_factory=Form)


class FeedInput(BaseModel):
    """What the form sends; boxes have the names of the groups of dates."""

    kind: Short = ""
    plan: Short = ""
    only_own: Short = ""
    ends: Short = ""
    deadlines: Short = ""
    checks: Short = ""
    answers: Short = ""

    def order(self) -> NewFeed:
        """Return the order.

        Raises:
            Invalid: no kind is chosen, or a calendar without any date.
        """
        groups = tuple(each for each in DateGroup if getattr(self, each.value))
        problems = []
        if self.kind not in KINDS:
            problems.append(Problem("kind", _("is missing"), _("Choose what the feed holds.")))
        if self.kind == FeedKind.CALENDAR.value and not groups:
            problems.append(Problem("ends", _("is missing"), _("Choose some kinds of dates.")))
        if problems:
            raise Invalid(problems=problems)
        plans = (self.plan.strip(),) if self.plan.strip() else ()
        # all of them is no filter: kinds that come later are meant too
        some = () if len(groups) == len(DateGroup) else groups
        filters = FeedFilters(plans=plans, only_own=bool(self.only_own), groups=some)
        return NewFeed(kind=FeedKind(self.kind), filters=filters)


@router.get("")
def feeds_page(visit: Account, plan: Short = "") -> Response:
    """Return the account's feeds; ``plan`` is chosen in the form for a new one."""
    chosen = {"kind": FeedKind.CALENDAR.value, "plan": plan, **dict.fromkeys(GROUPS, "yes")}
    return page(visit, _shown(visit, form=Form(chosen)))


@router.post("")
def add_feed(visit: Account, filled: Annotated[FeedInput, FormField()]) -> Response:
    """Make a feed and show its address, once."""
    try:
        made = make_feed(visit.sessions, filled.order(), actor=visit.actor, clock=visit.clock)
    except Refused as refusal:
        form = refused_form(refusal, filled.model_dump(), reader=visit.reader)
        return page(visit, _shown(visit, form=form), status=refusal.status)
    return _with_address(visit, made)


@router.post("/{uid}/address")
def new_address(visit: Account, uid: UUID) -> Response:
    """Make another address for a feed and show it, once; the one before has ended."""
    made = make_feed_anew(visit.sessions, uid, actor=visit.actor, clock=visit.clock)
    return _with_address(visit, made)


@router.post("/{uid}/end")
def end_here(visit: Account, uid: UUID) -> Response:
    """End a feed."""
    end_feed(visit.sessions, uid, actor=visit.actor, clock=visit.clock)
    return see_other(visit, HERE, notice=_("The address leads nowhere any more."))


def _with_address(visit: Visit, made: MadeFeed) -> Response:
    address = own_feed_address(made.kind, made.secret, base_url=site_of(visit))
    chosen = {"kind": made.kind.value, **dict.fromkeys(GROUPS, "yes")}
    return page(visit, _shown(visit, address=address, form=Form(chosen)))


def _shown(visit: Visit, *, form: Form, address: str = "") -> FeedsPage:
    with visit.sessions.reading() as session:
        feeds = feed_views(session, actor=visit.actor)
        plans = plan_list(session, sight=visit.sight, limit=MOST_PLANS)
    return FeedsPage(
        feeds=feeds,
        plans=tuple((plan.slug, plan.title) for plan in plans),
        kinds={kind: visit.say(text) for kind, text in KINDS.items()},
        groups={group: visit.say(text) for group, text in GROUPS.items()},
        address=address,
        form=form,
    )
