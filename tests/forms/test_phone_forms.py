"""The phone form: read by pyxform without a word, whole in four languages, exactly the offers."""

import io
import re
from collections.abc import Mapping
from itertools import pairwise
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from pyxform.xls2xform import convert

from tests.forms.desk import Desk, offer_all
from unbroken.functions.rules import Dimension
from unbroken.kit.errors import Conflict, Forbidden
from unbroken.people.rules import Actor
from unbroken.sources import rules as asked
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.commands.changing import StateQuantity, state_quantity
from unbroken.transfers.rules.words import Act
from unbroken.workbooks.phone_form_words import NAMES
from unbroken.workbooks.phone_forms import Flavour, PhoneForm, phone_form

XF = {"x": "http://www.w3.org/2002/xforms", "h": "http://www.w3.org/1999/xhtml"}
NOT_ASKED = (
    *("start", "end", "today", "deviceid", "phonenumber", "username", "email", "simserial"),
    *("subscriberid", "audit", "geopoint", "geotrace", "geoshape", "start-geopoint", "image"),
    *("audio", "video", "file", "barcode", "background-audio", "background-geopoint"),
)


def _form(desk: Desk, flavour: Flavour = Flavour.KOBO, actor: Actor | None = None) -> PhoneForm:
    clock, by = desk.scene.clock, actor or desk.scene.planner
    with desk.sessions.reading() as session:
        on, at = clock.today(), clock.now()
        return phone_form(session, desk.plan, flavour, actor=by, on=on, at=at)


def _sheet(form: PhoneForm, name: str) -> list[dict[str, str]]:
    book = openpyxl.load_workbook(io.BytesIO(form.raw))
    head, *rows = book[name].iter_rows(values_only=True)
    return [
        {str(h): str(v) for h, v in zip(head, row, strict=True) if v not in (None, "")}
        for row in rows
    ]


def _xform(form: PhoneForm) -> tuple[ET.Element, list[str]]:
    warnings: list[str] = []
    converted = convert(io.BytesIO(form.raw), warnings=warnings, file_type=".xlsx")
    return ET.fromstring(converted.xform), [*warnings, *converted.warnings]  # noqa: S314 - our own


def _items(xform: ET.Element, instance: str) -> list[Mapping[str, str]]:
    found = xform.findall(f".//x:instance[@id='{instance}']//x:item", XF)
    return [{child.tag.rpartition("}")[2]: child.text or "" for child in item} for item in found]


@pytest.mark.parametrize("flavour", Flavour)
def test_pyxform_converts_the_form_without_a_warning(desk: Desk, flavour: Flavour) -> None:
    offer_all(desk.scene)
    _xml, warnings = _xform(_form(desk, flavour))

    assert [] == warnings


@pytest.mark.parametrize("flavour", Flavour)
def test_the_itemset_is_exactly_the_open_offers(desk: Desk, flavour: Flavour) -> None:
    offered = offer_all(desk.scene)
    desk.scene.named("REL-DDR", posts=3)
    confirmed = offered[Dimension.DATA]
    order = SignOrder(act=Act.CONFIRM, capacity_uid=confirmed)
    desk.scene.act(desk.scene.receiver, order)
    xml, _warnings = _xform(_form(desk, flavour))
    expected = {str(uid) for uid in offered.values()} - {str(confirmed)}

    assert expected == {item["name"] for item in _items(xml, "offers")}


def test_every_text_is_there_in_every_language(desk: Desk) -> None:
    offer_all(desk.scene)
    form = _form(desk)
    rows = [*_sheet(form, "survey"), *_sheet(form, "choices")]
    kinds = ("label", "hint", "required_message", "constraint_message")
    told = [
        {code for code, name in NAMES.items() if f"{kind}::{name}" in row}
        for row in rows
        for kind in kinds
        if any(key.startswith(f"{kind}::") for key in row)
    ]
    labelled = [row for row in rows if row.get("type") != "calculate"]

    assert told
    assert all(each == set(NAMES) for each in told)
    assert all(f"label::{name}" in row for row in labelled for name in NAMES.values())


def test_the_words_of_the_form_differ_from_language_to_language(desk: Desk) -> None:
    offer_all(desk.scene)
    own = [row for row in _sheet(_form(desk), "survey") if row.get("type") != "calculate"]
    for row in own:
        labels = [row[f"label::{name}"] for name in NAMES.values()]

        assert len(set(labels)) == len(labels)
        assert re.search(r"[\u0600-\u06ff]", row[f"label::{NAMES['ar']}"])


def test_nothing_of_position_device_or_person_is_asked(desk: Desk) -> None:
    offer_all(desk.scene)
    form = _form(desk)
    types = {row["type"].split()[0] for row in _sheet(form, "survey")}
    xml = ET.tostring(_xform(form)[0], encoding="unicode")

    assert types.isdisjoint(NOT_ASKED)
    assert {
        "note",
        "select_one",
        "select_multiple",
        "integer",
        "date",
        "text",
        "calculate",
    } == types
    assert not re.search(r"deviceid|phonenumber|username|geopoint|orx:audit|jr:preload=\"prop", xml)


def test_restricted_functions_are_left_out_and_counted(desk: Desk) -> None:
    offer_all(desk.scene)
    restricted = desk.scene.offered("MRM-VER")
    form = _form(desk)

    assert {"restricted": 1} == dict(form.left_out)
    assert str(restricted).encode() not in form.raw
    assert str(restricted) not in str(_sheet(form, "choices"))


def test_what_waits_for_a_countersignature_is_left_out_and_counted(desk: Desk) -> None:
    offered = offer_all(desk.scene)
    order = SignOrder(
        act=Act.NOT_APPLICABLE, capacity_uid=offered[Dimension.POSTS], reason="None of it is here."
    )
    desk.scene.act(desk.scene.planner, order)
    form = _form(desk)

    assert {"waits-for-countersignature": 1} == dict(form.left_out)
    assert 2 == len(form.offers)


def test_the_version_follows_the_content_and_the_form_keeps_its_name(desk: Desk) -> None:
    offered = offer_all(desk.scene)
    first, same = _form(desk), _form(desk)
    more = StateQuantity(capacity_uid=offered[Dimension.POSTS], quantity=12)
    state_quantity(desk.sessions, more, actor=desk.scene.planner, clock=desk.scene.clock)
    second = _form(desk)
    order = SignOrder(act=Act.CONFIRM, capacity_uid=offered[Dimension.SKILLS])
    desk.scene.act(desk.scene.receiver, order)
    third = _form(desk)

    assert first.version == same.version
    assert first.raw == same.raw
    assert 3 == len({first.version, second.version, third.version})
    assert 1 == len({first.form_id, second.form_id, third.form_id})


def test_the_form_says_its_version_and_what_it_showed(desk: Desk) -> None:
    offered = offer_all(desk.scene)
    form = _form(desk)
    survey = {row["name"]: row for row in _sheet(form, "survey")}
    content = {item["name"]: item["content"] for item in _items(_xform(form)[0], "offers")}
    posts = offered[Dimension.POSTS]

    assert f"'{form.version}'" == survey[asked.VERSION]["calculation"]
    assert form.version == _sheet(form, "settings")[0]["version"]
    assert desk.scene.capacity(posts).content_hash == content[str(posts)]


def test_every_question_that_comes_back_is_one_that_is_asked(desk: Desk) -> None:
    offer_all(desk.scene)
    names = {row["name"] for row in _sheet(_form(desk), "survey")} - {"unbroken_note"}

    assert set(asked.QUESTIONS) == names


def test_parts_are_those_of_the_offer_chosen(desk: Desk) -> None:
    offered = offer_all(desk.scene)
    parts = _items(_xform(_form(desk))[0], "parts")
    skills = str(offered[Dimension.SKILLS])

    assert {f"{skills}--{key}" for key in ("abduction", "maiming", "use")} == {
        item["name"] for item in parts if item["offer"] == skills
    }


def test_a_label_says_function_area_and_how_much(desk: Desk) -> None:
    offered = offer_all(desk.scene)
    rows = {row["name"]: row for row in _sheet(_form(desk), "choices")}
    label = rows[str(offered[Dimension.POSTS])][f"label::{NAMES['en']}"]

    assert label.startswith("Function DIG-REP · North · Posts: 10 post · for agency")


def test_a_country_team_gets_only_what_concerns_it(desk: Desk) -> None:
    offer_all(desk.scene)

    with pytest.raises(Conflict, match="No open offer"):
        _form(desk, actor=desk.scene.attester)
    assert 3 == len(_form(desk, actor=desk.scene.receiver).offers)


def test_others_make_no_form(desk: Desk) -> None:
    offer_all(desk.scene)

    with pytest.raises(Forbidden):
        _form(desk, actor=desk.scene.donor)
    with pytest.raises(Forbidden):
        _form(desk, actor=desk.scene.observer)


def test_a_plan_without_open_offers_has_no_form(desk: Desk) -> None:
    with pytest.raises(Conflict, match="No open offer"):
        _form(desk)


def test_questions_come_in_the_order_of_thought(desk: Desk) -> None:
    offer_all(desk.scene)
    names = [row["name"] for row in _sheet(_form(desk), "survey")]
    order = [asked.OFFER, asked.ANSWER, asked.QUANTITY, asked.PARTS, asked.UNTIL, asked.REASON]

    assert all(names.index(one) < names.index(other) for one, other in pairwise(order))
