"""The pages of one search for flows, put together: each flow once, whole, by its own count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import (
    Fault,
    Number,
    amount,
    difference,
    enveloped,
    listing,
    mapping,
    maybe_mapping,
    sifted,
    stated,
    summed,
    whole,
)
from unbroken.sources.readers import Payload
from unbroken_integrations.fts.flows import BOUNDARIES, Flow, flow_of


@dataclass(frozen=True, slots=True)
class Stated:
    """What every page says of the whole search; ``None``: not stated."""

    funding_total: Number
    pledge_total: Number | None
    incoming: int | None
    flows: int | None


@dataclass(frozen=True, slots=True)
class Pages:
    """All flows of one search, each once, in the order of the pages; what it says of itself."""

    stated: Stated
    flows: tuple[Flow, ...]
    left_out: tuple[Problem, ...]
    warnings: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    stated: Stated
    flows: list[Flow]
    problems: list[Problem]


def pages_of(payloads: Sequence[Payload]) -> Pages:
    """Return what the pages hold together.

    Raises:
        Fault: a page cannot be read, is of another search, is missing, or one flow has two
            contents.
    """
    contents = {each.content: each for each in payloads}
    pages = [_page(each) for each in contents.values()]
    told = pages[0].stated
    for payload, page in zip(contents.values(), pages, strict=True):
        if page.stated != told:
            raise Fault(payload.name, "It states other totals than the first page does.")
    flows, repeated = _each_once(pages)
    problems = tuple(problem for page in pages for problem in page.problems)
    _check_count(payloads[0], told, len(flows) + len(problems))
    warnings = (
        *_repeats(len(payloads) - len(contents), repeated),
        *_uncounted(told, flows),
    )
    return Pages(told, flows, problems, warnings)


def _page(payload: Payload) -> _Page:
    answer = enveloped(payload)
    at = f"{payload.name}: data"
    data = mapping(answer["data"], at=at)
    flows, problems = sifted(
        listing(data.get("flows"), at=f"{at}.flows"), flow_of, at=f"{at}.flows"
    )
    return _Page(_stated(payload, answer, data), flows, problems)


def _stated(payload: Payload, answer: Mapping[str, object], data: Mapping[str, object]) -> Stated:
    at = f"{payload.name}: data.incoming"
    incoming = mapping(data.get("incoming"), at=at)
    total = amount(incoming.get("fundingTotal"), at=f"{at}.fundingTotal")
    return Stated(
        funding_total=stated(total, at=f"{at}.fundingTotal"),
        pledge_total=amount(incoming.get("pledgeTotal"), at=f"{at}.pledgeTotal"),
        incoming=whole(incoming.get("flowCount"), at=f"{at}.flowCount"),
        flows=_count(payload, answer, data),
    )


def _count(
    payload: Payload, answer: Mapping[str, object], data: Mapping[str, object]
) -> int | None:
    """How many flows there are on all pages: as the answer counts them, else by their kinds."""
    meta = maybe_mapping(answer.get("meta"), at=f"{payload.name}: meta") or {}
    told = whole(meta.get("count"), at=f"{payload.name}: meta.count")
    return _by_kind(payload, data) if told is None else told


def _by_kind(payload: Payload, data: Mapping[str, object]) -> int | None:
    counts: list[int] = []
    for name in BOUNDARIES:
        at = f"{payload.name}: data.{name}"
        part = maybe_mapping(data.get(name), at=at) or {}
        number = whole(part.get("flowCount"), at=f"{at}.flowCount")
        if number is None:
            return None
        counts.append(number)
    return sum(counts)


def _each_once(pages: Sequence[_Page]) -> tuple[tuple[Flow, ...], int]:
    known: dict[str, Flow] = {}
    kept: list[Flow] = []
    repeated = 0
    for flow in (each for page in pages for each in page.flows):
        if flow.identity and flow.identity in known:
            if known[flow.identity] != flow:
                raise Fault(flow.identity, "This flow comes twice, and differently.")
            repeated += 1
            continue
        known[flow.identity] = flow
        kept.append(flow)
    return tuple(kept), repeated


def _check_count(payload: Payload, told: Stated, found: int) -> None:
    if told.flows is not None and told.flows != found:
        at = f"{payload.name}: meta.count"
        raise Fault(
            at,
            "It states {told} flows on all pages; {found} are here: some are missing or too many.",
            remedy="Read all pages together, each of one and the same retrieval.",
            told=told.flows,
            found=found,
        )


def _repeats(pages: int, flows: int) -> list[Sentence]:
    made = []
    if pages:
        made.append(counted("One page was given twice.", "{count} pages were given twice.", pages))
    if flows:
        made.append(
            counted("One flow came twice.", "{count} flows came twice; each counts once.", flows)
        )
    return made


def _uncounted(told: Stated, flows: Sequence[Flow]) -> list[Sentence]:
    made = []
    if told.flows is None:
        made.append(
            sentence("The answer does not say how many flows it has; a page may be missing.")
        )
    incoming = sum(1 for each in flows if each.boundary == "incoming")
    if told.incoming is not None and told.incoming != incoming:
        made.append(
            sentence(
                "FTS states {told} incoming flows; {found} were read.",
                told=told.incoming,
                found=incoming,
            )
        )
    return made


def check_received(payload: Payload, told: Stated, flows: Sequence[Flow]) -> Number:
    """Return what was received: the sum by our rule, which is the total that FTS states.

    Where amounts have cents, they agree to the dollar, as FTS states its total in dollars.

    Raises:
        Fault: they do not agree.
    """
    found = summed(each.usd for each in flows if each.is_received)
    if not -1 < difference(found, told.funding_total) < 1:
        at = f"{payload.name}: data.incoming.fundingTotal"
        raise Fault(
            at,
            "FTS states {told} received, and the flows add up to {found}.",
            remedy="Read all pages together, each of one and the same retrieval.",
            told=str(told.funding_total),
            found=str(found),
        )
    return found
