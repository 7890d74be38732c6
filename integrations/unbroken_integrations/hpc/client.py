"""Asks HPC; found by the entry points of the group ``unbroken.clients``. See README.md, Live."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar
from urllib.parse import urlencode

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
from unbroken.sources.asking import Asker
from unbroken.sources.parsing import Fault, json_of, mapping, stated, whole
from unbroken.sources.ports import Silence, SourceSilent
from unbroken.sources.readers import Payload

A_PAGE = 100
"""The most that it gives, whatever is asked."""


class _Hpc:
    questions: ClassVar[Mapping[str, Marked]] = {
        "plan": _("The number of a plan in HPC, such as 1185.")
    }
    needed: ClassVar[Collection[str]] = ("plan",)
    needs_secret: ClassVar[bool] = False

    def address(self, asked: Mapping[str, str]) -> str:
        """Return the address of OCHA's server."""
        del asked
        return "https://api.hpc.tools"


class MonitoringClient(_Hpc):
    """The response monitoring of one plan."""

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield the one answer.

        Raises:
            SourceSilent, Unchanged: see ``Client``.
        """
        del secret
        query = urlencode({"includeCaseloadDisaggregation": "false"})
        yield asker.only(f"/v2/public/plan/{asked['plan']}/responseMonitoring?{query}")


class ProjectsClient(_Hpc):
    """The projects of one plan: all pages of the search."""

    questions: ClassVar[Mapping[str, Marked]] = {"plan": _("The code of a plan, such as RSYR22.")}

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield every page, as many as the first says there are.

        Raises:
            SourceSilent: see ``Client``.
        """
        del secret
        number, pages = 1, 1
        while number <= pages:
            query = urlencode({"planCodes": asked["plan"], "limit": A_PAGE, "page": number})
            page = asker.get(f"/v2/public/project/search?{query}")
            pages = max(pages, _pages(page))
            number += 1
            yield page


def _pages(page: Payload) -> int:
    try:
        data = mapping(mapping(json_of(page), at="").get("data"), at="data")
        pagination = mapping(data.get("pagination"), at="data.pagination")
        return stated(whole(pagination.get("pages"), at="pages"), at="pages")
    except Fault as fault:
        raise SourceSilent(Silence.NOT_UNDERSTOOD) from fault
