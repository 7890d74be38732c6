"""Mail as a way out; found by the entry point ``mail``.

A connection is kept while a turn lasts. What fails before the server has taken the letter is told
as a code, never in the words of a server.
"""

import smtplib
import ssl
from ipaddress import ip_address

from unbroken.kit.clock import SystemClock
from unbroken.kit.settings import Settings
from unbroken.notices.ports import Envelope, Fitting, NotSent
from unbroken_integrations.smtp.letters import letter, mailbox_in

PASSWORD = "UNBROKEN_SECRET_SMTP_PASSWORD"  # noqa: S105  the name of the variable
GOOD = 250
PERMANENT = 500
UNREACHED, BROKEN_OFF = "smtp-unreachable", "smtp-broken-off"
NO_STARTTLS, CERTIFICATE, TLS = "smtp-no-starttls", "smtp-certificate", "smtp-tls"
NOT_PLAIN, NO_LOGIN, LOGIN = "smtp-plain-refused", "smtp-no-login", "smtp-login"
SENDER, RECIPIENT, CONTENT, BUSY = "smtp-sender", "smtp-recipient", "smtp-content", "smtp-busy"


class SmtpSender:
    """Hands letters to one mail server; TLS with a checked certificate unless told otherwise."""

    def __init__(self, fitting: Fitting) -> None:
        """Keep the settings; nothing is reached yet."""
        self._settings: Settings = fitting.settings
        self._secret = fitting.secret
        self._kept: smtplib.SMTP | None = None

    def ready(self) -> bool:
        """Return whether a server, a sender and the site's own address are set."""
        known = self._settings
        return bool(known.smtp_host and mailbox_in(known.smtp_from) and known.base_url)

    def send(self, envelope: Envelope) -> None:
        """Hand over one letter; when this returns, the server has taken it.

        Raises:
            NotSent: it has not. What the recipient or the letter is to blame for is not tried
                again; what is the server's or the way's fault is.
        """
        sender = self._settings.smtp_from
        made = letter(envelope, sender=sender, at=SystemClock().now())
        try:
            server = self._connection()
            server.send_message(made, from_addr=mailbox_in(sender), to_addrs=[envelope.to])
        except NotSent:
            raise
        except (OSError, smtplib.SMTPException) as error:
            self.rest()
            raise _trouble(error) from error

    def rest(self) -> None:
        """Say good-bye to the server, if one is still there."""
        server, self._kept = self._kept, None
        if server is None:
            return
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()

    def _connection(self) -> smtplib.SMTP:
        if self._kept is not None and not _answers(self._kept):
            self.rest()
        if self._kept is None:
            self._kept = self._opened()
        return self._kept

    def _opened(self) -> smtplib.SMTP:
        known = self._settings
        if known.smtp_security == "plain" and not _is_here(known.smtp_host):
            raise NotSent(NOT_PLAIN, closed=True)
        server = self._greeted()
        try:
            if known.smtp_security == "starttls":
                server.starttls(context=self._trust())
            self._log_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greeted(self) -> smtplib.SMTP:
        known = self._settings
        host, port, timeout = known.smtp_host, known.smtp_port, known.smtp_seconds
        if known.smtp_security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=timeout, context=self._trust())
        return smtplib.SMTP(host, port, timeout=timeout)

    def _trust(self) -> ssl.SSLContext:
        file = self._settings.smtp_ca_file
        return ssl.create_default_context(cafile=str(file) if file else None)

    def _log_in(self, server: smtplib.SMTP) -> None:
        user = self._settings.smtp_user
        if user:
            server.login(user, self._secret(PASSWORD))


def _answers(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == GOOD
    except (OSError, smtplib.SMTPException):
        return False


CLOSED: tuple[tuple[type[OSError], str], ...] = (
    (smtplib.SMTPAuthenticationError, LOGIN),
    (smtplib.SMTPResponseException, BUSY),
    (ssl.SSLCertVerificationError, CERTIFICATE),
    (ssl.SSLError, TLS),
    (OSError, UNREACHED),
)
"""What every other letter would meet too, the most telling first."""


def _trouble(error: OSError | smtplib.SMTPException) -> NotSent:
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return _refused(RECIPIENT, next(iter(refused.values()))[0])
        case smtplib.SMTPDataError(smtp_code=code):
            return _refused(CONTENT, code)
        case smtplib.SMTPSenderRefused(smtp_code=code):
            # the operator's to mend, so no letter is given up for it
            return NotSent(SENDER if code >= PERMANENT else BUSY, closed=True)
        case smtplib.SMTPServerDisconnected():
            return NotSent(BROKEN_OFF)
        case smtplib.SMTPNotSupportedError():
            is_starttls = "STARTTLS" in str(error)
            return NotSent(NO_STARTTLS if is_starttls else NO_LOGIN, closed=True)
        case _:
            kind = next(code for known, code in CLOSED if isinstance(error, known))
            return NotSent(kind, closed=True)


def _refused(what: str, code: int) -> NotSent:
    is_final = code >= PERMANENT
    return NotSent(what if is_final else BUSY, again=not is_final)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
