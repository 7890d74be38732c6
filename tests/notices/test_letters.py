"""What letters say: facts in four languages, numbers and links, and when one is not needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from tests.factories.people import make_account
from tests.factories.transfers import Scene, make_scene
from tests.money.donors import DonorDesk, make_donor_desk
from tests.notices.stage import LANGUAGES, SITE, desk_for
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.languages import LANGUAGES as LOCALES
from unbroken.kit.languages import Translator
from unbroken.money.commands.watching import end_watch
from unbroken.money.rules.answering import TOPIC as INTEREST
from unbroken.money.rules.watching import TOPIC as WATCH
from unbroken.notices.letters import WRITERS
from unbroken.notices.letters.digest import digest_mail, told_of
from unbroken.notices.letters.interests import interest_mail
from unbroken.notices.letters.mailing import directed
from unbroken.notices.letters.watches import lacking_in, watch_mail
from unbroken.notices.ports import Envelope
from unbroken.notices.rules.words import News
from unbroken.outbox.commands import Claimed, Draft, claim, claimed_view, put
from unbroken.outbox.models import Message
from unbroken.people.commands.resets import RESET_TOPIC
from unbroken.people.models import Account, Organisation
from unbroken.people.rules import AccountState, Grant, Role, Signing
from unbroken.transfers.commands.act_links import open_act_link
from unbroken.transfers.commands.signing import PackageOrder, SignOrder, sign_package
from unbroken.transfers.rules.letters import TOPIC as OFFER
from unbroken.transfers.rules.letters import Mail
from unbroken.transfers.rules.words import Act

NUMBER, OTHER = "0198c0ff", "5eed0000"
READERS = [LANGUAGES.translator(locale) for locale in LOCALES]


def line(kind: News, severity: str | None, number: str, path: str) -> dict[str, object]:
    return {"kind": kind.value, "severity": severity, "number": number, "path": path}


DIGEST: Mapping[str, object] = {
    "count": 10_021,
    "rest": 10_017,
    "open": 12_345,
    "by_severity": {"critical": 2, "high": 10_000},
    "lines": [
        line(News.GAP_OPENED, "critical", NUMBER, f"/gaps/{NUMBER}"),
        line(News.GAP_ASSIGNED, "critical", OTHER, f"/gaps/{OTHER}"),
        line(News.GAP_WORSENED, "high", "11111111", "/gaps/11111111"),
        line(News.REVISED, None, "", "/plans/mali/revisions"),
    ],
}


@pytest.mark.parametrize("reader", READERS, ids=LOCALES)
def test_a_digest_counts_all_names_the_worst_and_says_where_to_turn_it_off(
    reader: Translator,
) -> None:
    mail = digest_mail(told_of(DIGEST), site=SITE, reader=reader)
    text = mail.text

    assert f"{NUMBER} – {SITE}/gaps/{NUMBER}\n" in text
    assert f"\n{SITE}/plans/mali/revisions\n" in text
    order = [text.index(each) for each in (NUMBER, OTHER, "11111111", "/plans/mali/revisions")]
    assert sorted(order) == order
    for count in (10_021, 10_017, 12_345):
        assert reader.number(count) in text
    assert f"{SITE}/me/notices" in text.splitlines()[-1]
    assert f"{SITE}/gaps" in text
    assert reader.number(10_021) in mail.subject
    assert 1 == len(mail.subject.splitlines())
    assert mail == digest_mail(told_of(DIGEST), site=SITE, reader=reader)


def test_a_digest_of_one_thing_is_short() -> None:
    one = {
        "count": 1,
        "rest": 0,
        "open": 1,
        "by_severity": {"critical": 1},
        "lines": [line(News.GAP_OPENED, "critical", NUMBER, f"/gaps/{NUMBER}")],
    }
    mail = digest_mail(told_of(one), site=SITE, reader=READERS[0])

    assert "Unbroken: 1 critical gap, 1 new thing" == mail.subject
    assert mail.text.startswith(f"1 thing is new for you.\n\nCritical gaps\n{NUMBER} – {SITE}/gaps")
    assert "more" not in mail.text


def test_a_letter_from_right_to_left_says_so_in_each_paragraph() -> None:
    arabic = LANGUAGES.translator("ar")

    assert "\u200fone\n\n\u200ftwo" == directed("one\n\ntwo", arabic)
    assert "one\n\ntwo" == directed("one\n\ntwo", READERS[0])


WATCHED = {
    "count": 22,
    "items": [
        {"number": NUMBER, "link": f"/gaps/{NUMBER}"},
        {
            "number": OTHER,
            "link": f"/gaps/{OTHER}",
            "plan": "Drawdown of MINUSMA",
            "function": "Referral",
            "month": "2026-06-01",
            "uncovered_usd": "184000.50",
        },
    ],
}


@pytest.mark.parametrize("reader", READERS, ids=LOCALES)
def test_a_watch_tells_amounts_where_they_may_be_told(reader: Translator) -> None:
    mail = watch_mail(22, lacking_in(WATCHED), site=SITE, reader=reader)

    restricted, named = mail.text.split("\n\n")[1:3]
    assert f"{NUMBER} – {SITE}/gaps/{NUMBER}" == restricted
    for said in ("Referral", "Drawdown of MINUSMA", "USD 184", "2026", f"{OTHER} – {SITE}"):
        assert said in named
    assert "20" in mail.text.split("\n\n")[3]
    assert f"{SITE}/money/watches" in mail.text


SAID = {
    "registered": ("Norad", "USD 250"),
    "withdrawn": ("Norad",),
    "answered": ("Ask in May.",),
}


@pytest.mark.parametrize("reader", READERS, ids=LOCALES)
@pytest.mark.parametrize("tells", SAID)
def test_an_interest_is_told_with_what_was_said_unless_it_is_restricted(
    reader: Translator, tells: str
) -> None:
    bare = {"tells": tells, "number": NUMBER, "link": "/money/interests/x"}
    more: dict[str, object] = {"plan": "Drawdown", "function": "Referral"}
    if tells == "answered":
        more |= {"answer": "in-talks", "answer_note": "Ask in May."}
    else:
        more |= {"donor": "Norad", "amount": "250", "currency": "USD", "note": ""}
    restricted = _interest(bare, reader)
    whole = _interest({**bare, **more}, reader)

    for said in (*SAID[tells], "Referral", "Drawdown"):
        assert (said in whole.text, said in restricted.text) == (True, False)
    for mail in (whole, restricted):
        assert f"{SITE}/money/interests/x" in mail.text
        assert NUMBER in mail.subject


def _interest(body: Mapping[str, object], reader: Translator) -> Mail:
    return interest_mail(body, site=SITE, reader=reader)


@dataclass(frozen=True, slots=True)
class Office:
    """A scene, and the mailbox of the receiver that signs."""

    scene: Scene
    account: UUID

    @property
    def sessions(self) -> Sessions:
        return self.scene.sessions

    def written(self, *, attempts: int = 1, only_looks: bool = False) -> Envelope | None:
        """Return the newest letter as it would leave now."""
        with self.sessions.reading() as session:
            row = session.exec(select(Message).order_by(col(Message.id).desc())).first()
        assert row is not None
        row.attempts = attempts
        desk = desk_for(self.sessions, at=self.scene.clock.now(), only_looks=only_looks)
        return WRITERS[row.topic](desk, claimed_view(row))

    def close_account(self) -> None:
        with self.sessions.begin() as session:
            row = session.exec(select(Account).where(Account.uid == self.account)).one()
            row.state = AccountState.CLOSED
            session.add(row)


@pytest.fixture
def office(sessions: Sessions, clock: FixedClock) -> Office:
    scene = make_scene(sessions, clock)
    with sessions.begin() as session:
        return Office(scene, _signatory(session, scene.agency))


def _signatory(session: Session, agency: UUID) -> UUID:
    body = session.exec(select(Organisation).where(Organisation.uid == agency)).one()
    grants = (Grant(Role.COUNTRY_TEAM, Signing.SIGNS),)
    return make_account(session, handle="head", grants=grants, organisation=body).account.uid


def secret_in(envelope: Envelope | None) -> str:
    assert envelope is not None
    link = envelope.lines[0][0]
    assert link in envelope.text
    assert link.startswith(f"{SITE}/act/")
    return link.rpartition("/")[2]


def test_an_offer_leaves_with_a_link_of_its_own_and_a_second_try_ends_none(office: Office) -> None:
    office.scene.offered("DIG-REP")
    secrets = [secret_in(office.written(attempts=tried)) for tried in (1, 2)]
    looked = office.written(only_looks=True)

    with office.sessions.reading() as session:
        for secret in secrets:
            opened = open_act_link(session, secret, at=office.scene.clock.now())
            assert (office.account, Act.CONFIRM) == (opened.actor.account_uid, opened.act)
    assert looked is not None
    assert "/act/" not in looked.text
    assert "North" in looked.text


def test_an_offer_that_was_answered_or_has_nobody_to_go_to_does_not_leave(office: Office) -> None:
    uid = office.scene.offered("DIG-REP")
    order = SignOrder(act=Act.DECLINE, capacity_uid=uid, reason="We have no budget.")
    office.scene.act(office.scene.receiver, order)

    assert office.written() is None
    office.scene.offered("MRM-VER")
    assert office.written() is not None
    office.close_account()
    assert office.written() is None


def test_a_package_leaves_as_long_as_one_of_it_waits(office: Office) -> None:
    scene = office.scene
    uids = list(scene.named("DIG-REP").capacities.values())
    listed = tuple((uid, None) for uid in uids)
    sign_package(
        scene.sessions,
        PackageOrder(act=Act.OFFER, capacities=listed),
        actor=scene.planner,
        clock=scene.clock,
    )
    offered = office.written()
    sign_package(
        scene.sessions,
        PackageOrder(act=Act.CONFIRM, capacities=listed),
        actor=scene.receiver,
        clock=scene.clock,
    )

    assert offered is not None
    assert f"{SITE}/inbox/package?plan=" in offered.text
    assert office.written() is None


def test_a_new_password_is_late_after_an_hour(office: Office) -> None:
    asked_at = office.scene.clock.now()
    body = {"account": office.account, "language": "en", "asked_at": asked_at}
    with office.sessions.begin() as session:
        put(session, Draft(RESET_TOPIC, "reset", "head@example.org", body))
    claimed = claim(office.sessions, owner="me", lease_seconds=60, limit=1)[0]

    def written(minutes: int, *, only_looks: bool = False) -> Envelope | None:
        at = asked_at + timedelta(minutes=minutes)
        return WRITERS[RESET_TOPIC](
            desk_for(office.sessions, at=at, only_looks=only_looks), claimed
        )

    in_time, looked = written(59), written(90, only_looks=True)
    assert in_time is not None
    assert f"{SITE}/password/new?token=" in in_time.text
    assert written(60) is None
    assert looked is not None
    assert "token" not in looked.text


def test_letters_to_donors_are_written_until_their_watch_ends(
    sessions: Sessions, clock: FixedClock
) -> None:
    donors = make_donor_desk(sessions, clock)
    watch = donors.watch()
    donors.register("REFER", note="From June.")
    donors.desk.enter(donors.desk.need("184"))
    donors.scan()
    (told,), asked = donors.letters(WATCH), donors.letters(INTEREST)
    letters = [_written(donors, each) for each in (told, *asked)]
    end_watch(sessions, watch, actor=donors.actors["donor"], clock=clock)

    assert None not in letters
    assert _written(donors, told) is None
    texts = [each.text for each in letters if each is not None]
    assert "USD 184" in texts[0]
    assert "From June." in texts[1]
    pages = {each.settings_page for each in letters if each is not None}
    assert {"", f"{SITE}/money/watches"} == pages


def test_every_topic_that_anything_is_put_for_has_a_writer() -> None:
    assert {"digest", OFFER, INTEREST, WATCH, RESET_TOPIC, "trial"} == set(WRITERS)


def _written(donors: DonorDesk, message: Message) -> Envelope | None:
    found: Claimed = claimed_view(message)
    return WRITERS[message.topic](desk_for(donors.sessions), found)
