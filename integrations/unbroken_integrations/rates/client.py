"""Asks for exchange rates; found by the entry point ``rates`` of the group ``unbroken.clients``."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
from unbroken.sources.asking import Asker
from unbroken.sources.ports import Silence, SourceSilent
from unbroken.sources.readers import Payload

TREASURY, BANK = "https://treasury.un.org", "https://www.ecb.europa.eu"
FILES = {
    "treasury": (TREASURY, "/operationalrates/xsql2XML.php"),
    "ecb": (BANK, "/stats/eurofxref/eurofxref-daily.xml"),
    "ecb-90-days": (BANK, "/stats/eurofxref/eurofxref-hist-90d.xml"),
    "ecb-history": (BANK, "/stats/eurofxref/eurofxref-hist.zip"),
}


class RatesClient:
    """The file of one publisher."""

    questions: ClassVar[Mapping[str, Marked]] = {
        "publisher": _("treasury, ecb, ecb-90-days or ecb-history.")
    }
    needed: ClassVar[Collection[str]] = ("publisher",)
    needs_secret: ClassVar[bool] = False

    def address(self, asked: Mapping[str, str]) -> str:
        """Return the publisher's address; empty where there is none of this name."""
        return FILES.get(asked.get("publisher", ""), ("", ""))[0]

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield the one file.

        Raises:
            SourceSilent, Unchanged: see ``Client``.
        """
        del secret
        path = FILES.get(asked["publisher"], ("", ""))[1]
        if not path:
            raise SourceSilent(Silence.NOT_THERE)
        yield asker.only(path)
