"""One chain for every line, and no secret in any."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from unbroken.kit.logs import configure_logging, hide_secrets, log_context


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    chain = structlog.get_config()
    configure_logging(form="json", level="info", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**chain)


def test_our_lines_carry_the_ids_of_their_context(written: io.StringIO) -> None:
    with log_context(request_id="r-1"):
        structlog.get_logger("unbroken").info("plan read", action="plan:read", count=2)
    line = json.loads(written.getvalue())

    assert (line["event"], line["action"], line["request_id"]) == ("plan read", "plan:read", "r-1")
    assert (line["level"], line["logger"], line["count"]) == ("info", "unbroken", 2)


def test_ids_end_with_their_context(written: io.StringIO) -> None:
    with log_context(scan_id="s-1"):
        pass
    structlog.get_logger("unbroken").info("later")

    assert "scan_id" not in json.loads(written.getvalue())


def test_lines_of_libraries_go_the_same_way(written: io.StringIO) -> None:
    with log_context(request_id="r-2"):
        logging.getLogger("uvicorn.error").warning("slow %s", "client", extra={"token": "x1"})
    line = json.loads(written.getvalue())

    assert (line["event"], line["request_id"], line["token"]) == ("slow client", "r-2", "[hidden]")


def test_an_error_is_written_with_its_trace(written: io.StringIO) -> None:
    try:
        int("x")
    except ValueError:
        structlog.get_logger("unbroken").exception("failed", action="a:b:c")

    assert "ValueError" in json.loads(written.getvalue())["exception"]


def test_lines_below_the_level_are_left_out(written: io.StringIO) -> None:
    structlog.get_logger("unbroken").debug("detail")

    assert not written.getvalue()


def test_the_console_form_is_for_people() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    chain = structlog.get_config()
    configure_logging(form="console", level="INFO", stream=stream)
    structlog.get_logger("unbroken").info("served", action="serve")
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**chain)

    assert "action=serve" in stream.getvalue()


def test_secrets_go_at_any_depth() -> None:
    event = {
        "event": "connect postgresql://me:pw@host/db?token=abc",
        "headers": {"Authorization": "Bearer x", "Accept": "text/html"},
        "items": [{"csrf_token": "y"}],
        "api_key": 7,
    }

    assert hide_secrets(None, "", event) == {
        "event": "connect postgresql://[hidden]@host/db?token=[hidden]",
        "headers": {"Authorization": "[hidden]", "Accept": "text/html"},
        "items": [{"csrf_token": "[hidden]"}],
        "api_key": "[hidden]",
    }
