"""A small world for rules: one plan in force with one function in one area, and steps that add.

The decision is of 5 January 2026, the mission's last day 30 June. Receivers are due by 1 April,
posts are confirmed by 10 May, data and skills by 20 May, agreements signed by 15 May; successors
overlap from 31 May; checks fall on 30 September, 30 December and 30 June 2027.
"""

from datetime import date
from itertools import count
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlmodel import Session

from tests.factories.gap_rows import (
    AGREED_BY,
    AT,
    CHECK_3,
    CHECK_6,
    CHECK_12,
    DATA_BY,
    DECIDED,
    IN_FORCE,
    LAST_DAY,
    OVERLAP_FROM,
    PLAN_DUE,
    POSTS_BY,
    RECEIPT,
    RECEIVER_BY,
    SOURCE,
    STEPS,
    VIOLATIONS,
    dates_row,
    mission_row,
    plan_row,
)
from unbroken.functions import models as functions_models
from unbroken.gaps import models as gaps_models
from unbroken.kit.db import table
from unbroken.people import models as people_models
from unbroken.plans import models as plans_models
from unbroken.transfers import models as transfers_models

_LOADED = (functions_models, gaps_models, people_models, plans_models, transfers_models)

_numbers = count(1)
__all__ = [
    "AGREED_BY",
    "AT",
    "CHECK_3",
    "CHECK_6",
    "CHECK_12",
    "DATA_BY",
    "DECIDED",
    "IN_FORCE",
    "LAST_DAY",
    "OVERLAP_FROM",
    "PLAN_DUE",
    "POSTS_BY",
    "RECEIVER_BY",
    "SOURCE",
    "STEPS",
    "VIOLATIONS",
    "World",
]


class World:
    """A plan in force and its rows; every step adds to the newest of what it belongs to."""

    def __init__(
        self, session: Session, *, code: str = "REFER", tier: int = 2, in_force: bool = True
    ) -> None:
        """Store the plan with its function in the area North; restricted where it is of MRM."""
        self.session, self.number = session, next(_numbers)
        self.mission_id = self._put("mission", **mission_row(self.number))
        self.plan_id = self._put("plan", mission_id=self.mission_id, **plan_row(self.number))
        self.giver_id, self.receiver_id = self._body("mission"), self._body("agency")
        self.area_id = 0
        self.with_area("North")
        self.function_area_id = self._function_area(code, tier=tier)
        self.revision_id = self.transfer_id = self.capacity_id = self.agreement_id = 0
        if in_force:
            self.with_revision(1, since=IN_FORCE)

    def with_plan(self, **values: object) -> Self:
        """Change the plan."""
        return self._set("plan", self.plan_id, values)

    def with_area(self, name: str = "", **values: object) -> Self:
        """Add an area called ``name``, or change the newest one."""
        if name:
            known = {"slug": f"w{self.number}-{name.lower()}", "name": name, "kind": "region"}
            plain = {"closings_public": True, "position": 0, "known_on": DECIDED}
            self.area_id = self._put("area", plan_id=self.plan_id, **{**plain, **known, **values})
            return self
        return self._set("area", self.area_id, values)

    def with_function(self, code: str, *, tier: int = 1, restricted: bool = False) -> Self:
        """Add a function in the newest area, dated as the first one is."""
        self.function_area_id = self._function_area(code, tier=tier, restricted=restricted)
        self._put_dates()
        return self

    def with_loaded_function(self, code: str, *, elements: list[str]) -> Self:
        """Add a function of an edition that is loaded, serving these elements."""
        self.with_function(code, tier=3)
        uid = self.uid_of("function_area", self.function_area_id, column="function_uid")
        body: dict[str, object] = {"title": f"Function {code}", "elements": elements}
        self._put_function(code, uid=uid, body=body)
        return self

    def with_revision(
        self,
        number: int,
        *,
        since: date | None,
        until: date | None = None,
        last_day: date = LAST_DAY,
        state: str = "in-force",
    ) -> Self:
        """Add a revision that gives ``last_day``; ``since`` ``None`` was never in force."""
        self.revision_id = self._put(
            "revision",
            plan_id=self.plan_id,
            number=number,
            state="superseded" if until else state,
            title="",
            reason="",
            content={},
            content_hash="",
            edition="2026.1",
            made_at=AT,
            in_force_on=since,
            in_force_at=AT if since else None,
            superseded_on=until,
        )
        self._put_dates(last_day=last_day)
        return self

    def with_dates(self, **values: object) -> Self:
        """Change the dates of the newest function in the newest revision."""
        rows = table("timetable")
        self.session.connection().execute(
            update(rows)
            .where(
                rows.c.revision_id == self.revision_id,
                rows.c.function_area_id == self.function_area_id,
            )
            .values(**values)
        )
        return self

    def superseded(self, on: date) -> Self:
        """End the newest revision on a day."""
        return self._set("revision", self.revision_id, {"state": "superseded", "superseded_on": on})

    def offered_to(self, kind: str = "transfer", **values: object) -> Self:
        """Add a transfer of the newest function to a receiver; a bridge needs ``ends_on``."""
        plain: dict[str, object] = {
            "kind": kind,
            "state": "open",
            "receiver_id": self.receiver_id,
            "is_lead": True,
            "scope_note": "",
            "illustrative": False,
            "edition": "2026.1",
            "touched_on": IN_FORCE,
            "silent_after_on": CHECK_12,
            "created_at": AT,
        }
        self.transfer_id = self._put(
            "transfer",
            plan_id=self.plan_id,
            function_area_id=self.function_area_id,
            giver_id=self.giver_id,
            **{**plain, **values},
        )
        return self

    def with_capacity(
        self, dimension: object = "posts", state: object = "confirmed", **values: object
    ) -> Self:
        """Add a capacity to the newest transfer, confirmed by a signature that fits."""
        plain: dict[str, object] = {
            "parts": [],
            "without_offer": False,
            "condition": "",
            "language": "en",
            "edition": "2026.1",
            "content_hash": "same",
            "signed_hash": "same",
        }
        self.capacity_id = self._put(
            "capacity",
            transfer_id=self.transfer_id,
            dimension=dimension,
            state=state,
            **{**plain, **values},
        )
        return self

    def with_receipt(self, state_after: str, on: date, **values: object) -> Self:
        """Add a signed act on the newest capacity."""
        done = {**RECEIPT, "acted_on": on, "state_after": state_after, **values}
        self._put("receipt", capacity_id=self.capacity_id, **done)
        return self

    def uid_of(self, name: str, row_id: int, *, column: str = "uid") -> UUID:
        """Return the UUID of a stored row, or another one that it holds."""
        rows = table(name)
        wanted = select(rows.c[column]).where(rows.c.id == row_id)
        found = self.session.connection().scalar(wanted)
        return found if isinstance(found, UUID) else UUID(str(found))

    def with_item(self, due: date, *, state: str = "open", **values: object) -> Self:
        """Add a checklist item of the newest capacity with its step."""
        name = f"X-{next(_numbers)}"
        self.with_step(f"item:{name}", due)
        plain = {"reason": "", "evidence_title": "", "evidence_custodian": ""}
        self._put(
            "item",
            capacity_id=self.capacity_id,
            function_area_id=self.function_area_id,
            item_id=name,
            step=f"item:{name}",
            asks_girls_boys=False,
            state=state,
            **{**plain, **values},
        )
        return self

    def asking_girls_and_boys(self) -> Self:
        """Let the newest item be one that asks for girls and boys."""
        items = table("item")
        newest = select(items.c.id).order_by(items.c.id.desc()).limit(1)
        row_id = self.session.connection().scalar(newest)
        return self._set("item", int(row_id or 0), {"asks_girls_boys": True})

    def with_step(self, name: str, due: date) -> Self:
        """Date a step of the newest function."""
        values = {"due_on": due, "latest_start_on": due, "cannot_be_met": False}
        self._insert("timetable_step", **self._keys(), step=name, **values)
        return self

    def with_post(self, side: str = "giver", *codes: str, **values: object) -> Self:
        """Add a post for the functions, REFER where none is named; filled and known early."""
        plain: dict[str, object] = {
            "organisation_id": self.giver_id if side == "giver" else self.receiver_id,
            "reference": "CPO-1",
            "grade": "",
            "authorised": 1,
            "is_secretariat": False,
            "known_on": DECIDED,
            "source": SOURCE,
        }
        post_id = self._put("post", plan_id=self.plan_id, side=side, **{**plain, **values})
        for code in codes or ("REFER",):
            self._put("post_function", post_id=post_id, function_code=code)
        return self

    def with_agreement(self, **values: object) -> Self:
        """Add a protocol that names the mission and is behind the newest capacity."""
        plain: dict[str, object] = {
            "kind": "handover-protocol",
            "title": "Protocol",
            "names_mission": True,
            "known_on": DECIDED,
            "source": SOURCE,
        }
        self.agreement_id = self._put("agreement", plan_id=self.plan_id, **{**plain, **values})
        link = {"agreement_id": self.agreement_id, "capacity_id": self.capacity_id}
        self._put("agreement_capacity", **link)
        return self

    def with_suppliers(self, there: int, renewed: int) -> Self:
        """Say how many data suppliers the newest agreement has, and how many have renewed."""
        values = {"role": "data-supplier", "count": there, "renewed_count": renewed}
        self._put("agreement_signatory", agreement_id=self.agreement_id, **values)
        return self

    def with_baseline(
        self, posts: int | None, *, number: int = 1, signed_on: date | None = IN_FORCE
    ) -> Self:
        """Add a baseline with a line for the newest function; not signed where no day is given."""
        state = "signed" if signed_on else "draft"
        values = {"state": state, "signed_on": signed_on, "content_hash": "", "source": SOURCE}
        made = self._put("baseline", plan_id=self.plan_id, number=number, **values)
        if posts is not None:
            line = {"baseline_id": made, "function_area_id": self.function_area_id}
            self._put("baseline_line", posts=posts, **line)
        return self

    def with_assessment(self, on: date, *, known_on: date | None = None) -> Self:
        """Add an assessment of advisers."""
        values = {"stage": "transition", "assessed_on": on, "known_on": known_on or on}
        self._put("assessment", plan_id=self.plan_id, source=SOURCE, **values)
        return self

    def with_meeting(
        self, on: date, *, known_on: date | None = None, authorities: bool = True
    ) -> Self:
        """Add a meeting of the four actors, or of all but the authorities."""
        there = ("head_of_operation", "special_representative", "task_force")
        values = {**dict.fromkeys(there, True), "authorities": authorities}
        days = {"held_on": on, "known_on": known_on or on}
        self._put("meeting", plan_id=self.plan_id, source=SOURCE, **values, **days)
        return self

    def with_custody(self, on: date) -> Self:
        """Let the receiver hold the plan from a day on."""
        values = {"organisation_id": self.receiver_id, "taken_on": on, "taken_at": AT}
        signed = {"taken_by_uid": uuid4(), "signature": ""}
        self._put("custody", plan_id=self.plan_id, **values, **signed)
        return self

    def with_gap(self, rule: object = "no-receiver", **values: object) -> int:
        """Store an open gap about the newest function and return its row's number."""
        plain: dict[str, object] = {
            "key": f"{rule}:{uuid4().hex}",
            "function_area_id": self.function_area_id,
            "severity": "high",
            "state": "open",
            "restricted": False,
            "turns_on": LAST_DAY,
            "facts": {"function": "REFER", "area": "North", "last_day": LAST_DAY.isoformat()},
            "opened_on": IN_FORCE,
            "opened_at": AT,
            "changed_at": AT,
            "times_opened": 1,
            "waiver_reason": "",
        }
        return self._put("gap", rule=rule, plan_id=self.plan_id, **{**plain, **values})

    def _function_area(self, code: str, *, tier: int, restricted: bool = False) -> int:
        return self._put(
            "function_area",
            plan_id=self.plan_id,
            area_id=self.area_id,
            function_code=code,
            function_uid=uuid4(),
            tier=tier,
            restricted=restricted or code.startswith("MRM-"),
        )

    def _put_function(self, code: str, *, uid: UUID, body: dict[str, object]) -> int:
        name = f"e{next(_numbers)}"
        edition_id = self._put("edition", name=name, digest="", loaded_at=AT)
        place = {"edition_id": edition_id, "code": code, "tier": 2, "level": "area"}
        self._put("function", **place, restricted=False, body=body, uid=uid)
        return edition_id

    def _put_dates(self, *, last_day: date = LAST_DAY) -> None:
        values = dates_row(last_day)
        self._insert("timetable", **{**values, **self._keys()})
        for name, due in STEPS.items():
            self.with_step(name, due)

    def _keys(self) -> dict[str, object]:
        return {"revision_id": self.revision_id, "function_area_id": self.function_area_id}

    def _body(self, kind: str) -> int:
        name = f"{kind}-{self.number}"
        return self._put("organisation", slug=name, name=name, kind=kind, party_to_conflict=False)

    def _put(self, name: str, /, **values: object) -> int:
        columns = table(name).c
        versioned = {"version": 1} if "version" in columns else {}
        given = {"uid": uuid4(), **versioned, **values}
        made = self.session.connection().execute(insert(table(name)).values(given))
        return int((made.inserted_primary_key or (0,))[0])

    def _insert(self, name: str, /, **values: object) -> None:
        self.session.connection().execute(insert(table(name)).values(values))

    def _set(self, name: str, row_id: int, values: dict[str, object]) -> Self:
        rows = table(name)
        changed = update(rows).where(rows.c.id == row_id).values(**values)
        if values:
            self.session.connection().execute(changed)
        return self
