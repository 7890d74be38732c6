"""From a search grouped by cluster, organisation or country to one document for one plan.

The requirement comes from ``requirements``, what was received from ``report3``; ``report4`` is what
lies on the boundary and is told beside, never added. What FTS lists no row for is not stated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import (
    Fault,
    Number,
    amount,
    enveloped,
    identity,
    left_out,
    mapping,
    maybe_listing,
    maybe_mapping,
    sifted,
    stated,
    summed,
    text,
)
from unbroken.sources.readers import Payload
from unbroken_integrations.fts.figures import check_breakdown, money, plan_of

NOT_SPECIFIED = "not specified"
PARTS = ("objectsSum", "sharedFunding", "overlapCorrection", "totalFunding")


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group: the name of its rows in the document, and how FTS calls them.

    ``repeats_plan``: a row may carry the requirement of the whole plan instead of its own.
    """

    rows: str
    kinds: Mapping[str, str]
    repeats_plan: bool = False


CLUSTERS = Grouping(
    "clusters", {"GlobalCluster": "fts-global-cluster", "Cluster": "fts-plan-cluster"}
)
ORGANIZATIONS = Grouping("organizations", {"Organization": "fts-organization"})
PLANS = Grouping("plans", {"Plan": "fts-plan"})
LOCATIONS = Grouping(
    "locations",
    {"Location": "fts-location", "ProjectLocation": "fts-location", "PlanLocation": "fts-location"},
    repeats_plan=True,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of either side; ``identity`` is empty for what is not specified."""

    identity: str
    name: str
    kind: str
    usd: Number | None
    shared_usd: Number | None = None
    single_usd: Number | None = None
    overlap_usd: Number | None = None

    @property
    def is_sound(self) -> bool:
        """Whether what it has alone and what overlaps make up what it has."""
        parts = [each for each in (self.single_usd, self.overlap_usd) if each is not None]
        return self.usd == summed(parts)


@dataclass(frozen=True, slots=True)
class Side:
    """What was asked for or what was received; ``None`` as total: not stated."""

    total: Number | None
    rows: tuple[Row, ...]
    left_out: tuple[Problem, ...]
    pledged: Number | None = None
    shared: Number | None = None
    is_there: bool = True


NOTHING = Side(None, (), (), is_there=False)


def grouped_document(
    payload: Payload, chosen: Mapping[str, str], grouping: Grouping
) -> dict[str, object]:
    """Return the document of one grouped answer; the README of this folder tells its fields.

    Raises:
        Fault: it is no such answer, is grouped otherwise, names a row twice or contradicts itself.
    """
    at = f"{payload.name}: data"
    data = mapping(enveloped(payload)["data"], at=at)
    asked = _asked(data, at)
    received = _received(data.get("report3"), f"{at}.report3")
    beside = _received(data.get("report4"), f"{at}.report4")
    if not asked.is_there and not received.is_there:
        raise Fault(at, "It holds neither requirements nor report3.")
    used = _own_requirements(asked, grouping)
    scheme = _scheme([*used, *received.rows], grouping, at)
    return {
        "plan": plan_of(payload, chosen),
        "scheme": scheme,
        **totals(_required(asked), received.total),
        "pledged_usd": received.pledged,
        "not_specified_usd": _not_specified(received.rows),
        "not_specified_required_usd": _not_specified(used),
        "shared_usd": received.shared,
        "on_boundary_usd": beside.total,
        grouping.rows: joined(used, received.rows),
        f"{grouping.rows}_shared": {
            each.identity: each.shared_usd for each in received.rows if each.identity
        },
        "warnings": _warnings(asked, used, received),
    }


def totals(required: Number | None, received: Number | None) -> dict[str, object]:
    """Return what the whole plan asked for and received."""
    return {"required_usd": required, "received_usd": received}


def joined(asked: Sequence[Row], received: Sequence[Row]) -> dict[str, object]:
    """Return a row for each number that either side names, smallest number first."""
    required = {each.identity: each for each in asked if each.identity}
    found = {each.identity: each for each in received if each.identity}
    return {
        number: {
            "name": (required.get(number) or found[number]).name,
            **money(_usd(required.get(number)), _usd(found.get(number))),
        }
        for number in sorted(required | found, key=int)
    }


def _usd(row: Row | None) -> Number | None:
    return row.usd if row else None


def each_once(rows: Sequence[Row], at: str) -> None:
    """See to it that no number stands twice.

    Raises:
        Fault: one does; which of the two counts cannot be known.
    """
    named = [each.identity for each in rows if each.identity]
    twice = next((each for each in named if named.count(each) > 1), "")
    if twice:
        raise Fault(at, "{number} comes twice.", number=twice)


def _asked(data: Mapping[str, object], at: str) -> Side:
    place = f"{at}.requirements"
    told = maybe_mapping(data.get("requirements"), at=place)
    if told is None:
        return NOTHING
    rows, problems = sifted(
        maybe_listing(told.get("objects"), at=f"{place}.objects"), _asked_row, at=f"{place}.objects"
    )
    each_once(rows, place)
    total = amount(told.get("totalRevisedReqs"), at=f"{place}.totalRevisedReqs")
    return Side(total, tuple(rows), tuple(problems))


def _asked_row(record: object, at: str) -> Row:
    told = mapping(record, at=at)
    return Row(
        identity=_number_of(told, at),
        name=text(told.get("name")),
        kind=text(told.get("objectType")),
        usd=amount(told.get("revisedRequirements"), at=f"{at}.revisedRequirements"),
    )


def _received(report: object, at: str) -> Side:
    told = maybe_mapping(report, at=at)
    if told is None:
        return NOTHING
    funding = mapping(told.get("fundingTotals"), at=f"{at}.fundingTotals")
    place = f"{at}.fundingTotals.total"
    total = stated(amount(funding.get("total"), at=place), at=place)
    pledges = maybe_mapping(told.get("pledgeTotals"), at=f"{at}.pledgeTotals") or {}
    pledged = amount(pledges.get("total"), at=f"{at}.pledgeTotals.total")
    place = f"{at}.fundingTotals.objects"
    objects = maybe_listing(funding.get("objects"), at=place)
    if len(objects) > 1:
        raise Fault(place, "It holds several breakdowns, and which one counts is not known.")
    if not objects:
        return Side(total, (), (), pledged)
    return _broken_down(mapping(objects[0], at=f"{place}[0]"), total, pledged, f"{place}[0]")


def _broken_down(
    told: Mapping[str, object], total: Number, pledged: Number | None, at: str
) -> Side:
    place = f"{at}.objectsBreakdown"
    rows, problems = sifted(maybe_listing(told.get("objectsBreakdown"), at=place), _row, at=place)
    each_once(rows, place)
    parts = _parts(told, at)
    check_breakdown(parts, at=f"{at}.totalBreakdown")
    if parts["totalFunding"] not in {None, total}:
        raise Fault(at, "Its breakdown is of another total than {total}.", total=str(total))
    _check_rows(rows, parts["objectsSum"], place)
    return Side(total, tuple(rows), tuple(problems), pledged, parts["sharedFunding"])


def _parts(told: Mapping[str, object], at: str) -> dict[str, Number | None]:
    place = f"{at}.totalBreakdown"
    breakdown = maybe_mapping(told.get("totalBreakdown"), at=place) or {}
    return {name: amount(breakdown.get(name), at=f"{place}.{name}") for name in PARTS}


def _check_rows(rows: Sequence[Row], told: Number | None, at: str) -> None:
    """Rows that overlap may add up only by what each has alone, each then being sound in itself."""
    if not rows or told is None or told == summed(each.usd or 0 for each in rows):
        return
    alone = [each.single_usd for each in rows if each.is_sound and each.single_usd is not None]
    if len(alone) < len(rows) or told != summed(alone):
        raise Fault(at, "Its rows do not add up to {told}, as FTS states.", told=str(told))


def _row(record: object, at: str) -> Row:
    told = mapping(record, at=at)
    usd = amount(told.get("totalFunding"), at=f"{at}.totalFunding")
    return Row(
        identity=_number_of(told, at),
        name=text(told.get("name")),
        kind=text(told.get("type")),
        usd=stated(usd, at=f"{at}.totalFunding"),
        shared_usd=amount(told.get("sharedFunding"), at=f"{at}.sharedFunding"),
        single_usd=amount(told.get("singleFunding"), at=f"{at}.singleFunding"),
        overlap_usd=amount(told.get("overlapFunding"), at=f"{at}.overlapFunding"),
    )


def _number_of(told: Mapping[str, object], at: str) -> str:
    """Empty for the one row that has none by right: what FTS calls not specified."""
    number = identity(told.get("id"), at=f"{at}.id")
    if number is None and text(told.get("name")).casefold() != NOT_SPECIFIED:
        place = f"{at}.id"
        raise Fault(place, "It is not stated.")
    return number or ""


def _scheme(rows: Sequence[Row], grouping: Grouping, at: str) -> str | None:
    """How the numbers of the rows are to be read: the same number means different things."""
    kinds = {each.kind for each in rows if each.kind}
    odd = sorted(kinds - grouping.kinds.keys())
    if odd:
        raise Fault(
            at, "It is grouped by {kind}, not by {asked}.", kind=odd[0], asked=grouping.rows
        )
    schemes = {grouping.kinds[kind] for kind in kinds}
    if len(schemes) > 1:
        raise Fault(at, "Its requirements are grouped otherwise than what was received.")
    return next(iter(schemes), None)


def _own_requirements(asked: Side, grouping: Grouping) -> list[Row]:
    """Leave out the plan itself; a country that repeats the plan's total states nothing own."""
    rows = [each for each in asked.rows if each.kind != "Plan" or each.kind in grouping.kinds]
    if not grouping.repeats_plan:
        return rows
    return [
        Row(each.identity, each.name, each.kind, None) if each.usd == asked.total else each
        for each in rows
    ]


def _required(asked: Side) -> Number | None:
    """As FTS states it; where it does not, what its rows add up to, which is told as a warning."""
    if asked.total is not None:
        return asked.total
    return _rows_sum(asked.rows)


def _rows_sum(rows: Sequence[Row]) -> Number | None:
    known = [each.usd for each in rows if each.usd is not None]
    return summed(known) if known else None


def _not_specified(rows: Sequence[Row]) -> Number | None:
    return _rows_sum([each for each in rows if not each.identity])


def _warnings(asked: Side, used: Sequence[Row], received: Side) -> list[Sentence]:
    return [
        *left_out([*asked.left_out, *received.left_out]),
        *_of_requirements(asked, used),
        *_of_received(received),
    ]


def _of_requirements(asked: Side, used: Sequence[Row]) -> list[Sentence]:
    if not asked.is_there:
        return [sentence("FTS states no requirements in this answer.")]
    if asked.total is None:
        return [sentence("FTS states no total requirement; it is the sum of its rows.")]
    repeated = sum(each.usd is not None for each in asked.rows)
    repeated -= sum(each.usd is not None for each in used)
    if repeated:
        return [
            counted(
                "The requirement of one row is the plan's, not its own; it is left out.",
                "The requirement of {count} rows is the plan's, not their own; it is left out.",
                repeated,
            )
        ]
    found = _rows_sum(asked.rows)
    if found in {None, asked.total}:
        return []
    return [
        sentence(
            "The requirements of the rows add up to {found}, and FTS states {told}.",
            found=str(found),
            told=str(asked.total),
        )
    ]


def _of_received(received: Side) -> list[Sentence]:
    if not received.is_there:
        return [sentence("FTS states nothing received in this answer: report3 is missing.")]
    if not received.rows and received.total:
        return [sentence("FTS does not say which rows the money was received by.")]
    if received.rows and received.shared is None:
        return [sentence("FTS does not say how much is shared; the rows cannot be checked.")]
    return []
