"""A mail server on this machine, as strict or as broken as a test wants it."""

import gc
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


@dataclass
class Mailroom:
    """What came in, and how the server answers; an empty answer takes what is brought."""

    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    peers: set[object] = field(default_factory=set)
    to_sender: str = ""
    to_recipient: str = ""
    to_content: str = ""
    password: str = ""

    async def handle_MAIL(  # noqa: N802 - the server looks for this name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.peers.add(session.peer)
        if self.to_sender:
            return self.to_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.to_content:
            return self.to_content
        content = cast("bytes", envelope.content)
        self.raw.append(content)
        self.taken.append(message_from_bytes(content, policy=policy.default))
        self.over_tls.append(session.ssl is not None)
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, given: object
    ) -> AuthResult:
        known = isinstance(given, LoginPassword) and given.password.decode() == self.password
        return AuthResult(success=known, handled=False)


class _AnyPort(Controller):
    """A controller that asks the system for a free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # it carries no types


@contextmanager
def mail_server(room: Mailroom, *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Yield the port of a server; with ``tls`` it offers STARTTLS and insists on it."""
    more: dict[str, Any] = {}
    if room.password:
        more = {"authenticator": room.authenticate, "auth_required": True}
    running = _AnyPort(
        room, hostname=HOST, port=0, tls_context=tls, require_starttls=tls is not None, **more
    )
    running.start()
    try:
        yield running.port
    finally:
        running.stop()
        if tls is not None:
            _forget_broken_ends()


def _forget_broken_ends() -> None:
    """Drop now what the server leaves open where a handshake failed: its fault, no test's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@dataclass(frozen=True, slots=True)
class Certified:
    """The side of a server in TLS, and the file of the roots that vouch for it."""

    server: ssl.SSLContext
    roots: Path


def certified(folder: Path, *names: str) -> Certified:
    """Return a throw-away certificate for ``names``, and who signed it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    roots = folder / "roots.pem"
    authority.cert_pem.write_to_path(str(roots))
    return Certified(context, roots)
