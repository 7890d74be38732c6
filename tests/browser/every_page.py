"""Every page of the site: who may open it, with which address, on a demonstration of one plan.

A route that is added has no line here, and ``test_no_page_is_forgotten`` says so: give it one.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, StorageState
from sqlmodel import col, select

from tests.browser.conftest import serving
from tests.demo.conftest import edition, silent
from tests.factories.people import CHEAP
from unbroken.demo import history, play
from unbroken.demo.stage import moment
from unbroken.documents.commands.issuing import IssueCertificate, issue_certificate
from unbroken.documents.rules.words import Audience
from unbroken.gaps.models import Gap
from unbroken.gaps.rules.words import GapState
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.interests import RegisterInterest, register_interest
from unbroken.money.commands.orders import EnterMoney, NewContribution, NewFigure, NewRequirement
from unbroken.money.rules.words import Stage
from unbroken.notices.commands.channel_acts import ChannelTerms
from unbroken.notices.commands.channels import RegisterChannel, register_channel
from unbroken.notices.rules.words import ChannelKind
from unbroken.people.models import Account, Organisation
from unbroken.people.queries.actors import actor_by_handle
from unbroken.people.rules import Actor
from unbroken.plans.commands import draft_revision
from unbroken.plans.commands.posts import AddPosts, NewPost, PostNumbers, add_posts
from unbroken.plans.commands.revisions import DraftRevision
from unbroken.plans.models import Post, PostSide
from unbroken.transfers.commands.act_links import MakeActLink, make_act_link
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.rules.words import Act, CapacityState
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

PLAN, TODAY = "unifil", date(2026, 11, 21)
NOBODY = ""
ROLES = (NOBODY, "planner", "country-team", "co-chair", "donor", "observer", "steward")

# What answers a GET and is no page: a way on, or a file.
NO_PAGE = {
    "/": "leads to the plans",
    "/language": "sets a cookie and leads back",
    "/robots.txt": "a file",
    "/static/{version}/{name}": "a file",
    "/plans/{slug}/checklist/workbook": "a workbook",
    "/plans/{slug}/money/workbook": "a workbook",
    "/plans/{slug}/phone-form.xlsx": "a phone form",
    "/plans/{slug}/trail.jsonl": "an export",
    "/feeds/money/{secret}.atom": "a feed",
    "/feeds/news/{secret}.atom": "a feed",
    "/feeds/calendar/{secret}.ics": "a feed",
    "/certificates/{code}.pdf": "a document",
    "/manifest.webmanifest": "a file",
    "/worker.js": "a script",
    "/offline/pages": "what the worker keeps",
    "/offline/session": "what the worker asks",
    "/proposals/{uid}": "nobody answers this plan by phone: test_phone_form_pages looks at it",
}

# By route: who opens it, and where. Names in braces are filled from the demonstration.
PAGES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "/about": ((NOBODY, "/about"),),
    "/start": ((NOBODY, "/start"), ("country-team", "/start")),
    "/sign-in": ((NOBODY, "/sign-in"),),
    "/sign-in/link": ((NOBODY, "/sign-in/link?token=x"),),
    "/invitation": ((NOBODY, "/invitation?token=x"),),
    "/password/reset": ((NOBODY, "/password/reset"),),
    "/password/new": ((NOBODY, "/password/new?token=x"),),
    "/docs": ((NOBODY, "/docs"),),
    "/style-guide": ((NOBODY, "/style-guide"),),
    "/account": (("donor", "/account"),),
    "/me/notices": (("planner", "/me/notices"),),
    "/plans/{slug}/escalation": (
        ("planner", "/plans/{plan}/escalation"),
        ("observer", "/plans/{plan}/escalation"),
    ),
    "/money": (("donor", "/money"), ("planner", "/money?mission={plan}&lacking=yes")),
    "/money/{slug}/{code}": (
        ("donor", "/money/{plan}/MRM-VER"),
        ("planner", "/money/{plan}/SAFE-DNH"),
    ),
    "/plans": (("planner", "/plans"), ("steward", "/plans")),
    "/plans/new": (("planner", "/plans/new"),),
    "/missions/new": (("steward", "/missions/new"),),
    "/plans/{slug}": (("planner", "/plans/{plan}"), ("donor", "/plans/{plan}")),
    "/plans/{slug}/edit": (("planner", "/plans/{plan}/edit"),),
    "/plans/{slug}/state": (("planner", "/plans/{plan}/state"),),
    "/plans/{slug}/record": (("planner", "/plans/{plan}/record"),),
    "/plans/{slug}/record/workbook": (("planner", "/plans/{plan}/record/workbook"),),
    "/plans/{slug}/record/baseline": (("planner", "/plans/{plan}/record/baseline"),),
    "/plans/{slug}/record/baseline/{area}": (("planner", "/plans/{plan}/record/baseline/{area}"),),
    "/plans/{slug}/record/{register}/new": tuple(
        ("planner", f"/plans/{{plan}}/record/{register}/new")
        for register in ("decisions", "facts", "assessments", "meetings", "areas", "posts")
    ),
    "/plans/{slug}/record/areas/{area}/edit": (
        ("planner", "/plans/{plan}/record/areas/{area}/edit"),
    ),
    "/plans/{slug}/record/areas/{area}/claims/new": (
        ("planner", "/plans/{plan}/record/areas/{area}/claims/new"),
    ),
    "/plans/{slug}/record/posts/{uid}/edit": (
        ("planner", "/plans/{plan}/record/posts/{post}/edit"),
    ),
    "/plans/{slug}/revisions": (("planner", "/plans/{plan}/revisions"),),
    "/plans/{slug}/revisions/new": (("planner", "/plans/{plan}/revisions/new"),),
    "/plans/{slug}/revisions/{number}": (("planner", "/plans/{plan}/revisions/{draft}"),),
    "/plans/{slug}/revisions/{number}/edit": (("planner", "/plans/{plan}/revisions/{draft}/edit"),),
    "/plans/{slug}/elements": (("observer", "/plans/{plan}/elements"),),
    "/plans/{slug}/rules": (("donor", "/plans/{plan}/rules"),),
    "/plans/{slug}/rules/{code}": (
        ("co-chair", "/plans/{plan}/rules/no-receiver"),
        ("planner", "/plans/{plan}/rules/funding-gap?tried=yes&off=yes&days=300"),
    ),
    "/plans/{slug}/trail": (("observer", "/plans/{plan}/trail"),),
    "/plans/{slug}/transfers": (("planner", "/plans/{plan}/transfers"),),
    "/plans/{slug}/transfers/new": (
        ("planner", "/plans/{plan}/transfers/new"),
        ("planner", "/plans/{plan}/transfers/new?function={function}"),
    ),
    "/plans/{slug}/checklist": (
        ("planner", "/plans/{plan}/checklist"),
        ("country-team", "/plans/{plan}/checklist?view=history"),
    ),
    "/plans/{slug}/checklist/import": (("planner", "/plans/{plan}/checklist/import"),),
    "/plans/{slug}/money": (
        ("planner", "/plans/{plan}/money"),
        ("donor", "/plans/{plan}/money"),
    ),
    "/plans/{slug}/money/requirements": (("country-team", "/plans/{plan}/money/requirements"),),
    "/plans/{slug}/money/contributions": (("observer", "/plans/{plan}/money/contributions"),),
    "/plans/{slug}/money/requirements/new": (
        ("country-team", "/plans/{plan}/money/requirements/new"),
    ),
    "/plans/{slug}/money/contributions/new": (
        ("planner", "/plans/{plan}/money/contributions/new"),
    ),
    "/plans/{slug}/money/import": (("planner", "/plans/{plan}/money/import"),),
    "/money/lines/{uid}": (
        ("planner", "/money/lines/{need}"),
        ("country-team", "/money/lines/{money}"),
    ),
    "/money/lines/{uid}/{act}": tuple(
        ("planner", f"/money/lines/{{money}}/{act}") for act in ("amend", "extend", "withdraw")
    ),
    "/checklist/mine": (("country-team", "/checklist/mine"),),
    "/functions": (("donor", "/functions"),),
    "/functions/{code}": (("donor", "/functions/{function}"),),
    "/inbox": (("country-team", "/inbox"), ("planner", "/inbox"), ("co-chair", "/inbox")),
    "/inbox/package": (("country-team", "/inbox/package?capacity={offered}"),),
    "/inbox/summary": (("country-team", "/inbox/summary?capacity={offered}"),),
    "/inbox/waiting": (("country-team", "/inbox/waiting"),),
    "/act/{secret}": (("country-team", "/act/{secret}"),),
    "/letters": (("steward", "/letters"),),
    "/outbox": (("steward", "/outbox"),),
    "/plans/{slug}/phone-form": (("planner", "/plans/{plan}/phone-form"),),
    "/plans/{slug}/certificate": (("planner", "/plans/{plan}/certificate"),),
    "/transfers/{uid}/certificate": (("country-team", "/transfers/{transfer}/certificate"),),
    "/check": ((NOBODY, "/check"),),
    "/check/{code}": ((NOBODY, "/check/{code}"),),
    "/transfers/{uid}": (("country-team", "/transfers/{transfer}"),),
    "/transfers/{uid}/items/new": (("country-team", "/transfers/{transfer}/items/new"),),
    "/capacities/{uid}": (
        ("country-team", "/capacities/{offered}"),
        ("planner", "/capacities/{confirmed}"),
        ("co-chair", "/capacities/{disputed}"),
    ),
    "/items/{uid}": (("country-team", "/items/{item}"),),
    "/money/interests": (("donor", "/money/interests"),),
    "/money/interests/new": (
        ("donor", "/money/interests/new"),
        ("donor", "/money/interests/new?plan={plan}&function={function}"),
    ),
    "/money/interests/{uid}": (
        ("donor", "/money/interests/{interest}"),
        ("planner", "/money/interests/{interest}"),
    ),
    "/money/watches": (("donor", "/money/watches"),),
    "/me/feeds": (("planner", "/me/feeds?plan={plan}"), ("steward", "/me/feeds")),
    "/plans/{slug}/interests": (("planner", "/plans/{plan}/interests"),),
    "/gaps": (
        ("donor", "/gaps"),
        ("observer", "/gaps?severity=critical"),
        ("planner", "/gaps?each=yes"),
    ),
    "/gaps/{uid}": (("planner", "/gaps/{gap}"), ("donor", "/gaps/{gap}")),
    "/trail": (("steward", "/trail?check=yes"),),
    "/plans/{slug}/outside": (("donor", "/plans/{plan}/outside"),),
    "/sources": (("steward", "/sources"),),
    "/channels": (("steward", "/channels"),),
    "/plans/{slug}/channels": (("planner", "/plans/{plan}/channels"),),
    "/channels/{uid}": (("planner", "/channels/{channel}"),),
    "/people": (("steward", "/people"),),
    "/people/invite": (("steward", "/people/invite"),),
    "/people/organisations/new": (("steward", "/people/organisations/new"),),
    "/people/accounts/{uid}": (("steward", "/people/accounts/{account}"),),
}
# Where people end up by mistake; the status goes first.
MISTAKES = (
    (404, NOBODY, "/nothing-here"),
    (403, "donor", "/people"),
    (404, "planner", "/plans/no-such-plan"),
    (422, "planner", "/gaps/no-number"),
)


@dataclass(frozen=True, slots=True)
class Whole:
    """A served demonstration, what fills the addresses, and each role's cookies."""

    address: str
    names: Mapping[str, str]
    cookies: Mapping[str, StorageState]


def pages_of(role: str) -> tuple[tuple[int, str], ...]:
    """Return what a role opens, each with the status that is right."""
    right = [(200, at) for lines in PAGES.values() for who, at in lines if who == role]
    wrong = [(status, at) for status, who, at in MISTAKES if who == role]
    return (*right, *wrong)


@contextmanager
def whole_site(browser: Browser, template: Path, folder: Path) -> Iterator[Whole]:
    """Serve the history of one plan with a draft, posts and gaps; sign in once for each role."""
    file = shutil.copyfile(template, folder / "unbroken.sqlite3")
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(moment(TODAY, 9_000))
    acts = tuple(act for act in history() if act.plan in {None, PLAN})
    play(sessions, today=TODAY, edition=edition(), log=silent, acts=acts)
    names = _add_to(sessions, clock) | _found(sessions)
    names["interest"] = _interest(sessions, clock)
    names["channel"] = _channel(sessions, clock)
    names |= _proved(sessions, clock, UUID(names["offered"]))
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )
    with serving(create_app(house)) as address:
        yield Whole(address, names, {role: _enter(browser, address, role) for role in ROLES})
    sessions.close()


def _add_to(sessions: Sessions, clock: FixedClock) -> dict[str, str]:
    """Add what the history of the plan lacks: posts, and a draft."""
    with sessions.reading() as session:
        planner = actor_by_handle(session, "planner")
    numbers = PostNumbers(authorised=2, filled=1)
    post = NewPost(
        PostSide.GIVER, "unifil", "CPA-1", ("CSO-VOICE",), numbers, TODAY, source="Staffing table"
    )
    add_posts(sessions, AddPosts(PLAN, (post,)), actor=planner, clock=clock)
    order = DraftRevision(PLAN, title="What if", reason="To look at it.")
    drafted = draft_revision(sessions, order, actor=planner, clock=clock)
    names = {"plan": PLAN, "area": f"{PLAN}-south", "draft": str(drafted.number)}
    return names | _paid_for(sessions, clock, planner)


def _paid_for(sessions: Sessions, clock: FixedClock, planner: Actor) -> dict[str, str]:
    """Add what one function needs, and money for half of it."""
    said: Any = {
        "function": "CSO-VOICE",
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2027, 6, 30),
        "receiver": "unicef",
        "known_on": TODAY,
        "source": "Plan of needs (October 2026), made up for this page",
        "illustrative": True,
    }
    pledge = NewFigure(stage=Stage.PLEDGED, amount=Decimal(90_000), on=TODAY)
    bound = NewFigure(stage=Stage.COMMITTED, amount=Decimal(60_000), on=TODAY)
    order = EnterMoney(
        PLAN,
        (NewRequirement(**said, amount=Decimal(120_000)),),
        (NewContribution(**said, figures=(pledge, bound)),),
    )
    need, money = enter_money(sessions, order, actor=planner, clock=clock)
    return {"need": str(need.uid), "money": str(money.uid)}


def _interest(sessions: Sessions, clock: FixedClock) -> str:
    """Add what a donor would pay for."""
    with sessions.reading() as session:
        donor = actor_by_handle(session, "donor")
    order = RegisterInterest(
        plan=PLAN, function="CSO-VOICE", amount=Decimal(250_000), currency="USD", note="Two years."
    )
    return str(register_interest(sessions, order, actor=donor, clock=clock).uid)


def _channel(sessions: Sessions, clock: FixedClock) -> str:
    """Add a program that waits to be told."""
    with sessions.reading() as session:
        planner = actor_by_handle(session, "planner")
    order = RegisterChannel(
        kind=ChannelKind.WEBHOOK,
        name="Dashboard",
        address="https://hooks.example.org/unbroken",
        plan=PLAN,
    )
    terms = ChannelTerms(signing_root="made up for this page, never used", check=lambda _url: None)
    made = register_channel(sessions, order, actor=planner, clock=clock, terms=terms)
    return str(made.uid)


def _proved(sessions: Sessions, clock: FixedClock, offered: UUID) -> dict[str, str]:
    """Add a link by mail and a certificate."""
    with sessions.reading() as session:
        team, planner = (actor_by_handle(session, each) for each in ("country-team", "planner"))
    assert team.account_uid is not None
    asked = MakeActLink(
        account_uid=team.account_uid, capacity_uid=offered, act=Act.CONFIRM, life=timedelta(days=1)
    )
    order = IssueCertificate(plan=PLAN, audience=Audience.PUBLIC, language="ar")
    issued = issue_certificate(
        sessions, order, actor=planner, clock=clock, languages=load_languages()
    )
    return {
        "secret": make_act_link(sessions, asked, clock=clock).secret,
        "code": issued.code,
    }


def _found(sessions: Sessions) -> dict[str, str]:
    def capacity(state: CapacityState) -> Capacity:
        mine = (Organisation.slug == "unicef", Capacity.state == state)
        query = select(Capacity).join(Transfer).join(Organisation, RECEIVES).where(*mine)
        return session.exec(query.order_by(col(Capacity.id))).first() or _no(state)

    item = select(Item.uid).join(Capacity)
    with sessions.reading() as session:
        offered = capacity(CapacityState.OFFERED)
        rows = {
            "offered": offered.uid,
            "confirmed": capacity(CapacityState.CONFIRMED).uid,
            "disputed": capacity(CapacityState.DISPUTED).uid,
            "item": session.exec(item.where(Capacity.transfer_id == offered.transfer_id)).first(),
            "gap": session.exec(select(Gap.uid).where(Gap.state == GapState.OPEN)).first(),
            "post": session.exec(select(Post.uid)).first(),
            "account": session.exec(select(Account.uid)).first(),
        }
        transfer = select(Transfer.uid).where(Transfer.id == offered.transfer_id)
        rows["transfer"] = session.exec(transfer).one()
    return {"function": "CSO-VOICE", **{name: str(uid) for name, uid in rows.items()}}


def _enter(browser: Browser, address: str, role: str) -> StorageState:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    if role:
        page.goto("/sign-in?to=/about")
        page.locator(f'form:has(input[value="{role}"]) button').click()
        page.wait_for_url("**/about")
    kept = context.storage_state()
    context.close()
    return kept


def _no(state: CapacityState) -> Capacity:
    message = f"the history of {PLAN} holds no capacity of UNICEF that is {state.value}"
    raise LookupError(message)


RECEIVES = col(Transfer.receiver_id) == col(Organisation.id)
