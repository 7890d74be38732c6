"""The stage of notices on a database of each kind; what breaks on purpose is not drawn."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.notices.stage import Stage, make_stage
from unbroken.kit.db import Sessions


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[EventDict]]:
    """Yield what was logged so far."""
    with capture_logs() as captured:
        yield captured


@pytest.fixture
def stage(sessions: Sessions) -> Stage:
    return make_stage(sessions)
