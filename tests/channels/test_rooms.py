"""What Teams and Slack are told has the shape that they take, in the room's language."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest

from tests.channels.receiver import receiving
from tests.channels.stage import SITE, Stage
from tests.house.tree import ROOT
from unbroken.kit.errors import Invalid
from unbroken.notices.ports import Envelope
from unbroken.notices.rules.words import ChannelKind
from unbroken_integrations.slack import adapter as slack
from unbroken_integrations.teams import adapter as teams

SHAPES = ROOT / "tests" / "data" / "channels"
LARGEST = 28_000


def _shape(name: str) -> dict[str, Any]:
    shape: dict[str, Any] = json.loads(Path(SHAPES / f"{name}.schema.json").read_text("utf-8"))
    return shape


@pytest.mark.parametrize("kind", [ChannelKind.TEAMS, ChannelKind.SLACK])
def test_a_room_is_told_in_its_language_and_its_address_is_nowhere(
    stage: Stage, kind: ChannelKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver:
        monkeypatch.setenv("UNBROKEN_SECRET_ROOM", receiver.address)
        made = stage.confirmed("UNBROKEN_SECRET_ROOM", kind=kind, language="ar")
        gaps = [uuid4() for _ in range(60)]
        stage.happen(*gaps)
        assert (1, 1) == (stage.put_news(), stage.send())
        monkeypatch.delenv("UNBROKEN_SECRET_ROOM")
        stage.happen(uuid4())
        assert (1, 0) == (stage.put_news(), stage.send())
    told = [json.loads(came.body) for came in receiver.came]
    news = receiver.came[-1].body

    for each in told:
        jsonschema.validate(each, _shape(kind.value), jsonschema.Draft202012Validator)
    assert 50 == sum(f"{SITE}/gaps/{gap}".encode() in news for gap in gaps)
    assert len(news) < LARGEST
    assert f"{SITE}/gaps?plan=minust".encode() in news
    assert ("", "no-secret") == (made.key, stage.results(made.uid)[0].trouble)
    if kind is ChannelKind.TEAMS:
        card = told[-1]["attachments"][0]["content"]
        assert (True, "ar") == (card["rtl"], card["lang"])


@pytest.mark.parametrize("held", ["", "no address", "https://user:word@example.org/"])
def test_a_room_whose_setting_holds_no_address_is_not_registered(
    stage: Stage, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNBROKEN_SECRET_ROOM", held)

    with pytest.raises(Invalid):
        stage.register("UNBROKEN_SECRET_ROOM", kind=ChannelKind.SLACK)


def test_long_lines_and_marks_of_others_do_no_harm() -> None:
    lines = tuple((f"<!channel> [a](b) * {n}", f"{SITE}/{'x' * 200}/{n}") for n in range(50))
    envelope = Envelope(uid=uuid4(), to="", subject="A & B <!here>" * 20, text="<t>", lines=lines)
    room, card = slack.message_of(envelope), teams.message_of(envelope)
    jsonschema.validate(room, _shape("slack"), jsonschema.Draft202012Validator)
    jsonschema.validate(card, _shape("teams"), jsonschema.Draft202012Validator)

    told = json.dumps(room["blocks"][1:])  # type: ignore[index]
    assert "<!" not in told
    assert "[a](" not in json.dumps(card)
    assert all(link in told for _words, link in lines)
