"""What a certificate that anybody may read leaves out; pure.

Of restricted functions it tells country, quarter and counts, of the others no area, organisation,
text or day. The receipts stand behind one digest: whoever has the trail can prove that nothing was
left out, whoever has only the certificate learns nothing of them.
Source: service/decisions/0010: a map of where nobody watches is itself dangerous.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from unbroken.kit.canonical import digest
from unbroken.plans.rules.kinds import PlanScope

State = dict[str, Any]
NAMED = ("mission", "acronym", "country", "state", "kind", "scope", "mandate_ends_on")


def public_state(state: Mapping[str, Any]) -> State:
    """Return ``state`` without anything restricted; the default of any doubt is restricted."""
    plan, functions = state["plan"], state["functions"]
    whole = plan["scope"] == PlanScope.WHOLE
    return {
        "kind": state["kind"],
        "plan": {
            **{name: plan[name] for name in NAMED},
            # the title of a plan of single areas names them
            "title": plan["title"] if whole else "",
            "illustrative": plan["illustrative"],
        },
        "decisions": [
            {
                "symbol": each["symbol"],
                "title": each["title"] if whole else "",
                "decided_on": each["decided_on"],
                "is_trigger": each["is_trigger"],
            }
            for each in state["decisions"]
        ],
        "baseline": state["baseline"] and {"signed_on": state["baseline"]["signed_on"]},
        "functions": _open(each for each in functions if not each["restricted"]),
        "restricted": _restricted([each for each in functions if each["restricted"]]),
        "capacities": _counts(functions),
        "gaps": state["gaps"],
        "receipts": {
            "count": sum(1 for _ in _receipts(functions)),
            "digest": receipts_digest(_receipts(functions)),
        },
    }


def receipts_digest(receipts: Iterable[tuple[str, str, str]]) -> str:
    """Return the digest over receipts (UUID, content hash, signature), whatever their order."""
    return digest(sorted([list(receipt) for receipt in receipts]))


def quarter_of(day: str | None) -> str:
    """Return the quarter of an ISO date, like 2026-Q1; empty where none is stated."""
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}" if day else ""


def _open(places: Iterable[Mapping[str, Any]]) -> list[State]:
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for place in places:
        by_code.setdefault(place["function"], []).append(place)
    return [
        {
            "function": code,
            "title": those[0]["title"],
            "tier": those[0]["tier"],
            "places": len(those),
            "quarters": _quarters(those),
            "capacities": _counts(those),
        }
        for code, those in by_code.items()
    ]


def _restricted(places: Sequence[Mapping[str, Any]]) -> State:
    return {
        "functions": len({place["function"] for place in places}),
        "quarters": _quarters(places),
        "capacities": _counts(places),
    }


def _quarters(places: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return dict(sorted(Counter(quarter_of(place["last_day_on"]) for place in places).items()))


def _counts(places: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    standings = Counter(
        capacity["standing"]
        for place in places
        for transfer in place["transfers"]
        for capacity in transfer["capacities"]
    )
    return dict(sorted(standings.items()))


def _receipts(places: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str, str]]:
    return (
        (receipt["uid"], receipt["content_hash"], receipt["signature"])
        for place in places
        for transfer in place["transfers"]
        for capacity in transfer["capacities"]
        for receipt in capacity["receipts"]
    )
