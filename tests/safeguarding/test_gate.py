"""Free text that points at a person is refused with a reason; ordinary transition talk passes."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.kit.errors import Invalid
from unbroken.safeguarding.rules import band, check_text

MUST_REFUSE = [
    # people
    "Amina, 14",
    "Amina, 14, from Gao",
    "Amina (14 ans)",
    "Amina (14)",
    "Amina Diallo, 12 years, reported",
    "Amina, aged 14",
    "Moussa is 15 years old",
    "Moussa is 9.",
    "boy of 12 named Moussa",
    "a girl aged 13 was referred",
    "a 12-year-old recruited near the base",
    "16 y/o former combatant",
    "fille âgée de 13 ans",
    "un garçon de 12 ans",
    "enfant (11 ans) remis",
    "une mineure nommée Awa",
    "niña de 12 años",
    "un niño llamado Pedro",
    "menor, 13 años",
    "طفل عمره 12",
    "فتاة عمرها ١٤ سنة",
    "تبلغ من العمر 13",
    "طفلة اسمها أمينة",
    "أمينة، 14 سنة",
    "the survivor Fatoumata was moved",
    "victim called F. K. in the file",
    "initials A.B. in the report",
    "Ａｍｉｎａ, １４",
    "Аmina, 14",
    "Am\u200bina, 1\u200b4",
    "Amina, ١٤",
    # dates of birth
    "DOB 12/03/2011",
    "date of birth: 2011-03-12",
    "born on 3 May 2010",
    "née le 12 mars 2011",
    "date de naissance 12.03.2011",
    "nacido el 12 de marzo de 2011",
    "تاريخ الميلاد 12/3/2011",
    # telephones
    "+223 70 12 34 56",
    "call 00223 70123456",
    "+243 (0)81 234 5678",
    "tel. 70 12 34 56",
    "70 12 34 56",
    "0812345678",
    "081 234 5678",
    "WhatsApp 76-54-32-10",
    "+٢٢٣ ٧٠ ١٢ ٣٤ ٥٦",
    "+223\u200b70\u200b12\u200b34\u200b56",
    "7O 12 34 56",
    "هاتف 70123456",
    # places
    "12.63921, -8.00289",
    "12,63921; -8,00289",
    "lat 12.6 lon -8.0",
    "16°16'N 0°03'W",
    "16.27N, 0.05W",
    "site at 29PQT1234567890",
    "29P QT 12345 67890",
    "house at 6FG22222+22",
    "geo:16.27,-0.04",
    "https://maps.app.goo.gl/xyz",
    "https://www.google.com/maps/place/x",
    "///filled.count.soap",
    "GPS: 16.27",
    # cases
    "case no. 2023-0141",
    "case 2023-0141",
    "Case ID: ABC-12",
    "dossier n° 12/2023",
    "CP-2023-0141",
    "GBV-23-0012",
    "CPIMS+ id 0012345",
    "Primero record 123-4567",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "ملف رقم 12",
    # contacts
    "write to amina.diallo@example.org",
    "amina (at) example.org",
    "@amina_d on the platform",
    "https://facebook.com/amina.d",
    "https://t.me/amina",
    "https://example.org/users/amina",
    "https://example.org/x?id=12",
    # counts
    "3 girls",
    "deux garçons",
    "three released children",
    "2 unaccompanied minors",
    "tres niñas",
    "une fillette",
    "5 survivors",
    "٣ أطفال",
    "ثلاث فتيات",
    # identities
    "passport AB123456",
    "NIN 1234567",
    "carte d'identité 998877",
]
MUST_ACCEPT = [
    "Letter S/2023/611 of 18 August 2023",
    "Resolution 2690 (2023)",
    "resolution 2764 (2024), paragraph 12",
    "S/RES/2764 (2024)",
    "S/PV.9350, 16 June 2023",
    "A/77/895-S/2023/363",
    "ST/SGB/2007/6",
    "S/AC.51/2023/4",
    "24-hour handover protocol",
    "72 h handover protocol signed",
    "12 posts",
    "Phase 2",
    "Phase 2, 12 posts",
    "34 civilian staff",
    "USD 57 million",
    "USD 57,000,000",
    "57 000 000 USD",
    "US$ 1,234,567.50",
    "EUR 1234567",
    "1,234,567 people",
    "1 234 567 people displaced",
    "2023-06-16",
    "2023-06-16 to 2023-12-31",
    "16.06.2023",
    "16/06/2023 - 31/12/2023",
    "le 30 juin 2023",
    "30 de junio de 2023",
    "30 يونيو 2023",
    "2023-2024 budget",
    "2022, 2023 and 2024",
    "Hotline number tested in Gao",
    "helpline 116 agreed with the operator",
    "hotline staffed 24/7",
    "post 30012345 abolished",
    "Post no. 30012345",
    "project 201234 of the fund",
    "one child protection officer",
    "3 child-protection advisers",
    "two child protection posts in Mopti",
    "1 child protection specialist (P-4)",
    "P-4, 2 posts; P-3, 4 posts",
    "children aged 10-17",
    "girls and boys under 18",
    "services for children under five",
    "1-9 children",
    "10-49 girls",
    "50+ children",
    "120 children reached",
    "0 children",
    "Children's desk of the ministry",
    "Country task force co-chair: UNICEF",
    "Minutes of the meeting of 3 August 2023",
    "Memorandum, annex 3, page 14",
    "Annex, 14",
    "Kidal, 31 October 2023",
    "Gao: 12 posts, Mopti: 8 posts",
    "lead time 6 months, then 12 months",
    "Project of 3 years",
    "MINUSMA (10 years)",
    "Bridge of 18 months (2024-2025)",
    "temperature below 35 °C in storage",
    "Data transferred at 14:30-16:00",
    "info@example.org is the role mailbox",
    "https://undocs.org/S/2023/611",
    "Sharing protocol with GBVIMS renewed in 2024",
    "CPIMS+ access ends with the mandate",
    "CPIMS+ 2023 agreement",
    "victim assistance fund",
    "Victims' Rights Advocate",
    "in case no receiver is named",
    "in case no 12 staff remain",
    "Funded until June 2025, 40 % committed",
    "3.5 million euros",
    "Formation de 25 observateurs à Bamako",
    "Protocole de remise sous 48 heures",
    "trois conseillers à la protection de l'enfance",
    "اتفاق الشراكة الموقع في 2023",
    "12 وظيفة في المنطقة",
    "Protocolo de entrega en 48 horas",
    "tres puestos de protección de menores",
    "first paragraph\nsecond paragraph",
    "Vehicle hours: 1200 a month",
    "Budget line 12345678",
    "grade G-6, step 3",
    "MRM-VER-01",
    "item PSEA-VIC-11",
    "project sheet 00081403",
    "certificate and roles of two witnesses",
    "Option A, 2 of 3 agreed",
]


@pytest.mark.parametrize("text", MUST_REFUSE)
def test_what_points_at_a_person_or_place_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        check_text(text, field="note")


@pytest.mark.parametrize("text", MUST_REFUSE)
def test_it_is_found_inside_a_sentence_too(text: str) -> None:
    with pytest.raises(Invalid):
        check_text(f"Handed to the desk: {text}", field="note")


@pytest.mark.parametrize("text", MUST_ACCEPT)
def test_ordinary_talk_of_transitions_passes(text: str) -> None:
    assert check_text(text, field="note") == text


def test_both_tables_are_long_enough() -> None:
    assert min(len(set(MUST_REFUSE)), len(set(MUST_ACCEPT))) >= 60


def test_the_refusal_says_where_what_and_how_to_mend_it() -> None:
    with pytest.raises(Invalid) as caught:
        check_text("Please call +223 70 12 34 56", field="capacity.note")
    (problem,) = caught.value.problems

    assert problem.path == "capacity.note"
    assert problem.what == "looks like a telephone number at character 13"
    assert problem.remedy


def test_the_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(Invalid) as caught:
        check_text("Amina, 14, tel. 70 12 34 56", field="note")
    told = " ".join(p.what + p.remedy for p in caught.value.problems) + str(caught.value)

    assert len(caught.value.problems) == 2
    assert "Amina" not in told
    assert "70" not in told


def test_the_text_comes_back_composed_and_without_outer_blanks() -> None:
    assert check_text("  re\u0301vision\u200b \r\n", field="note") == "révision"


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x00", "\x1b", "\x7f", "\ud800"])
def test_characters_that_hide_text_are_refused(mark: str) -> None:
    with pytest.raises(Invalid, match="faults"):
        check_text(f"ab{mark}c", field="note")
    with pytest.raises(Invalid) as caught:
        check_text(f"ab{mark}c", field="note")

    assert "3" in caught.value.problems[0].what


def test_the_limit_itself_still_fits() -> None:
    assert check_text("x" * 280, field="note") == "x" * 280


def test_one_character_more_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        check_text("x" * 281, field="note")

    assert caught.value.problems[0].what == "is 281 characters long; 280 fit"


@given(st.text(max_size=120))
def test_a_text_that_passed_passes_again_unchanged(text: str) -> None:
    try:
        once = check_text(text, field="note")
    except Invalid:
        return

    assert check_text(once, field="note") == once


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "1-",
        "A",
        "Aa ",
        "a@",
        "a.",
        "(1",
        "+1 ",
        "one ",
        "girl ",
        "S/1",
        "1,000",
        "é",
        "1.1,",
        "one of the ",
        "boy x",
        "case ",
        "http://a",
        "عمر ",
        "57 000 ",
        "2023-",
        "-" * 3,
        "12°",
        "[at",
    ],
)
def test_time_grows_only_with_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        start = time.process_time()
        with contextlib.suppress(Invalid):
            check_text(text, field="note", limit=length)
        return time.process_time() - start

    assert seconds(40_000) < 3.0


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0"), (1, "1-9"), (9, "1-9"), (10, "10-49"), (49, "10-49"), (50, "50+"), (9999, "50+")],
)
def test_counts_are_told_in_bands(count: int, told: str) -> None:
    assert band(count) == told


def test_a_negative_count_has_no_band() -> None:
    with pytest.raises(ValueError, match="negative"):
        band(-1)
