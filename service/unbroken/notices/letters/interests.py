"""Letters about what a donor would pay for: to receivers that it asks, to the donor its answer."""

from collections.abc import Mapping
from decimal import Decimal

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.money.rules.answering import InterestAnswer, Tells
from unbroken.notices.letters.mailing import PARAGRAPH, enveloped, is_reachable
from unbroken.notices.ports import Envelope
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import Claimed
from unbroken.transfers.rules.letters import Mail

SUBJECTS: Mapping[Tells, str] = {
    Tells.REGISTERED: _("Unbroken: a donor would pay, number {number}"),
    Tells.WITHDRAWN: _("Unbroken: a donor has withdrawn, number {number}"),
    Tells.ANSWERED: _("Unbroken: you are answered, number {number}"),
}
OPENINGS: Mapping[Tells, str] = {
    Tells.REGISTERED: _("A donor has registered that it would pay. Its number is {number}."),
    Tells.WITHDRAWN: _("A donor has withdrawn what it had registered under number {number}."),
    Tells.ANSWERED: _("What you registered under number {number} is answered."),
}
ANSWERS: Mapping[InterestAnswer, str] = {
    InterestAnswer.IN_TALKS: _("The answer: talk with us about it."),
    InterestAnswer.COVERED: _("The answer: others pay for it."),
    InterestAnswer.DECLINED: _("The answer: this money is not asked for."),
}
ABOUT = _("{function}, {plan}.")
WOULD_PAY = _("{donor} would pay {amount}.")
WOULD_PAY_UNSAID = _("{donor} would pay; it states no amount.")
SAYS = _("In its words: {note}")
READ = _("Read and answer: {link}")
READ_ANSWER = _("Read the answer: {link}")


def interest_mail(body: Mapping[str, object], *, site: str, reader: Translator) -> Mail:
    """Return the letter of a waiting message's plain values; restricted: a number and a link."""
    tells, link = Tells(str(body["tells"])), f"{site}{body['link']}"
    number = {"number": str(body["number"])}
    parts = [reader.render(OPENINGS[tells], number), *_details(body, reader)]
    read = READ if tells is Tells.REGISTERED else READ_ANSWER
    if tells is not Tells.WITHDRAWN:
        parts.append(reader.render(read, {"link": link}))
    else:
        parts.append(link)
    return Mail(reader.render(SUBJECTS[tells], number), PARAGRAPH.join(parts) + "\n")


def write_interest(desk: Desk, message: Claimed) -> Envelope | None:
    """Return the envelope of a letter about an interest; ``None``: its account was closed."""
    if not is_reachable(desk, message):
        return None
    body = message.body
    mail = interest_mail(body, site=desk.site, reader=desk.reader(message))
    lines = ((desk.link(str(body["link"])), str(body["number"])),)
    return enveloped(desk, message, mail, lines=lines)


def _details(body: Mapping[str, object], reader: Translator) -> list[str]:
    """Return what may be said beside the number; empty where the function is restricted."""
    if not body.get("function"):
        return []
    named = {"function": str(body["function"]), "plan": str(body["plan"])}
    parts = [reader.render(ABOUT, named)]
    if body.get("donor"):
        parts.append(_wish(body, reader))
    if body.get("answer"):
        parts.append(reader.gettext(ANSWERS[InterestAnswer(str(body["answer"]))]))
    note = body.get("note") or body.get("answer_note")
    return [*parts, reader.render(SAYS, {"note": str(note)})] if note else parts


def _wish(body: Mapping[str, object], reader: Translator) -> str:
    donor, amount = str(body["donor"]), body.get("amount")
    if amount is None:
        return reader.render(WOULD_PAY_UNSAID, {"donor": donor})
    money = reader.money(Decimal(str(amount)), str(body["currency"]))
    return reader.render(WOULD_PAY, {"donor": donor, "amount": money})
