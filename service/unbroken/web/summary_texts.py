"""The summary that goes to the head of agency before anything is signed, as plain text; pure.

It leaves by mail, so lines of restricted functions are only counted in it: which function ends
where and when is told to nobody but on the page itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.transfers.queries import CapacityEntry
from unbroken.web.silence_words import Silence

FOR_SIGNATURE = _("For signature. Not signed.")
SUBJECT = _("For signature, not signed: {count} capacities, {plan}")
ONE_SUBJECT = _("For signature, not signed: one capacity, {plan}")
RESTRICTED = _(
    "{count} more concern restricted functions. They are not written here; read them on the page."
)
ONE_RESTRICTED = _(
    "One more concerns a restricted function. It is not written here; read it on the page."
)
READ_IT = _("Read and sign: {link}")
WHAT = _("What: {what}")
WHERE = _("Where: {where}")
MUCH = _("How much: {much}")
GIVER = _("From: {giver}")
BEGINS = _("Begins: {day}")
UNTIL = _("Meant until: {day}")
ANSWER = _("Answer by: {day}")
COST = _("Cost per year: {cost}")
FUNDED = _("Funded until: {day}")
MISSING = _("Missing: {missing}")
CONDITION = _("Condition: {condition}")
SILENT = _("If not answered: {silence}")
NOT_STATED = _("not stated")
NOTHING = _("it costs nothing")
FROM_START = _("with the day after the last day of the giver")
TOTAL = _("Costs per year as stated: {totals}; not stated for {missing}.")
NO_TOTAL = _("Costs per year are not stated.")


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One capacity as the head of agency reads it.

    ``title``, ``dimension``, ``much`` and ``missing`` are in the reader's language already.
    """

    entry: CapacityEntry
    title: str
    dimension: str
    much: str
    missing: tuple[str, ...]
    condition: str
    silence: Silence


@dataclass(frozen=True, slots=True)
class Total:
    """What all lines cost per year as stated, by currency only; how many state nothing."""

    sums: tuple[tuple[str, Decimal], ...]
    not_stated: int


def total_of(entries: Iterable[CapacityEntry]) -> Total:
    """Return the sums by currency: amounts of different currencies are never added."""
    sums: dict[str, Decimal] = {}
    missing = 0
    for entry in entries:
        if entry.cost_per_year is None:
            missing += 1
        else:
            known = sums.get(entry.cost_currency, Decimal(0))
            sums[entry.cost_currency] = known + entry.cost_per_year
    return Total(tuple(sorted(sums.items())), missing)


def summary_text(lines: Sequence[SummaryLine], *, plan: str, link: str, reader: Translator) -> str:
    """Return the whole summary as plain text; restricted functions are only counted."""
    shown = [line for line in lines if not line.entry.restricted]
    hidden = len(lines) - len(shown)
    parts = [f"{reader.gettext(FOR_SIGNATURE)}\n{plan}"]
    parts += [_line_text(number, line, reader) for number, line in enumerate(shown, 1)]
    if hidden:
        parts.append(_counted(reader, ONE_RESTRICTED, RESTRICTED, hidden))
    parts.append(_total_text(total_of(line.entry for line in shown), reader))
    parts.append(reader.render(READ_IT, {"link": link}))
    return "\n\n".join(parts) + "\n"


def mail_to(lines: Sequence[SummaryLine], *, plan: str, link: str, reader: Translator) -> str:
    """Return a ``mailto:`` address with counts and the link only: mail programs cut long ones."""
    count = len(lines)
    facts = {"count": reader.number(count), "plan": plan}
    subject = reader.render(ONE_SUBJECT if count == 1 else SUBJECT, facts)
    body = "\n\n".join([subject, reader.render(READ_IT, {"link": link})])
    return f"mailto:?subject={quote(subject)}&body={quote(body)}"


def _line_text(number: int, line: SummaryLine, reader: Translator) -> str:
    entry = line.entry
    said = [
        reader.render(WHAT, {"what": f"{line.dimension}, {line.title}"}),
        reader.render(WHERE, {"where": entry.area_name}),
        reader.render(MUCH, {"much": line.much}),
        reader.render(GIVER, {"giver": entry.giver_name}),
        reader.render(BEGINS, {"day": begins(entry, reader)}),
        *([reader.render(UNTIL, {"day": reader.day(entry.until_on)})] if entry.until_on else []),
        reader.render(COST, {"cost": cost_text(entry, reader)}),
        reader.render(FUNDED, {"day": _day(entry.funded_until_on, reader)}),
        reader.render(ANSWER, {"day": _day(entry.answer_by, reader)}),
        *([reader.render(MISSING, {"missing": "; ".join(line.missing)})] if line.missing else []),
        *([reader.render(CONDITION, {"condition": line.condition})] if line.condition else []),
        reader.render(SILENT, {"silence": line.silence.text(reader)}),
    ]
    return "\n".join([f"{number}.", *(f"   {text}" for text in said)])


def begins(entry: CapacityEntry, reader: Translator) -> str:
    """Return with which day cover begins, in words."""
    first = entry.from_on or entry.starts_on
    return reader.gettext(FROM_START) if first is None else reader.day(first)


def cost_text(entry: CapacityEntry, reader: Translator) -> str:
    """Return what it costs per year in words: an amount, nothing, or not stated."""
    if entry.cost_per_year is None:
        return reader.gettext(NOT_STATED)
    if not entry.cost_per_year:
        return reader.gettext(NOTHING)
    return reader.money(entry.cost_per_year, entry.cost_currency)


def _total_text(total: Total, reader: Translator) -> str:
    if not total.sums:
        return reader.gettext(NO_TOTAL)
    sums = ", ".join(reader.money(amount, currency) for currency, amount in total.sums)
    return reader.render(TOTAL, {"totals": sums, "missing": reader.number(total.not_stated)})


def _day(value: date | None, reader: Translator) -> str:
    return reader.gettext(NOT_STATED) if value is None else reader.day(value)


def _counted(reader: Translator, one: str, many: str, count: int) -> str:
    return reader.render(one if count == 1 else many, {"count": reader.number(count)})
