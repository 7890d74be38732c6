"""Where the messages of a storm arrive: a mail server and a receiver of webhooks of the test."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.channels.receiver import Receiver, receiving
from tests.mail_servers import Mailroom, mail_server

THINKS_SECONDS = 0.05
"""Between taking and answering: whoever is struck in it has sent and does not know it."""
GAP = re.compile(r"/gaps/([0-9a-f-]{36})")


@dataclass
class SlowRoom(Mailroom):
    """Takes letters, and thinks before it says so."""

    async def handle_DATA(  # noqa: N802 - the server looks for this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(THINKS_SECONDS)
        return answer


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message as it came: to whom, under which id, and which gaps it names."""

    to: str
    uid: UUID
    gaps: tuple[UUID, ...]


@dataclass
class PostOffice:
    """Both receivers; ``came`` is what came so far, of one id as often as it came."""

    room: SlowRoom
    hooks: Receiver
    smtp_port: int = 0

    def came(self) -> list[Arrived]:
        letters = [
            Arrived(
                to=str(each["To"]),
                uid=UUID(str(each["Message-ID"]).strip("<>").partition("@")[0]),
                gaps=_gaps_in(each.get_content()),
            )
            for each in list(self.room.taken)
        ]
        return letters + [
            Arrived(each.path, UUID(each.headers["webhook-id"]), _gaps_in(_plain(each.body)))
            for each in list(self.hooks.came)
        ]

    def by_id(self) -> dict[UUID, list[Arrived]]:
        """Return what came under each id."""
        found: dict[UUID, list[Arrived]] = defaultdict(list)
        for each in self.came():
            found[each.uid].append(each)
        return found


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Take letters and webhooks on free ports of this machine."""
    room = SlowRoom()
    with receiving() as hooks, mail_server(room) as port:
        hooks.thinks_seconds = THINKS_SECONDS
        yield PostOffice(room, hooks, port)


def _plain(body: bytes) -> str:
    return json.dumps(json.loads(body))


def _gaps_in(text: str) -> tuple[UUID, ...]:
    return tuple(UUID(found) for found in GAP.findall(text))
