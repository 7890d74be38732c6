"""From the response monitoring of one plan to people in need and targeted by global cluster.

Caseloads overlap, those of one plan cluster above all, and a disaggregated one holds several
groupings and its own total: nothing is added, ever.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Sentence, sentence
from unbroken.sources.parsing import (
    Fault,
    day,
    enveloped,
    identity,
    left_out,
    listing,
    mapping,
    maybe_listing,
    named,
    sifted,
    text,
    whole,
)
from unbroken.sources.readers import Payload

IN_THE_NAME = re.compile(r"(?<![0-9])([0-9]{1,9})[-_/]responsemonitoring", re.IGNORECASE)
NO_CODE = "n/a"


@dataclass(frozen=True, slots=True)
class Caseload:
    """One caseload; ``code`` is a global cluster's, ``None`` where the caseload has none.

    Numbers are people; ``None``: not stated.
    """

    id: str
    reference: str
    name: str
    type: str
    code: str | None
    plan_cluster: str | None
    total_population: int | None
    in_need: int | None
    target: int | None
    expected_reach: int | None


def monitoring_document(payload: Payload, chosen: Mapping[str, str]) -> dict[str, object]:
    """Return the document of ``hpc-monitoring``; the README of this folder tells its fields.

    Raises:
        Fault: it is no such answer, or one caseload stands twice with other figures.
    """
    at = f"{payload.name}: data"
    data = mapping(enveloped(payload)["data"], at=at)
    place = f"{at}.caseloads"
    found, problems = sifted(listing(data.get("caseloads"), at=place), _caseload, at=place)
    caseloads = _each_once(found, place)
    clusters, unnamed = _clusters(data, at)
    published, undated = _published(data, at)
    return {
        "plan": _plan(payload, chosen),
        "published": published,
        "version": text(data.get("lastPublishedVersion")) or None,
        "caseloads": _by_code(caseloads, clusters),
        "rows": [asdict(each) for each in caseloads],
        "left_out": len(problems),
        "warnings": [*undated, *left_out([*problems, *unnamed]), *_several(caseloads)],
    }


def _plan(payload: Payload, chosen: Mapping[str, str]) -> int | None:
    told = chosen.get("plan") or "".join(IN_THE_NAME.findall(payload.name)[:1])
    number = identity(told, at="--with plan")
    return None if number is None else int(number)


def _caseload(record: object, at: str) -> Caseload:
    told = mapping(record, at=at)
    return Caseload(
        id=named(told.get("caseloadId"), at=f"{at}.caseloadId"),
        reference=text(told.get("caseloadCustomRef")),
        name=text(told.get("caseloadDescription")),
        type=text(told.get("caseloadType")),
        code=_code(told, at),
        plan_cluster=identity(told.get("entityId"), at=f"{at}.entityId"),
        total_population=_people(told, "totalPopulation", at),
        in_need=_people(told, "inNeed", at),
        target=_people(told, "target", at),
        expected_reach=_people(told, "expectedReach", at),
    )


def _code(told: Mapping[str, object], at: str) -> str | None:
    """Only the caseload of the plan may go without; any other says that it has none."""
    code = text(told.get("availableGlobalClusterCode"))
    if code.casefold() == NO_CODE or (not code and told.get("caseloadType") == "plan"):
        return None
    if not code:
        place = f"{at}.availableGlobalClusterCode"
        raise Fault(place, "It is not stated.")
    return code.upper()


def _people(told: Mapping[str, object], name: str, at: str) -> int | None:
    number = whole(told.get(name), at=f"{at}.{name}")
    if number is not None and number < 0:
        place = f"{at}.{name}"
        raise Fault(place, "There cannot be fewer people than none.")
    return number


def _each_once(found: Sequence[Caseload], at: str) -> list[Caseload]:
    known: dict[str, Caseload] = {}
    for each in found:
        if known.setdefault(each.id, each) != each:
            raise Fault(at, "Caseload {number} comes twice, and differently.", number=each.id)
    return list(known.values())


def _published(data: Mapping[str, object], at: str) -> tuple[date | None, list[Sentence]]:
    """The day comes first; without it the age of the figures is not known, and they are kept."""
    place = f"{at}.lastPublishedDate"
    try:
        found = day(data.get("lastPublishedDate"), at=place)
    except Fault as fault:
        return None, [sentence("{at}: {what}", at=place, what=fault.problem.what)]
    undated = [] if found else [sentence("The answer does not say when it was published.")]
    return found, undated


def _clusters(data: Mapping[str, object], at: str) -> tuple[dict[str, int], list[Problem]]:
    place = f"{at}.planGlobalClusters"
    told = maybe_listing(data.get("planGlobalClusters"), at=place)
    found, problems = sifted(told, _cluster, at=place)
    return dict(found), problems


def _cluster(record: object, at: str) -> tuple[str, int]:
    told = mapping(record, at=at)
    number = named(told.get("globalClusterId"), at=at)
    return text(told.get("globalClusterCode")).upper(), int(number)


def _by_code(caseloads: Sequence[Caseload], clusters: Mapping[str, int]) -> dict[str, object]:
    """What one code says; where several caseloads carry it, neither of them is the cluster's."""
    counts = Counter(each.code for each in caseloads)
    return {
        each.code: {
            "global_cluster": clusters.get(each.code),
            "name": each.name,
            "in_need": each.in_need if counts[each.code] == 1 else None,
            "target": each.target if counts[each.code] == 1 else None,
        }
        for each in sorted(caseloads, key=_by_name)
        if each.code is not None
    }


def _by_name(each: Caseload) -> tuple[str, str]:
    return (each.code or "", each.name)


def _several(caseloads: Sequence[Caseload]) -> list[Sentence]:
    counts = Counter(each.code for each in caseloads if each.code)
    return [
        sentence(
            "{count} caseloads carry {code}; they overlap and are not added.",
            count=count,
            code=code,
        )
        for code, count in sorted(counts.items())
        if count > 1
    ]
