"""Rows of money made out of what people say, checked whole before any of them is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from unbroken.functions.models import FunctionRow
from unbroken.kit.db import new_uid, row_id
from unbroken.kit.errors import NotFound, Problem
from unbroken.money.commands.checking import (
    Converted,
    contribution_problems,
    converted,
    day_of,
    figures_converted,
    line_problems,
    requirement_problems,
)
from unbroken.money.commands.frame import Desk, id_of
from unbroken.money.commands.orders import NewContribution, NewRequirement, StatedRate
from unbroken.money.models import Contribution, ContributionFigure, Requirement
from unbroken.money.queries.lines import functions_of
from unbroken.money.queries.rates import rate_book
from unbroken.money.rules.currencies import RateBook
from unbroken.money.rules.words import Change, Stage
from unbroken.people.models import Organisation
from unbroken.plans.commands.acts import clean
from unbroken.plans.queries.rows import Ref, area_row, organisation_row
from unbroken.safeguarding.rules import check_text

TEXTS = {"title": 160, "source": 400}
LONGEST_RATE_SOURCE = 120
Figures = Mapping[Stage, Converted]
Drafted = tuple[Requirement | Contribution, list[ContributionFigure]]


@dataclass(slots=True)
class Drafts:
    """Makes rows for one act; what is wrong with any of them gathers in ``problems``."""

    desk: Desk
    book: RateBook
    functions: Mapping[str, FunctionRow]
    problems: list[Problem] = field(default_factory=list)
    _areas: dict[Ref, int] = field(default_factory=dict)
    _bodies: dict[Ref, Organisation | None] = field(default_factory=dict)

    def requirement(self, said: NewRequirement, *, at: str = "") -> Requirement | None:
        """Return a new row, not yet stored; ``None`` where something is wrong with it.

        ``at`` stands before the field in the path of a problem.

        Raises:
            Forbidden: the actor may not enter money of this receiver.
            NotFound: there is no such area or organisation.
            Invalid: a text is too long, or looks like a person, a case, a telephone or a place.
        """
        need = clean(said, at=at, **TEXTS)
        _check_rates([need.rate], at=at)
        found = [*self._line_problems(need, at), *requirement_problems(need, path=at)]
        made = converted(
            need.amount, need.currency, on=need.known_on, rate=need.rate, book=self.book, path=at
        )
        common = self._common(need)
        if isinstance(made, Problem):
            self.problems += [*found, made]
            return None
        self.problems += found
        money = {name: getattr(made, name) for name in Converted.__slots__}
        return None if found else Requirement(**common, basis=need.basis, **money)

    def contribution(
        self, said: NewContribution, *, at: str = ""
    ) -> tuple[Contribution, Figures] | None:
        """Return a new row, not yet stored, with its figures; otherwise as ``requirement``."""
        line = clean(said, at=at, **TEXTS)
        _check_rates([each.rate for each in line.figures], at=at)
        figures, found = figures_converted(line, book=self.book, path=at)
        found += self._line_problems(line, at)
        found += contribution_problems(line, today=self.desk.today, path=at)
        found += self._part_problems(line, at)
        common, donor = self._common(line), self._body(line.donor)
        self.problems += found
        if found:
            return None
        row = Contribution(**common, donor_id=id_of(donor), pot=line.pot, part_of_uid=line.part_of)
        return row, figures

    def _line_problems(self, line: NewRequirement | NewContribution, at: str) -> list[Problem]:
        today = self.desk.today
        return list(line_problems(line, functions=self.functions, today=today, path=at))

    def _part_problems(self, line: NewContribution, at: str) -> list[Problem]:
        if line.part_of is None:
            return []
        meant = (
            col(Contribution.line_uid) == line.part_of,
            col(Contribution.plan_id) == self.desk.plan.id,
            col(Contribution.gone_on).is_(None),
        )
        whole = self.desk.session.exec(select(Contribution).where(*meant)).first()
        if whole is None:
            raise NotFound("Plan {plan} has no such contribution.", plan=self.desk.plan.slug)
        if whole.part_of_uid is None:
            return []
        remedy = "Name the line that the money first came in by."
        return [Problem(f"{at}part_of", "is itself passed on out of another line", remedy)]

    def _common(self, line: NewRequirement | NewContribution) -> dict[str, Any]:
        receiver = self._body(line.receiver)
        self.desk.check_right(receiver)
        return {
            "line_uid": new_uid(),
            "number": 1,
            "change": Change.ENTERED,
            "plan_id": row_id(self.desk.plan),
            "function_code": line.function,
            "area_id": self._area_id(line.area),
            "receiver_id": id_of(receiver),
            "starts_on": line.starts_on,
            "ends_on": line.ends_on,
            "currency": line.currency,
            "title": line.title,
            "source": line.source,
            "illustrative": line.illustrative,
            "known_on": line.known_on,
            "made_at": self.desk.at,
            "made_by_uid": self.desk.actor.account_uid,
        }

    def _area_id(self, area: Ref | None) -> int | None:
        if area is None or area == "":
            return None
        if area not in self._areas:
            self._areas[area] = row_id(area_row(self.desk.session, self.desk.plan, area))
        return self._areas[area]

    def _body(self, ref: Ref | None) -> Organisation | None:
        if ref is None or ref == "":
            return None
        if ref not in self._bodies:
            self._bodies[ref] = organisation_row(self.desk.session, ref)
        return self._bodies[ref]


def _check_rates(rates: Iterable[StatedRate | None], *, at: str) -> None:
    for rate in rates:
        if rate is not None:
            check_text(rate.source, field=f"{at}rate/source", limit=LONGEST_RATE_SOURCE)


def drafts(
    desk: Desk,
    needs: Iterable[NewRequirement] = (),
    money: Iterable[NewContribution] = (),
) -> Drafts:
    """Return what makes rows of these lines: with the rates of their days, all read at once."""
    wanted = [(need.currency, need.known_on) for need in needs]
    wanted += [(line.currency, day_of(each, line)) for line in money for each in line.figures]
    days = [day for _currency, day in wanted] or [desk.today]
    currencies = {currency for currency, _day in wanted}
    book = rate_book(desk.session, currencies, first=min(days), last=max(days))
    return Drafts(desk, book, functions_of(desk.session, desk.plan))


def figure_rows(
    row: Contribution, said: NewContribution, figures: Figures
) -> list[ContributionFigure]:
    """Return the rows of a stored contribution's figures, from asked to paid; not yet stored."""
    order = list(Stage)
    return [
        ContributionFigure(
            contribution_id=row_id(row),
            stage=each.stage,
            on=each.on,
            due_on=each.due_on,
            **{name: getattr(figures[each.stage], name) for name in Converted.__slots__},
        )
        for each in sorted(said.figures, key=lambda figure: order.index(figure.stage))
    ]


def told(row: Requirement | Contribution, figures: Figures) -> dict[str, object]:
    """Return what the trail says of a line: amounts as units of 10⁻⁴ of its currency."""
    amounts: dict[str, object]
    if isinstance(row, Requirement):
        amounts = {"basis": row.basis, "units": row.units}
    else:
        said = {stage.value: each.units for stage, each in figures.items()}
        amounts = {"pot": row.pot, "figures": said}
    return {
        "number": row.number,
        "function": row.function_code,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "currency": row.currency,
        "source": row.source,
        **({"reason": row.reason} if row.reason else {}),
        **amounts,
    }
