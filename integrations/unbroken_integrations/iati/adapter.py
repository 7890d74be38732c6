"""IATI activity files, versions 2.01 to 2.03; found by the entry point ``iati``."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from lxml import etree

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.sentences import Marked, sentence
from unbroken.sources.markup import attribute, elements, line_of, local_name, place
from unbroken.sources.parsing import refusal
from unbroken.sources.readers import Document, Payload
from unbroken_integrations.iati.activities import Activity, activity_of
from unbroken_integrations.iati.codes import OLD_TRANSACTION_TYPES
from unbroken_integrations.iati.duplicates import without_repeats
from unbroken_integrations.iati.telling import document_of

LIST, ACTIVITY = "iati-activities", "iati-activity"
READABLE = "2."


class IatiReader:
    """Reads activity files of any publisher, several at once; an activity counts once."""

    choices: Mapping[str, Marked] = MappingProxyType({})

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return what the files state: see README.md beside this module.

        Raises:
            Invalid: a file is no whole XML, no list of activities or of version 1.
        """
        del chosen  # there is nothing to choose
        kept, repeats = without_repeats(each for one in payloads for each in _activities(one))
        return document_of(kept, repeats)


def _activities(payload: Payload) -> Iterator[Activity]:
    is_list = False
    for element in elements(payload, LIST, ACTIVITY):
        is_list = True
        if local_name(element) == LIST:
            _refuse_old(payload, attribute(element, "version"), element)
            continue
        activity = activity_of(element)
        _refuse_old(payload, activity.version, element)
        _refuse_old_types(payload, activity, element)
        yield activity
    if not is_list:
        raise _refused(
            payload,
            payload.name,
            "It holds no list of IATI activities.",
            "Take the publisher's activity file; organisation files and codelists are others.",
        )


def _refuse_old(payload: Payload, version: str, element: etree._Element) -> None:
    if version and not version.startswith(READABLE):
        what = sentence(
            "It is written in version {version} of IATI; 2.01 to 2.03 can be read.",
            version=version[:20],
        )
        raise _refused(
            payload,
            place(payload, line_of(element)),
            what,
            "Ask the publisher for version 2.03, or take the converted file of the registry.",
        )


def _refuse_old_types(payload: Payload, activity: Activity, element: etree._Element) -> None:
    """Version 1 named types by letters; without a version on the file they give it away."""
    if activity.version:
        return
    if any(each.kind in OLD_TRANSACTION_TYPES for each in activity.transactions):
        raise _refused(
            payload,
            place(payload, line_of(element)),
            "It states no version, and its transaction types are those of version 1.",
            "Ask the publisher for version 2.03, or take the converted file of the registry.",
        )


def _refused(payload: Payload, path: str, what: Marked, remedy: Marked) -> Invalid:
    return refusal(payload.name, [Problem(path, sentence(what), remedy)])
