"""Asks UN INFO; found by the entry point ``uninfo`` of the group ``unbroken.clients``."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar
from urllib.parse import urlencode

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
from unbroken.sources.asking import Asker
from unbroken.sources.readers import Payload

NAMES = {"workspace": "workspaceIds", "year": "financeYears", "grouping": "grouping"}


class UninfoClient:
    """An overview of finances, of all workspaces or one, in one grouping."""

    questions: ClassVar[Mapping[str, Marked]] = {
        "grouping": _("sdg, agency, contributingPartner, or planEntity:SP, OC, OU or SOU."),
        "workspace": _("The number of a country's workspace; else all of them."),
        "year": _("A year; many countries answer only without it."),
    }
    needed: ClassVar[Collection[str]] = ("grouping",)
    needs_secret: ClassVar[bool] = False

    def address(self, asked: Mapping[str, str]) -> str:
        """Return the address of UN INFO."""
        del asked
        return "https://api.uninfo.org"

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield the one answer.

        Raises:
            SourceSilent, Unchanged: see ``Client``.
        """
        del secret
        query = {NAMES[name]: told for name, told in sorted(asked.items())}
        yield asker.only(f"/v1.0/planEntity/finance/overview?{urlencode(query)}")
