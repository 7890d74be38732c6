"""The functions of a certificate with their transfers: offered, answered, open, at risk; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from unbroken.documents.rules import labels
from unbroken.documents.rules.writing import (
    Block,
    Cell,
    Pen,
    by_severity,
    code,
    facts,
    hashed,
    heading,
    lines,
    name,
    paragraph,
    table,
)
from unbroken.kit.languages import gettext as _

HOLDS = frozenset({"confirmed", "sustained", "conditional", "attested", "suspended"})
UNKNOWN = frozenset({"not-started", "planned", "offered", "recommended", "time-asked"})
BESIDE = frozenset({"ended", "not-applicable"})
NO_ANSWER = frozenset({"plan", "offer", "check", "countersign", "refuse_countersign"})
SHORT = 12
NO_RECEIVER = _("No receiver is named: nothing was offered.")
NO_REST = _("Nothing is left open.")
NO_STATEMENT = _("No statement was given.")
STALE = _("What was signed has changed since: it counts as offered.")
RECEIPT_HASHES = _(
    "A receipt is found in an export of the trail by its UUID. Its content hash is over what was"
    " signed, in the edition and language named; its signature is over who signed it, how and when."
)


def places_of(pen: Pen, state: Mapping[str, Any]) -> Iterator[Block]:
    """Yield each function in each area with what its transfers hold."""
    for place in state["functions"]:
        title = f"{code(place['function'])} {pen.text(place['title'])}"
        yield heading(f"{title} – {name(place['area'])}", level=3)
        yield facts(_place_facts(pen, place))
        if not place["transfers"]:
            yield paragraph(pen.reader.gettext(NO_RECEIVER))
        for transfer in place["transfers"]:
            yield facts(_transfer_facts(pen, transfer))
            yield _capacities(pen, transfer["capacities"])


def _place_facts(pen: Pen, place: Mapping[str, Any]) -> Iterable[tuple[str, Cell]]:
    say = pen.reader.gettext
    yield say(_("Cover")), _cover(pen, place)
    yield say(_("Last day here")), pen.day(place["last_day_on"])
    posts = place["baseline_posts"]
    yield (
        say(_("Posts in the baseline")),
        say(_("not stated")) if posts is None else pen.number(posts),
    )


def _cover(pen: Pen, place: Mapping[str, Any]) -> str:
    word = pen.word(labels.COVER, place["cover"])
    if place["bridged_until_on"]:
        day = pen.day(place["bridged_until_on"])
        return pen.say(_("{cover}, bridged until {day}"), cover=word, day=day)
    return word


def _transfer_facts(pen: Pen, transfer: Mapping[str, Any]) -> Iterable[tuple[str, Cell]]:
    say = pen.reader.gettext
    giver, receiver = name(transfer["giver"]["name"]), name(transfer["receiver"]["name"])
    passed = pen.say(_("{giver} to {receiver}"), giver=giver, receiver=receiver)
    yield pen.word(labels.TRANSFER_KIND, transfer["kind"]), lines(("strong", passed))
    starts, ends = transfer["starts_on"], transfer["ends_on"]
    if starts or ends:
        told = pen.say(_("{first} to {last}"), first=pen.day(starts), last=pen.day(ends))
        yield say(_("Days of cover")), told
    yield say(_("Scope")), name(transfer["scope_note"])
    if transfer["illustrative"]:
        yield say(_("Note")), say(_("Illustrative"))


def _capacities(pen: Pen, capacities: Sequence[Mapping[str, Any]]) -> Block:
    say = pen.reader.gettext
    heads = [
        say(_("Capacity")),
        say(_("Offered")),
        say(_("Confirmed")),
        say(_("By whom and when")),
        say(_("Against which text")),
    ]
    return table(heads, [1.2, 1.4, 1.4, 1.6, 1.1], [_row(pen, each) for each in capacities])


def _row(pen: Pen, capacity: Mapping[str, Any]) -> list[Cell]:
    return [
        lines(
            ("strong", pen.word(labels.DIMENSION, capacity["dimension"])),
            pen.word(labels.STANDING, capacity["standing"]),
            ("quiet", pen.reader.gettext(_("Rest of an earlier answer")))
            if capacity["rest_of"]
            else "",
            ("quiet", pen.reader.gettext(STALE)) if not capacity["fits"] else "",
        ),
        _offered(pen, capacity),
        _confirmed(pen, capacity),
        _answered(pen, capacity),
        _against(capacity),
    ]


def _offered(pen: Pen, capacity: Mapping[str, Any]) -> Cell:
    offer = _last(capacity, {"offer"})
    if offer is None:
        return lines(("quiet", pen.reader.gettext(_("not offered"))))
    held = pen.portion(offer, unit=capacity["unit"], titles=capacity["titles"])
    return lines(held, ("quiet", pen.day(offer["on"])))


def _confirmed(pen: Pen, capacity: Mapping[str, Any]) -> Cell:
    if capacity["standing"] not in HOLDS:
        return lines(("quiet", pen.reader.gettext(_("nothing"))))
    told = [pen.portion(capacity, unit=capacity["unit"], titles=capacity["titles"])]
    if capacity["condition"]:
        day = pen.day(capacity["condition_until_on"])
        condition = name(capacity["condition"])
        told.append(pen.say(_("On condition until {day}: {text}"), day=day, text=condition))
    if capacity["funded_until_on"]:
        told.append(pen.say(_("Funded until {day}"), day=pen.day(capacity["funded_until_on"])))
    elif capacity["dimension"] in {"posts", "funding"}:
        told.append(pen.reader.gettext(_("Funded until: not stated")))
    return lines(*told)


def _answered(pen: Pen, capacity: Mapping[str, Any]) -> Cell:
    answer = answer_of(capacity)
    if answer is None:
        return lines(("quiet", pen.reader.gettext(_("no answer: unknown"))))
    second = [each for each in capacity["receipts"] if each["countersigns"] == answer["uid"]]
    told: list[str | tuple[str, str]] = [*_signed(pen, answer)]
    if answer["waits"] and not second:
        told.append(("quiet", pen.reader.gettext(_("Waits for a countersignature"))))
    for each in second:
        told += _signed(pen, each)
    return lines(*told)


def _signed(pen: Pen, receipt: Mapping[str, Any]) -> tuple[str | tuple[str, str], ...]:
    return (
        ("strong", pen.word(labels.ACT, receipt["act"])),
        name(receipt["organisation"] or ""),
        ("quiet", f"{pen.word(labels.ROLE, receipt['role'])}, {pen.day(receipt['on'])}"),
        ("quiet", name(receipt["authority"])),
    )


def _against(capacity: Mapping[str, Any]) -> Cell:
    answer = answer_of(capacity)
    if answer is None:
        return ""
    text = f"{code(answer['edition'])} · {code(answer['language'])}"
    return lines(text, ("code", code(answer["content_hash"][:SHORT])))


def answer_of(capacity: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the last answer since the last offer; ``None`` where nobody answered."""
    acts = [receipt["act"] for receipt in capacity["receipts"]]
    since = len(acts) - acts[::-1].index("offer") if "offer" in acts else 0
    later = [each for each in capacity["receipts"][since:] if each["act"] not in NO_ANSWER]
    return later[-1] if later else None


def _last(capacity: Mapping[str, Any], acts: set[str]) -> Mapping[str, Any] | None:
    return next((each for each in reversed(capacity["receipts"]) if each["act"] in acts), None)


def rest_of(pen: Pen, state: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what is neither confirmed nor ended, with where it stands; silence is unknown."""
    say = pen.reader.gettext
    rows = [
        [
            f"{code(place['function'])} – {name(place['area'])}",
            pen.word(labels.DIMENSION, capacity["dimension"]),
            pen.portion(capacity, unit=capacity["unit"], titles=capacity["titles"]),
            pen.word(labels.STANDING, capacity["standing"]),
        ]
        for place, capacity in _each(state)
        if capacity["cover"] != "green" and capacity["standing"] not in BESIDE
    ]
    rows += [
        [
            f"{code(place['function'])} – {name(place['area'])}",
            say(_("everything")),
            "",
            say(_("No receiver")),
        ]
        for place in state["functions"]
        if not place["transfers"]
    ]
    if not rows:
        yield paragraph(say(NO_REST))
        return
    heads = [say(_("Function and area")), say(_("Capacity")), say(_("How much")), say(_("State"))]
    yield table(heads, [2, 1, 2, 1.2], rows)


def risk_of(pen: Pen, state: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what is known to be at risk: open gaps, unknown capacities, statements with endings."""
    say = pen.reader.gettext
    unknown = sum(capacity["standing"] in UNKNOWN for _place, capacity in _each(state))
    bare = sum(not place["transfers"] for place in state["functions"])
    beside = sum(capacity["standing"] in BESIDE for _place, capacity in _each(state))
    yield facts(
        [
            *(
                (
                    pen.say(_("Open gaps, {severity}"), severity=pen.word(labels.SEVERITY, each)),
                    pen.number(count),
                )
                for each, count in by_severity(state["gaps"])
            ),
            (say(_("Capacities of which nothing is known")), pen.number(unknown)),
            (say(_("Functions in areas without a receiver")), pen.number(bare)),
            (say(_("Ended by decision or not applicable")), pen.number(beside)),
        ]
    )
    rows = [_statement(pen, place, capacity, each) for place, capacity, each in _statements(state)]
    if rows:
        heads = [say(_("Function and area")), say(_("What was decided")), say(_("Statement"))]
        yield table(heads, [1.5, 1.5, 2.5], rows)


def _statements(
    state: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]]:
    for place, capacity in _each(state):
        answer = answer_of(capacity)
        if answer is not None and (capacity["standing"] in BESIDE or answer["reason"]):
            yield place, capacity, answer


def _statement(
    pen: Pen, place: Mapping[str, Any], capacity: Mapping[str, Any], answer: Mapping[str, Any]
) -> list[Cell]:
    where = f"{code(place['function'])} – {name(place['area'])}"
    ground = pen.word(labels.GROUND, answer["ground"]) if answer["ground"] else ""
    paper = " ".join(filter(None, [name(answer["instrument"]), name(answer["authority"])]))
    return [
        lines(where, ("quiet", pen.word(labels.DIMENSION, capacity["dimension"]))),
        lines(*_signed(pen, answer)[:3], ("quiet", ground)),
        lines(name(answer["reason"]) or pen.reader.gettext(NO_STATEMENT), ("quiet", paper)),
    ]


def receipts_of(pen: Pen, state: Mapping[str, Any], *, every: bool) -> Iterator[Block]:
    """Yield the receipts with their hashes: every one, or those of the answers that hold."""
    say = pen.reader.gettext
    yield paragraph(say(RECEIPT_HASHES))
    rows = [
        _receipt(pen, place, capacity, receipt)
        for place, capacity in _each(state)
        for receipt in _meant(capacity, every=every)
    ]
    if rows:
        heads = [say(_("Act")), say(_("Receipt")), say(_("Content hash and signature"))]
        yield table(heads, [1.2, 1.5, 3.7], rows)


def _meant(capacity: Mapping[str, Any], *, every: bool) -> Iterable[Mapping[str, Any]]:
    if every:
        return list(capacity["receipts"])
    answer = answer_of(capacity)
    return [] if answer is None else [answer]


def _receipt(
    pen: Pen, place: Mapping[str, Any], capacity: Mapping[str, Any], receipt: Mapping[str, Any]
) -> list[Cell]:
    where = f"{code(place['function'])} · {pen.word(labels.DIMENSION, capacity['dimension'])}"
    return [
        lines(
            pen.word(labels.ACT, receipt["act"]), ("quiet", where), ("quiet", name(place["area"]))
        ),
        lines(("code", code(receipt["uid"])), ("quiet", pen.instant(receipt["at"]))),
        lines(("code", hashed(receipt["content_hash"])), ("code", hashed(receipt["signature"]))),
    ]


def _each(state: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for place in state["functions"]:
        for transfer in place["transfers"]:
            for capacity in transfer["capacities"]:
                yield place, capacity
