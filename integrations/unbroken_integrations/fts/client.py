"""Asks FTS; found by the entry points of the group ``unbroken.clients``. See README.md, Live."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar
from urllib.parse import urlencode

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
from unbroken.sources.asking import Asker
from unbroken.sources.parsing import Fault, identity, json_of, listing, mapping, text
from unbroken.sources.ports import Silence, SourceSilent
from unbroken.sources.readers import Payload

FLOWS = "/v1/public/fts/flow"
PLAN = _("The number of a plan in FTS, such as 929.")
COUNTRY = _("A country by its three letters; FTS is asked for its number each time.")
YEAR = _("A year, such as 2025.")
NAMES = {"plan": "planId", "year": "year", "organisation": "organizationId"}


class _Fts:
    """What the questions to FTS have in common: no secret, one server."""

    questions: ClassVar[Mapping[str, Marked]] = {"plan": PLAN}
    needed: ClassVar[Collection[str]] = ("plan",)
    needs_secret: ClassVar[bool] = False
    grouping: ClassVar[str] = ""

    def address(self, asked: Mapping[str, str]) -> str:
        """Return the address of OCHA's server."""
        del asked
        return "https://api.hpc.tools"

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield the one answer, grouped.

        Raises:
            SourceSilent, Unchanged: see ``Client``.
        """
        del secret
        query = {**_query(asker, asked), "groupby": asked.get("by", self.grouping)}
        yield asker.only(f"{FLOWS}?{urlencode(query)}")


class FlowsClient(_Fts):
    """All flows of a country and year, or of a plan: page by page, as FTS links them."""

    questions: ClassVar[Mapping[str, Marked]] = {
        "year": YEAR,
        "country": COUNTRY,
        "plan": PLAN,
        "organisation": _("The number of an organisation in FTS."),
    }
    needed: ClassVar[Collection[str]] = ("year",)

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield every page; the next one is asked for where FTS says it is, on the same server.

        Raises:
            SourceSilent: see ``Client``.
        """
        del secret
        url = f"{FLOWS}?{urlencode(_query(asker, asked))}"
        while url:
            page = asker.get(url)
            yield page
            url = _next(page)


class ClustersClient(_Fts):
    """One plan by global cluster, or by the clusters of the plan."""

    questions: ClassVar[Mapping[str, Marked]] = {
        "plan": PLAN,
        "by": _("globalCluster (else) or cluster: the numbers of all plans, or of this plan."),
    }
    grouping: ClassVar[str] = "globalCluster"


class OrganizationsClient(_Fts):
    """One plan by organisation."""

    grouping: ClassVar[str] = "organization"


class LocationsClient(_Fts):
    """One plan by country."""

    grouping: ClassVar[str] = "location"


class PlansClient(_Fts):
    """The plans of a country and year, side by side."""

    questions: ClassVar[Mapping[str, Marked]] = {"country": COUNTRY, "year": YEAR}
    needed: ClassVar[Collection[str]] = ("country", "year")
    grouping: ClassVar[str] = "plan"


class OverviewClient(_Fts):
    """All plans of a year."""

    questions: ClassVar[Mapping[str, Marked]] = {"year": YEAR}
    needed: ClassVar[Collection[str]] = ("year",)

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield the one answer.

        Raises:
            SourceSilent, Unchanged: see ``Client``.
        """
        del secret
        yield asker.only(f"/v2/fts/flow/plan/overview/progress/{asked['year']}")


def _query(asker: Asker, asked: Mapping[str, str]) -> dict[str, str]:
    query = {NAMES[name]: told for name, told in sorted(asked.items()) if name in NAMES}
    if country := asked.get("country"):
        query["locationId"] = _location(asker.get("/v2/public/location"), country)
    return query


def _location(answer: Payload, country: str) -> str:
    """Return the number of a country in FTS: numbers found elsewhere are of other countries."""
    try:
        rows = listing(mapping(json_of(answer), at="").get("data"), at="data")
        known = {text(row.get("iso3")).upper(): row for row in map(_row, rows)}
        number = identity(known.get(country.upper(), {}).get("id"), at="id")
    except Fault as fault:
        raise SourceSilent(Silence.NOT_UNDERSTOOD) from fault
    if number is None:
        raise SourceSilent(Silence.NOT_THERE)
    return number


def _row(row: object) -> Mapping[str, object]:
    return row if isinstance(row, dict) else {}


def _next(page: Payload) -> str:
    try:
        meta = mapping(json_of(page), at="").get("meta")
    except Fault as fault:
        raise SourceSilent(Silence.NOT_UNDERSTOOD) from fault
    link = meta.get("nextLink") if isinstance(meta, dict) else None
    if link is not None and not isinstance(link, str):
        raise SourceSilent(Silence.LED_ELSEWHERE)
    return link or ""
