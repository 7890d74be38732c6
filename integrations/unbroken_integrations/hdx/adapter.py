"""The readers of HDX: files and answers come in as bytes, documents go out."""

from collections.abc import Mapping, Sequence

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
from unbroken.sources.parsing import Fault, json_of, refusing
from unbroken.sources.readers import Document, Payload
from unbroken_integrations.hdx import mapping_needs, mapping_presence
from unbroken_integrations.hdx.hapi import answer_of
from unbroken_integrations.hdx.mapping_catalogue import catalogue_document
from unbroken_integrations.hdx.mapping_sheet import CHOICES, sheet_document
from unbroken_integrations.hdx.tables import workbook_of


class HapiPresence:
    """Who is present, from pages of HAPI or from the files named hdx-hapi-…; see the README."""

    keeps_raw = True
    choices: Mapping[str, Marked] = {}

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return presence by country and sector, as ``mapping_presence.presence_document``.

        Raises:
            Invalid: a page cannot be read or is there twice.
        """
        del chosen
        asked, allowed = mapping_presence.NEEDED, mapping_presence.ALLOWED
        return mapping_presence.presence_document(
            answer_of(payloads, needed=asked, allowed=allowed)
        )


class HapiNeeds:
    """Who is in need, from pages of HAPI or from the files named hdx-hapi-…; see the README."""

    keeps_raw = True
    choices: Mapping[str, Marked] = {}

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return needs by country, sector and level, as ``mapping_needs.needs_document``.

        Raises:
            Invalid: a page cannot be read or is there twice.
        """
        del chosen
        asked, allowed = mapping_needs.NEEDED, mapping_needs.ALLOWED
        return mapping_needs.needs_document(answer_of(payloads, needed=asked, allowed=allowed))


class PresenceSheet:
    """Who is present, from one country's own sheet: .xlsx or CSV; see the README."""

    choices = CHOICES

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return presence by sector, as ``mapping_sheet.sheet_document``.

        Raises:
            Invalid: there are several files, one cannot be read, or its columns are not known.
        """
        payload = _only(payloads)
        with refusing(payload):
            return sheet_document(workbook_of(payload), chosen, at=payload.name)


class HdxCatalogue:
    """A data set of the catalogue of HDX, and its newest file; see the README."""

    choices: Mapping[str, Marked] = {}

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return one data set, as ``mapping_catalogue.catalogue_document``.

        Raises:
            Invalid: there are several files, or it is no answer of ``package_show``.
        """
        del chosen
        payload = _only(payloads)
        with refusing(payload):
            return catalogue_document(json_of(payload), at=payload.name)


def _only(payloads: Sequence[Payload]) -> Payload:
    first, *more = payloads
    for each in more:
        with refusing(each):
            remedy = _("Read one file at a time, and compare what it gives.")
            raise Fault(each.name, "Only one file can be read at once.", remedy=remedy)
    return first
