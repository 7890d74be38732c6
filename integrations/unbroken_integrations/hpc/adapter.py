"""The readers of HPC: the same parser for what was fetched and for what a person gave as a file."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from unbroken.kit.sentences import Marked
from unbroken.sources.parsing import Fault, refusing
from unbroken.sources.readers import Document, Payload
from unbroken_integrations.hpc.monitoring import monitoring_document
from unbroken_integrations.hpc.projects import projects_document

PLAN: Marked = "The plan's number, where the file's name does not say it."


class HpcMonitoring:
    """Reads the response monitoring of one plan."""

    keeps_raw = True
    choices: ClassVar[Mapping[str, Marked]] = {"plan": PLAN}

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return people in need and targeted, by global cluster.

        Raises:
            Invalid: see ``Reader``.
        """
        with refusing(*payloads):
            if len({each.content for each in payloads}) > 1:
                raise Fault(payloads[1].name, "One plan at a time: caseloads are never added.")
            return monitoring_document(payloads[0], chosen)


class HpcProjects:
    """Reads pages of a search for projects."""

    choices: ClassVar[Mapping[str, Marked]] = {}

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return what projects ask for, by global cluster.

        Raises:
            Invalid: see ``Reader``.
        """
        del chosen
        with refusing(*payloads):
            return projects_document(payloads)
