"""Asks HAPI and HDX; found by the entry points of the group ``unbroken.clients``; see README.md."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar
from urllib.parse import quote, urlencode

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
from unbroken.sources.asking import Asker
from unbroken.sources.parsing import Fault, json_of, listing, mapping, text
from unbroken.sources.ports import Silence, SourceSilent
from unbroken.sources.readers import Payload
from unbroken_integrations.hdx.mapping_catalogue import catalogue_document

IDENTIFIER = "X-HDX-HAPI-APP-IDENTIFIER"
DATASET = _("The name of a data set on HDX, as its address ends.")


class _Hapi:
    """One question to HAPI: page by page, until a page is not full."""

    questions: ClassVar[Mapping[str, Marked]] = {"country": _("A country by its three letters.")}
    needed: ClassVar[Collection[str]] = ("country",)
    needs_secret: ClassVar[bool] = True
    path: ClassVar[str]
    page_size: ClassVar[int] = 10_000

    def address(self, asked: Mapping[str, str]) -> str:
        """Return the address of HAPI."""
        del asked
        return "https://hapi.humdata.org"

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield every page. The identifier goes out as a header: it holds a mail address.

        Raises:
            SourceSilent: see ``Client``.
        """
        offset, is_full = 0, True
        while is_full:
            query = {
                "location_code": asked["country"].upper(),
                "output_format": "json",
                "limit": self.page_size,
                "offset": offset,
            }
            page = asker.get(f"{self.path}?{urlencode(query)}", headers={IDENTIFIER: secret})
            offset += self.page_size
            is_full = _rows(page) >= self.page_size
            yield page


class PresenceClient(_Hapi):
    """Who is present in a country."""

    path: ClassVar[str] = "/api/v2/coordination-context/operational-presence"


class NeedsClient(_Hapi):
    """Who is in need in a country."""

    path: ClassVar[str] = "/api/v2/affected-people/humanitarian-needs"


class CatalogueClient:
    """One data set of HDX."""

    questions: ClassVar[Mapping[str, Marked]] = {"dataset": DATASET}
    needed: ClassVar[Collection[str]] = ("dataset",)
    needs_secret: ClassVar[bool] = False

    def address(self, asked: Mapping[str, str]) -> str:
        """Return the address of HDX."""
        del asked
        return "https://data.humdata.org"

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield what the catalogue says of the data set.

        Raises:
            SourceSilent, Unchanged: see ``Client``.
        """
        del secret
        yield asker.only(_shown(asked["dataset"]))


class SheetClient(CatalogueClient):
    """The newest file of a data set, where HDX itself gives it out."""

    questions: ClassVar[Mapping[str, Marked]] = {
        "dataset": DATASET,
        "country": _("The country of the sheet, by its three letters."),
        "sheet": _("The name of the sheet in the workbook."),
    }

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield the file that was changed last, asked for on the same server.

        Raises:
            SourceSilent, Unchanged: see ``Client``; also where no file of it is there.
        """
        del secret
        yield asker.only(_newest(asker.get(_shown(asked["dataset"]))))


def _shown(dataset: str) -> str:
    return f"/api/3/action/package_show?id={quote(dataset, safe='')}"


def _newest(answer: Payload) -> str:
    try:
        newest = catalogue_document(json_of(answer), at=answer.name)["newest"]
    except Fault as fault:
        raise SourceSilent(Silence.NOT_UNDERSTOOD) from fault
    url = text(newest.get("url")) if isinstance(newest, Mapping) else ""
    if not url:
        raise SourceSilent(Silence.NOT_THERE)
    return url


def _rows(page: Payload) -> int:
    try:
        read = json_of(page)
        found = read if isinstance(read, list) else mapping(read, at="").get("data")
        return len(listing(found, at="data"))
    except Fault as fault:
        raise SourceSilent(Silence.NOT_UNDERSTOOD) from fault
