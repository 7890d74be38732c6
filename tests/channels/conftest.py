"""The stage on which channels are kept and told."""

import pytest

from tests.channels.stage import Stage, make_stage
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.languages import Languages, load_languages


@pytest.fixture(scope="session")
def languages() -> Languages:
    return load_languages()


@pytest.fixture
def stage(sessions: Sessions, clock: FixedClock, languages: Languages) -> Stage:
    return make_stage(sessions, clock, languages)
