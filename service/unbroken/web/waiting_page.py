"""What a page says about acts that wait for the network; the acts themselves are on the device."""

from dataclasses import dataclass
from typing import ClassVar

from unbroken.web.rendering import Page


@dataclass(frozen=True, slots=True)
class WaitingPage(Page):
    """The shell that a script fills from the device's own store, with every word it needs."""

    template: ClassVar[str] = "transfers/waiting.html"


@dataclass(frozen=True, slots=True)
class NotKeptPage(Page):
    """What is shown off line in place of a page that this device does not keep."""

    template: ClassVar[str] = "transfers/not_kept.html"
