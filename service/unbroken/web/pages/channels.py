"""Channels of a plan (its planners) and of the whole instance (stewards): kept, tested, ended."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.errors import Refused, Stale
from unbroken.kit.languages import gettext as _
from unbroken.notices.commands.channel_keeping import (
    change_key,
    enable_channel,
    end_channel,
    send_channel_message_again,
    send_test,
)
from unbroken.notices.commands.channels import edit_channel, register_channel
from unbroken.notices.queries.channels import (
    ChannelView,
    ResultView,
    channel_view,
    channel_views,
    instance_channels,
    results_of,
)
from unbroken.notices.rules.digests import number_of
from unbroken.notices.rules.keys import is_root
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.web.channel_terms import terms_of
from unbroken.web.channel_words import TROUBLES
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form
from unbroken.web.pages.channel_forms import editing, questions_of, registering, unfilled
from unbroken.web.pages.sheets import MENDABLE, Question, Sent, typed_again
from unbroken.web.pages.typed import Typed
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Planner, Roles, Steward, access

router = APIRouter()
Keeper = Annotated[Visit, access(Roles(Role.PLANNER, Role.STEWARD))]
Act = Callable[..., object]
ON_ITS_WAY = _("A test is on its way. Look at this page again in a minute to see what came of it.")


@dataclass(frozen=True, slots=True)
class ChannelsPage(Page):
    """The channels of a plan (``None``: of the whole instance), and the form for another one.

    ``may_sign`` is whether there is anything to derive the keys of webhooks from.
    """

    template: ClassVar[str] = "channels/channels.html"

    plan: PlanView | None
    channels: tuple[ChannelView, ...]
    questions: tuple[Question, ...]
    action: str
    may_sign: bool
    form: Form


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One message of a channel: what became of it, and why in English; may be empty."""

    result: ResultView
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class ChannelPage(Page):
    """One channel; ``key`` is one just made and stands on this page only."""

    template: ClassVar[str] = "channels/channel.html"

    channel: ChannelView
    plan: PlanView | None
    lines: tuple[ResultLine, ...]
    questions: tuple[Question, ...]
    signs_old: bool
    key: str
    form: Form


@router.get("/channels")
def instance_page(visit: Steward) -> Response:
    """Return the channels of the whole instance."""
    return page(visit, _listed(visit, None))


@router.post("/channels")
def register_for_all(visit: Steward, typed: Sent) -> Response:
    """Register a channel of the whole instance."""
    return _register(visit, None, typed)


@router.get("/plans/{slug}/channels")
def plan_page(visit: Planner, slug: str) -> Response:
    """Return the channels of a plan."""
    return page(visit, _listed(visit, _plan(visit, slug)))


@router.post("/plans/{slug}/channels")
def register_for_plan(visit: Planner, slug: str, typed: Sent) -> Response:
    """Register a channel of a plan."""
    return _register(visit, _plan(visit, slug), typed)


@router.get("/channels/{uid}")
def channel_page(visit: Keeper, uid: UUID) -> Response:
    """Return one channel, and what became of its last messages."""
    return page(visit, _shown(visit, uid))


@router.post("/channels/{uid}")
def edit_here(visit: Keeper, uid: UUID, typed: Sent) -> Response:
    """Change a channel."""
    shown = _shown(visit, uid)
    try:
        order = editing(typed, uid)
        edit_channel(
            visit.sessions, order, actor=visit.actor, clock=visit.clock, terms=terms_of(visit)
        )
    except MENDABLE as refusal:
        again = replace(shown, form=_again(visit, shown.questions, refusal, typed))
        return page(visit, again, status=refusal.status)
    return see_other(visit, f"/channels/{uid}", notice=_("The channel is changed."))


@router.post("/channels/{uid}/key")
def change_key_here(visit: Keeper, uid: UUID, typed: Sent) -> Response:
    """Give a webhook another key and show it, once."""
    seen, root = typed.number("version"), visit.house.settings.secret_signing
    typed.check()
    made = change_key(
        visit.sessions, uid, actor=visit.actor, clock=visit.clock, root=root, seen=seen
    )
    return page(visit, _shown(visit, uid, key=made.key))


@router.post("/channels/{uid}/test")
def test_here(visit: Keeper, uid: UUID) -> Response:
    """Have a test sent to a channel."""
    return _done(visit, uid, send_test, ON_ITS_WAY)


@router.post("/channels/{uid}/enable")
def enable_here(visit: Keeper, uid: UUID) -> Response:
    """Have a disabled channel tested, and told again."""
    return _done(visit, uid, enable_channel, ON_ITS_WAY)


@router.post("/channels/{uid}/end")
def end_here(visit: Keeper, uid: UUID) -> Response:
    """End a channel."""
    return _done(visit, uid, end_channel, _("The channel has ended; nothing is sent to it."))


@router.post("/channels/{uid}/messages/{message}/again")
def send_again_here(visit: Keeper, uid: UUID, message: UUID) -> Response:
    """Have a message tried now that a channel did not take."""
    send_channel_message_again(visit.sessions, uid, message, actor=visit.actor, clock=visit.clock)
    return see_other(visit, f"/channels/{uid}", notice=_("The message is tried again."))


def _register(visit: Visit, plan: PlanView | None, typed: Typed) -> Response:
    try:
        order = registering(typed, None if plan is None else plan.uid)
        made = register_channel(
            visit.sessions, order, actor=visit.actor, clock=visit.clock, terms=terms_of(visit)
        )
    except MENDABLE as refusal:
        shown = _listed(visit, plan)
        again = replace(shown, form=_again(visit, shown.questions, refusal, typed))
        return page(visit, again, status=refusal.status)
    if made.key:
        return page(visit, _shown(visit, made.uid, key=made.key))
    return see_other(visit, f"/channels/{made.uid}", notice=ON_ITS_WAY)


def _done(visit: Visit, uid: UUID, act: Act, notice: str) -> Response:
    act(visit.sessions, uid, actor=visit.actor, clock=visit.clock)
    return see_other(visit, f"/channels/{uid}", notice=notice)


def _again(visit: Visit, questions: tuple[Question, ...], refusal: Refused, typed: Typed) -> Form:
    """Return a form as it was typed; where somebody was faster it is about what holds now."""
    known = {each.name: each.name for each in questions}
    form = typed_again(refusal, typed, known=known, visit=visit)
    if not isinstance(refusal, Stale):
        return form
    seen = {each.name: each.value for each in questions if each.name == "version"}
    return replace(form, values={**form.values, **seen})


def _listed(visit: Visit, plan: PlanView | None) -> ChannelsPage:
    with visit.sessions.reading() as session:
        if plan is None:
            channels = instance_channels(session, actor=visit.actor)
        else:
            channels = channel_views(session, actor=visit.actor, plan=plan.uid)
    return ChannelsPage(
        plan=plan,
        channels=channels,
        questions=questions_of(visit),
        action="/channels" if plan is None else f"/plans/{plan.slug}/channels",
        may_sign=is_root(visit.house.settings.secret_signing),
        form=unfilled(),
    )


def _shown(visit: Visit, uid: UUID, *, key: str = "") -> ChannelPage:
    with visit.sessions.reading() as session:
        channel = channel_view(session, uid, actor=visit.actor)
        results = results_of(session, uid)
        plan = find_plan(session, channel.plan, sight=visit.sight) if channel.plan else None
    until, now = channel.old_key_until_at, visit.house.machine_clock.now()
    return ChannelPage(
        channel=channel,
        plan=plan,
        lines=tuple(_line(each) for each in results),
        questions=questions_of(visit, channel),
        signs_old=until is not None and until > now,
        key=key,
        form=unfilled(channel),
    )


def _line(result: ResultView) -> ResultLine:
    return ResultLine(result, number_of(result.uid), TROUBLES.get(result.trouble, ""))


def _plan(visit: Visit, slug: str) -> PlanView:
    with visit.sessions.reading() as session:
        return find_plan(session, slug, sight=visit.sight)
