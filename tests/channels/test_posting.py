"""What is posted goes only where it may, takes only so long, and says what became of it."""

import ipaddress
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme

from tests.channels.receiver import Manner, Receiver, Says, receiving
from tests.channels.stage import QUICK
from unbroken.kit.hosts import is_public
from unbroken.kit.reaching import Reach, Trouble, Unreached

BODY = b'{"type":"notices.test"}'
HOST = "hooks.example.org"


def _post(url: str, reach: Reach | None = None) -> Unreached | None:
    try:
        (reach or Reach(QUICK)).post(url, BODY, headers={"content-type": "application/json"})
    except Unreached as error:
        return error
    return None


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_an_answer_of_2xx_is_taken(status: int) -> None:
    with receiving(Says(status)) as receiver:
        assert _post(receiver.address) is None
    assert [BODY] == [came.body for came in receiver.came]


@pytest.mark.parametrize(
    ("says", "trouble", "wait"),
    [
        (Says(410), Trouble.GONE, 0),
        (Says(429, {"retry-after": "120"}), Trouble.TOLD_TO_WAIT, 120),
        (Says(429), Trouble.TOLD_TO_WAIT, 0),
        (Says(503, {"retry-after": "7"}), Trouble.TOLD_TO_WAIT, 7),
        (Says(500), Trouble.REFUSED, 0),
        (Says(502), Trouble.REFUSED, 0),
        (Says(400), Trouble.REFUSED, 0),
        (Says(401), Trouble.NOT_ALLOWED, 0),
        (Says(404), Trouble.NOT_THERE, 0),
        (Says(413), Trouble.REFUSED, 0),
        (Says(manner=Manner.RESETS), Trouble.TRUNCATED, 0),
    ],
)
def test_whatever_else_is_said_is_a_trouble(says: Says, trouble: Trouble, wait: int) -> None:
    with receiving(says) as receiver:
        error = _post(receiver.address)
    assert error is not None

    assert (trouble, wait, 1) == (error.trouble, error.wait_seconds, len(receiver.came))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_anywhere(status: int) -> None:
    with receiving() as inner, receiving(Says(status, {"location": inner.address})) as receiver:
        error = _post(receiver.address)
    assert error is not None

    assert (Trouble.REDIRECTED, []) == (error.trouble, inner.came)


@pytest.mark.parametrize("manner", [Manner.HUGE, Manner.DRIPS_BODY])
def test_once_taken_what_else_is_sent_does_not_matter(manner: Manner) -> None:
    short = Reach(replace(QUICK, request_seconds=0.3))
    with receiving(Says(manner=manner)) as receiver:
        assert _post(receiver.address, short) is None


def test_a_head_that_never_ends_is_cut_off() -> None:
    short = Reach(replace(QUICK, request_seconds=0.3))
    with receiving(Says(manner=Manner.DRIPS_HEADERS)) as receiver:
        error = _post(receiver.address, short)
    assert error is not None

    assert Trouble.TOO_SLOW is error.trouble


def test_where_nobody_listens_there_is_no_answer() -> None:
    with receiving() as receiver:
        pass
    error = _post(receiver.address)
    assert error is not None

    assert Trouble.NO_ANSWER is error.trouble


class _Flipping:
    """A name server that tells another address each time."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return [self.answers[min(self.asked, len(self.answers)) - 1]]


def test_the_address_that_was_checked_is_the_one_that_is_reached() -> None:
    flipping = _Flipping("8.8.8.8", "127.0.0.1")
    reach = Reach(QUICK, resolve=flipping)

    with pytest.raises(RuntimeError, match=r"8\.8\.8\.8"):  # what guards tests from the outside
        _post(f"https://{HOST}/", reach)
    assert 1 == flipping.asked


def test_a_name_that_passed_when_it_was_registered_is_looked_at_again() -> None:
    flipping = _Flipping("8.8.8.8", "127.0.0.1")
    reach = Reach(QUICK, resolve=flipping)
    reach.check(f"https://{HOST}/")
    error = _post(f"https://{HOST}/", reach)
    assert error is not None

    assert Trouble.NO_ADDRESS is error.trouble


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "[::1]", "localhost"])
def test_this_machine_is_not_reached_by_any_spelling(host: str) -> None:
    reach = Reach(replace(QUICK, private_hosts=frozenset()), resolve=lambda _h, _p: ["127.0.0.1"])
    with receiving() as receiver:
        port = receiver.address.partition("//")[2].partition(":")[2]
        errors = [_post(f"{scheme}://{host}:{port}", reach) for scheme in ("http", "https")]

    assert [Trouble.NO_ADDRESS] * 2 == [error.trouble for error in errors if error]
    assert [] == receiver.came


@pytest.mark.parametrize(
    "address",
    [
        *("64:ff9b::169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "192.0.0.8"),
        *("fec0::1", "3fff::1", "5f00::1", "192.88.99.1", "2001:db8::1", "100::1", "::7f00:1"),
        *("fe80::1%eth0", "::ffff:0:7f00:1", "240.0.0.1", "203.0.113.1", "0.1.2.3", "2001:20::1"),
    ],
)
def test_no_other_network_hides_in_an_address(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.fixture
def sealed() -> Iterator[tuple[Receiver, list[str | None]]]:
    """Yield a server whose certificate nobody knows, and the names that it was asked for."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(HOST).configure_cert(context)

    def note(_socket: ssl.SSLSocket, name: str | None, _context: ssl.SSLContext) -> None:
        names.append(name)

    context.sni_callback = note  # type: ignore[assignment]
    server = _Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Receiver(address=f"https://{HOST}:{server.server_address[1]}/"), names
    server.shutdown()
    thread.join()
    server.server_close()


class _Quiet(HTTPServer):
    def handle_error(self, _request: object, _address: object) -> None:
        """Say nothing of those who do not trust the certificate."""


def test_a_sealed_line_keeps_the_name_and_trusts_only_whom_it_may(
    sealed: tuple[Receiver, list[str | None]],
) -> None:
    receiver, names = sealed
    hosts = frozenset({HOST})
    reach = Reach(replace(QUICK, private_hosts=hosts), resolve=lambda _h, _p: ["127.0.0.1"])
    error = _post(receiver.address, reach)
    assert error is not None

    assert (Trouble.NO_ANSWER, [HOST]) == (error.trouble, names)
