"""From the flows of one search to the document: by cluster, plan and donor, each dollar once."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import Number, left_out, summed
from unbroken.sources.readers import Payload
from unbroken_integrations.fts.flows import INCOMING, INTERNAL, OUTGOING, Flow, Party
from unbroken_integrations.fts.pages import Pages, Stated, check_received, pages_of

NO_PLAN, SEVERAL_PLANS = "none", "shared"
NO_DONOR = "Not stated"
BETWEEN_DONORS = " + "


def flows_document(payloads: Sequence[Payload]) -> dict[str, object]:
    """Return the document of ``fts-flows``; the README of this folder tells its fields.

    Raises:
        Fault: the pages are no whole set, or their sum is not the total that FTS states.
    """
    pages = pages_of(payloads)
    flows = pages.flows
    received = [each for each in flows if each.is_received]
    return {
        "flows": len(flows),
        INCOMING: sum(1 for each in flows if each.boundary == INCOMING),
        INTERNAL: sum(1 for each in flows if each.boundary == INTERNAL),
        OUTGOING: sum(1 for each in flows if each.boundary == OUTGOING),
        "left_out": len(pages.left_out),
        "received_usd": check_received(payloads[0], pages.stated, flows),
        "pledged_usd": _pledged(pages.stated, flows),
        "check": {"funding_total_usd": pages.stated.funding_total, "agrees": True},
        "statuses": dict(sorted(Counter(each.status for each in flows).items())),
        "clusters": _clusters(flows),
        "cluster_details": _cluster_details(flows),
        "no_cluster_usd": _sum(received, lambda each: not each.clusters),
        "plans": _plans(received),
        "donors": _donors(received),
        "warnings": _warnings(pages, received),
    }


def _sum(flows: Iterable[Flow], wanted: Callable[[Flow], bool]) -> Number:
    return summed(each.usd for each in flows if wanted(each))


def _pledged(told: Stated, flows: Sequence[Flow]) -> Number:
    """As FTS states it; where it does not, by the rule for what was received."""
    if told.pledge_total is not None:
        return told.pledge_total
    return _sum(flows, lambda each: each.is_promised)


def _by_cluster(flows: Sequence[Flow]) -> dict[str, list[tuple[Flow, Party]]]:
    found: dict[str, list[tuple[Flow, Party]]] = defaultdict(list)
    for flow in flows:
        for party in flow.clusters:
            found[party.identity].append((flow, party))
    return dict(sorted(found.items(), key=lambda each: int(each[0])))


def _clusters(flows: Sequence[Flow]) -> dict[str, object]:
    """Received by a cluster alone; beside it what it has with others, received or passed on."""
    return {
        number: {
            "alone_usd": _part(named, alone=True, inside=(False,)),
            "shared_usd": _part(named, alone=False, inside=(False, True)),
            "flows": len(named),
        }
        for number, named in _by_cluster(flows).items()
    }


def _cluster_details(flows: Sequence[Flow]) -> dict[str, object]:
    return {
        number: {
            "name": max(party.name for _, party in named),
            "received_flows": sum(1 for flow, _ in named if flow.is_received),
            "received_shared_usd": _part(named, alone=False, inside=(False,)),
            "internal_flows": sum(1 for flow, _ in named if flow.boundary == INTERNAL),
            "internal_alone_usd": _part(named, alone=True, inside=(True,)),
            "internal_shared_usd": _part(named, alone=False, inside=(True,)),
        }
        for number, named in _by_cluster(flows).items()
    }


def _part(named: Sequence[tuple[Flow, Party]], *, alone: bool, inside: Sequence[bool]) -> Number:
    wanted = [flow for flow, party in named if party.is_alone == alone]
    return _sum(
        wanted,
        lambda each: (
            (each.is_received and False in inside) or (each.is_passed_on and True in inside)
        ),
    )


def _plans(received: Sequence[Flow]) -> dict[str, Number]:
    """Each received dollar in one plan, in none or, where FTS does not split it, under shared."""
    found: dict[str, list[Number]] = defaultdict(list)
    for flow in received:
        found[_plan(flow)].append(flow.usd)
    return {name: summed(found[name]) for name in sorted(found, key=_numbers_first)}


def _plan(flow: Flow) -> str:
    match flow.plans:
        case ():
            return NO_PLAN
        case (only,) if only.is_alone:
            return only.identity
        case _:
            return SEVERAL_PLANS


def _numbers_first(name: str) -> tuple[bool, int, str]:
    return (not name.isdigit(), int(name) if name.isdigit() else 0, name)


def _donors(received: Sequence[Flow]) -> list[dict[str, object]]:
    """Each received dollar with one giver, or with all that gave it together."""
    sums: dict[tuple[str, ...], list[Number]] = defaultdict(list)
    names: dict[tuple[str, ...], str] = {}
    for flow in received:
        givers = sorted(flow.donors, key=lambda each: (each.name, each.identity))
        key = tuple(each.identity for each in givers)
        sums[key].append(flow.usd)
        shown = BETWEEN_DONORS.join(each.name or each.identity for each in givers)
        names[key] = max(names.get(key, ""), shown or NO_DONOR)
    rows = [(names[key], summed(usd)) for key, usd in sums.items()]
    return [{"name": name, "usd": usd} for name, usd in sorted(rows, key=_largest_first)]


def _largest_first(row: tuple[str, Number]) -> tuple[Number, str]:
    return (-row[1], row[0])


def _warnings(pages: Pages, received: Sequence[Flow]) -> list[Sentence]:
    return [
        *pages.warnings,
        *left_out(pages.left_out),
        *_pledge_warning(pages),
        *_without_donor(received),
        *_with_several(received),
        *_not_addressed(received),
    ]


def _pledge_warning(pages: Pages) -> list[Sentence]:
    found = _sum(pages.flows, lambda each: each.is_promised)
    told = pages.stated.pledge_total
    if told is None or told == found:
        return []
    return [
        sentence(
            "FTS states {told} pledged, and the flows add up to {found}.",
            told=str(told),
            found=str(found),
        )
    ]


def _without_donor(received: Sequence[Flow]) -> list[Sentence]:
    found = [each for each in received if not each.donors]
    if not found:
        return []
    return [
        counted(
            "One received flow names no organisation that gave it ({usd} USD).",
            "{count} received flows name no organisation that gave them ({usd} USD).",
            len(found),
            usd=str(summed(each.usd for each in found)),
        )
    ]


def _with_several(received: Sequence[Flow]) -> list[Sentence]:
    found = [each for each in received if _plan(each) == SEVERAL_PLANS]
    if not found:
        return []
    return [
        counted(
            "One received flow goes to several plans and stands under shared ({usd} USD).",
            "{count} received flows go to several plans and stand under shared ({usd} USD).",
            len(found),
            usd=str(summed(each.usd for each in found)),
        )
    ]


def _not_addressed(received: Sequence[Flow]) -> list[Sentence]:
    found = [each for each in received if not each.is_addressed]
    if not found:
        return []
    return [
        counted(
            "One received flow does not say where it went ({usd} USD).",
            "{count} received flows do not say where they went ({usd} USD).",
            len(found),
            usd=str(summed(each.usd for each in found)),
        )
    ]
