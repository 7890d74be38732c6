"""What is asked about a line of money: amounts in three states.

A field of an amount that is blank says nothing; that an amount is *not stated* is ticked; 0 is 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from unbroken.kit.languages import gettext as _
from unbroken.money.queries.views import ContributionView, RequirementView
from unbroken.money.rules.amounts import to_amount, to_units
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.people.queries import OrganisationView
from unbroken.plans.queries import AreaView
from unbroken.web.catalogue_texts import CatalogueTexts
from unbroken.web.dependencies import Visit
from unbroken.web.money_words import MONEY_LABELS
from unbroken.web.pages.sheets import Kind, Question, options
from unbroken.web.pages.typed import YES

Line = RequirementView | ContributionView
SOURCE = Question(
    "source",
    _("Source"),
    hint=_("Which document says so, with its date. Without a source nothing is believed."),
)
AMOUNT_HINT = _("Digits, such as 1250000 or 1 250 000.50. 0 says that it is nothing.")
UNSTATED = _("The amount is not stated")


@dataclass(frozen=True, slots=True)
class StageLabels:
    """What the fields of one stage are called (English)."""

    head: str
    amount: str
    unstated: str
    on: str


STAGES: Mapping[Stage, StageLabels] = {
    Stage.REQUESTED: StageLabels(
        _("Requested: asked for"),
        _("Amount requested"),
        _("The amount requested is not stated"),
        _("Requested on"),
    ),
    Stage.PLEDGED: StageLabels(
        _("Pledged: promised, not bound"),
        _("Amount pledged"),
        _("The amount pledged is not stated"),
        _("Pledged on"),
    ),
    Stage.COMMITTED: StageLabels(
        _("Committed: bound by an agreement"),
        _("Amount committed"),
        _("The amount committed is not stated"),
        _("Committed on"),
    ),
    Stage.PAID: StageLabels(
        _("Paid: in the receiver's account"),
        _("Amount paid"),
        _("The amount paid is not stated"),
        _("Paid on"),
    ),
}
SILENT = _("Fill in the stages that are known and leave the others blank.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen on the forms of one plan; ``own`` is the receiver who fills them in.

    ``own`` is empty for planners, who may name any receiver or none.
    """

    functions: Mapping[str, str]
    texts: CatalogueTexts
    areas: tuple[AreaView, ...]
    bodies: tuple[OrganisationView, ...]
    own: str
    today: date

    def function_options(self) -> tuple[tuple[str, str], ...]:
        """Return codes with titles."""
        return tuple(
            (code, f"{code} {self.texts.plain(title)}")
            for code, title in sorted(self.functions.items())
        )

    def area_options(self, visit: Visit) -> tuple[tuple[str, str], ...]:
        """Return the areas of the plan after the whole of it."""
        places = tuple((each.slug, each.name) for each in self.areas)
        return (("", visit.say(_("The whole plan"))), *places)

    def receiver_options(self, visit: Visit) -> tuple[tuple[str, str], ...]:
        """Return who may be named as the receiver."""
        bodies = tuple((each.slug, each.name) for each in self.bodies)
        if self.own:
            return tuple(each for each in bodies if each[0] == self.own)
        return (("", visit.say(_("Any receiver"))), *bodies)

    def donor_options(self, visit: Visit) -> tuple[tuple[str, str], ...]:
        """Return who may be named as the donor."""
        bodies = tuple((each.slug, each.name) for each in self.bodies)
        return (("", visit.say(_("Nobody is named"))), *bodies)


def requirement_questions(
    visit: Visit, choices: Choices, line: RequirementView | None = None
) -> tuple[Question, ...]:
    """Return what is asked about a requirement; its present state is filled in."""
    money = None if line is None else line.money
    return (
        _function(choices, line, required=True),
        *_where_and_when(visit, choices, line),
        *_currency(line),
        _amount("amount", _("Amount"), None if money is None else money.amount),
        _unstated("amount", UNSTATED, is_ticked=money is not None and money.amount is None),
        Question(
            "basis",
            _("Rests on"),
            Kind.SELECT,
            options=options(visit, MONEY_LABELS["basis"]),
            value=line.basis.value if line else Basis.STATED.value,
        ),
        *_said(choices, line),
        *_rate(),
    )


def contribution_questions(
    visit: Visit, choices: Choices, line: ContributionView | None = None
) -> tuple[Question, ...]:
    """Return what is asked about a contribution; its present state is filled in."""
    return (
        Question(
            "donor",
            _("Donor"),
            Kind.SELECT,
            required=False,
            options=choices.donor_options(visit),
            value=line.donor if line else "",
        ),
        Question(
            "pot",
            _("Kind of money"),
            Kind.SELECT,
            _("Budget of the mission is assessed too, and ends with the mandate."),
            options=options(visit, MONEY_LABELS["pot"]),
            value=line.pot.value if line else Pot.VOLUNTARY.value,
        ),
        _function(choices, line, required=False),
        *_where_and_when(visit, choices, line),
        *_currency(line),
        *_stages(line),
        *_said(choices, line),
        Question(
            "part_of",
            _("Passed on out of line"),
            Kind.CODE,
            _("The id of the line that this money first came in by."),
            required=False,
            value=str(line.part_of) if line and line.part_of else "",
            limit=40,
        ),
        *_rate(),
    )


def _function(choices: Choices, line: Line | None, *, required: bool) -> Question:
    pool = (("", choices.texts.reader.gettext(_("None: a pool, spread over nothing"))),)
    return Question(
        "function",
        _("Function"),
        Kind.SELECT,
        required=required,
        options=(*(() if required else pool), *choices.function_options()),
        value=line.function if line else "",
    )


def _where_and_when(visit: Visit, choices: Choices, line: Line | None) -> tuple[Question, ...]:
    return (
        Question(
            "area",
            _("Area"),
            Kind.SELECT,
            required=False,
            options=choices.area_options(visit),
            value=line.area if line else "",
        ),
        Question(
            "receiver",
            _("Receiver"),
            Kind.SELECT,
            required=False,
            options=choices.receiver_options(visit),
            value=line.receiver if line else choices.own,
        ),
        Question("starts_on", _("First day"), Kind.DAY, value=str(line.starts_on) if line else ""),
        Question("ends_on", _("Last day"), Kind.DAY, value=str(line.ends_on) if line else ""),
    )


def _currency(line: Line | None) -> tuple[Question, ...]:
    hint = _("Its three letters. Dollars follow from the rate of the day.")
    value = line.currency if line else "USD"
    return (Question("currency", _("Currency"), Kind.CODE, hint, value=value, limit=3),)


def _amount(name: str, label: str, amount: Decimal | None) -> Question:
    # four places or two: three could be read in two ways
    value = "" if amount is None else f"{to_amount(to_units(amount)):f}"
    return Question(name, label, Kind.CODE, AMOUNT_HINT, required=False, value=value, limit=40)


def _unstated(name: str, label: str, *, is_ticked: bool) -> Question:
    return Question(f"{name}-unstated", label, Kind.CHECK, value=YES if is_ticked else "")


def _stages(line: ContributionView | None) -> Iterator[Question]:
    known = {each.stage: each for each in line.figures} if line else {}
    for stage, labels in STAGES.items():
        figure, at = known.get(stage), stage.value
        amount = figure.money.amount if figure else None
        hint = SILENT if stage is Stage.REQUESTED else ""
        yield Question(f"{at}-head", labels.head, Kind.HEADING, hint)
        yield _amount(at, labels.amount, amount)
        yield _unstated(at, labels.unstated, is_ticked=figure is not None and amount is None)
        yield _day(f"{at}-on", labels.on, figure.on if figure else None)
        if stage is Stage.PLEDGED:
            yield _day(f"{at}-due_on", _("To be paid by"), figure.due_on if figure else None)


def _day(name: str, label: str, day: date | None) -> Question:
    return Question(name, label, Kind.DAY, required=False, value=str(day) if day else "")


def _said(choices: Choices, line: Line | None) -> Iterator[Question]:
    yield Question(
        "said-head", _("Who says so"), Kind.HEADING, _("No names of people, no bank accounts.")
    )
    yield Question("title", _("Title"), required=False, value=line.title if line else "", limit=160)
    yield Question(SOURCE.name, SOURCE.label, hint=SOURCE.hint, value=line.source if line else "")
    if line is None:
        hint = _("The day it became known to you: today or earlier.")
        today = choices.today.isoformat()
        yield Question("known_on", _("Known on"), Kind.DAY, hint, value=today)
        yield Question("illustrative", _("Illustrative: it is made up"), Kind.CHECK)
    else:
        yield Question("reason", _("Why it changes"), limit=280)


def _rate() -> tuple[Question, ...]:
    hint = _("Only where the rate on record is not the one that holds. Otherwise leave it blank.")
    return (
        Question("rate-head", _("Rate of exchange"), Kind.HEADING, hint),
        Question("rate", _("Units for one US dollar"), Kind.CODE, required=False, limit=40),
        Question("rate_on", _("Day of the rate"), Kind.DAY, required=False),
        Question("rate_source", _("Source of the rate"), required=False, limit=120),
    )
