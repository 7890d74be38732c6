"""Answers to scripts that ask again and again, without the way through the whole application.

Only for addresses whose answers are kept, and only for bearer tokens: the token, its account, its
grants and the state of the money are asked of the database by prepared statements, each time, or
where it can tell (SQLite) once after each commit of anybody, so that a revoked token and a changed
grant count at once. Whatever is not known here goes the ordinary way, which says so in words.
Measured, see ``tests/bench/cover.py``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import perf_counter

import anyio.to_thread
from starlette.types import Scope, Send

from unbroken.money.queries.stamps import STAMP
from unbroken.people.queries.quick import Visited, quick_statement, quick_visit
from unbroken.people.rules.lives import hash_of
from unbroken.web.dependencies import House
from unbroken.web.envelope import KEEP_AND_ASK, log_request, security_headers
from unbroken.web.kept_answers import COMPRESSED_FROM, KeptAnswer, Key

COVER = "/api/v1/money/cover"
TOKEN = quick_statement()
LONGEST_SECRET = 200
NOT_MODIFIED = 304
MOST_VISITS = 1000
VARY = (b"vary", b"accept, accept-encoding, authorization, cookie")
BEARER = b"bearer "
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a request decides its answer."""

    secret: str
    known: bytes
    is_packed: bool


@dataclass(frozen=True, slots=True)
class _Moment:
    """How things stand: the mark of the last commit, the state of the money, instant and day.

    ``until`` is when to ask again, by the process's own timer.
    """

    until: float
    mark: int | None
    stamp: str
    at: datetime
    today: date


class ShortCut:
    """Answers what is kept; stands before the whole application."""

    fresh_seconds = 0.001

    def __init__(self, *, is_secure: bool) -> None:
        """Promise https where ``is_secure``."""
        always = {**security_headers(is_secure=is_secure), "cache-control": KEEP_AND_ASK}
        self._always: Headers = [(k.encode(), v.encode()) for k, v in always.items()]
        self._always.append(VARY)
        self._brief: Headers = [(b"cache-control", KEEP_AND_ASK.encode()), VARY]
        self._visits: dict[str, tuple[int, Visited]] = {}
        self._now = _Moment(0.0, None, "", datetime.min.replace(tzinfo=UTC), date.min)

    async def answers(self, scope: Scope, send: Send, house: House) -> bool:
        """Answer a request that is known here and return whether it was."""
        if scope.get("path") != COVER or scope["type"] != "http" or scope["method"] != "GET":
            return False
        began = perf_counter()
        asked = _asked(scope)
        found = None if asked is None else await self._kept(house, scope, asked)
        if asked is None or found is None or _is_to_pack(asked, found):
            return False
        status = await self._answer(send, asked, found)
        took = perf_counter() - began
        house.measures.note("GET", COVER, status, seconds=took)
        # that nothing has changed is no news: its line would cost more than the answer
        if status != NOT_MODIFIED:
            log_request("GET", COVER, status, milliseconds=took * 1000)
        return True

    async def _kept(self, house: House, scope: Scope, asked: _Asked) -> KeptAnswer | None:
        try:
            if house.sessions.is_sqlite:
                # a thread would cost more than the statement, which takes some microseconds
                return self._found(house, scope, asked)
            return await anyio.to_thread.run_sync(self._found, house, scope, asked)
        except Exception:  # noqa: BLE001 - the ordinary way meets the same fault, logs and answers it
            return None

    def _found(self, house: House, scope: Scope, asked: _Asked) -> KeptAnswer | None:
        now = self._now
        if perf_counter() >= now.until:
            now = self._now = self._moment(house)
        seen = self._seen(house, now, hash_of(asked.secret))
        if seen is None:
            return None
        key = Key(seen.scope, now.today, COVER, scope["query_string"])
        return house.kept.find(key, stamp=now.stamp)

    def _moment(self, house: House) -> _Moment:
        """Return how things stand; asked for once a millisecond at most.

        A commit within that millisecond is one that a request might as well have met too late.
        """
        until = perf_counter() + self.fresh_seconds
        # read first: what is asked afterwards may be newer than the mark says, never older
        mark = house.sessions.change_mark()
        stamp = house.kept.stamp_at(mark, lambda: str(house.sessions.quick(STAMP, {})[0][0]))
        return _Moment(until, mark, stamp, house.machine_clock.now(), house.clock.today())

    def _seen(self, house: House, now: _Moment, secret_hash: str) -> Visited | None:
        """Return who asks; without a commit since the last time it is as it was then."""
        known = self._visits.get(secret_hash)
        if known is not None and known[0] == now.mark and now.at < known[1].until:
            return known[1]
        seen = quick_visit(house.sessions, TOKEN, secret_hash, at=now.at)
        if seen is not None and now.mark is not None:
            if len(self._visits) >= MOST_VISITS:
                self._visits.clear()
            self._visits[secret_hash] = (now.mark, seen)
        return seen

    async def _answer(self, send: Send, asked: _Asked, found: KeptAnswer) -> int:
        etag = found.etag.encode()
        # what the client keeps has all the others already; source: RFC 9110, 15.4.5
        headers: Headers = [(b"etag", etag), *self._brief]
        status, body = NOT_MODIFIED, b""
        if not _is_known(asked.known, etag):
            status, body = 200, found.body
            headers = [(b"etag", etag), *self._always]
            headers.append((b"content-type", b"application/json"))
            if asked.is_packed and found.packed:
                body = found.packed
                headers.append((b"content-encoding", b"gzip"))
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return status


def _is_to_pack(asked: _Asked, found: KeptAnswer) -> bool:
    """Return whether the body has to be compressed first, which is no work for this place."""
    is_sent = not _is_known(asked.known, found.etag.encode())
    return is_sent and asked.is_packed and not found.packed and len(found.body) >= COMPRESSED_FROM


def _is_known(known: bytes, etag: bytes) -> bool:
    if known == etag:
        return True
    told = {part.strip().removeprefix(b"W/") for part in known.split(b",")}
    return etag in told or known.strip() == b"*"


def _asked(scope: Scope) -> _Asked | None:
    """Return what a request asks for; nothing where it is not for here."""
    secret, known, accepts, is_packed = b"", b"", b"*/*", False
    for name, value in scope["headers"]:
        if name == b"authorization":
            secret = value
        elif name == b"if-none-match":
            known = known + b"," + value if known else value
        elif name == b"accept":
            accepts = value
        elif name == b"accept-encoding":
            is_packed = b"gzip" in value
    is_for_here = b"csv" not in accepts and b"sheet" not in accepts
    if not is_for_here or secret[: len(BEARER)].lower() != BEARER:
        return None
    told = secret[len(BEARER) :].strip().decode("latin-1")
    if not 0 < len(told) <= LONGEST_SECRET:
        return None
    return _Asked(told, known, is_packed)
