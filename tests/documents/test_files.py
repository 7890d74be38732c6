"""A certificate's file: every changed byte is found, and a forger who seals it anew is too."""

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from unbroken.documents import drawing
from unbroken.documents.attachments import NoData, attached_data
from unbroken.documents.checking import check_file
from unbroken.documents.drawing import CannotDraw, draw, drawing_of
from unbroken.documents.rules.certificates import (
    ChainHead,
    Data,
    Frame,
    Issuer,
    certificate_data,
    code_for,
    content_hash_of,
)
from unbroken.documents.rules.findings import Flaw
from unbroken.documents.rules.seals import (
    LINE,
    NotSealable,
    first_difference,
    read_seal,
    sealed,
)
from unbroken.documents.rules.sheets import sheet_of
from unbroken.documents.rules.veil import public_state
from unbroken.documents.rules.words import Audience, Kind
from unbroken.kit.languages import LANGUAGES, load_languages

KNOWN = load_languages()
UID = UUID("0198c0ff-ee00-4000-8000-0000000000ab")
ARABIC = "حماية الأطفال في مناطق النزاع"


def receipt(act: str, **changes: object) -> dict[str, object]:
    return {
        "uid": str(UID),
        "act": act,
        "at": "2026-03-02T09:00:00.000000+00:00",
        "on": "2026-03-02",
        "organisation": "UNICEF",
        "organisation_uid": str(UID),
        "role": "country-team",
        "quantity": 4,
        "parts": [],
        "until_on": None,
        "months": None,
        "passed": None,
        "reason": "",
        "instrument": "",
        "instrument_on": None,
        "authority": "",
        "ground": None,
        "package": None,
        "countersigns": None,
        "waits": False,
        "state_after": "confirmed",
        "edition": "2026.1",
        "language": "en",
        "content_hash": "ab" * 32,
        "signature": "cd" * 32,
        **changes,
    }


def capacity(dimension: str = "posts", **changes: object) -> dict[str, object]:
    return {
        "uid": str(UID),
        "dimension": dimension,
        "unit": "post",
        "quantity": 4,
        "parts": [],
        "titles": {},
        "state": "confirmed",
        "standing": "confirmed",
        "cover": "green",
        "fits": True,
        "rest_of": None,
        "waits_for": None,
        "condition": "",
        "condition_until_on": None,
        "answer_by": None,
        "dispute_until_on": None,
        "funded_until_on": "2026-12-31",
        "confirmed_on": "2026-03-02",
        "checked": [None, None, None],
        "check_failed_on": None,
        "edition": "2026.1",
        "language": "en",
        "content_hash": "ab" * 32,
        "signed_hash": "ab" * 32,
        "receipts": [receipt("offer", role="planner"), receipt("confirm")],
        **changes,
    }


def transfer_of(capacities: int) -> dict[str, object]:
    body = {"uid": str(UID), "kind": "agency"}
    return {
        "uid": str(UID),
        "kind": "transfer",
        "state": "open",
        "is_lead": True,
        "giver": {**body, "name": "MINUSMA"},
        "receiver": {**body, "name": "UNICEF"},
        "starts_on": None,
        "ends_on": None,
        "scope_note": "",
        "illustrative": True,
        "capacities": [capacity() for _each in range(capacities)],
    }


def state(places: int = 1, capacities: int = 2) -> dict[str, Any]:
    place = {
        "uid": str(UID),
        "function": "MRM-VER",
        "title": "Monitoring and verification of grave violations",
        "tier": 1,
        "area": "Gao",
        "area_slug": "gao",
        "restricted": True,
        "last_day_on": "2026-06-30",
        "cover": "green",
        "bridged_until_on": None,
        "beside": 0,
        "baseline_posts": 4,
        "transfers": [transfer_of(capacities)],
    }
    return {
        "kind": "plan",
        "plan": {
            "uid": str(UID),
            "slug": "minusma",
            "title": "MINUSMA, Mali",
            "kind": "drawdown",
            "scope": "whole",
            "state": "open",
            "mission": "minusma",
            "acronym": "MINUSMA",
            "country": "MLI",
            "edition": "2026.1",
            "mandate_ends_on": "2026-06-30",
            "transfer_ends_on": None,
            "illustrative": True,
        },
        "decisions": [],
        "revision": None,
        "baseline": None,
        "custodian": None,
        "functions": [place] * places,
        "gaps": {"critical": 1, "high": 0, "medium": 0, "low": 0},
    }


def data_of(
    certified: dict[str, Any] | None = None,
    *,
    language: str = "en",
    audience: Audience = Audience.RESTRICTED,
    texts: dict[str, dict[str, object]] | None = None,
) -> Data:
    frame = Frame(
        uid=UID,
        kind=Kind.PLAN,
        audience=audience,
        language=language,
        issued_at=datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC),
        on=date(2026, 3, 2),
        zone="Africa/Bamako",
        issuer=Issuer(UID, "MINUSMA", "planner"),
        instance=UID,
        chain=ChainHead(UID, 7, "ef" * 32),
        address="https://unbroken.example/check",
        drawing=drawing_of(language),
    )
    return certificate_data(frame, state() if certified is None else certified, texts or {})


def drawn(data: Data) -> bytes:
    return draw(data, KNOWN.translator(data["language"]))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return drawn(data_of())


def flaws(raw: bytes) -> set[str]:
    return {fault.flaw.value for fault in check_file(raw, KNOWN).faults}


def test_an_untouched_file_proves_itself_and_gives_back_its_data(pdf: bytes) -> None:
    checked = check_file(pdf, KNOWN)

    assert ((), data_of()) == (checked.faults, checked.data)
    assert code_for(data_of()) in checked.notes[0]


def test_the_same_data_give_the_same_bytes(pdf: bytes) -> None:
    other_order = dict(reversed(list(data_of().items())))

    assert pdf == drawn(other_order)


def test_every_changed_byte_is_found_and_the_first_is_named(pdf: bytes) -> None:
    @settings(deadline=None, max_examples=120)
    @given(st.integers(0, len(pdf) - 1), st.integers(1, 255))
    def changed(place: int, by: int) -> None:
        broken = bytearray(pdf)
        broken[place] ^= by
        checked = check_file(bytes(broken), KNOWN)
        named = [f.where for f in checked.faults if f.flaw is Flaw.DRAWING_DIFFERS]

        assert checked.faults
        assert named in ([], [f"byte {place}"])
        assert named or {f.flaw for f in checked.faults} & {Flaw.DATA_CHANGED, Flaw.UNREADABLE}

    changed()


@pytest.mark.parametrize("kept", [0, 1, 5, 1000, -400, -200, -80, -7, -1])
def test_a_file_that_was_cut_is_found(pdf: bytes, kept: int) -> None:
    assert flaws(pdf[:kept])


@pytest.mark.parametrize("added", [b"\0", b" ", b"\n", b"x", b"%%EOF", b"%PDF-1.7"])
def test_a_file_that_grew_is_found(pdf: bytes, added: bytes) -> None:
    assert "file-changed" in flaws(pdf + added)
    assert flaws(added + pdf)


def test_a_drawing_that_was_changed_and_sealed_anew_is_found(pdf: bytes) -> None:
    bare = LINE.sub(b"", pdf)
    at = bare.index(b"endobj")
    forged = bare[: at - 1] + b" " + bare[at:]
    data = data_of()
    again = sealed(forged, code=code_for(data), content_hash=content_hash_of(data))
    seal = read_seal(again)

    assert seal is not None
    assert seal.fits
    assert "drawing-differs" in flaws(again)


def test_a_seal_of_other_data_is_found(pdf: bytes) -> None:
    bare = LINE.sub(b"", pdf)
    again = sealed(bare, code=code_for(data_of()), content_hash="0" * 64)

    assert {"data-changed"} == flaws(again)


def test_what_is_no_pdf_cannot_be_sealed_and_a_seal_is_set_once(pdf: bytes) -> None:
    for raw in (b"", b"%PDF-1.7", pdf):
        with pytest.raises(NotSealable):
            sealed(raw, code="", content_hash="")


def test_another_versions_drawing_is_said_and_not_called_a_fault() -> None:
    data = data_of()
    data["drawing"] = {**data["drawing"], "typst": "0.1.0"}
    checked = check_file(drawn(data), KNOWN)

    assert () == checked.faults
    assert "Another version drew it" in checked.notes[1]


@pytest.mark.parametrize("raw", [b"%PDF-1.7\n%%EOF", b"%PDF-" + b"[" * 5000])
def test_a_pdf_without_our_data_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(NoData):
        attached_data(raw)
    assert {"file-changed", "data-changed"} == flaws(raw)


def test_data_that_are_no_certificates_cannot_be_drawn() -> None:
    for data in ({}, {"version": 1}, data_of() | {"state": {}}):
        with pytest.raises(CannotDraw):
            draw(data, KNOWN.translator("en"))


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_the_first_difference_is_the_first(one: bytes, other: bytes) -> None:
    length = max(len(one), len(other))
    places = (at for at in range(length) if one[at : at + 1] != other[at : at + 1])

    assert next(places, None) == first_difference(one, other)


def test_the_file_is_tagged_titled_dated_and_archivable(pdf: bytes, tmp_path: Path) -> None:
    reader = PdfReader(_kept(tmp_path, pdf))
    catalogue: Any = reader.root_object
    told = catalogue["/Metadata"].get_object().get_data().decode()

    assert catalogue["/MarkInfo"]["/Marked"]
    assert (catalogue["/Lang"], catalogue["/ViewerPreferences"]["/DisplayDocTitle"]) == ("en", True)
    assert "<pdfaid:part>3</pdfaid:part>" in told
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificate of what was handed over under a plan"
    assert reader.metadata.creation_date == datetime(2026, 3, 2, 9, tzinfo=UTC)


def _kept(folder: Path, raw: bytes) -> Path:
    file = folder / "certificate.pdf"
    file.write_bytes(raw)
    return file


def test_a_long_table_goes_on_over_pages_under_its_heads(tmp_path: Path) -> None:
    raw = drawn(data_of(state(places=3, capacities=40)))
    pages = PdfReader(_kept(tmp_path, raw)).pages
    told = [page.extract_text() for page in pages]

    assert len(pages) > 8
    assert all(f"of {len(pages)}" in text for text in told)
    assert sum("By whom and when" in text for text in told) > 5


def test_arabic_is_shaped_by_its_own_font_and_runs_from_right_to_left(tmp_path: Path) -> None:
    title = "Monitoring and verification of grave violations"
    texts: dict[str, dict[str, object]] = {title: {"text": ARABIC, "is_draft": False}}
    data = data_of(language="ar", texts=texts)
    reader = PdfReader(_kept(tmp_path, drawn(data)))
    pages: Any = reader.pages
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert any("NotoNaskhArabic" in font for font in fonts)
    assert all("Noto" in font for font in fonts)
    assert str(reader.root_object["/Lang"]) == "ar"
    assert sheet_of(data, KNOWN.translator("ar"))["dir"] == "rtl"
    assert ARABIC in json.dumps(sheet_of(data, KNOWN.translator("ar")), ensure_ascii=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_each_language_and_reader_is_drawn(language: str, audience: Audience) -> None:
    certified = state() if audience is Audience.RESTRICTED else public_state(state())
    raw = drawn(data_of(certified, language=language, audience=audience))

    assert set() == flaws(raw)


def test_the_fonts_are_those_that_were_vendored() -> None:
    sums = (drawing.FONTS / "SHA256SUMS").read_text(encoding="utf-8").split("\n")
    told = {name: made for made, _space, name in (line.partition("  ") for line in sums if line)}
    found = {
        at.name: hashlib.sha256(at.read_bytes()).hexdigest() for at in drawing.FONTS.glob("*.ttf")
    }

    assert told == found
    assert len(list(drawing.FONTS.glob("OFL-*.txt"))) == 2
