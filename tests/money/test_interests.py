"""A donor's interest: one for each function, told to the receivers, who stay unknown to it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests.money.donors import DonorDesk, text_of
from unbroken.kit.db import new_uid
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused, SignInNeeded, Stale
from unbroken.money.commands.interests import (
    AnswerInterest,
    InterestChanged,
    WithdrawInterest,
    answer_interest,
    withdraw_interest,
)
from unbroken.money.queries.interests import InterestView, interest_list, interest_view
from unbroken.money.rules.answering import TOPIC, InterestAnswer, InterestState
from unbroken.people.rules import NOBODY
from unbroken.plans.commands.editing import ChangeState, cancel_plan
from unbroken.plans.models import Area, Plan
from unbroken.trail.queries import entries

SEES = ("donor", "planner", "observer", "unicef")


def view(donors: DonorDesk, made: InterestChanged, *, by: str = "donor") -> InterestView:
    with donors.sessions.reading() as session:
        return interest_view(session, made.uid, actor=donors.actors[by])


def answer(
    donors: DonorDesk, made: InterestChanged, *, by: str, said: str = "in-talks", note: str = ""
) -> InterestChanged:
    order = AnswerInterest(made.uid, made.version, InterestAnswer(said), note)
    return answer_interest(donors.sessions, order, actor=donors.actors[by], clock=donors.desk.clock)


def withdraw(donors: DonorDesk, made: InterestChanged, *, by: str = "donor") -> InterestChanged:
    order = WithdrawInterest(made.uid, made.version)
    return withdraw_interest(
        donors.sessions, order, actor=donors.actors[by], clock=donors.desk.clock
    )


def test_the_same_donor_has_one_interest_in_a_function(donors: DonorDesk) -> None:
    first = donors.register(amount=Decimal("12.5"), currency="EUR", note="For two years.")
    same = donors.register(amount=Decimal("12.50"), currency="EUR", note="For two years.")
    more = donors.register(amount=Decimal(20), currency="EUR")
    others = donors.register(by="other donor")

    assert (True, False, False, True) == tuple(each.is_new for each in (first, same, more, others))
    assert (first.uid, first.version) == (same.uid, same.version)
    assert first.uid == more.uid != others.uid
    shown = view(donors, more)
    assert (Decimal("20.00"), "EUR", "") == (shown.amount, shown.currency, shown.note)


def test_only_a_donor_registers(donors: DonorDesk) -> None:
    for by in ("planner", "observer", "unicef", "foreign", "co-chair"):
        with pytest.raises((Forbidden, NotFound)):
            donors.register(by=by)


BROKEN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"function": "NO-SUCH"}, "function"),
    ({"amount": Decimal(0), "currency": "USD"}, "amount"),
    ({"amount": Decimal(-1), "currency": "USD"}, "amount"),
    ({"amount": Decimal("0.00001"), "currency": "USD"}, "amount"),
    ({"amount": Decimal(5)}, "currency"),
    ({"note": "x" * 281}, "note"),
    ({"note": "Call +223 20 22 41 43"}, "note"),
)


def test_what_cannot_be_used_says_where(donors: DonorDesk) -> None:
    for said, path in BROKEN:
        with pytest.raises(Invalid) as refused:
            donors.register(**said)
        assert path in [problem.path for problem in refused.value.problems]

    assert [] == donors.letters(TOPIC)


def test_receivers_named_in_a_requirement_are_written_to(donors: DonorDesk) -> None:
    donors.desk.enter(donors.desk.need("184", receiver="unicef"))
    donors.register(amount=Decimal(50), currency="USD", note="For two years.")

    (letter,) = donors.letters(TOPIC)

    assert "unicef@example.org" == letter.recipient
    said = {
        name: letter.body[name] for name in ("function", "amount", "note", "donor", "plan_slug")
    }
    assert said == {
        "function": "Function REFER",
        "amount": "50",
        "note": "For two years.",
        "donor": "Norad",
        "plan_slug": "minust",
    }


def test_without_receivers_the_planners_are_written_to(donors: DonorDesk) -> None:
    donors.desk.enter(donors.desk.need("184"))
    donors.register()

    assert ["planner@example.org"] == [each.recipient for each in donors.letters(TOPIC)]


def test_what_says_the_same_is_written_once_and_what_changes_again(donors: DonorDesk) -> None:
    donors.register(note="One.")
    donors.register(note="One.")
    donors.register(note="Two.")

    assert ["One.", "Two."] == [each.body["note"] for each in donors.letters(TOPIC)]


def test_a_letter_about_a_restricted_function_has_a_number_and_a_link(donors: DonorDesk) -> None:
    donors.desk.enter(donors.desk.need("184", "MRM-VER", receiver="unicef"))
    made = donors.register("MRM-VER", amount=Decimal(50), currency="USD", note="Verification.")
    answer(donors, made, by="unicef", note="We talk.")

    letters = donors.letters(TOPIC)

    assert ["unicef@example.org", "donor@example.org"] == [each.recipient for each in letters]
    plain = {"tells", "number", "link", "account", "language"}
    assert [plain, plain] == [set(each.body) for each in letters]
    assert [made.uid.hex[:8]] * 2 == [each.body["number"] for each in letters]
    assert [f"/money/interests/{made.uid}"] * 2 == [each.body["link"] for each in letters]


def test_money_in_an_area_whose_end_is_not_public_makes_a_letter_bare(donors: DonorDesk) -> None:
    with donors.sessions.begin() as session:
        area = session.exec(select(Area).where(Area.slug == "minust-ansongo")).one()
        area.closings_public = False
    donors.desk.enter(donors.desk.need("184", area="minust-ansongo"))
    donors.register(note="For Ansongo.")

    (letter,) = donors.letters(TOPIC)
    assert {"tells", "number", "link", "account", "language"} == set(letter.body)


@pytest.mark.parametrize("by", ["planner", "unicef"])
def test_planners_and_receivers_answer_and_the_donor_reads_it(donors: DonorDesk, by: str) -> None:
    donors.desk.enter(donors.desk.need("184", receiver="unicef"))
    made = donors.register()
    answered = answer(donors, made, by=by, said="covered", note="Paid by others.")
    again = answer(donors, answered, by="planner", said="in-talks")

    shown = view(donors, again)
    assert (InterestState.ANSWERED, InterestAnswer.IN_TALKS) == (shown.state, shown.answer)
    told = [each for each in donors.letters(TOPIC) if each.recipient == "donor@example.org"]
    assert ["covered", "in-talks"] == [each.body["answer"] for each in told]
    assert "unicef" not in text_of(told)


MEANT_FOR_OTHERS: tuple[tuple[Callable[..., object], str, type[Refused]], ...] = (
    (answer, "donor", Forbidden),
    (answer, "observer", Forbidden),
    (answer, "other", NotFound),
    (answer, "other donor", NotFound),
    (answer, "foreign", NotFound),
    (withdraw, "planner", Forbidden),
    (withdraw, "unicef", Forbidden),
    (withdraw, "other donor", NotFound),
)


def test_who_is_not_meant_neither_answers_nor_withdraws(donors: DonorDesk) -> None:
    donors.desk.enter(donors.desk.need("184", receiver="unicef"))
    made = donors.register()
    for act, by, refusal in MEANT_FOR_OTHERS:
        with pytest.raises(refusal):
            act(donors, made, by=by)


def test_nobody_acts_without_an_account(donors: DonorDesk) -> None:
    made = donors.register()
    order = WithdrawInterest(made.uid, made.version)
    with pytest.raises(SignInNeeded):
        withdraw_interest(donors.sessions, order, actor=NOBODY, clock=donors.desk.clock)


def test_donor_receivers_planners_and_observers_know_of_it(donors: DonorDesk) -> None:
    donors.desk.enter(donors.desk.need("184", receiver="unicef"))
    donors.register()

    with donors.sessions.reading() as session:
        seen = {
            name: len(interest_list(session, actor=actor).items)
            for name, actor in donors.actors.items()
        }

    assert {name: int(name in SEES) for name in donors.actors} == seen


def test_a_list_goes_on_behind_its_last_line(donors: DonorDesk) -> None:
    made = [donors.register(code).uid for code in ("REFER", "MRM-VER", "MRM-CHAIR")]
    actor = donors.actors["planner"]
    with donors.sessions.reading() as session:
        first = interest_list(session, actor=actor, plan="minust", limit=2)
        rest = interest_list(session, actor=actor, after=first.after or 0, limit=2)
        none = interest_list(session, actor=actor, state=InterestState.ANSWERED)

    assert made == [each.uid for page in (first, rest) for each in page.items]
    assert (None, ()) == (rest.after, none.items)


def test_a_withdrawn_interest_is_answered_no_more_and_can_come_back(donors: DonorDesk) -> None:
    made = withdraw(donors, donors.register())
    with pytest.raises(Conflict):
        answer(donors, made, by="planner")
    assert made == withdraw(donors, made)

    again = donors.register()

    assert (made.uid, False) == (again.uid, again.is_new)
    assert InterestState.REGISTERED is view(donors, again).state
    assert ["registered", "withdrawn", "registered"] == [
        each.body["tells"] for each in donors.letters(TOPIC)
    ]


def test_who_saw_another_state_is_refused(donors: DonorDesk) -> None:
    made = donors.register()
    donors.register(note="More.")

    with pytest.raises(Stale):
        answer(donors, made, by="planner")
    with pytest.raises(Stale):
        withdraw(donors, made)


def test_a_finished_plan_takes_no_interest(donors: DonorDesk) -> None:
    made = donors.register()
    order = ChangeState(donors.desk.plan.slug, None, "The mission stays.")
    cancel_plan(donors.sessions, order, actor=donors.actors["planner"], clock=donors.desk.clock)

    with pytest.raises(Conflict):
        donors.register("MRM-VER")
    assert InterestState.WITHDRAWN is view(donors, withdraw(donors, made)).state


def test_what_is_not_there_is_not_found(donors: DonorDesk) -> None:
    with pytest.raises(NotFound), donors.sessions.reading() as session:
        interest_view(session, new_uid(), actor=donors.actors["planner"])


def test_every_act_stands_in_the_trail_of_the_plan(donors: DonorDesk) -> None:
    answered = answer(donors, donors.register(note="One."), by="planner")
    withdraw(donors, answered)

    with donors.sessions.reading() as session:
        plan = session.exec(select(Plan.uid)).one()
        found = [
            (each.action, each.author.role) for each in entries(session, plan_uid=plan, limit=3)
        ]

    assert found == [
        ("money:interest:withdrawn", "donor"),
        ("money:interest:answered", "planner"),
        ("money:interest:registered", "donor"),
    ]
