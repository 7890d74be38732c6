"""Activity files of IATI: exact totals of each type and currency, doubts told, bombs refused."""

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
from unbroken_integrations.iati.adapter import IatiReader

DATA = ROOT / "tests" / "data" / "integrations" / "iati"
HAITI, SEVEN = DATA / "haiti-2.01.xml", DATA / "seven-2.03.xml"


def read(*contents: bytes | Path) -> dict[str, Any]:
    raw = [each.read_bytes() if isinstance(each, Path) else each for each in contents]
    payloads = [Payload(f"{n}.xml", each) for n, each in enumerate(raw)]
    return dict(IatiReader().read(payloads, {}))


def is_read_or_refused(content: bytes) -> bool:
    """Return whether it gives plain values, or a refusal that names a problem."""
    try:
        plain(read(content))
    except Invalid as refused:
        return bool(refused.problems)
    return True


def activities(*told: str, version: str = 'version="2.03"') -> bytes:
    return f"<iati-activities {version}>{''.join(told)}</iati-activities>".encode()


def activity(*told: str, name: str = "XX-1", attributes: str = 'default-currency="USD"') -> str:
    identity = f"<iati-identifier>{name}</iati-identifier><reporting-org ref='XX'/>"
    return f"<iati-activity {attributes}>{identity}{''.join(told)}</iati-activity>"


def paid(value: str, kind: str = "3", day: str = "2026-01-31") -> str:
    return (
        f"<transaction><transaction-type code='{kind}'/><transaction-date iso-date='{day}'/>"
        f"{value}</transaction>"
    )


def spoken(document: dict[str, Any]) -> str:
    return " | ".join(document["warnings"])


def totals(document: dict[str, Any]) -> dict[tuple[str, str | None], tuple[int, Decimal]]:
    return {
        (each["type"], each["currency"]): (each["count"], each["total"])
        for each in document["transactions"]
    }


def watched(document: dict[str, Any]) -> dict[str, list[str]]:
    return {
        each["code"]: [one["activity"] for one in each["in"]]
        for each in document["watched_sectors"]
        if each["activities"]
    }


def test_a_publishers_file_gives_its_totals_by_type() -> None:
    told = read(HAITI)

    assert (told["activities"], told["activities_without_transactions"]) == (54, 14)
    assert totals(told) == {
        ("2", "GBP"): (40, Decimal(55280622)),
        ("3", "GBP"): (151, Decimal(34670025)),
        ("4", "GBP"): (139, Decimal(16100938)),
    }
    assert told["negative_transactions"] == 15
    assert len(watched(told)["15220"]) == 2
    assert len(watched(told)["15160"]) == 1
    assert told["children_of_activities_here"] == 40
    assert [each["activities"] for each in told["hierarchy"]] == [14, 40]


def test_several_reporters_are_never_one_sum_without_a_word() -> None:
    told = read(SEVEN)

    assert totals(told)["2", "EUR"] == (17, Decimal(48805638))
    assert totals(told)["4", "USD"] == (15, Decimal("388073.01"))
    found = watched(told)
    assert found["15220"] == found["15160"] == found["15180"] == ["NL-KVK-30214009-C380"]
    assert told["other_sector_vocabularies"] == [{"code": "2", "activities": 1}]
    assert "adding reporters double counts" in spoken(told)
    assert "15261" in spoken(told)
    own = {each["ref"]: each["transactions"] for each in told["transactions_by_reporter"]}
    assert sum(one["count"] for those in own.values() for one in those) == 63


def test_a_file_read_twice_counts_once() -> None:
    once, twice = read(HAITI), read(HAITI, HAITI)

    assert totals(twice) == totals(once)
    assert "54 activities came again word for word" in spoken(twice)


def test_of_two_states_of_an_activity_the_later_counts() -> None:
    old, new = (
        activity(
            paid(f"<value>{value}</value>"),
            attributes=f'default-currency="USD" last-updated-datetime="{year}-01-01T00:00:00"',
        )
        for value, year in ((5, 2025), (7, 2026))
    )

    for order in ((old, new), (new, old)):
        assert totals(read(activities(*order))) == {("3", "USD"): (1, Decimal(7))}


@pytest.mark.parametrize(
    ("value", "kind", "fault"),
    [
        ("", "3", "without_value"),
        ("<value currency='EUR'/>", "3", "without_value"),
        ("<value>1000</value>", "", "without_type"),
        ("<value>about a million</value>", "3", "unreadable_value"),
        ("<value>1,234</value>", "3", "unreadable_value"),
        ("<value>1 234</value>", "3", "unreadable_value"),
        ("<value>1e9</value>", "3", "unreadable_value"),
        ("<value>NaN</value>", "3", "unreadable_value"),
        ("<value>٣٤</value>", "3", "unreadable_value"),
        (f"<value>{'9' * 40}</value>", "3", "unreadable_value"),
    ],
)
def test_a_transaction_that_cannot_count_is_counted_as_such(
    value: str, kind: str, fault: str
) -> None:
    told = read(activities(activity(paid(value, kind), paid("<value>10.50</value>"))))

    assert totals(told) == {("3", "USD"): (1, Decimal("10.50"))}
    assert told["left_out"][fault] == 1
    assert "XX-1" in spoken(told)


def test_what_is_doubtful_but_counts_is_told() -> None:
    told = read(
        activities(
            activity(
                paid("<value>10</value>", day="31.01.2026"),
                paid("<value>5</value>", kind="99"),
                attributes="",
            ),
            version="",
        )
    )

    assert totals(told) == {("3", None): (1, Decimal(10)), ("99", None): (1, Decimal(5))}
    assert told["transactions"][0]["undated_count"] == 1
    for word in ("no currency", "no day", "99", "no version"):
        assert word in spoken(told)


def test_comments_inside_an_amount_do_not_cut_it() -> None:
    told = read(activities(activity(paid("<value>12<!-- thousand -->34</value>"))))

    assert totals(told) == {("3", "USD"): (1, Decimal(1234))}


def test_an_implausible_amount_is_held_back_and_both_totals_stay() -> None:
    those = [paid(f"<value>{each}</value>") for each in (1000, 2000, 3000, 200_000_000_000)]
    told = read(activities(activity(*those)))

    (line,) = told["transactions"]
    assert (line["count"], line["total"]) == (3, Decimal(6000))
    assert (line["published_count"], line["published_total"]) == (4, Decimal(200_000_006_000))
    assert [each["amount"] for each in told["held_back"]] == [Decimal(200_000_000_000)]
    assert "Held back: 200,000,000,000 USD of XX-1" in spoken(told)


def test_of_many_amounts_held_back_some_are_named_and_the_rest_counted() -> None:
    usual = [paid("<value>1</value>")] * 23
    told = read(activities(activity(*usual, *[paid("<value>99999</value>")] * 22)))

    assert len(told["held_back"]) == 22
    assert "2 more amounts were held back" in spoken(told)


def test_two_amounts_are_too_few_to_call_one_implausible() -> None:
    told = read(activities(activity(paid("<value>1</value>"), paid("<value>900000</value>"))))

    assert told["held_back"] == []


def test_parents_and_children_that_both_state_money_are_told() -> None:
    money = paid("<value>1</value>")
    child = activity(money, "<related-activity ref='XX-1' type='1'/>", name="XX-1-1")
    told = read(activities(activity(money), child))

    assert told["children_of_activities_here"] == 1
    assert "its parent both state transactions" in spoken(told)


def test_sectors_of_transactions_and_shares_and_plans_are_read() -> None:
    told = read(
        activities(
            activity(
                "<sector code='15261' vocabulary='1' percentage='60'/><sector code='15220'/>",
                "<sector code='15220' vocabulary='99' percentage='100'/>",
                "<humanitarian-scope type='2' vocabulary='2-1' code='HMLI24'/>",
                "<humanitarian-scope type='1' vocabulary='1-2' code='EQ-1'/>",
                "<recipient-country code='ML' percentage='50'/>",
                "<recipient-country code='NE' percentage='40'/>",
            ),
            activity(
                "<transaction><sector code='15240'/><sector code='9' vocabulary='7'/>"
                "</transaction>",
                name="XX-2",
            ),
        )
    )

    assert watched(told) == {"15220": ["XX-1"], "15240": ["XX-2"], "15261": ["XX-1"]}
    assert told["humanitarian_plans"] == [{"code": "HMLI24", "activities": 1}]
    assert [e["code"] for e in told["other_sector_vocabularies"]] == ["7", "99"]
    assert told["splits"] == {
        "over_sectors": 1,
        "over_countries": 1,
        "sector_percentages_not_100": 1,
        "country_percentages_not_100": 1,
    }
    assert "15261" not in spoken(told)


def test_namespaces_and_byte_order_marks_change_nothing() -> None:
    whole = SEVEN.read_bytes()
    spaced = whole.replace(b"<iati-activities ", b'<iati-activities xmlns="urn:x" ', 1)

    marked = whole.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    for each in (spaced, b"\n " + whole, b"\xef\xbb\xbf" + whole, marked):
        assert totals(read(each)) == totals(read(whole))


ENTITY = b'<!DOCTYPE x [<!ENTITY e "9">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY e0 "ha">'
    + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]>"
)
USING = activities(activity(paid("<value>&e;</value>")))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<html><body>502 Bad Gateway</body></html>", "web page"),
        (b"\n<!DOCTYPE html><html/>", "web page"),
        (b"PK\x03\x04 something", "packed"),
        (b'{"error": "not found"}', "no whole XML"),
        (HAITI.read_bytes()[:60_000], "no whole XML"),
        (b"\x00\x01\x02\xff", "no whole XML"),
        (b"<rss><channel/></rss>", "no list of IATI activities"),
        (b"<iati-organisations version='2.03'/>", "no list of IATI activities"),
        (activities(activity(), version='version="1.05"'), "version 1.05"),
        (activities(version='version="1.01"'), "version 1.01"),
        (activities(activity(paid("<value>1</value>", "D")), version=""), "version 1"),
        (ENTITY + USING, "document type"),
        (OUTSIDE + USING, "document type"),
        (LAUGHS + USING.replace(b"&e;", b"&e11;"), "amplification"),
        (LAUGHS + activities(version='version="&e11;"'), "amplification"),
        (b"<iati-activities>" + b"<a>" * 100_000, "depth"),
        (USING, "e"),
    ],
)
def test_what_is_no_sound_activity_file_is_refused_with_where_and_why(
    content: bytes, word: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)

    (problem,) = refused.value.problems
    assert word in problem.what
    assert problem.path.startswith("0.xml")


def test_a_list_without_activities_proves_nothing() -> None:
    told = read(activities())

    assert (told["activities"], told["transactions"]) == (0, [])
    assert "proves nothing" in spoken(told)


PIECES = [
    *("<iati-activity default-currency='USD'>", "</iati-activity>", "<transaction>"),
    *("</transaction>", "<transaction-type code='2'/>", "<value>5</value>", "<value>x</value>"),
    *("<sector code='15220'/>", "<iati-activities version='2.02'>", "</iati-activities>", "&amp;"),
    *("<iati-identifier>A</iati-identifier>", "<!-- -->", "]]>", "&#0;", "<reporting-org/>", "é"),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_heap_of_pieces_is_read_or_refused(pieces: list[str]) -> None:
    content = f"<iati-activities version='2.03'>{''.join(pieces)}</iati-activities>".encode()
    assert is_read_or_refused(content)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(-(10**9), 10**9, places=2), max_size=20))
def test_totals_are_exact(amounts: list[Decimal]) -> None:
    told = read(activities(activity(*[paid(f"<value>{each:f}</value>") for each in amounts])))

    published = [each["published_total"] for each in told["transactions"]]
    assert published == ([sum(amounts, Decimal(0))] if amounts else [])
