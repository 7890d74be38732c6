"""What surrounds every request: its number, security headers, a limit of size, one line in the log.

Pure ASGI: a middleware that owns the request would copy every body and lose the context of logs.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unbroken.kit.errors import TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.kit.logs import log_context
from unbroken.web.dependencies import house_of
from unbroken.web.errors import error_answer, unexpected

log = structlog.get_logger(__name__)
LINES = logging.getLogger(__name__)
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "script-src 'self'; worker-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
KEEP_AND_ASK = "private, no-cache"
HSTS = "max-age=31536000; includeSubDomains"
Answer = Callable[[Request, Exception], Response]
Limit = Callable[[str], int]


def security_headers(*, is_secure: bool) -> dict[str, str]:
    """Return the headers of every answer; with the promise of https where ``is_secure``."""
    return HEADERS | ({"strict-transport-security": HSTS} if is_secure else {})


@dataclass(slots=True)
class _Exchange:
    """What is known of one exchange while it runs."""

    limit: int
    status: int = 0
    received: int = 0
    is_too_large: bool = False


class Envelope:
    """Wraps the application; failures that nobody foresaw end here and go no further."""

    def __init__(self, app: ASGIApp, *, limit_of: Limit, is_secure: bool) -> None:
        """Let in bodies of as many bytes as their path may; promise https where ``is_secure``."""
        self._app = app
        self._limit_of = limit_of
        self._headers = security_headers(is_secure=is_secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass on what is none (the start and the end)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        # HEAD is answered as GET; the server leaves the body out.
        inner: Scope = {**scope, "unbroken.request_id": request_id}
        if scope["method"] == "HEAD":
            inner["method"] = "GET"
        with log_context(request_id=request_id):
            await self._serve(inner, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, exchange = perf_counter(), _Exchange(self._limit_of(scope["path"]))
        guarded_send = self._sending(scope, exchange, send)
        request = Request(scope, receive)
        try:
            if self._announced(request) > exchange.limit:
                await self._too_large(request, exchange)(scope, receive, guarded_send)
            else:
                await self._app(scope, self._receiving(exchange, receive), guarded_send)
        except Exception as error:  # noqa: BLE001 - the outermost edge: logged, answered, not passed on
            answer = self._too_large(request, exchange) if exchange.is_too_large else None
            if not exchange.status:
                await (answer or unexpected(request, error))(scope, receive, guarded_send)
            else:
                unexpected(request, error)
        _log_line(scope, exchange, milliseconds=(perf_counter() - began) * 1000)

    def _receiving(self, exchange: _Exchange, receive: Receive) -> Receive:
        async def limited() -> Message:
            if exchange.is_too_large:
                return {"type": "http.disconnect"}
            message = await receive()
            exchange.received += len(message.get("body", b""))
            if exchange.received > exchange.limit:
                exchange.is_too_large = True
                return {"type": "http.disconnect"}
            return message

        return limited

    def _sending(self, scope: Scope, exchange: _Exchange, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if exchange.is_too_large and not exchange.status:
                # Whatever the application made of a body cut off: the reason is its size.
                exchange.status = TooLarge.status
                request = Request(scope)
                dressed = self._with_headers(exchange, send)
                await self._too_large(request, exchange)(scope, _nothing, dressed)
                return
            if exchange.is_too_large:
                return
            await self._with_headers(exchange, send)(message)

        return guarded

    def _with_headers(self, exchange: _Exchange, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", KEEP_AND_ASK)
            await send(message)

        return dressed

    def _announced(self, request: Request) -> int:
        told = request.headers.get("content-length", "0")
        return int(told) if told.isascii() and told.isdigit() else 0

    def _too_large(self, request: Request, exchange: _Exchange) -> Response:
        limit = exchange.limit // 1024
        error = TooLarge(_("Requests of more than {limit} kB are not read."), limit=limit)
        return error_answer(request, error)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _log_line(scope: Scope, exchange: _Exchange, *, milliseconds: float) -> None:
    """Log the route, not the address: addresses carry the secrets of one-time links."""
    route = getattr(scope.get("route"), "path", "")
    measures = house_of(Request(scope)).measures
    measures.note(scope["method"], route, exchange.status, seconds=milliseconds / 1000)
    log_request(scope["method"], route, exchange.status, milliseconds=milliseconds)


def log_request(method: str, route: str, status: int, *, milliseconds: float) -> None:
    """Write the one line of a request, where lines of that level are wanted."""
    if LINES.isEnabledFor(logging.INFO):
        log.info(
            "request",
            action="request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(milliseconds, 1),
        )
