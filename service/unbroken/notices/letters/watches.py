"""Letters to those who watch money: where it is missing now, one letter for each watch and scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import select

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import counted
from unbroken.money.models_interest import Watch
from unbroken.notices.letters.mailing import PARAGRAPH, addressee, enveloped, numbered
from unbroken.notices.ports import Envelope
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import Claimed
from unbroken.transfers.rules.letters import Mail

WATCHES_PATH = "/money/watches"
WHAT = _("{function}, {plan}: {amount} from {month}.")
MANAGE = _("You asked to be told. Change or end what you watch: {link}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """One place where money is missing; without ``function`` it is restricted: a number, a link."""

    number: str
    path: str
    function: str = ""
    plan: str = ""
    month: date | None = None
    amount: Decimal | None = None


def lacking_in(body: Mapping[str, object]) -> Sequence[Lacking]:
    """Return what a waiting letter names, out of its plain values; at most twenty."""
    items = body["items"]
    return [_lacking(each) for each in items] if isinstance(items, list) else []


def watch_mail(count: int, named: Sequence[Lacking], *, site: str, reader: Translator) -> Mail:
    """Return the letter; ``count`` is of all places, named or not."""
    opening = counted(
        "Money is missing in {count} more place that you watch.",
        "Money is missing in {count} more places that you watch.",
        count,
    )
    parts = [reader.gettext(opening)]
    parts += [_part(each, site, reader) for each in named]
    if count > len(named):
        rest = counted(
            "{count} more is not named here.",
            "{count} more are not named here.",
            count - len(named),
        )
        parts.append(reader.gettext(rest))
    parts.append(reader.render(MANAGE, {"link": f"{site}{WATCHES_PATH}"}))
    subject = counted(
        "Unbroken: money is missing in {count} place",
        "Unbroken: money is missing in {count} places",
        count,
    )
    return Mail(reader.gettext(subject), PARAGRAPH.join(parts) + "\n")


def write_watch(desk: Desk, message: Claimed) -> Envelope | None:
    """Return the envelope; ``None`` where the watch was ended or its account closed."""
    watch_uid = UUID(str(message.body["watch"]))
    with desk.sessions.reading() as session:
        watch = session.exec(select(Watch).where(Watch.uid == watch_uid)).first()
        if watch is None or watch.ended_at is not None or addressee(session, message) is None:
            return None
    named, count = lacking_in(message.body), int(str(message.body["count"]))
    mail = watch_mail(count, named, site=desk.site, reader=desk.reader(message))
    lines = tuple((desk.link(each.path), each.number) for each in named)
    return enveloped(desk, message, mail, lines=lines, settings_path=WATCHES_PATH)


def _lacking(item: Mapping[str, object]) -> Lacking:
    month, amount = item.get("month"), item.get("uncovered_usd")
    return Lacking(
        number=str(item["number"]),
        path=str(item["link"]),
        function=str(item.get("function") or ""),
        plan=str(item.get("plan") or ""),
        month=date.fromisoformat(str(month)) if month else None,
        amount=None if amount is None else Decimal(str(amount)),
    )


def _part(each: Lacking, site: str, reader: Translator) -> str:
    line = numbered(each.number, f"{site}{each.path}")
    if not each.function or each.month is None or each.amount is None:
        return line
    told = {
        "function": each.function,
        "plan": each.plan,
        "amount": reader.money(each.amount, "USD"),
        "month": reader.month(each.month),
    }
    return f"{reader.render(WHAT, told)}\n{line}"
