"""What somebody asks to be told of, and whether something is it. Pure.

Told is what rises above a limit, not what stays above it: so one lack is told once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

TOPIC = "watch"
RULES = frozenset({"funding-gap", "funding-cliff"})
MOST_WATCHES = 50
MOST_VALUES = 50
MOST_IN_LETTER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Of which money; what is empty leaves nothing out.

    ``countries`` are three letters, ``missions`` and ``plans`` slugs, ``functions`` codes,
    ``themes`` the letters of the catalogue's groups.
    """

    countries: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()

    def stored(self) -> dict[str, object]:
        """Return the filters as they are stored; those that are empty are left out."""
        return {name: list(values) for name, values in asdict(self).items() if values}


def filters_from(stored: Mapping[str, object]) -> Filters:
    """Return the filters that ``Filters.stored`` gave."""
    return Filters(**{name: tuple(_values(stored.get(name))) for name in Filters.__slots__})  # type: ignore[arg-type]


def _values(stored: object) -> Iterable[object]:
    return stored if isinstance(stored, list) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What one function of a plan lacks from this month on, before a scan and after it.

    In units of 10⁻⁴ US dollars; ``before`` is 0 where nothing was known to be lacking.
    """

    country: str
    mission: str
    plan: str
    function: str
    tier: int | None
    theme: str
    before: int
    after: int


def is_told(lack: Lack, filters: Filters, *, least: int) -> bool:
    """Return whether a lack is within the filters and has just risen above ``least``."""
    return lack.before <= least < lack.after and matches(lack, filters)


def matches(lack: Lack, filters: Filters) -> bool:
    """Return whether a lack is within the filters."""
    asked = (
        (filters.countries, lack.country),
        (filters.missions, lack.mission),
        (filters.plans, lack.plan),
        (filters.functions, lack.function),
        (filters.tiers, lack.tier),
        (filters.themes, lack.theme),
    )
    return all(not wanted or value in wanted for wanted, value in asked)
