"""What a reader of the figures must know before using them, as sentences."""

from collections.abc import Iterable, Iterator, Sequence

from unbroken.kit.sentences import Sentence, counted, listed, sentence
from unbroken_integrations.iati.activities import Activity, Fault
from unbroken_integrations.iati.codes import CHILD_SOLDIERS, TRANSACTION_TYPES
from unbroken_integrations.iati.duplicates import Repeats
from unbroken_integrations.iati.money import MULTIPLE, Held

NAMED, MOST_HELD = 5, 20
"""So many are named, the rest is counted."""


def warnings_of(
    activities: Sequence[Activity], held: Sequence[Held], repeats: Repeats
) -> list[Sentence]:
    """Return the sentences, the weightiest first; empty where nothing is odd."""
    found = (
        *_about_adding(activities),
        *(_about_held(each) for each in held[:MOST_HELD]),
        *_about_more_held(held),
        *_about_left_out(activities),
        *_about_gaps(activities),
        *_about_repeats(repeats),
    )
    return list(found)


def _about_adding(activities: Sequence[Activity]) -> Iterator[Sentence]:
    if not activities:
        yield sentence("The file holds no activity. That proves nothing about money.")
    reporters = {each.reporter for each in activities}
    if len(reporters) > 1:
        yield counted(
            "{count} reporter is in here.",
            "{count} reporters are in here: donor, fund and implementer publish the same money, so "
            "adding reporters double counts.",
            len(reporters),
        )
    with_money = {each.identifier for each in activities if each.transactions}
    doubled = [each for each in activities if each.transactions and with_money & set(each.parents)]
    if doubled:
        yield counted(
            "{count} activity and its parent both state transactions; they may repeat each other.",
            "{count} activities and their parents both state transactions; they may repeat each "
            "other.",
            len(doubled),
        )
    if not any(share.code == CHILD_SOLDIERS for each in activities for share in each.sectors):
        yield sentence(
            "No activity names sector {code} (child soldiers). It is hardly used: that proves "
            "nothing about money for them.",
            code=CHILD_SOLDIERS,
        )


def _about_held(held: Held) -> Sentence:
    one = held.entry.transaction
    return sentence(
        "Held back: {amount} {currency} of {activity} (type {kind}) is more than {multiple} times "
        "the reporter's median of {median}; the published total still holds it.",
        amount=f"{held.entry.amount:,f}",
        currency=one.currency or "?",
        activity=held.entry.activity or "?",
        kind=one.kind,
        multiple=f"{MULTIPLE:,}",
        median=f"{held.median:,f}",
    )


def _about_more_held(held: Sequence[Held]) -> Iterator[Sentence]:
    if more := len(held[MOST_HELD:]):
        yield counted(
            "{count} more amount was held back; it is in the list.",
            "{count} more amounts were held back; they are in the list.",
            more,
        )


def _about_left_out(activities: Sequence[Activity]) -> Iterator[Sentence]:
    if spoilt := _with_fault(activities, Fault.NO_VALUE):
        yield counted(
            "{count} transaction states no value and counts nowhere: {where}.",
            "{count} transactions state no value and count nowhere: {where}.",
            len(spoilt),
            where=_named(spoilt),
        )
    if spoilt := _with_fault(activities, Fault.NO_TYPE):
        yield counted(
            "{count} transaction states no type and counts nowhere: {where}.",
            "{count} transactions state no type and count nowhere: {where}.",
            len(spoilt),
            where=_named(spoilt),
        )
    if spoilt := _with_fault(activities, Fault.UNREADABLE):
        yield counted(
            "{count} transaction states a value that is no plain number and counts nowhere: "
            "{where}.",
            "{count} transactions state values that are no plain numbers and count nowhere: "
            "{where}.",
            len(spoilt),
            where=_named(spoilt),
        )


def _with_fault(activities: Iterable[Activity], fault: Fault) -> list[str]:
    return [
        f"{each.identifier or '?'}" + (f" ({one.as_written!r})" if one.as_written else "")
        for each in activities
        for one in each.transactions
        if one.fault is fault
    ]


def _about_gaps(activities: Sequence[Activity]) -> Iterator[Sentence]:
    counting = [one for each in activities for one in each.transactions if one.fault is Fault.NONE]
    if undated := sum(not one.is_dated for one in counting):
        yield counted(
            "{count} transaction that counts has no day that can be read.",
            "{count} transactions that count have no day that can be read.",
            undated,
        )
    if without := sum(not one.currency for one in counting):
        yield counted(
            "{count} transaction states no currency, nor does its activity; it stands alone.",
            "{count} transactions state no currency, nor do their activities; they stand alone.",
            without,
        )
    if strange := sorted({one.kind for one in counting} - TRANSACTION_TYPES.keys()):
        yield sentence(
            "Transaction types that IATI does not list: {types}.", types=listed(strange[:NAMED])
        )
    if unstated := sum(not each.version for each in activities):
        yield counted(
            "{count} activity states no version of IATI; it was read as version 2.",
            "{count} activities state no version of IATI; they were read as version 2.",
            unstated,
        )


def _about_repeats(repeats: Repeats) -> Iterator[Sentence]:
    if repeats.same:
        yield counted(
            "{count} activity came again word for word; it counts once.",
            "{count} activities came again word for word; each counts once.",
            repeats.same,
        )
    if repeats.changed:
        yield counted(
            "{count} activity came in several states; the one updated last counts: {where}.",
            "{count} activities came in several states; those updated last count: {where}.",
            len(repeats.changed),
            where=_named(repeats.changed),
        )


def _named(names: Sequence[str]) -> str:
    return listed([*dict.fromkeys(names)][:NAMED])
