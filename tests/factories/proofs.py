"""A plan on which much was signed, its trail as a file, and certificates of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlmodel import col, select

from tests.factories.capacities import LAST_DAY
from tests.factories.transfers import Scene, make_scene
from tests.scenes import kept
from unbroken.documents.commands.issuing import IssueCertificate, Issued, issue_certificate
from unbroken.documents.queries.exporting import export_lines
from unbroken.documents.rules.words import Audience
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.people.rules import Actor, sight_of
from unbroken.plans.queries import find_plan
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.models import Transfer
from unbroken.transfers.rules.views import Ground
from unbroken.transfers.rules.words import Act

LANGUAGES = load_languages()
DISPUTED = "The offer is not what we were told."
NO_STATEMENT = "Verification of this part is not done by anyone from then on."
CONDITION = "Two vehicles arrive before the rains."


@kept
def signed_scene(sessions: Sessions, clock: FixedClock) -> Scene:
    """Return a scene: confirmed, in part, on condition, disputed, ended, and one never answered."""
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=datetime(2026, 1, 1, tzinfo=UTC))
    scene = make_scene(sessions, clock)
    named = scene.named("MRM-VER").capacities
    for uid in named.values():
        scene.act(scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid))
    posts, skills, data = (
        named[each] for each in (Dimension.POSTS, Dimension.SKILLS, Dimension.DATA)
    )
    part = SignOrder(act=Act.CONFIRM_PART, capacity_uid=posts, quantity=4, reason="Four are paid.")
    scene.act(scene.receiver, part)
    on_condition = SignOrder(
        act=Act.CONFIRM_ON_CONDITION,
        capacity_uid=skills,
        until_on=date(2026, 3, 20),
        reason=CONDITION,
    )
    scene.act(scene.receiver, on_condition)
    scene.act(scene.receiver, SignOrder(act=Act.DISPUTE, capacity_uid=data, reason=DISPUTED))
    reporting = scene.named("DIG-REP").capacities
    ended = SignOrder(
        act=Act.END,
        capacity_uid=reporting[Dimension.DATA],
        ground=Ground.DECISION,
        authority="Security Council",
        instrument="Resolution 2690",
        instrument_on=date(2026, 2, 1),
        reason=NO_STATEMENT,
    )
    scene.act(scene.planner, ended)
    scene.act(scene.planner, SignOrder(act=Act.OFFER, capacity_uid=reporting[Dimension.POSTS]))
    assert LAST_DAY > clock.today()
    return scene


def exported(scene: Scene, *, actor: Actor | None = None) -> list[bytes]:
    """Return the lines of the plan's export as ``actor`` (the planner) is given them."""
    reader = actor or scene.planner
    with scene.sessions.reading() as session:
        plan = find_plan(session, scene.plan_uid, sight=sight_of(reader))
        return list(export_lines(session, plan, actor=reader))


def issue(
    scene: Scene,
    *,
    actor: Actor | None = None,
    audience: Audience = Audience.RESTRICTED,
    language: str = "en",
    transfer: UUID | None = None,
    on: date | None = None,
) -> Issued:
    """Issue a certificate of the plan, or of one transfer, as ``actor`` (the planner), today."""
    order = IssueCertificate(
        plan=scene.plan_uid,
        transfer=transfer,
        audience=audience,
        language=language,
        base_url="https://unbroken.example",
    )
    return issue_certificate(
        scene.sessions,
        order,
        actor=actor or scene.planner,
        clock=scene.at(on),
        languages=LANGUAGES,
    )


def transfers_of(scene: Scene) -> Sequence[UUID]:
    """Return the transfers of the scene, the first first."""
    with scene.sessions.reading() as session:
        return session.exec(select(Transfer.uid).order_by(col(Transfer.id))).all()
