"""Scans of these tests break on purpose: their log lines are kept and not drawn."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[EventDict]]:
    """Yield what was logged so far."""
    with capture_logs() as captured:
        yield captured
