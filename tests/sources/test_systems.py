"""How each outside system is asked, and which sources can be entered."""

import json
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.forms.server import Fault, serving
from tests.sources.outside import CLIENTS, DATA, OutsideDesk, OutsideServer
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound
from unbroken.money.commands.outside_sources import AddOutsideSource, add_outside_source
from unbroken.money.models import ExchangeRate
from unbroken.sources.queries.outside import outside_sources
from unbroken.sources.queries.snapshots import raw_answer


def test_hapi_is_read_page_by_page_and_its_identifier_is_a_header(outside: OutsideDesk) -> None:
    outside.secret = "bmFtZTptYWlsQGV4YW1wbGUub3Jn"
    outside.server.rows = [_presence(number) for number in range(5)]
    uid = outside.add("hapi-presence", secret="UNBROKEN_SECRET_HAPI", country="SOM")
    done = outside.fetch(uid)
    (kept,) = outside.stored()

    assert ("", 3) == (done.reason, len(outside.server.asked))
    assert 5 == kept.document["rows"]
    assert {outside.secret} == {
        each["x-hdx-hapi-app-identifier"] for each in outside.server.asked_with
    }
    assert outside.secret not in f"{outside.server.asked}{kept.name}{kept.document}"


def _presence(number: int) -> dict[str, object]:
    return {
        "location_code": "SOM",
        "sector_code": "PRO-CPN",
        "sector_name": "Child Protection",
        "org_name": f"Organisation {number}",
        "org_acronym": f"O{number}",
        "org_type_description": "National NGO",
        "admin1_code": "SO11",
        "admin2_code": "SO1101",
        "reference_period_start": "2025-01-01T00:00:00",
        "reference_period_end": "2025-04-30T00:00:00",
    }


def test_without_what_opens_it_it_is_not_asked(outside: OutsideDesk) -> None:
    uid = outside.add("hapi-presence", secret="UNBROKEN_SECRET_HAPI", country="SOM")

    assert "no-secret" == outside.fetch(uid).reason
    assert [] == outside.server.asked


def test_projects_are_read_page_by_page_and_their_raw_text_is_not_kept(
    outside: OutsideDesk,
) -> None:
    def page(number: int) -> bytes:
        project = {
            "id": number,
            "currentRequestedFunds": 10,
            "globalClusters": [{"id": 12, "code": "PRO-CPN", "name": "Child Protection"}],
            "contacts": [{"name": "Ximena Canary"}],
        }
        pagination = {"count": 1, "total": 2, "limit": 1, "currentPage": number, "pages": 2}
        data = {"results": [project], "pagination": pagination}
        return json.dumps({"status": "ok", "data": data}).encode()

    outside.server.fixed = {"/v2/public/project/search": {}}
    outside.server.faults = {1: Fault(body=page(1)), 2: Fault(body=page(2))}
    done = outside.fetch(outside.add("hpc-projects", plan="RSYR22"))

    assert ("", 2) == (done.reason, len(outside.server.asked)), done
    with outside.sessions.reading() as session:
        assert () == raw_answer(session, outside.stored()[0].uid)


def test_rates_that_are_fetched_are_entered(outside: OutsideDesk) -> None:
    raw = (DATA / "rates" / "un-2026-11.xml").read_bytes()
    outside.server.fixed = {"/operationalrates/xsql2XML.php": {}}
    outside.server.faults = {1: Fault(body=raw)}
    done = outside.fetch(outside.add("rates", publisher="treasury"))
    with outside.sessions.reading() as session:
        rates = session.exec(select(ExchangeRate)).all()

    assert ("", True) == (done.reason, done.changed)
    assert {outside.stored()[0].uid} == {each.snapshot_uid for each in rates}
    assert "CDF" in {each.currency for each in rates}
    assert "history" not in outside.stored()[0].document


def test_the_newest_file_of_a_data_set_is_asked_for_where_hdx_gives_it_out(
    outside: OutsideDesk,
) -> None:
    def package(url: str) -> dict[str, object]:
        resource = {"id": "1", "name": "3w", "format": "CSV", "url": url}
        resource["last_modified"] = "2026-01-01T00:00:00"
        result = {"id": "1", "name": "som", "title": "Som", "resources": [resource]}
        return {"success": True, "result": result}

    sheet = b"Cluster,Organization,Region\nChild Protection,A,Bay\nChild Protection,B,Bay\n"
    outside.server.fixed = {
        "/api/3/action/package_show": package(f"{outside.server.address}/file.csv"),
        "/file.csv": {},
    }
    outside.server.faults = {2: Fault(body=sheet)}
    done = outside.fetch(outside.add("presence-sheet", dataset="som", country="SOM"))
    with serving(OutsideServer()) as other:
        outside.server.fixed = {"/api/3/action/package_show": package(f"{other.address}/file.csv")}
        away = outside.fetch(outside.add("presence-sheet", dataset="som2", country="SOM"))
        assert [] == other.asked

    assert ("", "led-elsewhere") == (done.reason, away.reason)
    assert {"organisations": Decimal(2), "rows": Decimal(2)}.items() <= {
        each.name: each.amount for each in outside.beside()[0].figures
    }.items()


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"asked": {}}, "plan"),
        ({"asked": {"plan": "929", "more": "x"}}, "more"),
        ({"asked": {"plan": "../929"}}, "plan"),
        ({"base_url": "ftp://api.hpc.tools"}, "base_url"),
        ({"base_url": "https://user@api.hpc.tools"}, "base_url"),
        ({"secret_name": "PATH"}, "secret_name"),
        ({"kind": "hapi-presence", "asked": {"country": "SOM"}}, "secret_name"),
        ({"every_minutes": 1}, "every_minutes"),
    ],
)
def test_a_source_that_cannot_be_is_refused(
    outside: OutsideDesk, changed: dict[str, object], path: str
) -> None:
    with pytest.raises(Invalid) as refused:
        _add(outside, **changed)

    assert [path] == [each.path for each in refused.value.problems]


def test_a_question_is_entered_once_by_a_steward_and_may_have_the_systems_own_address(
    outside: OutsideDesk,
) -> None:
    _add(outside)
    with pytest.raises(Conflict):
        _add(outside)
    with pytest.raises(NotFound):
        _add(outside, kind="iati")
    with pytest.raises(Forbidden):
        add_outside_source(
            outside.sessions,
            AddOutsideSource(kind="fts-clusters", asked={"plan": "1"}),
            clients=CLIENTS,
            actor=outside.plan.planner,
            clock=outside.plan.clock,
        )
    with outside.sessions.reading() as session:
        (view,) = outside_sources(session)

    assert ("https://api.hpc.tools", False) == (view.base_url, view.is_on)


def _add(outside: OutsideDesk, **changed: object) -> None:
    values = {"kind": "fts-clusters", "asked": {"plan": "929"}, **changed}
    add_outside_source(
        outside.sessions,
        AddOutsideSource(**values),  # type: ignore[arg-type]
        clients=CLIENTS,
        actor=outside.steward,
        clock=outside.plan.clock,
    )
