"""Where a gap is closed by doing what is missing: for each rule a page, its name, and who can.

No button closes a gap: it closes when its rule finds it no longer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from unbroken.gaps.queries import GapView
from unbroken.gaps.queries.hands import receiving
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor, Role


class Doer(StrEnum):
    """Who can mend something."""

    PLANNER = "planner"
    RECEIVER = "receiver"
    TEAM = "team"
    CO_CHAIR = "co-chair"
    STEWARD = "steward"


PLANNER = frozenset({Doer.PLANNER})
RECEIVER = frozenset({Doer.RECEIVER})
SIDES = frozenset({Doer.PLANNER, Doer.RECEIVER})
ANSWERED = frozenset({Doer.RECEIVER, Doer.CO_CHAIR})
MONEY = frozenset({Doer.PLANNER, Doer.TEAM})
HOLDERS = frozenset({Doer.TEAM, Doer.CO_CHAIR})
CO_CHAIR = frozenset({Doer.CO_CHAIR})
STEWARD = frozenset({Doer.STEWARD})
WHO: Mapping[frozenset[Doer], str] = {
    PLANNER: _("A planner of this plan can."),
    RECEIVER: _("The organisation that receives it can."),
    SIDES: _("A planner of this plan or the organisation that receives it can."),
    ANSWERED: _("The organisation that receives it or the task force's co-chair can."),
    MONEY: _("A planner of this plan or the country team can."),
    HOLDERS: _("Who signs for an organisation of the country team or the co-chair can."),
    CO_CHAIR: _("The task force's co-chair can."),
    STEWARD: _("A steward can."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """How gaps of one rule are mended: ``path`` is a template, ``label`` English."""

    path: str
    label: str
    doers: frozenset[Doer]


@dataclass(frozen=True, slots=True)
class Mend:
    """Where one gap is mended. ``label`` and ``who`` are English; ``may`` says the reader can."""

    path: str
    label: str
    who: str
    may: bool


CAPACITY, ITEM = "/capacities/{subject}#acts", "/items/{subject}#forms"
BOARD = "/plans/{plan}/transfers?function={function}&area={area}"
NAMING = "/plans/{plan}/transfers/new?function={function}&area={area}"
REVISION, RECORD = "/plans/{plan}/revisions/new", "/plans/{plan}/record"
POSTS, MISSING = f"{RECORD}/posts/new", "/money/{plan}/{function}"
WAYS: Mapping[str, Way] = {
    "late-plan": Way(REVISION, _("Draft the first revision"), PLANNER),
    "cuts-without-plan": Way(REVISION, _("Draft a revision"), PLANNER),
    "moved-earlier": Way(REVISION, _("Draft a revision"), PLANNER),
    "assessment-missing": Way(f"{RECORD}/assessments/new", _("Record the assessment"), PLANNER),
    "baseline-missing": Way(f"{RECORD}/baseline", _("Draft and sign the baseline"), PLANNER),
    "no-coordination": Way(f"{RECORD}/meetings/new", _("Record a meeting"), PLANNER),
    "no-custodian": Way(f"{RECORD}#custody", _("See who holds the plan"), HOLDERS),
    "silent": Way("/plans/{plan}", _("Work on the plan"), PLANNER),
    "no-receiver": Way(NAMING, _("Name a receiver"), PLANNER),
    "cannot-be-met": Way(NAMING, _("Name who keeps it"), PLANNER),
    "short-offered": Way(BOARD, _("Offer what is missing"), PLANNER),
    "closes-uncovered": Way(BOARD, _("See what is not confirmed"), SIDES),
    "victims-unassigned": Way(BOARD, _("Have somebody confirm it"), SIDES),
    "violation-uncovered": Way(BOARD, _("See what is not confirmed"), SIDES),
    "bridge-ends": Way("/transfers/{subject}", _("Open the bridge"), SIDES),
    "unconfirmed": Way(CAPACITY, _("Answer the offer"), RECEIVER),
    "short-received": Way(CAPACITY, _("Offer the rest"), PLANNER),
    "conditional": Way(CAPACITY, _("Say whether the condition is met"), RECEIVER),
    "disputed": Way(CAPACITY, _("Resolve the dispute"), CO_CHAIR),
    "stale-signature": Way(CAPACITY, _("Answer again"), RECEIVER),
    "not-sustained": Way(CAPACITY, _("Record the check"), ANSWERED),
    "data-stuck": Way(CAPACITY, _("Settle who keeps the data"), SIDES),
    "no-agreement": Way(
        "/capacities/{subject}#agreements", _("See the agreements it rests on"), SIDES
    ),
    "item-overdue": Way(ITEM, _("Record that it is done"), SIDES),
    "no-girls-boys": Way(ITEM, _("Answer the item"), SIDES),
    "posts-end-first": Way(POSTS, _("Enter the successor's post"), PLANNER),
    "single-person": Way(POSTS, _("Enter a second post"), PLANNER),
    "chair-without-secretariat": Way(POSTS, _("Enter the secretariat's post"), PLANNER),
    "post-vacant": Way(f"{RECORD}/posts/{{subject}}/edit", _("Update the post"), PLANNER),
    "no-access": Way(f"{RECORD}/areas/{{area}}/edit", _("Update the area"), PLANNER),
    "funding-gap": Way(MISSING, _("See the money that is missing"), MONEY),
    "funding-cliff": Way(MISSING, _("See the money that is missing"), MONEY),
    "pledge-slow": Way("/money/lines/{subject}", _("Update the pledge"), MONEY),
    "source-silent": Way("/plans/{plan}/outside", _("Look at the source"), STEWARD),
}
OF_A_TRANSFER = Way("/transfers/{subject}", _("Work on the transfer"), SIDES)


def way_of(view: GapView) -> Way | None:
    """Return how a gap is mended; ``None`` for one of which the reader sees no detail."""
    if view.masked or view.plan is None:
        return None
    if view.rule == "silent" and view.function_area_id is not None:
        return OF_A_TRANSFER
    return WAYS[view.rule]


def path_of(way: Way, view: GapView) -> str:
    """Return the address at which a gap is mended."""
    return way.path.format(
        plan=view.plan,
        subject=_subject(view),
        function=view.function or view.facts.get("function") or "",
        area=view.area or "",
    )


def mends(session: Session, views: Iterable[GapView], *, actor: Actor) -> dict[int, Mend]:
    """Return where each gap is mended, by its number; absent where the reader sees no detail."""
    ways = [(view, way) for view in views if (way := way_of(view)) is not None]
    answers = actor.has(Role.COUNTRY_TEAM)
    meant = {view.function_area_id for view, _way in ways if answers} - {None}
    here = receiving(session, actor.organisation_uid, [each for each in meant if each is not None])
    return {view.id: _mend(view, way, actor, receives=here) for view, way in ways}


def _mend(view: GapView, way: Way, actor: Actor, *, receives: set[int]) -> Mend:
    may = bool(way.doers & _doers(view, actor, receives=receives))
    return Mend(path_of(way, view), way.label, WHO[way.doers], may)


def _doers(view: GapView, actor: Actor, *, receives: set[int]) -> set[Doer]:
    place = view.place
    is_team = actor.has(Role.COUNTRY_TEAM, place)
    held = {
        Doer.PLANNER: actor.has(Role.PLANNER, place),
        Doer.TEAM: is_team,
        Doer.RECEIVER: is_team and view.function_area_id in receives,
        Doer.CO_CHAIR: actor.has(Role.CO_CHAIR, place),
        Doer.STEWARD: actor.has(Role.STEWARD),
    }
    return {doer for doer, holds in held.items() if holds}


def _subject(view: GapView) -> str:
    """Return the UUID of the last thing in the gap's key, as addresses have it."""
    found = view.key.rpartition(":")[2]
    parts = (found[:8], found[8:12], found[12:16], found[16:20], found[20:])
    return "-".join(parts)
