"""What is invented for one plan, as acts; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from unbroken.demo.deeds import (
    PLANNER,
    Act,
    Agree,
    CheckDue,
    Complete,
    Deed,
    DoItems,
    Hold,
    Key,
    Link,
    Name,
    Renew,
    Sign,
)
from unbroken.demo.money import orders
from unbroken.demo.sites import Places
from unbroken.demo.words import (
    Cast,
    Illustration,
    InventedAgreement,
    InventedPosts,
    InventedStep,
    InventedTransfer,
    Transition,
)
from unbroken.functions.rules import Dimension
from unbroken.plans.commands import (
    AddAssessment,
    AddMeeting,
    AddPosts,
    DraftBaseline,
    NewLine,
    NewPost,
    PostNumbers,
    SignBaseline,
)
from unbroken.plans.models import AssessmentStage
from unbroken.plans.rules.dates import months_after
from unbroken.transfers.rules.costs import cost_of
from unbroken.transfers.rules.views import CHECK_MONTHS, ActOrder
from unbroken.transfers.rules.words import Act as Signed

INVENTED = "Illustrative, made for the demonstration"
COUNTRY_TEAM, FIELD, CO_CHAIR = "country-team", "country-team-field", "co-chair"
FULL = "full"
AHEAD = timedelta(days=31)
BY_GIVER = frozenset({Signed.PLAN, Signed.OFFER, Signed.WITHDRAW})


@dataclass(frozen=True, slots=True)
class _Plan:
    """One plan while its acts are made."""

    transition: Transition
    illustration: Illustration
    places: Places
    cast: Cast
    days: frozenset[date]

    @property
    def slug(self) -> str:
        return self.transition.plan

    @property
    def last_day(self) -> date:
        drops_all = [p.starts for p in self.transition.document.phases if p.drops == "all"]
        over = [day - timedelta(days=1) for day in drops_all]
        ends = self.transition.transfer_ends_on or self.transition.mandate_ends_on
        return min([ends, *over])

    def act(self, day: date, order: int, deed: Deed, *, by: str = PLANNER) -> Act:
        return Act(day, order, by, self.slug, deed)

    def area(self, name: str) -> str:
        return self.places.region(name)

    def key(self, transfer: InventedTransfer) -> Key:
        area = self.places.region(transfer.area)
        return Key(self.slug, transfer.function, area, transfer.receiver)


def invented(
    transition: Transition,
    illustration: Illustration,
    *,
    places: Places,
    cast: Cast,
    days: frozenset[date],
) -> Iterator[Act]:
    """Yield what is invented for a plan; ``days`` are the reported ends of its sites."""
    plan = _Plan(transition, illustration, places, cast, days)
    yield from _records(plan)
    yield from _baseline(plan)
    for agreement in illustration.agreements:
        yield from _agreement(plan, agreement)
    for transfer in illustration.transfers:
        yield from _transfer(plan, transfer)
    for money in illustration.money:
        for order in orders(plan.slug, money, area=plan.area, source=INVENTED):
            yield plan.act(money.known, 25, order)
    yield from _items(plan)
    yield from _checks(plan)
    yield from _end(plan)


def _records(plan: _Plan) -> Iterator[Act]:
    for day in plan.illustration.assessments:
        assessment = AddAssessment(plan.slug, AssessmentStage.TRANSITION, day, day, INVENTED)
        yield plan.act(day, 14, assessment)
    for day in plan.illustration.meetings:
        meeting = AddMeeting(
            plan=plan.slug,
            held_on=day,
            known_on=day,
            source=INVENTED,
            head_of_operation=True,
            special_representative=True,
            task_force=True,
            authorities=True,
        )
        yield plan.act(day, 14, meeting)
    for posts in plan.illustration.posts:
        yield plan.act(posts.known, 10, AddPosts(plan.slug, (_post(plan, posts),)))


def _post(plan: _Plan, posts: InventedPosts) -> NewPost:
    return NewPost(
        side=posts.side,
        organisation=posts.organisation,
        reference=posts.reference,
        functions=posts.functions,
        numbers=PostNumbers(
            authorised=posts.authorised,
            filled=posts.filled,
            starts_on=posts.starts,
            ends_on=posts.ends,
            funded_until_on=posts.funded_until,
        ),
        known_on=posts.known,
        area=None if posts.area is None else plan.places.region(posts.area),
        is_secretariat=posts.secretariat,
        source=INVENTED,
    )


def _baseline(plan: _Plan) -> Iterator[Act]:
    baseline = plan.illustration.baseline
    lines = tuple(
        NewLine(function, plan.places.region(area), posts)
        for area, functions in baseline.lines.items()
        for function, posts in functions.items()
    )
    yield plan.act(baseline.signed_on, 11, DraftBaseline(plan.slug, lines, source=INVENTED))
    yield plan.act(baseline.signed_on, 12, SignBaseline(plan.slug))


def _agreement(plan: _Plan, agreement: InventedAgreement) -> Iterator[Act]:
    deed = Agree(
        plan=plan.slug,
        kind=agreement.kind,
        title=agreement.title,
        names_mission=agreement.names_mission,
        known_on=agreement.known,
        signatories=agreement.signatories,
    )
    yield plan.act(agreement.known, 15, deed)
    for transfer in plan.illustration.transfers:
        if transfer.where in agreement.rests_on:
            link = Link(plan.key(transfer), agreement.title)
            yield plan.act(max(transfer.named, agreement.known), 21, link)
    if agreement.renewed is not None:
        renewed = agreement.renewed
        renewal = Renew(
            plan.slug, agreement.title, renewed.successor, renewed.signed, renewed.counts
        )
        yield plan.act(renewed.on, 22, renewal)


def _transfer(plan: _Plan, transfer: InventedTransfer) -> Iterator[Act]:
    key = plan.key(transfer)
    name = Name(
        key=key,
        giver=plan.transition.mission_slug,
        kind=transfer.kind,
        quantities={
            Dimension.POSTS: transfer.posts,
            Dimension.SKILLS: transfer.skills,
            Dimension.FUNDING: transfer.funding,
        },
        dimensions=transfer.of,
        starts_on=transfer.starts,
        ends_on=transfer.ends,
    )
    yield plan.act(transfer.named, 20, name)
    answering = plan.cast.answering(transfer.receiver) or COUNTRY_TEAM
    for order, step in enumerate(_steps(transfer)):
        sign = Sign(key, _order(step), frozenset(step.of))
        by = _signatory(step, answering=answering)
        yield plan.act(step.on, 30 + order, sign, by=by)
    if transfer.fails is not None:
        fails = transfer.fails
        failed = ActOrder(act=Signed.CHECK, months=fails.months, passed=False, reason=fails.reason)
        yield plan.act(fails.on, 60, Sign(key, failed), by=answering)


def _steps(transfer: InventedTransfer) -> Iterator[InventedStep]:
    if transfer.offered is not None:
        yield from _offers(transfer, transfer.offered)
    if transfer.confirmed is not None:
        yield InventedStep(on=transfer.confirmed, act=Signed.CONFIRM)
    if transfer.attested is not None:
        yield InventedStep(
            on=transfer.attested,
            act=Signed.ATTEST,
            instrument="Letter of the authority",
            instrument_on=transfer.attested - timedelta(days=3),
            authority="Director general of the authority",
        )
        yield InventedStep(on=transfer.attested, act=Signed.COUNTERSIGN)
    yield from transfer.steps


def _offers(transfer: InventedTransfer, on: date) -> Iterator[InventedStep]:
    """Yield the offer, or where posts have a cost theirs and that of all else."""
    posts = (Dimension.POSTS,)
    if transfer.cost is not None:
        yield InventedStep(on=on, act=Signed.OFFER, of=posts, cost=transfer.cost)
    if transfer.cost is None or transfer.of != frozenset(posts):
        yield InventedStep(on=on, act=Signed.OFFER)


def _signatory(step: InventedStep, *, answering: str) -> str:
    match step.act:
        case act if act in BY_GIVER:
            return PLANNER
        case Signed.COUNTERSIGN | Signed.RESOLVE:
            return CO_CHAIR
        case Signed.ATTEST:
            return COUNTRY_TEAM
        case Signed.RECOMMEND if answering == COUNTRY_TEAM:
            return FIELD
        case _:
            return answering


def _order(step: InventedStep) -> ActOrder:
    return ActOrder(
        act=step.act,
        quantity=step.quantity,
        parts=step.parts,
        until_on=step.until,
        reason=step.reason,
        instrument=step.instrument,
        instrument_on=step.instrument_on,
        authority=step.authority,
        cost=None if step.cost is None else cost_of(step.cost, step.currency),
    )


def _items(plan: _Plan) -> Iterator[Act]:
    diligence = plan.illustration.diligence
    if not diligence:
        return
    functions = frozenset() if diligence == FULL else frozenset(diligence)
    until = plan.illustration.completed_on or plan.last_day
    for day in month_ends(plan.transition.document.revision.on, until):
        # ahead of time while the mission is there; a check's line only once its day has come
        ahead = AHEAD if day + AHEAD <= plan.last_day else timedelta(0)
        yield plan.act(day, 50, DoItems(plan.slug, day + ahead, functions))


def month_ends(first: date, last: date) -> Iterator[date]:
    """Yield the last day of every month from ``first`` to ``last``, both included."""
    start = months_after(first.replace(day=1), 1)
    while (end := start - timedelta(days=1)) <= last:
        yield end
        start = months_after(start, 1)


def _checks(plan: _Plan) -> Iterator[Act]:
    custody = plan.illustration.custody
    if custody is None:
        return
    for months in CHECK_MONTHS:
        but = frozenset(_left_out(plan, months))
        due = CheckDue(plan.slug, months, custody.by, but)
        for day in sorted({months_after(day, months) for day in _last_days(plan)}):
            yield plan.act(day, 70, due, by=custody.by)


def _left_out(plan: _Plan, months: int) -> Iterator[Key]:
    for transfer in plan.illustration.transfers:
        has_failed = transfer.fails is not None and months >= transfer.fails.months
        if months not in transfer.checks or has_failed:
            yield plan.key(transfer)


def _last_days(plan: _Plan) -> Iterable[date]:
    """Return every day that may be the last of a function; most of them are of none."""
    document, drops = plan.transition.document, plan.illustration.drops
    phases = [part.starts for part in document.phases if part.drops or part.name in drops]
    dropped = {day - timedelta(days=1) for day in phases}
    ends = {plan.last_day, plan.transition.mandate_ends_on}
    return plan.days | dropped | ends


def _end(plan: _Plan) -> Iterator[Act]:
    illustration = plan.illustration
    if illustration.custody is not None:
        yield plan.act(illustration.custody.on, 80, Hold(plan.slug), by=illustration.custody.by)
    if illustration.completed_on is not None:
        yield plan.act(illustration.completed_on, 90, Complete(plan.slug))
