"""What an answer says of child protection, whatever its shape, and what it does not contain; pure.

Figures of outside systems stand beside a plan's own and are never added to them, nor to each other.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked

GLOBAL_CLUSTER, CLUSTER_CODE = "12", "PRO-CPN"
"""Child protection, as FTS numbers it and as HPC and HDX name it."""

PARENT_CLUSTER = "10"
NAMES = ("child protection", "protection de l'enfan", "protección de la infancia")

Figures = Mapping[str, Decimal | None]
"""By name, each stated or not stated (``None``)."""

LABELS: Mapping[str, Marked] = {
    "required_usd": _("Required"),
    "received_usd": _("Received by child protection alone"),
    "shared_usd": _("Received together with other clusters"),
    "not_specified_usd": _(
        "Received without any cluster: up to so much more may be child protection"
    ),
    "parent_required_usd": _("Required for Protection as a whole"),
    "parent_received_usd": _("Received by Protection as a whole"),
    "plan_required_usd": _("Required for the whole plan"),
    "plan_received_usd": _("Received for the whole plan"),
    "in_need": _("People in need"),
    "target": _("People targeted"),
    "organisations": _("Organisations present"),
    "districts": _("Districts with presence"),
    "rows": _("Rows for child protection"),
}
"""Figures of child protection and what stands around it, in the order in which they are shown."""

SOURCES: Mapping[str, Marked] = {
    "fts": _("OCHA Financial Tracking Service (CC BY)"),
    "hpc": _("OCHA Humanitarian Programme Cycle tools (CC BY)"),
    "hapi": _("OCHA HDX Humanitarian API"),
    "hdx": _("OCHA Humanitarian Data Exchange"),
    "presence": _("Sheet of presence of a country office, by way of OCHA HDX"),
    "uninfo": _("UN INFO"),
    "iati": _("IATI, as its publishers report"),
    "psdata": _("UN Peace and Security Data Hub: a cross-check only"),
    "rates": _("Exchange rates"),
}

LACKS: Mapping[str, tuple[Marked, ...]] = {
    "fts": (
        _("Money outside humanitarian plans, and the mission's own budget, are not in it."),
        _("Money that named no cluster or several is not in child protection's figure."),
        _("Where no requirement is stated no gap can be told; that is neither zero nor covered."),
    ),
    "hpc": (_("People in need and targeted are counts of a plan, not of what a mission leaves."),),
    "hapi": (
        _("No row for child protection says nothing of capacity: the work may stand elsewhere."),
        _("Those who carry work out are named, not the country team; nothing here says how much."),
    ),
    "presence": (_("A row says that somebody works there, not how much, nor for how long."),),
    "uninfo": (_("Its finest level is a goal or a result, never child protection alone."),),
    "iati": (_("The same money is published by several; publishers are not added."),),
    "psdata": (_("The list lags behind and changes no mission and no plan."),),
}
"""What the figures of a system do not contain, by the first word of the kind."""


def system_of(kind: str) -> str:
    """Return the system of a kind of answers: the first word of its name."""
    return kind.partition("-")[0]


def source_of(kind: str) -> str:
    """Return whose answers a kind is, in words; the kind itself where nobody said."""
    return SOURCES.get(system_of(kind), kind)


def figures_of(document: Mapping[str, object], country_iso3: str = "") -> dict[str, Decimal | None]:
    """Return the figures on child protection in an answer; empty where it has no place for any.

    A figure that has a place and is not stated is ``None``. Of an answer on several countries those
    of ``country_iso3`` are meant; without it there is none.
    """
    found: dict[str, Decimal | None] = {}
    found |= _of_clusters(document)
    found |= _of_caseloads(document)
    found |= _of_presence(document, country_iso3)
    return {name: found[name] for name in LABELS if name in found}


def _of_clusters(document: Mapping[str, object]) -> dict[str, Decimal | None]:
    clusters = document.get("clusters")
    if not isinstance(clusters, Mapping):
        return {}
    row, parent = _cluster(document, clusters), _mapping(clusters.get(PARENT_CLUSTER))
    if "received_usd" in document and "alone_usd" in (_mapping(next(iter(clusters.values()), {}))):
        return {
            "received_usd": _number(row.get("alone_usd")),
            "shared_usd": _number(row.get("shared_usd")),
            "not_specified_usd": _number(document.get("no_cluster_usd")),
            "plan_received_usd": _number(document.get("received_usd")),
        }
    if "required_usd" not in document:
        return {}
    shared = _mapping(document.get("clusters_shared"))
    number = next((name for name, each in clusters.items() if each is row), GLOBAL_CLUSTER)
    found = {
        "required_usd": _number(row.get("required_usd")),
        "received_usd": _number(row.get("received_usd")),
        "shared_usd": _number(shared.get(number)),
        "not_specified_usd": _number(document.get("not_specified_usd")),
        "plan_required_usd": _number(document.get("required_usd")),
        "plan_received_usd": _number(document.get("received_usd")),
    }
    if document.get("scheme") == "fts-global-cluster":
        found["parent_required_usd"] = _number(parent.get("required_usd"))
        found["parent_received_usd"] = _number(parent.get("received_usd"))
    return found


def _cluster(
    document: Mapping[str, object], clusters: Mapping[str, object]
) -> Mapping[str, object]:
    """Return child protection's row: by its number, else by its name where only one bears it."""
    if document.get("scheme") in {None, "fts-global-cluster"}:
        return _mapping(clusters.get(GLOBAL_CLUSTER))
    named = [_mapping(each) for each in clusters.values() if _is_named(_mapping(each).get("name"))]
    return named[0] if len(named) == 1 else {}


def _is_named(name: object) -> bool:
    return any(each in str(name).casefold() for each in NAMES)


def _of_caseloads(document: Mapping[str, object]) -> dict[str, Decimal | None]:
    if not isinstance(document.get("caseloads"), Mapping):
        return {}
    row = _mapping(_mapping(document["caseloads"]).get(CLUSTER_CODE))
    return {name: _number(row.get(name)) for name in ("in_need", "target")}


def _of_presence(document: Mapping[str, object], country_iso3: str) -> dict[str, Decimal | None]:
    countries = _mapping(document.get("countries"))
    only = next(iter(countries.values())) if len(countries) == 1 and not country_iso3 else None
    where = document if "sectors" in document else _mapping(countries.get(country_iso3, only))
    row = _mapping(_mapping(where.get("sectors")).get(CLUSTER_CODE))
    if not row:
        return {}
    names = ("in_need", "target") if "in_need" in row else ("organisations", "districts", "rows")
    is_stated = row.get("stated") is not False
    return {name: _number(row.get(name)) if is_stated else None for name in names}


def differing(newer: Figures, older: Figures) -> tuple[str, ...]:
    """Return the names of figures that two answers to one question state differently, in order.

    Stated in one and not in the other is a difference too.
    """
    return tuple(name for name in _names(newer, older) if newer.get(name) != older.get(name))


def _names(*figures: Figures) -> Iterable[str]:
    return (name for name in LABELS if any(name in each for each in figures))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
