"""The readers of FTS: the same parser for what was fetched and for what a person gave as a file."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from unbroken.kit.sentences import Marked
from unbroken.sources.parsing import refusing
from unbroken.sources.readers import Document, Payload
from unbroken_integrations.fts.figures import only
from unbroken_integrations.fts.grouped import (
    CLUSTERS,
    LOCATIONS,
    ORGANIZATIONS,
    PLANS,
    Grouping,
    grouped_document,
)
from unbroken_integrations.fts.mapping import flows_document
from unbroken_integrations.fts.overview import overview_document
from unbroken_integrations.fts.table import is_table, table_document

PLAN: Marked = "The plan's number, where neither the answer nor its name says it."
COUNTRY: Marked = "In the table of all plans: the country, by its three letters."
YEAR: Marked = "In the table of all plans: the year."


class FtsFlows:
    """Reads all pages of one search for flows."""

    keeps_raw = True
    choices: ClassVar[Mapping[str, Marked]] = {}

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return what came in, by cluster, plan and donor.

        Raises:
            Invalid: see ``Reader``.
        """
        del chosen
        with refusing(*payloads):
            return flows_document(payloads)


class _Grouped:
    """Reads one search grouped for one plan."""

    keeps_raw = True
    choices: ClassVar[Mapping[str, Marked]] = {"plan": PLAN}
    grouping: ClassVar[Grouping]

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return what was asked for and received, by row.

        Raises:
            Invalid: see ``Reader``.
        """
        with refusing(*payloads):
            return grouped_document(only(payloads), chosen, self.grouping)


class FtsClusters(_Grouped):
    """Reads one plan by cluster, or one plan of OCHA's table of all plans by global cluster."""

    choices: ClassVar[Mapping[str, Marked]] = {"plan": PLAN, "country": COUNTRY, "year": YEAR}
    grouping = CLUSTERS

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return what was asked for and received, by cluster.

        Raises:
            Invalid: see ``Reader``.
        """
        with refusing(*payloads):
            payload = only(payloads)
            if is_table(payload):
                return table_document(payload, chosen)
        return super().read(payloads, chosen)


class FtsOrganizations(_Grouped):
    """Reads one plan by organisation."""

    grouping = ORGANIZATIONS


class FtsLocations(_Grouped):
    """Reads one plan by country."""

    grouping = LOCATIONS


class FtsPlans(_Grouped):
    """Reads several plans side by side; they are not added."""

    grouping = PLANS


class FtsOverview:
    """Reads the overview of all plans of a year."""

    keeps_raw = True
    choices: ClassVar[Mapping[str, Marked]] = {}

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return each plan, and the totals as FTS states them.

        Raises:
            Invalid: see ``Reader``.
        """
        del chosen
        with refusing(*payloads):
            return overview_document(only(payloads))
