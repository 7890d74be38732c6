"""What an act must say beside its name: reasons, instruments, dates and grounds."""

from collections.abc import Iterator, Mapping
from datetime import date

from unbroken.functions.rules import Dimension
from unbroken.kit.errors import Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import listed, sentence
from unbroken.transfers.rules.refusals import (
    CheckedBefore,
    MechanismContinues,
    TooEarly,
    WordsMissing,
    WrongDate,
    WrongGround,
)
from unbroken.transfers.rules.views import CHECK_MONTHS, ActOrder, CapacityView, Ground
from unbroken.transfers.rules.words import Act

MECHANISM = "MRM-"

REASONED = frozenset(
    {
        *(Act.CONFIRM_ON_CONDITION, Act.DECLINE, Act.DISPUTE, Act.RESOLVE, Act.SUSPEND),
        *(Act.LAPSE, Act.END, Act.NOT_APPLICABLE, Act.REFUSE_COUNTERSIGN),
    }
)
"""Acts that say why: the condition itself, or for an ending the risk that remains."""

GROUNDS: Mapping[Act, frozenset[Ground | None]] = {
    Act.END: frozenset(set(Ground) - {Ground.NOT_PERFORMED}),
    Act.RESOLVE: frozenset({None, *Ground} - {Ground.NOT_PERFORMED}),
    Act.NOT_APPLICABLE: frozenset({None, *Ground} - {Ground.ARCHIVED_OR_DESTROYED}),
}
"""Which grounds an act may have; ``None`` is no ground. Acts not named have none."""


def require_words(view: CapacityView, order: ActOrder, *, on: date) -> None:
    """Pass where ``order`` says everything its act needs.

    Raises:
        MechanismContinues: a closing mission ends no function of monitoring and reporting.
        WrongGround: a ground that this act or this dimension does not know.
        WordsMissing: a reason, an instrument, its date or an authority is missing.
        WrongDate: the date of an instrument lies ahead.
    """
    _require_ground(view, order)
    problems = [*_reason(order), *_instrument(view, order)]
    if problems:
        raise WordsMissing(problems=problems)
    if order.instrument_on is not None and order.instrument_on > on:
        raise WrongDate(
            problems=[Problem("instrument_on", "lies ahead", "Give a day until today.")]
        )


def _require_ground(view: CapacityView, order: ActOrder) -> None:
    mechanism = view.function_code.startswith(MECHANISM)
    if mechanism and order.ground is Ground.MISSION_CLOSURE:
        raise MechanismContinues
    allowed = GROUNDS.get(order.act, frozenset({None}))
    if mechanism and order.act is Act.NOT_APPLICABLE:
        allowed -= {None}
    if view.dimension is not Dimension.DATA:
        allowed -= {Ground.ARCHIVED_OR_DESTROYED}
    if order.ground not in allowed:
        names = listed(sorted(ground.value for ground in allowed if ground)) or _("none")
        raise WrongGround(
            problems=[
                Problem("ground", "does not fit", sentence("Choose among: {names}.", names=names))
            ]
        )


def _reason(order: ActOrder) -> Iterator[Problem]:
    failed = order.act is Act.CHECK and order.passed is False
    if (failed or order.act in REASONED) and not order.reason.strip():
        yield Problem("reason", "is missing", "Say why in a sentence.")


def _instrument(view: CapacityView, order: ActOrder) -> Iterator[Problem]:
    if not _rests_on_instrument(view, order):
        return
    if not order.instrument.strip():
        yield Problem("instrument", "is missing", "Name the paper: kind and reference.")
    if order.instrument_on is None:
        yield Problem("instrument_on", "is missing", "Give the date of the paper.")
    if not order.authority.strip():
        yield Problem("authority", "is missing", "Name the authority or the signatory's role.")
    elif order.authority.strip().casefold() in view.giver_names:
        yield Problem("authority", "is the giver itself", "Name the authority that decided.")


def _rests_on_instrument(view: CapacityView, order: ActOrder) -> bool:
    match order.act:
        case Act.ATTEST | Act.END:
            return True
        case Act.RESOLVE:
            return order.ground is not None
        case Act.NOT_APPLICABLE:
            return view.function_code.startswith(MECHANISM)
        case _:
            return False


def require_until(view: CapacityView, order: ActOrder, *, on: date) -> date:
    """Return the last day of a condition: from today on, never past the function's last day.

    Raises:
        WrongDate: missing, past, or after the last day.
    """
    last = view.last_day_on
    if order.until_on is None or order.until_on < on or (last and order.until_on > last):
        remedy = (
            sentence("Give a day from {on} to {last}.", on=on, last=last)
            if last
            else sentence("Give a day from {on} on.", on=on)
        )
        raise WrongDate(problems=[Problem("until_on", "does not fit", remedy)])
    return order.until_on


def require_period(order: ActOrder, *, on: date) -> None:
    """Pass where what is confirmed in part does not end before it is confirmed.

    Raises:
        WrongDate: its last day is past.
    """
    if order.until_on is not None and order.until_on < on:
        remedy = sentence("Give a last day from {on} on, or leave it out.", on=on)
        raise WrongDate(problems=[Problem("until_on", "is past", remedy)])


def require_check(view: CapacityView, order: ActOrder, *, on: date) -> int:
    """Return after how many months is checked.

    A check passes from its day on; that it has failed may be said at once.

    Raises:
        WordsMissing: the months or the outcome.
        CheckedBefore: it was passed before.
        TooEarly: passed before its day.
    """
    months = order.months
    if months is None or months not in CHECK_MONTHS or order.passed is None:
        remedy = "Give 3, 6 or 12 months, and whether it passed."
        raise WordsMissing(problems=[Problem("months", "or the outcome is missing", remedy)])
    if months in view.checks_passed:
        raise CheckedBefore(months=months)
    first = view.check_from.get(months)
    if order.passed and first is not None and on < first:
        raise TooEarly(from_on=first.isoformat())
    return months
