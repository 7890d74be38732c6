"""Asks the UN Peace & Security Data Hub; entry points of the group ``unbroken.clients``."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from unbroken.kit.sentences import Marked
from unbroken.sources.asking import Asker
from unbroken.sources.readers import Payload


class _Hub:
    """Data sets of the hub, each whole: without paging it gives everything."""

    questions: ClassVar[Mapping[str, Marked]] = {}
    needed: ClassVar[Collection[str]] = ()
    needs_secret: ClassVar[bool] = False
    datasets: ClassVar[tuple[str, ...]]

    def address(self, asked: Mapping[str, str]) -> str:
        """Return the address of the hub."""
        del asked
        return "https://api.psdata.un.org"

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield each data set.

        Raises:
            SourceSilent: see ``Client``.
        """
        del asked, secret
        for dataset in self.datasets:
            yield asker.get(f"/public/data/{dataset}/json")


class MissionsClient(_Hub):
    """Peacekeeping operations and political missions."""

    datasets: ClassVar[tuple[str, ...]] = ("DPPADPOSS-PKO", "DPPA-POLITICALMISSIONS")


class ResolutionsClient(_Hub):
    """Resolutions of the Security Council."""

    datasets: ClassVar[tuple[str, ...]] = ("DGC-SCRES",)
