"""Files of exchange rates: exact, named for their direction, never a rate that nobody stated."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house.tree import ROOT
from unbroken.kit.canonical import plain
from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Payload
from unbroken_integrations.rates.adapter import RatesReader, rows

DATA = ROOT / "tests" / "data" / "integrations" / "rates"
IMF, ECB, UN_TABLE = DATA / "imf-2020.csv", DATA / "ecb-daily.csv", DATA / "un-2026-11.csv"
UN_MONTH, UN_CHANGES = DATA / "un-2026-11.xml", DATA / "un-2026-11-15.xml"

ECB_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="urn:ecb">
<Cube><Cube time="2026-04-13"><Cube currency="USD" rate="1.1684"/>
<Cube currency="GBP" rate="0.87058"/></Cube>
<Cube time="2026-04-10"><Cube currency="USD" rate="1.25"/></Cube></Cube></gesmes:Envelope>"""

ECB_HISTORY = b"""Date,USD,GBP,CYP,
2026-04-13,1.1684,0.87058,N/A,
2007-12-31,1.4721,0.73335,0.585274,
"""


def read(*contents: bytes | Path, **chosen: str) -> dict[str, Any]:
    return dict(RatesReader().read(payloads(*contents), chosen))


def payloads(*contents: bytes | Path) -> list[Payload]:
    raw = [each.read_bytes() if isinstance(each, Path) else each for each in contents]
    return [Payload(f"{n}.file", each) for n, each in enumerate(raw)]


def is_sound_or_refused(content: bytes) -> bool:
    """Return whether it gives rates above zero only, or a refusal that names a problem."""
    try:
        told = read(content)
        plain(told)
    except Invalid as refused:
        return bool(refused.problems)
    return all(each.get("per_usd", 1) > 0 for each in told["rates"].values())


def spoken(document: dict[str, Any]) -> str:
    return " | ".join(document["warnings"])


def packed(*names: str, content: bytes = ECB_HISTORY) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for each in names:
            archive.writestr(each, content)
    return made.getvalue()


def imf(*lines: str) -> bytes:
    head = "Date,Rate,Currency,Frequency,Source,Country code,Country"
    return "\n".join([head, *lines]).encode()


def test_the_imf_states_units_for_one_dollar() -> None:
    told = read(IMF, on="2020-12-31")

    assert told["rates"]["CDF"] == {"per_usd": Decimal("1971.805"), "on": date(2020, 12, 31)}
    assert round(told["rates"]["XOF"]["per_usd"], 4) == Decimal("534.5587")
    assert "names no currency" in spoken(told)


def test_the_day_chosen_decides() -> None:
    assert read(IMF, on="2020-12-30")["rates"]["CDF"]["on"] == date(2020, 11, 30)


def test_a_row_of_another_country_never_moves_the_dollar() -> None:
    told = read(imf("2020-12-31,72.1,USD,M,IMF,HT,Haiti", "2020-12-31,55,SDG,M,IMF,SD,Sudan"))

    assert told["rates"]["USD"]["per_usd"] == 1
    assert "they mean another currency" in spoken(read(IMF))
    assert "HTG" in told["mission_currencies_lacking"]


def test_of_countries_that_differ_the_currencys_own_is_taken_or_none() -> None:
    lines = ["2020-12-31,14.6,ZAR,M,IMF,NA,Namibia", "2020-12-31,14.7,ZAR,M,IMF,ZA,South Africa"]
    assert read(imf(*lines))["rates"]["ZAR"]["per_usd"] == Decimal("14.7")

    clash = ["2020-12-31,534,XOF,M,IMF,ML,Mali", "2020-12-31,535,XOF,M,IMF,NE,Niger"]
    told = read(imf(*clash, *lines))
    assert "XOF" not in told["rates"]
    assert "XOF has 2 different rates" in spoken(told)
    with pytest.raises(Invalid):
        read(imf(*clash, *lines), currencies="XOF")


def test_an_old_rate_is_told() -> None:
    assert "SOS" in read(IMF)["warnings"][1]


def test_the_bank_states_units_for_one_euro_and_dollars_are_derived() -> None:
    told = read(ECB)

    assert (told["published_base"], told["on"]) == ("EUR", date(2026, 4, 13))
    assert told["rates"]["USD"] == {
        "per_usd": Decimal(1),
        "per_eur": Decimal("1.1684"),
        "on": date(2026, 4, 13),
    }
    assert told["rates"]["EUR"]["per_usd"] == Decimal("0.855871276959945")
    assert {"XOF", "CDF", "SDG", "HTG"} <= set(told["mission_currencies_lacking"])


def test_the_banks_forms_say_the_same() -> None:
    expected = {"per_usd": Decimal(1), "per_eur": Decimal("1.1684"), "on": date(2026, 4, 13)}

    marked = ECB_XML.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    for each in (marked, ECB_XML, ECB_HISTORY, packed("eurofxref-hist.csv"), ECB.read_bytes()):
        assert read(each)["rates"]["USD"] == expected
    assert read(ECB_XML, on="2026-04-12")["rates"]["USD"]["per_eur"] == Decimal("1.25")


def test_a_currency_that_ended_is_priced_on_its_own_last_day() -> None:
    told = read(ECB_HISTORY)["rates"]["CYP"]

    assert told["on"] == date(2007, 12, 31)
    assert told["per_usd"] == Decimal("0.397577610216697")


def test_the_treasury_repeats_currencies_and_the_newest_day_wins() -> None:
    for order in ((UN_MONTH, UN_CHANGES), (UN_CHANGES, UN_MONTH)):
        told = read(*order)
        assert told["rates"]["SDG"] == {"per_usd": Decimal(655), "on": date(2026, 11, 15)}
        assert told["rates"]["XOF"] == {"per_usd": Decimal("561.25"), "on": date(2026, 11, 1)}
        assert told["rates"]["KZT"]["per_usd"] == Decimal("522.4")
    assert read(UN_MONTH, UN_CHANGES, on="2026-11-14")["rates"]["SDG"]["per_usd"] == Decimal(
        "600.1"
    )
    assert "middle of a month" in spoken(read(UN_CHANGES))


def test_the_treasurys_table_is_read_like_its_xml() -> None:
    told = read(UN_TABLE)

    assert told["source"] == "un-operational-rates"
    assert {name: each["per_usd"] for name, each in told["rates"].items()} == {
        "CDF": Decimal(2450),
        "KZT": Decimal("522.4"),
        "USD": Decimal(1),
        "XOF": Decimal("561.25"),
    }


def test_lines_above_the_headings_of_the_treasurys_table_are_passed_over() -> None:
    lines = ["UN Operational Rates of Exchange", "As of 1 Nov 2026, for internal use", ""]
    heads = "Country\tCurrency\tAbbreviation\tEffective Date\tRate"
    rows_ = ["Mali\tCFA Franc\tXOF\t1 Nov 2026\t561.25 ", "Chad\tFranc\tXAF\t1 Nov 2026\tsoon"]
    told = read("\r\n".join([*lines, heads, *rows_]).encode())

    assert told["rates"]["XOF"]["per_usd"] == Decimal("561.25")
    assert "0.file: line 6: soon is not a rate" in spoken(told)


def test_another_base_is_named_in_the_field() -> None:
    told = read(UN_MONTH, base="EUR", currencies="XOF")

    assert told["rates"] == {
        "XOF": {
            "per_eur": Decimal("655.665887850467"),
            "per_usd": Decimal("561.25"),
            "on": date(2026, 11, 1),
        }
    }


def test_rows_are_for_one_dollar_on_each_day() -> None:
    assert [tuple(each) for each in rows(payloads(ECB_XML))] == [
        ("EUR", Decimal("0.8"), date(2026, 4, 10)),
        ("EUR", Decimal("0.855871276959945"), date(2026, 4, 13)),
        ("GBP", Decimal("0.745104416295789"), date(2026, 4, 13)),
        ("USD", Decimal(1), date(2026, 4, 10)),
        ("USD", Decimal(1), date(2026, 4, 13)),
    ]
    assert len(read(ECB_XML, history="yes")["history"]) == 5


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({"currencies": "CDF,HTG"}, "HTG"),
        ({"currencies": "Q99"}, "Q99"),
        ({"base": "HTG"}, "HTG"),
        ({"base": "dollars"}, "DOLLARS"),
        ({"on": "31 December"}, "on"),
        ({"history": "maybe"}, "history"),
        ({"currencies": "CDF", "on": "2019-01-01"}, "CDF"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_on_its_line(chosen: dict[str, str], where: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(IMF, **chosen)

    assert [each.path for each in refused.value.problems if each.path == where] == [where]


@pytest.mark.parametrize(
    "line",
    [
        *("2020-12-31,0,CDF", "2020-12-31,-5,CDF", "2020-12-31,NaN,CDF", "2020-12-31,1e99,CDF"),
        *("2020-12-31,cheap,CDF", "31/12/2020,5,CDF", "2020-13-31,5,CDF", "2020-12-31,5,QQQ"),
    ],
)
def test_a_row_that_cannot_be_is_left_out_and_named(line: str) -> None:
    told = read(imf(f"{line},M,IMF,CD,Congo", "2020-12-31,55,SDG,M,IMF,SD,Sudan"))

    assert "CDF" not in told["rates"]
    assert "0.file: line 2" in spoken(told)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"<html></html>", b"<rss/>", b'{"rates": {}}', b"a,b\n1,2\n", b"PK\x03\x04broken"),
        *(UN_MONTH.read_bytes()[:700], b"Date,USD,JPY\n", imf(), imf("x,y,z,M,IMF,CD,Congo")),
        b'<!DOCTYPE x [<!ENTITY e "1">]><UN_OPERATIONAL_RATES_DATASET/>',
        *(packed("a.csv", "b.csv"), packed("readme.txt"), packed("a.csv")[:-40]),
        packed("a.csv", content=packed("b.csv")),
        b"<UN_OPERATIONAL_RATES_DATASET><UN_OPERATIONAL_RATES/></UN_OPERATIONAL_RATES_DATASET>",
    ],
)
def test_what_is_no_file_of_rates_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)

    assert all(each.path.startswith("0.file") for each in refused.value.problems)
    assert refused.value.problems


def test_files_of_several_sources_are_refused_together() -> None:
    with pytest.raises(Invalid) as refused:
        read(IMF, ECB)

    assert "several sources" in refused.value.problems[0].what


CELLS = st.sampled_from(
    ["2020-12-31", "1 Nov 2026", "", "5", "0", "1,971", "CDF", "USD", "x", "N/A"]
)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(
        [
            "Date,Rate,Currency,Frequency",
            "Date,USD,CDF",
            "Currency Code,Rate,Effective Date",
        ]
    ),
    st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=5),
)
def test_any_table_is_read_or_refused(head: str, lines: list[list[str]]) -> None:
    content = "\n".join([head, *(",".join(each) for each in lines)]).encode()
    assert is_sound_or_refused(content)
