"""Acts that no history has: whatever people may do to a plan, by the real commands, at random."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, update

from tests.scans.again import Told
from unbroken.gaps.commands import AcknowledgeGap, WaiveGap, acknowledge_gap, waive_gap
from unbroken.kit.db import table
from unbroken.kit.errors import NotFound
from unbroken.money.commands.amending import withdraw_line
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.orders import (
    EnterMoney,
    NewContribution,
    NewFigure,
    NewRequirement,
    WithdrawLine,
)
from unbroken.money.rules.words import Stage
from unbroken.people.commands.organisations import RenameOrganisation, rename_organisation
from unbroken.people.queries.actors import actor_by_handle
from unbroken.people.rules import Actor
from unbroken.plans.commands import AddClaims, AddDecision, AddPosts, NewDecision, add_claims
from unbroken.plans.commands import add_decision as decide
from unbroken.plans.commands import add_posts as add_the_posts
from unbroken.plans.commands.areas import EditArea, edit_area
from unbroken.plans.commands.claiming import NewClaim
from unbroken.plans.commands.editing import (
    ChangeState,
    EditPlan,
    complete_plan,
    edit_plan,
    pause_plan,
    resume_plan,
)
from unbroken.plans.commands.posts import EditPost, NewPost, PostNumbers, edit_post
from unbroken.plans.models import ClaimKind, DecisionKind, PostSide
from unbroken.plans.rules import Precision
from unbroken.transfers.commands.adding import AddItem, add_item
from unbroken.transfers.commands.commenting import CommentItem, comment_item
from unbroken.transfers.commands.items import (
    CompleteItem,
    ReopenItem,
    SetItemAside,
    complete_item,
    reopen_item,
    set_item_aside,
)
from unbroken.transfers.commands.signing import SignOrder, sign
from unbroken.transfers.rules.surroundings import Evidence
from unbroken.transfers.rules.words import Act

SOURCE, REASON = "Report of the Secretary-General", "Decided at the last meeting"
OFTEN, EVENLY, RARELY = 0.7, 0.5, 0.1
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Khartoum")
HANDLES = ("planner", "country-team", "rco", "ohchr", "co-chair")


class Meddler:
    """Does one thing at random to the plan of a history; what is refused is passed over."""

    def __init__(self, told: Told, chance: Random) -> None:
        """Take the plan of ``told``."""
        self.told, self.chance = told, chance

    def meddle(self) -> None:
        """Do it."""
        deeds: Sequence[Callable[[], object]] = (
            *(self.sign, self.sign, self.work, self.work, self.add_item, self.edit_plan),
            *(self.change_state, self.edit_area, self.claim, self.post, self.money, self.decide),
            *(self.gap, self.rename),
        )
        self.told.does(self.chance.choice(deeds))

    def silence(self) -> None:
        """Let an outside source fall silent, or answer again: no act of anybody."""
        source = table("outside_source")
        day = self.soon(-40, 5) if self.chance.random() < OFTEN else None
        said = {"silent_reason": "unreachable" if day else "", "silent_after_on": day}
        is_known = self.count("outside_source") > 0
        with self.told.sessions.begin() as session:
            if is_known:
                session.connection().execute(update(source).values(**said))
                return
            at = {"kind": "fts", "question": "plan=1"}
            first = {"base_url": "https://example.org", "is_on": True, "created_at": self.clock.at}
            values = {**at, **first, **said, "uid": uuid4()}
            plain = {"secret_name": "", "every_minutes": 60, "epoch": 0, "failures": 0}
            marks = {"etag": "", "modified": ""}
            session.connection().execute(insert(source).values(**values, **plain, **marks))
            link = {**at, "uid": uuid4(), "plan_uid": self.plan.uid, "linked_at": self.clock.at}
            session.connection().execute(insert(table("snapshot_link")).values(**link))

    @property
    def clock(self) -> Any:  # noqa: ANN401 - a clock that stands still
        return self.told.clock

    @property
    def plan(self) -> Any:  # noqa: ANN401 - a row
        rows = table("plan")
        with self.told.sessions.reading() as session:
            wanted = select(rows).where(rows.c.slug == self.told.slug)
            return session.connection().execute(wanted).one()

    @property
    def by(self) -> dict[str, Any]:
        """Return the sessions' partners of a command: who acts, mostly the planner, and when."""
        return {"actor": self.actor(), "clock": self.clock}

    def actor(self, handle: str = "") -> Actor:
        with self.told.sessions.reading() as session:
            return actor_by_handle(session, handle or self.chance.choice(HANDLES))

    def row(self, name: str) -> Any:  # noqa: ANN401 - a row
        """Return a row of a table at random.

        Raises:
            NotFound: it is empty.
        """
        with self.told.sessions.reading() as session:
            rows = (
                session.connection().execute(select(table(name)).order_by(table(name).c.id)).all()
            )
        if not rows:
            raise NotFound
        return self.chance.choice(rows)

    def count(self, name: str) -> int:
        with self.told.sessions.reading() as session:
            counted = select(func.count()).select_from(table(name))
            return session.connection().execute(counted).scalar_one()

    def soon(self, least: int = 1, most: int = 90) -> date:
        return self.told.day + timedelta(days=self.chance.randint(least, most))

    def sign(self) -> None:
        order = SignOrder(
            act=self.chance.choice(list(Act)),
            capacity_uid=self.row("capacity").uid,
            reason=self.chance.choice(("", REASON)),
            until_on=self.chance.choice((None, self.soon())),
            quantity=self.chance.choice((None, None, 1)),
            months=self.chance.choice((None, 3)),
            passed=self.chance.choice((None, True, False)),
        )
        sign(self.told.sessions, order, **self.by)

    def work(self) -> None:
        uid, sessions = self.row("item").uid, self.told.sessions
        evidence = Evidence("Note for the file", self.told.day, until_on=self.soon())
        match self.chance.randrange(4):
            case 0:
                order = CompleteItem(item_uid=uid, done_on=self.told.day, evidence=evidence)
                complete_item(sessions, order, **self.by)
            case 1:
                reopen_item(sessions, ReopenItem(item_uid=uid, reason=REASON), **self.by)
            case 2:
                set_item_aside(sessions, SetItemAside(item_uid=uid, reason=REASON), **self.by)
            case _:
                comment_item(sessions, CommentItem(item_uid=uid, text=REASON), **self.by)

    def add_item(self) -> None:
        order = AddItem(capacity_uid=self.row("capacity").uid, text=REASON, due_on=self.soon(1, 30))
        add_item(self.told.sessions, order, **self.by)

    def edit_plan(self) -> None:
        order = EditPlan(self.told.slug, None, time_zone=self.chance.choice(ZONES))
        edit_plan(self.told.sessions, order, actor=self.actor("planner"), clock=self.clock)

    def change_state(self) -> None:
        order = ChangeState(self.told.slug, None, REASON)
        # what is paused or completed for long has nothing to tell
        act = self.chance.choice((pause_plan, resume_plan, resume_plan, resume_plan))
        act = complete_plan if self.chance.random() < RARELY else act
        act(self.told.sessions, order, actor=self.actor("planner"), clock=self.clock)

    def edit_area(self) -> None:
        order = EditArea(
            self.told.slug,
            self.row("area").uid,
            None,
            reachable=self.chance.choice((True, False, None)),
            mandate_ends_on=None,
            closings_public=self.chance.choice((True, False)),
        )
        edit_area(self.told.sessions, order, actor=self.actor("planner"), clock=self.clock)

    def claim(self) -> None:
        claim = NewClaim(
            area=self.row("area").uid,
            kind=ClaimKind.PLANNED,
            closes=self.soon(5, 200),
            precision=Precision.DAY,
            known_on=self.told.day,
            source=SOURCE,
            chosen_on=self.told.day,
        )
        order = AddClaims(self.told.slug, (claim,))
        add_claims(self.told.sessions, order, actor=self.actor("planner"), clock=self.clock)

    def decide(self) -> None:
        new = NewDecision(
            kind=DecisionKind.LETTER, symbol="S/2099/1", decided_on=self.told.day, source=SOURCE
        )
        order = AddDecision(self.told.slug, new, mandate_ends_on=self.soon(10, 300))
        decide(self.told.sessions, order, actor=self.actor("planner"), clock=self.clock)

    def post(self) -> None:
        numbers = PostNumbers(
            authorised=self.chance.randint(1, 2),
            filled=self.chance.randint(0, 1),
            starts_on=self.soon(-20, 60),
            ends_on=self.soon(61, 120),
        )
        by = {"actor": self.actor("planner"), "clock": self.clock}
        plan, today = self.told.slug, self.told.day
        if self.chance.random() < EVENLY:
            edit = EditPost(plan, self.row("post").uid, None, numbers, today, SOURCE)
            edit_post(self.told.sessions, edit, **by)
            return
        post = NewPost(
            side=self.chance.choice(list(PostSide)),
            organisation="unicef",
            reference=f"CPO-{self.chance.randrange(10**6)}",
            functions=(self.row("function_area").function_code,),
            numbers=numbers,
            known_on=today,
            source=SOURCE,
        )
        add_the_posts(self.told.sessions, AddPosts(plan, (post,)), **by)

    def money(self) -> None:
        by = {"actor": self.actor("planner"), "clock": self.clock}
        common: dict[str, Any] = {
            "function": self.row("function_area").function_code,
            "starts_on": self.soon(-60, 0),
            "ends_on": self.soon(1, 200),
            "known_on": self.told.day,
            "source": SOURCE,
        }
        if self.chance.random() < EVENLY:
            line = self.row(self.chance.choice(("requirement", "contribution")))
            gone = WithdrawLine(self.told.slug, line.line_uid, None, self.told.day, REASON)
            withdraw_line(self.told.sessions, gone, **by)
            return
        due = self.soon(-10, 40)
        stage = self.chance.choice(list(Stage))
        figure = NewFigure(stage=stage, amount=Decimal(500), due_on=due)
        orders = (
            EnterMoney(self.told.slug, (NewRequirement(amount=Decimal(900), **common),)),
            EnterMoney(
                self.told.slug,
                contributions=(NewContribution(figures=(figure,), donor="unicef", **common),),
            ),
        )
        enter_money(self.told.sessions, self.chance.choice(orders), **by)

    def gap(self) -> None:
        known = self.row("gap")
        waive = WaiveGap(known.uid, REASON, self.soon(1, 30))
        by = {"actor": self.actor("planner"), "clock": self.clock}
        if self.chance.random() < EVENLY:
            acknowledge_gap(self.told.sessions, AcknowledgeGap(known.uid), **by)
        else:
            waive_gap(self.told.sessions, waive, **by)

    def rename(self) -> None:
        rows = table("organisation")
        with self.told.sessions.reading() as session:
            wanted = select(rows).where(rows.c.slug == "unicef")
            row = session.connection().execute(wanted).one()
        name = f"Agency {self.chance.randrange(100)}"
        order = RenameOrganisation(row.uid, name, row.version)
        rename_organisation(
            self.told.sessions, order, actor=self.actor("steward"), clock=self.clock
        )
