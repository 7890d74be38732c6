"""Asks outside servers: bounded in time and size, polite, and only where it may go.

Source: OWASP ASVS 5.0.0 (May 2025), V13; RFC 9110, 10.2.3 (Retry-After).
"""

import ipaddress
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpx

from unbroken import __version__
from unbroken.kit.clock import Clock, SystemClock
from unbroken.kit.cutting import Cut
from unbroken.kit.hosts import LAST_PORT, Resolve, is_public, resolve_host
from unbroken.kit.stopping import Stop

USER_AGENT = f"unbroken/{__version__} (child protection in transitions)"
AGAIN = frozenset({429, 502, 503, 504})
NOT_ALLOWED = frozenset({401, 403})
LONGEST_MARK = 80
OK, NOT_CHANGED, NOT_FOUND, GONE = 200, 304, 404, 410
FIRST_REDIRECT, FIRST_ERROR, FIRST_FAILURE = 300, 400, 500


class Trouble(StrEnum):
    """Why there was no answer that can be used."""

    NOT_ALLOWED = "not-allowed"
    NOT_THERE = "not-there"
    NO_ADDRESS = "no-address"
    NO_ANSWER = "no-answer"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    LED_ELSEWHERE = "led-elsewhere"
    TOLD_TO_WAIT = "told-to-wait"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    TRUNCATED = "truncated"
    NOT_UNDERSTOOD = "not-understood"
    GONE = "gone"


class Unreached(Exception):
    """There is no answer; ``wait_seconds`` is how long the server asked to be left alone."""

    def __init__(self, trouble: Trouble, *, wait_seconds: int = 0) -> None:
        """Keep why; ``wait_seconds`` is 0 where the server did not say."""
        self.trouble = trouble
        self.wait_seconds = wait_seconds
        super().__init__(trouble.value)


class _Again(Unreached):
    """There is no answer now, and asking once more may help."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long, how much and how often; seconds and bytes.

    ``in_all_seconds`` bounds everything one ``Reach`` does. ``private_hosts`` are names that may
    lead to this machine (then also over plain http) or to a private network.
    ``takes_any_success``: what is sent with another 2xx status is an answer too.
    """

    request_seconds: float = 30.0
    in_all_seconds: float = 300.0
    most_bytes: int = 8 * 1024 * 1024
    tries: int = 3
    longest_wait_seconds: int = 60
    apart_seconds: float = 1.0
    private_hosts: frozenset[str] = frozenset()
    takes_any_success: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What an answer says of its own age, to ask later whether it changed; empty: nothing.

    Source: RFC 9110, 13.1 (conditional requests).
    """

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """Return what makes a request conditional; empty without any mark."""
        named = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: told for name, told in named.items() if told}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, whole. ``is_same``: it has not changed, and ``content`` is empty."""

    content: bytes = field(repr=False)
    marks: Marks = field(default_factory=Marks)
    is_same: bool = False


@dataclass(slots=True)
class Reach:
    """A way to outside servers; sleeps between requests so that no server is pressed.

    ``asked_at`` says when each host was asked last; ways that share it keep their distance
    together. Once asked to ``stop`` it raises ``Stopped`` before the next request, pause or piece.
    """

    bounds: Bounds = field(default_factory=Bounds)
    sleep: Callable[[float], None] = time.sleep
    elapsed: Callable[[], float] = time.monotonic
    resolve: Resolve = resolve_host
    clock: Clock = field(default_factory=SystemClock)
    asked_at: dict[str, float] = field(default_factory=dict)
    stop: Stop = field(default_factory=Stop)
    _began: float | None = None

    def get_json(self, url: str, *, headers: Mapping[str, str]) -> object:
        """Return what stands at ``url``, read as JSON; it is whole.

        Raises:
            Unreached: no answer that can be used, after three tries where more tries could help.
        """
        return _parsed(self._tried(url, {"accept": "application/json", **headers}).content)

    def get_bytes(
        self, url: str, *, headers: Mapping[str, str], known: Marks | None = None
    ) -> Answer:
        """Return what stands at ``url``, as it was sent, whole.

        With the marks of an earlier answer the server may say that nothing changed.

        Raises:
            Unreached: no answer that can be used, after three tries where more tries could help.
        """
        return self._tried(url, {"accept": "*/*", **headers, **(known or Marks()).headers()})

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        """Send ``body`` to ``url``, once; when this returns, it was taken (an answer of 2xx).

        What the answer says beside that is dropped.

        Raises:
            Unreached: it was not taken, or nobody knows; ``GONE`` where it never will be.
        """
        self._once(_Asked(url, headers, body), self._taken)

    def check(self, url: str) -> None:
        """Pass where ``url`` may be reached as things are: its scheme, and all that it leads to.

        Raises:
            Unreached: it may not.
        """
        self._checked(_parsed_url(url))

    def _tried(self, url: str, headers: Mapping[str, str]) -> Answer:
        for left in reversed(range(self.bounds.tries)):
            try:
                return self._once(_Asked(url, headers), self._whole)
            except _Again as trouble:
                if not left or trouble.wait_seconds > self.bounds.longest_wait_seconds:
                    raise
                tried = self.bounds.tries - left
                self.sleep(max(trouble.wait_seconds, self.bounds.apart_seconds * 2**tried))
        raise Unreached(Trouble.NO_ANSWER)

    def _once(self, asked: "_Asked", read: Callable[[httpx.Response, "_Limit"], Answer]) -> Answer:
        self.stop.check()
        target = _parsed_url(asked.url)
        limit = self._limit(target.host)
        address, cut = self._checked(target), Cut(limit.step)
        try:
            with _client(limit) as client, cut:
                answer = client.send(_request(client, asked, target, address, cut), stream=True)
                try:
                    return read(answer, limit)
                finally:
                    answer.close()
        except UnicodeEncodeError as error:
            # a secret that cannot stand in a header is none that the server gave
            raise Unreached(Trouble.NOT_ALLOWED) from error
        except httpx.DecodingError as error:
            raise Unreached(Trouble.NOT_UNDERSTOOD) from error
        except httpx.HTTPError as error:
            raise _Again(_trouble_of(error, is_cut=cut.is_done)) from error

    def _whole(self, answer: httpx.Response, limit: "_Limit") -> Answer:
        if answer.status_code == NOT_CHANGED and _is_conditional(answer.request):
            return Answer(b"", is_same=True)
        self._check_status(answer)
        return Answer(self._body(answer, limit), _marks(answer))

    def _taken(self, answer: httpx.Response, limit: "_Limit") -> Answer:
        if OK <= answer.status_code < FIRST_REDIRECT:
            self._drop(answer, limit)
            return Answer(b"")
        if answer.status_code == GONE:
            raise Unreached(Trouble.GONE)
        if answer.status_code >= FIRST_FAILURE:
            wait = self._wait(answer.headers.get("retry-after", ""))
            raise Unreached(Trouble.TOLD_TO_WAIT if wait else Trouble.REFUSED, wait_seconds=wait)
        self._check_status(answer)
        raise Unreached(Trouble.REFUSED)

    def _drop(self, answer: httpx.Response, limit: "_Limit") -> None:
        """Read what is left of an answer, as far as it is short and comes in time."""
        size = 0
        with suppress(httpx.HTTPError):
            for part in answer.iter_raw():
                size += len(part)
                if size > self.bounds.most_bytes or self.elapsed() > limit.until:
                    return

    def _limit(self, host: str) -> "_Limit":
        """Return until when the next request may take; requests follow each other with a pause."""
        now = self.elapsed()
        if self._began is None:
            self._began = now
        pause = self.asked_at.get(host, now - self.bounds.apart_seconds) - now
        if (pause := pause + self.bounds.apart_seconds) > 0:
            self.sleep(pause)
            now = self.elapsed()
        self.asked_at[host] = now
        left = self._began + self.bounds.in_all_seconds - now
        if left <= 0:
            raise Unreached(Trouble.TOO_SLOW)
        seconds = min(self.bounds.request_seconds, left)
        return _Limit(until=now + seconds, step=seconds)

    def _checked(self, url: httpx.URL) -> str:
        """Return the address to connect to; every address of the name must be fit."""
        host, is_own = url.host, url.host in self.bounds.private_hosts
        is_odd = url.userinfo or not host or (url.port or 0) > LAST_PORT
        if is_odd or url.scheme not in {"https", "http"}:
            raise Unreached(Trouble.NO_ADDRESS)
        try:
            port = url.port or (443 if url.scheme == "https" else 80)
            found = [ipaddress.ip_address(each) for each in self.resolve(host, port)]
        except (OSError, ValueError) as error:
            raise _Again(Trouble.NO_ADDRESS) from error
        is_fit = all(is_public(each) or is_own for each in found)
        is_sealed = url.scheme == "https" or (is_own and all(each.is_loopback for each in found))
        if not found or not is_fit or not is_sealed:
            raise Unreached(Trouble.NO_ADDRESS)
        return str(found[0])

    def _check_status(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status in AGAIN:
            wait = self._wait(answer.headers.get("retry-after", ""))
            told = Trouble.TOLD_TO_WAIT if wait or status == 429 else Trouble.REFUSED  # noqa: PLR2004
            raise _Again(told, wait_seconds=wait)
        if status in NOT_ALLOWED:
            raise Unreached(Trouble.NOT_ALLOWED)
        if status == NOT_FOUND:
            raise Unreached(Trouble.NOT_THERE)
        if FIRST_REDIRECT <= status < FIRST_ERROR:
            raise Unreached(Trouble.REDIRECTED)
        is_success = OK <= status < FIRST_REDIRECT and self.bounds.takes_any_success
        if status != OK and not is_success:
            raise Unreached(Trouble.REFUSED)

    def _wait(self, told: str) -> int:
        """Return the seconds that a Retry-After asks for, never more than a day."""
        day = 24 * 60 * 60
        if told.strip().isascii() and told.strip().isdigit():
            return min(int(told.strip()[:9]), day)
        try:
            at = parsedate_to_datetime(told)
        except ValueError:
            return 0
        aware: datetime = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0, min(int((aware - self.clock.now()).total_seconds()) + 1, day))

    def _body(self, answer: httpx.Response, limit: "_Limit") -> bytes:
        parts, size = [], 0
        for part in answer.iter_bytes():
            self.stop.check()
            size += len(part)
            if size > self.bounds.most_bytes:
                raise Unreached(Trouble.TOO_LARGE)
            # each piece may come in time and all of them never end
            if self.elapsed() > limit.until:
                raise Unreached(Trouble.TOO_SLOW)
            parts.append(part)
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class _Limit:
    until: float
    step: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request; without a body it reads, with one it sends."""

    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


def _client(limit: _Limit) -> httpx.Client:
    return httpx.Client(trust_env=False, follow_redirects=False, timeout=limit.step)


def _request(
    client: httpx.Client, asked: _Asked, target: httpx.URL, address: str, cut: Cut
) -> httpx.Request:
    return client.build_request(
        "GET" if asked.body is None else "POST",
        # the very address that was checked: a name may lead elsewhere a moment later
        target.copy_with(host=address),
        headers={"user-agent": USER_AGENT, **asked.headers, "host": target.netloc.decode()},
        content=asked.body,
        extensions={"sni_hostname": target.host, "trace": cut.watch},
    )


def _trouble_of(error: httpx.HTTPError, *, is_cut: bool) -> Trouble:
    if is_cut or isinstance(error, httpx.TimeoutException):
        return Trouble.TOO_SLOW
    if isinstance(error, httpx.RemoteProtocolError):
        return Trouble.TRUNCATED
    return Trouble.NO_ANSWER


def same_server(one: str, other: str) -> bool:
    """Return whether two addresses are of one server: scheme, host and port."""
    try:
        first, second = httpx.URL(one), httpx.URL(other)
    except httpx.InvalidURL:
        return False
    return (first.scheme, first.host, first.port) == (second.scheme, second.host, second.port)


def _is_conditional(request: httpx.Request) -> bool:
    return any(name in request.headers for name in ("if-none-match", "if-modified-since"))


def _marks(answer: httpx.Response) -> Marks:
    etag, modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
    is_kept = len(etag) <= LONGEST_MARK and len(modified) <= LONGEST_MARK
    return Marks(etag, modified) if is_kept and (etag + modified).isascii() else Marks()


def _parsed_url(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Unreached(Trouble.NO_ADDRESS) from error


def _parsed(body: bytes) -> object:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreached(Trouble.NOT_UNDERSTOOD) from error
    return parsed
