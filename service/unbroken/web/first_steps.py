"""The first steps of each role in plain words: what to do, why, and where.

Pure: what is known of the reader's surroundings comes in as ``Around``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from unbroken.kit.languages import gettext as _
from unbroken.people.queries.tours import Staffing
from unbroken.people.rules import Actor, Role
from unbroken.transfers.queries.beginnings import Beginnings


@dataclass(frozen=True, slots=True)
class Step:
    """One step; title and text are English. ``is_done`` is ``None`` where nothing shows it."""

    title: str
    text: str
    path: str
    is_done: bool | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What the steps lead to: a plan (empty: none is seen), capacities, people, missions."""

    plan: str = ""
    is_in_force: bool = False
    has_mission: bool = False
    begun: Beginnings = field(default_factory=Beginnings)
    staff: Staffing = field(default_factory=Staffing)

    def of_plan(self, path: str, *, otherwise: str = "/plans") -> str:
        """Return a place inside the plan, or ``otherwise`` where no plan is seen."""
        return f"/plans/{self.plan}{path}" if self.plan else otherwise


def roles_of(actor: Actor) -> tuple[Role, ...]:
    """Return the roles whose steps concern ``actor``, in the order of ``Role``; may be empty."""
    return tuple(role for role in Role if actor.has(role))


def steps_for(role: Role, around: Around) -> tuple[Step, ...]:
    """Return the three to five first steps of a role."""
    return STEPS[role](around)


def _planner(around: Around) -> tuple[Step, ...]:
    opening = _("Open a plan"), "/plans/new"
    drafting = _("Put a plan in force"), around.of_plan("/revisions")
    title, path = drafting if around.plan else opening
    begun = around.begun
    return (
        Step(
            title,
            _("From the plan in force follows every date by which something falls due."),
            path,
            around.is_in_force,
        ),
        Step(
            _("Name who takes over"),
            _("Function by function and area by area: who goes on when the mission has left?"),
            around.of_plan("/transfers"),
            begun.is_named,
        ),
        Step(
            _("Offer what they need"),
            _("Posts, skills, data, agreements, money: the receiver answers each of them."),
            around.of_plan("/transfers"),
            begun.is_offered,
        ),
        Step(
            _("Read why a gap is open"),
            _("Each gap says what is about to be lost, by when, and what would close it."),
            "/gaps",
        ),
        Step(
            _("Work through a checklist"),
            _("What must be done for each function; as a workbook too, for work without a line."),
            around.of_plan("/checklist"),
        ),
    )


def _country_team(around: Around) -> tuple[Step, ...]:
    begun = around.begun
    waiting = f"/capacities/{begun.waiting}" if begun.waiting else "/inbox"
    answered = f"/capacities/{begun.answered}" if begun.answered else "/inbox"
    return (
        Step(
            _("Open an offer"),
            _("The inbox shows what is offered to your organisation, the most urgent first."),
            "/inbox",
        ),
        Step(
            _("Answer it"),
            _("Confirm all or a part, decline, dispute or ask for time. Silence is unknown."),
            waiting,
            begun.answered is not None,
        ),
        Step(
            _("See its receipt"),
            _("What was signed, word for word, by which office and on which day."),
            answered,
        ),
        Step(
            _("See what is still missing"),
            _("Gaps say what you did not receive, and what ends without anything behind it."),
            "/gaps",
        ),
    )


def _co_chair(around: Around) -> tuple[Step, ...]:
    return (
        Step(
            _("See what waits for your signature"),
            _("Some acts hold only once a second, independent hand has signed."),
            "/inbox",
        ),
        Step(
            _("Read who takes over what"),
            _("Every function with its giver, its receiver and what was really received."),
            around.of_plan("/transfers"),
        ),
        Step(
            _("Read why a gap is open"),
            _("Each gap says what is about to be lost, by when, and what would close it."),
            "/gaps",
        ),
    )


def _donor(_around: Around) -> tuple[Step, ...]:
    return (
        Step(
            _("See where money is missing"),
            _("For which function, in which country, from when, how much, and whom you answer."),
            "/money",
        ),
        Step(
            _("See which missions leave, and when"),
            _("The plans that run now, those with the worst gaps first."),
            "/plans",
        ),
        Step(
            _("See what is about to be lost"),
            _("Each gap names the function, the country, the day, and why it is there."),
            "/gaps",
        ),
        Step(
            _("Read what a function does for children"),
            _("The catalogue says what each function needs: people, data, money."),
            "/functions",
        ),
    )


def _observer(around: Around) -> tuple[Step, ...]:
    return (
        Step(
            _("See every plan, the worst first"),
            _("Which missions leave, how many days are left, and how many gaps are open."),
            "/plans",
        ),
        Step(
            _("Read how a plan answers the Council"),
            _("Demand by demand, met only on dated evidence; silence is unknown."),
            around.of_plan("/elements"),
        ),
        Step(
            _("Read why a gap is open"),
            _("Each gap says what is about to be lost, by when, and what would close it."),
            "/gaps",
        ),
        Step(
            _("Follow who did what"),
            _("The trail holds every act; nothing can be taken out without a mark."),
            "/trail",
        ),
    )


def _steward(around: Around) -> tuple[Step, ...]:
    return (
        Step(
            _("Invite the offices"),
            _("Each account is an office with a mailbox, not a person."),
            "/people/invite",
            around.staff.accounts > 1,
        ),
        Step(
            _("Have a second steward"),
            _("Some acts need two stewards, and one of them may be away."),
            "/people/invite",
            around.staff.stewards > 1,
        ),
        Step(
            _("Enter a mission"),
            _("A planner opens the plan of a mission that is on record."),
            "/missions/new",
            around.has_mission,
        ),
        Step(
            _("Check that the record is intact"),
            _("Every entry is chained to the one before it; the check reads them all."),
            "/trail?check=yes",
        ),
    )


STEPS: Mapping[Role, Callable[[Around], tuple[Step, ...]]] = {
    Role.PLANNER: _planner,
    Role.COUNTRY_TEAM: _country_team,
    Role.CO_CHAIR: _co_chair,
    Role.DONOR: _donor,
    Role.OBSERVER: _observer,
    Role.STEWARD: _steward,
}
