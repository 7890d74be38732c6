"""Plays what happens to transfers, by the ordinary commands."""

from collections.abc import Mapping
from dataclasses import fields
from itertools import groupby
from uuid import UUID

from unbroken.demo.deeds import Agree, CheckDue, DoItems, Hold, Link, Name, Renew, Sign
from unbroken.demo.finding import (
    agreement_of,
    capacities_for,
    capacities_resting,
    checks_due,
    function_area_of,
    items_due,
)
from unbroken.demo.reading import read_material
from unbroken.demo.stage import Stage
from unbroken.functions.rules import Dimension
from unbroken.kit.errors import NotFound
from unbroken.transfers.commands.agreements import (
    AddAgreement,
    LinkAgreement,
    RenewAgreement,
    add_agreement,
    link_agreement,
    renew_agreement,
)
from unbroken.transfers.commands.custody import TakeCustody, take_custody
from unbroken.transfers.commands.frame import acting, named_plan
from unbroken.transfers.commands.items import CompleteItem, complete_item_in
from unbroken.transfers.commands.naming import NameReceiver, name_receiver
from unbroken.transfers.commands.signing import PackageOrder, SignOrder, sign, sign_package
from unbroken.transfers.rules.surroundings import Evidence
from unbroken.transfers.rules.views import ActOrder
from unbroken.transfers.rules.words import Act

INVENTED = "Illustrative, made for the demonstration"
CUSTODIAN = "Transition planning office"
LONGEST_TITLE = 160


def name(deed: Name, stage: Stage) -> None:
    """Name a receiver."""
    with stage.sessions.reading() as session:
        function_area = function_area_of(session, deed.key)
    order = NameReceiver(
        plan=deed.key.plan,
        function_area_uid=function_area,
        receiver=deed.key.receiver,
        giver=deed.giver,
        kind=deed.kind,
        starts_on=deed.starts_on,
        ends_on=deed.ends_on,
        dimensions=deed.dimensions,
        quantities=_counted(deed, stage),
        illustrative=True,
    )
    name_receiver(stage.sessions, order, actor=stage.actor(), clock=stage.clock)


def _counted(deed: Name, stage: Stage) -> Mapping[Dimension, int]:
    """Return the quantities of those capacities that the function counts and that pass here."""
    counted = {
        need.dimension
        for need in stage.edition.functions[deed.key.function].capacities
        if need.unit is not None and (not deed.dimensions or need.dimension in deed.dimensions)
    }
    return {each: number for each, number in deed.quantities.items() if each in counted}


def sign_it(deed: Sign, stage: Stage) -> None:
    """Sign one act on every capacity on which it is possible.

    Raises:
        NotFound: there is none.
    """
    with stage.sessions.reading() as session:
        found = capacities_for(session, deed.key, deed.order.act, dimensions=deed.dimensions)
    if not found:
        raise NotFound("Nothing of {key} can be signed.", key=str(deed.key))
    _sign(found, deed.order, stage)


def _sign(found: list[UUID], order: ActOrder, stage: Stage) -> None:
    said = {field.name: getattr(order, field.name) for field in fields(ActOrder)}
    actor, clock = stage.actor(), stage.clock
    if len(found) == 1:
        sign(stage.sessions, SignOrder(**said, capacity_uid=found[0]), actor=actor, clock=clock)
    else:
        package = PackageOrder(**said, capacities=tuple((uid, None) for uid in found))
        sign_package(stage.sessions, package, actor=actor, clock=clock)


def check(deed: CheckDue, stage: Stage) -> None:
    """Sign the checks that have come, each by its receiver or else the custodian."""
    with stage.sessions.reading() as session:
        due = checks_due(session, deed.plan, deed.months, on=stage.day)
    mine = sorted(
        (_checker(organisation, custodian=deed.custodian), uid)
        for uid, key, organisation in due
        if key not in deed.but
    )
    order = ActOrder(act=Act.CHECK, months=deed.months, passed=True)
    for handle, checked in groupby(mine, key=lambda pair: pair[0]):
        as_checker = Stage(stage.sessions, stage.edition, stage.at, handle)
        _sign([uid for _, uid in checked], order, as_checker)


def _checker(organisation: str, *, custodian: str) -> str:
    return read_material().cast.answering(organisation) or custodian


def do_items(deed: DoItems, stage: Stage) -> None:
    """Do the items that are due, all in one transaction."""
    with stage.sessions.reading() as session:
        due = items_due(session, deed.plan, until=deed.until, functions=deed.functions)
    if not due:
        return
    actor = stage.actor()
    with acting(stage.sessions, named_plan(deed.plan), actor=actor, clock=stage.clock) as (
        session,
        by,
    ):
        for uid, code in due:
            title = f"Working note: {stage.edition.functions[code].title}"[:LONGEST_TITLE]
            evidence = Evidence(title, stage.day, custodian=CUSTODIAN)
            order = CompleteItem(item_uid=uid, done_on=stage.day, evidence=evidence)
            complete_item_in(session, order, by=by)


def agree(deed: Agree, stage: Stage) -> None:
    """Put an agreement on record."""
    order = AddAgreement(
        plan=deed.plan,
        kind=deed.kind,
        title=deed.title,
        names_mission=deed.names_mission,
        known_on=deed.known_on,
        source=INVENTED,
        signatories=deed.signatories,
    )
    add_agreement(stage.sessions, order, actor=stage.actor(), clock=stage.clock)


def link(deed: Link, stage: Stage) -> None:
    """Let capacities of a transfer rest on an agreement."""
    with stage.sessions.reading() as session:
        agreement = agreement_of(session, deed.key.plan, deed.title)
        resting = tuple(capacities_resting(session, deed.key))
    order = LinkAgreement(agreement_uid=agreement, capacities=resting)
    link_agreement(stage.sessions, order, actor=stage.actor(), clock=stage.clock)


def renew(deed: Renew, stage: Stage) -> None:
    """Renew an agreement with its successor."""
    with stage.sessions.reading() as session:
        agreement = agreement_of(session, deed.plan, deed.title)
    order = RenewAgreement(
        agreement_uid=agreement,
        successor=deed.successor,
        successor_signed_on=deed.signed_on,
        renewed=deed.counts,
    )
    renew_agreement(stage.sessions, order, actor=stage.actor(), clock=stage.clock)


def hold(deed: Hold, stage: Stage) -> None:
    """Let the actor's organisation take custody of a plan."""
    take_custody(stage.sessions, TakeCustody(deed.plan), actor=stage.actor(), clock=stage.clock)
