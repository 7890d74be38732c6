"""One process as an operator starts it, ``unbroken work`` or ``unbroken serve``, with one rule.

A message is claimed for as long as a scan, and what is about to leave is written down before.

The rule is that of ``ticker``: it finds a plan exactly when the plan has no open gap, so that every
scan has one effect on each plan.
"""

import faulthandler
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.reliability.ticker import MANY, BusyClock, flapping
from tests.scans.stage import rule
from unbroken import wiring
from unbroken.cli.serving import listen_for_the_end, run_server, run_work
from unbroken.gaps.rules import Scope
from unbroken.gaps.rules.scope import Statement, Union
from unbroken.kit.clock import Clock
from unbroken.kit.logs import configure_logging
from unbroken.kit.settings import Settings
from unbroken.notices.commands.sending import Post
from unbroken.notices.ports import Envelope, NoticeSender, Resting

WAKE_SECONDS = 0.2
SENDINGS = "sendings"
"""The file in the data folder in which stands who was about to send what, and when."""


@dataclass(frozen=True)
class Orders:
    """What a process is to be: ``port`` is 0 for one that only works."""

    url: str
    data: Path
    tick_seconds: int
    lease_seconds: int
    port: int = 0
    stop_seconds: float = 10
    never_ends: bool = False
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watched:
    """A way out that first writes down who is about to send what, and when."""

    sender: NoticeSender
    owner: str
    file: Path

    def ready(self) -> bool:
        return self.sender.ready()

    def send(self, envelope: Envelope) -> None:
        with self.file.open("a", encoding="utf-8") as lines:  # one short line is written at once
            lines.write(f"{self.owner} {envelope.uid} {time.monotonic()}\n")
        self.sender.send(envelope)

    def rest(self) -> None:
        if isinstance(self.sender, Resting):
            self.sender.rest()


class WatchedWorks(wiring.Works):
    """What a process works with; its ways out are watched."""

    __slots__ = ()

    def post(self) -> Post:
        post = super().post()
        lease, file = self.terms.lease.total_seconds(), self.settings.data / SENDINGS
        senders = {k: Watched(each, post.owner, file) for k, each in post.senders.items()}
        return replace(post, senders=senders, lease_seconds=lease)


def run(line: Connection, orders: Orders) -> None:
    """Do what the command does until told to end, or until nobody holds the other end of ``line``.

    With ``never_ends`` the rule says ``looking`` and does not come back.
    """
    settings = Settings(
        database_url=orders.url,
        data=orders.data,
        scan_every_seconds=orders.tick_seconds,
        scan_lease_seconds=orders.lease_seconds,
        wake_seconds=WAKE_SECONDS,
        stop_seconds=orders.stop_seconds,
        secure_cookies=False,
        **orders.more,
    )
    with (
        wiring.works(settings) as made,
        (orders.data / "warnings").open("a", encoding="utf-8") as stream,
        (orders.data / "stacks").open("a", encoding="utf-8") as stacks,
    ):
        faulthandler.register(signal.SIGUSR1, file=stacks, all_threads=True)
        configure_logging(form="json", level="ERROR", stream=stream)
        works = _with_one_rule(made, line, never_ends=orders.never_ends)
        listen_for_the_end(works)
        line.send(made.terms.owner)
        threading.Thread(target=_listen, args=(line,), daemon=True).start()
        if orders.port:
            run_server(works, port=orders.port)
        else:
            run_work(works)


def _with_one_rule(made: wiring.Works, line: Connection, *, never_ends: bool) -> wiring.Works:
    def stuck(scope: Scope) -> Statement | Union:
        line.send("looking")
        threading.Event().wait()
        return flapping(scope)

    clock: Clock = BusyClock()
    known = {each.name: getattr(made, each.name) for each in fields(made)}
    return replace(
        WatchedWorks(**known),
        clock=clock,
        terms=replace(made.terms, attempts=MANY),
        rules=(rule("flapping", stuck if never_ends else flapping),),
    )


def _listen(line: Connection) -> None:
    with suppress(EOFError, OSError):
        line.recv()
    os._exit(1)
