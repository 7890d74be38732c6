"""What the distribution says it holds is there, and keeps its promises."""

import tomllib
from importlib import import_module
from typing import Any

import pytest

from tests.house.tree import ROOT
from unbroken.kit.reaching import Reach
from unbroken.kit.settings import Settings
from unbroken.notices.ports import Fitting, NoticeSender
from unbroken.notices.rules.words import ChannelKind
from unbroken.sources.asking import Client
from unbroken.sources.readers import Reader, keeps_raw

GROUPS: dict[str, dict[str, str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "project"
]["entry-points"]
READERS, CLIENTS = GROUPS["unbroken.readers"], GROUPS["unbroken.clients"]
SENDERS = GROUPS["unbroken.senders"]
NAMES_PERSONS = {"hdx-catalogue", "hpc-projects", "iati", "presence-sheet"}


def _class(at: str) -> Any:  # noqa: ANN401 - whatever stands there
    module, _sign, name = at.partition(":")
    return getattr(import_module(module), name)


def _made(at: str) -> Any:  # noqa: ANN401 - the same
    return _class(at)()


@pytest.mark.parametrize("kind", CLIENTS)
def test_what_is_asked_for_is_read_by_a_reader_of_the_same_name(kind: str) -> None:
    client: Client = _made(CLIENTS[kind])
    asked = dict.fromkeys(client.needed, "treasury")

    assert kind in READERS
    assert set(client.needed) <= client.questions.keys()
    assert client.address(asked).startswith("https://")
    assert client.needs_secret == kind.startswith("hapi-")


@pytest.mark.parametrize("kind", READERS)
def test_raw_answers_are_kept_where_they_name_no_person(kind: str) -> None:
    reader: Reader = _made(READERS[kind])

    assert keeps_raw(reader) == (kind not in NAMES_PERSONS)
    assert all(reader.choices.values())


@pytest.mark.parametrize("name", SENDERS)
def test_what_carries_messages_is_made_with_its_fitting_and_carries_nothing_unasked(
    name: str,
) -> None:
    module, _sign, called = SENDERS[name].partition(":")
    fitting = Fitting(settings=Settings(), secret=lambda _name: "", reach=Reach)
    sender: NoticeSender = getattr(import_module(module), called)(fitting)

    assert name != "mail" or not sender.ready()
    assert len(name) <= 20


def test_every_kind_of_channel_has_its_way_out() -> None:
    assert {kind.value for kind in ChannelKind} < SENDERS.keys()
