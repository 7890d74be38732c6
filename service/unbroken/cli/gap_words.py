"""How gaps are printed: as values for machines, and as lines for people."""

from collections.abc import Mapping, Sequence

from unbroken.cli.output import table
from unbroken.gaps.queries import GapView
from unbroken.people.rules import Actor, Grant, Role
from unbroken.web.mending import Mend

OPERATOR = Actor(
    account_uid=None, handle="operator", organisation_uid=None, grants=(Grant(Role.OBSERVER),)
)
NAMES = (
    *("uid", "rule", "severity", "plan", "area", "function", "turns_on", "opened_at"),
    *("assigned_to", "headline", "explains", "comes_and_goes"),
)


def gap_values(view: GapView, mend: Mend | None) -> dict[str, object]:
    """Return one gap as a mapping; ``mend`` is ``None`` where the reader sees no detail."""
    return {
        **{name: getattr(view, name) for name in NAMES},
        "facts": view.facts,
        "why": view.why,
        "tier_1": list(view.tier_1),
        "mend": mend,
    }


def gap_lines(found: Sequence[GapView]) -> list[str]:
    """Return gaps as aligned lines, with what each headline explains."""
    rows = [[v.severity.value, str(v.turns_on or v.quarter), v.mission, _why(v)] for v in found]
    return [*table(rows, head=["severity", "turns on", "mission", "why"]), f"{len(found)} gaps"]


def mend_lines(mends: Mapping[int, Mend], view: GapView) -> list[str]:
    """Return where a gap is mended, and by whom; empty where that is not told."""
    found = mends.get(view.id)
    return [] if found is None else [f"{found.label}: {found.path}", found.who]


def _why(view: GapView) -> str:
    goes = "; comes and goes" if view.comes_and_goes else ""
    others = f" (explains {view.explains} others)" if view.explains else ""
    return f"{view.why}{others}{goes}"
