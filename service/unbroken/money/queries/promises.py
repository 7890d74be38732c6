"""Open pledges of a plan, each beside what it is worth by its donor's record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from unbroken.kit.db import row_id
from unbroken.money.models import Contribution, ContributionFigure
from unbroken.money.queries.doubts import views_by_uid
from unbroken.money.queries.lines import figure_of, holds, money_lines
from unbroken.money.queries.reach import reach_of
from unbroken.money.queries.views import ContributionView
from unbroken.money.rules.amounts import times, to_amount
from unbroken.money.rules.lines import MoneyLine, Place, open_units, worth
from unbroken.money.rules.pledges import Kept, likely, record_for, records
from unbroken.money.rules.words import Pot, Stage
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor
from unbroken.plans.queries.rows import Ref

PLACES = Decimal("0.0001")
CHUNK = 500
Records = Mapping[str, Mapping[int, Kept]]


@dataclass(frozen=True, slots=True)
class RecordView:
    """How a donor has kept its pledges that are at least ``age`` years old, in US dollars.

    ``share`` is paid ÷ pledged, from 0 to 1 in four places; ``None`` where fewer than three
    pledges tell.
    """

    age: int
    pledges: int
    pledged_usd: Decimal
    paid_usd: Decimal
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class PledgeView:
    """A pledge of which something is still open: neither committed, paid nor passed on.

    ``open_amount`` is in the line's currency; both amounts are ``None`` where the pledge is not
    stated. ``likely_usd`` is what of it comes if the donor keeps it as it kept earlier ones,
    ``None`` where ``record`` says nothing. ``days_late`` counts from ``due_on``, 0 until then.
    """

    line: ContributionView
    pledged_on: date | None
    due_on: date | None
    days_late: int
    open_amount: Decimal | None
    open_usd: Decimal | None
    likely_usd: Decimal | None
    record: RecordView | None


def pledge_views(session: Session, plan: Ref, *, actor: Actor, on: date) -> list[PledgeView]:
    """Return the open pledges of a plan on a day, as entered; may be empty.

    A donor's record is of its pledges to every plan, whoever reads it.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor sees no lines.
    """
    reach = reach_of(session, plan, actor=actor)
    lines = money_lines(session, row_id(reach.plan), reach.lines(Contribution))
    still_open = [line for line in _without_parts(lines) if _is_open(line)]
    known = pledge_records(session, {line.donor for line in still_open}, on=on)
    named = views_by_uid(session, reach, [line.uid for line in still_open])
    return [_pledge(line, named[line.uid], known, on=on) for line in still_open]


def pledge_records(session: Session, donors: Iterable[str], *, on: date) -> Records:
    """Return how donors, by their slugs, kept their pledges to all plans, by age in years."""
    wanted = sorted({donor for donor in donors if donor})
    found: list[MoneyLine] = []
    for start in range(0, len(wanted), CHUNK):
        found += _pledges_of(session, wanted[start : start + CHUNK], on=on)
    return records(found, on=on)


def _pledges_of(session: Session, donors: Sequence[str], *, on: date) -> Iterable[MoneyLine]:
    pledged, paid = aliased(ContributionFigure), aliased(ContributionFigure)
    is_paid = (col(paid.contribution_id) == Contribution.id) & (col(paid.stage) == Stage.PAID)
    query = (
        select(Contribution.line_uid, Organisation.slug, pledged, paid)
        .join(Organisation, col(Organisation.id) == Contribution.donor_id)
        .join(pledged, col(pledged.contribution_id) == Contribution.id)
        .join(paid, is_paid, isouter=True)
        .where(col(Organisation.slug).in_(donors), holds(Contribution, None))
        .where(col(pledged.stage) == Stage.PLEDGED, col(pledged.units) > 0)
    )
    for uid, donor, promise, payment in session.exec(query):
        figures = {Stage.PLEDGED: figure_of(promise)}
        if payment is not None:
            figures[Stage.PAID] = figure_of(payment)
        yield MoneyLine(uid, Place(), on, on, Pot.VOLUNTARY, figures, donor)


def _is_open(line: MoneyLine) -> bool:
    pledge = line.figures.get(Stage.PLEDGED)
    if pledge is None:
        return False
    further = (Stage.PAID, Stage.COMMITTED)
    is_unsaid = pledge.units is None and not any(stage in line.figures for stage in further)
    return is_unsaid or open_units(line) > 0


def _without_parts(lines: Sequence[MoneyLine]) -> Iterable[MoneyLine]:
    """Yield each line with a pledge that is smaller by what is passed on out of it."""
    parts: dict[UUID, list[MoneyLine]] = defaultdict(list)
    for line in lines:
        if line.part_of is not None:
            parts[line.part_of].append(line)
    for line in lines:
        pledge = line.figures.get(Stage.PLEDGED)
        if pledge is None or pledge.units is None or line.uid not in parts:
            yield line
            continue
        passed = sum(_in_currency_of(line, part) for part in parts[line.uid])
        smaller = replace(pledge, units=max(0, pledge.units - passed))
        yield replace(line, figures={**line.figures, Stage.PLEDGED: smaller})


def _in_currency_of(whole: MoneyLine, part: MoneyLine) -> int:
    """Return the open pledge of a part in the currency of the whole, by the whole's rate."""
    rate = whole.figures[Stage.PLEDGED].usd_rate
    if part.currency == whole.currency or not rate:
        return open_units(part)
    with localcontext(prec=60):
        return times(worth(part).open_pledge, 1 / rate)


def _pledge(line: MoneyLine, view: ContributionView, known: Records, *, on: date) -> PledgeView:
    pledge, kept = line.figures[Stage.PLEDGED], record_for(line, known, on=on)
    is_stated = pledge.units is not None
    expected = likely(line, known, on=on) if is_stated else None
    return PledgeView(
        line=view,
        pledged_on=pledge.on,
        due_on=pledge.due_on,
        days_late=0 if pledge.due_on is None else max(0, (on - pledge.due_on).days),
        open_amount=to_amount(open_units(line)) if is_stated else None,
        open_usd=to_amount(worth(line).open_pledge) if is_stated else None,
        likely_usd=None if expected is None else to_amount(expected),
        record=None if kept is None else _record(kept),
    )


def _record(kept: Kept) -> RecordView:
    share = kept.share
    rounded = None
    if share is not None:
        with localcontext(prec=60):
            exact = Decimal(share.numerator) / share.denominator
            rounded = exact.quantize(PLACES, rounding=ROUND_HALF_EVEN)
    return RecordView(
        kept.age, kept.pledges, to_amount(kept.pledged), to_amount(kept.paid), rounded
    )
