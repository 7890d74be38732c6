"""The acts on capacities as forms: what each is called, what it asks for, and what was sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from unbroken.functions.rules import Dimension
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.queries import CapacityDetail
from unbroken.transfers.rules.costs import Cost, cost_of
from unbroken.transfers.rules.requirements import GROUNDS, MECHANISM
from unbroken.transfers.rules.views import Ground
from unbroken.transfers.rules.words import Act
from unbroken.web.forms import Form

Short = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]
MOST_PARTS = 60
LARGEST = 1_000_000
AMOUNT = re.compile(r"([0-9]{1,11}(\.[0-9]{1,4})?)?")
HIDDEN = {"act", "version", "key", "seen", "account", "content_hash"}


class Ask(StrEnum):
    """What the form of an act asks for."""

    QUANTITY = "quantity"
    COST = "cost"
    PART = "part"
    PERIOD = "period"
    UNTIL = "until"
    REASON = "reason"
    PAPER = "paper"
    GROUND = "ground"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class ActForm:
    """How one act is offered: heading, what it means, the button, and what it asks for.

    Texts are English; ``until`` and ``reason`` label those two fields. ``tone`` is the button's.
    """

    title: str
    means: str
    button: str
    asks: frozenset[Ask] = frozenset()
    until: str = ""
    reason: str = _("Reason")
    must_reason: bool = True
    tone: str = ""


@dataclass(frozen=True, slots=True)
class OpenAct:
    """One act that is open to the reader now, with its form and the grounds to choose from."""

    act: Act
    spec: ActForm
    grounds: tuple[tuple[str, str], ...] = ()
    form: Form = field(default_factory=Form)
    is_open: bool = False


class ActInput(BaseModel):
    """What the form of an act sends; everything as typed."""

    act: Act
    version: Annotated[int, Field(ge=1, le=LARGEST)]
    content_hash: Short = ""
    key: Short = ""
    seen: Text = ""
    account: Short = ""
    quantity: Short = ""
    parts: Annotated[list[Short], Field(max_length=MOST_PARTS)] = []
    cost: Short | None = None
    currency: Short = ""
    from_on: Short = ""
    until_on: Short = ""
    reason: Text = ""
    instrument: Text = ""
    instrument_on: Short = ""
    authority: Text = ""
    ground: Short = ""
    months: Short = ""
    passed: Short = ""

    def values(self) -> dict[str, str]:
        """Return what was typed by field, for the form to be shown again; parts by key."""
        typed = {
            name: value
            for name, value in self.model_dump(exclude=HIDDEN).items()
            if isinstance(value, str) and value
        }
        return typed | {f"parts.{key}": "yes" for key in self.parts}

    def order(self, capacity_uid: UUID) -> SignOrder:
        """Return the act that was ordered.

        Raises:
            Invalid: a number or a day cannot be read.
        """
        problems: list[Problem] = []
        order = SignOrder(
            act=self.act,
            capacity_uid=capacity_uid,
            version_seen=self.version,
            content_seen=self.content_hash or None,
            quantity=_number("quantity", self.quantity, problems),
            parts=tuple(sorted(set(self.parts))),
            cost=self._cost(problems),
            from_on=day_in("from_on", self.from_on, problems),
            until_on=day_in("until_on", self.until_on, problems),
            reason=self.reason,
            instrument=self.instrument,
            instrument_on=day_in("instrument_on", self.instrument_on, problems),
            authority=self.authority,
            ground=Ground(self.ground) if self.ground in set(Ground) else None,
            months=_number("months", self.months, problems),
            passed={"yes": True, "no": False}.get(self.passed),
        )
        if problems:
            raise Invalid(problems=problems)
        return order

    def _cost(self, problems: list[Problem]) -> Cost | None:
        """Return the cost stated; a form that does not ask for one leaves it as it stands."""
        if self.cost is None:
            return None
        text = self.cost.strip()
        if not AMOUNT.fullmatch(text):
            problems.append(Problem("cost", _("is not an amount"), _("Write it as 120000.50.")))
            return None
        return cost_of(Decimal(text) if text else None, self.currency)


def day_in(name: str, text: str, problems: list[Problem]) -> date | None:
    """Return the day typed into field ``name``; what cannot be read is added to ``problems``."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        problems.append(Problem(name, _("is not a day"), _("Write it as 2026-12-31.")))
        return None


def _number(name: str, text: str, problems: list[Problem]) -> int | None:
    if not text.strip():
        return None
    if text.strip().isascii() and text.strip().isdigit() and int(text) <= LARGEST:
        return int(text)
    problems.append(Problem(name, _("is not a whole number"), _("Write it in digits.")))
    return None


def open_acts(
    detail: CapacityDetail, *, tried: Act | None = None, form: Form | None = None
) -> tuple[OpenAct, ...]:
    """Return the acts open to the reader in the order of the page, the one ``tried`` unfolded."""
    return tuple(
        OpenAct(
            act=act,
            spec=spec,
            grounds=grounds_for(detail, act),
            form=form if form is not None and act is tried else Form(),
            is_open=act is tried,
        )
        for act, spec in ACT_FORMS.items()
        if act in detail.may
    )


def grounds_for(detail: CapacityDetail, act: Act) -> tuple[tuple[str, str], ...]:
    """Return the grounds that ``act`` may have here, with their English words; often empty."""
    allowed = set(GROUNDS.get(act, frozenset()))
    is_mechanism = detail.entry.function_code.startswith(MECHANISM)
    if is_mechanism:
        allowed -= {Ground.MISSION_CLOSURE}
    if is_mechanism and act is Act.NOT_APPLICABLE:
        allowed -= {None}
    if detail.entry.dimension is not Dimension.DATA:
        allowed -= {Ground.ARCHIVED_OR_DESTROYED}
    named = tuple((each.value, GROUND_WORDS[each]) for each in Ground if each in allowed)
    return (("", NO_GROUND[act]), *named) if None in allowed else named


REASON_HINT = _("A sentence. No names of people, no telephone numbers, no places of incidents.")
NO_GROUND: Mapping[Act, str] = {
    Act.RESOLVE: _("Settled: offer it again"),
    Act.NOT_APPLICABLE: _("It does not exist here"),
}
GROUND_WORDS: Mapping[Ground, str] = {
    Ground.DECISION: _("An authority decided it"),
    Ground.DELISTING: _("The party was delisted"),
    Ground.ARCHIVED_OR_DESTROYED: _("The data were archived or destroyed"),
    Ground.NOT_PERFORMED: _("The mission never performed it here"),
    Ground.MISSION_CLOSURE: _("The mission closes"),
}
ACT_FORMS: Mapping[Act, ActForm] = {
    Act.COUNTERSIGN: ActForm(
        _("Countersign"),
        _("You put the second signature under the act that waits. It then holds."),
        _("Countersign"),
        tone="primary",
    ),
    Act.REFUSE_COUNTERSIGN: ActForm(
        _("Refuse the countersignature"),
        _("The act that waits falls away; all stays as it was before it."),
        _("Refuse"),
        frozenset({Ask.REASON}),
        tone="danger",
    ),
    Act.CONFIRM: ActForm(
        _("Confirm all"),
        _("Your organisation takes over everything that is listed above."),
        _("Confirm all"),
        tone="primary",
    ),
    Act.CONFIRM_PART: ActForm(
        _("Confirm a part"),
        _(
            "You take over less than is offered, or only for some time. What is left, and the time "
            "outside, stays with the giver as lines of its own."
        ),
        _("Confirm this part"),
        frozenset({Ask.PART, Ask.PERIOD}),
    ),
    Act.CONFIRM_ON_CONDITION: ActForm(
        _("Confirm on condition"),
        _("You take it over if something happens by a day. On the day after, it lapses."),
        _("Confirm on this condition"),
        frozenset({Ask.REASON, Ask.UNTIL}),
        until=_("Must be met by"),
        reason=_("Condition"),
    ),
    Act.MEET_CONDITION: ActForm(
        _("The condition is met"),
        _("What was confirmed on condition is confirmed without one from now on."),
        _("The condition is met"),
        tone="primary",
    ),
    Act.RECEIVE: ActForm(
        _("Received without an offer"),
        _("The giver is gone, and you have it. Say how much you really received."),
        _("Record what we received"),
        frozenset({Ask.PART}),
        tone="primary",
    ),
    Act.RECOMMEND: ActForm(
        _("Recommend"),
        _("You tell your authorised signatory that this can be confirmed. It is no signature."),
        _("Recommend"),
        frozenset({Ask.REASON}),
        reason=_("What the signatory should know"),
        must_reason=False,
    ),
    Act.ASK_TIME: ActForm(
        _("Ask for more time"),
        _("The day to answer moves, never past the function's last day."),
        _("Ask for more time"),
        frozenset({Ask.UNTIL, Ask.REASON}),
        until=_("We answer by"),
        must_reason=False,
    ),
    Act.DISPUTE: ActForm(
        _("Dispute"),
        _("What is offered is not what you were told. A clock starts, then the co-chair decides."),
        _("Dispute"),
        frozenset({Ask.REASON}),
        reason=_("What is wrong with the offer"),
        tone="danger",
    ),
    Act.DECLINE: ActForm(
        _("Decline"),
        _("Your organisation will not take it over. The planner must find another receiver."),
        _("Decline"),
        frozenset({Ask.REASON}),
        tone="danger",
    ),
    Act.ATTEST: ActForm(
        _("Attest an authority's answer"),
        _("An authority that does not sign in has accepted. The co-chair countersigns."),
        _("Attest"),
        frozenset({Ask.PAPER}),
    ),
    Act.OFFER: ActForm(
        _("Offer"),
        _("The receiver is asked to answer, by the day that the timetable gives it."),
        _("Offer"),
        frozenset({Ask.QUANTITY, Ask.COST}),
        tone="primary",
    ),
    Act.PLAN: ActForm(
        _("Plan"),
        _("Says that it will be offered. Nobody is asked for an answer yet."),
        _("Mark as planned"),
        frozenset({Ask.QUANTITY}),
    ),
    Act.WITHDRAW: ActForm(
        _("Withdraw"),
        _("The offer is taken back. For tiers 1 and 2 the receiver or a co-chair countersigns."),
        _("Withdraw the offer"),
        frozenset({Ask.REASON}),
        must_reason=False,
        tone="danger",
    ),
    Act.RESOLVE: ActForm(
        _("Resolve the dispute"),
        _("Settled, it is offered again; otherwise it ends by decision."),
        _("Resolve"),
        frozenset({Ask.GROUND, Ask.REASON, Ask.PAPER}),
        reason=_("How it was settled"),
    ),
    Act.CHECK: ActForm(
        _("Check that it is sustained"),
        _("3, 6 and 12 months after the last day: is it still there, and does it work?"),
        _("Record the check"),
        frozenset({Ask.CHECK, Ask.REASON}),
        reason=_("What was found"),
        must_reason=False,
        tone="primary",
    ),
    Act.SUSPEND: ActForm(
        _("Suspend"),
        _("For now it cannot be used, for example because the area cannot be reached."),
        _("Suspend"),
        frozenset({Ask.REASON}),
    ),
    Act.RESUME: ActForm(
        _("Resume"),
        _("It can be used again; the confirmation holds as before."),
        _("Resume"),
        tone="primary",
    ),
    Act.LAPSE: ActForm(
        _("It has lapsed"),
        _("What was confirmed is gone: money, posts or access have ended."),
        _("Record that it lapsed"),
        frozenset({Ask.REASON}),
        tone="danger",
    ),
    Act.END: ActForm(
        _("End by decision"),
        _("An authority outside the giver decided that it ends. Say which risk remains."),
        _("End it"),
        frozenset({Ask.GROUND, Ask.PAPER, Ask.REASON}),
        reason=_("Risk that remains"),
        tone="danger",
    ),
    Act.NOT_APPLICABLE: ActForm(
        _("Not applicable"),
        _("It does not exist here. The receiver or a co-chair countersigns."),
        _("Call it not applicable"),
        frozenset({Ask.GROUND, Ask.REASON}),
        tone="danger",
    ),
}
"""Every act a person signs, in the order in which a page offers them."""
