"""Logging: one structlog chain for our own lines and those of libraries; console or JSON.

A line has a constant message, an ``action`` key for machines, and identifiers; never a secret,
never free text from a form. It goes to standard error: standard output belongs to answers.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

SECRET = re.compile(
    r"pass(word|phrase|wd)|secret|token|cookie|authori[sz]ation|api_?key|csrf|salt|signature"
    r"|credential|database_url|private_?key",
    re.IGNORECASE,
)
IN_URL = re.compile(r"(?<=://)[^/@\s]{1,200}(?=@)|(?<=token=)[^&\s\"]{1,500}")
HIDDEN = "[hidden]"
QUIET = ("httpx", "httpcore", "apscheduler", "alembic.runtime.migration")


def configure_logging(*, form: str, level: str, stream: TextIO | None = None) -> None:
    """Send every log line of this process through one chain; calling again replaces the last call.

    ``form`` is ``console`` or ``json``; ``level`` the name of a level; ``stream`` is standard error
    unless given.
    """
    shared = _shared()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(shared, form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _join_foreign_loggers()


@contextmanager
def log_context(**ids: str | int | None) -> Iterator[None]:
    """Put ``ids`` (``request_id``, ``scan_id``) on every line logged inside the block."""
    with structlog.contextvars.bound_contextvars(**ids):
        yield


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Return the line without the values of secret keys, at any depth, and URL passwords."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: object) -> object:
    if SECRET.search(key):
        return HIDDEN
    match value:
        case str():
            return IN_URL.sub(HIDDEN, value)
        case Mapping():
            return {name: _clean(str(name), inner) for name, inner in value.items()}
        case list() | tuple():
            return [_clean("", inner) for inner in value]
        case _:
            return value


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        hide_secrets,
    ]


def _formatter(shared: list[Processor], form: str) -> logging.Formatter:
    render: list[Processor]
    if form == "json":
        render = [
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ]
    else:
        plain = structlog.dev.plain_traceback
        render = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[_drop_meta, *render],
    )


def _drop_meta(
    _logger: WrappedLogger, _method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(None, "", event)


def _join_foreign_loggers() -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "py.warnings"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
