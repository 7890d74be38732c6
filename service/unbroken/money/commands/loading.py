"""Loads an outside system's answer out of files: the same parser, the same checks, one snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Forbidden, Invalid, Problem, TooLarge
from unbroken.money.commands.keeping_answers import (
    Answered,
    keep_answer,
    read_whole,
)
from unbroken.money.commands.rates import Rates, rates_of
from unbroken.people.rules import Actor, Place, sight_of
from unbroken.people.rules.administration import may_administer_people
from unbroken.plans.commands.rights import may_edit, require_account
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, place_of
from unbroken.sources.asking import MOST_BYTES, written
from unbroken.sources.kept import Kept, kept, question_of
from unbroken.sources.models import Snapshot, SnapshotLink
from unbroken.sources.readers import Payload, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadAnswer:
    """Files of one answer. ``about`` says what was asked; empty: the answer says it.

    ``retrieved_on`` is the day on which it was taken from its source; ``None``: today.
    """

    kind: str
    payloads: Sequence[Payload]
    chosen: Mapping[str, str]
    about: Mapping[str, str]
    plans: tuple[Ref, ...] = ()
    retrieved_on: date | None = None
    is_dry: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading changed, or would: the answer stored, plans it was put beside, rates.

    ``uid`` is ``None`` where nothing is stored yet. ``plans`` and ``linked`` are slugs; ``stored``
    is false where the same answer was there before. ``rates_differing`` are on record otherwise and
    stay as they are.
    """

    uid: UUID | None
    kind: str
    question: str
    sha256: str
    dry_run: bool
    stored: bool
    changed: bool
    plans: tuple[str, ...]
    linked: tuple[str, ...]
    rates: int
    rates_differing: int
    answers_before: int
    raw_kept: bool
    document: dict[str, object]


def load_answer(
    sessions: Sessions, order: LoadAnswer, reader: Reader, *, actor: Actor, clock: Clock
) -> Loaded:
    """Read, store and link an answer; the same twice changes nothing.

    Raises:
        SignInNeeded, Forbidden: the actor is neither a steward nor a planner of every plan named.
        NotFound: there is no such plan.
        TooLarge: the files hold more than 100 MB together.
        Invalid: the answer cannot be read, is not whole, or does not agree with its own total.
    """
    require_account(actor)
    check_size(sum(len(each.content) for each in order.payloads))
    now = clock.now()
    at = _retrieved(order.retrieved_on, now, today=clock.today())
    with sessions.reading() as session:
        places = _places(session, order.plans, actor)
        slugs = _slugs(session, [each.plan_uid for each in places])
    document, rates = read_whole(reader, order.payloads, order.chosen)
    question = written(order.about) or question_of(document, order.chosen, list(slugs.values()))
    found = kept(order.kind, question, reader, order.payloads, order.chosen, document)
    answered = Answered(found, at, is_live=False, rates=rates)
    if order.is_dry:
        with sessions.reading() as session:
            return _dry(session, answered, slugs)
    with sessions.begin() as session:
        before = _answers_before(session, found)
        plans = [each.plan_uid for each in places]
        done = keep_answer(session, answered, plans=plans, actor=actor, at=now)
    return _loaded(
        found,
        slugs,
        uid=done.uid,
        stored=done.is_new,
        linked=done.linked,
        rates=done.rates,
        before=before,
    )


def check_size(size: int) -> None:
    """Pass where files of so many bytes together are read at all.

    Raises:
        TooLarge: they are not.
    """
    if size > MOST_BYTES:
        raise TooLarge(
            "The files hold {size} MB together; {most} MB are the most.",
            remedy="Take a part of them: one country, one plan, one publisher.",
            size=-(-size // 1024**2),
            most=MOST_BYTES // 1024**2,
        )


def _retrieved(on: date | None, now: datetime, *, today: date) -> datetime:
    if on is None or on == today:
        return now
    if on > today:
        problem = Problem("retrieved", "is not yet", "Give the day on which it was taken.")
        raise Invalid(problems=[problem])
    return datetime.combine(on, time(12), tzinfo=ZoneInfo("UTC"))


def _places(session: Session, plans: Sequence[Ref], actor: Actor) -> list[Place]:
    places = [place_of(session, each, sight=sight_of(actor)) for each in plans]
    is_planner = places and all(may_edit(actor, each) for each in places)
    if not is_planner and not may_administer_people(actor):
        raise Forbidden(
            "Only a planner of every plan named, or a steward, loads answers.",
            remedy="Name plans of yours with --plan, or ask a steward.",
        )
    return places


def _slugs(session: Session, plans: Sequence[UUID]) -> dict[UUID, str]:
    query = select(Plan.uid, Plan.slug).where(col(Plan.uid).in_(plans)).order_by(Plan.slug)
    return dict(session.exec(query).all())


def _dry(session: Session, found: Answered, slugs: Mapping[UUID, str]) -> Loaded:
    the = found.kept
    same = select(Snapshot.uid).where(
        Snapshot.kind == the.kind,
        Snapshot.question == the.question,
        Snapshot.sha256 == the.sha256,
    )
    beside = select(SnapshotLink.plan_uid).where(
        SnapshotLink.kind == the.kind, SnapshotLink.question == the.question
    )
    known, uid = set(session.exec(beside)), session.exec(same).first()
    rates = rates_of(session, found.rates, str(the.document.get("source", "")))
    return _loaded(
        the,
        slugs,
        uid=uid,
        stored=uid is None,
        linked=tuple(each for each in slugs if each not in known),
        rates=rates,
        before=_answers_before(session, the),
        is_dry=True,
    )


def _answers_before(session: Session, found: Kept) -> int:
    query = select(Snapshot.id).where(
        Snapshot.kind == found.kind, Snapshot.question == found.question
    )
    return len(session.exec(query).all())


def _loaded(  # noqa: PLR0913 - one parameter for each part of the answer
    found: Kept,
    slugs: Mapping[UUID, str],
    *,
    uid: UUID | None,
    stored: bool,
    linked: tuple[UUID, ...],
    rates: Rates,
    before: int,
    is_dry: bool = False,
) -> Loaded:
    return Loaded(
        uid=uid,
        kind=found.kind,
        question=found.question,
        sha256=found.sha256,
        dry_run=is_dry,
        stored=stored,
        changed=bool(stored or linked or rates.new),
        plans=tuple(slugs.values()),
        linked=tuple(slugs[each] for each in linked),
        rates=len(rates.new),
        rates_differing=rates.differing,
        answers_before=before,
        raw_kept=bool(found.pieces),
        document=found.document,
    )
