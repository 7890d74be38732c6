"""A certificate as blocks of words, ready to be drawn: its head and its end; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from unbroken.documents.rules import labels
from unbroken.documents.rules.certificates import (
    Data,
    capacities_in,
    code_for,
    content_hash_of,
)
from unbroken.documents.rules.sheet_places import places_of, receipts_of, rest_of, risk_of
from unbroken.documents.rules.sheet_public import figures, public_blocks
from unbroken.documents.rules.words import Audience, Kind
from unbroken.documents.rules.writing import (
    Block,
    Cell,
    Pen,
    code,
    facts,
    hashed,
    heading,
    lines,
    name,
    paragraph,
)
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _

TITLES = {
    Kind.PLAN: _("Certificate of what was handed over under a plan"),
    Kind.TRANSFER: _("Certificate of a transfer"),
}
RUNNING = _("Certificate {code}")
PAGE = _("Page {page} of {pages}")
QR = _("Code to check this certificate: {code}")
ILLUSTRATIVE = _(
    "Illustrative: who received what is invented for a demonstration. Dates and decisions are real."
)
WHAT_IT_SAYS = _(
    "This certificate says what was offered, confirmed, declined and left open, by which"
    " organisation, in which role and against which text, as it stood in the trail of the plan at"
    " the entry named at its end. Silence is shown as unknown, never as confirmed."
)
HOW_TO_CHECK = _(
    "Anyone can check this certificate with its code, without signing in. Off line, the file is"
    " checked against an export of the trail with the command:"
)
IN_FILE = _(
    "The data of this certificate are attached to this file in full; the content hash is over them."
    " A seal at the end of the file covers every byte of it."
)
COMMAND = "unbroken trail verify TRAIL.jsonl CERTIFICATE.pdf"
BY = _("{organisation} ({role})")


def sheet_of(data: Data, reader: Translator) -> dict[str, Any]:
    """Return what is drawn for ``data``, in the words of ``reader``; the same for the same data."""
    pen = Pen(reader, data["texts"], data["zone"])
    found = code_for(data)
    state = data["state"]
    is_public = data["audience"] == Audience.PUBLIC
    body = public_blocks(pen, state) if is_public else _body(pen, data)
    return {
        "lang": reader.locale.split("-", maxsplit=1)[0],
        "dir": reader.direction,
        "title": reader.gettext(TITLES[Kind(data["kind"])]),
        "subtitle": _subtitle(state),
        "code": found,
        "running": pen.say(RUNNING, code=code(found)),
        "page": reader.gettext(PAGE),
        "qr_alt": pen.say(QR, code=code(found)),
        "note": reader.gettext(ILLUSTRATIVE) if state["plan"]["illustrative"] else "",
        "blocks": [
            paragraph(reader.gettext(WHAT_IT_SAYS)),
            facts(_head_facts(pen, data)),
            *body,
            *_proof(pen, data, found),
        ],
    }


def qr_text(data: Mapping[str, Any], found: str) -> str:
    """Return what the QR code says: the public page's address, or the code alone."""
    address = str(data["address"])
    return f"{address}/{found}" if address else found


def _subtitle(state: Mapping[str, Any]) -> str:
    plan = state["plan"]
    return name(plan["title"] or f"{plan['acronym']}, {plan['country']}")


def _head_facts(pen: Pen, data: Data) -> Iterable[tuple[str, Cell]]:
    say, state = pen.reader.gettext, data["state"]
    plan = state["plan"]
    yield say(_("Mission")), f"{name(plan['acronym'])} ({code(plan['country'])})"
    yield say(_("State of the plan")), pen.word(labels.PLAN_STATE, plan["state"])
    yield (
        say(_("Decision")),
        [
            {"style": "plain", "text": _decision(pen, each)}
            for each in state["decisions"]
            if each["is_trigger"]
        ],
    )
    yield say(_("Last day of the mandate")), pen.day(plan["mandate_ends_on"])
    if plan.get("transfer_ends_on"):
        yield say(_("Last day for passing tasks")), pen.day(plan["transfer_ends_on"])
    if state.get("revision"):
        revision = state["revision"]
        number, day = pen.number(revision["number"]), pen.day(revision["in_force_on"])
        told = pen.say(_("Revision {number}, in force since {day}"), number=number, day=day)
        yield say(_("Timetable")), told
    yield say(_("Baseline compared")), _baseline(pen, state)
    if state.get("custodian"):
        held = state["custodian"]
        told = pen.say(
            _("{organisation}, since {day}"),
            organisation=name(held["organisation"]),
            day=pen.day(held["on"]),
        )
        yield say(_("Custodian of the plan")), told
    yield say(_("As it stood on")), pen.day(data["on"])
    yield say(_("Issued")), pen.instant(data["issued_at"])
    yield say(_("Issued by")), _issuer(pen, data["issued_by"])
    yield say(_("Readers")), pen.word(labels.AUDIENCE, data["audience"])


def _decision(pen: Pen, decision: Mapping[str, Any]) -> str:
    said = " – ".join(name(decision[key]) for key in ("symbol", "title") if decision[key])
    return f"{said} ({pen.day(decision['decided_on'])})"


def _baseline(pen: Pen, state: Mapping[str, Any]) -> str:
    baseline = state["baseline"]
    if not baseline:
        return pen.reader.gettext(_("none is signed: nothing could be compared"))
    day = pen.day(baseline["signed_on"])
    if "content_hash" not in baseline:
        return pen.say(_("signed on {day}"), day=day)
    return pen.say(
        _("number {number}, signed on {day}, content {hash}"),
        number=pen.number(baseline["number"]),
        day=day,
        hash=code(baseline["content_hash"][:16]),
    )


def _issuer(pen: Pen, issuer: Mapping[str, Any]) -> str:
    role = pen.word(labels.ROLE, issuer["role"])
    if not issuer["organisation"]:
        return role
    return pen.say(BY, organisation=name(issuer["organisation"]), role=role)


def _body(pen: Pen, data: Data) -> Iterable[Block]:
    say, state = pen.reader.gettext, data["state"]
    if data["kind"] == Kind.PLAN:
        yield heading(say(_("In figures")))
        yield figures(pen, Counter(each["standing"] for each in capacities_in(state)))
    yield heading(say(_("What was offered and what was confirmed")))
    yield from places_of(pen, state)
    yield heading(say(_("Open rest")))
    yield from rest_of(pen, state)
    yield heading(say(_("Residual risk")))
    yield from risk_of(pen, state)
    yield heading(say(_("Receipts")))
    yield from receipts_of(pen, state, every=data["kind"] == Kind.TRANSFER)


def _proof(pen: Pen, data: Data, found: str) -> Iterable[Block]:
    say, chain = pen.reader.gettext, data["chain"]
    yield heading(say(_("How to check this certificate")))
    yield facts(
        [
            (say(_("Code")), code(found)),
            (say(_("Public page")), code(data["address"]) if data["address"] else ""),
            (say(_("Content hash")), lines(("code", hashed(content_hash_of(data))))),
            (say(_("Trail")), code(chain["uid"])),
            (say(_("Entries of the trail")), pen.number(chain["entries"])),
            (say(_("Head of the trail")), lines(("code", hashed(chain["head"])))),
        ]
    )
    yield paragraph(f"{say(HOW_TO_CHECK)} {code(COMMAND)}")
    yield paragraph(say(IN_FILE))
